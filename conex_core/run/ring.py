"""Rings: fixed-size, single-writer histories that any number of readers pull.

One thread writes: it fills the slots first and publishes the new total last.
Readers hold a cursor (a running total, not an index), copy what is new and
learn how much they lost if they came too late. No locks; no torch, no Qt.
A ring can lie in memory that two processes share: one of them writes, the
other reads.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    _Read: TypeAlias = "tuple[NDArray[np.int64], NDArray[Any], int, int]"

__all__ = ["EventRing", "Events", "Ring", "Snapshot", "SnapshotRing", "Trace", "TraceRing"]

_HEAD_BYTES = 64  # a cache line for the counters


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


class _Ring:
    """Keep times and values in slots that are used again; memory of any kind holds them.

    The memory begins with the counters, so that a writer and a reader in two
    processes share nothing but these bytes.
    """

    def __init__(self, capacity: int, kind: type[np.generic], shape: tuple[int, ...]) -> None:
        self.capacity = _power_of_two(capacity)
        self._kind, self._shape = np.dtype(kind), (self.capacity, *shape)
        self._lie_in(np.zeros(self.nbytes, np.uint8))

    @property
    def nbytes(self) -> int:
        """Return the size of the memory that this ring lies in."""
        times = self.capacity * np.dtype(np.int64).itemsize
        return _HEAD_BYTES + times + math.prod(self._shape) * self._kind.itemsize

    @property
    def total(self) -> int:
        """Return the number of entries ever written."""
        return int(self._head[0])

    @property
    def now(self) -> int:
        """Return the last iteration that the writer finished."""
        return int(self._head[1])

    @property
    def oldest(self) -> int:
        """Return the iteration of the oldest kept entry, 0 when there is none."""
        total = self.total
        return int(self._t[max(total - self.capacity, 0) & (self.capacity - 1)]) if total else 0

    def seek(self, t: int) -> int:
        """Return the cursor of the first kept entry at or after iteration ``t``."""
        return _seek(self._t, t, self.total)

    def clear(self) -> None:
        """Forget everything; only the writer calls this."""
        self._head[:] = 0

    def leap(self, iteration: int) -> None:
        """Forget everything if time goes back to ``iteration``; only the writer calls this."""
        if iteration < self.now:
            self.clear()

    def move(self, memory: memoryview | None = None) -> None:
        """Take what is kept to other memory, by default to some of its own.

        Nobody may write meanwhile; readers keep their cursors. The memory must
        have :attr:`nbytes` bytes; nothing of this ring points to the old one
        any more.
        """
        head, times, values = self._head, self._t, self._values
        kept = min(self.total, self.capacity)
        self._lie_in(np.zeros(self.nbytes, np.uint8) if memory is None else memory)
        self._t[:kept], self._values[:kept] = times[:kept], values[:kept]
        self._head[:] = head

    def join(self, memory: memoryview) -> None:
        """Go on with the history that another ring of the same size left in ``memory``."""
        self._lie_in(memory)

    def _lie_in(self, memory: memoryview | NDArray[np.uint8]) -> None:
        self._head = np.frombuffer(memory, np.int64, 4)  # total, now, claimed, wanted
        self._t = np.frombuffer(memory, np.int64, self.capacity, _HEAD_BYTES)
        count, place = math.prod(self._shape), _HEAD_BYTES + self._t.nbytes
        self._values = np.frombuffer(memory, self._kind, count, place).reshape(self._shape)

    def _append(self, t: NDArray[np.int64], values: NDArray[Any], now: int) -> None:
        total = self.total
        if len(t) > self.capacity:
            total += len(t) - self.capacity
            t, values = t[-self.capacity :], values[-self.capacity :]
        self._head[2] = total + len(t)  # before the slots: a reader must not trust the oldest
        begin = 0
        for slots in _slots(total, len(t), self.capacity):
            end = begin + slots.stop - slots.start
            self._t[slots], self._values[slots] = t[begin:end], values[begin:end]
            begin = end
        self._head[0] = total + len(t)
        self._head[1] = now

    def _read(self, cursor: int, until: int | None) -> _Read:
        written = self.total  # once: between two looks the writer may have gone on
        total = written if until is None else min(until, written)
        first = max(cursor, written - self.capacity)
        slots = _slots(first, total - first, self.capacity)
        t = np.concatenate([self._t[each] for each in slots])
        values = np.concatenate([self._values[each] for each in slots])
        # What the writer overwrote, or may be overwriting, while we copied is lost, not garbled.
        late = min(max(int(self._head[2]) - self.capacity - first, 0), len(t))
        return t[late:], values[late:], total, first - cursor + late


class EventRing(_Ring):
    """Keep the last ``capacity`` events (iteration, neuron).

    ``now`` is the last iteration that the writer finished, whether or not it
    had events; a plot needs it to move on in silence.
    """

    def __init__(self, capacity: int = 1 << 20) -> None:
        super().__init__(capacity, np.int32, ())

    def push(self, t: NDArray[np.int64], i: NDArray[np.int32], now: int) -> None:
        """Append events in time order; only the writer calls this."""
        self._append(t, i, now)

    def since(self, cursor: int = 0, until: int | None = None) -> Events:
        """Return the events after ``cursor``; pass its ``cursor`` next time.

        ``until`` is a second cursor to stop at, for a look at the past.
        """
        return Events(*self._read(cursor, until))


@dataclass(frozen=True)
class Trace:
    """Hold what a reader got of a TraceRing: ``values`` is (len(t), channels)."""

    t: NDArray[np.int64]
    values: NDArray[np.float32]
    cursor: int
    lost: int


class TraceRing(_Ring):
    """Keep the last ``capacity`` samples of ``channels`` values each."""

    def __init__(self, channels: int, capacity: int = 1 << 14) -> None:
        self.channels = channels
        super().__init__(capacity, np.float32, (channels,))

    def push(self, t: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Append samples, ``values`` shaped (len(t), channels); writer only."""
        if len(t):
            self._append(t, values, int(t[-1]))

    def since(self, cursor: int = 0, until: int | None = None) -> Trace:
        """Return the samples after ``cursor``; pass its ``cursor`` next time.

        ``until`` is a second cursor to stop at, for a look at the past.
        """
        return Trace(*self._read(cursor, until))


