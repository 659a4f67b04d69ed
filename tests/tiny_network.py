"""Tiny networks for one behavior: what it requires is looked up in the catalog and added."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import torch

import conex_core.introspect
from conex_core import Behavior, InputLayer, Neocortex, NeuronGroup, SynapseGroup
from conex_core.parameters import Flag, Integer, Integers, Option, Parameter

CLASSES = {cls.__name__: cls for cls in conex_core.introspect.behavior_classes()}

# What a class needs beyond its defaults, and what its companions need for its sake.
EXAMPLES: dict[str, dict[str, Any]] = {
    "WeightInitializer": {"mode": "rand"},
    "DelayInitializer": {"delays": 0},
    "VoltageBaseHomeostasis": {"target_voltage": -60.0},
    # What every object has; their defaults are what only some behaviors make.
    "Recorder": {"variables": "size"},
    "EventRecorder": {"variables": "size"},
}
SPARSE = {"WeightInitializer": {"mode": "rand", "density": 0.5}}
ONE_TO_ONE = {"WeightInitializer": {"mode": "rand", "weight_shape": (4,)}}
COMPANIONS = {name: SPARSE for name in CLASSES if name.startswith("Sparse")}
COMPANIONS |= {name: ONE_TO_ONE for name in CLASSES if name.startswith("One2One")}

# Connections of a group with itself.
LOOPS = {"LateralDendriticInput"}

SIZE = (1, 2, 2)
FRAMES = torch.tensor([[[[1, 0], [0, 1]], [[1, 1], [0, 0]]]], dtype=torch.bool)  # (1, T, H, W)


class Spiking(Behavior):
    """Let every second neuron spike in every second iteration."""

    priority = 340
    provides = ("own.spikes",)

    def initialize(self, owner: Any) -> None:
        owner.spikes = torch.zeros(owner.size, dtype=torch.bool)

    def forward(self, owner: Any) -> None:
        owner.spikes.fill_(False)
        owner.spikes[owner.iteration % 2 :: 2] = True


def example(cls: type[Behavior], **changes: Any) -> Behavior:
    """Return a working object of ``cls``."""
    values = {name: valid(item) for name, item in cls.declared.items() if item.required}
    return cls(**{**values, **EXAMPLES.get(cls.__name__, {}), **changes})


def valid(parameter: Parameter) -> Any:
    """Return a value that a required parameter accepts."""
    match parameter:
        case Flag():
            return True
        case Option():
            return parameter.options[0]
        case Integer() | Integers():
            return int(max(parameter.low or 1, 1))
    return 1.0


def network_with(
    cls: type[Behavior],
    *,
    without: str = "",
    flat: bool = False,
    seed: int | None = 5,
    changes: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[Neocortex, Any, Behavior]:
    """Return a network, the object with a ``cls`` behavior, and that behavior.

    ``without`` is a requirement that nothing shall fulfil; ``flat`` gives the
    groups no grid; ``changes`` are parameters of the behavior.
    """
    network = Neocortex(seed=seed)
    behavior = example(cls, **changes)
    size: Any = 4 if flat else SIZE
    needed = [item for item in cls.requires if item != without]
    if cls.host == "network":
        owner: Any = network
        for item in companions(needed, "own", cls, "network", without):
            network.add_behavior(item.priority, item, initialize=False)
        network.add_behavior(key_after(network, cls), behavior, initialize=False)
        return network, owner, behavior
    for item in companions(needed, "network", cls, "network", without):
        network.add_behavior(item.priority, item, initialize=False)
    if cls.host == "layer":
        behavior = example(cls, dataloader=batches())
        return network, InputLayer(network, behavior=[behavior], sensory_size=4), behavior
    if cls.host == "neurons":
        owner = neuron_group(network, cls, behavior, needed, without, size)
    else:
        owner = synapse_group(network, cls, behavior, needed, without, size)
    return network, owner, behavior


def batches() -> list[tuple[torch.Tensor, torch.Tensor]]:
    return [(FRAMES, torch.tensor([3]))]


def neuron_group(
    network: Neocortex, cls: type, behavior: Behavior, needed: list[str], without: str, size: Any
) -> NeuronGroup:
    stack = companions(needed, "own", cls, "neurons", without)
    group = NeuronGroup(network, size, [*stack, behavior], "tested")
    if any(item.startswith("layer.") for item in needed):
        loader = [(FRAMES, FRAMES, torch.tensor([3]))]
        group.input_layer = InputLayer(network, loader, have_location=True)
    return group


def synapse_group(
    network: Neocortex, cls: type, behavior: Behavior, needed: list[str], without: str, size: Any
) -> SynapseGroup:
    own = companions(needed, "own", cls, "synapses", without)
    wanted = [*needed, *(item for one in own for item in one.requires if item != without)]
    ends = []
    for end in ("source", "target"):
        stack = companions(wanted, end, cls, "neurons", without)
        ends.append(NeuronGroup(network, size, [*stack, Spiking()], end))
    if cls.__name__ in LOOPS:
        ends = [ends[0], ends[0]]
    return SynapseGroup(network, *ends, "tested,Proximal", [*own, behavior])


def companions(needed: list[str], place: str, cls: type, host: str, without: str) -> list[Behavior]:
    """Return the behaviors of ``host`` that provide what is needed at ``place``."""
    found: dict[str, Behavior] = {}
    blocked = without.replace(f"{place}.", "own.") if without.startswith(f"{place}.") else ""
    open_list = [item.partition(".")[2] for item in needed if item.startswith(f"{place}.")]
    while open_list:
        wanted = open_list.pop()
        provider = provider_of(wanted, host, cls)
        if provider is None or provider.__name__ in found or blocked in provider.provides:
            continue
        changes = COMPANIONS.get(cls.__name__, {}).get(provider.__name__, {})
        found[provider.__name__] = example(provider, **changes)
        open_list += [i.partition(".")[2] for i in provider.requires if i.startswith("own.")]
    return list(found.values())


def provider_of(attribute: str, host: str, asking: type) -> type[Behavior] | None:
    fitting = [
        cls
        for name, cls in sorted(CLASSES.items())
        if cls.host == host and f"own.{attribute}" in cls.provides and cls is not asking
    ]
    # One of the same family (Local2d...), else the plainest: fewest requirements of its own.
    return min(fitting, key=lambda cls: (not related(cls, asking), len(cls.requires)), default=None)


def related(first: type, second: type) -> bool:
    return first.__name__[:6] == second.__name__[:6]


def key_after(owner: Any, cls: type[Behavior]) -> float:
    key: float = cls.priority or 0
    while key in owner.behavior:
        key += 0.001
    return key
