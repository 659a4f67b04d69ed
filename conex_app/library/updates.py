"""Newer versions in the library: a sign at the blocks, and the dialog that takes them over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from conex_app.library.update_dialog import UpdateDialog
from conex_core.errors import ConexError
from conex_core.graph.library.comparison import compare, keep, update
from conex_core.graph.library.versions import newer_blocks

if TYPE_CHECKING:
    from conex_app.canvas import Canvas
    from conex_app.inspector.inspector import Inspector
    from conex_app.library.commands import LibraryCommands
    from conex_app.project.document import ProjectDocument
    from conex_core.graph.files.block_file import Block
    from conex_core.graph.model.document import Document

__all__ = ["BlockUpdates"]


class BlockUpdates(QObject):
    """Follow which blocks of the project the library has a newer version of.

    The library is read when a project with blocks of it is opened, not before.
    """

    changed = Signal()  # other blocks than before can be updated
    noticed = Signal(str)  # what was done
    failed = Signal(str)  # why an update is not possible

    def __init__(
        self,
        document: ProjectDocument,
        canvas: Canvas,
        inspector: Inspector,
        commands: LibraryCommands,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document, self._canvas, self._library_commands = document, canvas, commands
        self._inspector = inspector
        self._library: dict[str, Block] = {}
        self._asked = False
        self._seen: Document | None = None
        self.newer: dict[str, Block] = {}
        commands.watcher.found.connect(self._take)
        document.changed.connect(self._follow)
        canvas.update_block_wanted.connect(self.ask)
        inspector.update_wanted.connect(self.ask)

    def ask(self, definition_id: str) -> None:
        """Show what an update of a block changes, and let the user decide."""
        block, whole = self.newer.get(definition_id), self._document.whole
        if block is None:
            return
        try:
            found = compare(whole, definition_id, block, self._canvas.gestures.catalog)
        except ConexError as error:
            self.failed.emit(str(error))
            return
        dialog = UpdateDialog(whole, found, self._canvas.window())
        dialog.update_wanted.connect(lambda: self.update(definition_id, block))
        dialog.keep_wanted.connect(lambda: self.keep(definition_id, block))
        dialog.open()

    def update(self, definition_id: str, block: Block) -> None:
        """Take over what the library has, as one step."""
        whole = self._document.whole
        try:
            new = update(whole, definition_id, block, self._canvas.gestures.catalog)
        except ConexError as error:
            self.failed.emit(str(error))
            return
        name = whole.definition(definition_id).name
        self._document.edit_whole(f"Update {name}", new)
        self.noticed.emit(f"Updated {name} to version {block.version}")

    def keep(self, definition_id: str, block: Block) -> None:
        """Keep the project's own content, and show no sign for this version any more."""
        whole = self._document.whole
        name = whole.definition(definition_id).name
        self._document.edit_whole(f"Keep {name}", keep(whole, definition_id, block))

    def _take(self, _shelves: object) -> None:
        self._asked, self._library, self._seen = True, self._library_commands.newest, None
        self._refresh()

    def _follow(self, _old: object, _new: object) -> None:
        whole = self._document.whole
        if not self._asked and any(one.block is not None for one in whole.definitions.values()):
            self._asked = True
            self._library_commands.refresh()
        self._refresh()

    def _refresh(self) -> None:
        whole = self._document.whole
        if whole is self._seen:
            return
        self._seen, before = whole, self.newer
        self.newer = newer_blocks(whole, self._library)
        if before.keys() != self.newer.keys():
            self._canvas.show_newer_blocks(self.newer)
            versions = {key: block.version for key, block in self.newer.items()}
            self._inspector.set_newer(versions)
            self.changed.emit()
