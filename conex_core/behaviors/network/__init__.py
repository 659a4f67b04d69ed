"""Behaviors of the network."""

from conex_core.behaviors.network.resolution import TimeResolution
from conex_core.behaviors.network.reward import Dopamine, Payoff

__all__ = ["Dopamine", "Payoff", "TimeResolution"]
