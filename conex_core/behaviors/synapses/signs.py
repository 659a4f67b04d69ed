"""Whether the weights of a synapse group still do what its source stands for."""

from __future__ import annotations

from typing import Any

from conex_core.behaviors.synapses.storage import is_by_source

__all__ = ["crossed_zero"]


def crossed_zero(synapses: Any) -> bool:
    """Tell whether weights of an excitatory group are below zero, so that spikes inhibit.

    Reads every weight once; False where there are none, or where the source inhibits.
    """
    weights = getattr(synapses, "weights", None)
    if weights is None or getattr(synapses.src, "polarity", "excitatory") != "excitatory":
        return False
    values = weights.values() if is_by_source(weights) else weights
    return bool(values.numel()) and bool(values.min() < 0)
