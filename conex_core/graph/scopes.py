"""A definition as it is opened in one place: its nodes, and where its wires come from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conex_core.graph.kinds import PORT_KINDS
from conex_core.graph.nesting import DEEPEST
from conex_core.graph.state import Definition, Document, Link, Node

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["End", "Origin", "Scope", "opened", "scope_of", "valued"]

_LOOSE = (*PORT_KINDS, "Note")  # what has no part in the flat network
_INPUTS = ("source", "target", "behaviors", "synapses")  # of nodes that are no blocks
_PORT = "port"

End = tuple[str, str]  # node id, port


@dataclass(frozen=True)
class Origin:
    """Say where a flat node is drawn: inside which instances, and as which node."""

    path: tuple[str, ...]  # node ids of the instances around it, from the main network
    definition: str
    node: str


def scope_of(instance: Node) -> tuple[str, str]:
    """Return what the ids and the names of an instance's inner nodes begin with."""
    return (f"{instance.id}/", f"{instance.name} / ") if instance.scope is None else instance.scope


def opened(doc: Document) -> Scope:
    """Return the main network with every block in it opened.

    Instances of unknown definitions, of those that would hold themselves, and
    of those that lie too deep come to nothing.
    """
    return Scope(doc, doc.network)


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


class Scope:
    """One definition as opened in one place."""

    def __init__(
        self,
        doc: Document,
        definition: Definition,
        *,
        parent: Scope | None = None,
        instance: Node | None = None,
    ) -> None:
        self.definition, self.parent, self.instance = definition, parent, instance
        self.prefix = self.title = ""
        self.path: tuple[str, ...] = ()
        self.shown = definition.name  # the name of the instance, in the flat network
        self._wires: dict[str, _Wires] = {}  # by definition; all copies share them
        if parent is not None and instance is not None:
            own, called = scope_of(instance)
            self.prefix, self.title = parent.prefix + own, parent.title + called
            self.path = (*parent.path, instance.id)
            self.shown = parent.title + instance.name
            self._wires = parent._wires
        self.nodes = valued(definition, {} if instance is None else instance.params)
        if definition.id not in self._wires:
            self._wires[definition.id] = _Wires(definition)
        self.wires = self._wires[definition.id]
        self.children = {
            node.id: Scope(doc, doc.definitions[node.of], parent=self, instance=node)
            for node in self.nodes.values()
            if node.kind == "Instance" and self._can_open(doc, node.of)
        }

    def all(self) -> Iterator[Scope]:
        """Yield this scope and every one inside it."""
        yield self
        for child in self.children.values():
            yield from child.all()

    def flat_nodes(self) -> Iterator[tuple[Node, Origin]]:
        """Yield the nodes that this scope adds to the flat network, and where they are drawn."""
        for node in self._ordinary():
            origin = Origin(self.path, self.definition.id, node.id)
            if self.parent is None:
                yield node, origin
            else:
                flat = replace(node, id=self.prefix + node.id, name=self.title + node.name)
                yield flat, origin

    def flat_ids(self) -> Iterator[str]:
        """Yield the ids of :meth:`flat_nodes`."""
        return (self.prefix + node.id for node in self._ordinary())

    def flat_links(self) -> Iterator[Link]:
        """Yield the flat wires that end at a node of this scope."""
        for node in self._ordinary():
            for port in self.wires.inputs.get(node.id, ()):
                for source, out in self.entering(node.id, port):
                    yield Link(source, out, self.prefix + node.id, port)

    def entering(self, node_id: str, port: str) -> Iterator[End]:
        """Yield the flat ends that wires into one port really come from, through any ports."""
        seen: set[tuple[int, str, str]] = set()
        waiting = [(self, link) for link in self.wires.into(node_id, port)]
        while waiting:
            scope, link = waiting.pop()
            node, mark = scope.nodes.get(link.source), (id(scope), link.source, link.source_port)
            if node is None or mark in seen:
                continue
            seen.add(mark)
            if node.kind == "Instance":
                child = scope.children.get(node.id)
                if child is not None:
                    inner = child.wires.into(link.source_port, _PORT)
                    waiting += [(child, wire) for wire in inner]
            elif node.kind == "InputPort":
                if scope.parent is not None:
                    outer = scope.parent.wires.into(scope.path[-1], node.id)
                    waiting += [(scope.parent, wire) for wire in outer]
            elif node.kind not in _LOOSE:
                yield scope.prefix + node.id, link.source_port

    def _ordinary(self) -> Iterator[Node]:
        return (node for node in self.nodes.values() if node.kind not in (*_LOOSE, "Instance"))

    def _can_open(self, doc: Document, definition_id: str) -> bool:
        if definition_id not in doc.definitions or len(self.path) >= DEEPEST:
            return False
        scope: Scope | None = self
        while scope is not None:
            if scope.definition.id == definition_id:
                return False
            scope = scope.parent
        return True


class _Wires:
    """The wires of a definition by what they lead into."""

    def __init__(self, definition: Definition) -> None:
        self._into: dict[End, list[Link]] = defaultdict(list)
        self.inputs: dict[str, list[str]] = defaultdict(list)
        for link in definition.links:
            found = self._into[link.target, link.target_port]
            if not found and link.target_port in _INPUTS:
                self.inputs[link.target].append(link.target_port)
            found.append(link)

    def into(self, node_id: str, port: str) -> list[Link]:
        return self._into.get((node_id, port), [])


def _set(node: Node, item_id: str | None, name: str, value: Any) -> Node:
    if item_id is None:
        return replace(node, params={**node.params, name: value})
    stack = tuple(
        replace(item, params={**item.params, name: value}) if item.id == item_id else item
        for item in node.stack
    )
    return replace(node, stack=stack)
