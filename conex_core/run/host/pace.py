"""When the next steps of a run are due, and how fast it goes."""

from __future__ import annotations

import math
import time

__all__ = ["Meter", "Pace"]

IDLE_S = 0.2
CATCH_UP_S = 0.25  # a throttled run that is later than this starts counting anew
_WINDOW_S = 0.25


class Pace:
    """Say how many steps are due under a speed limit."""

    def __init__(self) -> None:
        self._speed: float | None = None
        self._origin = (0.0, 0)

    def due(self, speed: float | None, todo: float, iteration: int) -> tuple[int, float]:
        """Return the steps to take now and, when none, how long to wait."""
        if todo <= 0:
            self._speed = None
            return 0, IDLE_S
        most = 1 << 20 if math.isinf(todo) else int(todo)
        if not speed:
            return most, 0.0
        return self._limited(speed, most, iteration)

    def _limited(self, speed: float, most: int, iteration: int) -> tuple[int, float]:
        now = time.monotonic()
        start, first = self._origin
        late = (now - start) - (iteration - first) / speed
        if speed != self._speed or late > CATCH_UP_S:
            self._speed, self._origin = speed, (now, iteration)
            return 1, 0.0
        due = int(late * speed) + 1
        if late < 0:
            return 0, min(-late, IDLE_S)
        return min(due, most), 0.0


class Meter:
    """Measure steps per second over the last quarter of a second."""

    def __init__(self) -> None:
        self.rate = 0.0
        self.rest()

    def rest(self) -> None:
        """Take note that nothing is stepped now."""
        self._since, self._steps = 0.0, 0

    def count(self, steps: int) -> None:
        """Take note of steps that were just done."""
        now = time.perf_counter()
        if not self._since:
            self._since = now
            return
        self._steps += steps
        elapsed = now - self._since
        if elapsed >= _WINDOW_S:
            self.rate, self._since, self._steps = self._steps / elapsed, now, 0
