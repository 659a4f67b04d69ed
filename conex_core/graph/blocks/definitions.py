"""Blocks: definitions seen from outside, through their ports and promoted parameters.

A port of a block is a port node inside its definition; wires outside name it by
the id of that node, so that renaming a port moves no wire.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from conex_core.graph.blocks.block_kinds import BLOCK_KINDS, layers, roles
from conex_core.graph.blocks.nesting import cycle, depends_on, refuse_cycle, used_definitions
from conex_core.graph.blocks.promoted import is_there, parameter_of, value_inside
from conex_core.graph.model.document import MAIN, Definition, Document, Node
from conex_core.graph.model.kinds import INPUT_PORT, OUTPUT_PORT, NodePort, Signal, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "BLOCK_KINDS",
    "PORT",
    "cycle",
    "depends_on",
    "focus",
    "instances_of",
    "layers",
    "parameter_of",
    "port_nodes",
    "ports_of",
    "refuse_cycle",
    "roles",
    "signal_of",
    "tidied",
    "unfocus",
    "used_definitions",
    "value_inside",
    "wires_outside",
    "within",
]

PORT = "port"  # the name of the one port of a port node


def ports_of(node: Node, definitions: Mapping[str, Definition]) -> tuple[NodePort, ...]:
    """Return the ports of a node; those of a block come from its definition."""
    if node.is_instance:
        definition = definitions.get(node.of)
        return () if definition is None else _outer_ports(definition)
    if node.is_port:
        direction = "out" if node.is_input_port else "in"
        return (NodePort(PORT, direction, signal_of(node), node.name),)  # type: ignore[arg-type]
    kind = kind_of(node.kind)
    return () if kind is None else kind.ports


def port_nodes(definition: Definition, kind: str) -> list[Node]:
    """Return the input ports or output ports of a definition, from the top."""
    found = [node for node in definition.nodes.values() if node.kind == kind]
    return sorted(found, key=lambda node: (_order(node), node.position[1], node.id))


def signal_of(node: Node) -> Signal:
    """Return what flows through a port node."""
    kind = kind_of(node.kind)
    usual = "spikes" if kind is None else kind.parameter("signal").default
    signal = node.params.get("signal", usual)
    return cast("Signal", signal if signal in ("spikes", "synapses", "behaviors") else usual)


def focus(doc: Document, definition_id: str) -> Document:
    """Return ``doc`` with a definition in the place of the main network.

    What looks at or edits the main network then looks at that definition.
    """
    if definition_id == MAIN:
        return doc
    inner = replace(doc.definition(definition_id), id=MAIN)
    return replace(doc, definitions={**doc.definitions, MAIN: inner})


def within(doc: Document, definition_id: str, edit: Callable[[Document], Document]) -> Document:
    """Return ``doc`` with ``edit``, made for the main network, done in a definition."""
    if definition_id == MAIN:
        return edit(doc)
    return unfocus(doc, definition_id, edit(focus(doc, definition_id)))


def unfocus(doc: Document, definition_id: str, edited: Document) -> Document:
    """Return ``doc`` with what was changed in :func:`focus` of it.

    What pointed to ports and parameters that are gone goes too, everywhere.
    """
    if definition_id == MAIN:
        return edited
    inner = replace(edited.network, id=definition_id)
    definitions = {**edited.definitions, MAIN: doc.network, definition_id: inner}
    if inner == doc.definitions[definition_id] and edited == focus(doc, definition_id):
        return doc
    return tidied(replace(edited, definitions=definitions), definition_id)


def instances_of(doc: Document, definition_id: str) -> list[tuple[str, str]]:
    """Return (definition id, node id) of every instance of a definition, wherever it is."""
    return [
        (outer.id, node.id)
        for outer in doc.definitions.values()
        for node in outer.nodes.values()
        if node.is_instance and node.of == definition_id
    ]


def wires_outside(doc: Document, definition_id: str) -> Counter[str]:
    """Return for each port of a definition how many wires outside lead to it, at all instances."""
    instances = defaultdict(set)
    for outer_id, node_id in instances_of(doc, definition_id):
        instances[outer_id].add(node_id)
    found: Counter[str] = Counter()
    for outer_id, nodes in instances.items():
        for link in doc.definitions[outer_id].links:
            found[link.source_port] += link.source in nodes
            found[link.target_port] += link.target in nodes
    return found


def tidied(doc: Document, definition_id: str) -> Document:
    """Return ``doc`` without what points to ports and parameters that a definition has lost.

    Where that takes a promoted parameter off another block, what pointed to it goes too.
    """
    doc = _without_lost_targets(doc, definition_id)
    waiting = [definition_id]
    while waiting:
        changed = waiting.pop()
        for outer_id in {outer_id for outer_id, _ in instances_of(doc, changed)}:
            before = doc.definitions[outer_id].promoted
            doc = _without_lost_targets(_without_lost_ends(doc, outer_id, changed), outer_id)
            if doc.definitions[outer_id].promoted != before:
                waiting.append(outer_id)
    return doc


def _without_lost_targets(doc: Document, definition_id: str) -> Document:
    """Return ``doc`` without promoted parameters of nodes and behaviors that are gone."""
    definition = doc.definitions[definition_id]
    kept = tuple(
        replace(one, targets=targets) if targets != one.targets else one
        for one in definition.promoted
        if (targets := tuple(end for end in one.targets if is_there(doc, definition, end)))
    )
    if kept == definition.promoted:
        return doc
    return doc.with_definition(replace(definition, promoted=kept))


def _without_lost_ends(doc: Document, outer_id: str, inner_id: str) -> Document:
    """Return ``doc`` without wires and values of instances that their block has no more."""
    outer, inner = doc.definitions[outer_id], doc.definitions[inner_id]
    own = {key: node for key, node in outer.nodes.items() if node.of == inner_id}
    ports = {node.id for node in inner.nodes.values() if node.is_port}
    names = {one.id for one in inner.promoted}
    links = frozenset(
        link
        for link in outer.links
        if (link.source not in own or link.source_port in ports)
        and (link.target not in own or link.target_port in ports)
    )
    pruned = {
        key: replace(node, params={k: v for k, v in node.params.items() if k in names})
        for key, node in own.items()
        if not node.params.keys() <= names
    }
    if links == outer.links and not pruned:
        return doc
    return doc.with_definition(replace(outer, links=links, nodes={**outer.nodes, **pruned}))


def _outer_ports(definition: Definition) -> tuple[NodePort, ...]:
    ins = [
        NodePort(n.id, "in", signal_of(n), n.name) for n in port_nodes(definition, INPUT_PORT.name)
    ]
    outs = [
        NodePort(n.id, "out", signal_of(n), n.name)
        for n in port_nodes(definition, OUTPUT_PORT.name)
    ]
    return (*ins, *outs)


def _order(node: Node) -> int:
    order = node.params.get("order", 0)
    return order if isinstance(order, int) else 0
