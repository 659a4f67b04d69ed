"""The library at work: what the panel and the canvas ask for becomes files and edits.

The panel shows, the watcher reads, and nothing here touches the disk before the
panel is seen for the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from conex_app.canvas.gestures.drag_data import BLOCK_SUFFIX, BlockDrag
from conex_app.canvas.scene.placing import free_place
from conex_app.library import files
from conex_app.library.folders import file_shelf, project_shelf
from conex_app.library.save_dialog import SaveDialog, SaveWish
from conex_app.library.shelves import ListedBlock, ListedShelf
from conex_app.library.watch import LibraryWatcher
from conex_app.project.questions import Reply, ask
from conex_core.errors import ConexError
from conex_core.graph import edits
from conex_core.graph.files.block_file import Block, block_to_text, load_block
from conex_core.graph.files.learned_weights import paths_of
from conex_core.graph.library.inserting import insert_block
from conex_core.graph.library.library import Library, user_folder
from conex_core.graph.library.versions import newest
from conex_core.graph.model.document import MAIN, new_id

if TYPE_CHECKING:
    from conex_app.canvas import Canvas
    from conex_app.library.panel import LibraryPanel
    from conex_app.project.document import ProjectDocument
    from conex_app.project.settings import AppSettings
    from conex_app.run.runner import Runner

__all__ = ["LibraryCommands"]

FILTER = f"Blocks (*{BLOCK_SUFFIX})"
NOTHING = "Select the nodes to save first; several are grouped into one block."


class LibraryCommands(QObject):
    """Carry out what is wanted of the library."""

    failed = Signal(str)  # what went wrong, for the message bar
    noticed = Signal(str)  # what was done, for the status line
    _answered = Signal(object, object, object)  # by the run: the answer, where it wrote, the wish

    def __init__(
        self,
        panel: LibraryPanel,
        document: ProjectDocument,
        canvas: Canvas,
        settings: AppSettings,
        runner: Runner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._panel, self._document = panel, document
        self._canvas, self._settings = canvas, settings
        self._library = Library(settings.block_folders)
        self._shelves: list[ListedShelf] = []
        self.watcher = LibraryWatcher(self._read, self)
        self._redraw = QTimer(self, singleShot=True, interval=0)
        self._redraw.timeout.connect(self._show)
        self._connect()

    def stop(self) -> None:
        """End watching."""
        self._redraw.stop()
        self.watcher.stop()

    @property
    def newest(self) -> dict[str, Block]:
        """Return the newest block of each id that were found last."""
        return newest(e.block for e in self._library.entries if e.block is not None)

    def refresh(self) -> None:
        """Read every folder anew, and follow what changes in them."""
        self.watcher.refresh()

    # Into the network

    def insert(self, entry: ListedBlock) -> None:
        """Add an instance of a block in the middle of the canvas."""
        reason = entry.problem or self.drop(BlockDrag(entry.title, entry.path, entry.definition))
        if reason:
            self.failed.emit(reason)

    def drop(self, block: BlockDrag, at: tuple[float, float] | None = None) -> str | None:
        """Add an instance of a block around a place; return why that cannot be."""
        try:
            self._add(block, at)
        except ConexError as error:
            return str(error)
        return None

    def _add(self, block: BlockDrag, at: tuple[float, float] | None) -> None:
        self._canvas.ensure_loaded()
        document, node_id = self._document, new_id()
        centre, inside = at or self._canvas.middle(), document.definition_id
        if block.path is None:
            new = edits.add_instance(
                document.state, block.definition, at=centre, inside=inside, node_id=node_id
            )
        else:
            new, _ = insert_block(
                document.state,
                load_block(block.path),
                at=centre,
                inside=inside,
                node_id=node_id,
            )
        place = free_place(new.network, node_id, centre=centre, definitions=new.definitions)
        new = edits.move(new, {node_id: place})
        document.edit(f"Add {new.network.nodes[node_id].name}", new)
        self._canvas.select((node_id,))

    # Into the library

    def save_selection(self) -> None:
        """Ask how to keep what is selected; several nodes are grouped first."""
        blocks, chosen = self._canvas.blocks, self._canvas.selection
        if blocks.selected:
            self.ask_to_save(self._document.state.network.nodes[blocks.selected].of)
        elif chosen:
            self._offer_group(len(chosen))
        elif self._document.level:
            self.ask_to_save(self._document.definition_id)
        else:
            self.noticed.emit(NOTHING)

    def ask_to_save(self, definition_id: str) -> None:
        """Ask for the name, the words and the folder of a block, then keep it."""
        definition = self._document.whole.definitions.get(definition_id)
        if definition is None or definition_id == MAIN:
            self.failed.emit("This block is missing, so it cannot be saved. Insert it again.")
            return
        wish = SaveWish(definition.name, definition.description, definition.tags, user_folder())
        places = [("My blocks", user_folder())]
        places += [(folder.name, folder) for folder in self._settings.block_folders]
        path, no_weights = self._copy_that_learned(definition_id)
        dialog = SaveDialog(
            wish,
            places,
            lambda wish: files.verdict(definition, wish, self._shelves),
            no_weights,
            self._panel.window(),
        )
        dialog.wanted.connect(lambda wish: self._keep(definition_id, path, wish))
        self.watcher.found.connect(dialog.refresh)
        self.refresh()
        dialog.open()

    def save(self, definition_id: str, wish: SaveWish) -> None:
        """Keep a block of the project; the project remembers what it came from."""
        whole, shelves = self._document.whole, tuple(self._shelves)

        def remember(block: Block) -> None:
            now = self._document.whole
            if definition_id in now.definitions:
                new = files.remembered(now, definition_id, wish, block)
                self._document.edit_whole(f"Save {wish.name} to library", new)
            self.noticed.emit(f"Saved {wish.name}, version {block.version}")

        self._do(lambda: files.keep(self._library, whole, definition_id, wish, shelves), remember)

    def save_trained(self, path: Sequence[str], wish: SaveWish) -> None:
        """Keep a block of the network that was run, with the weights of one copy."""
        try:
            assert self._runner.document is not None, "the dialog offers weights of a run only"
            block = files.trained(self._runner.document, path, wish, self._shelves)
        except ConexError as error:
            self.failed.emit(str(error))
            return
        scratch = TemporaryDirectory(prefix="conex-block-")
        target = str(_trained_in(scratch))
        asked = {"inside": list(path), "block": block_to_text(block), "target": target}
        answer = self._runner.ask("save_learned", **asked)
        answer.add_done_callback(lambda told: self._answered.emit(told, scratch, wish))

    def _keep_trained(
        self, answer: Future[str], scratch: TemporaryDirectory[str], wish: SaveWish
    ) -> None:
        """Go on where the run has written a block with its weights, or said why not."""

        def saved() -> Block:
            with scratch:
                return self._library.save(load_block(_trained_in(scratch)), wish.folder)

        if not answer.cancelled() and answer.exception() is None:
            self._do(
                saved,
                lambda block: self.noticed.emit(f"Saved {block.name} with its learned weights"),
            )
            return
        scratch.cleanup()
        if answer.cancelled():
            self.failed.emit("The run ended before its weights were saved. Run it again.")
        else:
            self.failed.emit(str(answer.exception()))

    def _keep(self, definition_id: str, path: Sequence[str], wish: SaveWish) -> None:
        if wish.learned:
            self.save_trained(path, wish)
        else:
            self.save(definition_id, wish)

    def _copy_that_learned(self, definition_id: str) -> tuple[tuple[str, ...], str]:
        """Return the way to the copy that is meant, or why its weights cannot be kept."""
        document, ran = self._document, self._runner.document
        if ran is None:
            return (), "Run the network first: weights are learned in a run"
        ways = paths_of(ran, definition_id)
        chosen = [(*document.level, key) for key in self._canvas.selection] + [document.level]
        meant = [way for way in ways if way in chosen] or (ways if len(ways) == 1 else [])
        if not ways:
            return (), "This block was not in the network when it was run; run it again"
        if not meant:
            return (), "Select the copy whose weights to keep"
        return meant[0], ""

    def take_files(self, paths: Sequence[Path]) -> None:
        """Copy block files into the user's folder."""
        for path in paths:
            self._do(
                partial(files.import_file, self._library, path),
                lambda block: self.noticed.emit(f"Added {block.name} to your blocks"),
            )

    # What is done to entries

    def rename(self, entry: ListedBlock, name: str) -> None:
        """Give a block another name, in its file or in the project."""
        if entry.definition:
            new = edits.set_definition(self._document.whole, entry.definition, name=name)
            self._document.edit_whole(f"Rename {entry.title}", new)
            return
        file = entry.file
        if file is not None:
            self._do(
                lambda: self._library.rename(file, name),
                lambda block: self.noticed.emit(f"Renamed to {block.name}"),
            )

    def duplicate(self, entry: ListedBlock) -> None:
        """Copy a block beside itself; a shipped one goes to the user's folder."""
        file = entry.file
        if file is not None:
            self._do(
                lambda: self._library.duplicate(file),
                lambda block: self.noticed.emit(f"Added {block.name}"),
            )

    def trash(self, entry: ListedBlock) -> None:
        """Throw a block away, after asking; one of the project only if nothing uses it."""
        file = entry.file
        if file is None:
            self._remove(entry)
        elif not entry.is_ours:
            self.noticed.emit(f"{entry.title} came with the program and stays.")
        elif self._confirm(
            f"Move {entry.title} to the trash?", "Projects that use it keep their copy.", "Move"
        ):
            self._do(
                lambda: self._library.delete(file),
                lambda _: self.noticed.emit(f"Moved {entry.title} to the trash"),
            )

    def reveal(self, path: Path) -> None:
        """Show a file or a folder in the file manager."""
        folder = path if path.is_dir() else path.parent
        if not folder.is_dir() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.failed.emit(f"{folder} cannot be shown. Is it still there?")

    def add_folder(self, folder: Path | None = None) -> None:
        """Make a folder a shelf; ask for one if none is given."""
        chosen = folder or self._ask_folder()
        if chosen is not None:
            self._settings.add_block_folder(chosen)
            self._do(lambda: self._library.add_folder(chosen), lambda _: None)

    def forget_folder(self, folder: Path) -> None:
        """Take a folder off the list; its files stay."""
        self._settings.forget_block_folder(folder)
        self._do(lambda: self._library.remove_folder(folder), lambda _: None)

    # Inside

    def _connect(self) -> None:
        panel, canvas = self._panel, self._canvas
        panel.needed.connect(self.refresh)
        panel.needed.connect(self._redraw.start)
        panel.insert_wanted.connect(self.insert)
        panel.rename_wanted.connect(self.rename)
        panel.duplicate_wanted.connect(self.duplicate)
        panel.trash_wanted.connect(self.trash)
        panel.reveal_wanted.connect(self.reveal)
        panel.keep_wanted.connect(lambda entry: self.ask_to_save(entry.definition))
        panel.save_wanted.connect(self.save_selection)
        panel.folder_wanted.connect(lambda: self.add_folder())
        panel.import_wanted.connect(self._ask_files)
        panel.forget_wanted.connect(self.forget_folder)
        panel.files_dropped.connect(self.take_files)
        self.watcher.found.connect(self._take_shelves)
        self._answered.connect(self._keep_trained)
        self._document.changed.connect(self._follow)
        canvas.take_blocks(self.drop)
        canvas.can_save_blocks = True
        canvas.save_block_wanted.connect(self.ask_to_save)

    def _read(self) -> tuple[list[ListedShelf], list[Path], list[Path]]:
        """Read the folders; called in the watcher's thread."""
        shelves = self._library.scan()
        folders = [shelf.folder for shelf in shelves]
        paths = [entry.path for shelf in shelves for entry in shelf.entries]
        return [file_shelf(shelf) for shelf in shelves], folders, paths

    def _take_shelves(self, shelves: list[ListedShelf]) -> None:
        self._shelves = shelves
        self._show()

    def _follow(self, _old: object, _new: object) -> None:
        if self._panel.isVisible():
            self._redraw.start()

    def _show(self) -> None:
        own = project_shelf(self._document.whole)
        shipped = [shelf for shelf in self._shelves if shelf.kind == "shipped"]
        others = [shelf for shelf in self._shelves if shelf.kind != "shipped"]
        self._panel.show_shelves([*others, own, *shipped])

    def _do(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do something with files; say what went wrong if it did."""

        def tell(result: object) -> None:
            if isinstance(result, ConexError):
                self.failed.emit(str(result))
            else:
                then(result)

        self.watcher.do(work, tell)

    def _remove(self, entry: ListedBlock) -> None:
        try:
            new = edits.remove_definition(self._document.whole, entry.definition)
        except ConexError as error:
            self.failed.emit(str(error))
            return
        self._document.edit_whole(f"Remove {entry.title}", new)

    def _offer_group(self, count: int) -> None:
        words = "this node" if count == 1 else f"these {count} nodes"
        if self._confirm(f"Group {words} and save the block?", "One undo takes it back.", "Group"):
            self._canvas.blocks.group()
            if self._canvas.blocks.selected:
                self.save_selection()

    def _confirm(self, question: str, more: str, verb: str) -> bool:
        reply = Reply(verb)
        return ask(self._panel.window(), "Library", question, more, (reply,)) is reply

    def _ask_folder(self) -> Path | None:
        text = QFileDialog.getExistingDirectory(
            self._panel.window(), "Add a folder of blocks", str(self._settings.folder)
        )
        return Path(text) if text else None

    def _ask_files(self) -> None:
        texts, _ = QFileDialog.getOpenFileNames(
            self._panel.window(), "Import blocks", str(self._settings.folder), FILTER
        )
        self.take_files([Path(text) for text in texts])


def _trained_in(scratch: TemporaryDirectory[str]) -> Path:
    return Path(scratch.name) / f"block{BLOCK_SUFFIX}"
