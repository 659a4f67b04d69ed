"""Normalisation as rows: the sums of weights, and what they scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from conex_core.behaviors.synapses.limits import CurrentNormalization, WeightNormalization
from conex_core.run.engine.draft import Draft
from conex_core.run.engine.program import Cell, NotFused

__all__ = ["LOWERINGS"]


def _weights(behavior: WeightNormalization, synapse: Any, draft: Draft) -> None:
    kind, memory, factors = _summed(behavior, synapse, draft)
    numbers = (*memory, factors.address)
    draft.program.add(f"scale_{kind}", *numbers, behavior=behavior)


def _current(behavior: CurrentNormalization, synapse: Any, draft: Draft) -> None:
    _, _, factors = _summed(behavior, synapse, draft)
    current = draft.program.attribute(synapse, "I")
    numbers = (synapse.dst.size, current, factors.address)
    draft.program.add("scale_current", *numbers, behavior=behavior)


def _summed(
    behavior: WeightNormalization | CurrentNormalization, synapse: Any, draft: Draft
) -> tuple[str, tuple[int, ...], Cell]:
    """Add what finds the factor of each target; return the kind of weights and where they lie."""
    program, size = draft.program, synapse.dst.size
    weights = program.watch(synapse, "weights")
    memory: tuple[int, ...]
    if weights.layout is torch.strided:
        if tuple(weights.shape) != (synapse.src.size, size):
            raise NotFused("its weights are neither a matrix nor sparse")
        kind, memory = "dense", (synapse.src.size, size, program.tensor(weights))
    else:
        targets = program.tensor(weights.col_indices(), torch.int32)
        values = weights.values()
        kind, memory = "sparse", (values.numel(), size, targets, program.tensor(values))
    factors, sizes = (program.cell(size=max(size, 1), dtype=np.float32) for _ in range(2))
    program.add(
        f"{kind}_sums",
        *(*memory, factors.address, sizes.address),
        reals=lambda: (behavior.norm,),
        behavior=behavior,
    )
    return kind, memory, factors


LOWERINGS: dict[type, Any] = {
    CurrentNormalization: _current,
    WeightNormalization: _weights,
}
