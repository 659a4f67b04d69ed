"""STDP of weights that are stored sparse or one to one."""

from __future__ import annotations

from typing import Any

import numpy as np

from conex_core.behaviors.synapses.stdp import One2OneSTDP, SparseSTDP
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.families.limits import (
    bounds_of,
    growth,
    keep_within,
    limited,
    limits_of,
    loss,
    rates_of,
)
from conex_core.run.engine.kernel import Row, kernel
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.spiking import source_of

__all__ = ["LOWERINGS"]


@kernel(
    "starts: u4[sources+1]; targets: u4[stored]; weights: f4[stored]; firsts: u4[width+1];"
    " places: u4[stored]; pre_spikes: b1[sources]; pre_listed: u4[sources]; pre_count: i8[1];"
    " pre_trace: f4[sources]; post_spikes: b1[width]; post_listed: u4[width]; post_count: i8[1];"
    " post_trace: f4[width]; up, down: int; grow, shrink, low, high: real"
)
def sparse_stdp(row: Row) -> int:
    """Change stored weights of the sources and of the targets that spiked."""
    starts, targets, weights, firsts, places = (
        row.starts, row.targets, row.weights, row.firsts, row.places,
    )  # fmt: skip
    spiking, pre, x = row.pre_listed, row.pre_spikes, row.pre_trace
    caught, post, y = row.post_listed, row.post_spikes, row.post_trace
    up, down, rise, fall, low, high = row.up, row.down, row.grow, row.shrink, row.low, row.high
    for k in range(row.post_count[0]):  # both changes where the target spiked
        t = caught[k]
        for place in range(firsts[t], firsts[t + np.uint32(1)]):
            q = places[place]
            i, w = source_of(starts, np.int64(q)), weights[q]
            changed = w + x[i] * growth(up, w, low, high, rise)
            if pre[i]:
                changed = changed - y[t] * loss(down, w, low, high, fall)
            weights[q] = changed
    for k in range(row.pre_count[0]):  # and loss alone elsewhere
        i = spiking[k]
        for q in range(starts[i], starts[i + np.uint32(1)]):
            if not post[targets[q]]:
                weights[q] -= y[targets[q]] * loss(down, weights[q], low, high, fall)
    return 0


@kernel(
    "weights, pre_trace, post_trace: f4[n]; pre_spike, post_spike: b1[n]; up, down: int;"
    " grow, shrink, low, high, least, most: real"
)
def pair_stdp(row: Row) -> int:
    """Change one weight per pair."""
    up, down, rise, fall, low, high = row.up, row.down, row.grow, row.shrink, row.low, row.high
    weights, pre, x, post, y = (
        row.weights, row.pre_spike, row.pre_trace, row.post_spike, row.post_trace,
    )  # fmt: skip
    least, most = row.least, row.most
    for j in range(row.n):
        w = weights[j]
        gain = (x[j] * np.float32(post[j])) * growth(up, w, low, high, rise)
        lost = (np.float32(pre[j]) * y[j]) * loss(down, w, low, high, fall)
        weights[j] = limited((w + gain) - lost, least, most)
    return 0


def _sparse(behavior: SparseSTDP, synapse: Any, builder: ProgramBuilder) -> None:
    stored = builder.stored_of(synapse)
    builder.add(
        sparse_stdp,
        behavior,
        **stored.given_by_target(),
        **builder.spikes_of(synapse, "pre_spike", stored.sources).given("pre_"),
        **builder.spikes_of(synapse, "post_spike", stored.width).given("post_"),
        **builder.of(synapse, "pre_trace", "post_trace"),
        **bounds_of(behavior),
        live=lambda: rates_of(behavior),
    )
    keep_within(behavior, synapse, builder, is_chosen=lambda: behavior.clip)


def _pairs(behavior: One2OneSTDP, synapse: Any, builder: ProgramBuilder) -> None:
    builder.add(
        pair_stdp,
        behavior,
        n=int(synapse.src.size),
        **builder.pairs_of(synapse),
        **bounds_of(behavior),
        live=lambda: {**rates_of(behavior), **limits_of(behavior)},
    )


LOWERINGS: dict[type, Lowering] = {One2OneSTDP: _pairs, SparseSTDP: _sparse}
