"""TimeResolution: how long one iteration is."""

from __future__ import annotations

from typing import Any

from conex_core.behavior import Behavior
from conex_core.parameters import Number

__all__ = ["TimeResolution"]


class TimeResolution(Behavior):
    """Set the duration of one iteration."""

    host = "network"
    priority = 1
    provides = ("own.dt",)
    equation = r"\Delta t"
    source = "CoNeX, behaviors.network"
    remembers = ()

    dt = Number(
        default=1.0,
        optional=True,
        unit="ms",
        above=0.0,
        symbol="Δt",
        help="Duration of one iteration; empty for 1 ms.",
    )

    def initialize(self, owner: Any) -> None:
        """Set ``owner.dt`` in ms."""
        super().initialize(owner)
        owner.dt = 1.0 if self.dt is None else self.dt
