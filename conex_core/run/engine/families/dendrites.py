"""Dendrites: where currents arrive, after their delays, and what they add up to."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from conex_core.behaviors.neurons.dendrite import (
    SimpleDendriteComputation,
    SimpleDendriteStructure,
)
from conex_core.behaviors.timing import time_step
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.kernel import Row, kernel
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.taken import NotFused

__all__ = ["LOWERINGS"]

_NULL, _WHOLE = np.float32(0.0), np.float32(1.0)


@kernel("now: i8[1]; rows: f4[depth, n]")
def advance(row: Row) -> int:
    """Drop what has arrived and let the next row be now."""
    now = row.now
    arrived = row.rows[np.uint64(now[0])]
    for j in range(row.n):
        arrived[j] = _NULL
    now[0] = (now[0] + 1) % row.depth
    return 0


@kernel("now: i8[1]; rows: f4[depth, n]; current: f4[n]; delay: int")
def arrive(row: Row) -> int:
    """Add a current after one delay."""
    due = row.rows[np.uint64((row.now[0] + row.delay) % row.depth)]
    current = row.current
    for j in range(row.n):
        due[j] += current[j]
    return 0


@kernel("now: i8[1]; rows: f4[depth, n]; current: f4[n]; delays: i8[n]")
def arrive_scattered(row: Row) -> int:
    """Add a current after each neuron's own delay."""
    n, depth, now = row.n, row.depth, row.now[0]
    rows, current, delays = row.rows, row.current, row.delays
    for j in range(n):
        rows[(now + delays[j]) % depth, j] += current[j]
    return 0


@kernel("now: i8[1]; rows: f4[depth, n]; current: f4[n]")
def show(row: Row) -> int:
    """Copy what arrives now."""
    arrived, current = row.rows[np.uint64(row.now[0])], row.current
    for j in range(row.n):
        current[j] = arrived[j]
    return 0


@kernel("I, I_proximal: f4[n]; decays: int; keep, gain: real")
def current(row: Row) -> int:
    """Turn proximal input into current."""
    keep, gain = row.keep, row.gain
    total, proximal = row.I, row.I_proximal
    if row.decays:
        for j in range(row.n):
            total[j] = total[j] * keep + proximal[j]
    elif gain != _WHOLE:
        for j in range(row.n):
            total[j] = proximal[j] * gain
    else:
        for j in range(row.n):
            total[j] = proximal[j]
    return 0


def _dendrites(behavior: SimpleDendriteStructure, group: Any, builder: ProgramBuilder) -> None:
    n = int(group.size)
    for compartment in builder.program.watch(behavior, "_active", group):
        arrivals = compartment.arrivals
        place = builder.place_of(arrivals, group)
        builder.add(advance, behavior, n=n, **place.given())
        for synapse, delays in compartment.synapses:
            delay = builder.delay_now(delays)
            given = {**place.given(), "current": builder.program.take(synapse, "I"), "n": n}
            if isinstance(delay, torch.Tensor):
                own = builder.delays(delay, arrivals, synapse, group)
                builder.add(arrive_scattered, behavior, **given, delays=own)
            else:
                builder.check_delay(delay, place.depth)
                builder.add(arrive, behavior, **given, delay=delay)
        if arrivals.depth > 1:
            shown = builder.program.take(compartment, "current", group)
            builder.add(show, behavior, n=n, **place.given(), current=shown)


def _current(behavior: SimpleDendriteComputation, group: Any, builder: ProgramBuilder) -> None:
    if behavior._pulls:
        raise NotFused("distal or apical input pulls the potential")

    def live() -> dict[str, float]:
        dt = time_step(group)
        return {"keep": 1 - dt / behavior.I_tau if behavior.I_tau else 0.0, "gain": 1 / dt}

    builder.add(
        current,
        behavior,
        n=int(group.size),
        **builder.of(group, "I", "I_proximal"),
        decays=int(behavior.I_tau is not None),
        live=live,
    )


LOWERINGS: dict[type, Lowering] = {
    SimpleDendriteStructure: _dendrites,
    SimpleDendriteComputation: _current,
}
