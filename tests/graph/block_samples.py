"""Small networks with blocks for the tests of documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conex_core.graph import edits
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.model.document import Definition, Document, Node, Target

__all__ = [
    "SIZE",
    "bomb",
    "flat_nodes",
    "grouped",
    "instance",
    "nested",
    "of_kind",
    "port",
    "size_of",
]

SIZE = Target("exc", None, "size")


def grouped(doc: Document, *names: str, node_id: str = "box") -> Document:
    """Return ``doc`` with nodes in the block ``d_<node_id>``."""
    return edits.group(doc, names, name="Box", node_id=node_id, definition_id=f"d_{node_id}")


def nested(doc: Document, *names: str) -> Document:
    """Return ``doc`` with nodes in the block ``one``, in ``two``, in ``three``."""
    doc = grouped(doc, *names, node_id="one")
    doc = grouped(doc, "one", node_id="two")
    return grouped(doc, "two", node_id="three")


def instance(doc: Document, definition_id: str, node_id: str) -> Document:
    return edits.add_instance(doc, definition_id, node_id=node_id)


def of_kind(definition: Definition, kind: str) -> list[Node]:
    return [node for node in definition.nodes.values() if node.kind == kind]


def port(doc: Document, definition_id: str, name: str) -> Node:
    nodes = doc.definition(definition_id).nodes.values()
    return next(node for node in nodes if node.name == name and node.kind.endswith("Port"))


def flat_nodes(doc: Document) -> Mapping[str, Node]:
    return flatten(doc).document.network.nodes


def size_of(doc: Document, flat_id: str) -> Any:
    return flat_nodes(doc)[flat_id].params.get("size")


def bomb(levels: int, copies: int) -> Document:
    """Return a network of ``copies`` to the power of ``levels`` groups."""
    doc = Document()
    for level in range(levels + 1):
        inner = {
            f"n{copy}": Node(f"n{copy}", "Instance", f"N{copy}", of=f"d{level + 1}")
            for copy in range(copies)
        }
        if level == levels:
            inner = {"g": Node("g", "NeuronGroup", "G")}
        doc = doc.with_definition(Definition(f"d{level}", f"D{level}", inner))
    top = Node("top", "Instance", "Top", of="d0")
    return doc.with_network(Definition("main", "Network", {"top": top}))
