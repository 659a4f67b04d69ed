"""Time: how long an iteration is, and how many of them a duration takes."""

from __future__ import annotations

from typing import Any

from conex_core.counting import iterations_of

__all__ = ["iterations_in", "time_step"]


def time_step(owner: Any) -> float:
    """Return the duration of one iteration in ms; 1 where the network has none."""
    return getattr(owner.network, "dt", 1.0)


def iterations_in(duration: float, owner: Any) -> int:
    """Return how many iterations last ``duration`` ms: the nearest, and at least one."""
    return iterations_of(duration, time_step(owner))
