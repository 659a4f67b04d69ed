"""Copy, paste and duplicate: parts of a network as JSON text.

The text holds nodes as project files do, so it can be pasted into another
project, another program or a mail. Pasted nodes get fresh ids and free names.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conex_core.errors import StructureError
from conex_core.graph.blocks.definitions import cycle, refuse_cycle, used_definitions
from conex_core.graph.edits.merging import merged
from conex_core.graph.edits.nodes import place
from conex_core.graph.files.codec import (
    definition_to,
    definitions_from,
    links_from,
    node_from,
    node_to,
)
from conex_core.graph.files.json_places import JsonPlace
from conex_core.graph.files.json_text import dumps
from conex_core.graph.files.project_file import FORMAT_VERSION, opened
from conex_core.graph.model.document import MAIN, Definition, Document, Link, Node, new_id
from conex_core.graph.model.names import unique_names
from conex_core.graph.model.places import on_canvas

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["copy", "duplicate", "paste"]

FORMAT = "conex-nodes"

_STEP = 40.0  # how far a copy stands from its original


def copy(doc: Document, node_ids: Iterable[str]) -> str:
    """Return nodes, and the wires between them, as clipboard text."""
    nodes = {node_id: doc.network.node(node_id) for node_id in node_ids}
    brought: dict[str, Definition] = {}
    for node in nodes.values():
        if node.is_instance:
            brought |= used_definitions(doc.definitions, node.of)
    links = [link for link in doc.network.links if {link.source, link.target} <= nodes.keys()]
    return dumps(
        {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "nodes": {node_id: node_to(node) for node_id, node in nodes.items()},
            "links": [
                [link.source, link.source_port, link.target, link.target_port]
                for link in sorted(links)
            ],
            "definitions": {key: definition_to(item) for key, item in brought.items()},
        }
    )


def paste(
    doc: Document,
    text: str,
    *,
    at: tuple[float, float] | None = None,
    inside: str = MAIN,
) -> tuple[Document, tuple[str, ...]]:
    """Return ``doc`` with the nodes of a clipboard text, and their new ids.

    ``at`` is where the upper left corner of the pasted nodes goes; without it
    they stand a little below and right of where they were copied. ``inside`` is
    the definition that stands in for the main network, if one does. Blocks come
    along; those that are here already, with the same content, are used instead.

    Raises
    ------
    FileError
        If the text did not come from :func:`copy`.
    StructureError
        If a block would come to hold itself.
    """
    record = opened(text, "clipboard", FORMAT)
    nodes = record.need("nodes", _nodes_from)
    links: frozenset[Link] = record.take("links", links_from, frozenset())
    brought: Mapping[str, Definition] = record.take("definitions", definitions_from, {})
    doc, names = merged(doc, brought)
    nodes = [replace(node, of=names.get(node.of, node.of)) for node in nodes]
    for node in nodes:
        if node.is_instance and node.of in doc.definitions:
            refuse_cycle(doc, inside, node.of)
            _refuse_circle(doc, node)
    return _inserted(doc, nodes, links, at)


def duplicate(doc: Document, node_ids: Iterable[str]) -> tuple[Document, tuple[str, ...]]:
    """Return ``doc`` with copies of nodes and of the wires between them, and the new ids."""
    return paste(doc, copy(doc, node_ids))


def _refuse_circle(doc: Document, node: Node) -> None:
    circle = cycle(doc.definitions, node.of)
    if circle:
        hint = "Copy the block again from where it is right"
        raise StructureError(node.name, f"holds itself ({' › '.join(circle[:8])})", hint=hint)


def _nodes_from(place: JsonPlace) -> list[Node]:
    return [node_from(node_id, member) for node_id, member in place.members().items()]


def _inserted(
    doc: Document,
    nodes: list[Node],
    links: frozenset[Link],
    at: tuple[float, float] | None,
) -> tuple[Document, tuple[str, ...]]:
    if not nodes:
        return doc, ()
    network = doc.network
    ids = {node.id: new_id() for node in nodes}
    dx, dy = _offset(nodes, at)
    taken = (node.name for node in network.nodes.values())
    names = unique_names((node.name for node in nodes), taken)
    added: dict[str, Node] = {}
    for node, name in zip(nodes, names, strict=True):
        x, y = node.position
        stack = tuple(replace(item, id=new_id("b")) for item in node.stack)
        new = replace(
            node,
            id=ids[node.id],
            name=name,
            stack=stack,
            position=on_canvas(x + dx, y + dy),
            scope=None,
        )
        added[new.id] = new
    wires = {
        replace(link, source=ids[link.source], target=ids[link.target])
        for link in links
        if link.source in ids and link.target in ids
    }
    grown = replace(network, nodes={**network.nodes, **added}, links=network.links | wires)
    return doc.with_network(grown), tuple(added)


def _offset(nodes: list[Node], at: tuple[float, float] | None) -> tuple[float, float]:
    if at is None:
        return (_STEP, _STEP)
    x, y = place(at)
    left = min(node.position[0] for node in nodes)
    top = min(node.position[1] for node in nodes)
    return (x - left, y - top)
