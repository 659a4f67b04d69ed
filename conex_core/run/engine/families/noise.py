"""Noise: values that are drawn as torch draws them, or drawn by torch ahead of time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from conex_core.behaviors.neurons.noise import InherentNoise
from conex_core.behaviors.timing import time_step
from conex_core.distributions import Distribution, Uniform
from conex_core.helpers.sampling import mean_of
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.kernel import Row, kernel
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.mersenne import uniform
from conex_core.run.engine.taken import Given

__all__ = ["LOWERINGS"]

_NULL = np.float32(0.0)


@kernel("v, values: f4[n]; state: u4[625]; low, span, factor, shift: real")
def noise(row: Row) -> int:
    """Draw and add."""
    low, span, factor, shift = row.low, row.span, row.factor, row.shift
    v, values = row.v, row.values
    uniform(row.state, values)
    for j in range(row.n):
        v[j] = (v[j] + (values[j] * span + low) * factor) + shift
    return 0


@kernel("v: f4[n]; values: f4[most, n]; at: i8[1]; shift: real")
def drawn(row: Row) -> int:
    """Add a row that was drawn before."""
    shift, at, v = row.shift, row.at, row.v
    values = row.values[at[0]]
    for j in range(row.n):
        v[j] += values[j]
    if shift != _NULL:
        for j in range(row.n):
            v[j] += shift
    at[0] += 1
    return 0


@kernel("v, values: f4[n]; factor, shift: real")
def drift(row: Row) -> int:
    """Add fixed values."""
    factor, shift, v, values = row.factor, row.shift, row.v, row.values
    for j in range(row.n):
        v[j] = (v[j] + values[j] * factor) + shift
    return 0


def _noise(behavior: InherentNoise, group: Any, builder: ProgramBuilder) -> None:
    given, n = builder.of(group, "v"), int(group.size)
    values = builder.program.take(behavior, "_values", group)
    drawn_from = behavior._drawn
    if drawn_from is None:
        live = lambda: _drift_of(behavior, group)  # noqa: E731
        builder.add(drift, behavior, n=n, **given, values=values, live=live)
    elif isinstance(drawn_from, Uniform):
        state = builder.generator(behavior).state
        live = lambda: _spread_of(behavior, drawn_from, group)  # noqa: E731
        builder.add(noise, behavior, n=n, **given, values=values, state=state, live=live)
    else:
        builder.expect(values, "f4[n]", n=n)  # Python draws into it, as many as it has
        ahead = builder.drawn_ahead(behavior, group)
        block: Given = {"values": ahead.values, "at": ahead.row, "most": ahead.most}
        live = lambda: {"shift": _shift_of(behavior, drawn_from, group)}  # noqa: E731
        builder.add(drawn, behavior, n=n, **given, **block, live=live)


def _drift_of(behavior: InherentNoise, group: Any) -> dict[str, float]:
    dt = time_step(group)
    return {"factor": behavior.scale * dt, "shift": behavior.offset * dt}


def _spread_of(behavior: InherentNoise, values: Uniform, group: Any) -> dict[str, float]:
    return {
        "low": values.low,
        "span": values.high - values.low,
        "factor": behavior.scale * math.sqrt(time_step(group)),
        "shift": _shift_of(behavior, values, group),
    }


def _shift_of(behavior: InherentNoise, values: Distribution, group: Any) -> float:
    dt = time_step(group)
    offset, scale = float(behavior.offset), float(behavior.scale)
    return offset * dt + scale * mean_of(values) * (dt - math.sqrt(dt))


LOWERINGS: dict[type, Lowering] = {InherentNoise: _noise}
