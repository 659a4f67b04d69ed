"""The one timer of the window: thirty times a second it looks at the run and draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from conex_app.plots.docks import MonitorDocks
    from conex_app.run.frame_pace import FramePace
    from conex_app.shell.log import LogPanel
    from conex_app.shell.run_control import RunControl

__all__ = ["WindowTick"]

TICK_MS = 33


class WindowTick(QObject):
    """Pull what the run has to tell; draw only what can be seen."""

    def __init__(
        self, run: RunControl, monitors: MonitorDocks, frames: FramePace, log: LogPanel
    ) -> None:
        super().__init__(run)
        self._run, self._monitors, self._frames, self._log = run, monitors, frames, log
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.now)
        self._timer.start()

    def stop(self) -> None:
        """Look at nothing any more."""
        self._timer.stop()

    def now(self) -> None:
        """Look at the run and draw what is new."""
        self._run.tick()
        self._frames.is_alone = self._run.status.host == "process"
        if self._frames.due():
            self._frames.draw(self._monitors.refresh)
        if self._log.isVisible():
            self._log.refresh()
