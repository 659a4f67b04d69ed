"""What kernels keep a copy of, and how it is read off the network and written back.

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
from conex_core.run.engine.mersenne import WORDS
from conex_core.run.engine.taken import Cell, Given, Taken

__all__ = [
    "CopiedNumber",
    "Copy",
    "DrawnAhead",
    "Generator",
    "Place",
    "Ring",
    "Scattered",
    "Shown",
    "SpikeList",
]

_ROWS_AHEAD, _CELLS_AHEAD = 256, 1 << 18
_LEFT, _NEXT, _STATE = slice(8, 12), slice(16, 24), slice(24, 24 + 8 * WORDS)


class Copy(Protocol):
    """Keep something in step with Python."""

    def pull(self) -> None:
        """Read what Python has."""

    def push(self) -> None:
        """Write it back."""


class SpikeList:
    """List the set elements of a bool vector: ``listed[:count]``, ascending."""

    def __init__(self, flags: Taken) -> None:
        self.flags, self.size = flags, flags.shape[0]
        self.listed = Cell(size=self.size, dtype=np.int32)
        self.count = Cell(0)

    def pull(self) -> None:
        """Find what is set now."""
        places = self.flags.flags_set() if self.size else ()
        self.listed.array[: len(places)] = places
        self.count.value = len(places)

    def push(self) -> None:
        """Do nothing: the vector is always right."""

    def given(self, prefix: str = "") -> Given:
        """Return the arguments of a kernel that writes all of it."""
        names = {"spikes": self.flags, "listed": self.listed, "count": self.count}
        return {prefix + name: value for name, value in names.items()}

    def lists(self, prefix: str = "") -> Given:
        """Return the arguments of a kernel that reads which neurons spiked."""
        return {f"{prefix}listed": self.listed, f"{prefix}count": self.count}


class Place:
    """Follow which row of a ring is now."""

    def __init__(self, ring: Arrivals | History, rows: Taken) -> None:
        self.ring, self.rows, self.now = ring, rows, Cell(0)
        self.depth, self.size = rows.shape

    def pull(self) -> None:
        """Read the place."""
        self.now.value = self.ring._now

    def push(self) -> None:
        """Write the place."""
        self.ring._now = self.now.value

    def is_followed(self) -> bool:
        """Tell whether nobody has moved the ring since the place was written."""
        return self.ring._now == self.now.value

    def given(self) -> Given:
        """Return the arguments of a kernel that moves it."""
        return {"now": self.now, "rows": self.rows}


class Ring(Place):
    """Keep a list beside every row of a history of spikes."""

    def __init__(self, ring: History, rows: Taken) -> None:
        super().__init__(ring, rows)
        self.lists = Cell(size=self.depth * self.size, dtype=np.int32)
        self.counts = Cell(size=self.depth)
        self.is_changed, self._left, self._listed = True, (-1, -1), -1

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
        self._listed = self.ring.rows._version
        places, neurons = self.ring.rows.nonzero().numpy().T
        counts = np.bincount(places, minlength=self.depth)
        before = np.concatenate([[0], np.cumsum(counts)[:-1]])  # how many, in rows above
        order = np.arange(len(places)) - before[places]
        self.lists.array[places * self.size + order] = neurons
        self.counts.array[:] = counts

    def is_followed(self) -> bool:
        """Tell whether nobody has moved the ring, or written into a row that was listed."""
        return super().is_followed() and self.ring.rows._version == self._listed

    def of_age(self, age: int) -> np.ndarray[Any, Any]:
        """Return the neurons that spiked ``age`` iterations ago."""
        place = (self.now.value + age) % self.depth
        start = place * self.size
        found: np.ndarray[Any, Any] = self.lists.array[start : start + self.counts.array[place]]
        return found

    def past(self) -> Given:
        """Return the arguments of a kernel that reads past spikes."""
        return {"now": self.now, "lists": self.lists, "counts": self.counts}


class Scattered:
    """Keep the spikes that are on their way, by the iteration of their arrival."""

    def __init__(self, ring: Ring, delays: Cell) -> None:
        self.ring, self.delays = ring, delays
        self.slots = int(delays.array.max()) + 1
        self.waiting = Cell(size=self.slots * ring.size, dtype=np.int32)
        self.filled = Cell(size=self.slots)
        self.slot = Cell(0)
        self._known = -1

    def pull(self) -> None:
        """Find, in the ring as it was pulled before, what has not arrived yet."""
        if self._known == changes() and not self.ring.is_changed:
            return  # nor was the catcher switched off in between
        self._known = changes()
        self.slot.value, size, delays = 0, self.ring.size, self.delays.array
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

    def given(self) -> Given:
        """Return the arguments of the kernel that lets them travel."""
        cells = {"waiting": self.waiting, "filled": self.filled, "slot": self.slot}
        return {"slots": self.slots, "delays": self.delays, **cells}


class Generator:
    """Draw from one of torch's generators, and give it back where it then stands."""

    def __init__(self, generator: torch.Generator) -> None:
        self.generator = generator
        self.state = Cell(size=WORDS + 1, dtype=np.uint32)
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


