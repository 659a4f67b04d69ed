"""NodeGraphQt as a display: differences of documents become calls, nothing comes back.

Node ids are the document's. NodeGraphQt's undo stack, signals, menus, cycle
check and unique names are not used; gestures are those of ``gestures.interactive_view``.
Importing this module imports NodeGraphQt.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from NodeGraphQt import NodeGraph
from PySide6.QtWidgets import QGraphicsScene

from conex_app.canvas.painting.block_contents import Blocks, Contents
from conex_app.canvas.painting.node_face import Face, face_of, width_of
from conex_app.canvas.painting.pens import Style
from conex_app.canvas.scene.display_node import DisplayNode
from conex_app.canvas.scene.items import NodeCard, Wire
from conex_app.canvas.scene.view import SceneView
from conex_core.graph.model.document import Definition, Link, Node

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

__all__ = ["Display"]

MANY = 50


class Display(NodeGraph):
    """Show one definition. ``draw`` is the only way in."""

    def __init__(self, view: SceneView, style: Style, parent: QObject | None = None) -> None:
        super().__init__(parent, viewer=view)
        self.style = style
        self._links: frozenset[Link] = frozenset()
        self._by_node: dict[str, list[Link]] = {}
        self._contents: dict[str, Contents | None] = {}
        self._pairs: Mapping[str, str] = {}
        self.set_acyclic(False)

    def get_unique_name(self, name: str) -> str:
        """Return ``name``: the document sees to names."""
        return name

    def card(self, node_id: str) -> NodeCard | None:
        """Return the item of a node."""
        node = self.model.nodes.get(node_id)
        return node.view if node else None

    def cards(self) -> dict[str, NodeCard]:
        """Return the item of every node by its id."""
        return {node_id: node.view for node_id, node in self.model.nodes.items()}

    def wires(self) -> Iterator[Wire]:
        """Yield every wire once."""
        for card in self.cards().values():
            for port in card.outputs:
                yield from port.connected_pipes

    def shown(self) -> tuple[dict[str, tuple[float, float]], frozenset[Link], frozenset[Link]]:
        """Return what is drawn: positions, wires of the model and wires of the scene."""
        places = {key: (card.pos().x(), card.pos().y()) for key, card in self.cards().items()}
        model = {
            Link(node.id, out.name(), port.node().id, port.name())
            for node in self.model.nodes.values()
            for out in node.output_ports()
            for port in out.connected_ports()
        }
        scene = {item.link for item in self.scene().items() if isinstance(item, Wire)}
        return places, frozenset(model), frozenset(scene)

    def contents(self, node_id: str) -> Contents | None:
        """Return what is behind a block that is drawn."""
        return self._contents.get(node_id)

    def draw(
        self,
        old: Definition,
        new: Definition,
        definitions: Mapping[str, Definition],
        pairs: Mapping[str, str],
    ) -> None:
        """Turn the display of ``old`` into one of ``new`` with as few calls as it takes.

        ``pairs`` says how many groups a synapse group joins, where ports make it many.
        """
        changed = {
            node_id for node_id, node in new.nodes.items() if node is not old.nodes.get(node_id)
        }
        changed |= self._read_blocks(new, definitions)
        known, self._pairs = self._pairs, pairs
        both = known.keys() | pairs.keys()
        changed |= {key for key in both if known.get(key) != pairs.get(key)} & new.nodes.keys()
        gone = old.nodes.keys() - new.nodes.keys()
        before, after = _joined(old), _joined(new)
        cut, made = before - after, after - before
        with _batch(self.scene(), len(changed) + len(gone) + len(cut) + len(made)):
            for link in cut:
                self._disconnect(link)
            for node_id in gone:
                self.model.nodes.pop(node_id).view.delete()
            flow = self._flow(new)
            for node_id in changed:
                self._place(new.nodes[node_id], flow)
            for link in made:
                self._connect(link)
            self._refresh(changed, cut | made, flow)

    def set_style(self, style: Style) -> None:
        """Use the pens and colours of ``style``."""
        self.style = style
        for card in self.cards().values():
            card.style = style
            card.update()
        for wire in self.wires():
            wire.style = style
            wire.restyle()

    def refresh_flow(self, node_ids: Iterable[str], network: Definition) -> None:
        """Turn the synapse groups beside these nodes while nodes are being moved."""
        moved = [(key, self.card(key)) for key in node_ids]
        centres = {key: card.area().center().x() for key, card in moved if card}
        self._refresh(set(node_ids), frozenset(), self._flow(network, centres))

    def _read_blocks(self, network: Definition, definitions: Mapping[str, Definition]) -> set[str]:
        """Read what is behind each block, and return the blocks where that is new."""
        before, blocks = self._contents, Blocks(definitions)
        self._contents = {
            key: blocks.contents(node) for key, node in network.nodes.items() if node.is_instance
        }
        return {key for key, found in self._contents.items() if found != before.get(key, found)}

    def _flow(self, network: Definition, centres: Mapping[str, float] | None = None) -> Flow:
        if network.links is not self._links:
            self._links, self._by_node = network.links, _by_node(network.links)
        return Flow(network, self._by_node, centres or {}, self._contents, self._pairs)

    def _place(self, node: Node, flow: Flow) -> None:
        card = self.card(node.id)
        face = flow.face(node)
        if card is None:
            made = DisplayNode(node, face, self.style)
            made.model.pos = list(node.position)
            made.view.setPos(*node.position)
            self._take(made)
            return
        if card.face != face:
            card.set_face(face)
            self.model.nodes[node.id].model.name = card.name = node.name
            self.model.nodes[node.id].keep_ports(face)
        if (card.pos().x(), card.pos().y()) != node.position:
            self.model.nodes[node.id].model.pos = list(node.position)
            card.setPos(*node.position)

    def _take(self, card: DisplayNode) -> None:
        """Add a card; ``add_node`` would look after properties and undo, unused here."""
        card._graph, card.model._graph_model = self, self.model
        self.model.nodes[card.id] = card
        self.viewer().add_node(card.view)

    def _connect(self, link: Link) -> None:
        source, target = self.model.nodes.get(link.source), self.model.nodes.get(link.target)
        if source and target:
            out = source.need_port(link.source_port, "out")
            into = target.need_port(link.target_port, "in")
            out.model.connected_ports[link.target].append(link.target_port)
            into.model.connected_ports[link.source].append(link.source_port)
            out.view.connect_to(into.view)

    def _disconnect(self, link: Link) -> None:
        source, target = self.model.nodes.get(link.source), self.model.nodes.get(link.target)
        if source and target:
            out = source.need_port(link.source_port, "out")
            into = target.need_port(link.target_port, "in")
            out.model.connected_ports[link.target].remove(link.target_port)
            into.model.connected_ports[link.source].remove(link.source_port)
            out.view.disconnect_from(into.view)

    def _refresh(self, node_ids: set[str], links: frozenset[Link], flow: Flow) -> None:
        """Redraw what depends on more than one node: capsules' direction and wires."""
        touched = node_ids | {end for link in links for end in (link.source, link.target)}
        for node_id in flow.synapses_beside(touched) - node_ids:
            card = self.card(node_id)
            face = flow.face(flow.network.nodes[node_id])
            if card and card.face != face:
                card.set_face(face)
                touched.add(node_id)
        cards = [card for card in map(self.card, touched) if card]
        for wire in {wire for card in cards for wire in card.wires()}:
            wire.redraw()
            wire.restyle()

    def _wire_signals(self) -> None:
        """Connect nothing: gestures go to the document, not to NodeGraphQt."""

    def _register_builtin_nodes(self) -> None:
        """Register nothing: nodes are made from the document."""


