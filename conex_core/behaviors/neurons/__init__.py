"""Behaviors of neuron groups."""

from conex_core.behaviors.neurons.fire import Fire
from conex_core.behaviors.neurons.lif import LIF

__all__ = ["LIF", "Fire"]
