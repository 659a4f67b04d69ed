"""The document: one immutable value that holds everything a project is.

Nodes, links, monitors and settings are frozen dataclasses; changes are
functions in ``conex_core.graph.edits`` that return a new document. The dicts
inside are never changed in place. No torch, no Qt.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from conex_core.errors import UnknownName
from conex_core.graph.model.kinds import OfKind

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "MAIN",
    "NETWORK",
    "BehaviorItem",
    "BlockStamp",
    "Definition",
    "Document",
    "Learned",
    "Link",
    "Monitor",
    "Node",
    "Promoted",
    "Settings",
    "Target",
    "new_id",
]

MAIN = "main"  # the id of the main network's definition
NETWORK = "network"  # stands for the network itself where a node id is asked for

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_id(prefix: str = "n") -> str:
    """Return a fresh random id; ids never change and never come from memory."""
    return prefix + "_" + "".join(secrets.choice(_ALPHABET) for _ in range(8))


@dataclass(frozen=True)
class BehaviorItem:
    """Stand for one behavior in a stack; ``params`` holds what was set, no defaults."""

    id: str
    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    enabled: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Node(OfKind):
    """Stand for one node of the canvas. ``kind`` is a name in ``graph.model.kinds``.

    An Instance shows the definition ``of``; its ``params`` are values of
    promoted parameters. ``scope`` is what the ids and the names of its inner
    nodes begin with in the flat network; None stands for its own id and name.
    Grouping gives ("", ""), so that what is grouped stays what it was.
    """

    id: str
    kind: str
    name: str
    params: Mapping[str, Any] = field(default_factory=dict)
    stack: tuple[BehaviorItem, ...] = ()
    position: tuple[float, float] = (0.0, 0.0)
    of: str = ""
    scope: tuple[str, str] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def item(self, item_id: str) -> BehaviorItem:
        """Return the behavior with that id, or raise UnknownName."""
        for item in self.stack:
            if item.id == item_id:
                return item
        raise UnknownName(f"behavior of {self.name}", item_id, (item.id for item in self.stack))


@dataclass(frozen=True, order=True)
class Link:
    """Join an output port to an input port."""

    source: str
    source_port: str
    target: str
    target_port: str


_ENDS = attrgetter("source", "source_port", "target", "target_port")
_Ends = dict[str, dict[str, list[Link]]]  # by node and port


@dataclass(frozen=True)
class Target:
    """Name one parameter inside a definition.

    ``item`` is the behavior that has it, or None where the node itself has it;
    of an Instance, ``field`` is the id of a promoted parameter.
    """

    node: str
    item: str | None
    field: str


@dataclass(frozen=True)
class Promoted:
    """Let the instances of a definition set parameters from inside it.

    One value goes to all ``targets``. ``low`` and ``high`` narrow their own bounds.
    """

    id: str
    name: str
    targets: tuple[Target, ...] = ()
    help: str = ""
    low: float | None = None
    high: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BlockStamp:
    """Say which block of the library a definition came from, and what it was then."""

    id: str
    version: int = 1
    hash: str = ""


@dataclass(frozen=True)
class Learned:
    """Name the file of weights that every copy of a block starts from.

    ``groups`` are the ids of the synapse groups that it holds weights of, as they
    are inside the block with all inner blocks opened; those of a block that was
    unpacked here begin with ``under`` in addition. ``variables`` are pairs of a
    group's id and what else it holds of it, such as ``threshold``. ``more`` are
    further files, which go after this one and have none themselves.
    """

    file: str
    sha256: str
    groups: tuple[str, ...] = ()
    under: str = ""
    more: tuple[Learned, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()

    @property
    def files(self) -> tuple[Learned, ...]:
        """Return what each file holds, the one that goes first at the beginning."""
        return (replace(self, more=()), *self.more)


@dataclass(frozen=True)
class Definition:
    """Hold a named sub-graph; the main network is one.

    ``kind`` is the structure that an instance builds: a name in
    ``graph.blocks.BLOCK_KINDS``.
    """

    id: str
    name: str
    nodes: Mapping[str, Node] = field(default_factory=dict)
    links: frozenset[Link] = frozenset()
    kind: str = "Container"
    description: str = ""
    tags: tuple[str, ...] = ()
    promoted: tuple[Promoted, ...] = ()
    block: BlockStamp | None = None
    learned: Learned | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def node(self, node_id: str) -> Node:
        """Return the node with that id, or raise UnknownName."""
        if node_id not in self.nodes:
            raise UnknownName("node", node_id, self.nodes)
        return self.nodes[node_id]

    def into(self, node_id: str, port: str | None = None) -> list[Link]:
        """Return the links that end at a node, in a stable order."""
        return _at(self._into.get(node_id, {}), port)

    def out_of(self, node_id: str, port: str | None = None) -> list[Link]:
        """Return the links that start at a node, in a stable order."""
        return _at(self._out_of.get(node_id, {}), port)

    @cached_property
    def inner(self) -> tuple[str, ...]:
        """Return the ids of the definitions that its instances show, in order."""
        return tuple(sorted({node.of for node in self.nodes.values() if node.is_instance}))

    @cached_property
    def ordered_links(self) -> tuple[Link, ...]:
        """Return the links in the order of their ends."""
        return tuple(sorted(self.links, key=_ENDS))

    @cached_property
    def _into(self) -> _Ends:
        found: _Ends = defaultdict(dict)
        for link in self.ordered_links:
            found[link.target].setdefault(link.target_port, []).append(link)
        return found

    @cached_property
    def _out_of(self) -> _Ends:
        found: _Ends = defaultdict(dict)
        for link in self.ordered_links:
            found[link.source].setdefault(link.source_port, []).append(link)
        return found


def _at(ports: Mapping[str, list[Link]], port: str | None) -> list[Link]:
    """Return what is wired to one port, or to all of them."""
    if port is not None:
        return list(ports.get(port, ()))
    return sorted((link for links in ports.values() for link in links), key=_ENDS)


@dataclass(frozen=True)
class Monitor:
    """Stand for one live plot: what it shows, of which nodes, and how.

    ``kind`` is a plot kind such as ``raster`` or ``voltage``. ``targets`` are
    node ids; empty means every neuron group.
    """

    id: str
    kind: str
    targets: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """Hold what belongs to the whole network.

    ``dt`` is in ms per iteration, ``duration`` in ms of simulated time.
    ``stack`` holds network behaviors (Payoff, Dopamine, ...).
    """

    dt: float = 1.0
    seed: int = 42
    device: str = "cpu"
    dtype: str = "float32"
    duration: float = 1000.0
    stack: tuple[BehaviorItem, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """Hold a whole project.

    ``extra``, here and in the parts, keeps the fields of newer versions verbatim.
    """

    name: str = "Untitled"
    description: str = ""
    settings: Settings = field(default_factory=Settings)
    definitions: Mapping[str, Definition] = field(
        default_factory=lambda: {MAIN: Definition(MAIN, "Network")}
    )
    monitors: tuple[Monitor, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def network(self) -> Definition:
        """Return the main network."""
        return self.definitions[MAIN]

    def with_network(self, network: Definition) -> Document:
        """Return this document with another main network."""
        return self.with_definition(network)

    def with_definition(self, definition: Definition) -> Document:
        """Return this document with one definition added or replaced."""
        return replace(self, definitions={**self.definitions, definition.id: definition})

    def definition(self, definition_id: str) -> Definition:
        """Return the definition with that id, or raise UnknownName."""
        if definition_id not in self.definitions:
            known = [item.name for item in self.definitions.values()]
            raise UnknownName("block", definition_id, known)
        return self.definitions[definition_id]