def _joined(definition: Definition) -> frozenset[Link]:
    """Return the wires that can be drawn: those with a node at both ends."""
    nodes = definition.nodes
    return frozenset(one for one in definition.links if one.source in nodes and one.target in nodes)


class Flow:
    """Know in which direction spikes run through each synapse group on the canvas."""

    def __init__(
        self,
        network: Definition,
        links: Mapping[str, list[Link]],
        centres: Mapping[str, float],
        contents: Mapping[str, Contents | None],
        pairs: Mapping[str, str],
    ) -> None:
        self.network, self._links, self._centres = network, links, centres
        self._contents, self._pairs = contents, pairs

    def links(self, node_id: str) -> list[Link]:
        """Return the wires of a node."""
        return self._links.get(node_id) or []

    def face(self, node: Node) -> Face:
        """Return the face of ``node``, turned around if its spikes run leftwards."""
        return face_of(
            node,
            self.links(node.id),
            leftwards=self._leftwards(node),
            contents=self._contents.get(node.id),
            pairs=self._pairs.get(node.id, ""),
        )

    def synapses_beside(self, node_ids: Iterable[str]) -> set[str]:
        """Return the synapse groups among these nodes and their neighbours."""
        near = set(node_ids)
        for node_id in list(near):
            near |= {end for link in self.links(node_id) for end in (link.source, link.target)}
        nodes = self.network.nodes
        return {key for key in near if key in nodes and nodes[key].is_synapse_group}

    def _leftwards(self, node: Node) -> bool:
        if not node.is_synapse_group:
            return False
        source = next((k.source for k in self.links(node.id) if k.target_port == "source"), None)
        target = next((k.target for k in self.links(node.id) if k.source_port == "target"), None)
        if source is None or target is None:
            return False
        return source == target or self._centre(source) > self._centre(target)

    def _centre(self, node_id: str) -> float:
        if node_id in self._centres:
            return self._centres[node_id]
        node = self.network.nodes.get(node_id)
        return node.position[0] + width_of(node.kind) / 2 if node else 0.0


def _by_node(links: Iterable[Link]) -> dict[str, list[Link]]:
    found: dict[str, list[Link]] = {}
    for link in links:
        found.setdefault(link.source, []).append(link)
        if link.target != link.source:
            found.setdefault(link.target, []).append(link)
    return found


@contextmanager
def _batch(scene: QGraphicsScene, size: int) -> Iterator[None]:
    """Hold back repaints, the scene's index and garbage collection for a large change."""
    if size < MANY:
        yield
        return
    view, collecting = scene.views()[0], gc.isenabled()
    view.setUpdatesEnabled(False)
    scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        view.setUpdatesEnabled(True)
