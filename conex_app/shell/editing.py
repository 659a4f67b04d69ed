"""Commands of the Edit and Insert menus: each becomes one edit of the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from conex_core.errors import ConexError
from conex_core.graph import edits
from conex_core.graph.model.document import new_id

if TYPE_CHECKING:
    from conex_app.canvas import Canvas
    from conex_app.project.document import ProjectDocument
    from conex_core.catalog import Catalog

__all__ = ["Editing"]


class Editing(QObject):
    """Change the document on behalf of menus and keys."""

    refused = Signal(str)  # why an edit was not made
    rename_wanted = Signal(str)  # id of the node whose name the user wants to change

    def __init__(self, document: ProjectDocument, canvas: Canvas, catalog: Catalog) -> None:
        super().__init__(canvas)
        self._document, self._canvas, self._catalog = document, canvas, catalog
        canvas.rename_wanted.connect(self.rename_wanted)

    def undo(self) -> None:
        """Undo the last edit."""
        self._document.stack.undo()

    def redo(self) -> None:
        """Redo the edit undone last."""
        self._document.stack.redo()

    def add_node(self, kind: str) -> None:
        """Add a node of ``kind`` in the middle of the canvas and select it."""
        self._canvas.nodes.add(kind)

    def add_behavior(self, kind: str) -> None:
        """Add a behavior to the one selected node that takes it."""
        state, chosen = self._document.state, self._canvas.selection
        if len(chosen) != 1:
            self.refused.emit(f"Select the node that {kind} is for, or drag it there.")
            return
        name = state.network.node(chosen[0]).name
        try:
            new = edits.add_behavior(state, chosen[0], kind, catalog=self._catalog)
        except ConexError as error:
            self.refused.emit(str(error))
            return
        self._document.edit(f"Add {kind} to {name}", new)

    def connect_selected(self) -> None:
        """Join the two selected groups, from the one selected first."""
        state, node_id = self._document.state, new_id()
        source, target = self._canvas.selection
        try:
            new = edits.connect_groups(
                state, source, target, catalog=self._catalog, node_id=node_id
            )
        except ConexError as error:
            self.refused.emit(str(error))
            return
        nodes = state.network.nodes
        self._document.edit(f"Connect {nodes[source].name} to {nodes[target].name}", new)
        self._canvas.select((node_id,))

    def cut(self) -> None:
        """Copy the selected nodes and delete them."""
        self._canvas.nodes.cut()

    def copy(self) -> None:
        """Put the selected nodes on the clipboard, as text."""
        self._canvas.nodes.copy()

    def paste(self) -> None:
        """Add the nodes of the clipboard; anything else on it is refused in words."""
        self._canvas.nodes.paste()

    def duplicate(self) -> None:
        """Add copies of the selected nodes and select them."""
        self._canvas.nodes.duplicate()

    def delete(self) -> None:
        """Delete the selected nodes and wires."""
        self._canvas.nodes.delete()

    def select_all(self) -> None:
        """Select every node."""
        self._canvas.select_all()

    def rename(self) -> None:
        """Let the user type another name of the selected node."""
        self.rename_wanted.emit(self._canvas.selection[0])

    def group(self) -> None:
        """Put the selected nodes into a new block."""
        self._canvas.blocks.group()

    def unpack(self) -> None:
        """Put what the selected block holds in its place."""
        self._canvas.blocks.unpack()

    def make_unique(self) -> None:
        """Give the selected block contents of its own."""
        self._canvas.blocks.make_unique()

    def enter(self) -> None:
        """Open the selected block."""
        self._canvas.blocks.enter()

    def leave(self) -> None:
        """Go out of the open block."""
        self._canvas.blocks.leave()

    def add_port(self, kind: str) -> None:
        """Add an input port or an output port to the open block."""
        self._canvas.blocks.add_port(kind)

    def save_block(self) -> None:
        """Ask for the selected or the open block to be kept in the library."""
        self._canvas.blocks.save()

    def update_block(self) -> None:
        """Show what the library has newer for the selected block."""
        self._canvas.blocks.update()

    def arrange(self) -> None:
        """Lay out the nodes from left to right."""
        self._canvas.nodes.arrange()
        self._canvas.fit()
