"""Ctrl-C between two iterations: held back while one is under way.

Python raises KeyboardInterrupt wherever it happens to be, in the middle of a
behavior or between an iteration and its recording. Held, it is raised where an
iteration and all that belongs to it are complete.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

try:  # the module that ``signal`` makes enums for, which take longer than an iteration may
    import _signal as signals  # type: ignore[import-not-found]
except ImportError:
    import signal as signals

__all__ = ["Hold"]

_CTRL_C = int(signal.SIGINT)

_Handler = Callable[[int, FrameType | None], Any]


class Hold:
    """Hold Ctrl-C back as long as this is entered; :meth:`let_through` lets it act.

    What then acts is whatever handled Ctrl-C before, so that notebooks and
    programs with a handler of their own keep it. A second press does not wait
    where ``may_break`` says so of the frame that it meets: a behavior that does
    not come back. Elsewhere than in the main thread, and inside another hold,
    this does nothing: who holds there lets through.
    """

    def __init__(self, may_break: Callable[[FrameType | None], bool] = lambda _: False) -> None:
        self.is_pressed = False
        self._may_break = may_break
        self._before: _Handler | None = None
        self._frame: FrameType | None = None

    def __enter__(self) -> Hold:
        if threading.current_thread() is threading.main_thread():
            before = signals.getsignal(_CTRL_C)
            if callable(before) and not isinstance(getattr(before, "__self__", None), Hold):
                self._before = before
                signals.signal(_CTRL_C, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is None:
            return
        signals.signal(_CTRL_C, self._before)
        if not isinstance(error, KeyboardInterrupt):
            self.let_through()

    def let_through(self) -> None:
        """Let a press that was held act now; nothing happens without one."""
        if self.is_pressed and self._before is not None:
            self.is_pressed, frame, self._frame = False, self._frame, None
            self._before(_CTRL_C, frame)

    def _note(self, number: int, frame: FrameType | None) -> None:
        again, self.is_pressed, self._frame = self.is_pressed, True, frame
        if again and self._may_break(frame):
            self.let_through()
