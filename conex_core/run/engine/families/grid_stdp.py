"""STDP on grids: kernels that all positions share, and kernels of single places.

For the names of sizes see ``grid_currents``, for bounds ``limits``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from conex_core.behaviors.synapses.stdp import Conv2dSTDP, Local2dSTDP
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.families.grid_currents import GEOMETRY, span, weights_on_grids
from conex_core.run.engine.families.limits import (
    bounds_of,
    growth,
    limited,
    limits_of,
    loss,
    rates_of,
)
from conex_core.run.engine.kernel import Row, kernel, njit
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.taken import Cell, Given

__all__ = ["LOWERINGS"]

_NULL = np.float32(0.0)


@njit
def _clear(sums: Any) -> None:
    for j in range(sums.size):
        sums[j] = _NULL


@njit
def _sum_up(row: Any, listed: Any, count: Any, x: Any, total: Any) -> None:
    """Add what each spiking target sees of the sources' traces to its kernel."""
    depth, high, wide, down, across = row.depth, row.high, row.wide, row.down, row.across
    tall, broad, step, side, top, left = (
        row.tall, row.broad, row.step, row.side, row.top, row.left,
    )  # fmt: skip
    positions = down * across
    for k in range(count):
        o, at = listed[k] // positions, listed[k] % positions
        y, first = at // across * step - top, at % across * side - left
        begin, end = max(0, -first), min(broad, wide - first)
        for z in range(depth):
            for a in range(max(0, -y), min(tall, high - y)):
                cell = np.uint64(((o * depth + z) * tall + a) * broad + begin)
                line = np.uint64((z * high + y + a) * wide + first + begin)
                for b in range(np.uint64(end - begin)):
                    total[cell + b] += x[line + b]


@njit
def _sum_down(row: Any, listed: Any, count: Any, y_trace: Any, total: Any) -> None:
    """Add the traces of the targets that each spiking source reaches to their kernels."""
    depth, high, wide, outputs, down, across = (
        row.depth, row.high, row.wide, row.outputs, row.down, row.across,
    )  # fmt: skip
    tall, broad, step, side, top, left = (
        row.tall, row.broad, row.step, row.side, row.top, row.left,
    )  # fmt: skip
    plane, positions = high * wide, down * across
    for k in range(count):
        z, cell = listed[k] // plane, listed[k] % plane
        y, x = cell // wide + top, cell % wide + left
        upper, lower = span(y, tall, step, down)
        first, last = span(x, broad, side, across)
        for o in range(outputs):
            for r in range(upper, lower):
                at = ((o * depth + z) * tall + y - r * step) * broad + x - first * side
                line = np.uint64(o * positions + r * across + first)
                for c in range(np.uint64(last - first)):
                    total[np.uint64(at) - c * np.uint64(side)] += y_trace[line + c]


_RULE = (
    "weights: f4[*cells]; pre_listed: i4[sources]; pre_count: i8[1]; pre_trace: f4[sources];"
    " post_listed: i4[targets]; post_count: i8[1]; post_trace: f4[targets];"
    f" up, low_bound: int; {GEOMETRY}; grow, shrink, low, high_limit, least, most: real"
)


@kernel(f"{_RULE}; grown, shrunk: f4[cells]")
def shared_stdp(row: Row) -> int:
    """Change the kernels of planes by means over all positions."""
    mean = np.float32(row.down * row.across)
    grown, shrunk, weights = row.grown, row.shrunk, row.weights
    up, down, rise, fall = row.up, row.low_bound, row.grow, row.shrink
    low, high, least, most = row.low, row.high_limit, row.least, row.most
    _clear(grown)
    _clear(shrunk)
    _sum_up(row, row.post_listed, row.post_count[0], row.pre_trace, grown)
    _sum_down(row, row.pre_listed, row.pre_count[0], row.post_trace, shrunk)
    for q in range(weights.size):
        w = weights[q]
        gain = (grown[q] / mean) * growth(up, w, low, high, rise)
        lost = (shrunk[q] / mean) * loss(down, w, low, high, fall)
        weights[q] = limited((w + gain) - lost, least, most)
    return 0


