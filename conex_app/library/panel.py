"""The library panel: blocks to drag onto the canvas, by shelf, with search.

It shows shelves and says what the user wants; files and the project are
changed by ``conex_app.library.commands``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from conex_app.canvas.gestures import drag_data
from conex_app.library.listing import LibraryList
from conex_app.library.shelves import ListedBlock, ListedShelf
from conex_app.look.labels import PlainLabel
from conex_app.look.line_icons import IconButton
from conex_app.look.panel_style import Panel
from conex_app.look.search_field import SearchField
from conex_app.look.theme import Theme, system_theme

__all__ = ["LibraryPanel"]

READING = "Reading the library"


class LibraryPanel(Panel):
    """List the blocks of every shelf."""

    needed = Signal()  # the panel is seen for the first time
    insert_wanted = Signal(object)  # ListedBlock
    rename_wanted = Signal(object, str)  # ListedBlock and its new name
    duplicate_wanted = Signal(object)  # ListedBlock
    trash_wanted = Signal(object)  # ListedBlock
    reveal_wanted = Signal(object)  # Path of a file or folder
    keep_wanted = Signal(object)  # ListedBlock of the project that shall go to the library
    save_wanted = Signal()  # what is selected on the canvas shall go to the library
    folder_wanted = Signal()  # another folder shall be a shelf
    import_wanted = Signal()  # files shall be chosen and copied into the library
    forget_wanted = Signal(object)  # Path of a folder that shall be a shelf no longer
    files_dropped = Signal(list)  # paths of block files

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(200)
        self.setAcceptDrops(True)
        self.shelves: tuple[ListedShelf, ...] = ()
        self._seen = False
        self.search = SearchField(
            "Search blocks", "Search the library", "Search by name, tag or description", self
        )
        self.more = IconButton("plus", "Save, import or add a folder", self, 28)
        self.list = LibraryList(self)
        self.empty = PlainLabel(READING, self)
        self.landing = QFrame(self, objectName="landing")
        self._lay_out()
        self._connect()
        self.set_theme(system_theme())
        self._show()

    def show_shelves(self, shelves: Sequence[ListedShelf]) -> None:
        """Show what the library holds now."""
        if tuple(shelves) != self.shelves:
            self.shelves = tuple(shelves)
            self._show()

    def show_landing(self, on: bool) -> None:
        """Show that what is dragged would be taken."""
        self.landing.setGeometry(self.rect().adjusted(4, 4, -4, -4))
        self.landing.setVisible(on)
        self.landing.raise_()

    def visible_titles(self) -> list[str]:
        """Return the titles that are listed now."""
        return [line.data(0, Qt.ItemDataRole.UserRole).title for line in self.list.lines()]

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        super().set_theme(theme)
        self.landing.setStyleSheet(
            f"#landing {{ background: transparent; border: 2px solid {theme.accent};"
            " border-radius: 4px; }"
        )
        self.list.set_theme(theme)

    def menu_for(self, what: ListedBlock | ListedShelf | None) -> QMenu:
        """Return what can be done with an entry, a shelf, or the library."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if isinstance(what, ListedBlock):
            self._offer_entry(menu, what)
        elif isinstance(what, ListedShelf) and what.folder is not None and what.kind != "shipped":
            self._offer_shelf(menu, what)
        else:
            _offer(menu, "Save selection to library…", self.save_wanted.emit)
            _offer(menu, "Import block files…", self.import_wanted.emit)
            _offer(menu, "Add folder…", self.folder_wanted.emit)
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ask for the library when the panel is seen for the first time.

        A dock that another one covers is shown, but never painted.
        """
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            self.needed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the search field steer the list: arrows, Enter; Escape clears."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.step(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._insert_chosen()
                return True
            if key == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take block files beside the list too."""
        if drag_data.block_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell which files were dropped."""
        event.acceptProposedAction()
        self.files_dropped.emit(drag_data.block_files(event.mimeData()))

    def _lay_out(self) -> None:
        self.empty.setProperty("role", "hint")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.empty.setContentsMargins(16, 24, 16, 0)
        self.landing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.landing.hide()
        top = QHBoxLayout()
        top.setContentsMargins(8, 8, 8, 4)
        top.setSpacing(4)
        top.addWidget(self.search, 1)
        top.addWidget(self.more)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(top)
        box.addWidget(self.empty, 1)
        box.addWidget(self.list, 1)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._show)
        self.search.installEventFilter(self)
        self.more.clicked.connect(self._show_more)
        cards = self.list
        cards.chosen.connect(self.insert_wanted)
        cards.renamed.connect(self.rename_wanted)
        cards.trashed.connect(self.trash_wanted)
        cards.files_dropped.connect(self.files_dropped)
        cards.menu_wanted.connect(lambda what, at: self.menu_for(what).popup(at))

    def _show(self) -> None:
        text = self.search.text().strip()
        found = self.list.show_shelves(self.shelves, text)
        if text and found:
            self.list.step(-1)
        is_empty = not self.shelves or (bool(text) and not found)
        self.list.setVisible(not is_empty)
        self.empty.setVisible(is_empty)
        self.empty.setText(_nothing(text) if self.shelves else READING)

    def _show_more(self) -> None:
        self.menu_for(None).popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _insert_chosen(self) -> None:
        entry = self.list.entry()
        if entry is not None:
            self.insert_wanted.emit(entry)

    def _offer_entry(self, menu: QMenu, entry: ListedBlock) -> None:
        path, sound = entry.path, not entry.problem
        if sound:
            menu.setDefaultAction(_offer(menu, "Insert", lambda: self.insert_wanted.emit(entry)))
            if entry.definition:
                _offer(menu, "Save to library…", lambda: self.keep_wanted.emit(entry))
            menu.addSeparator()
            if entry.is_ours:
                _offer(menu, "Rename", lambda: self._edit(entry), "F2")
            if path is not None:
                words = "Duplicate" if entry.is_ours else "Copy to my blocks"
                _offer(menu, words, lambda: self.duplicate_wanted.emit(entry))
        if path is not None:
            _offer(menu, "Show in folder", lambda: self.reveal_wanted.emit(path))
        if entry.is_ours:
            menu.addSeparator()
            words = "Move to trash" if path else "Remove from the project"
            throw = _offer(menu, words, lambda: self.trash_wanted.emit(entry), "Del")
            throw.setEnabled(path is not None or not entry.copies)

    def _offer_shelf(self, menu: QMenu, shelf: ListedShelf) -> None:
        _offer(menu, "Show folder", lambda: self.reveal_wanted.emit(shelf.folder))
        if shelf.kind == "folder":
            _offer(menu, "Take folder off the list", lambda: self.forget_wanted.emit(shelf.folder))

    def _edit(self, entry: ListedBlock) -> None:
        line = next((i for i in self.list.lines() if i.data(0, _ENTRY).key == entry.key), None)
        if line is not None:
            self.list.setCurrentItem(line)
            self.list.editItem(line)


_ENTRY = Qt.ItemDataRole.UserRole


def _offer(menu: QMenu, words: str, do: Callable[[], object], keys: str = "") -> QAction:
    action = menu.addAction(f"{words}\t{keys}" if keys else words)
    action.triggered.connect(lambda _checked=False: do())
    return action


def _nothing(text: str) -> str:
    return f"No block is called or tagged “{text}”.\nEscape clears the search."
