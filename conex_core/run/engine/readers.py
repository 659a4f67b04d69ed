"""Readers: spikes and values that kernels keep while nobody looks.

A reader has room for many iterations; the run ends early when it is full, so
that what it kept can be taken and the room used again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from conex_core.run.engine.draft import Draft

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SpikeReader", "ValueReader"]

_SPIKES, _ROWS = 1 << 15, 1 << 13


class SpikeReader:
    """Keep (iteration, neuron) of every spike of a group."""

    def __init__(self, draft: Draft, group: Any) -> None:
        program, size = draft.program, int(group.size)
        spikes = draft.spikes_of(group)
        self._room = max(_SPIKES, 2 * size)
        self._times = program.cell(size=self._room)
        self._neurons = program.cell(size=self._room, dtype=np.int32)
        self._filled = program.cell(0)
        program.add(
            "log",
            *(size, spikes.listed.address, spikes.count.address),
            *(self._times.address, self._neurons.address, self._filled.address, self._room),
            program.iteration.address,
        )
        self._size = size

    def spare(self) -> int:
        """Return how many more iterations fit for certain."""
        return (self._room - self._filled.value) // max(self._size, 1)

    def take(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return what was kept, and make room."""
        many, self._filled.value = self._filled.value, 0
        return self._times.array[:many].copy(), self._neurons.array[:many].copy()


class ValueReader:
    """Keep a variable of some neurons in every iteration."""

    def __init__(self, draft: Draft, group: Any, name: str, neurons: tuple[int, ...]) -> None:
        program = draft.program
        self.width = len(neurons)
        self._picked = program.cell(*neurons)
        self._times = program.cell(size=_ROWS)
        self._values = program.cell(size=_ROWS * max(self.width, 1), dtype=np.float32)
        self._filled = program.cell(0)
        program.add(
            "sample",
            *(int(group.size), program.attribute(group, name), self._picked.address, self.width),
            *(self._times.address, self._values.address, self._filled.address, _ROWS),
            program.iteration.address,
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

    def take(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return what was kept, (T,) and (T, neurons), and make room."""
        many, self._filled.value = self._filled.value, 0
        values = self._values.array[: many * self.width].reshape(many, self.width)
        return self._times.array[:many].copy(), values.copy()
