"""The flat network: what a document's blocks come to when all of them are opened.

Nodes inside a block get the ids of the instances around them before their own,
joined by a slash; wires through ports become wires between nodes; a synapse
group between several groups becomes one for each pair. A document without
blocks is its own flat network.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from conex_core.graph.kinds import PORT_KINDS
from conex_core.graph.state import MAIN, Definition, Document, Link, Monitor, Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Flat", "Origin", "Scope", "flatten", "opened", "scope_of", "valued"]

_LOOSE = (*PORT_KINDS, "Note")  # what has no part in the flat network
End = tuple[str, str]  # node id, port


@dataclass(frozen=True)
class Origin:
    """Say where a flat node is drawn: inside which instances, and as which node."""

    path: tuple[str, ...]  # node ids of the instances around it, from the main network
    definition: str
    node: str


@dataclass(frozen=True)
class Flat:
    """Hold the flat network as a document, and where each of its nodes comes from."""

    document: Document
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def copies(self, definition_id: str, node_id: str) -> list[str]:
        """Return the flat ids of one drawn node."""
        return [
            flat_id
            for flat_id, origin in self.origins.items()
            if (origin.definition, origin.node) == (definition_id, node_id)
        ]

    def inside(self, path: tuple[str, ...]) -> list[str]:
        """Return the flat ids of everything inside one instance."""
        return [
            flat_id for flat_id, origin in self.origins.items() if origin.path[: len(path)] == path
        ]


def scope_of(instance: Node) -> tuple[str, str]:
    """Return what the ids and the names of an instance's inner nodes begin with."""
    return (f"{instance.id}/", f"{instance.name} / ") if instance.scope is None else instance.scope


def flatten(doc: Document) -> Flat:
    """Return the flat network of ``doc``.

    Instances of unknown definitions, and of those that would hold themselves,
    come to nothing; the check reports them.
    """
    if not any(node.kind == "Instance" for node in doc.network.nodes.values()):
        origins = {name: Origin((), MAIN, name) for name in doc.network.nodes}
        return Flat(doc, origins)
    root = Scope(doc, doc.network)
    nodes = {node.id: node for scope in root.all() for node in scope.flat_nodes()}
    origins = {name: origin for scope in root.all() for name, origin in scope.origins()}
    links = {link for scope in root.all() for link in scope.flat_links()}
    nodes, links, origins = _paired(nodes, links, origins)
    network = Definition(MAIN, doc.network.name, nodes, frozenset(links))
    flat = replace(doc, definitions={MAIN: network})
    return Flat(replace(flat, monitors=_monitors(doc, root, nodes)), origins)


