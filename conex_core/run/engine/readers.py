"""Readers: spikes and values that kernels keep while nobody looks.

A reader has room for many iterations; the run ends early when it is full, so
that what it kept can be taken and the room used again. Where a variable is not
what kernels take, the reader itself looks at it after every iteration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.kernel import Row, kernel
from conex_core.run.engine.taken import Cell, NotFused

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SpikeReader", "ValueReader"]

_SPIKES, _ROWS = 1 << 15, 1 << 13


@kernel(
    "listed: i4[n]; count, filled, iteration: i8[1]; times: i8[room]; neurons: i4[room]; n: int"
)
def log(row: Row) -> int:
    """Keep the spikes of an iteration."""
    listed, filled, times, neurons = row.listed, row.filled, row.times, row.neurons
    at, count, now = filled[0], row.count[0], row.iteration[0]
    for k in range(count):
        times[at + k] = now
        neurons[at + k] = listed[k]
    filled[0] = at + count
    return int(at + count + row.n > row.room)


@kernel(
    "variable: f4[n]; picked: i8[many]; times: i8[room]; values: f4[room, many];"
    " filled, iteration: i8[1]"
)
def sample(row: Row) -> int:
    """Keep values of some neurons."""
    variable, picked, filled = row.variable, row.picked, row.filled
    at = filled[0]
    row.times[at] = row.iteration[0]
    values = row.values[at]
    for k in range(row.many):
        values[k] = variable[picked[k]]
    filled[0] = at + 1
    return int(at + 1 == row.room)


class SpikeReader:
    """Keep (iteration, neuron) of every spike of a group."""

    def __init__(self, group: Any) -> None:
        self.group, self._size = group, int(group.size)
        self._room = max(_SPIKES, 2 * self._size)
        self._times = Cell(size=self._room)
        self._neurons = Cell(size=self._room, dtype=np.int32)
        self._filled = Cell(0)
        self.is_by_hand = False

    def attach(self, builder: ProgramBuilder) -> None:
        """Let a kernel of a program fill it."""
        self.is_by_hand = False
        try:
            self.add_row(builder)
        except NotFused:
            self.is_by_hand = True

    def add_row(self, builder: ProgramBuilder, behavior: Any = None, **given: Any) -> None:
        """Append the row that keeps spikes."""
        spikes = builder.spikes_of(self.group, "spikes", self._size)
        builder.add(
            log,
            behavior,
            **given,
            n=self._size,
            room=self._room,
            **spikes.lists(),
            times=self._times,
            neurons=self._neurons,
            filled=self._filled,
            iteration=builder.program.iteration,
        )

    def spare(self) -> int:
        """Return how many more iterations fit for certain."""
        return (self._room - self._filled.value) // max(self._size, 1)

    def look(self, iteration: int) -> None:
        """Keep the spikes of this iteration without a kernel."""
        flags = torch.zeros(self._size, dtype=torch.bool).copy_(self.group.spikes)
        found, at = flags.nonzero().view(-1).numpy(), self._filled.value
        self._times.array[at : at + len(found)] = iteration
        self._neurons.array[at : at + len(found)] = found
        self._filled.value = at + len(found)

    def take(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return what was kept, and make room."""
        kept = self.kept()
        self.forget()
        return kept

    def kept(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return a copy of what was kept."""
        many = self._filled.value
        return self._times.array[:many].copy(), self._neurons.array[:many].copy()

    def forget(self) -> None:
        """Make room."""
        self._filled.value = 0


class ValueReader:
    """Keep a variable of some neurons in every iteration."""

    def __init__(self, group: Any, name: str, neurons: tuple[int, ...]) -> None:
        self.group, self.name, self.width = group, name, len(neurons)
        self._picked = Cell(*neurons, size=self.width)
        self._index = torch.tensor(neurons, dtype=torch.int64)
        self._times = Cell(size=_ROWS)
        self._values = Cell(size=_ROWS * self.width, dtype=np.float32)
        self._filled = Cell(0)
        self.is_by_hand = False

    def attach(self, builder: ProgramBuilder) -> None:
        """Let a kernel of a program fill it."""
        size = int(self.group.size)
        self.is_by_hand = not all(0 <= number < size for number in self._index.tolist())
        try:
            if not self.is_by_hand:
                self._add_row(builder, size)
        except NotFused:
            self.is_by_hand = True

    def _add_row(self, builder: ProgramBuilder, size: int) -> None:
        builder.add(
            sample,
            None,
            variable=builder.program.take(self.group, self.name),
            picked=self._picked,
            times=self._times,
            values=self._values,
            filled=self._filled,
            iteration=builder.program.iteration,
            n=size,
            many=self.width,
            room=_ROWS,
        )

    @staticmethod
    def fits(group: Any, name: str) -> bool:
        """Tell whether a variable can be read by a kernel."""
        value = getattr(group, name, None)
        return (
            isinstance(value, torch.Tensor)
            and value.dtype is torch.float32
            and value.shape == (group.size,)
            and value.is_contiguous()
        )

    def spare(self) -> int:
        """Return how many more iterations fit."""
        return _ROWS - self._filled.value

    def look(self, iteration: int) -> None:
        """Keep the values of this iteration without a kernel."""
        values, at = getattr(self.group, self.name).index_select(0, self._index), self._filled.value
        self._times.array[at] = iteration
        self._values.array[at * self.width : (at + 1) * self.width] = values.float().numpy()
        self._filled.value = at + 1

    def take(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return what was kept, (T,) and (T, neurons), and make room."""
        many, self._filled.value = self._filled.value, 0
        values = self._values.array[: many * self.width].reshape(many, self.width)
        return self._times.array[:many].copy(), values.copy()
