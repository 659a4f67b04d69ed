"""Bounds of plastic weights: how much a change shrinks near the limits.

The named functions are CoNeX's, symmetric in both limits. A weight exactly at a
limit would never leave it again, so the learning rules use ``potentiation`` and
``depression``, which at an edge look at the limit ahead only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

__all__ = ["BOUNDS", "Bound", "depression", "hard_bound", "no_bound", "potentiation", "soft_bound"]

Bound = Callable[[torch.Tensor, float, float], Any]


def no_bound(weights: torch.Tensor, w_min: float, w_max: float) -> float:
    """Return 1: the change does not depend on the weight."""
    return 1.0


def soft_bound(weights: torch.Tensor, w_min: float, w_max: float) -> torch.Tensor:
    """Return (w - w_min)(w_max - w)."""
    return (weights - w_min) * (w_max - weights)


def hard_bound(weights: torch.Tensor, w_min: float, w_max: float) -> torch.Tensor:
    """Return 1 inside the limits and 0 outside and at them."""
    return ((weights > w_min) & (weights < w_max)).to(weights.dtype)


BOUNDS: dict[str, Bound] = {
    "hard_bound": hard_bound,
    "no_bound": no_bound,
    "soft_bound": soft_bound,
}


def potentiation(
    bound: str | Bound, weights: torch.Tensor, w_min: float, w_max: float
) -> torch.Tensor | None:
    """Return the factor of a growing weight; None stands for 1.

    At ``w_min`` only the distance to ``w_max`` counts. Outside the limits the
    soft bound never turns growth into its opposite, and the hard bound lets
    nothing change, as in CoNeX.
    """
    if bound == "soft_bound":
        free = (w_max - weights).clamp_(min=0)
        return torch.where(weights > w_min, (weights - w_min) * free, free)
    if bound == "hard_bound":
        return ((weights >= w_min) & (weights < w_max)).to(weights.dtype)
    return _other(bound, weights, w_min, w_max)


def depression(
    bound: str | Bound, weights: torch.Tensor, w_min: float, w_max: float
) -> torch.Tensor | None:
    """Return the factor of a shrinking weight; None stands for 1.

    The mirror image of :func:`potentiation`.
    """
    if bound == "soft_bound":
        free = (weights - w_min).clamp_(min=0)
        return torch.where(weights < w_max, (w_max - weights) * free, free)
    if bound == "hard_bound":
        return ((weights > w_min) & (weights <= w_max)).to(weights.dtype)
    return _other(bound, weights, w_min, w_max)


def _other(
    bound: str | Bound, weights: torch.Tensor, w_min: float, w_max: float
) -> torch.Tensor | None:
    if isinstance(bound, str) or bound is no_bound:
        return None
    return torch.as_tensor(bound(weights, w_min, w_max), dtype=weights.dtype)