@dataclass(frozen=True)
class Snapshot:
    """Hold all values of one variable at iteration ``t``.

    ``values`` is (rows, columns) of every ``step``-th row and column of
    ``shape``; ``step`` is 1 unless the ring had too little room for all.
    """

    t: int
    values: NDArray[np.float32]
    shape: tuple[int, int]
    step: int


class SnapshotRing(_Ring):
    """Keep the last ``capacity`` snapshots of up to ``cells`` values each.

    A reader asks for the next one by reading; nothing is written before. The
    word of what is wanted is the one thing here that readers write.
    """

    def __init__(self, cells: int = 1 << 18, capacity: int = 4) -> None:
        self.cells = cells
        super().__init__(capacity, np.float32, (_SNAPSHOT_HEAD + cells,))

    @property
    def is_asked(self) -> bool:
        """Tell whether somebody waits for a snapshot."""
        return int(self._head[3]) > self.total

    def step_for(self, shape: tuple[int, int]) -> int:
        """Return of how many rows and columns one is kept, so that a matrix has room."""
        rows, columns = shape
        step = max(math.isqrt(rows * columns // self.cells), 1)
        while _part(rows, step) * _part(columns, step) > self.cells:
            step += 1
        return step

    def push(self, t: int, values: NDArray[Any], shape: tuple[int, int], step: int = 1) -> None:
        """Add every ``step``-th row and column of a matrix of this shape; writer only."""
        total = self.total
        slot = total & (self.capacity - 1)
        self._head[2] = total + 1  # before the slot: a reader must not trust what lies there
        self._values[slot, :_SNAPSHOT_HEAD].view(np.int64)[:] = (*shape, step)
        self._values[slot, _SNAPSHOT_HEAD : _SNAPSHOT_HEAD + values.size] = values.reshape(-1)
        self._t[slot] = t
        self._head[0] = total + 1
        self._head[1] = t

    def pass_by(self, now: int) -> None:
        """Note that iteration ``now`` is over and nobody asked for its values; writer only."""
        self._head[1] = now

    def latest(self) -> Snapshot | None:
        """Return the last snapshot, None where there is none yet; ask for the next one."""
        while True:
            total = self.total
            self._head[3] = total + 1
            if not total:
                return None
            slot = (total - 1) & (self.capacity - 1)
            t, values = int(self._t[slot]), self._values[slot].copy()
            if int(self._head[2]) < total + self.capacity:  # else it was overwritten meanwhile
                rows, columns, step = (int(n) for n in values[:_SNAPSHOT_HEAD].view(np.int64))
                kept = (_part(rows, step), _part(columns, step))
                cells = values[_SNAPSHOT_HEAD : _SNAPSHOT_HEAD + kept[0] * kept[1]]
                return Snapshot(t, cells.reshape(kept), (rows, columns), step)


Ring = EventRing | TraceRing | SnapshotRing

_SNAPSHOT_HEAD = 6  # float32 cells that hold three int64: rows, columns, step


def _part(count: int, step: int) -> int:
    return -(-count // step)


def _power_of_two(capacity: int) -> int:
    return 1 << max(capacity - 1, 1).bit_length()


def _slots(first: int, count: int, capacity: int) -> tuple[slice, slice]:
    """Return where ``count`` entries lie, ``capacity`` at most: up to the end, then from it."""
    begin = first & (capacity - 1)
    end = begin + max(count, 0)
    return slice(begin, min(end, capacity)), slice(0, max(end - capacity, 0))


def _seek(times: NDArray[np.int64], t: int, total: int) -> int:
    low, high, mask = max(total - len(times), 0), total, len(times) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if times[middle & mask] < t else (low, middle)
    return low
