"""A program in the making: what several behaviors share, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import torch

from conex_core.behaviors.buffers import Arrivals
from conex_core.behaviors.layers.dataset import SpikeNdDataset
from conex_core.behaviors.neurons.axon import NeuronAxon
from conex_core.behaviors.neurons.noise import InherentNoise
from conex_core.run.engine.lazy import Lazy
from conex_core.run.engine.mirrors import (
    Caught,
    DrawnAhead,
    Generator,
    Mirror,
    Place,
    Ring,
    Scattered,
    Shown,
    SpikeList,
)
from conex_core.run.engine.program import NotFused, Program

if TYPE_CHECKING:
    from conex_core.run.engine.recorders import Kept

__all__ = ["Draft"]

_L = TypeVar("_L", bound=SpikeList)
_M = TypeVar("_M", bound=Mirror)


class Draft:
    """Hold the program and its mirrors while behaviors are lowered.

    ``mixed`` says that Python takes part in every iteration. ``stale`` are the
    vectors of spikes that Python may have changed since they were listed; what
    is stale at the end of an iteration is so at the begin of the next one.
    """

    def __init__(self, network: Any, mixed: bool, stale: set[int]) -> None:
        self.network, self.mixed = network, mixed
        self.program = Program(network)
        self.mirrors: list[Mirror] = []
        self.stale = set(stale)
        self.kept: list[Kept] = []
        self.ahead: list[DrawnAhead | Shown] = []
        self.lazy: dict[int, Lazy] = {}  # by the id of the synapse group
        self._made: dict[tuple[Any, ...], Any] = {}

    def keep(self, mirror: _M) -> _M:
        """Have ``mirror`` follow the network."""
        self.mirrors.append(mirror)
        return mirror

    def spikes_of(self, group: Any, written: bool = False) -> SpikeList:
        """Return the list of a group's spikes; it is up to date unless it is ``written`` now."""
        key = ("spikes", id(group))
        if key not in self._made:
            self.program.attribute(group, "spikes", torch.bool)
            self._made[key] = self.keep(SpikeList(self.program, group.spikes))
        found: SpikeList = self._made[key]
        return self._fresh(found, written)

    def caught_by(self, synapse: Any, name: str, written: bool = False) -> Caught:
        """Return the list of ``pre_spike`` or ``post_spike`` of a synapse group."""
        key = (name, id(synapse))
        if key not in self._made:
            self.program.attribute(synapse, name, torch.bool)
            self._made[key] = self.keep(Caught(self.program, getattr(synapse, name)))
        found: Caught = self._made[key]
        return self._fresh(found, written)

    def ring_of(self, group: Any) -> Ring:
        """Return the ring of a group's past spikes."""
        axon = getattr(group, "axon", None)
        key = ("ring", id(axon))
        if key not in self._made:
            if type(axon) is not NeuronAxon:
                raise NotFused(f"{type(axon).__name__} of {group.name} stays with Python")
            self.program.attribute(axon._history, "rows", torch.bool)
            self._made[key] = self.keep(Ring(self.program, axon._history))
        return self._made[key]  # type: ignore[no-any-return]  # made one line above

    def scattered(self, synapse: Any, name: str, ring: Ring, delays: torch.Tensor) -> Scattered:
        """Return the spikes that travel with a delay per neuron."""
        key = ("scattered", name, id(synapse))
        if key not in self._made:
            self._made[key] = self.keep(Scattered(self.program, ring, delays))
        return self._made[key]  # type: ignore[no-any-return]  # made one line above

    def place_of(self, arrivals: Arrivals) -> Place:
        """Return the place in a buffer of what arrives."""
        key = ("place", id(arrivals))
        if key not in self._made:
            self.program.attribute(arrivals, "rows")
            self._made[key] = self.keep(Place(self.program, arrivals))
        return self._made[key]  # type: ignore[no-any-return]  # made one line above

    def generator(self, behavior: Any) -> Generator:
        """Return the generator of a behavior, which must be its own."""
        _refuse_global(behavior)
        return self.keep(Generator(self.program, behavior.generator))

    def drawn_ahead(self, behavior: InherentNoise, group: Any) -> DrawnAhead:
        """Return noise that torch draws for some iterations at once."""
        _refuse_global(behavior)
        made = self.keep(DrawnAhead(self.program, behavior, group))
        self.ahead.append(made)
        return made

    def shown(self, behavior: SpikeNdDataset, layer: Any) -> Shown:
        """Return the frames that a layer shows next."""
        made = self._made["shown", id(layer)] = self.keep(Shown(self.program, behavior, layer))
        self.ahead.append(made)
        return made

    def shown_by(self, layer: Any) -> Shown | None:
        """Return the frames of ``layer``, if kernels show them."""
        return self._made.get(("shown", id(layer)))

    def places(self) -> list[Place]:
        """Return the rings and buffers, whose place Python may ask for."""
        return [mirror for mirror in self.mirrors if isinstance(mirror, Place)]

    def spoil(self, flags: torch.Tensor) -> None:
        """Note that Python may change a vector of spikes here."""
        self.stale.add(id(flags))

    def _fresh(self, found: _L, written: bool) -> _L:
        if id(found.flags) in self.stale:
            self.stale.discard(id(found.flags))
            if not written:
                row = (found.size, found.address, found.listed.address, found.count.address)
                self.program.add("rescan", *row)
        return found


def _refuse_global(behavior: Any) -> None:
    if behavior.generator is None:
        raise NotFused("it draws from torch's global generator; give the network a seed")
