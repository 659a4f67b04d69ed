"""NeuronAxon: what a group's spikes were in the last iterations."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behavior import Behavior
from conex_core.behaviors.buffers import Delay, History
from conex_core.parameters import Integer

__all__ = ["NeuronAxon"]

_UNUSED = "Kept for CoNeX scripts; {} axons have no shortest delay."


class NeuronAxon(Behavior):
    """Remember the spikes of the last iterations for synapses with delays.

    A delay d is legal when d < ``max_delay``. Delays are iterations. Left
    empty, it remembers as much as the delays of its synapses need.
    """

    priority = 380
    requires = ("own.spikes",)
    provides = ("own.axon",)
    equation = r"h_0(t) = s(t);\quad h_d(t) = s(t-d)"
    source = "CoNeX, behaviors.neurons"
    remembers = ("_history",)

    max_delay = Integer(
        default=1,
        optional=True,
        low=1,
        unit="iterations",
        help="How many iterations are remembered; empty for as many as the synapses need.",
    )
    proximal_min_delay = Integer(
        default=0, low=0, unit="iterations", help=_UNUSED.format("proximal")
    )
    distal_min_delay = Integer(default=0, low=0, unit="iterations", help=_UNUSED.format("distal"))
    apical_min_delay = Integer(default=0, low=0, unit="iterations", help=_UNUSED.format("apical"))

    def initialize(self, owner: Any) -> None:
        """Start with no spikes in the past."""
        super().initialize(owner)
        depth = self.max_delay or 1 + longest_delay(owner)
        self._history = History(depth, owner.size, torch.bool, owner.device)
        owner.axon = self

    def forward(self, owner: Any) -> None:
        """Remember this iteration's spikes."""
        self._history.push(owner.spikes)

    @property
    def depth(self) -> int:
        """Return how many iterations are remembered, this one included."""
        return self._history.depth

    @property
    def spike_history(self) -> torch.Tensor:
        """Return a copy of the history: (max_delay, N) bool, row 0 = this iteration."""
        return self._history.ordered()

    def spikes_at(self, delay: Delay) -> torch.Tensor:
        """Return the spikes of ``delay`` iterations ago, (N,) bool.

        For one whole number this is a view that the next iterations overwrite.
        """
        return self._history.at(delay)

    def get_spike(self, owner: Any, delay: torch.Tensor) -> torch.Tensor:
        """Return per neuron whether it spiked its own ``delay`` iterations ago."""
        return self._history.at(delay)


def longest_delay(group: Any) -> int:
    """Return the longest delay after which synapses read the spikes of ``group``.

    Those that leave it read them after the axonal delay, those that come in after
    the dendritic one where they catch its spikes.
    """
    leaving = group.efferent_synapses.get("All", ())
    coming = group.afferent_synapses.get("All", ())
    delays = [getattr(synapse, "src_delay", None) for synapse in leaving]
    delays += [getattr(synapse, "dst_delay", None) for synapse in coming if _looks_back(synapse)]
    return max((int(delay.max()) for delay in delays if delay is not None), default=0)


def _looks_back(synapse: Any) -> bool:
    """Tell whether ``synapse`` reads the spikes of its target, as far as it says so."""
    behaviors = synapse.behavior.values()
    return any("target.axon" in getattr(item, "requires", ("target.axon",)) for item in behaviors)
