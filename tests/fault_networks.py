"""Small networks for the faults of CoNeX: two groups that spike by a table, and one synapse."""

from __future__ import annotations

from typing import Any

import torch

from conex_core import Behavior, Neocortex, NeuronAxon, NeuronGroup, SynapseGroup, SynapseInit


class Table(Behavior):
    """Let neurons spike as a table says: row t - 1 in iteration t, the last row for ever."""

    priority = 340
    provides = ("own.spikes",)

    def __init__(self, *rows: list[int]) -> None:
        super().__init__()
        self.rows = torch.tensor(rows, dtype=torch.bool)

    def initialize(self, owner: Any) -> None:
        owner.spikes = torch.zeros(owner.size, dtype=torch.bool)

    def forward(self, owner: Any) -> None:
        owner.spikes.copy_(self.rows[min(owner.iteration, len(self.rows)) - 1])


class Reward(Behavior):
    """Give the network a payoff, a dopamine concentration, or both."""

    host = "network"
    priority = 100
    provides = ("own.payoff", "own.dopamine_concentration")

    def initialize(self, owner: Any) -> None:
        owner.payoff = owner.dopamine_concentration = torch.tensor(1.0)


def joined(
    *behaviors: Behavior,
    source: list[list[int]] | None = None,
    target: list[list[int]] | None = None,
    sizes: tuple[Any, Any] = (2, 2),
    tag: str = "syn,Proximal",
    network: Neocortex | None = None,
) -> Any:
    """Return an initialized synapse group between two groups that spike by tables."""
    network = Neocortex(seed=1) if network is None else network
    ends = []
    for name, size, rows in zip(("src", "dst"), sizes, (source, target), strict=True):
        count = torch.Size(size).numel() if isinstance(size, tuple) else size
        stack = [Table(*(rows or [[0] * count])), NeuronAxon()]
        ends.append(NeuronGroup(network, size, stack, name))
    synapses = SynapseGroup(network, *ends, tag, [SynapseInit(), *behaviors])
    network.initialize()
    return synapses


def after(steps: int, synapses: Any) -> Any:
    """Return ``synapses`` after so many iterations."""
    synapses.network.simulate_iterations(steps)
    return synapses
