"""States of former versions, brought to the form that they have now.

Sparse weights were stored target after target, beside ``src_idx`` and ``dst_idx``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from conex_core.behaviors.synapses.storage import by_source

__all__ = ["by_source_now"]

_ENDS = ("src_idx", "dst_idx")


def by_source_now(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the variables of one object with its weights, and what goes with them, by source."""
    weights = values.get("weights")
    if not isinstance(weights, torch.Tensor) or weights.layout is not torch.sparse_csc:
        return values
    now = {name: value for name, value in values.items() if name not in _ENDS}
    for name, value in now.items():
        if _goes_with(weights, name, value):
            now[name] = _turned(weights, value)
    return {**now, "weights": by_source(weights)}


def _goes_with(weights: torch.Tensor, name: str, value: Any) -> bool:
    """Tell whether ``value`` has one number for each stored weight."""
    count = len(weights.values())
    if not isinstance(value, torch.Tensor) or value.shape != (count,):
        return False
    # As many weights as neurons: then only the name can tell.
    return name == "c" or count not in weights.shape


def _turned(weights: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """Return ``value``, whose numbers go with ``weights`` by target, in the order by source."""
    parts = (weights.ccol_indices(), weights.row_indices(), value)
    listed = torch.sparse_compressed_tensor(
        *parts, weights.shape, layout=weights.layout, check_invariants=False
    )
    values: torch.Tensor = by_source(listed).values()
    return values
