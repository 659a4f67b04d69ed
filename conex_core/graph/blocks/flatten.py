"""The flat network: what a document's blocks come to when all of them are opened.

Nodes inside a block get the ids of the instances around them before their own,
joined by a slash; wires through ports become wires between nodes; a synapse
group between several groups becomes one for each pair. A document without
blocks is its own flat network.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

from conex_core.errors import StructureError
from conex_core.graph.blocks.nesting import MOST_NODES, refusal_to_open
from conex_core.graph.blocks.opening import OpenedLevel, Origin, opened
from conex_core.graph.model.document import MAIN, Definition, Document, Link, Monitor, Node
from conex_core.graph.model.kinds import INSTANCE, PORT_KINDS
from conex_core.graph.model.memoized import memoized

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Flat", "flatten"]

_MOST_WIRES = 4 * MOST_NODES
_NOT_FLAT = (*PORT_KINDS, INSTANCE.name)
_ENDS = attrgetter("source", "source_port", "target", "target_port")


@dataclass(frozen=True)
class Flat:
    """Hold the flat network as a document, and where each of its nodes comes from.

    ``refusal`` says why the blocks were not opened; the network is empty then.
    """

    document: Document
    origins: Mapping[str, Origin] = field(default_factory=dict)
    refusal: str = ""

    def copies(self, definition_id: str, node_id: str) -> list[str]:
        """Return the flat ids of one drawn node."""
        return self._drawn.get((definition_id, node_id), [])

    def inside(self, path: tuple[str, ...]) -> list[str]:
        """Return the flat ids of everything inside one instance."""
        return [
            flat_id for flat_id, origin in self.origins.items() if origin.path[: len(path)] == path
        ]

    @property
    def has_blocks(self) -> bool:
        """Tell whether any of its nodes is drawn inside a block."""
        return any(origin.path for origin in self.origins.values())

    @cached_property
    def _drawn(self) -> Mapping[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for flat_id, origin in self.origins.items():
            found[origin.definition, origin.node].append(flat_id)
        return found


@memoized
def flatten(doc: Document) -> Flat:
    """Return the flat network of ``doc``.

    Instances of unknown definitions, and of those that would hold themselves,
    come to nothing; the check reports them. A network that is too large to be
    opened is refused. Names that are taken outside a block get its name before
    them.
    """
    if _is_flat(doc):
        return Flat(doc, {name: Origin((), MAIN, name) for name in doc.network.nodes})
    refusal = refusal_to_open(doc.definitions)
    if refusal:
        return _refused(doc, refusal)
    root = opened(doc)
    if root.is_cut_short:
        return _refused(doc, _too_many("too many blocks that hold each other"))
    try:
        nodes, origins = _nodes(root)
    except _SharedId as error:
        return _refused(doc, f"{error}.")
    links = list(islice((link for s in root.all() for link in s.flat_links()), _MOST_WIRES + 1))
    if len(links) > _MOST_WIRES:
        return _refused(doc, _too_many(f"more than {_MOST_WIRES:,} wires"))
    pairing = _Pairing(nodes, links)
    if pairing.count > MOST_NODES:
        return _refused(doc, _too_many(f"{pairing.count:,} synapse groups between blocks"))
    pairs = pairing.apply(origins)
    network = Definition(MAIN, doc.network.name, pairing.nodes, frozenset(pairing.links))
    monitors = _monitors(doc, root, pairing.nodes, pairs)
    return Flat(replace(doc, definitions={MAIN: network}, monitors=monitors), origins)


def _refused(doc: Document, refusal: str) -> Flat:
    empty = Definition(MAIN, doc.network.name)
    return Flat(replace(doc, definitions={MAIN: empty}), {}, refusal)


def _too_many(what: str) -> str:
    return f"With all blocks opened this network has {what}. Remove some blocks or wires."


def _is_flat(doc: Document) -> bool:
    network = doc.network
    if any(node.kind in _NOT_FLAT for node in network.nodes.values()):
        return False
    # Unpacking a block may leave synapses with several ends.
    many: set[tuple[str, str]] = set()
    for link in network.links:
        if link.source not in network.nodes or link.target not in network.nodes:
            continue
        for end in ((link.target, link.target_port), (link.source, link.source_port)):
            if end[1] not in ("source", "target"):
                continue
            if end in many:
                return False
            many.add(end)
    return True


def _nodes(root: OpenedLevel) -> tuple[dict[str, Node], dict[str, Origin]]:
    """Return the flat nodes, with names that differ between blocks, and their origins.

    Raises
    ------
    _SharedId
        If two blocks claim one id, as only a changed file can bring about.
    """
    nodes: dict[str, Node] = {}
    origins: dict[str, Origin] = {}
    taken: dict[str, OpenedLevel] = {}
    for level in root.all():
        for node, origin in level.flat_nodes():
            if node.id in nodes:
                raise _SharedId(level.shown, node.name)
            if taken.setdefault(node.name, level) is not level:
                node = replace(node, name=_free(level, origin.node, node.id, taken))
                taken[node.name] = level
            nodes[node.id], origins[node.id] = node, origin
    return nodes, origins


class _SharedId(StructureError):
    """Report a node whose id another one has."""

    def __init__(self, block: str, node: str) -> None:
        hint = f"Copy {block}, delete it and paste the copy"
        super().__init__(f"{block} › {node}", "has the id of another node", hint=hint)


def _free(level: OpenedLevel, node_id: str, flat_id: str, taken: Mapping[str, OpenedLevel]) -> str:
    """Return a name for a node of a block whose own is taken elsewhere."""
    own = level.nodes[node_id].name
    name = f"{level.shown} / {own}"
    return name if name not in taken else f"{own} ({flat_id})"


class _Pairing:
    """Replace synapse groups with several sources or targets by one for each pair."""

    def __init__(self, nodes: dict[str, Node], links: Iterable[Link]) -> None:
        self.nodes, self.links = nodes, set(links)
        self._ins: dict[str, list[Link]] = defaultdict(list)
        self._outs: dict[str, list[Link]] = defaultdict(list)
        self._stacks: dict[str, list[Link]] = defaultdict(list)
        # Wires between two synapse groups mean nothing; the check tells of them.
        loose = {link for link in self.links if self._joins_synapses(link)}
        for link in self.links - loose:
            if link.target_port == "source":
                self._ins[link.target].append(link)
            elif link.target_port == "behaviors":
                self._stacks[link.target].append(link)
            if link.source_port == "target":
                self._outs[link.source].append(link)
        self._many = [
            name
            for name, ins in self._ins.items()
            if len(ins) * len(self._outs[name]) > 1 and nodes[name].is_synapse_group
        ]
        self.links -= {link for link in loose if {link.source, link.target} & {*self._many}}

    @property
    def count(self) -> int:
        """Return how many pairs there will be."""
        return sum(len(self._ins[name]) * len(self._outs[name]) for name in self._many)

    def apply(self, origins: dict[str, Origin]) -> dict[str, list[str]]:
        """Make the pairs; return their ids by the synapse group that they stand for."""
        pairs: dict[str, list[str]] = {}
        for name in self._many:
            ends = (self._ins[name], self._outs[name], self._stacks[name])
            ins, outs, stacks = (sorted(links, key=_ENDS) for links in ends)
            self.links -= {*ins, *outs, *stacks}
            node, origin = self.nodes.pop(name), origins.pop(name)
            pairs[name] = [self._pair(node, first, last) for first in ins for last in outs]
            for pair in pairs[name]:
                origins[pair] = origin
                self.links |= {replace(link, target=pair) for link in stacks}
        return pairs

    def _joins_synapses(self, link: Link) -> bool:
        return all(self.nodes[end].is_synapse_group for end in (link.source, link.target))

    def _pair(self, node: Node, first: Link, last: Link) -> str:
        pair = f"{node.id}@{first.source}>{last.target}"
        ends = f"{self.nodes[first.source].name} to {self.nodes[last.target].name}"
        self.nodes[pair] = replace(node, id=pair, name=f"{node.name} ({ends})")
        self.links |= {replace(first, target=pair), replace(last, source=pair)}
        return pair


def _monitors(
    doc: Document, root: OpenedLevel, nodes: Mapping[str, Node], pairs: Mapping[str, list[str]]
) -> tuple[Monitor, ...]:
    """Return the monitors with every block among their targets opened."""
    if not doc.monitors:
        return ()
    blocks = {"/".join(level.path): level for level in root.all() if level.path}

    def behind(target: str) -> list[str]:
        if target in pairs:
            return pairs[target]
        if target in nodes or target not in blocks:
            return [target]
        inner = (name for level in blocks[target].all() for name in level.flat_ids())
        return [name for name in inner if name in nodes and nodes[name].is_neuron_group]

    return tuple(
        replace(one, targets=tuple(name for target in one.targets for name in behind(target)))
        for one in doc.monitors
    )
