"""What kernels keep beside the tensors, and how it is read off them and written back.

``pull`` is called when a run begins, ``push`` when it ends: in between, the
tensors of a network are right, but a place in a ring, a generator or weights that
are changed lazily may wait.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import torch

from conex_core.behaviors.buffers import Arrivals, History
from conex_core.behaviors.layers.dataset import SpikeNdDataset
from conex_core.behaviors.neurons.noise import InherentNoise
from conex_core.parameters import changes
from conex_core.run.engine.kernels.random import WORDS
from conex_core.run.engine.program import Cell, Program

__all__ = [
    "Caught",
    "DrawnAhead",
    "Generator",
    "Mirror",
    "Number",
    "Place",
    "Ring",
    "Scattered",
    "Shown",
    "SpikeList",
]

_ROWS_AHEAD, _CELLS_AHEAD = 256, 1 << 18
_LEFT, _NEXT, _STATE = slice(8, 12), slice(16, 24), slice(24, 24 + 8 * WORDS)


class Mirror(Protocol):
    """Keep something in step with Python."""

    def pull(self) -> None:
        """Read what Python has."""

    def push(self) -> None:
        """Write it back."""


class SpikeList:
    """List the set elements of a bool vector: ``listed[:count]``, ascending."""

    def __init__(self, program: Program, flags: torch.Tensor) -> None:
        self.flags, self.size = flags, flags.numel()
        self.address = program.tensor(flags, torch.bool)
        self.listed = program.cell(size=max(self.size, 1), dtype=np.int32)
        self.count = program.cell(0)

    def pull(self) -> None:
        """Find what is set now."""
        found = np.flatnonzero(self.flags.numpy())
        self.listed.array[: len(found)] = found
        self.count.value = len(found)

    def push(self) -> None:
        """Do nothing: the vector is always right."""


class Place:
    """Follow which row of arrivals is now."""

    def __init__(self, program: Program, ring: Arrivals | History) -> None:
        self.ring, self.now = ring, program.cell(0)
        self.rows = program.tensor(ring.rows, ring.rows.dtype)

    def pull(self) -> None:
        """Read the place."""
        self.now.value = self.ring._now

    def push(self) -> None:
        """Write the place."""
        self.ring._now = self.now.value


class Ring(Place):
    """Keep a list beside every row of a history of spikes."""

    def __init__(self, program: Program, ring: History) -> None:
        super().__init__(program, ring)
        self.depth, self.size = ring.depth, int(ring.shape[1])
        self.lists = program.cell(size=max(self.depth * self.size, 1), dtype=np.int32)
        self.counts = program.cell(size=self.depth)
        self.is_changed, self._left = True, (-1, -1)

    def push(self) -> None:
        """Write the place, and remember how the rows are left."""
        super().push()
        self._left = (self.ring._now, self.ring.rows._version)

    def pull(self) -> None:
        """Read the place and list every row; nothing where Python has written to none."""
        self.is_changed = self._left != (self.ring._now, self.ring.rows._version)
        if not self.is_changed:
            return
        super().pull()
        rows, size = self.ring.rows.numpy(), self.size
        for place in range(self.depth):
            found = np.flatnonzero(rows[place])
            self.lists.array[place * size : place * size + len(found)] = found
            self.counts.array[place] = len(found)

    def of_age(self, age: int) -> np.ndarray[Any, Any]:
        """Return the neurons that spiked ``age`` iterations ago."""
        place = (self.now.value + age) % self.depth
        start = place * self.size
        found: np.ndarray[Any, Any] = self.lists.array[start : start + self.counts.array[place]]
        return found


class Caught(SpikeList):
    """List the spikes that one end of a synapse group has caught."""


class Scattered:
    """Keep the spikes that are on their way, by the iteration of their arrival."""

    def __init__(self, program: Program, ring: Ring, delays: torch.Tensor) -> None:
        self.ring, self.delays = ring, delays
        self.address = program.tensor(delays, torch.int64)
        self.slots = int(delays.max()) + 1
        self.waiting = program.cell(size=self.slots * ring.size, dtype=np.int32)
        self.filled = program.cell(size=self.slots)
        self.slot = program.cell(0)
        self._known = (-1, -1)

    def pull(self) -> None:
        """Find, in the ring as it was pulled before, what has not arrived yet."""
        now = (changes(), self.delays._version)
        if self._known == now and not self.ring.is_changed:
            return  # nor was the catcher switched off in between
        self._known = now
        self.slot.value, size, delays = 0, self.ring.size, self.delays.numpy()
        spikes = [self.ring.of_age(age) for age in range(self.ring.depth)]
        dues = np.concatenate([delays[neurons] - age for age, neurons in enumerate(spikes)])
        neurons = np.concatenate(spikes)
        self.filled.array[:] = 0
        for due in range(1, self.slots):
            found = neurons[dues == due]
            self.waiting.array[due * size : due * size + len(found)] = found
            self.filled.array[due] = len(found)

    def push(self) -> None:
        """Do nothing: the history is always right."""


class Generator:
    """Draw from one of torch's generators, and give it back where it then stands."""

    def __init__(self, program: Program, generator: torch.Generator) -> None:
        self.generator = generator
        self.state = program.cell(size=WORDS + 1, dtype=np.uint32)
        self._pulled = -1

    def pull(self) -> None:
        """Read the generator."""
        told = self.generator.get_state().numpy()
        self.state.array[:WORDS] = told[_STATE].view(np.uint64)
        last = int(told[_LEFT].view(np.int32)[0]) == 1
        self.state.array[WORDS] = WORDS if last else told[_NEXT].view(np.uint64)[0]
        self._pulled = hash(self.state.array.tobytes())

    def push(self) -> None:
        """Write the generator, if anything was drawn."""
        if hash(self.state.array.tobytes()) == self._pulled:
            return
        told, at = self.generator.get_state(), int(self.state.array[WORDS])
        raw = told.numpy()
        raw[_STATE].view(np.uint64)[:] = self.state.array[:WORDS]
        raw[_NEXT].view(np.uint64)[0] = at
        raw[_LEFT].view(np.int32)[0] = WORDS + 1 - at
        self.generator.set_state(told)


