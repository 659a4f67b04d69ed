"""Gestures that make, open up and insert blocks: edits, or a sentence that says why not."""

from __future__ import annotations

from collections.abc import Collection

from conex_app.canvas.painting.node_face import face_of
from conex_app.canvas.scene.placing import area_of, free_place, free_places, united
from conex_app.look.theme import GRID
from conex_app.project.document import ProjectDocument
from conex_core.catalog import Catalog
from conex_core.errors import ConexError
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import port_nodes
from conex_core.graph.edits.templates import TEMPLATES, add_template
from conex_core.graph.model.document import MAIN, Document, Node, new_id
from conex_core.graph.model.kinds import OUTPUT_PORT, kind_of

__all__ = ["BlockGestures"]

Place = tuple[float, float]
_ASIDE = 10 * GRID  # how far a new port stands from what is inside
_BELOW = 7 * GRID


class BlockGestures:
    """Turn what is done with blocks into edits of ``document``.

    Each returns the ids of the nodes to select, or why nothing was done.
    """

    def __init__(self, document: ProjectDocument) -> None:
        self.document = document

    @property
    def state(self) -> Document:
        """Return the document as it is."""
        return self.document.state

    def group(self, node_ids: Collection[str]) -> tuple[str, ...] | str:
        """Put nodes into a new block where they were."""
        node_id, nodes = new_id(), self.state.network.nodes
        areas = [area_of(nodes[key], self.state.definitions) for key in node_ids if key in nodes]
        try:
            new = edits.group(self.state, node_ids, node_id=node_id)
        except ConexError as error:
            return str(error)
        middle = united(areas).center()
        new = _centred(new, node_id, (middle.x(), middle.y()))
        said = nodes[next(iter(node_ids))].name if len(areas) == 1 else f"{len(areas)} nodes"
        self.document.edit(f"Group {said}", new)
        return (node_id,)

    def unpack(self, node_id: str) -> tuple[str, ...] | str:
        """Put what a block holds in its place, or below it where others are in the way."""
        try:
            new, ids = edits.unpack(self.state, node_id)
        except ConexError as error:
            return str(error)
        block = area_of(self.state.network.nodes[node_id], self.state.definitions)
        places = free_places(new.network, ids, centre=block.center(), definitions=new.definitions)
        new = edits.move(new, places)
        self.document.edit(f"Unpack {self.state.network.nodes[node_id].name}", new)
        return ids

    def make_unique(self, node_id: str) -> tuple[str, ...] | str:
        """Give a block contents of its own."""
        try:
            new = edits.make_unique(self.state, node_id)
        except ConexError as error:
            return str(error)
        self.document.edit(f"Make {self.state.network.nodes[node_id].name} unique", new)
        return (node_id,)

    def insert(
        self, definition_id: str, at: Place, *, state: Document | None = None
    ) -> tuple[str, ...] | str:
        """Add one more copy of a block around a place.

        ``state`` is the document with the block brought in, if it was not there.
        """
        node_id, inside = new_id(), self.document.definition_id
        try:
            new = edits.add_instance(
                state or self.state, definition_id, node_id=node_id, at=at, inside=inside
            )
        except ConexError as error:
            return str(error)
        name = new.network.nodes[node_id].name
        self.document.edit(f"Add {name}", _centred(new, node_id, at))
        return (node_id,)

    def add_template(self, kind: str, at: Place, catalog: Catalog) -> str:
        """Add a new block drawn from a template; return the id of its node."""
        node_id, inside = new_id(), self.document.definition_id
        new = add_template(self.state, kind, catalog=catalog, at=at, inside=inside, node_id=node_id)
        said = TEMPLATES[kind].title.lower()
        self.document.edit(f"Add {said}", _centred(new, node_id, at))
        return node_id

    def port_refusal(self) -> str | None:
        """Say why no port may be added here; None if one may."""
        inside = self.document.definition_id != MAIN
        return None if inside else "Ports belong inside a block. Open a block first."

    def add_port(self, kind: str, at: Place | None = None) -> tuple[str, ...] | str:
        """Add a port of the open block, beside what is inside unless a place is given."""
        reason, known = self.port_refusal(), kind_of(kind)
        if reason or known is None:
            return reason or f"There is no port called {kind}."
        node_id, others = new_id(), port_nodes(self.state.network, kind)
        place = at or self._beside(kind, others)
        new = edits.add_port(self.state, kind, at=place, node_id=node_id)
        if at is not None:
            new = _centred(new, node_id, at)
        self.document.edit(f"Add {known.title.lower()}", new)
        return (node_id,)

    def _beside(self, kind: str, others: list[Node]) -> Place:
        """Return a place under the last port, or left or right of everything."""
        if others:
            x, y = max((node.position for node in others), key=lambda place: place[1])
            return (x, y + _BELOW)
        areas = [area_of(node, self.state.definitions) for node in self._nodes()]
        if not areas:
            return (0.0, 0.0)
        top = min(area.top() for area in areas)
        if kind == OUTPUT_PORT.name:
            return (max(area.right() for area in areas) + _ASIDE, top)
        width = face_of(Node("", kind, "")).width
        return (min(area.left() for area in areas) - _ASIDE - width, top)

    def _nodes(self) -> list[Node]:
        return list(self.state.network.nodes.values())


def _centred(doc: Document, node_id: str, at: Place) -> Document:
    place = free_place(doc.network, node_id, centre=at, definitions=doc.definitions)
    return edits.move(doc, {node_id: place})
