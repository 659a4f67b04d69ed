"""The order of behaviors inside one iteration, by the numbers of the field.

The numbers live on the classes (``priority``, inherited by subclasses). For
scripts that look them up by class name, the catalog gives them when a table is
first touched. Smaller runs first, across all objects of the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from conex_core import catalog
from conex_core.errors import StructureError

if TYPE_CHECKING:
    from conex_core.behavior import Behavior
    from conex_core.catalog import Host

__all__ = [
    "ALL_PRIORITIES",
    "LAYER_PRIORITIES",
    "NETWORK_PRIORITIES",
    "NEURON_PRIORITIES",
    "SYNAPSE_PRIORITIES",
    "prioritize_behaviors",
]

NETWORK_PRIORITIES: Mapping[str, int]
NEURON_PRIORITIES: Mapping[str, int]
LAYER_PRIORITIES: Mapping[str, int]
SYNAPSE_PRIORITIES: Mapping[str, int]
ALL_PRIORITIES: Mapping[str, int]

# What scripts look up and no catalog lists: bases of behaviors, and names that CoNeX had.
_UNLISTED: dict[str, dict[str, int]] = {
    "NEURON_PRIORITIES": {"NeuronDimension": 0, "NeuronDynamic": 260},
    "SYNAPSE_PRIORITIES": {"BaseDendriticInput": 180, "LearningRule": 500, "BaseLearning": 500},
}
_HOSTS: dict[str, Host] = {
    "NETWORK_PRIORITIES": "network",
    "NEURON_PRIORITIES": "neurons",
    "LAYER_PRIORITIES": "layer",
    "SYNAPSE_PRIORITIES": "synapses",
}
_RECORDERS = "conex_core.behaviors.recording"  # on any object, after all that they could record

# Far below the distance of two priorities, and exact in binary for a million of them.
_STEP = 2.0**-20


def __getattr__(name: str) -> Mapping[str, int]:
    if name in __all__:
        return tables()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def tables() -> Mapping[str, Mapping[str, int]]:
    """Return the tables by name, each from the names of classes to their priorities."""
    specs = catalog.load().behaviors.values()
    found = {
        table: {
            **_UNLISTED.get(table, {}),
            **{
                spec.name: spec.priority
                for spec in specs
                if spec.host == host and not spec.module.startswith(_RECORDERS)
            },
        }
        for table, host in _HOSTS.items()
    }
    everything = {name: number for table in found.values() for name, number in table.items()}
    recorders = {s.name: s.priority for s in specs if s.module.startswith(_RECORDERS)}
    return {**found, "ALL_PRIORITIES": everything | recorders}


def prioritize_behaviors(behaviors: Iterable[Behavior]) -> dict[int, Behavior]:
    """Return ``behaviors`` keyed by their priorities, all of them kept.

    The first behavior of a priority has the whole number as its key
    (``result[260]``); later ones of the same priority follow it in the given
    order, on keys a tiny fraction above it.

    Raises
    ------
    StructureError
        If a class has no priority; the message names it.
    """
    counts: dict[int, int] = {}
    found: dict[Any, Behavior] = {}
    for behavior in behaviors:
        priority = priority_of(behavior)
        nth = counts.get(priority, 0)
        found[priority + nth * _STEP if nth else priority] = behavior
        counts[priority] = nth + 1
    return {key: found[key] for key in sorted(found)}


def priority_of(behavior: Any) -> int:
    """Return the priority of ``behavior``, or raise StructureError."""
    name = type(behavior).__name__
    priority = getattr(behavior, "priority", None)
    if priority is None:
        priority = tables()["ALL_PRIORITIES"].get(name)
    if isinstance(behavior, type) or not isinstance(priority, int):
        hint = "give the class an attribute priority, such as priority = 260"
        if isinstance(behavior, type):
            name, hint = behavior.__name__, f"pass an object: {behavior.__name__}(...)"
        raise StructureError(name, "has no place in the order of behaviors", hint=hint)
    return priority
