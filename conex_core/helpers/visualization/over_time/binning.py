"""Bins of time: what a plot keeps so that a frame costs only the new data.

Time is cut into columns of a whole number of iterations; column ``c`` holds
iterations ``c * steps + 1`` to ``(c + 1) * steps``. Only the last columns are
kept, in rings over the columns. Plain numpy, no Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DensityColumns", "RangeColumns", "column_of"]


def column_of(iteration: int, steps: int) -> int:
    """Return the column that holds ``iteration``."""
    return (iteration - 1) // steps


class DensityColumns:
    """Count spikes in cells of ``rows`` x columns, at most 255 in each.

    Every column is kept twice, ``width`` apart, so that any window of up to
    ``width`` columns is one contiguous piece of memory.
    """

    def __init__(self, rows: int, width: int, steps: int) -> None:
        self.rows, self.width, self.steps = rows, width, steps
        self.cells = np.zeros((rows, 2 * width), np.uint8)
        self._starts = np.zeros(width, np.int64)  # ring cursor at which a column begins
        self.newest = -1

    def restart(self, column: int, cursor: int = 0) -> None:
        """Forget everything; the next data belong to ``column`` or later."""
        self.cells[:] = 0
        self._starts[:] = cursor
        self.newest = column

    def add(self, t: NDArray[np.int64], row: NDArray[np.int64], cursor: int, now: int) -> None:
        """Add spikes in time order, the first of them at ring position ``cursor``.

        All spikes up to iteration ``now`` are known after this.
        """
        first, last = self.newest, max(column_of(now, self.steps), self.newest)
        if last - first >= self.width:
            first = last - self.width + 1
            self.restart(first, cursor + int(np.searchsorted(t, first * self.steps + 1)))
        count, column = last - first + 1, (t - 1) // self.steps - first
        self._open(first + 1, last, cursor, column + first)
        kept = (column >= 0) & (column < count)
        if kept.any():
            self._count(first, count, column[kept], row[kept])
        self.newest = last

    def start_of(self, column: int) -> int:
        """Return the ring cursor at which a kept ``column`` begins."""
        return int(self._starts[column % self.width])

    def place_of(self, column: int) -> int:
        """Return where the window that begins with ``column`` lies in ``cells``."""
        return column % self.width

    def _open(self, first: int, last: int, cursor: int, columns: NDArray[np.int64]) -> None:
        fresh = np.arange(first, last + 1)
        if not len(fresh):
            return
        places = fresh % self.width
        self.cells[:, places] = 0
        self.cells[:, places + self.width] = 0
        self._starts[places] = cursor + np.searchsorted(columns, fresh)

    def _count(
        self, first: int, count: int, column: NDArray[np.int64], row: NDArray[np.int64]
    ) -> None:
        flat = np.bincount(row * count + column, minlength=self.rows * count)
        new = flat.reshape(self.rows, count)
        places = (first + np.arange(count)) % self.width
        total = np.minimum(new + self.cells[:, places], 255).astype(np.uint8)
        self.cells[:, places] = total
        self.cells[:, places + self.width] = total


class RangeColumns:
    """Keep the smallest and largest value of each channel in every column."""

    def __init__(self, channels: int, width: int, steps: int) -> None:
        self.channels, self.width, self.steps = channels, width, steps
        self.low = np.full((width, channels), np.nan, np.float32)
        self.high = np.full((width, channels), np.nan, np.float32)
        self.newest = -1

    def restart(self, column: int) -> None:
        """Forget everything; the next data belong to ``column`` or later."""
        self.low[:] = np.nan
        self.high[:] = np.nan
        self.newest = column

    def add(self, t: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Add samples in time order, ``values`` shaped (len(t), channels)."""
        column = (t - 1) // self.steps
        kept = column > (column[-1] if len(t) else 0) - self.width
        kept &= column >= self.newest
        column, values = column[kept], values[kept]
        if not len(column):
            return
        starts = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
        self._open(int(column[-1]))
        places = column[starts] % self.width
        low = np.minimum.reduceat(values, starts, axis=0)
        high = np.maximum.reduceat(values, starts, axis=0)
        self.low[places] = np.fmin(self.low[places], low)
        self.high[places] = np.fmax(self.high[places], high)

    def window(self, first: int, last: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return (low, high) of columns ``first`` to ``last``, (columns, channels)."""
        places = np.arange(first, last + 1) % self.width
        return self.low[places], self.high[places]

    def _open(self, last: int) -> None:
        fresh = np.arange(max(self.newest + 1, last - self.width + 1), last + 1)
        places = fresh % self.width
        self.low[places] = np.nan
        self.high[places] = np.nan
        self.newest = max(last, self.newest)
