"""Synaptic currents as rows."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behaviors.synapses.currents import (
    BaseDendriticInput,
    One2OneDendriticInput,
    SimpleDendriticInput,
    SparseDendriticInput,
)
from conex_core.run.engine.draft import Draft
from conex_core.run.engine.program import NotFused, Reals

__all__ = ["LOWERINGS", "factor_of"]


def factor_of(behavior: BaseDendriticInput) -> Reals:
    """Return what tells the factor of a current as it is now."""
    return lambda: (behavior.current_coef * behavior.sign,)


def _dense(behavior: SimpleDendriticInput, synapse: Any, draft: Draft) -> None:
    program = draft.program
    weights, current = program.attribute(synapse, "weights"), program.attribute(synapse, "I")
    caught = draft.caught_by(synapse, "pre_spike")
    ends = (synapse.src.size, synapse.dst.size)
    numbers = (weights, caught.listed.address, caught.count.address, current)
    program.add("dense_input", *ends, *numbers, reals=factor_of(behavior), behavior=behavior)


def _pairs(behavior: One2OneDendriticInput, synapse: Any, draft: Draft) -> None:
    program = draft.program
    weights, current = program.attribute(synapse, "weights"), program.attribute(synapse, "I")
    caught = program.attribute(synapse, "pre_spike", torch.bool)
    numbers = (synapse.src.size, weights, caught, current)
    program.add("pair_input", *numbers, reals=factor_of(behavior), behavior=behavior)


def _sparse(behavior: SparseDendriticInput, synapse: Any, draft: Draft) -> None:
    program, stored = draft.program, synapse.weights
    if stored.layout is not torch.sparse_csr or stored.crow_indices().dtype is not torch.int32:
        raise NotFused("its weights are not stored by source")
    caught, current = draft.caught_by(synapse, "pre_spike"), program.attribute(synapse, "I")
    program.watch(synapse, "weights")
    starts = program.tensor(stored.crow_indices(), torch.int32)
    targets = program.tensor(stored.col_indices(), torch.int32)
    memory = (starts, targets, program.tensor(stored.values()))
    ends = (synapse.src.size, synapse.dst.size, stored.values().numel())
    spikes = (caught.listed.address, caught.count.address)
    program.add(
        "sparse_input",
        *ends,
        *memory,
        *spikes,
        current,
        reals=factor_of(behavior),
        behavior=behavior,
    )


LOWERINGS: dict[type, Any] = {
    SimpleDendriticInput: _dense,
    One2OneDendriticInput: _pairs,
    SparseDendriticInput: _sparse,
}
