"""Describe a network of objects as a document, the way the window would draw it.

Groups, synapse groups and their behaviors become nodes; structures that only
hold others become nodes without wires. Values stay what they are: tensors are
neither copied nor turned into text, and the data of an input layer stays out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from conex_core.behavior import Behavior
from conex_core.behaviors.network.resolution import TimeResolution
from conex_core.catalog import BehaviorSpec, Catalog
from conex_core.graph.model.document import (
    MAIN,
    BehaviorItem,
    Definition,
    Document,
    Link,
    Node,
    Settings,
)
from conex_core.graph.model.kinds import NEURON_GROUP, SYNAPSE_GROUP
from conex_core.graph.model.names import unique_name
from conex_core.introspect import behavior_classes, spec_of
from conex_core.structures.base import name_of
from conex_core.structures.dimension import NeuronDimension

__all__ = ["describe"]


def describe(network: Any) -> tuple[Document, Catalog]:
    """Return ``network`` as a document, and the catalog of every behavior that it may use.

    Ids of nodes are the keys of the objects (``network.key_of``); ids of items
    are the names of their classes, numbered where one has several. The catalog
    holds the classes of scripts too. Behaviors that are not of conex_core are
    in the document and not in the catalog. An end in another network is a wire
    to a node that is not there, named after the group.
    """
    return _Describer(network).described()


class _Describer:
    """Turn the objects of one network into nodes and wires."""

    def __init__(self, network: Any) -> None:
        self.network = network
        self.specs = dict(_known())
        self.kinds = {cls: cls.__name__ for cls in _known_classes()}
        self.taken = set(self.specs)

    def described(self) -> tuple[Document, Catalog]:
        network = self.network
        nodes = {node.id: node for node in self._nodes()}
        links = frozenset(
            link for synapse in network.SynapseGroups for link in self._links(synapse)
        )
        main = Definition(MAIN, "Network", nodes, links)
        document = Document(
            name=name_of(network), settings=self._settings(), definitions={MAIN: main}
        )
        return document, Catalog(self.specs)

    def _nodes(self) -> Iterator[Node]:
        groups = {id(group) for group in self.network.NeuronGroups}
        synapses = {id(synapse) for synapse in self.network.SynapseGroups}
        for owner in self.network.all_objects():
            if owner is self.network:
                continue
            kind, params = type(owner).__name__, {}
            if id(owner) in groups:
                kind = NEURON_GROUP.name
                params = {"size": _size(owner), "polarity": _polarity(owner)}
            elif id(owner) in synapses:
                kind, params = (
                    SYNAPSE_GROUP.name,
                    {"compartment": getattr(owner, "compartment", None)},
                )
            key = self.network.key_of(owner)
            yield Node(key, kind, name_of(owner), params, tuple(self._items(owner)))

    def _links(self, synapse: Any) -> Iterator[Link]:
        key = self.network.key_of(synapse)
        if synapse.src is not None:
            yield Link(self._end(synapse.src), "spikes", key, "source")
        if synapse.dst is not None:
            yield Link(key, "target", self._end(synapse.dst), "synapses")

    def _end(self, group: Any) -> str:
        group = getattr(group, "BaseNeuronGroup", group)  # of a sub-group
        if group.network is self.network:
            return str(self.network.key_of(group))
        return f"{name_of(group)} of another network"

    def _items(self, owner: Any) -> Iterator[BehaviorItem]:
        ids: set[str] = set()
        for _, behavior in sorted(owner.behavior.items(), key=lambda pair: pair[0]):
            if type(behavior) in (NeuronDimension, TimeResolution):
                continue  # told by the size and by dt
            kind = self._kind(type(behavior))
            item_id = unique_name(kind, ids)
            ids.add(item_id)
            yield BehaviorItem(item_id, kind, _values(behavior), bool(behavior.behavior_enabled))

    def _kind(self, cls: type) -> str:
        """Return the name of a class, unlike that of every other; catalogue those of scripts."""
        if cls not in self.kinds:
            self.kinds[cls] = unique_name(cls.__name__, self.taken)
            self.taken.add(self.kinds[cls])
            if issubclass(cls, Behavior):
                self.specs[self.kinds[cls]] = spec_of(cls)
        return self.kinds[cls]

    def _settings(self) -> Settings:
        network = self.network
        return Settings(
            dt=_time_step(network),
            seed=Settings().seed if network.seed is None else network.seed,
            device=str(network.device),
            dtype=str(network.def_dtype).removeprefix("torch."),
            stack=tuple(self._items(network)),
        )


@lru_cache(maxsize=1)
def _known_classes() -> tuple[type[Behavior], ...]:
    return tuple(behavior_classes())


@lru_cache(maxsize=1)
def _known() -> dict[str, BehaviorSpec]:
    return {cls.__name__: spec_of(cls) for cls in _known_classes()}


def _values(behavior: Any) -> dict[str, Any]:
    """Return the values that were set, by the constructor or later."""
    declared: Iterable[str] = getattr(behavior, "declared", behavior.init_kwargs)
    own = vars(behavior) if hasattr(behavior, "declared") else behavior.init_kwargs
    return {name: own[name] for name in declared if name in own}


def _size(group: Any) -> Any:
    if hasattr(group, "depth"):
        return (group.depth, group.height, group.width)
    return group.size


def _polarity(group: Any) -> str:
    polarity = getattr(group, "polarity", None)
    if polarity is None:
        polarity = "inhibitory" if {"inh", "GABA"} & set(group.tags) else "excitatory"
    return str(polarity)


def _time_step(network: Any) -> float:
    """Return dt in ms, which the network itself has after initialize only."""
    found = [item for item in network.behavior.values() if isinstance(item, TimeResolution)]
    return float(network.dt if not found else found[-1].dt or 1.0)
