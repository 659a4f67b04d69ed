"""What a gesture means: edits of the document, or a sentence that says why not.

Knows no widget and no scene, so that every gesture can be tested without them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from conex_app.canvas.gestures.block_gestures import BlockGestures
from conex_app.canvas.gestures.drag_data import BlockDrag
from conex_app.canvas.scene.placing import (
    Place,
    area_of,
    arranged,
    free_place,
    free_places,
    place_of_synapse,
    united,
)
from conex_app.look.counts import count
from conex_app.project.document import ProjectDocument
from conex_core.catalog import Catalog
from conex_core.errors import ConexError, FileError
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import ports_of, wires_outside
from conex_core.graph.edits.links import refusal
from conex_core.graph.edits.templates import TEMPLATES
from conex_core.graph.model.defaults import stack_for
from conex_core.graph.model.document import NETWORK, Document, Link, new_id
from conex_core.graph.model.kinds import INSTANCE, PORT_KINDS, kind_of
from conex_core.graph.model.stacks import host_of

__all__ = ["DropBlock", "Gestures", "PortAt"]

DropBlock = Callable[[BlockDrag, Place], str | None]  # gives why a block was not added

_HOSTS = {
    "neurons": "a neuron group",
    "synapses": "a synapse group",
    "network": "the empty paper: it is for the whole network",
}


@dataclass(frozen=True)
class PortAt:
    """Name a port of a node."""

    node: str
    port: str
    direction: Literal["in", "out"]


class Gestures:
    """Turn gestures on the canvas into edits of ``document``."""

    def __init__(self, document: ProjectDocument, catalog: Catalog) -> None:
        self.document, self.catalog = document, catalog
        self.drop_block: DropBlock | None = None  # who knows where blocks are kept
        self._blocks = BlockGestures(document)

    @property
    def state(self) -> Document:
        """Return the document as it is."""
        return self.document.state

    def move(self, places: Mapping[str, tuple[float, float]]) -> None:
        """Put nodes where they were dragged."""
        self.document.edit(f"Move {self._said(places)}", edits.move(self.state, places))

    def nudge(self, node_ids: Collection[str], dx: float, dy: float) -> None:
        """Move nodes a little; quick repeats become one step of undo."""
        nodes = self.state.network.nodes
        spots = {key: nodes[key].position for key in node_ids if key in nodes}
        places = {key: (x + dx, y + dy) for key, (x, y) in spots.items()}
        key = ("nudge", *sorted(places))
        new = edits.move(self.state, places)
        self.document.edit(f"Move {self._said(places)}", new, merge_key=key)

    def arrange(self, node_ids: Collection[str] = ()) -> None:
        """Put nodes (all without a choice) in columns along the way of the spikes."""
        places = arranged(self.state.network, node_ids, self.state.definitions)
        self.document.edit("Arrange", edits.move(self.state, places))

    def add_node(self, kind: str, at: tuple[float, float]) -> str | None:
        """Add a node with its usual stack, or a block to begin with, around ``at``.

        Return its id.
        """
        if kind in TEMPLATES:
            return self._blocks.add_template(kind, at, self.catalog)
        known = kind_of(kind)
        if known in (None, INSTANCE) or self.node_refusal(kind):
            return None
        if kind in PORT_KINDS:
            return self._blocks.add_port(kind, at)[0]
        node_id = new_id()
        new = edits.add_node(self.state, kind, at=at, stack=stack_for(kind), node_id=node_id)
        new = edits.move(new, {node_id: self._free_place(new, node_id, at)})
        self.document.edit(f"Add {known.title.lower()}", new)
        return node_id

    def node_refusal(self, kind: str) -> str | None:
        """Say why no node of a kind may be added here; None if one may."""
        return self._blocks.port_refusal() if kind in PORT_KINDS else None

    def remove(self, node_ids: Iterable[str], links: Iterable[Link] = ()) -> str:
        """Remove nodes and wires in one step; say what goes elsewhere, if anything does."""
        nodes = [key for key in node_ids if key in self.state.network.nodes]
        cut = self.state.network.links & frozenset(links)
        new = edits.remove(edits.remove_links(self.state, cut), nodes)
        elsewhere = self._lost_outside(nodes)
        if nodes:
            self.document.edit(f"Remove {self._said(nodes)}", new)
        else:
            self.document.edit("Remove wire" if len(cut) == 1 else "Remove wires", new)
        return elsewhere

    def disconnect(self, link: Link) -> None:
        """Remove one wire."""
        self.remove((), (link,))

    def wire_refusal(
        self, one: PortAt, other: PortAt, *, instead_of: Link | None = None
    ) -> str | None:
        """Say why no wire may run between two ports; None if one may."""
        if (one.node, one.port) == (other.node, other.port):
            return "A wire needs two ports."
        state = self._without(instead_of)
        link = _link(one, other)
        return None if self._joins_groups(state, link) else refusal(state, link)

    def wire(self, one: PortAt, other: PortAt, *, instead_of: Link | None = None) -> str | None:
        """Draw a wire, with synapses where it joins two groups; say why if it may not be."""
        reason = self.wire_refusal(one, other, instead_of=instead_of)
        if reason:
            return reason
        link, state = _link(one, other), self._without(instead_of)
        try:
            if self._joins_groups(state, link):
                new = self._with_synapses(state, link)
            else:
                new = edits.add_link(state, link, self.catalog)
        except ConexError as error:
            return str(error)
        nodes = state.network.nodes
        words = f"Connect {nodes[link.source].name} to {nodes[link.target].name}"
        self.document.edit(words, new)
        return None

    def behavior_refusal(self, node_id: str | None, kind: str) -> str | None:
        """Say why a behavior may not go into the stack of a node; None if it may."""
        spec = self.catalog.behaviors.get(kind)
        if spec is None:
            return f"There is no behavior called {kind}."
        node = self.state.network.nodes.get(node_id or "")
        host = host_of(node) if node else "network"
        if spec.host == host:
            return None
        if node and host is None:
            return f"{node.name} takes no behaviors."
        return f"Drop {kind} on {_HOSTS.get(spec.host, spec.host)}."

    def add_behavior(self, node_id: str | None, kind: str) -> str | None:
        """Put a behavior into the stack of a node, or of the network; say why if not."""
        reason = self.behavior_refusal(node_id, kind)
        if reason:
            return reason
        name = self.state.network.nodes[node_id].name if node_id else "the network"
        try:
            owner = node_id or NETWORK
            new = edits.add_behavior(self.state, owner, kind, catalog=self.catalog)
        except ConexError as error:
            return str(error)
        self.document.edit(f"Add {kind} to {name}", new)
        return None

    def copied(self, node_ids: Collection[str]) -> str:
        """Return nodes as text for the clipboard."""
        return edits.copy(self.state, node_ids)

    def paste(self, text: str, at: tuple[float, float] | None = None) -> tuple[str, ...] | str:
        """Add the nodes of a clipboard text; return their ids, or why it cannot be."""
        try:
            inside = self.document.definition_id
            new, ids = edits.paste(self.state, text, at=at, inside=inside)
        except FileError:
            return "The clipboard holds no nodes."
        except ConexError as error:
            return str(error)
        self.document.edit("Paste", _uncovering(new, ids))
        return ids

    def duplicate(self, node_ids: Collection[str]) -> tuple[str, ...] | str:
        """Add copies of nodes; return their ids, or why it cannot be."""
        try:
            new, ids = edits.duplicate(self.state, node_ids)
        except ConexError as error:
            return str(error)
        self.document.edit(f"Duplicate {self._said(node_ids)}", _uncovering(new, ids))
        return ids

    def _with_synapses(self, state: Document, link: Link) -> Document:
        node_id = new_id()
        new = edits.connect_groups(
            state,
            link.source,
            link.target,
            catalog=self.catalog,
            node_id=node_id,
            source_port=link.source_port,
            target_port=link.target_port,
        )
        place = place_of_synapse(new.network, node_id, link.source, link.target, new.definitions)
        return edits.move(new, {node_id: place})

    def _joins_groups(self, state: Document, link: Link) -> bool:
        """Tell whether a wire carries spikes to where synapses are taken."""
        ends = ((link.source, link.source_port, "out"), (link.target, link.target_port, "in"))
        signals = [
            port.signal
            for key, name, direction in ends
            if key in state.network.nodes
            for port in ports_of(state.network.nodes[key], state.definitions)
            if (port.name, port.direction) == (name, direction)
        ]
        return signals == ["spikes", "synapses"]

    def _free_place(self, doc: Document, node_id: str, at: tuple[float, float]) -> Place:
        return free_place(doc.network, node_id, centre=at, definitions=doc.definitions)

    def _without(self, link: Link | None) -> Document:
        return edits.remove_links(self.state, (link,)) if link else self.state

    def _lost_outside(self, node_ids: Iterable[str]) -> str:
        wires = wires_outside(self.document.whole, self.document.definition_id)
        lost = [key for key in node_ids if wires[key]]
        amount = sum(wires[key] for key in lost)
        return f"Removed {self._said(lost)} and {count(amount, 'wire')} outside." if lost else ""

    def _said(self, node_ids: Iterable[str]) -> str:
        nodes = [self.state.network.nodes[key] for key in node_ids]
        if len(nodes) != 1:
            return f"{len(nodes)} nodes"
        return f"port {nodes[0].name}" if nodes[0].is_port else nodes[0].name


def _link(one: PortAt, other: PortAt) -> Link:
    if one.direction == "in":
        one, other = other, one
    return Link(one.node, one.port, other.node, other.port)


def _uncovering(state: Document, came: Collection[str]) -> Document:
    """Return ``state`` with nodes that came together moved to where they cover no other."""
    network, definitions = state.network, state.definitions
    centre = united(area_of(network.nodes[key], definitions) for key in came).center()
    return edits.move(state, free_places(network, came, centre=centre, definitions=definitions))
