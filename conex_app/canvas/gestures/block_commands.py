"""Commands on blocks for menus and keys: they act on what is selected on a canvas."""

from __future__ import annotations

from conex_app.canvas.gestures.block_gestures import BlockGestures
from conex_app.canvas.gestures.commanded_canvas import CommandedCanvas
from conex_core.graph.model.document import Document

__all__ = ["BlockCommands"]


class BlockCommands:
    """Group, unpack, enter, leave and insert blocks."""

    def __init__(self, canvas: CommandedCanvas) -> None:
        self._canvas, self._document = canvas, canvas.document
        self.gestures = BlockGestures(canvas.document)

    @property
    def selected(self) -> str | None:
        """Return the id of the one selected node if it is a block."""
        chosen = self._canvas.selection
        nodes = self._document.state.network.nodes
        block = len(chosen) == 1 and chosen[0] in nodes and nodes[chosen[0]].is_instance
        return chosen[0] if block else None

    @property
    def is_inside(self) -> bool:
        """Tell whether a block is open."""
        return bool(self._document.level)

    def group(self) -> None:
        """Put the selected nodes into a new block and let the user name it."""
        if not self._canvas.selection:
            self._canvas.refuse("Select the nodes to group first.")
            return
        done = self.gestures.group(self._canvas.selection)
        self._finish(done)
        if not isinstance(done, str):
            self._canvas.rename_wanted.emit(done[0])

    def unpack(self) -> None:
        """Put what the selected block holds in its place."""
        if self.selected:
            self._finish(self.gestures.unpack(self.selected))

    def make_unique(self) -> None:
        """Give the selected block contents of its own."""
        if self.selected:
            self._finish(self.gestures.make_unique(self.selected))

    def enter(self, node_id: str | None = None) -> None:
        """Open a block, the selected one unless another is named."""
        node_id = node_id or self.selected
        node = self._document.state.network.nodes.get(node_id or "")
        if node is None:
            return
        if node.of not in self._document.whole.definitions:
            self._canvas.refuse(f"What {node.name} holds is missing, so it cannot be opened.")
            return
        self._document.enter(node.id)

    def leave(self) -> None:
        """Go out of the open block and select it."""
        self.go(self._document.level[:-1])

    def go(self, level: tuple[str, ...]) -> None:
        """Go to a level; going up selects the block that was left."""
        before = self._document.level
        self._document.go(level)
        if len(level) < len(before):
            self._canvas.select((before[len(level)],))
        self._canvas.take_keyboard()

    def add_port(self, kind: str) -> None:
        """Add a port of the open block."""
        done = self.gestures.add_port(kind)
        self._finish(done)
        if not isinstance(done, str):
            self._canvas.show_node(done[0])

    def insert(
        self,
        definition_id: str,
        at: tuple[float, float] | None = None,
        *,
        state: Document | None = None,
    ) -> tuple[str, ...] | str:
        """Add one more copy of a block and select it; return its id, or why it cannot be.

        ``state`` is the document with the block brought in, if it was not there.
        """
        self._canvas.ensure_loaded()
        place = at or self._canvas.middle()
        done = self.gestures.insert(definition_id, place, state=state)
        if not isinstance(done, str):
            self._canvas.select(done)
        return done

    def save(self) -> None:
        """Ask for the selected block, or the open one, to be kept in the library."""
        node = self._document.state.network.nodes.get(self.selected or "")
        if node is not None:
            self._canvas.save_block_wanted.emit(node.of)
        elif self.is_inside:
            self._canvas.save_block_wanted.emit(self._document.definition_id)

    @property
    def is_outdated(self) -> bool:
        """Tell whether the library has something newer for the selected block."""
        node = self._document.state.network.nodes.get(self.selected or "")
        return node is not None and node.of in self._canvas.newer_blocks

    def update(self) -> None:
        """Ask to see what the library has newer for the selected block."""
        node = self._document.state.network.nodes.get(self.selected or "")
        if node is not None and self.is_outdated:
            self._canvas.update_block_wanted.emit(node.of)

    def _finish(self, done: tuple[str, ...] | str) -> None:
        if isinstance(done, str):
            self._canvas.refuse(done)
        else:
            self._canvas.select(done)
