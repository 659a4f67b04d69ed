"""A definition as it is opened in one place: its nodes, and where its wires come from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conex_core.graph.blocks.nesting import DEEPEST, MOST_BLOCKS, cycle, refusal_to_open
from conex_core.graph.model.document import MAIN, Definition, Document, Link, Node
from conex_core.graph.model.kinds import INSTANCE, NOTE, PORT_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["OpenedLevel", "Origin", "PortKey", "inner_prefixes", "opened", "valued"]

_LOOSE = frozenset({*PORT_KINDS, NOTE.name})  # what has no part in the flat network
_OPENED = _LOOSE | {INSTANCE.name}
_INPUTS = ("source", "target", "behaviors", "synapses")  # of nodes that are no blocks
_PORT = "port"
_MOST_IN_CIRCLES = 1_000  # blocks that lead back to each other open along every way there is
_SPELLED = (bool, int, float, str, type(None))

PortKey = tuple[str, str]  # node id, port


@dataclass(frozen=True)
class Origin:
    """Say where a flat node is drawn: inside which instances, and as which node."""

    path: tuple[str, ...]  # node ids of the instances around it, from the main network
    definition: str
    node: str


def inner_prefixes(instance: Node) -> tuple[str, str]:
    """Return what the ids and the names of an instance's inner nodes begin with."""
    return (f"{instance.id}/", f"{instance.name} / ") if instance.scope is None else instance.scope


def opened(doc: Document) -> OpenedLevel:
    """Return the main network with every block in it opened.

    Instances of unknown definitions, of those that would hold themselves, and
    of those that lie too deep come to nothing; so do all in a network that is
    too large to be opened.
    """
    if refusal_to_open(doc.definitions):
        doc = replace(doc, definitions={MAIN: doc.network})
    return OpenedLevel(doc, doc.network)


def valued(definition: Definition, values: Mapping[str, Any]) -> Mapping[str, Node]:
    """Return the nodes of a definition with an instance's values in their places."""
    nodes = definition.nodes
    for promoted in definition.promoted if values else ():
        if promoted.id not in values:
            continue
        for target in promoted.targets:
            node = nodes.get(target.node)
            if node is not None:
                value = values[promoted.id]
                nodes = {**nodes, node.id: _set(node, target.item, target.field, value)}
    return nodes


class OpenedLevel:
    """One definition as opened in one place."""

    def __init__(
        self,
        doc: Document,
        definition: Definition,
        *,
        parent: OpenedLevel | None = None,
        instance: Node | None = None,
    ) -> None:
        self.definition, self.parent, self.instance = definition, parent, instance
        self.prefix = self.title = ""
        self.path: tuple[str, ...] = ()
        self.shown = definition.name  # the name of the instance, in the flat network
        self._drawn: _DrawnOnce = _DrawnOnce(doc) if parent is None else parent._drawn
        self._drawn.levels += 1
        if parent is not None and instance is not None:
            own, called = inner_prefixes(instance)
            self.prefix, self.title = parent.prefix + own, parent.title + called
            self.path = (*parent.path, instance.id)
            self.shown = parent.title + instance.name
        self.nodes = self._drawn.nodes(definition, {} if instance is None else instance.params)
        self.wires = self._drawn.wires(definition)
        self.children = {
            node.id: OpenedLevel(doc, doc.definitions[node.of], parent=self, instance=node)
            for node in self.nodes.values()
            if node.is_instance and self._can_open(doc, node.of)
        }

    @property
    def is_cut_short(self) -> bool:
        """Tell whether blocks that hold each other came to too many to be opened."""
        return self._drawn.levels > self._drawn.most_levels

    def all(self) -> Iterator[OpenedLevel]:
        """Yield this level and every one inside it."""
        yield self
        for child in self.children.values():
            yield from child.all()

    def flat_nodes(self) -> Iterator[tuple[Node, Origin]]:
        """Yield the nodes that this level adds to the flat network, and where they are drawn."""
        for node in self._ordinary():
            origin = Origin(self.path, self.definition.id, node.id)
            yield node if self.parent is None else self._flat(node), origin

    def flat_ids(self) -> Iterator[str]:
        """Yield the ids of :meth:`flat_nodes`."""
        return (self.prefix + node.id for node in self._ordinary())

    def flat_links(self) -> Iterator[Link]:
        """Yield the flat wires that end at a node of this level."""
        own = self.prefix
        for link in self.wires.plain:
            yield Link(own + link.source, link.source_port, own + link.target, link.target_port)
        for node_id, port in self.wires.through:
            for source, out in self.entering(node_id, port):
                yield Link(source, out, own + node_id, port)

    def entering(self, node_id: str, port: str) -> Iterator[PortKey]:
        """Yield the flat ends that wires into one port really come from, through any ports."""
        seen: set[tuple[int, str, str]] = set()
        waiting = [(self, link) for link in self.wires.into(node_id, port)]
        while waiting:
            level, link = waiting.pop()
            node, mark = level.nodes.get(link.source), (id(level), link.source, link.source_port)
            if node is None or mark in seen:
                continue
            seen.add(mark)
            if node.is_instance:
                child = level.children.get(node.id)
                if child is not None:
                    inner = child.wires.into(link.source_port, _PORT)
                    waiting += [(child, wire) for wire in inner]
            elif node.is_input_port:
                if level.parent is not None:
                    outer = level.parent.wires.into(level.path[-1], node.id)
                    waiting += [(level.parent, wire) for wire in outer]
            elif node.kind not in _LOOSE:
                yield level.prefix + node.id, link.source_port

    def _ordinary(self) -> Iterator[Node]:
        return (node for node in self.nodes.values() if node.kind not in _OPENED)

    def _flat(self, node: Node) -> Node:
        # Spelled out: a large network makes thousands, and replace() takes twice as long.
        return Node(
            self.prefix + node.id,
            node.kind,
            self.title + node.name,
            node.params,
            node.stack,
            node.position,
            node.of,
            node.scope,
            node.extra,
        )

    def _can_open(self, doc: Document, definition_id: str) -> bool:
        if definition_id not in doc.definitions or len(self.path) >= DEEPEST or self.is_cut_short:
            return False
        level: OpenedLevel | None = self
        while level is not None:
            if level.definition.id == definition_id:
                return False
            level = level.parent
        return True


