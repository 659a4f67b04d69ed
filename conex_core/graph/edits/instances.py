"""Edits of instances and of what they show: insert, make unique, rename, remove.

All act on the main network, or on a definition through ``blocks.within``.
"""

from __future__ import annotations

from dataclasses import replace

from conex_core.errors import StructureError
from conex_core.graph.blocks.definitions import instances_of, refuse_cycle
from conex_core.graph.edits.nodes import place, rename
from conex_core.graph.model.document import MAIN, Definition, Document, Node, new_id
from conex_core.graph.model.kinds import INSTANCE
from conex_core.graph.model.names import unique_name

__all__ = [
    "add_instance",
    "definition_of",
    "make_unique",
    "remove_definition",
    "rename_instance",
    "set_definition",
]


def add_instance(
    doc: Document,
    definition_id: str,
    *,
    name: str | None = None,
    at: tuple[float, float] = (0.0, 0.0),
    node_id: str | None = None,
    inside: str = MAIN,
) -> Document:
    """Return ``doc`` with one more instance of a definition.

    ``inside`` is the definition that stands in for the main network, if one does.

    Raises
    ------
    StructureError
        If the definition would hold itself.
    """
    definition = doc.definition(definition_id)
    refuse_cycle(doc, inside, definition_id)
    taken = {node.name for node in doc.network.nodes.values()}
    called = unique_name(name or definition.name, taken)
    node = Node(node_id or new_id(), INSTANCE.name, called, position=place(at), of=definition_id)
    network = doc.network
    return doc.with_network(replace(network, nodes={**network.nodes, node.id: node}))


def make_unique(doc: Document, node_id: str, *, definition_id: str | None = None) -> Document:
    """Return ``doc`` with a definition of its own for one instance."""
    instance = doc.network.node(node_id)
    definition = definition_of(doc, instance)
    taken = {item.name for item in doc.definitions.values()}
    called = unique_name(definition.name, taken)
    own = replace(definition, id=definition_id or new_id("d"), name=called, block=None)
    network = doc.network
    nodes = {**network.nodes, node_id: replace(instance, of=own.id)}
    return doc.with_network(replace(network, nodes=nodes)).with_definition(own)


def rename_instance(doc: Document, node_id: str, name: str) -> Document:
    """Return ``doc`` with another name for an instance.

    A block of which it is the only copy, and that had the same name, takes the
    new one too.
    """
    instance, new = doc.network.node(node_id), rename(doc, node_id, name)
    definition = doc.definitions.get(instance.of)
    copies = {inner for _, inner in instances_of(doc, instance.of)}
    if definition is None or copies != {node_id} or definition.name != instance.name:
        return new
    return set_definition(new, definition.id, name=name)


def set_definition(doc: Document, definition_id: str, **changes: object) -> Document:
    """Return ``doc`` with a definition's name, kind, description or tags changed."""
    old = doc.definition(definition_id)
    new = replace(old, **changes)  # type: ignore[arg-type]  # the callers name real fields
    return doc if new == old else doc.with_definition(new)


def remove_definition(doc: Document, definition_id: str) -> Document:
    """Return ``doc`` without a definition that nothing uses, or raise StructureError."""
    definition = doc.definition(definition_id)
    users = [
        outer.name
        for outer in doc.definitions.values()
        for node in outer.nodes.values()
        if node.of == definition_id
    ]
    if users or definition_id == MAIN:
        problem = f"is used in {users[0]}" if users else "is the network itself"
        raise StructureError(definition.name, problem, hint="Remove its instances first")
    kept = {key: item for key, item in doc.definitions.items() if key != definition_id}
    return replace(doc, definitions=kept)


def definition_of(doc: Document, instance: Node) -> Definition:
    """Return what an instance shows, or raise StructureError if it is no block."""
    if not instance.is_instance:
        raise StructureError(instance.name, "is no block", hint="Choose a block")
    return doc.definition(instance.of)
