"""Edits of nodes and wires: pure functions from one document to the next.

All act on the main network. An edit that changes nothing returns the same
document; a name that is not there raises UnknownName. Values are stored as they
come, so that the inspector can show what is wrong with them.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conex_core.errors import ParameterError, StructureError, UnknownName
from conex_core.graph.blocks.definitions import ports_of
from conex_core.graph.blocks.wire_ends import WireEnds
from conex_core.graph.edits.links import refusal
from conex_core.graph.edits.stacks import add_behavior
from conex_core.graph.model.defaults import DENDRITE, synapse_stack
from conex_core.graph.model.document import BehaviorItem, Document, Link, Monitor, Node, new_id
from conex_core.graph.model.kinds import KINDS, NEURON_GROUP, SYNAPSE_GROUP, kind_of
from conex_core.graph.model.names import unique_name
from conex_core.graph.model.places import on_canvas
from conex_core.graph.model.stacks import stack_of
from conex_core.graph.model.stored_values import changed, storable, without

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conex_core.catalog import Catalog

__all__ = [
    "add_link",
    "add_node",
    "connect_groups",
    "move",
    "place",
    "remove",
    "remove_links",
    "rename",
    "reset_param",
    "set_param",
]


def add_node(
    doc: Document,
    kind: str,
    *,
    name: str | None = None,
    at: tuple[float, float] = (0.0, 0.0),
    params: Mapping[str, Any] | None = None,
    stack: Iterable[BehaviorItem] = (),
    node_id: str | None = None,
) -> Document:
    """Return ``doc`` with a new node; its name is made unique.

    The stack stays as given; ``defaults.stack_for`` has the usual one.
    """
    known = kind_of(kind)
    if known is None:
        raise UnknownName("kind of node", kind, KINDS)
    node_id = node_id or new_id()
    if node_id in doc.network.nodes:
        raise StructureError(doc.network.nodes[node_id].name, f"has the id {node_id!r} already")
    given = {key: storable(key, value) for key, value in (params or {}).items()}
    called = unique_name(name or known.first_name, _names(doc))
    return _with_nodes(doc, Node(node_id, kind, called, given, tuple(stack), place(at)))


def remove(doc: Document, node_ids: Iterable[str]) -> Document:
    """Return ``doc`` without these nodes, their wires and what monitors show of them.

    A monitor that showed nothing else goes too.
    """
    gone = set(node_ids)
    for node_id in gone:
        doc.network.node(node_id)
    if not gone:
        return doc
    network = doc.network
    nodes = {key: node for key, node in network.nodes.items() if key not in gone}
    links = {link for link in network.links if not {link.source, link.target} & gone}
    kept = replace(network, nodes=nodes, links=frozenset(links))
    return replace(doc.with_network(kept), monitors=without_targets(doc.monitors, gone))


def move(doc: Document, positions: Mapping[str, tuple[float, float]]) -> Document:
    """Return ``doc`` with nodes at new places on the canvas."""
    moved = []
    for node_id, position in positions.items():
        node = doc.network.node(node_id)
        if node.position != place(position):
            moved.append(replace(node, position=place(position)))
    return _with_nodes(doc, *moved)


def rename(doc: Document, node_id: str, name: str) -> Document:
    """Return ``doc`` with another name for one node; names need not be unique here."""
    node = doc.network.node(node_id)
    return doc if node.name == name else _with_nodes(doc, replace(node, name=name))


def set_param(doc: Document, node_id: str, name: str, value: Any) -> Document:
    """Return ``doc`` with one parameter of a node set; the check judges the value."""
    node = doc.network.node(node_id)
    params = changed(node.params, name, value)
    return doc if params is node.params else _with_nodes(doc, replace(node, params=params))


def reset_param(doc: Document, node_id: str, name: str) -> Document:
    """Return ``doc`` with one parameter of a node back at its default."""
    node = doc.network.node(node_id)
    params = without(node.params, name)
    return doc if params is node.params else _with_nodes(doc, replace(node, params=params))


def add_link(doc: Document, link: Link, catalog: Catalog | None = None) -> Document:
    """Return ``doc`` with a wire added; the same object if it is there already.

    Raises
    ------
    StructureError
        If the wire may not be drawn; the text is that of ``links.refusal``.
    """
    network = doc.network
    if link in network.links:
        return doc
    reason = refusal(doc, link)
    if reason is not None:
        raise StructureError(_title(doc, link.source), reason)
    return doc.with_network(replace(network, links=network.links | {link}))


def remove_links(doc: Document, links: Iterable[Link]) -> Document:
    """Return ``doc`` without these wires; ones that are not there are passed over."""
    network = doc.network
    gone = network.links & frozenset(links)
    return doc.with_network(replace(network, links=network.links - gone)) if gone else doc


def connect_groups(
    doc: Document,
    source_id: str,
    target_id: str,
    *,
    catalog: Catalog,
    node_id: str | None = None,
    source_port: str = "spikes",
    target_port: str = "synapses",
) -> Document:
    """Return ``doc`` with a synapse group, with its usual stack, from one group to another.

    It stands midway. The ends get what they miss: an axon on the source,
    dendrites on the target. Ports of blocks may be ends too; what is inside
    blocks stays as it is.

    Raises
    ------
    StructureError
        If spikes cannot run from the first node to the second.
    """
    source, target = doc.network.node(source_id), doc.network.node(target_id)
    if not _has_port(doc, source, source_port, "out", "spikes"):
        raise StructureError(source.name, "gives no spikes", hint="Start at a neuron group")
    if not _has_port(doc, target, target_port, "in", "synapses"):
        raise StructureError(target.name, "takes no synapses", hint="End at a neuron group")
    behind = sorted(WireEnds(doc).behind((), source_id, source_port), key=lambda end: end.node)
    giver = WireEnds(doc).node(behind[0]) if behind else Node("", NEURON_GROUP.name, "")
    node_id = node_id or new_id()
    doc = add_node(
        doc,
        SYNAPSE_GROUP.name,
        name=f"{source.name} to {target.name}",
        at=_between(source, target),
        stack=synapse_stack(giver),
        node_id=node_id,
    )
    doc = add_link(doc, Link(source_id, source_port, node_id, "source"))
    doc = add_link(doc, Link(node_id, "target", target_id, target_port))
    if source.is_neuron_group:
        doc = _completed(doc, source_id, ("NeuronAxon",), catalog)
    if target.is_neuron_group:
        doc = _completed(doc, target_id, DENDRITE, catalog)
    return doc


def place(position: tuple[float, float]) -> tuple[float, float]:
    """Return a place on the canvas, or raise ParameterError where it is none."""
    x, y = (float(value) for value in position)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ParameterError("position", "must be finite", position)
    return on_canvas(x, y)


def _has_port(doc: Document, node: Node, name: str, direction: str, signal: str) -> bool:
    wanted = (name, direction, signal)
    ports = ports_of(node, doc.definitions)
    return any((port.name, port.direction, port.signal) == wanted for port in ports)


def _completed(doc: Document, node_id: str, kinds: tuple[str, ...], catalog: Catalog) -> Document:
    """Add those behaviors whose work nothing in the node's stack does yet."""
    for kind in kinds:
        spec = catalog.behavior(kind)
        stack = stack_of(doc.network, doc.network.node(node_id), catalog)
        specs = [catalog.behaviors.get(item.kind) for item in stack if item.enabled]
        made = {name for other in specs if other is not None for name in other.provides}
        present = any(other is not None and other.is_a(kind) for other in specs)
        if not present and not (spec.provides and set(spec.provides) <= made):
            doc = add_behavior(doc, node_id, kind, catalog=catalog)
    return doc


def _between(source: Node, target: Node) -> tuple[float, float]:
    (x, y), (u, v) = source.position, target.position
    if source.id == target.id:
        return (x, y + 200.0)
    return ((x + u) / 2, (y + v) / 2)


def _names(doc: Document) -> set[str]:
    return {node.name for node in doc.network.nodes.values()}


def _title(doc: Document, node_id: str) -> str:
    node = doc.network.nodes.get(node_id)
    return node_id if node is None else node.name


def _with_nodes(doc: Document, *nodes: Node) -> Document:
    if not nodes:
        return doc
    network = doc.network
    changes = {node.id: node for node in nodes}
    return doc.with_network(replace(network, nodes={**network.nodes, **changes}))


def without_targets(monitors: tuple[Monitor, ...], gone: set[str]) -> tuple[Monitor, ...]:
    """Return monitors that show none of ``gone``; one that showed nothing else is left out."""
    kept = []
    for monitor in monitors:
        targets = tuple(target for target in monitor.targets if target not in gone)
        if targets or not monitor.targets:
            unchanged = targets == monitor.targets
            kept.append(monitor if unchanged else replace(monitor, targets=targets))
    return tuple(kept)