class _DrawnOnce:
    """Hold what the copies of a definition have in common."""

    def __init__(self, doc: Document) -> None:
        self.levels = 0  # that were opened
        self.most_levels = _MOST_IN_CIRCLES if cycle(doc.definitions) else MOST_BLOCKS
        self._wires: dict[str, _Wires] = {}
        self._nodes: dict[tuple[object, ...], Mapping[str, Node]] = {}

    def wires(self, definition: Definition) -> _Wires:
        """Return the wires of a definition."""
        if definition.id not in self._wires:
            self._wires[definition.id] = _Wires(definition)
        return self._wires[definition.id]

    def nodes(self, definition: Definition, values: Mapping[str, Any]) -> Mapping[str, Node]:
        """Return the nodes of a definition; the same ones for equal values."""
        if not all(_is_spelled(value) for value in values.values()):
            return valued(definition, values)
        # Spelled, because 1, 1.0 and True are equal but not the same.
        key = (definition.id, *sorted((name, repr(value)) for name, value in values.items()))
        if key not in self._nodes:
            self._nodes[key] = valued(definition, values)
        return self._nodes[key]


class _Wires:
    """The wires of a definition by what they lead into.

    ``plain`` are those between two nodes of the flat network, ``through`` the
    other inputs of such nodes: what they come from is behind a port or a block.
    """

    def __init__(self, definition: Definition) -> None:
        self._into: dict[PortKey, list[Link]] = defaultdict(list)
        for link in definition.links:
            self._into[link.target, link.target_port].append(link)
        kinds = {node.id: node.kind for node in definition.nodes.values()}
        ordinary = {node_id for node_id, kind in kinds.items() if kind not in _OPENED}
        self.plain: list[Link] = []
        self.through: list[PortKey] = []
        for end, links in self._into.items():
            if end[0] not in ordinary or end[1] not in _INPUTS:
                continue
            if all(link.source in ordinary for link in links):
                self.plain += links
            else:
                self.through.append(end)

    def into(self, node_id: str, port: str) -> list[Link]:
        return self._into.get((node_id, port), [])


def _is_spelled(value: Any) -> bool:
    """Tell whether ``repr`` says all that there is to a value."""
    parts = value if type(value) is tuple else (value,)
    return all(type(part) in _SPELLED for part in parts)


def _set(node: Node, item_id: str | None, name: str, value: Any) -> Node:
    if item_id is None:
        return replace(node, params={**node.params, name: value})
    stack = tuple(
        replace(item, params={**item.params, name: value}) if item.id == item_id else item
        for item in node.stack
    )
    return replace(node, stack=stack)