def opened(doc: Document) -> Scope:
    """Return the main network with every block in it opened."""
    return Scope(doc, doc.network)


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
        if parent is not None and instance is not None:
            own, called = scope_of(instance)
            self.prefix, self.title = parent.prefix + own, parent.title + called
            self.path = (*parent.path, instance.id)
            self.shown = parent.title + instance.name
        self.nodes = valued(definition, {} if instance is None else instance.params)
        self.into: dict[End, list[Link]] = defaultdict(list)
        for link in sorted(definition.links):
            self.into[link.target, link.target_port].append(link)
        self.children = {
            node.id: Scope(doc, doc.definitions[node.of], parent=self, instance=node)
            for node in self.nodes.values()
            if node.kind == "Instance" and node.of in doc.definitions and not self._holds(node.of)
        }

    def all(self) -> Iterator[Scope]:
        """Yield this scope and every one inside it."""
        yield self
        for child in self.children.values():
            yield from child.all()

    def flat_nodes(self) -> Iterator[Node]:
        """Yield the nodes that this scope adds to the flat network."""
        for node in self._ordinary():
            yield (
                node
                if self.parent is None
                else replace(node, id=self.prefix + node.id, name=self.title + node.name)
            )

    def origins(self) -> Iterator[tuple[str, Origin]]:
        """Yield each flat id with where it is drawn."""
        for node in self._ordinary():
            yield self.prefix + node.id, Origin(self.path, self.definition.id, node.id)

    def flat_links(self) -> Iterator[Link]:
        """Yield the flat wires that end at a node of this scope."""
        for node in self._ordinary():
            for port in ("source", "target", "behaviors", "synapses"):
                for link in self.into.get((node.id, port), ()):
                    for source, out in self.sources(link.source, link.source_port, set()):
                        yield Link(source, out, self.prefix + node.id, port)

    def sources(self, node_id: str, port: str, seen: set[tuple[int, str, str]]) -> Iterator[End]:
        """Yield the ends that a wire from here really comes from, through any ports."""
        node, mark = self.nodes.get(node_id), (id(self), node_id, port)
        if node is None or mark in seen:
            return
        seen.add(mark)
        if node.kind == "Instance":
            child = self.children.get(node_id)
            if child is not None:
                yield from child.entering(port, "port", seen)
        elif node.kind == "InputPort":
            if self.parent is not None and self.instance is not None:
                yield from self.parent.entering(self.instance.id, node_id, seen)
        elif node.kind not in _LOOSE:
            yield self.prefix + node_id, port

    def entering(self, node_id: str, port: str, seen: set[tuple[int, str, str]]) -> Iterator[End]:
        """Yield the ends of all wires into one port."""
        for link in self.into.get((node_id, port), ()):
            yield from self.sources(link.source, link.source_port, seen)

    def _ordinary(self) -> Iterable[Node]:
        return (node for node in self.nodes.values() if node.kind not in (*_LOOSE, "Instance"))

    def _holds(self, definition_id: str) -> bool:
        scope: Scope | None = self
        while scope is not None:
            if scope.definition.id == definition_id:
                return True
            scope = scope.parent
        return False


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


def _set(node: Node, item_id: str | None, name: str, value: Any) -> Node:
    if item_id is None:
        return replace(node, params={**node.params, name: value})
    stack = tuple(
        replace(item, params={**item.params, name: value}) if item.id == item_id else item
        for item in node.stack
    )
    return replace(node, stack=stack)


def _paired(
    nodes: dict[str, Node], links: set[Link], origins: dict[str, Origin]
) -> tuple[dict[str, Node], set[Link], dict[str, Origin]]:
    """Replace synapse groups with several sources or targets by one for each pair."""
    sources, targets, stacks = defaultdict(list), defaultdict(list), defaultdict(list)
    for link in sorted(links):
        if link.target_port == "source":
            sources[link.target].append(link)
        elif link.target_port == "behaviors":
            stacks[link.target].append(link)
        if link.source_port == "target":
            targets[link.source].append(link)
    for name in [name for name, node in nodes.items() if node.kind == "SynapseGroup"]:
        ins, outs = sources[name], targets[name]
        if (len(ins) < 2 and len(outs) < 2) or not ins or not outs:
            continue
        node, origin = nodes.pop(name), origins.pop(name)
        links -= {*ins, *outs, *stacks[name]}
        for first, last in product(ins, outs):
            pair = f"{name}@{first.source}>{last.target}"
            ends = f"{nodes[first.source].name} to {nodes[last.target].name}"
            nodes[pair] = replace(node, id=pair, name=f"{node.name} ({ends})")
            origins[pair] = origin
            links |= {replace(first, target=pair), replace(last, source=pair)}
            links |= {replace(link, target=pair) for link in stacks[name]}
    return nodes, links, origins


def _monitors(doc: Document, root: Scope, nodes: Mapping[str, Node]) -> tuple[Monitor, ...]:
    """Return the monitors with every block among their targets opened."""
    blocks = {"/".join(scope.path): scope for scope in root.all() if scope.path}

    def opened(target: str) -> list[str]:
        if target in nodes or target not in blocks:
            return [target]
        return [
            name
            for scope in blocks[target].all()
            for name in (node.id for node in scope.flat_nodes())
            if name in nodes and nodes[name].kind == "NeuronGroup"
        ]

    return tuple(
        replace(one, targets=tuple(name for target in one.targets for name in opened(target)))
        for one in doc.monitors
    )