@kernel(f"{_RULE}; pre_spikes: b1[sources]; post_spikes: b1[targets]")
def local_stdp(row: Row) -> int:
    """Change the kernels of single places."""
    depth, high, wide, outputs, down, across = (
        row.depth, row.high, row.wide, row.outputs, row.down, row.across,
    )  # fmt: skip
    tall, broad, step, side, top, left = (
        row.tall, row.broad, row.step, row.side, row.top, row.left,
    )  # fmt: skip
    plane, positions, cells = high * wide, down * across, depth * tall * broad
    sources, pre, x = row.pre_listed, row.pre_spikes, row.pre_trace
    targets, post, y = row.post_listed, row.post_spikes, row.post_trace
    up, lower_bound, rise, fall = row.up, row.low_bound, row.grow, row.shrink
    low, high_limit, weights = row.low, row.high_limit, row.weights
    for k in range(row.post_count[0]):  # both changes where the target spiked
        t = targets[k]
        at = t % positions
        y0, x0 = at // across * step - top, at % across * side - left
        for q in range(cells):
            z, r, c = q // (tall * broad), y0 + q // broad % tall, x0 + q % broad
            if 0 <= r < high and 0 <= c < wide:
                i, w = z * plane + r * wide + c, weights[t * cells + q]
                change = np.float32(pre[i]) * y[t] * loss(lower_bound, w, low, high_limit, fall)
                w = w + x[i] * growth(up, w, low, high_limit, rise)
                weights[t * cells + q] = w - change
    for k in range(row.pre_count[0]):  # and loss alone elsewhere
        z, cell = sources[k] // plane, sources[k] % plane
        r, c = cell // wide + top, cell % wide + left
        upper, lower = span(r, tall, step, down)
        first, last = span(c, broad, side, across)
        for o in range(outputs):
            for a in range(upper, lower):
                for b in range(first, last):
                    t = o * positions + a * across + b
                    if not post[t]:
                        q = t * cells + (z * tall + r - a * step) * broad + c - b * side
                        weights[q] -= y[t] * loss(lower_bound, weights[q], low, high_limit, fall)
    least, most = row.least, row.most
    if least > -np.inf or most < np.inf:
        for q in range(weights.size):
            weights[q] = limited(weights[q], least, most)
    return 0


def _shared(behavior: Conv2dSTDP, synapse: Any, builder: ProgramBuilder) -> None:
    given = _given(behavior, synapse, builder, is_shared=True)
    many = given["weights"].tensor.numel()
    sums: Given = {name: Cell(size=many, dtype=np.float32) for name in ("grown", "shrunk")}
    builder.add(shared_stdp, behavior, **given, **sums, live=lambda: _live_of(behavior))


def _local(behavior: Local2dSTDP, synapse: Any, builder: ProgramBuilder) -> None:
    given = _given(behavior, synapse, builder, is_shared=False)
    flags: Given = {
        "pre_spikes": builder.program.take(synapse, "pre_spike"),
        "post_spikes": builder.program.take(synapse, "post_spike"),
    }
    builder.add(local_stdp, behavior, **given, **flags, live=lambda: _live_of(behavior))


def _given(
    behavior: Conv2dSTDP | Local2dSTDP, synapse: Any, builder: ProgramBuilder, is_shared: bool
) -> dict[str, Any]:
    weights, geometry = weights_on_grids(synapse, builder, is_shared)
    sources, targets = int(synapse.src.size), int(synapse.dst.size)
    bounds = bounds_of(behavior)
    traces: Given = builder.of(synapse, "pre_trace", "post_trace")
    return {
        **{"weights": weights, "sources": sources, "targets": targets, **geometry, **traces},
        **builder.spikes_of(synapse, "pre_spike", sources).lists("pre_"),
        **builder.spikes_of(synapse, "post_spike", targets).lists("post_"),
        **{"up": bounds["up"], "low_bound": bounds["down"]},
    }


def _live_of(behavior: Conv2dSTDP | Local2dSTDP) -> dict[str, float]:
    rates = rates_of(behavior)
    limit = rates.pop("high")  # a size of the grid has that name
    return {**rates, "high_limit": limit, **limits_of(behavior)}


LOWERINGS: dict[type, Lowering] = {Conv2dSTDP: _shared, Local2dSTDP: _local}
