"""Dopamine and learning by reward as rows."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behaviors.network.reward import Dopamine
from conex_core.behaviors.synapses.rstdp import (
    One2OneRSTDP,
    RewardModulated,
    SimpleRSTDP,
    SparseRSTDP,
)
from conex_core.behaviors.timing import time_step
from conex_core.run.engine.draft import Draft
from conex_core.run.engine.lowering.plasticity import bounds_of, keep_within, rates
from conex_core.run.engine.program import NotFused

__all__ = ["LOWERINGS"]


def _dopamine(behavior: Dopamine, network: Any, draft: Draft) -> None:
    if draft.mixed:
        # A payoff is a number that no kernel can look at while others set it.
        raise NotFused("behaviors that Python calls may set the payoff")
    if torch.as_tensor(network.payoff).dim():
        raise NotFused("the payoff is no single number")

    def reals() -> tuple[float, float]:
        return (1 - time_step(network) / behavior.tau_dopamine, float(network.payoff))

    draft.program.add("dopamine", _level(network, draft), reals=reals, behavior=behavior)


def _dense(behavior: SimpleRSTDP, synapse: Any, draft: Draft) -> None:
    program = draft.program
    memory = (program.attribute(synapse, "weights"), *_reward(synapse, draft))
    post = draft.caught_by(synapse, "post_spike")
    sources, targets = _ends(synapse, draft)
    lists = (post.listed.address, post.count.address)
    numbers = (synapse.src.size, synapse.dst.size, *memory, *sources, *lists, *targets)
    _add("dense_reward", behavior, synapse, draft, numbers)


def _sparse(behavior: SparseRSTDP, synapse: Any, draft: Draft) -> None:
    program, weights = draft.program, draft.program.watch(synapse, "weights")
    if weights.layout is not torch.sparse_csr or weights.crow_indices().dtype is not torch.int32:
        raise NotFused("its weights are not stored by source")
    values, indices = weights.values(), (weights.crow_indices(), weights.col_indices())
    sources, targets = _ends(synapse, draft)
    numbers = (
        *(synapse.src.size, synapse.dst.size, values.numel()),
        *(program.tensor(index, torch.int32) for index in indices),
        *(program.tensor(values), *_reward(synapse, draft), *sources),
        *(draft.caught_by(synapse, "post_spike").count.address, *targets),
    )
    _add("sparse_reward", behavior, synapse, draft, numbers)


def _pairs(behavior: One2OneRSTDP, synapse: Any, draft: Draft) -> None:
    memory = (draft.program.attribute(synapse, "weights"), *_reward(synapse, draft))
    sources, targets = _ends(synapse, draft)
    numbers = (synapse.src.size, *memory, *sources, *targets)
    _add("pair_reward", behavior, synapse, draft, numbers)


def _add(
    kernel: str, behavior: RewardModulated, synapse: Any, draft: Draft, numbers: tuple[int, ...]
) -> None:
    def reals() -> tuple[float, ...]:
        dt = time_step(synapse)
        return (*rates(behavior)[:4], 1 - dt / behavior.tau_c, dt)

    bounds = bounds_of(behavior)
    draft.program.add(kernel, *numbers, *bounds, reals=reals, behavior=behavior)
    keep_within(behavior, synapse, draft, is_chosen=lambda: behavior.clip)


def _reward(synapse: Any, draft: Draft) -> tuple[int, int]:
    """Return where the eligibility and the dopamine lie."""
    return (draft.program.attribute(synapse, "c"), _level(synapse.network, draft))


def _level(network: Any, draft: Draft) -> int:
    if draft.program.watch(network, "dopamine_concentration").numel() != 1:
        raise NotFused("dopamine_concentration is no single number")
    return draft.program.attribute(network, "dopamine_concentration")


def _ends(synapse: Any, draft: Draft) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where the spikes and the trace of the sources lie, and those of the targets."""
    program = draft.program
    flags = [program.attribute(synapse, f"{end}_spike", torch.bool) for end in ("pre", "post")]
    traces = [program.attribute(synapse, f"{end}_trace") for end in ("pre", "post")]
    return (flags[0], traces[0]), (flags[1], traces[1])


LOWERINGS: dict[type, Any] = {
    Dopamine: _dopamine,
    One2OneRSTDP: _pairs,
    SimpleRSTDP: _dense,
    SparseRSTDP: _sparse,
}
