"""Payoff and dopamine: the reward signal of a network."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behavior import Behavior
from conex_core.behaviors.timing import time_step
from conex_core.parameters import Number

__all__ = ["Dopamine", "Payoff"]


class Payoff(Behavior):
    """Give the network a payoff; subclasses set it in every iteration.

    ``network.payoff`` is the amount that arrives in one iteration: a reward that
    a subclass sets for one iteration has the same effect whatever dt is. A
    constant payoff is a rate, so ``initial_payoff`` arrives per millisecond.
    """

    host = "network"
    priority = 100
    provides = ("own.payoff",)
    equation = r"\mathrm{payoff} = r\,\Delta t"
    source = "CoNeX, behaviors.network"
    remembers = ()

    initial_payoff = Number(
        default=0.0, unit="1/ms", live=True, symbol="r", help="Payoff per ms, from the start on."
    )

    def initialize(self, owner: Any) -> None:
        """Set ``owner.payoff``, that of one iteration."""
        super().initialize(owner)
        owner.payoff = self.initial_payoff * time_step(owner)

    def parameter_changed(self, owner: Any, name: str) -> None:
        """Set the payoff to the changed value."""
        owner.payoff = self.initial_payoff * time_step(owner)


class Dopamine(Behavior):
    """Raise dopamine by the payoff of every iteration, and let it decay.

    The payoff is an amount, not a rate: one reward raises dopamine by as much
    whatever dt is.
    """

    host = "network"
    priority = 120
    requires = ("own.payoff",)
    provides = ("own.dopamine_concentration", "own.tau_dopamine")
    equation = r"d \leftarrow d\,(1 - \Delta t/\tau_d) + \mathrm{payoff}"
    source = "Izhikevich 2007, doi:10.1093/cercor/bhl152; CoNeX"
    remembers = ()

    tau_dopamine = Number(
        default=200.0, unit="ms", above=0.0, live=True, symbol="τ_d", help="Time constant of decay."
    )
    initial_dopamine_concentration = Number(
        default=None,
        optional=True,
        help="Dopamine at the start; empty for the payoff of one ms then.",
    )

    def initialize(self, owner: Any) -> None:
        """Start ``owner.dopamine_concentration``, a tensor without dimensions."""
        super().initialize(owner)
        owner.add_tag("Dopamine")
        owner.tau_dopamine = self.tau_dopamine
        first = self.initial_dopamine_concentration
        first = owner.payoff / time_step(owner) if first is None else first
        owner.dopamine_concentration = torch.zeros((), dtype=owner.def_dtype, device=owner.device)
        owner.dopamine_concentration.add_(first)

    def parameter_changed(self, owner: Any, name: str) -> None:
        """Tell the network the changed time constant."""
        owner.tau_dopamine = self.tau_dopamine

    def forward(self, owner: Any) -> None:
        """Decay, then add the payoff."""
        decay = 1 - time_step(owner) / self.tau_dopamine
        owner.dopamine_concentration.mul_(decay).add_(owner.payoff)
