"""Unpack a block: put what it holds in its place.

The flat network is the same before and after, wires and values included.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from conex_core.errors import StructureError
from conex_core.graph.blocks.opening import inner_prefixes, valued
from conex_core.graph.edits.cutting import middle
from conex_core.graph.edits.instances import definition_of
from conex_core.graph.files.learned_weights import joined
from conex_core.graph.model.document import Definition, Document, Link, Node, Promoted
from conex_core.graph.model.places import on_canvas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["unpack"]

_End = tuple[str, str]  # node id, port; a port of the block itself has no node id


def unpack(doc: Document, node_id: str) -> tuple[Document, tuple[str, ...]]:
    """Return ``doc`` with an instance replaced by what it holds, and the ids of that.

    Its values become those of the nodes, and weights that it has learned those of
    the block around it. Definitions that nothing uses any more
    stay, so that other instances can be made of them.
    """
    network, instance = doc.network, doc.network.node(node_id)
    definition = definition_of(doc, instance)
    keys, names = inner_prefixes(instance)
    dx, dy = _shift(instance, definition)
    inner = valued(definition, instance.params)
    moved = {
        keys + node.id: _lifted(node, keys, names, (dx, dy))
        for node in inner.values()
        if not node.is_port
    }
    clash = moved.keys() & (network.nodes.keys() - {node_id})
    if clash:
        taken = network.nodes[min(clash)].name
        raise StructureError(instance.name, f"cannot be unpacked: {taken} is here already")
    links = {link for link in network.links if node_id not in (link.source, link.target)}
    links |= _rejoined(network, instance, definition, keys)
    nodes = {key: node for key, node in network.nodes.items() if key != node_id}
    monitors = tuple(
        replace(one, targets=tuple(_opened(one.targets, node_id, keys, moved)))
        for one in doc.monitors
    )
    promoted = tuple(_shown_past(one, node_id, definition, keys) for one in network.promoted)
    grown = replace(
        network,
        nodes={**nodes, **moved},
        links=frozenset(links),
        promoted=promoted,
        learned=joined(network.learned, definition.learned, keys),
    )
    return replace(doc.with_network(grown), monitors=monitors), tuple(moved)


def _rejoined(network: Definition, instance: Node, definition: Definition, keys: str) -> set[Link]:
    """Return the wires of an unpacked instance, drawn past the ports that are gone."""
    into: dict[_End, list[_End]] = defaultdict(list)
    for link in sorted(network.links):
        if instance.id in (link.source, link.target):
            source = _port_of(link.source == instance.id, link.source, link.source_port)
            into[_port_of(link.target == instance.id, link.target, link.target_port)] += [source]
    ports = {node.id for node in definition.nodes.values() if node.is_port}
    for link in sorted(definition.links):
        source = _inner_end(link.source, link.source_port, ports, keys)
        into[_inner_end(link.target, link.target_port, ports, keys)] += [source]
    return {
        Link(*source, *target)
        for target in [end for end in into if end[0]]
        for source in _behind(into, target)
    }


def _shown_past(promoted: Promoted, instance: str, definition: Definition, keys: str) -> Promoted:
    """Return a promoted parameter that led to an unpacked block, leading to what was inside."""
    if all(target.node != instance for target in promoted.targets):
        return promoted
    inner = {one.id: one.targets for one in definition.promoted}
    targets = tuple(
        end
        for target in promoted.targets
        for end in (
            [replace(one, node=keys + one.node) for one in inner.get(target.field, ())]
            if target.node == instance
            else [target]
        )
    )
    return replace(promoted, targets=targets)


def _port_of(is_instance: bool, node: str, port: str) -> _End:
    return ("", port) if is_instance else (node, port)


def _inner_end(node: str, port: str, ports: set[str], keys: str) -> _End:
    return ("", node) if node in ports else (keys + node, port)


def _behind(into: dict[_End, list[_End]], end: _End) -> Iterator[_End]:
    """Yield the real ends of everything that leads into ``end``."""
    seen, waiting = {end}, [*into.get(end, ())]
    while waiting:
        source = waiting.pop()
        if source[0]:
            yield source
        elif source not in seen:
            seen.add(source)
            waiting += into.get(source, ())


def _lifted(node: Node, keys: str, names: str, shift: tuple[float, float]) -> Node:
    """Return an inner node as it stands outside: same id and name in the flat network."""
    scope = None
    if node.is_instance:
        own_keys, own_names = inner_prefixes(node)
        scope = (keys + own_keys, names + own_names)
        if scope == (f"{keys}{node.id}/", f"{names}{node.name} / "):
            scope = None
    x, y = node.position
    return replace(
        node,
        id=keys + node.id,
        name=names + node.name,
        scope=scope,
        position=on_canvas(x + shift[0], y + shift[1]),
    )


def _opened(
    targets: Iterable[str], instance: str, keys: str, moved: dict[str, Node]
) -> Iterator[str]:
    for target in targets:
        first = keys + target.removeprefix(f"{instance}/").partition("/")[0]
        if target == instance:
            yield from (key for key, node in moved.items() if _is_shown(node))
        elif target.startswith(f"{instance}/") and first in moved:
            yield keys + target.removeprefix(f"{instance}/")
        else:
            yield target


def _is_shown(node: Node) -> bool:
    return node.is_neuron_group or node.is_instance


def _shift(instance: Node, definition: Definition) -> tuple[float, float]:
    x, y = middle(node for node in definition.nodes.values() if not node.is_port)
    return (instance.position[0] - x, instance.position[1] - y)
