"""Golden networks: groups and synapses as the files list them, for whichever classes hold them.

The numbers come from CoNeX, whose neurons start at v = 0 where nothing else is
said. Ours start at rest, so the loader states CoNeX's start for every behavior
that has an ``init_v``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

import conex_core
from conex_core import (
    Behavior,
    Neocortex,
    NeuronDimension,
    NeuronGroup,
    SynapseGroup,
    prioritize_behaviors,
)

__all__ = ["CASES", "FOLDER", "OURS", "ForcedSpikes", "Parts", "built", "decoded", "made"]

FOLDER = Path(os.environ.get("CONEX_GOLDEN") or Path(__file__).parent / "golden")
CASES = sorted(FOLDER.glob("*.json"))


@dataclass(frozen=True)
class Parts:
    """Name what makes the objects that hold the behaviors, as conex_core's classes do."""

    network: Any = Neocortex
    group: Any = NeuronGroup
    synapses: Any = SynapseGroup


OURS = Parts()


class ForcedSpikes(Behavior):
    """Set a group's spikes from a table, row t - 1 in iteration t."""

    priority = 340
    provides = ("own.spikes",)

    def __init__(self, rows: list[Any]) -> None:
        super().__init__()
        self.rows = torch.tensor(rows, dtype=torch.bool)

    def initialize(self, owner: Any) -> None:
        owner.spikes = torch.zeros(owner.size, dtype=torch.bool)

    def forward(self, owner: Any) -> None:
        owner.spikes.copy_(self.rows[owner.iteration - 1])


class ForcedCurrent(Behavior):
    """Add a table's row t - 1 to a group's current in iteration t."""

    priority = 250

    def __init__(self, rows: list[Any]) -> None:
        super().__init__()
        self.rows = torch.tensor(rows)

    def initialize(self, owner: Any) -> None:
        self.adds = any("own.I" in item.provides for item in owner.behavior.values())

    def forward(self, owner: Any) -> None:
        row = self.rows[owner.iteration - 1]
        if self.adds:
            owner.I.add_(row)
        else:
            owner.I.copy_(row)


class ForcedPayoff(Behavior):
    """Set the network's payoff from a table."""

    host = "network"
    priority = 100
    provides = ("own.payoff",)

    def __init__(self, first: float, rows: list[float]) -> None:
        super().__init__()
        self.first, self.rows = first, rows

    def initialize(self, owner: Any) -> None:
        owner.payoff = self.first

    def forward(self, owner: Any) -> None:
        owner.payoff = self.rows[owner.iteration - 1]


def built(case: dict[str, Any], parts: Parts = OURS) -> Any:
    """Return the network of ``case``, not initialized."""
    stack = [made(*item) for item in case.get("network_behaviors", ())]
    if "payoff_table" in case:
        stack.append(ForcedPayoff(case["initial_payoff"], case["payoff_table"]))
    network = parts.network(
        dt=case["dt"],
        dtype=getattr(torch, case.get("dtype", "float32")),
        behavior=prioritize_behaviors(stack),
    )
    groups = {item["name"]: group_of(network, item, parts) for item in case["groups"]}
    for item in case.get("synapses", ()):
        tag = f"{item['name']},{item.get('tag', 'Proximal')}"
        stack = [made(*with_entries(pair, item, groups)) for pair in item["behaviors"]]
        ends = groups[item["src"]], groups[item["dst"]]
        parts.synapses(network, *ends, tag, prioritize_behaviors(stack))
    return network


def group_of(network: Any, item: dict[str, Any], parts: Parts) -> Any:
    stack = [made(*pair) for pair in item["behaviors"]]
    if "spike_table" in item:
        stack.append(ForcedSpikes(item["spike_table"]))
    if "current_table" in item:
        stack.append(ForcedCurrent(item["current_table"]))
    size = item["size"]
    if isinstance(size, dict):
        size = NeuronDimension(**size)
    tags = ",".join([item["name"], *item.get("tags", ())])
    return parts.group(network, size, prioritize_behaviors(stack), tags)


def made(name: str, params: dict[str, Any]) -> Any:
    cls = getattr(conex_core, name)
    values = {key: decoded(value) for key, value in params.items()}
    if "init_v" in cls.declared and values.get("init_v") is None:
        values["init_v"] = 0.0
    return cls(**values)


def with_entries(pair: list[Any], synapse: dict[str, Any], groups: dict[str, Any]) -> list[Any]:
    """Return the behavior's name and arguments, with the case's sparse weights put in."""
    name = pair[0]
    if name != "WeightInitializer" or "sparse_entries" not in synapse:
        return pair
    entries = synapse["sparse_entries"]
    ends = torch.tensor([row[:2] for row in entries], dtype=torch.int64).t()
    shape = (groups[synapse["src"]].size, groups[synapse["dst"]].size)
    values = torch.tensor([row[2] for row in entries])
    return [name, {"weights": torch.sparse_coo_tensor(ends, values, shape, check_invariants=True)}]


def decoded(value: Any, listed: bool = False) -> Any:
    if isinstance(value, dict) and "tensor" in value:
        return torch.tensor(value["tensor"], dtype=getattr(torch, value["dtype"]))
    if listed and isinstance(value, list):
        return torch.tensor(value)
    return value
