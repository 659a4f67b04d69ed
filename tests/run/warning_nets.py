"""Networks whose rates and weights are known beforehand, each worth one warning."""

from __future__ import annotations

from typing import Any

import torch

from conex_core import (
    LIF,
    Behavior,
    Fire,
    InherentNoise,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SimpleSTDP,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
    prioritize_behaviors,
)

__all__ = ["clockwork", "joined", "network", "swelling"]

_HEIGHT = 10.0  # mV from reset to threshold


def network(dt: float = 1.0, engine: str = "auto") -> Neocortex:
    """Return an empty network."""
    return Neocortex(dt=dt, seed=1, engine=engine)


def clockwork(net: Neocortex, period: int, tag: str, size: int = 8) -> NeuronGroup:
    """Return neurons that all fire together every ``period`` iterations; never for 0."""
    drift = _HEIGHT / (period - 0.5) / net.dt if period else 0.0
    stack = [_neuron(), InherentNoise(scale=0.0, offset=drift), *_ends()]
    return NeuronGroup(net, size, prioritize_behaviors(stack), tag)


def joined(
    net: Neocortex, source: NeuronGroup, target: NeuronGroup, weight: float, **rule: Any
) -> SynapseGroup:
    """Return dense synapses of one weight, which learn where a rule is given."""
    stack: list[Behavior] = [
        SynapseInit(),
        WeightInitializer(weights=torch.full((source.size, target.size), weight)),
        PreSpikeCatcher(),
        SimpleDendriticInput(),
    ]
    if rule:
        stack += [
            PostSpikeCatcher(),
            PreTrace(),
            PostTrace(),
            SimpleSTDP(**rule),
        ]
    return SynapseGroup(net, source, target, "Joined,Proximal", prioritize_behaviors(stack))


class Swells(Behavior):
    """Let as many neurons fire as make a rate that grows by ``factor`` in each 100 ms."""

    priority = 340
    catalogued = False

    def __init__(self, first: float, factor: float) -> None:
        super().__init__()
        self._first, self._factor = first, factor

    def initialize(self, owner: Any) -> None:
        """Start without spikes."""
        owner.spikes = torch.zeros(owner.size, dtype=torch.bool)

    def forward(self, owner: Any) -> None:
        """Fire in an iteration what the rate of its window asks for."""
        window = (owner.network.iteration - 1) * owner.network.dt // 100
        rate = self._first * self._factor**window  # Hz
        owner.spikes.zero_()
        owner.spikes[: round(rate * owner.size * owner.network.dt / 1000)] = True


def swelling(net: Neocortex, first: float, factor: float) -> NeuronGroup:
    """Return 1,000 neurons that fire at ``first`` Hz, and more in every 100 ms."""
    return NeuronGroup(net, 1000, prioritize_behaviors([Swells(first, factor)]), "Swelling")


def _neuron() -> LIF:
    return LIF(R=1.0, tau=1e9, threshold=_HEIGHT, v_reset=0.0, v_rest=0.0, init_v=0.0)


def _ends() -> list[Behavior]:
    return [SimpleDendriteStructure(), SimpleDendriteComputation(), Fire(), NeuronAxon()]
