"""Edits of the ports of a block: the port nodes inside its definition.

All act on the main network; of a block through ``blocks.within``, which takes
the wires of a removed port off every instance.
"""

from __future__ import annotations

from dataclasses import replace

from conex_core.errors import StructureError
from conex_core.graph.blocks.definitions import port_nodes
from conex_core.graph.edits.nodes import add_node, set_param
from conex_core.graph.model.document import Document, Node, new_id
from conex_core.graph.model.kinds import INPUT_PORT, PORT_KINDS, Signal

__all__ = ["add_port", "move_port"]

_ASIDE = 260.0  # how far a first port stands from what is inside
_BELOW = 90.0


def add_port(
    doc: Document,
    kind: str,
    signal: Signal = "spikes",
    *,
    name: str | None = None,
    at: tuple[float, float] | None = None,
    node_id: str | None = None,
) -> Document:
    """Return ``doc`` with one more input or output port, below the others or ``at`` a place.

    Raises
    ------
    StructureError
        If ``kind`` is no kind of port.
    """
    if kind not in PORT_KINDS:
        raise StructureError(kind, "is no kind of port", hint=f"Choose one of {PORT_KINDS}")
    others = port_nodes(doc.network, kind)
    node_id = node_id or new_id()
    params = {"signal": signal, "order": len(others)}
    if at is None:
        at = _below(others) if others else _beside(list(doc.network.nodes.values()), kind)
    doc = add_node(_numbered(doc, others), kind, name=name, at=at, params=params, node_id=node_id)
    if name is None:
        return doc
    # A port may have the name of the group that it leads to.
    node = replace(doc.network.node(node_id), name=name)
    if name in (other.name for other in others):
        return doc
    return doc.with_network(replace(doc.network, nodes={**doc.network.nodes, node_id: node}))


def move_port(doc: Document, node_id: str, index: int) -> Document:
    """Return ``doc`` with a port at another place among those of its side, from the top.

    Raises
    ------
    StructureError
        If the node is no port.
    """
    node = doc.network.node(node_id)
    if not node.is_port:
        raise StructureError(node.name, "is no port", hint="Choose a port of the block")
    rest = [other for other in port_nodes(doc.network, node.kind) if other.id != node_id]
    rest.insert(max(0, min(index, len(rest))), node)
    return _numbered(doc, rest)


def _numbered(doc: Document, ports: list[Node]) -> Document:
    for place, node in enumerate(ports):
        doc = set_param(doc, node.id, "order", place)
    return doc


def _below(ports: list[Node]) -> tuple[float, float]:
    x, y = max((node.position for node in ports), key=lambda place: place[1])
    return (x, y + _BELOW)


def _beside(nodes: list[Node], kind: str) -> tuple[float, float]:
    places = [node.position for node in nodes] or [(0.0, 0.0)]
    top = min(y for _, y in places)
    if kind == INPUT_PORT.name:
        return (min(x for x, _ in places) - _ASIDE, top)
    return (max(x for x, _ in places) + _ASIDE, top)
