"""Fire: threshold and reset, at its own place in the order."""

from __future__ import annotations

from typing import Any

from conex_core.behavior import Behavior

__all__ = ["Fire"]


class Fire(Behavior):
    """Let neurons at or above their threshold spike, and reset them.

    Runs the ``Fire`` method of the group's dynamics, after noise, winner-take-all
    and homeostasis have changed the potential.
    """

    priority = 340
    requires = ("own.spiking_neuron",)
    equation = r"s = [v \ge \theta];\quad v \leftarrow v_{reset} \text{ where } s"
    source = "CoNeX, behaviors.neurons; Gerstner et al. 2014, Neuronal Dynamics, section 1.3"
    remembers = ()

    def forward(self, owner: Any) -> None:
        """Update ``owner.spikes`` and reset ``owner.v`` where they are set."""
        owner.spiking_neuron.Fire(owner)
