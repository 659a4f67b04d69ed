"""Cut nodes out of a network: the ports that take the place of the wires that are cut.

Wires that share an end share a port. Of spikes and behaviors that is the node
they come from, of synapses the group they lead to; the port has its name.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conex_core.graph.blocks.definitions import PORT, ports_of
from conex_core.graph.model.document import Document, Link, Node, new_id
from conex_core.graph.model.kinds import INPUT_PORT, OUTPUT_PORT
from conex_core.graph.model.names import unique_name
from conex_core.graph.model.places import on_canvas

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Cut", "middle"]

_ASIDE = 260.0  # how far ports stand from what they serve
_BELOW = 90.0


@dataclass(frozen=True)
class _Port:
    """One port that a cut makes: a node, and the wires on both sides of it."""

    node: Node
    inner: frozenset[Link]
    outer: frozenset[Link]  # with the port's id where the instance's will be


class Cut:
    """Tell what becomes of the wires when some nodes are taken out of a network."""

    def __init__(self, doc: Document, inner: dict[str, Node]) -> None:
        self.doc, self.network, self.inner = doc, doc.network, inner
        self._box = _box(inner.values())
        self.ports = [*self._ports(entering=True), *self._ports(entering=False)]

    def nodes(self) -> dict[str, Node]:
        """Return the nodes cut out, and their ports."""
        return {**self.inner, **{port.node.id: port.node for port in self.ports}}

    def links(self) -> frozenset[Link]:
        """Return the wires among them."""
        # Wires to nodes that are not there stay, so that the check tells of them.
        away = self.network.nodes.keys() - self.inner.keys()
        whole = {
            link
            for link in self.network.links
            if {link.source, link.target} & self.inner.keys()
            and not {link.source, link.target} & away
        }
        return frozenset(whole).union(*(port.inner for port in self.ports))

    def outside(self) -> frozenset[Link]:
        """Return the wires that are not touched."""
        return frozenset(
            link
            for link in self.network.links
            if not {link.source, link.target} & self.inner.keys()
        )

    def joined(self, instance: str) -> frozenset[Link]:
        """Return the wires between the instance and what is left outside."""
        found = set()
        for port in self.ports:
            for link in port.outer:
                if port.node.is_input_port:
                    found.add(replace(link, target=instance, target_port=port.node.id))
                else:
                    found.add(replace(link, source=instance, source_port=port.node.id))
        return frozenset(found)

    def _ports(self, *, entering: bool) -> list[_Port]:
        """Return a port for each end that wires of one direction have in common."""
        shared: dict[tuple[str, str], list[Link]] = {}
        for link in sorted(self.network.links):
            if not {link.source, link.target} <= self.network.nodes.keys():
                continue
            inside = (link.source in self.inner, link.target in self.inner)
            if inside == ((False, True) if entering else (True, False)):
                shared.setdefault(self._carrier(link), []).append(link)
        taken: set[str] = set()
        served = Counter(node_id for node_id, _ in shared)
        return [
            self._port(self._name(end, served[end[0]] == 1), links, index, taken, entering)
            for index, (end, links) in enumerate(sorted(shared.items(), key=self._height))
        ]

    def _port(
        self, name: str, links: list[Link], index: int, taken: set[str], entering: bool
    ) -> _Port:
        called = unique_name(name, taken)
        taken.add(called)
        left, top, right = self._box
        x = left - _ASIDE if entering else right + _ASIDE
        node = Node(
            id=new_id(),
            kind=INPUT_PORT.name if entering else OUTPUT_PORT.name,
            name=called,
            params={"signal": self._signal(links[0]), "order": index},
            position=on_canvas(x, top + index * _BELOW),
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

    def _height(self, shared: tuple[tuple[str, str], list[Link]]) -> tuple[float, float, str]:
        node = self.network.nodes[shared[0][0]]
        return (node.position[1], node.position[0], node.id)

    def _name(self, end: tuple[str, str], alone: bool) -> str:
        """Return what a port is called: as its node; one of several of a block by its own name."""
        node = self.network.nodes[end[0]]
        ports = () if alone else ports_of(node, self.doc.definitions)
        own = (port.title for port in ports if node.is_instance and port.name == end[1])
        return " ".join([node.name, *own])

    def _signal(self, link: Link) -> str:
        source = self.network.nodes[link.source]
        ports = ports_of(source, self.doc.definitions)
        return next((port.signal for port in ports if port.name == link.source_port), "spikes")


def middle(nodes: Iterable[Node]) -> tuple[float, float]:
    """Return the mean place of nodes."""
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
