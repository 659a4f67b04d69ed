"""Small networks whose inputs are given in milliseconds, so that dt alone can change."""

from __future__ import annotations

from typing import Any

import torch

from conex_core import (
    LIF,
    Behavior,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
)

GRID = (1, 2, 2)


class SpikesAt(Behavior):
    """Let all neurons spike at the given times in ms."""

    priority = 340
    provides = ("own.spikes",)

    def __init__(self, *times: float) -> None:
        super().__init__()
        self.times = times

    def initialize(self, owner: Any) -> None:
        self.iterations = {round(time / owner.network.dt) for time in self.times}
        owner.spikes = torch.zeros(owner.size, dtype=torch.bool)

    def forward(self, owner: Any) -> None:
        owner.spikes.fill_(owner.iteration in self.iterations)


class Current(Behavior):
    """Hold the input current at a value in nA."""

    priority = 250

    def __init__(self, value: float) -> None:
        super().__init__()
        self.value = value

    def forward(self, owner: Any) -> None:
        owner.I.fill_(self.value)


def neurons(
    *stack: Behavior, dt: float, size: Any = 1, dtype: torch.dtype = torch.float64
) -> NeuronGroup:
    """Return an initialised group alone in its network."""
    whole = Neocortex(dt=dt, dtype=dtype, seed=1)
    group = NeuronGroup(whole, size, list(stack), "group")
    whole.initialize()
    return group


def run(owner: Any, duration: float) -> Any:
    """Step the network of ``owner`` for ``duration`` ms and return ``owner``."""
    whole = getattr(owner, "network", owner)
    whole.simulate_iterations(round(duration / whole.dt))
    return owner


def driven(
    *currents: Behavior,
    dt: float,
    weights: Any = 2.0,
    compartment: str = "Proximal",
    dendrite: dict[str, Any] | None = None,
    times: tuple[float, ...] = (10.0,),
    to_itself: bool = False,
    density: float = 1.0,
) -> NeuronGroup:
    """Return LIF neurons (R 5, tau 10, rest 0, threshold 20) that get the spikes of others."""
    whole = Neocortex(dt=dt, dtype=torch.float64, seed=1)
    soma = [
        LIF(R=5.0, tau=10.0, v_rest=0.0, v_reset=0.0, threshold=20.0),
        SimpleDendriteStructure(),
        SimpleDendriteComputation(**(dendrite or {})),
    ]
    target = NeuronGroup(whole, GRID, [*soma, SpikesAt(*times), NeuronAxon()], "target")
    source = target
    if not to_itself:
        source = NeuronGroup(whole, GRID, [SpikesAt(*times), NeuronAxon()], "source")
    first = WeightInitializer(mode=weights, density=density)
    stack = [SynapseInit(), first, PreSpikeCatcher(), *currents]
    SynapseGroup(whole, source, target, f"syn,{compartment}", stack)
    whole.initialize()
    return target


def plastic(
    rule: Behavior,
    *,
    pre: tuple[float, ...],
    post: tuple[float, ...],
    dt: float,
    network: Any = (),
    density: float = 1.0,
    extra: Any = (),
) -> SynapseGroup:
    """Return synapses of weight 0.5 between groups that spike at given times; tau_s is 20 ms."""
    whole = Neocortex(dt=dt, dtype=torch.float64, seed=1, behavior=list(network))
    ends = [
        NeuronGroup(whole, GRID, [SpikesAt(*times), NeuronAxon()], name)
        for times, name in ((pre, "source"), (post, "target"))
    ]
    traces = [PreSpikeCatcher(), PostSpikeCatcher(), PreTrace(tau_s=20.0), PostTrace(tau_s=20.0)]
    first = WeightInitializer(mode=0.5, density=density)
    synapses = SynapseGroup(
        whole, *ends, "syn,Proximal", [SynapseInit(), first, *extra, *traces, rule]
    )
    whole.initialize()
    return synapses


def changes(synapses: SynapseGroup) -> torch.Tensor:
    """Return how far every stored weight is from the 0.5 it began with."""
    weights = synapses.weights
    stored = weights if weights.layout is torch.strided else weights.values()
    return stored - 0.5
