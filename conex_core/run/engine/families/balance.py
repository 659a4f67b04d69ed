"""Inhibitory rules: weights that bring the targets to a rate, for every kind of weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from conex_core.behaviors.synapses.istdp import (
    InhibitoryRule,
    One2OneiSTDP,
    SimpleiSTDP,
    SparseiSTDP,
)
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.kernel import Row, kernel, njit
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.program import Live
from conex_core.run.engine.spiking import source_of

__all__ = ["LOWERINGS"]


@njit
def _distance(aim: Any, trace: Any, sign: Any, rate: Any) -> Any:
    """Return what a source spike brings: how far a target is from its aim."""
    return ((aim - trace) * sign) * rate


@kernel(
    "weights: f4[sources, width]; pre_listed: u4[sources]; pre_count: i8[1];"
    " pre_trace: f4[sources]; post_listed: u4[width]; post_count: i8[1]; post_trace: f4[width];"
    " aim, sign, rate: real"
)
def dense_balance(row: Row) -> int:
    """Change a matrix towards a rate of the targets."""
    weights, spiking, x = row.weights, row.pre_listed, row.pre_trace
    caught, count, y = row.post_listed, row.post_count[0], row.post_trace
    aim, sign, rate = row.aim, row.sign, row.rate
    for k in range(row.pre_count[0]):
        own = weights[spiking[k]]
        for j in range(own.size):
            own[j] += _distance(aim, y[j], sign, rate)
    if count:
        for i in range(row.sources):
            own, grown = weights[i], x[i] * rate
            for k in range(count):
                own[caught[k]] += grown
    return 0


@kernel(
    "starts: u4[sources+1]; targets: u4[stored]; weights: f4[stored]; firsts: u4[width+1];"
    " places: u4[stored]; pre_listed: u4[sources]; pre_count: i8[1]; pre_trace: f4[sources];"
    " post_listed: u4[width]; post_count: i8[1]; post_trace: f4[width]; aim, sign, rate: real"
)
def sparse_balance(row: Row) -> int:
    """Change stored weights towards a rate of the targets."""
    starts, targets, weights, firsts, places = (
        row.starts, row.targets, row.weights, row.firsts, row.places,
    )  # fmt: skip
    spiking, x, caught, y = row.pre_listed, row.pre_trace, row.post_listed, row.post_trace
    aim, sign, rate = row.aim, row.sign, row.rate
    for k in range(row.pre_count[0]):
        i = spiking[k]
        for q in range(starts[i], starts[i + np.uint32(1)]):
            weights[q] += _distance(aim, y[targets[q]], sign, rate)
    for k in range(row.post_count[0]):
        t = caught[k]
        for place in range(firsts[t], firsts[t + np.uint32(1)]):
            q = places[place]
            weights[q] += x[source_of(starts, np.int64(q))] * rate
    return 0


@kernel(
    "weights, pre_trace, post_trace: f4[n]; pre_spike, post_spike: b1[n]; aim, sign, rate: real"
)
def pair_balance(row: Row) -> int:
    """Change one weight per pair towards a rate of its target."""
    weights, pre, x, post, y = (
        row.weights, row.pre_spike, row.pre_trace, row.post_spike, row.post_trace,
    )  # fmt: skip
    aim, sign, rate = row.aim, row.sign, row.rate
    for j in range(row.n):
        sent = np.float32(pre[j]) * _distance(aim, y[j], sign, rate)
        weights[j] = (weights[j] + sent) + (x[j] * rate) * np.float32(post[j])
    return 0


def _dense(behavior: SimpleiSTDP, synapse: Any, builder: ProgramBuilder) -> None:
    sources, width = int(synapse.src.size), int(synapse.dst.size)
    builder.add(
        dense_balance,
        behavior,
        sources=sources,
        width=width,
        **builder.of(synapse, "weights", "pre_trace", "post_trace"),
        **builder.spikes_of(synapse, "pre_spike", sources).lists("pre_"),
        **builder.spikes_of(synapse, "post_spike", width).lists("post_"),
        live=_aim_of(behavior),
    )


def _sparse(behavior: SparseiSTDP, synapse: Any, builder: ProgramBuilder) -> None:
    stored = builder.stored_of(synapse)
    builder.add(
        sparse_balance,
        behavior,
        **stored.given_by_target(),
        **builder.spikes_of(synapse, "pre_spike", stored.sources).lists("pre_"),
        **builder.spikes_of(synapse, "post_spike", stored.width).lists("post_"),
        **builder.of(synapse, "pre_trace", "post_trace"),
        live=_aim_of(behavior),
    )


def _pairs(behavior: One2OneiSTDP, synapse: Any, builder: ProgramBuilder) -> None:
    given = builder.pairs_of(synapse)
    n = int(synapse.src.size)
    builder.add(pair_balance, behavior, n=n, **given, live=_aim_of(behavior))


def _aim_of(behavior: InhibitoryRule) -> Live:
    return lambda: {"aim": behavior._aim, "sign": behavior._sign, "rate": behavior.lr}


LOWERINGS: dict[type, Lowering] = {
    One2OneiSTDP: _pairs,
    SimpleiSTDP: _dense,
    SparseiSTDP: _sparse,
}
