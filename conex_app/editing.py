"""Commands of the Edit and Insert menus: each becomes one edit of the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog, QWidget

from conex_core.errors import ConexError
from conex_core.graph import edits
from conex_core.graph.kinds import kind_of
from conex_core.graph.state import Document, new_id

if TYPE_CHECKING:
    from conex_app.document import ProjectDocument
    from conex_core.catalog import Catalog

__all__ = ["Editing"]


class Editing(QObject):
    """Change the document on behalf of menus and keys; select what it made."""

    refused = Signal(str)  # why an edit was not made

    def __init__(
        self, document: ProjectDocument, canvas: Any, catalog: Catalog, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._canvas = document, canvas
        self._catalog, self._window = catalog, window
        self.selection: tuple[str, ...] = ()

    def undo(self) -> None:
        """Undo the last edit."""
        self._document.stack.undo()

    def redo(self) -> None:
        """Redo the edit undone last."""
        self._document.stack.redo()

    def add_node(self, kind: str) -> None:
        """Add a node of ``kind`` beside what is there, and select it."""
        node_id, state = new_id(), self._document.state
        found = kind_of(kind)
        title = found.title.lower() if found else kind
        new = edits.add_node(state, kind, at=_free_place(state), node_id=node_id)
        self._document.edit(f"Add {title}", new)
        self._canvas.select((node_id,))
        self._canvas.centre_on(node_id)

    def connect_selected(self) -> None:
        """Join the two selected groups, from the one selected first."""
        source, target = self.selection
        node_id = new_id()
        try:
            new = edits.connect_groups(
                self._document.state, source, target, catalog=self._catalog, node_id=node_id
            )
        except ConexError as error:
            self.refused.emit(str(error))
            return
        names = [self._document.state.network.node(each).name for each in (source, target)]
        self._document.edit(f"Connect {names[0]} to {names[1]}", new)
        self._canvas.select((node_id,))

    def cut(self) -> None:
        """Copy the selected nodes and delete them."""
        self.copy()
        self._remove("Cut")

    def copy(self) -> None:
        """Put the selected nodes on the clipboard, as text."""
        QGuiApplication.clipboard().setText(edits.copy(self._document.state, self.selection))

    def paste(self) -> None:
        """Add the nodes of the clipboard; anything else on it is refused in words."""
        text = QGuiApplication.clipboard().text()
        try:
            new, ids = edits.paste(self._document.state, text)
        except ConexError as error:
            self.refused.emit(str(error))
            return
        self._document.edit(f"Paste {_nodes(len(ids))}", new)
        self._canvas.select(ids)

    def duplicate(self) -> None:
        """Add copies of the selected nodes and select them."""
        new, ids = edits.duplicate(self._document.state, self.selection)
        self._document.edit(f"Duplicate {self._chosen()}", new)
        self._canvas.select(ids)

    def delete(self) -> None:
        """Delete the selected nodes with their wires."""
        self._remove("Delete")

    def select_all(self) -> None:
        """Select every node."""
        self._canvas.select(tuple(self._document.state.network.nodes))

    def rename(self) -> None:
        """Ask for another name of the selected node."""
        node = self._document.state.network.node(self.selection[0])
        name, accepted = QInputDialog.getText(
            self._window, "Rename", f"New name of {node.name}", text=node.name
        )
        if not accepted or not name.strip():
            return
        try:
            new = edits.rename(self._document.state, node.id, name.strip())
        except ConexError as error:
            self.refused.emit(str(error))
            return
        self._document.edit(f"Rename {node.name}", new)

    def arrange(self) -> None:
        """Lay out all nodes from left to right."""
        places = arranged(self._document.state)
        self._document.edit("Arrange", edits.move(self._document.state, places))
        self._canvas.fit()

    def _remove(self, verb: str) -> None:
        label = f"{verb} {self._chosen()}"
        self._document.edit(label, edits.remove(self._document.state, self.selection))

    def _chosen(self) -> str:
        if len(self.selection) == 1:
            return self._document.state.network.node(self.selection[0]).name
        return _nodes(len(self.selection))


def arranged(state: Document) -> dict[str, tuple[float, float]]:
    """Return a place for each node: columns by distance from the inputs, rows by name."""
    nodes, depth = state.network.nodes, _depths(state)
    columns: dict[int, list[str]] = {}
    for node_id in sorted(nodes, key=lambda each: (nodes[each].position[1], nodes[each].name)):
        columns.setdefault(depth[node_id], []).append(node_id)
    return {
        node_id: (column * 280.0, (row - (len(ids) - 1) / 2) * 180.0)
        for column, ids in columns.items()
        for row, node_id in enumerate(ids)
    }


def _depths(state: Document) -> dict[str, int]:
    """Return how many wires each node is away from a start, cycles walked once."""
    nodes, links = state.network.nodes, sorted(state.network.links)
    targets = {link.target for link in links}
    ahead = sorted(nodes, key=lambda each: (each in targets, nodes[each].position))
    depth: dict[str, int] = {}
    for start in ahead:
        if start in depth:
            continue
        depth[start], line = 0, [start]
        for node_id in line:
            for link in links:
                if link.source == node_id and link.target not in depth:
                    depth[link.target] = depth[node_id] + 1
                    line.append(link.target)
    return depth


def _free_place(state: Document) -> tuple[float, float]:
    """Return a place to the right of everything that is there."""
    places = [node.position for node in state.network.nodes.values()]
    if not places:
        return (0.0, 0.0)
    right = max(x for x, _ in places)
    return (right + 280.0, min(y for x, y in places if x == right))


def _nodes(amount: int) -> str:
    return "1 node" if amount == 1 else f"{amount} nodes"
