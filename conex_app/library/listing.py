"""The list of the library: shelves with cards, which can be dragged out and dropped onto."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QKeyEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QToolTip, QTreeWidget, QTreeWidgetItem, QWidget

from conex_app.canvas.gestures import drag_data
from conex_app.library.card import ENTRY, HINT, SHELF, CardDelegate
from conex_app.library.shelves import ListedBlock, ListedShelf, matches, tip
from conex_app.look import plain_text
from conex_app.look.theme import Theme

__all__ = ["LibraryList"]

_OWN_KEYS = (Qt.Key.Key_F2, Qt.Key.Key_Delete)
_PLAIN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class LibraryList(QTreeWidget):
    """Show shelves; keep what is chosen, folded and scrolled to when they change."""

    chosen = Signal(object)  # a ListedBlock to insert
    renamed = Signal(object, str)  # a ListedBlock and its new name
    trashed = Signal(object)  # a ListedBlock to throw away
    menu_wanted = Signal(object, QPoint)  # a ListedBlock, ListedShelf or None; on the screen
    files_dropped = Signal(list)  # paths of block files

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folded: set[tuple[str, str]] = set()
        self._cards = CardDelegate(self)
        self._prepare()
        self._cards.renamed.connect(self.renamed)
        self.itemClicked.connect(self._toggle)
        self.itemActivated.connect(self._activate)

    def show_shelves(self, shelves: Iterable[ListedShelf], text: str = "") -> int:
        """Show what matches ``text``; return how many entries do."""
        current, bar = self._key_of(self.currentItem()), self.verticalScrollBar()
        at, found = bar.value(), 0
        self.setUpdatesEnabled(False)
        self.clear()
        for shelf in shelves:
            entries = [entry for entry in shelf.entries if matches(entry, text)]
            found += len(entries)
            if entries or not text:
                self._add(shelf, entries, text)
        self._select(current)
        bar.setValue(at)
        self.setUpdatesEnabled(True)
        return found

    def lines(self) -> Iterator[QTreeWidgetItem]:
        """Return the lines that hold an entry, in order."""
        for place in range(self.topLevelItemCount()):
            head = self.topLevelItem(place)
            for row in range(head.childCount()):
                if head.child(row).data(0, ENTRY) is not None:
                    yield head.child(row)

    def line(self, title: str) -> QTreeWidgetItem | None:
        """Return the line of the entry with that title."""
        return next((line for line in self.lines() if line.data(0, ENTRY).title == title), None)

    def entry(self) -> ListedBlock | None:
        """Return the entry that is chosen."""
        item = self.currentItem()
        return item.data(0, ENTRY) if item is not None and item.isSelected() else None

    def step(self, by: int) -> None:
        """Choose the next or the previous entry that can be seen."""
        shown = [line for line in self.lines() if line.parent().isExpanded()]
        if shown:
            here = shown.index(self.currentItem()) if self.currentItem() in shown else -1
            self.setCurrentItem(shown[max(0, min(here + by, len(shown) - 1))])

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self._cards.theme = theme
        self.viewport().update()

    def mimeTypes(self) -> list[str]:
        """Return what a drag from here can carry."""
        return [drag_data.BLOCK_MIME]

    def mimeData(self, items: Iterable[QTreeWidgetItem]) -> QMimeData:
        """Return the block that is dragged."""
        entry: ListedBlock | None = next((item.data(0, ENTRY) for item in items), None)
        if entry is None or entry.problem:
            return QMimeData()
        block = drag_data.BlockDrag(
            entry.title, entry.path, entry.definition, entry.ins, entry.outs
        )
        return drag_data.mime_for_block(block)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the chosen block; the canvas shows where it would go, so nothing covers it."""
        data = self.mimeData(self.selectedItems())
        if data.formats():
            drag, nothing = QDrag(self), QPixmap(1, 1)
            nothing.fill(Qt.GlobalColor.transparent)
            drag.setMimeData(data)
            drag.setPixmap(nothing)
            drag.exec(Qt.DropAction.CopyAction)

    def event(self, event: QEvent) -> bool:
        """Keep F2 and Delete from the shortcuts of the canvas while an entry is chosen."""
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what the mouse rests on; the words are made when they are wanted."""
        if not isinstance(event, QHelpEvent) or event.type() != QEvent.Type.ToolTip:
            return super().viewportEvent(event)
        item = self.itemAt(event.pos())
        QToolTip.showText(event.globalPos(), _told(item) if item is not None else "", self)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Insert by Enter, rename by F2, throw away by Delete; fold by the arrows."""
        entry, key = self.entry(), event.key()
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # the Enter that ends typing a name inserts nothing
        elif key == Qt.Key.Key_Delete and entry is not None:
            self.trashed.emit(entry)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(self.currentItem())
        elif key == Qt.Key.Key_Menu and self.currentItem() is not None:
            self._ask_menu(self.visualItemRect(self.currentItem()).center())
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take block files from the desktop."""
        self._consider(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take them anywhere."""
        self._consider(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell which files were dropped."""
        files = drag_data.block_files(event.mimeData())
        if files and event.source() is not self:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.files_dropped.emit(files)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the hints anew."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _prepare(self) -> None:
        self.setObjectName("entries")
        self.setAccessibleName("Library")
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.setItemDelegate(self._cards)

    def _add(self, shelf: ListedShelf, entries: list[ListedBlock], text: str) -> None:
        head = QTreeWidgetItem(self, [shelf.title])
        head.setData(0, SHELF, shelf)
        head.setFlags(_PLAIN)
        for entry in entries:
            line = QTreeWidgetItem(head, [entry.title])
            line.setData(0, ENTRY, entry)
            line.setFlags(_flags(entry))
        told = shelf.problem or ("" if shelf.entries else shelf.hint)
        if told and not text:
            line = QTreeWidgetItem(head, [told])
            line.setData(0, HINT, bool(shelf.problem))
            line.setFlags(Qt.ItemFlag.ItemIsEnabled)
        head.setExpanded(bool(text) or shelf.key not in self._folded)

    def _select(self, key: tuple[str, str] | None) -> None:
        for line in self.lines() if key else ():
            if self._key_of(line) == key:
                self.setCurrentItem(line)

    def _key_of(self, item: QTreeWidgetItem | None) -> tuple[str, str] | None:
        entry = item.data(0, ENTRY) if item is not None else None
        return entry.key if entry is not None else None

    def _toggle(self, item: QTreeWidgetItem) -> None:
        shelf: ListedShelf | None = item.data(0, SHELF)
        if shelf is None:
            return
        item.setExpanded(not item.isExpanded())
        (self._folded.discard if item.isExpanded() else self._folded.add)(shelf.key)

    def _activate(self, item: QTreeWidgetItem | None, _column: int = 0) -> None:
        entry = item.data(0, ENTRY) if item is not None else None
        if entry is not None:
            self.chosen.emit(entry)

    def _enter(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self._activate(item)
            self._toggle(item)

    def _ask_menu(self, at: QPoint) -> None:
        item = self.itemAt(at)
        what = (item.data(0, ENTRY) or item.data(0, SHELF)) if item is not None else None
        self.menu_wanted.emit(what, self.viewport().mapToGlobal(at))

    def _consider(self, event: QDropEvent) -> None:
        if event.source() is not self and drag_data.block_files(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()


def _told(item: QTreeWidgetItem) -> str:
    entry, shelf = item.data(0, ENTRY), item.data(0, SHELF)
    if entry is not None:
        return tip(entry)
    return plain_text.tip(str(shelf.folder or "")) if shelf is not None else ""


def _flags(entry: ListedBlock) -> Qt.ItemFlag:
    flags = _PLAIN
    if not entry.problem:
        flags |= Qt.ItemFlag.ItemIsDragEnabled
        if entry.is_ours:
            flags |= Qt.ItemFlag.ItemIsEditable
    return flags
