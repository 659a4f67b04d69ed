"""A program being built: what several behaviors share, made once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import torch

from conex_core.behaviors.buffers import Arrivals, Delay, Delays
from conex_core.behaviors.layers.dataset import SpikeNdDataset
from conex_core.behaviors.neurons.axon import NeuronAxon
from conex_core.behaviors.neurons.noise import InherentNoise
from conex_core.errors import StructureError
from conex_core.run.engine.copies import (
    Copy,
    DrawnAhead,
    Generator,
    Place,
    Ring,
    Scattered,
    Shown,
    SpikeList,
)
from conex_core.run.engine.kernel import Kernel, Row, kernel
from conex_core.run.engine.lazy import Lazy
from conex_core.run.engine.program import Live, Program, nothing, taken_of
from conex_core.run.engine.signature import form_of
from conex_core.run.engine.spiking import found
from conex_core.run.engine.stored import Stored
from conex_core.run.engine.taken import Cell, Given, NotFused, Taken, fit

__all__ = ["FLAGS", "Keeper", "ProgramBuilder", "shared_flags"]

_C = TypeVar("_C", bound=Copy)

FLAGS = ("spikes", "pre_spike", "post_spike")  # what may hold the spikes of an iteration


class Keeper(Protocol):
    """Keep what a recorder takes, and hand it over before the room ends."""

    def spare(self) -> int:
        """Return how many more iterations fit for certain."""

    def push(self) -> None:
        """Hand over what was kept."""


@kernel("spikes: b1[n]; listed: i4[n]; count: i8[1]")
def rescan(row: Row) -> int:
    """List the spikes again, after Python may have changed them."""
    row.count[0] = found(row.spikes, row.listed)
    return 0


@dataclass(frozen=True)
class Bookmark:
    """Hold what a builder knew before a behavior was lowered."""

    tables: tuple[dict[Any, Any], ...]
    sizes: tuple[int, ...]
    stale: set[tuple[int, str]]


class ProgramBuilder:
    """Hold the program, and the copies that it keeps, while behaviors are lowered.

    ``mixed`` says that Python takes part in every iteration. ``stale`` are the
    vectors of spikes that Python may have changed since they were listed; what
    is stale at the end of an iteration is so at the begin of the next one.
    """

    def __init__(self, network: Any, mixed: bool, stale: set[tuple[int, str]]) -> None:
        self.network, self.mixed = network, mixed
        self.program = Program(network)
        self.copies: list[Copy] = []
        self.stale = set(stale)
        self.keepers: list[Keeper] = []
        self.ahead: list[DrawnAhead | Shown] = []
        self.lazy: dict[int, Lazy] = {}  # by the id of the synapse group
        self._made: dict[tuple[Any, ...], Any] = {}
        self._shared: set[tuple[int, str]] | None = None

    def add(
        self,
        kernel: Kernel,
        behavior: Any,
        *,
        live: Live = nothing,
        is_chosen: Callable[[], bool] | None = None,
        **given: int | Taken | Cell,
    ) -> None:
        """Append a call of ``kernel`` for ``behavior``, with all of its arguments by name."""
        self.program.add(kernel, behavior=behavior, is_chosen=is_chosen, live=live, **given)

    def of(self, owner: Any, *names: str, host: Any = None) -> Given:
        """Return tensors of ``owner`` by name; ``host`` is what a behavior belongs to."""
        return {name.lstrip("_"): self.program.take(owner, name, host) for name in names}

    def expect(self, taken: Taken, form: str, **sizes: int) -> None:
        """Raise NotFused unless a tensor that no kernel gets has the form that Python counts on."""
        fit(taken, form_of(form), dict(sizes))

    def require(self, host: Any, condition: Callable[[], bool], why: str) -> None:
        """Raise NotFused where ``condition`` does not hold; it is looked at again before runs."""
        if not condition():
            raise NotFused(why)
        self.program.conditions.append((host, condition))

    def bookmark(self) -> Bookmark:
        """Return where the program stands, for :meth:`go_back`."""
        program = self.program
        tables = (self._made, self.lazy, program.watched, program.taken)
        lists = (self.copies, self.keepers, self.ahead, program.conditions)
        return Bookmark(
            tuple(dict(table) for table in tables),
            tuple(len(items) for items in lists),
            set(self.stale),
        )

    def go_back(self, mark: Bookmark) -> None:
        """Forget what was made since, but for what it was made of: that may fit one day."""
        program = self.program
        new = program.watched.keys() - mark.tables[2].keys()
        program.missed += [program.watched[key] for key in new]
        self._made, self.lazy, program.watched, program.taken = map(dict, mark.tables)
        lists = (self.copies, self.keepers, self.ahead, program.conditions)
        for items, size in zip(lists, mark.sizes, strict=True):
            del items[size:]  # type: ignore[attr-defined]  # they are lists of several kinds
        self.stale = set(mark.stale)

    def keep(self, copy: _C) -> _C:
        """Have ``copy`` follow the network."""
        self.copies.append(copy)
        return copy

    def spikes_of(self, owner: Any, name: str, size: int, written: bool = False) -> SpikeList:
        """Return the list of a vector of spikes; it is up to date unless it is ``written`` now."""
        key = ("spikes", id(owner), name)
        if key not in self._made:
            flags = self.program.take(owner, name)
            if self._shared is None:
                self._shared = shared_flags(self.network)
            if (id(owner), name) in self._shared:  # each list knows of its own spikes only
                raise NotFused(f"{name} shares its memory with other spikes")
            self.expect(flags, "b1[n]", n=size)
            self._made[key] = self.keep(SpikeList(flags))
        made: SpikeList = self._made[key]
        if (id(owner), name) in self.stale:
            self.stale.discard((id(owner), name))
            if not written:
                self.program.add(rescan, **made.given())
        return made

    def ring_of(self, group: Any) -> Ring:
        """Return the ring of a group's past spikes."""
        axon = self.program.watch(group, "axon")
        key = ("ring", id(axon))
        if key not in self._made:
            if type(axon) is not NeuronAxon:
                raise NotFused(f"{type(axon).__name__} of {group.name} stays with Python")
            history = self.program.watch(axon, "_history", group)
            rows = self._rows_of(history, "b1[depth, n]", group)
            self._made[key] = self.keep(Ring(history, rows))
        return self._made[key]  # type: ignore[no-any-return]  # made one line above

    def place_of(self, arrivals: Arrivals, group: Any) -> Place:
        """Return the place in a buffer of what arrives."""
        key = ("place", id(arrivals))
        if key not in self._made:
            rows = self._rows_of(arrivals, "f4[depth, n]", group)
            self._made[key] = self.keep(Place(arrivals, rows))
        return self._made[key]  # type: ignore[no-any-return]  # made one line above

    def scattered(self, synapse: Any, end: str, ring: Ring, delays: torch.Tensor) -> Scattered:
        """Return the spikes that travel with a delay per neuron."""
        key = ("scattered", end, id(synapse))
        if key not in self._made:
            own = self.delays(delays, ring.ring, synapse, getattr(synapse, end))
            self._made[key] = self.keep(Scattered(ring, own))
        return self._made[key]  # type: ignore[no-any-return]  # made one line above

    def delay_now(self, delays: Delays) -> Delay:
        """Return the delays as they are now; once they are others, there is a new plan."""
        tensor = self.program.watch(delays.synapse, f"{delays.end}_delay")
        try:
            delay = delays.now()
        except StructureError as error:
            raise NotFused(str(error)) from None  # told by the step, as without kernels
        if tensor is not None:
            self.fix(tensor, "a delay", delays.synapse)
        return delay

    def delays(self, delays: torch.Tensor, ring: Any, host: Any, group: Any) -> Cell:
        """Return a copy of ``delays`` per neuron that nobody else can change.

        They are places in memory: one that is out of range must reach no kernel.
        """
        self.fix(delays, "a delay", host)
        depth, size = ring.rows.shape
        if delays.dtype is not torch.int64 or tuple(delays.shape) != (size,):
            raise NotFused("its delays are not one whole number per neuron")
        if size and not 0 <= int(delays.min()) <= int(delays.max()) < depth:
            raise NotFused("a delay is longer than what is remembered")
        self.expect_values(ring, "_column", torch.arange(size), group)
        own = Cell(size=size)
        own.array[:size] = delays.tolist()
        return own

    def fix(self, tensor: Any, name: str, host: Any, is_constant: bool = True) -> None:
        """Have it noticed when ``tensor``, which no kernel gets, moves or else changes."""
        taken = taken_of(tensor, name, host=host)
        taken.is_movable = False
        self.program.taken[id(tensor), name] = taken
        version = tensor._version
        if is_constant:
            self.require(host, lambda: tensor._version == version, f"{name} changes")

    def expect_values(self, owner: Any, name: str, wanted: torch.Tensor, host: Any) -> None:
        """Raise NotFused unless a table that Python looks things up in is as it was made."""
        table = self.program.watch(owner, name, host)
        self.fix(table, name, host)
        if table.dtype is not wanted.dtype or not torch.equal(table, wanted):
            raise NotFused(f"{name} was changed")

    def check_delay(self, delay: Delay, depth: int) -> None:
        """Raise NotFused for one delay that the rows of a ring do not reach."""
        if not (isinstance(delay, int) and 0 <= delay < depth):
            raise NotFused("a delay is longer than what is remembered")

    def stored_of(self, synapse: Any) -> Stored:
        """Return sparse weights, with their indices where nobody else can change them."""
        key = ("stored", id(synapse))
        if key not in self._made:
            weights = self.program.watch(synapse, "weights")
            made = Stored(weights, int(synapse.src.size), int(synapse.dst.size))
            self.require(synapse, made.is_kept, "its weights change")
            self.program.taken[id(synapse), "weights"] = made.values
            made.values.host, made.values.is_movable = synapse, False
            self._made[key] = made
        return self._made[key]  # type: ignore[no-any-return]  # made one line above

    def weights_of(self, synapse: Any) -> Taken:
        """Return the weights of a synapse group, or the stored ones where they are sparse."""
        weights = vars(synapse).get("weights")
        if isinstance(weights, torch.Tensor) and weights.layout is torch.sparse_csr:
            return self.stored_of(synapse).values
        return self.program.take(synapse, "weights")

    def pairs_of(self, synapse: Any) -> Given:
        """Return what a rule for one weight per pair reads and writes."""
        names = ("weights", "pre_spike", "pre_trace", "post_spike", "post_trace")
        return self.of(synapse, *names)

    def generator(self, behavior: Any) -> Generator:
        """Return the generator of a behavior, which must be its own."""
        self._check_own(behavior)
        return self.keep(Generator(behavior.generator))

    def drawn_ahead(self, behavior: InherentNoise, group: Any) -> DrawnAhead:
        """Return noise that torch draws for some iterations at once."""
        self._check_own(behavior)
        made = self.keep(DrawnAhead(behavior, group))
        self.ahead.append(made)
        return made

    def shown(self, behavior: SpikeNdDataset, layer: Any) -> Shown:
        """Return the frames that a layer shows next."""
        made = self._made["shown", id(layer)] = self.keep(Shown(behavior, layer))
        self.ahead.append(made)
        return made

    def shown_by(self, layer: Any) -> Shown | None:
        """Return the frames of ``layer``, if kernels show them."""
        return self._made.get(("shown", id(layer)))

    def places(self) -> list[Place]:
        """Return the rings and buffers, whose place Python may ask for."""
        return [copy for copy in self.copies if isinstance(copy, Place)]

    def spoil(self, owner: Any, name: str) -> None:
        """Note that Python may change a vector of spikes here."""
        self.stale.add((id(owner), name))

    def _rows_of(self, ring: Any, form: str, group: Any) -> Taken:
        """Return the rows of a ring, of which its other parts must be views."""
        rows = self.program.take(ring, "rows", group)
        rows.is_movable = False
        self.expect(rows, form, n=int(group.size), depth=len(ring._views))
        views = self.program.watch(ring, "_views", group)
        step = rows.nbytes // max(len(views), 1)
        starts = [rows.address + place * step for place in range(len(views))]
        forms = [(start, (int(group.size),), (1,)) for start in starts]

        def are_views() -> bool:
            return [(view.data_ptr(), view.shape, view.stride()) for view in views] == forms

        self.require(None, are_views, "the rows of its buffer were exchanged")
        if len(views) == 1:
            self.fix(views[0], "a row", group, is_constant=False)  # an attribute of the group
        self.require(None, lambda: 0 <= ring._now < len(views), "its buffer is at no row")
        return rows

    def _check_own(self, behavior: Any) -> None:
        self.program.watch(behavior, "generator")
        if behavior.generator is None:
            raise NotFused("it draws from torch's global generator; give the network a seed")


def shared_flags(network: Any) -> set[tuple[int, str]]:
    """Return the vectors of spikes that lie, in part, in the memory of another one."""
    held = [
        (value.data_ptr(), value.data_ptr() + value.numel(), (id(owner), name))
        for owner in network.all_objects()
        for name in FLAGS
        if isinstance(value := vars(owner).get(name), torch.Tensor)
        and value.layout is torch.strided
    ]
    shared, last = set(), (0, 0, (0, ""))
    for item in sorted(held):
        if item[0] < last[1]:
            shared |= {item[2], last[2]}
        last = max(last, item, key=lambda each: each[1])
    return shared
