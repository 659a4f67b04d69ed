"""Edits of blocks: group, unpack, insert, make unique, and their ports.

All act on the main network, or on a definition through ``blocks.within``. The
flat network is the same before and after grouping and unpacking.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conex_core.errors import StructureError
from conex_core.graph.blocks import PORT, instances_of, ports_of, refuse_cycle
from conex_core.graph.flatten import scope_of, valued
from conex_core.graph.kinds import PORT_KINDS
from conex_core.graph.nodes import place, rename, unique_name
from conex_core.graph.state import MAIN, Definition, Document, Link, Node, new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "add_instance",
    "group",
    "make_unique",
    "remove_definition",
    "rename_instance",
    "set_definition",
    "unpack",
]

_ASIDE = 260.0  # how far ports stand from what they serve
_BELOW = 90.0

_End = tuple[str, str]  # node id, port; a port of the block itself has no node id


def group(
    doc: Document,
    node_ids: Iterable[str],
    *,
    name: str = "Block",
    node_id: str | None = None,
    definition_id: str | None = None,
) -> Document:
    """Return ``doc`` with nodes replaced by one instance of a new block that holds them.

    Wires that are cut become ports.

    Raises
    ------
    StructureError
        If there is nothing to group, or a port of this block is among the nodes.
    """
    inner = {name: doc.network.node(name) for name in node_ids}
    if not inner:
        raise StructureError("Selection", "holds nothing to group", hint="Select some nodes")
    for node in inner.values():
        if node.kind in PORT_KINDS:
            hint = "Leave it out of the selection"
            raise StructureError(node.name, "is a port of this block and stays", hint=hint)
    network = doc.network
    taken = {other.name for other in network.nodes.values() if other.id not in inner}
    blocks = {item.name for key, item in doc.definitions.items() if key != MAIN}
    called = unique_name(name, taken | blocks)
    cut = _Cut(doc, inner)
    instance = Node(
        id=node_id or new_id(),
        kind="Instance",
        name=called,
        position=_middle(inner.values()),
        of=definition_id or new_id("d"),
        scope=("", ""),
    )
    definition = Definition(instance.of, called, cut.nodes(), cut.links())
    kept = {key: node for key, node in network.nodes.items() if key not in inner}
    outer = replace(
        network,
        nodes={**kept, instance.id: instance},
        links=cut.outside() | cut.joined(instance.id),
    )
    return doc.with_network(outer).with_definition(definition)


def unpack(doc: Document, node_id: str) -> tuple[Document, tuple[str, ...]]:
    """Return ``doc`` with an instance replaced by what it holds, and the ids of that.

    Its values become those of the nodes. Definitions that nothing uses any more
    stay, so that other instances can be made of them.
    """
    network, instance = doc.network, doc.network.node(node_id)
    definition = _definition_of(doc, instance)
    keys, names = scope_of(instance)
    dx, dy = _shift(instance, definition)
    inner = valued(definition, instance.params)
    moved = {
        keys + node.id: _lifted(node, keys, names, (dx, dy))
        for node in inner.values()
        if node.kind not in PORT_KINDS
    }
    clash = moved.keys() & (network.nodes.keys() - {node_id})
    if clash:
        taken = network.nodes[min(clash)].name
        raise StructureError(instance.name, f"cannot be unpacked: {taken} is here already")
    links = {link for link in network.links if node_id not in (link.source, link.target)}
    links |= _rejoined(network, instance, definition, keys)
    nodes = {key: node for key, node in network.nodes.items() if key != node_id}
    monitors = tuple(
        replace(one, targets=tuple(_opened(one.targets, node_id, moved))) for one in doc.monitors
    )
    grown = replace(network, nodes={**nodes, **moved}, links=frozenset(links))
    return replace(doc.with_network(grown), monitors=monitors), tuple(moved)


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
    node = Node(node_id or new_id(), "Instance", called, position=place(at), of=definition_id)
    network = doc.network
    return doc.with_network(replace(network, nodes={**network.nodes, node.id: node}))


def make_unique(doc: Document, node_id: str, *, definition_id: str | None = None) -> Document:
    """Return ``doc`` with a definition of its own for one instance."""
    instance = doc.network.node(node_id)
    definition = _definition_of(doc, instance)
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


@dataclass(frozen=True)
class _Port:
    """One port that a cut makes: a node, and the wires on both sides of it."""

    node: Node
    inner: frozenset[Link]
    outer: frozenset[Link]  # with the port's id where the instance's will be


class _Cut:
    """What becomes of the wires when some nodes are taken out of a network."""

    def __init__(self, doc: Document, inner: dict[str, Node]) -> None:
        self.doc, self.network, self.inner = doc, doc.network, inner
        self.ports = [*self._ports(entering=True), *self._ports(entering=False)]

    def nodes(self) -> dict[str, Node]:
        return {**self.inner, **{port.node.id: port.node for port in self.ports}}

    def links(self) -> frozenset[Link]:
        whole = {link for link in self.network.links if {link.source, link.target} <= self._names}
        return frozenset(whole).union(*(port.inner for port in self.ports))

    def outside(self) -> frozenset[Link]:
        return frozenset(
            link for link in self.network.links if not {link.source, link.target} & self._names
        )

    def joined(self, instance: str) -> frozenset[Link]:
        """Return the wires between the instance and what is left outside."""
        found = set()
        for port in self.ports:
            for link in port.outer:
                if port.node.kind == "InputPort":
                    found.add(replace(link, target=instance, target_port=port.node.id))
                else:
                    found.add(replace(link, source=instance, source_port=port.node.id))
        return frozenset(found)

    @property
    def _names(self) -> set[str]:
        return set(self.inner)

    def _ports(self, *, entering: bool) -> list[_Port]:
        """Return a port for each end that wires of one direction have in common."""
        shared: dict[tuple[str, str], list[Link]] = {}
        for link in sorted(self.network.links):
            inside = (link.source in self.inner, link.target in self.inner)
            if inside == ((False, True) if entering else (True, False)):
                shared.setdefault(self._carrier(link), []).append(link)
        taken: set[str] = set()
        return [
            self._port(end, links, index, taken, entering=entering)
            for index, (end, links) in enumerate(shared.items())
        ]

    def _port(
        self,
        end: tuple[str, str],
        links: list[Link],
        index: int,
        taken: set[str],
        *,
        entering: bool,
    ) -> _Port:
        called = unique_name(self.network.nodes[end[0]].name, taken)
        taken.add(called)
        left, top, right = _box(self.inner.values())
        x = left - _ASIDE if entering else right + _ASIDE
        node = Node(
            id=new_id(),
            kind="InputPort" if entering else "OutputPort",
            name=called,
            params={"signal": self._signal(links[0]), "order": index},
            position=(x, top + index * _BELOW),
        )
        if entering:
            within = {replace(link, source=node.id, source_port=PORT) for link in links}
        else:
            within = {replace(link, target=node.id, target_port=PORT) for link in links}
        return _Port(node, frozenset(within), frozenset(links))

    def _carrier(self, link: Link) -> tuple[str, str]:
        """Return the end of a wire that names the port it is cut to: a group or a stack."""
        if self._signal(link) == "synapses":
            return (link.target, link.target_port)
        return (link.source, link.source_port)

    def _signal(self, link: Link) -> str:
        source = self.network.nodes[link.source]
        ports = ports_of(source, self.doc.definitions)
        return next((port.signal for port in ports if port.name == link.source_port), "spikes")


def _rejoined(network: Definition, instance: Node, definition: Definition, keys: str) -> set[Link]:
    """Return the wires of an unpacked instance, drawn past the ports that are gone."""
    into: dict[_End, list[_End]] = defaultdict(list)
    for link in sorted(network.links):
        if instance.id in (link.source, link.target):
            source = _port_of(link.source == instance.id, link.source, link.source_port)
            into[_port_of(link.target == instance.id, link.target, link.target_port)] += [source]
    ports = {node.id for node in definition.nodes.values() if node.kind in PORT_KINDS}
    for link in sorted(definition.links):
        source = _inner_end(link.source, link.source_port, ports, keys)
        into[_inner_end(link.target, link.target_port, ports, keys)] += [source]
    return {
        Link(*source, *target)
        for target in [end for end in into if end[0]]
        for source in _behind(into, target, set())
    }


def _port_of(is_instance: bool, node: str, port: str) -> _End:
    return ("", port) if is_instance else (node, port)


def _inner_end(node: str, port: str, ports: set[str], keys: str) -> _End:
    return ("", node) if node in ports else (keys + node, port)


def _behind(into: dict[_End, list[_End]], end: _End, seen: set[_End]) -> Iterator[_End]:
    """Yield the real ends of everything that leads into ``end``."""
    for source in into.get(end, ()):
        if source[0]:
            yield source
        elif source not in seen:
            seen.add(source)
            yield from _behind(into, source, seen)


def _definition_of(doc: Document, instance: Node) -> Definition:
    if instance.kind != "Instance":
        raise StructureError(instance.name, "is no block", hint="Choose a block")
    return doc.definition(instance.of)


def _lifted(node: Node, keys: str, names: str, shift: tuple[float, float]) -> Node:
    """Return an inner node as it stands outside: same id and name in the flat network."""
    scope = None
    if node.kind == "Instance":
        own_keys, own_names = scope_of(node)
        scope = (keys + own_keys, names + own_names)
        if scope == (f"{keys}{node.id}/", f"{names}{node.name} / "):
            scope = None
    x, y = node.position
    return replace(
        node,
        id=keys + node.id,
        name=names + node.name,
        scope=scope,
        position=(x + shift[0], y + shift[1]),
    )


def _opened(targets: Iterable[str], instance: str, moved: dict[str, Node]) -> Iterator[str]:
    for target in targets:
        if target == instance:
            yield from (key for key, node in moved.items() if node.kind == "NeuronGroup")
        else:
            yield target


def _shift(instance: Node, definition: Definition) -> tuple[float, float]:
    x, y = _middle(node for node in definition.nodes.values() if node.kind not in PORT_KINDS)
    return (instance.position[0] - x, instance.position[1] - y)


def _middle(nodes: Iterable[Node]) -> tuple[float, float]:
    places = [node.position for node in nodes] or [(0.0, 0.0)]
    return (
        sum(x for x, _ in places) / len(places),
        sum(y for _, y in places) / len(places),
    )


def _box(nodes: Iterable[Node]) -> tuple[float, float, float]:
    places = [node.position for node in nodes]
    return (
        min(x for x, _ in places),
        min(y for _, y in places),
        max(x for x, _ in places),
    )
