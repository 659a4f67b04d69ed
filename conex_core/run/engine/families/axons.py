"""Axons and spike catchers: spikes on their way.

A ring keeps ``depth`` vectors of spikes and the lists of who spiked; its cell ``now``
is the row of the last iteration, ages count upwards from there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from conex_core.behaviors.neurons.axon import NeuronAxon
from conex_core.behaviors.synapses.spikes import PostSpikeCatcher, PreSpikeCatcher
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.kernel import Row, kernel
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.spiking import found
from conex_core.run.engine.taken import NotFused

__all__ = ["LOWERINGS"]

_ZERO, _ONE = np.uint8(0), np.uint8(1)


@kernel(
    "listed: i4[n]; count, now: i8[1]; rows: b1[depth, n]; lists: i4[depth, n]; counts: i8[depth]"
)
def axon(row: Row) -> int:
    """Push the spikes into the ring."""
    count, depth, now = row.count[0], row.depth, row.now
    at = np.uint64((now[0] + depth - 1) % depth)
    now[0] = at
    spikes, kept, listed, counts = row.rows[at], row.lists[at], row.listed, row.counts
    for k in range(counts[at]):
        spikes[kept[k]] = _ZERO
    for k in range(count):
        kept[k] = listed[k]
        spikes[listed[k]] = _ONE
    counts[at] = count
    return 0


@kernel(
    "now: i8[1]; lists: i4[depth, n]; counts: i8[depth]; delay: int;"
    " spikes: b1[n]; listed: i4[n]; count: i8[1]"
)
def catch(row: Row) -> int:
    """Catch the spikes of one delay."""
    at = np.uint64((row.now[0] + row.delay) % row.depth)
    arrived, many = row.lists[at], row.counts[at]
    caught, listed, count = row.spikes, row.listed, row.count
    for k in range(count[0]):
        caught[listed[k]] = _ZERO
    for k in range(many):
        listed[k] = arrived[k]
        caught[arrived[k]] = _ONE
    count[0] = many
    return 0


@kernel(
    "now: i8[1]; lists: i4[depth, n]; counts: i8[depth]; delays: i8[n];"
    " spikes: b1[n]; listed: i4[n]; count: i8[1];"
    " waiting: i4[slots, n]; filled: i8[slots]; slot: i8[1]"
)
def catch_scattered(row: Row) -> int:
    """Catch spikes of each neuron's own delay."""
    at, slots = np.uint64(row.now[0]), row.slots
    arrived, many, delays = row.lists[at], row.counts[at], row.delays
    caught, listed, count = row.spikes, row.listed, row.count
    waiting, filled, slot = row.waiting, row.filled, row.slot
    here = (slot[0] + 1) % slots
    slot[0] = here
    for k in range(many):
        neuron = arrived[k]
        due = here + delays[neuron]  # a delay is less than ``slots``; a division would cost more
        due -= slots if due >= slots else 0
        waiting[due, filled[due]] = neuron
        filled[due] += 1
    for k in range(count[0]):
        caught[listed[k]] = _ZERO
    due_now = waiting[np.uint64(here)]
    for k in range(filled[here]):
        caught[due_now[k]] = _ONE
    filled[here] = 0
    count[0] = found(caught, listed)
    return 0


def _axon(behavior: NeuronAxon, group: Any, builder: ProgramBuilder) -> None:
    if group.axon is not behavior:
        raise NotFused("the group has another axon")
    n, ring = int(group.size), builder.ring_of(group)
    spikes = builder.spikes_of(group, "spikes", n)
    builder.add(axon, behavior, n=n, **spikes.lists(), rows=ring.rows, **ring.past())


def _catcher(
    behavior: PreSpikeCatcher | PostSpikeCatcher, synapse: Any, builder: ProgramBuilder
) -> None:
    group = getattr(synapse, behavior.end)
    delay = builder.delay_now(builder.program.watch(behavior, "_delays", synapse))
    for name in ("_flying", "_known"):
        builder.program.watch(behavior, name, synapse)
    if behavior.is_changing:
        raise NotFused("its delays were changed, and spikes are on their way")
    ring, n = builder.ring_of(group), int(group.size)
    if builder.program.watch(behavior, "_axon", synapse) is not group.axon:
        raise NotFused("it listens to another axon")
    caught = builder.spikes_of(synapse, behavior.spikes, n, written=True)
    given = {**ring.past(), **caught.given(), "n": n, "depth": ring.depth}
    if isinstance(delay, torch.Tensor):
        travel = builder.scattered(synapse, behavior.end, ring, delay)
        builder.add(catch_scattered, behavior, **given, **travel.given())
    else:
        builder.check_delay(delay, ring.depth)
        builder.add(catch, behavior, **given, delay=delay)


LOWERINGS: dict[type, Lowering] = {
    NeuronAxon: _axon,
    PostSpikeCatcher: _catcher,
    PreSpikeCatcher: _catcher,
}
