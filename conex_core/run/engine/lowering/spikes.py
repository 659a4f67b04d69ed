"""Firing, axons and spike catchers as rows."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behaviors.neurons.axon import NeuronAxon
from conex_core.behaviors.neurons.exponential import AELIF, ELIF
from conex_core.behaviors.neurons.fire import Fire
from conex_core.behaviors.neurons.lif import LIF
from conex_core.behaviors.synapses.spikes import PostSpikeCatcher, PreSpikeCatcher
from conex_core.behaviors.timing import time_step
from conex_core.run.engine.draft import Draft
from conex_core.run.engine.program import NotFused

__all__ = ["LOWERINGS"]


def _fire(behavior: Fire, group: Any, draft: Draft) -> None:
    dynamics = group.spiking_neuron
    if type(dynamics) not in (LIF, ELIF, AELIF):
        raise NotFused(f"{type(dynamics).__name__} decides what spikes")
    program, n = draft.program, group.size
    spikes = draft.spikes_of(group, written=True)
    numbers = [program.attribute(group, name) for name in ("v", "threshold", "v_reset")]
    numbers += [spikes.address, spikes.listed.address, spikes.count.address]
    program.add("fire", n, *numbers, behavior=behavior)
    if type(dynamics) is AELIF:
        names = ("v", "v_rest", "alpha", "omega", "w_tau", "beta")
        numbers = [program.attribute(group, name) for name in names]
        reals = lambda: (time_step(group),)  # noqa: E731
        program.add("adapt", n, *numbers, spikes.address, reals=reals, behavior=behavior)


def _axon(behavior: NeuronAxon, group: Any, draft: Draft) -> None:
    if group.axon is not behavior:
        raise NotFused("the group has another axon")
    spikes, ring = draft.spikes_of(group), draft.ring_of(group)
    numbers = (group.size, spikes.listed.address, spikes.count.address, ring.depth)
    memory = (ring.now.address, ring.rows, ring.lists.address, ring.counts.address)
    draft.program.add("axon", *numbers, *memory, behavior=behavior)


def _catcher(behavior: Any, synapse: Any, draft: Draft) -> None:
    group, delay = getattr(synapse, behavior.end), behavior._delay
    ring = draft.ring_of(group)
    caught = draft.caught_by(synapse, behavior.spikes, written=True)
    head = (group.size, ring.depth, ring.now.address, ring.lists.address, ring.counts.address)
    tail = (caught.address, caught.listed.address, caught.count.address)
    if isinstance(delay, int):
        draft.program.add("catch", *head, delay, *tail, behavior=behavior)
        return
    travel = draft.scattered(synapse, behavior.end, ring, delay.to(torch.int64))
    cells = (travel.slots, travel.waiting.address, travel.filled.address, travel.slot.address)
    draft.program.add("catch_scattered", *head, travel.address, *tail, *cells, behavior=behavior)


LOWERINGS: dict[type, Any] = {
    Fire: _fire,
    NeuronAxon: _axon,
    PreSpikeCatcher: _catcher,
    PostSpikeCatcher: _catcher,
}
