"""Work that waits until what the user asked for has been painted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

__all__ = ["AfterPaint"]


class AfterPaint:
    """Do something once, some time after the event loop has nothing else to do.

    A plain timer that is started within a long command is due when the command
    ends, before anything of it is painted. The time of this one begins to run then.
    """

    def __init__(self, parent: QObject, milliseconds: int, call: Callable[[], object]) -> None:
        self._call = call
        self._idle = QTimer(parent, singleShot=True, interval=0)
        self._wait = QTimer(parent, singleShot=True, interval=milliseconds)
        self._idle.timeout.connect(self._wait.start)
        self._wait.timeout.connect(self.now)

    @property
    def is_due(self) -> bool:
        """Tell whether the call is still to come."""
        return self._idle.isActive() or self._wait.isActive()

    def start(self) -> None:
        """Let the call come once more, and let it wait from now on."""
        self._wait.stop()
        self._idle.start()

    def stop(self) -> None:
        """Let no call come."""
        self._idle.stop()
        self._wait.stop()

    def now(self) -> None:
        """Call now, and not again."""
        self.stop()
        self._call()
