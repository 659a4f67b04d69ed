"""Reward: dopamine, and what STDP would do, kept until dopamine turns it into weight."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from conex_core.behaviors.network.reward import Dopamine
from conex_core.behaviors.synapses.rstdp import (
    One2OneRSTDP,
    RewardModulated,
    SimpleRSTDP,
    SparseRSTDP,
)
from conex_core.behaviors.timing import time_step
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.families.limits import bounds_of, growth, keep_within, loss, rates_of
from conex_core.run.engine.kernel import Kernel, Row, kernel, njit
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.taken import Given, NotFused

__all__ = ["LOWERINGS"]

_NULL = np.float32(0.0)


@kernel("level: f4[]; kept, payoff: real")
def dopamine(row: Row) -> int:
    """Decay and add the payoff."""
    level = row.level
    level[()] = level[()] * row.kept + row.payoff
    return 0


@njit
def _decay(eligible: Any, kept: Any) -> None:
    for j in range(eligible.size):
        eligible[j] *= kept


@njit
def _pay(weights: Any, eligible: Any, paid: Any) -> None:
    """Turn eligibility into weight; without dopamine nothing changes."""
    if paid != _NULL:
        for j in range(weights.size):
            weights[j] += eligible[j] * paid


@njit
def _change(
    w: Any, p: Any, x: Any, q: Any, y: Any, up: Any, down: Any,
    rise: Any, fall: Any, low: Any, high: Any,
) -> Any:  # fmt: skip
    """Return what STDP would add to a weight."""
    gain = (x * np.float32(q)) * growth(up, w, low, high, rise)
    return gain - (np.float32(p) * y) * loss(down, w, low, high, fall)


_RULE = "level: f4[]; up, down: int; grow, shrink, low, high, kept, dt: real"


@kernel(
    "weights, c: f4[sources, width]; pre_spike: b1[sources]; pre_trace: f4[sources];"
    " post_spikes: b1[width]; post_listed: u4[width]; post_count: i8[1]; post_trace: f4[width];"
    + _RULE
)
def dense_reward(row: Row) -> int:
    """Change a matrix."""
    up, down, rise, fall, low, high = row.up, row.down, row.grow, row.shrink, row.low, row.high
    pre, x, post, y = row.pre_spike, row.pre_trace, row.post_spikes, row.post_trace
    listed, count, all_weights, all_eligible = (
        row.post_listed, row.post_count[0], row.weights, row.c,
    )  # fmt: skip
    kept, paid = row.kept, row.level[()] * row.dt
    for i in range(row.sources):
        weights, eligible = all_weights[i], all_eligible[i]
        _decay(eligible, kept)
        if pre[i]:
            for j in range(weights.size):
                eligible[j] += _change(
                    weights[j], pre[i], x[i], post[j], y[j], up, down, rise, fall, low, high
                )
        else:
            for k in range(count):
                j = listed[k]
                eligible[j] += x[i] * growth(up, weights[j], low, high, rise)
        _pay(weights, eligible, paid)
    return 0


@kernel(
    "starts: u4[sources+1]; targets: u4[stored]; weights, c: f4[stored]; pre_spike: b1[sources];"
    " pre_trace: f4[sources]; post_spike: b1[width]; post_count: i8[1]; post_trace: f4[width];"
    + _RULE
)
def sparse_reward(row: Row) -> int:
    """Change stored weights."""
    up, down, rise, fall, low, high = row.up, row.down, row.grow, row.shrink, row.low, row.high
    starts, targets, weights, eligible = row.starts, row.targets, row.weights, row.c
    pre, x, count = row.pre_spike, row.pre_trace, row.post_count[0]
    post, y, kept, paid = row.post_spike, row.post_trace, row.kept, row.level[()] * row.dt
    for i in range(row.sources):
        first, last = np.int64(starts[i]), np.int64(starts[i + 1])
        _decay(eligible[first:last], kept)
        if pre[i] or (count and x[i] != _NULL):
            for q in range(starts[i], starts[i + 1]):
                t = targets[q]
                if pre[i] or post[t]:
                    eligible[q] += _change(
                        weights[q], pre[i], x[i], post[t], y[t], up, down, rise, fall, low, high
                    )
        _pay(weights[first:last], eligible[first:last], paid)
    return 0


@kernel("weights, c, pre_trace, post_trace: f4[n]; pre_spike, post_spike: b1[n];" + _RULE)
def pair_reward(row: Row) -> int:
    """Change one weight per pair."""
    up, down, rise, fall, low, high = row.up, row.down, row.grow, row.shrink, row.low, row.high
    weights, eligible = row.weights, row.c
    pre, x, post, y = row.pre_spike, row.pre_trace, row.post_spike, row.post_trace
    _decay(eligible, row.kept)
    for j in range(row.n):
        eligible[j] += _change(
            weights[j], pre[j], x[j], post[j], y[j], up, down, rise, fall, low, high
        )
    _pay(weights, eligible, row.level[()] * row.dt)
    return 0


def _dopamine(behavior: Dopamine, network: Any, builder: ProgramBuilder) -> None:
    if builder.mixed:
        # A payoff is a number that no kernel can look at while others set it.
        raise NotFused("behaviors that Python calls may set the payoff")
    plain = lambda: _is_plain(getattr(network, "payoff", None))  # noqa: E731
    builder.require(network, plain, "the payoff is no single number")

    def live() -> dict[str, float]:
        return {
            "kept": 1 - time_step(network) / behavior.tau_dopamine,
            "payoff": float(network.payoff),
        }

    level = builder.program.take(network, "dopamine_concentration")
    builder.add(dopamine, behavior, level=level, live=live)


def _is_plain(payoff: Any) -> bool:
    if isinstance(payoff, torch.Tensor):
        return payoff.dim() == 0 and payoff.dtype is torch.float32 and not payoff.requires_grad
    return isinstance(payoff, int | float)


def _dense(behavior: SimpleRSTDP, synapse: Any, builder: ProgramBuilder) -> None:
    sources, width = int(synapse.src.size), int(synapse.dst.size)
    given = {
        **builder.of(synapse, "weights", "c", "pre_spike", "pre_trace", "post_trace"),
        **builder.spikes_of(synapse, "post_spike", width).given("post_"),
        **{"sources": sources, "width": width},
    }
    _add(dense_reward, behavior, synapse, builder, given)


def _sparse(behavior: SparseRSTDP, synapse: Any, builder: ProgramBuilder) -> None:
    stored = builder.stored_of(synapse)
    given = {
        **stored.given(),
        **builder.of(synapse, "c", "pre_spike", "pre_trace", "post_spike", "post_trace"),
        "post_count": builder.spikes_of(synapse, "post_spike", stored.width).count,
    }
    _add(sparse_reward, behavior, synapse, builder, given)


def _pairs(behavior: One2OneRSTDP, synapse: Any, builder: ProgramBuilder) -> None:
    given = {**builder.pairs_of(synapse), **builder.of(synapse, "c"), "n": int(synapse.src.size)}
    _add(pair_reward, behavior, synapse, builder, given)


def _add(
    kernel: Kernel,
    behavior: RewardModulated,
    synapse: Any,
    builder: ProgramBuilder,
    given: Given,
) -> None:
    def live() -> dict[str, float]:
        dt = time_step(synapse)
        return {**rates_of(behavior), "kept": 1 - dt / behavior.tau_c, "dt": dt}

    level = builder.program.take(synapse.network, "dopamine_concentration")
    builder.add(kernel, behavior, **given, level=level, **bounds_of(behavior), live=live)
    keep_within(behavior, synapse, builder, is_chosen=lambda: behavior.clip)


LOWERINGS: dict[type, Lowering] = {
    Dopamine: _dopamine,
    One2OneRSTDP: _pairs,
    SimpleRSTDP: _dense,
    SparseRSTDP: _sparse,
}
