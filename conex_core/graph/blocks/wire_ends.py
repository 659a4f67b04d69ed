"""Where wires really come from and go to: through the ports of blocks, to what is inside.

Nothing is flattened: only the wires asked for are followed, from one level of a
document, named by the instances around it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conex_core.graph.blocks.definitions import PORT
from conex_core.graph.model.document import Definition, Document, Link, Node

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NodePlace", "WireEnds"]

Level = tuple[str, ...]


@dataclass(frozen=True)
class NodePlace:
    """Name a node by the instances around it and its id in their innermost definition."""

    level: Level
    node: str


class WireEnds:
    """Follow wires through blocks in one document."""

    def __init__(self, doc: Document) -> None:
        self._doc = doc
        self._into: dict[str, dict[tuple[str, str], list[Link]]] = {}
        self._from: dict[str, dict[tuple[str, str], list[Link]]] = {}

    def node(self, place: NodePlace) -> Node:
        """Return the node that an end names."""
        return self._definition(place.level).node(place.node)

    def sources(self, level: Level, node_id: str, port: str) -> set[NodePlace]:
        """Return the nodes whose wires come to an input of a node, through any ports."""
        return set(self._arriving(level, node_id, port, set()))

    def targets(self, level: Level, node_id: str, port: str) -> set[NodePlace]:
        """Return the nodes that the wires of an output of a node go to, through any ports."""
        return set(self._leaving(level, node_id, port, set()))

    def behind(self, level: Level, node_id: str, port: str) -> set[NodePlace]:
        """Return the nodes that an output stands for: the node itself, or those inside it."""
        return set(self._behind(level, node_id, port, set()))

    def pairs(self, level: Level, synapses: str) -> tuple[int, int]:
        """Return how many groups a synapse group leads from and how many it leads to."""
        return (
            len(self.sources(level, synapses, "source")),
            len(self.targets(level, synapses, "target")),
        )

    def _arriving(
        self, level: Level, node_id: str, port: str, seen: set[object]
    ) -> Iterator[NodePlace]:
        mark = (level, node_id, port)
        if mark in seen:
            return
        seen.add(mark)
        for link in self._index(level)[0].get((node_id, port), ()):
            yield from self._behind(level, link.source, link.source_port, seen)

    def _behind(
        self, level: Level, node_id: str, port: str, seen: set[object]
    ) -> Iterator[NodePlace]:
        node = self._definition(level).nodes.get(node_id)
        if node is None:
            return
        if node.is_instance:
            if self._can_enter(level, node):
                yield from self._arriving((*level, node_id), port, PORT, seen)
        elif node.is_input_port:
            if level:
                yield from self._arriving(level[:-1], level[-1], node_id, seen)
        else:
            yield NodePlace(level, node_id)

    def _leaving(
        self, level: Level, node_id: str, port: str, seen: set[object]
    ) -> Iterator[NodePlace]:
        mark = (level, node_id, port)
        if mark in seen:
            return
        seen.add(mark)
        for link in self._index(level)[1].get((node_id, port), ()):
            node = self._definition(level).nodes.get(link.target)
            if node is None:
                continue
            if node.is_instance:
                if self._can_enter(level, node):
                    inner = (*level, node.id)
                    yield from self._leaving(inner, link.target_port, PORT, seen)
            elif node.is_output_port:
                if level:
                    yield from self._leaving(level[:-1], level[-1], node.id, seen)
            else:
                yield NodePlace(level, node.id)

    def _can_enter(self, level: Level, node: Node) -> bool:
        """Tell whether a block is there and does not hold itself."""
        around = {self._definition(level[:depth]).id for depth in range(len(level) + 1)}
        return node.of in self._doc.definitions and node.of not in around

    def _definition(self, level: Level) -> Definition:
        definition = self._doc.network
        for node_id in level:
            definition = self._doc.definitions[definition.nodes[node_id].of]
        return definition

    def _index(self, level: Level) -> tuple[dict[tuple[str, str], list[Link]], ...]:
        definition = self._definition(level)
        key = definition.id
        if key not in self._into:
            into, out = defaultdict(list), defaultdict(list)
            for link in definition.links:
                into[link.target, link.target_port].append(link)
                out[link.source, link.source_port].append(link)
            self._into[key], self._from[key] = into, out
        return self._into[key], self._from[key]
