"""Rings: fixed-size, single-writer histories that any number of readers pull.

One thread writes: it fills the slots first and publishes the new total last.
Readers hold a cursor (a running total, not an index), copy what is new and
learn how much they lost if they came too late. No locks; no torch, no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["EventRing", "Events", "Trace", "TraceRing"]


@dataclass(frozen=True)
class Events:
    """Hold what a reader got of an EventRing.

    ``t`` (iterations) and ``i`` (neuron indices) have one entry per event;
    ``lost`` counts events that were overwritten before they were read.
    """

    t: NDArray[np.int64]
    i: NDArray[np.int32]
    cursor: int
    lost: int


class EventRing:
    """Keep the last ``capacity`` events (iteration, neuron).

    ``now`` is the last iteration that the writer finished, whether or not it
    had events; a plot needs it to move on in silence.
    """

    def __init__(self, capacity: int = 1 << 20) -> None:
        self.capacity = _power_of_two(capacity)
        self.now = 0
        self._t = np.zeros(self.capacity, np.int64)
        self._i = np.zeros(self.capacity, np.int32)
        self._total = 0

    @property
    def total(self) -> int:
        """Return the number of events ever written."""
        return self._total

    def push(self, t: NDArray[np.int64], i: NDArray[np.int32], now: int) -> None:
        """Append events in time order; only the writer calls this."""
        count = len(t)
        if count > self.capacity:
            self._total += count - self.capacity
            t, i, count = t[-self.capacity :], i[-self.capacity :], self.capacity
        slots = _slots(self._total, count, self.capacity)
        self._t[slots], self._i[slots] = t, i
        self._total += count
        self.now = now

    def since(self, cursor: int = 0, until: int | None = None) -> Events:
        """Return the events after ``cursor``; pass its ``cursor`` next time.

        ``until`` is a second cursor to stop at, for a look at the past.
        """
        total = self._total if until is None else min(until, self._total)
        first = max(cursor, self._total - self.capacity)
        slots = _slots(first, total - first, self.capacity)
        t, i = self._t[slots], self._i[slots]
        # What the writer overwrote while we copied is lost, not garbled.
        late = min(max(self._total - self.capacity - first, 0), len(t))
        return Events(t[late:], i[late:], total, first - cursor + late)

    def seek(self, t: int) -> int:
        """Return the cursor of the first kept entry at or after iteration ``t``."""
        return _seek(self._t, t, self._total)

    @property
    def oldest(self) -> int:
        """Return the iteration of the oldest kept entry, 0 when there is none."""
        return _oldest(self._t, self._total)

    def clear(self) -> None:
        """Forget everything; only the writer calls this."""
        self._total, self.now = 0, 0


@dataclass(frozen=True)
class Trace:
    """Hold what a reader got of a TraceRing: ``values`` is (len(t), channels)."""

    t: NDArray[np.int64]
    values: NDArray[np.float32]
    cursor: int
    lost: int


class TraceRing:
    """Keep the last ``capacity`` samples of ``channels`` values each."""

    def __init__(self, channels: int, capacity: int = 1 << 14) -> None:
        self.channels = channels
        self.capacity = _power_of_two(capacity)
        self.now = 0
        self._t = np.zeros(self.capacity, np.int64)
        self._values = np.zeros((self.capacity, channels), np.float32)
        self._total = 0

    @property
    def total(self) -> int:
        """Return the number of samples ever written."""
        return self._total

    def push(self, t: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Append samples, ``values`` shaped (len(t), channels); writer only."""
        t, values = t[-self.capacity :], values[-self.capacity :]
        slots = _slots(self._total, len(t), self.capacity)
        self._t[slots], self._values[slots] = t, values
        self._total += len(t)
        if len(t):
            self.now = int(t[-1])

    def since(self, cursor: int = 0, until: int | None = None) -> Trace:
        """Return the samples after ``cursor``; pass its ``cursor`` next time.

        ``until`` is a second cursor to stop at, for a look at the past.
        """
        total = self._total if until is None else min(until, self._total)
        first = max(cursor, self._total - self.capacity)
        slots = _slots(first, total - first, self.capacity)
        t, values = self._t[slots], self._values[slots]
        late = min(max(self._total - self.capacity - first, 0), len(t))
        return Trace(t[late:], values[late:], total, first - cursor + late)

    def seek(self, t: int) -> int:
        """Return the cursor of the first kept entry at or after iteration ``t``."""
        return _seek(self._t, t, self._total)

    @property
    def oldest(self) -> int:
        """Return the iteration of the oldest kept entry, 0 when there is none."""
        return _oldest(self._t, self._total)

    def clear(self) -> None:
        """Forget everything; only the writer calls this."""
        self._total, self.now = 0, 0


def _power_of_two(capacity: int) -> int:
    return 1 << max(capacity - 1, 1).bit_length()


def _slots(first: int, count: int, capacity: int) -> NDArray[np.int64]:
    return np.arange(first, first + count) & (capacity - 1)


def _seek(times: NDArray[np.int64], t: int, total: int) -> int:
    low, high, mask = max(total - len(times), 0), total, len(times) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if times[middle & mask] < t else (low, middle)
    return low


def _oldest(times: NDArray[np.int64], total: int) -> int:
    return int(times[max(total - len(times), 0) & (len(times) - 1)]) if total else 0