class CopiedNumber:
    """Follow a real number of a behavior that its kernel changes."""

    def __init__(self, behavior: Any, name: str) -> None:
        self.behavior, self.name = behavior, name
        self.cell = Cell(0, dtype=np.float64)

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

    def __init__(self, behavior: InherentNoise, group: Any) -> None:
        self.behavior, self.group = behavior, group
        size = int(group.size)
        self.most = max(1, min(_ROWS_AHEAD, _CELLS_AHEAD // max(size, 1)))
        self.values = Cell(size=self.most * size, dtype=np.float32)
        block = torch.from_numpy(self.values.array)[: self.most * size]
        self._rows = block.view(self.most, size).unbind(0)
        self.row = Cell(0)
        self._filled = 0
        self._before: torch.Tensor | None = None

    def fill(self, wanted: int) -> int:
        """Draw for up to ``wanted`` iterations where none is left; return how many there are."""
        if self.row.value == self._filled:
            self._filled, self.row.value = min(wanted, self.most), 0
            self._before = self._generator.get_state()
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

    def __init__(self, behavior: SpikeNdDataset, layer: Any) -> None:
        self.behavior, self.layer = behavior, layer
        self.cells: dict[str, tuple[Cell, int]] = {}  # by attribute; and the size of a frame
        self.checks: list[Callable[[dict[str, torch.Tensor | None]], None]] = []
        self._left = 0
        self._frames: dict[str, torch.Tensor | None] = {}

    def add(self, name: str, size: int) -> Cell:
        """Return a cell for an attribute of the layer: address of the frames or 0, frames used."""
        cell = Cell(0, 0)
        self.cells[name] = (cell, size)
        return cell

    def fill(self, wanted: int) -> int:
        """Find what comes next where nothing is left; return for how many iterations it does."""
        used = self._used()
        if used == self._left:
            self.push()
            self._frames, self._left = self.behavior.stretch(self.layer)
            for check in self.checks:
                check(self._frames)
            for name, (cell, size) in self.cells.items():
                cell.array[:] = self._address(name, size), 0
            used = 0
        return min(wanted, self._left - used)

    def pull(self) -> None:
        """Begin with no frame."""
        self._left = 0
        for cell, _ in self.cells.values():
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
        return max((int(cell.array[1]) for cell, _ in self.cells.values()), default=0)

    def _address(self, name: str, size: int) -> int:
        """Return where the frames lie, which are kept; no more are shown than there are."""
        frames = self._frames[name]
        if frames is None:
            return 0
        own = frames[: self._left].bool().reshape(-1, size).contiguous()
        own = own.clone() if own.data_ptr() == frames.data_ptr() else own
        self._frames[name] = own
        self._left = min(self._left, len(own))
        return int(own.data_ptr())
