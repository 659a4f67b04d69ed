"""A group whose values say which iteration and neuron they are of."""

from __future__ import annotations

from typing import Any

import torch

from conex_core import Behavior, Neocortex, NeuronGroup

N = 4


class Counting(Behavior):
    """Let v be iteration · 10 + index, and every third neuron spike in turn."""

    priority = 260
    provides = ("own.v", "own.spikes")

    def initialize(self, owner: Any) -> None:
        owner.v = torch.zeros(N)
        owner.spikes = torch.zeros(N, dtype=torch.bool)
        owner.matrix = torch.zeros(N, 2)
        owner.payoff, owner.is_on, owner.label = 0, False, None

    def forward(self, owner: Any) -> None:
        owner.v.copy_(torch.arange(N) + 10.0 * owner.iteration)
        owner.spikes.copy_(torch.arange(N) % 3 == owner.iteration % 3)
        owner.matrix.copy_(owner.v[:, None] * torch.tensor([1, -1]))
        owner.payoff, owner.is_on = owner.iteration / 2, owner.iteration % 2 == 0


def group_with(*recorders: Behavior) -> NeuronGroup:
    group = NeuronGroup(Neocortex(), N, [Counting(), *recorders], "cells")
    group.network.initialize()
    return group


def steps(group: Any, count: int) -> Any:
    group.network.simulate_iterations(count)
    return group


def naive(iterations: list[int], neurons: Any = None) -> torch.Tensor:
    picked = range(N) if neurons is None else neurons
    return torch.tensor([[10.0 * t + i for i in picked] for t in iterations]).reshape(
        len(iterations), len(picked)
    )
