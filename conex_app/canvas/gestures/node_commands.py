"""Commands on nodes for menus and keys: they act on what is selected on a canvas."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from conex_app.canvas.gestures.commanded_canvas import CommandedCanvas
from conex_core.errors import ConexError
from conex_core.graph import edits
from conex_core.graph.model.document import new_id

__all__ = ["NodeCommands"]


class NodeCommands:
    """Add, join, copy, remove and arrange nodes."""

    def __init__(self, canvas: CommandedCanvas) -> None:
        self._canvas, self._document = canvas, canvas.document
        self._gestures = canvas.gestures

    def add(self, kind: str, at: tuple[float, float] | None = None) -> str | None:
        """Add a node, in the middle of what is shown unless a place is given."""
        self._canvas.ensure_loaded()
        reason = self._gestures.node_refusal(kind)
        if reason:
            self._canvas.refuse(reason)
            return None
        made = self._gestures.add_node(kind, at or self._canvas.middle())
        self._canvas.select([made] if made else ())
        return made

    def add_behavior(self, kind: str) -> None:
        """Add a behavior to the one selected node that takes it."""
        state, chosen = self._document.state, self._canvas.selection
        if len(chosen) != 1:
            self._canvas.refused.emit(f"Select the node that {kind} is for, or drag it there.")
            return
        name = state.network.node(chosen[0]).name
        try:
            new = edits.add_behavior(state, chosen[0], kind, catalog=self._gestures.catalog)
        except ConexError as error:
            self._canvas.refused.emit(str(error))
            return
        self._document.edit(f"Add {kind} to {name}", new)

    def add_from_palette(self, entry: str, name: str) -> None:
        """Add what the palette offers; an example is for others to open."""
        if entry == "example":
            self._canvas.example_dropped.emit(name)
        elif entry == "behavior":
            self.add_behavior(name)
        else:
            self.add(name)

    def connect_selected(self) -> None:
        """Join the two selected groups, from the one selected first; other nodes may be, too."""
        state, node_id = self._document.state, new_id()
        nodes = state.network.nodes
        groups = [key for key in self._canvas.selection if nodes[key].is_neuron_group]
        if len(groups) != 2:
            self._canvas.refuse("Select two groups to connect.")
            return
        source, target = groups
        try:
            new = edits.connect_groups(
                state, source, target, catalog=self._gestures.catalog, node_id=node_id
            )
        except ConexError as error:
            self._canvas.refused.emit(str(error))
            return
        self._document.edit(f"Connect {nodes[source].name} to {nodes[target].name}", new)
        self._canvas.select((node_id,))

    def rename(self) -> None:
        """Let the user type another name of the selected node."""
        self._canvas.rename_wanted.emit(self._canvas.selection[0])

    def delete(self) -> None:
        """Remove the selected nodes and wires in one step."""
        nodes, links = self._canvas.selection, self._canvas.selected_links
        if nodes or links:
            elsewhere = self._gestures.remove(nodes, links)
            if elsewhere:
                self._canvas.told.emit(elsewhere)

    def copy(self) -> None:
        """Put the selected nodes on the clipboard, as text."""
        if self._canvas.selection:
            QGuiApplication.clipboard().setText(self._gestures.copied(self._canvas.selection))

    def cut(self) -> None:
        """Put the selected nodes on the clipboard and remove them."""
        self.copy()
        self.delete()

    def paste(self, at: tuple[float, float] | None = None) -> None:
        """Add the nodes that the clipboard holds and select them."""
        self._finish(self._gestures.paste(QGuiApplication.clipboard().text(), at))

    def duplicate(self) -> None:
        """Add copies of the selected nodes and select them."""
        if self._canvas.selection:
            self._finish(self._gestures.duplicate(self._canvas.selection))

    def nudge(self, dx: float, dy: float) -> None:
        """Move the selected nodes a little."""
        self._gestures.nudge(self._canvas.selection, dx, dy)

    def arrange(self) -> None:
        """Put the selected nodes, or all, in columns along the way of the spikes."""
        chosen = self._canvas.selection
        self._gestures.arrange(chosen if len(chosen) > 1 else ())

    def arrange_and_fit(self) -> None:
        """Arrange the nodes and show the whole network."""
        self.arrange()
        self._canvas.fit()

    def _finish(self, done: tuple[str, ...] | str) -> None:
        """Select what was added, or say why nothing was."""
        if isinstance(done, str):
            self._canvas.refuse(done)
        else:
            self._canvas.select(done)
            self._canvas.show_nodes(done)
