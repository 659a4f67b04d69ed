"""NeuronAxon: what a group's spikes were in the last iterations."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behavior import Behavior
from conex_core.behaviors.buffers import Delay, History
from conex_core.parameters import Integer

__all__ = ["NeuronAxon"]

_UNUSED = "Kept for CoNeX scripts; has no effect."


class NeuronAxon(Behavior):
    """Remember the spikes of the last iterations for synapses with delays.

    A delay d is legal when d < ``max_delay``. Delays are iterations.
    """

    priority = 380
    requires = ("own.spikes",)
    provides = ("own.axon",)
    equation = r"h_0(t) = s(t);\quad h_d(t) = s(t-d)"
    source = "CoNeX, behaviors.neurons"

    max_delay = Integer(
        default=1, low=1, unit="iterations", help="How many iterations are remembered."
    )
    proximal_min_delay = Integer(default=0, low=0, unit="iterations", help=_UNUSED)
    distal_min_delay = Integer(default=0, low=0, unit="iterations", help=_UNUSED)
    apical_min_delay = Integer(default=0, low=0, unit="iterations", help=_UNUSED)

    def initialize(self, owner: Any) -> None:
        """Start with no spikes in the past."""
        super().initialize(owner)
        self._history = History(self.max_delay, owner.size, torch.bool, owner.device)
        owner.axon = self

    def forward(self, owner: Any) -> None:
        """Remember this iteration's spikes."""
        self._history.push(owner.spikes)

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
