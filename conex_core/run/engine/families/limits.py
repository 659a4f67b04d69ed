"""Limits of weights: clipping, and how bounds make a change smaller.

Bounds are 0 (none), 1 (soft) and 2 (hard); they read the weights from before a
change, like the rules in ``conex_core.behaviors.synapses``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from conex_core.behaviors.synapses.limits import WeightClip
from conex_core.behaviors.synapses.stdp import LearningRule
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.kernel import Row, kernel, njit
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.taken import Given, NotFused

__all__ = [
    "LOWERINGS",
    "bounds_of",
    "growth",
    "keep_within",
    "limited",
    "limits_of",
    "loss",
    "rates_of",
]

_NULL = np.float32(0.0)
_BOUNDS = {None: 0, "no_bound": 0, "soft_bound": 1, "hard_bound": 2}


@njit
def growth(bound: Any, w: Any, low: Any, high: Any, rate: Any) -> Any:
    """Return how much a weight grows per unit of what drives it."""
    if bound == 0:
        return rate
    if bound == 1:
        free = max(high - w, _NULL)
        return ((w - low) * free if w > low else free) * rate
    return rate if low <= w < high else _NULL * rate


@njit
def loss(bound: Any, w: Any, low: Any, high: Any, rate: Any) -> Any:
    """Return how much a weight shrinks per unit of what drives it."""
    if bound == 0:
        return rate
    if bound == 1:
        free = max(w - low, _NULL)
        return ((high - w) * free if w < high else free) * rate
    return rate if low < w <= high else _NULL * rate


@njit
def limited(w: Any, least: Any, most: Any) -> Any:
    """Return a weight within its limits."""
    low = w if w > least else least
    return low if low < most else most


@kernel("weights: f4[*n]; least, most: real")
def clip(row: Row) -> int:
    """Keep weights within limits."""
    least, most, weights = row.least, row.most, row.weights
    for j in range(weights.size):
        weights[j] = limited(weights[j], least, most)
    return 0


def rates_of(behavior: LearningRule) -> dict[str, float]:
    """Return the live arguments of a rule that is given its bounds."""
    return {
        "grow": behavior.a_plus,
        "shrink": behavior.a_minus,
        "low": behavior.w_min,
        "high": behavior.w_max,
    }


def limits_of(behavior: LearningRule) -> dict[str, float]:
    """Return the limits that the weights are kept within."""
    ends = (behavior.w_min, behavior.w_max) if behavior.clip else (-np.inf, np.inf)
    return {"least": ends[0], "most": ends[1]}


def bounds_of(behavior: LearningRule) -> Given:
    """Return the numbers of the bounds of growth and of loss.

    Raises
    ------
    NotFused
        If one is a function of the user.
    """
    bounds = (behavior.positive_bound, behavior.negative_bound)
    if any(bound not in _BOUNDS for bound in bounds):
        raise NotFused("a bound of its own has no kernel")
    return {"up": _BOUNDS[bounds[0]], "down": _BOUNDS[bounds[1]]}


def keep_within(
    behavior: WeightClip | LearningRule,
    synapse: Any,
    builder: ProgramBuilder,
    is_chosen: Callable[[], bool],
) -> None:
    """Keep all weights between w_min and w_max, unless rows wait, which are within anyway."""
    lazy = builder.lazy.get(id(synapse))
    builder.add(
        clip,
        behavior,
        weights=builder.weights_of(synapse),
        live=lambda: {"least": behavior.w_min, "most": behavior.w_max},
        is_chosen=lambda: is_chosen() and (lazy is None or not lazy.is_on),
    )


def _clip(behavior: WeightClip, synapse: Any, builder: ProgramBuilder) -> None:
    keep_within(behavior, synapse, builder, is_chosen=lambda: True)


LOWERINGS: dict[type, Lowering] = {WeightClip: _clip}
