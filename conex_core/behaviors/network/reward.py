"""Payoff and dopamine: the reward signal of a network."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behavior import Behavior
from conex_core.behaviors.neurons.lif import time_step
from conex_core.parameters import Number

__all__ = ["Dopamine", "Payoff"]


class Payoff(Behavior):
    """Give the network a payoff; subclasses set it in every iteration."""

    host = "network"
    priority = 100
    provides = ("own.payoff",)
    source = "CoNeX, behaviors.network"

    initial_payoff = Number(default=0.0, live=True, help="Payoff from the start on.")

    def initialize(self, owner: Any) -> None:
        """Set ``owner.payoff``."""
        super().initialize(owner)
        owner.payoff = self.initial_payoff

    def parameter_changed(self, owner: Any, name: str) -> None:
        """Set the payoff to the changed value."""
        owner.payoff = self.initial_payoff


class Dopamine(Behavior):
    """Raise dopamine by the payoff of every iteration, and let it decay."""

    host = "network"
    priority = 120
    requires = ("own.payoff",)
    provides = ("own.dopamine_concentration", "own.tau_dopamine")
    equation = r"d \leftarrow d\,(1 - \Delta t/\tau_d) + \mathrm{payoff}"
    source = "Izhikevich 2007, doi:10.1093/cercor/bhl152; CoNeX"

    tau_dopamine = Number(
        default=200.0, unit="ms", above=0.0, live=True, symbol="τ_d", help="Time constant of decay."
    )
    initial_dopamine_concentration = Number(
        default=None, optional=True, help="Dopamine at the start; empty for the payoff then."
    )

    def initialize(self, owner: Any) -> None:
        """Start ``owner.dopamine_concentration``, a tensor without dimensions."""
        super().initialize(owner)
        owner.add_tag("Dopamine")
        owner.tau_dopamine = self.tau_dopamine
        first = self.initial_dopamine_concentration
        first = owner.payoff if first is None else first
        owner.dopamine_concentration = torch.zeros((), dtype=owner.def_dtype, device=owner.device)
        owner.dopamine_concentration.add_(first)

    def forward(self, owner: Any) -> None:
        """Decay, then add the payoff."""
        decay = 1 - time_step(owner) / self.tau_dopamine
        owner.dopamine_concentration.mul_(decay).add_(owner.payoff)