class Number:
    """Follow a real number of a behavior that its kernel changes."""

    def __init__(self, program: Program, behavior: Any, name: str) -> None:
        self.behavior, self.name = behavior, name
        self.cell: Cell = program.cell(0, dtype=np.float64)

    def pull(self) -> None:
        """Read the number."""
        self.cell.array[0] = getattr(self.behavior, self.name)

    def push(self) -> None:
        """Write the number."""
        setattr(self.behavior, self.name, float(self.cell.array[0]))


class DrawnAhead:
    """Keep the noise of some iterations, which torch draws row by row.

    The generator runs ahead by the rows that are left, and is set back to where
    it would be without them when a run ends early.
    """

    def __init__(self, program: Program, behavior: InherentNoise, group: Any) -> None:
        self.behavior, self.group = behavior, group
        size = max(int(group.size), 1)
        self.most = max(1, min(_ROWS_AHEAD, _CELLS_AHEAD // size))
        self._block = torch.zeros(self.most, group.size)  # (iterations, N)
        self._rows = self._block.unbind(0)
        self.address = program.tensor(self._block)
        self.row = program.cell(0)
        self._filled = 0
        self._before: torch.Tensor | None = None

    def fill(self, wanted: int) -> int:
        """Draw for up to ``wanted`` iterations where none is left; return how many there are."""
        if self.row.value == self._filled:
            self._filled, self.row.value = min(wanted, self.most), 0
            self._before = self._generator.get_state() if self._filled > 1 else None
            for row in self._rows[: self._filled]:
                self.behavior.draw_into(self.group, row)
        return self._filled - self.row.value

    def pull(self) -> None:
        """Begin with no row."""
        self._filled = self.row.value = 0

    def push(self) -> None:
        """Set the generator back to after the last row that was used."""
        used = self.row.value
        if used < self._filled and self._before is not None:
            self._generator.set_state(self._before)
            for row in self._rows[:used]:
                self.behavior.draw_into(self.group, row)
        self._filled = self.row.value = 0

    @property
    def is_on(self) -> bool:
        """Tell whether rows are used at all."""
        return self.behavior.behavior_enabled

    @property
    def _generator(self) -> torch.Generator:
        generator = self.behavior.generator
        assert generator is not None  # noise of torch's global generator is never drawn ahead
        return generator


class Shown:
    """Keep the frames that an input layer shows next, from where its data has them."""

    def __init__(self, program: Program, behavior: SpikeNdDataset, layer: Any) -> None:
        self.behavior, self.layer = behavior, layer
        self.cells: dict[str, Cell] = {}  # by attribute: address of the frame or 0, frames used
        self.checks: list[Callable[[dict[str, torch.Tensor | None]], None]] = []
        self._program, self._left = program, 0
        self._frames: dict[str, torch.Tensor | None] = {}

    def add(self, name: str) -> Cell:
        """Return the place of the frames for an attribute of the layer."""
        self.cells[name] = self._program.cell(0, 0)
        return self.cells[name]

    def fill(self, wanted: int) -> int:
        """Find what comes next where nothing is left; return for how many iterations it does."""
        used = self._used()
        if used == self._left:
            self.push()
            self._frames, self._left = self.behavior.stretch(self.layer)
            for check in self.checks:
                check(self._frames)
            for name, cell in self.cells.items():
                frames = self._frames[name]
                cell.array[:] = 0 if frames is None else frames.data_ptr(), 0
            used = 0
        return min(wanted, self._left - used)

    def pull(self) -> None:
        """Begin with no frame."""
        self._left = 0
        for cell in self.cells.values():
            cell.array[:] = 0

    def push(self) -> None:
        """Tell the behavior how far its data was shown."""
        self.behavior.go_on(self._used())
        self.pull()

    @property
    def is_on(self) -> bool:
        """Tell whether frames are shown at all."""
        return self.behavior.behavior_enabled

    def _used(self) -> int:
        return max((int(cell.array[1]) for cell in self.cells.values()), default=0)
