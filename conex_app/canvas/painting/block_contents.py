"""What a block holds, in numbers: read off its definition, for its face and its tip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conex_core.graph.blocks.definitions import ports_of
from conex_core.graph.blocks.opening import valued
from conex_core.graph.blocks.wire_ends import WireEnds
from conex_core.graph.model.document import Definition, Document, Node, Promoted
from conex_core.graph.model.kinds import NodePort
from conex_core.graph.model.sizes import neuron_count

__all__ = ["KIND_WORDS", "Blocks", "Contents", "Counts", "pairs_of"]

KIND_WORDS = {
    "Container": "Block",
    "Layer": "Layer",
    "CorticalLayer": "Cortical layer",
    "CorticalColumn": "Cortical column",
}


@dataclass(frozen=True)
class Counts:
    """Count what is inside, at any depth."""

    groups: int = 0
    neurons: int = 0
    inputs: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.groups + other.groups, self.neurons + other.neurons, self.inputs + other.inputs
        )


@dataclass(frozen=True)
class Contents:
    """Hold what an instance shows of the definition behind it."""

    name: str
    kind: str
    counts: Counts
    ports: tuple[NodePort, ...]
    promoted: tuple[Promoted, ...] = ()
    description: str = ""


class Blocks:
    """Look into blocks, each definition once however many instances it has."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self._definitions = definitions
        self._counts: dict[str, Counts] = {}
        self._ports: dict[str, tuple[NodePort, ...]] = {}

    def contents(self, node: Node) -> Contents | None:
        """Return what is behind an instance, with its own values; None if that is missing."""
        definition = self._definitions.get(node.of)
        if not node.is_instance or definition is None:
            return None
        return Contents(
            definition.name,
            KIND_WORDS.get(definition.kind, definition.kind),
            self._counted(node, frozenset()),
            self._ports_of(node),
            definition.promoted,
            definition.description,
        )

    def _ports_of(self, node: Node) -> tuple[NodePort, ...]:
        if node.of not in self._ports:
            self._ports[node.of] = ports_of(node, self._definitions)
        return self._ports[node.of]

    def _counted(self, node: Node, around: frozenset[str]) -> Counts:
        """Count what an instance holds; blocks that hold themselves come to nothing."""
        definition = self._definitions.get(node.of)
        if definition is None or node.of in around:
            return Counts()
        if not node.params and node.of in self._counts:
            return self._counts[node.of]
        total = Counts()
        for inner in valued(definition, node.params).values():
            if inner.is_instance:
                total += self._counted(inner, around | {node.of})
            elif inner.is_population:
                total += _one(inner)
        if not node.params:
            self._counts[node.of] = total
        return total


def pairs_of(doc: Document, level: tuple[str, ...], network: Definition) -> dict[str, str]:
    """Return how many groups each synapse group at a port of a block joins, unless one with one.

    ``network`` is what is seen at ``level`` of ``doc``.
    """
    ways, found = WireEnds(doc), dict[str, str]()
    for node_id in sorted(_at_ports(network)):
        sources, targets = ways.pairs(level, node_id)
        if (sources, targets) != (1, 1):
            found[node_id] = f"{sources} × {targets} groups"
    return found


def _at_ports(network: Definition) -> set[str]:
    """Return the synapse groups with a wire at both ends and a block or a port at one."""
    nodes = network.nodes
    if not any(_is_block_or_port(node) for node in nodes.values()):
        return set()
    ins = {link.target: link.source for link in network.links if link.target_port == "source"}
    outs = {link.source: link.target for link in network.links if link.source_port == "target"}
    return {
        key
        for key in ins.keys() & outs.keys()
        if any(_is_block_or_port(nodes.get(end)) for end in (ins[key], outs[key]))
    }


def _is_block_or_port(node: Node | None) -> bool:
    return node is not None and (node.is_instance or node.is_port)


def _one(node: Node) -> Counts:
    if node.is_input_layer:
        return Counts(inputs=1)
    return Counts(groups=1, neurons=neuron_count(node))
