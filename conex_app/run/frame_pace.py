"""How often plots are drawn: smoothly, but never at the expense of the run.

In one process, drawing and stepping share Python's lock. Where a frame is dear,
every second tick is left out, so that the network keeps most of the time. Alone
in its process, the window leaves out frames only to stay awake for the user.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

__all__ = ["FramePace"]

DEAR_S, DEAR_ALONE_S = 0.008, 0.02
CALM = 0.9  # weight of the past in the running mean


class FramePace(QObject):
    """Measure what a frame costs, painting included, and say when the next is due."""

    def __init__(
        self, parent: QObject | None = None, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self.cost = 0.0
        self.is_alone = False  # the network is stepped in another process
        self._left_out = False

    def due(self) -> bool:
        """Tell at each tick whether to draw now."""
        if self.cost > (DEAR_ALONE_S if self.is_alone else DEAR_S) and not self._left_out:
            self._left_out = True
            return False
        self._left_out = False
        return True

    def draw(self, draw: Callable[[], None]) -> None:
        """Draw, and measure until Qt has painted what came of it."""
        began = self._clock()
        draw()
        QTimer.singleShot(0, self, lambda: self.painted(self._clock() - began))

    def painted(self, seconds: float) -> None:
        """Take note of what a frame cost."""
        self.cost = CALM * self.cost + (1 - CALM) * seconds
