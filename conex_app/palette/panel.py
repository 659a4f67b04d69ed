"""The palette: everything that can be put on the canvas, to search, drag or add by Enter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from conex_app.look.labels import PlainLabel
from conex_app.look.line_icons import draw_line_icon
from conex_app.look.panel_style import Panel, kind_colour, swatch
from conex_app.look.search_field import SearchField
from conex_app.look.theme import Theme, light_theme, system_theme
from conex_app.palette.items import MIME, PaletteItem, matches, mime_bytes, palette_items, tip
from conex_core.catalog import Catalog

__all__ = ["Palette"]

_ENTRY = Qt.ItemDataRole.UserRole
_HEAD, _SUBHEAD, _ROW = 32, 24, 26


class Palette(Panel):
    """List nodes, behaviors, inputs, notes and examples by section."""

    activated = Signal(str, str)  # entry ("node", "behavior", "example") and name, to be added

    def __init__(
        self,
        catalog: Catalog,
        examples: Iterable[str | tuple[str, str]] = (),
        parent: QWidget | None = None,
        *,
        add: Callable[[str, str], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setMinimumWidth(200)
        self.items = palette_items(catalog, examples)
        self.search = SearchField(
            "Search", "Search the palette", "Search by name or meaning  (Ctrl+F)", self
        )
        self.tree = _Tree(self)
        self.empty = PlainLabel(parent=self)
        self.empty.setProperty("role", "hint")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.empty.setContentsMargins(16, 24, 16, 0)
        self._lay_out()
        self._fill()
        self.set_theme(system_theme())
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.tree.itemActivated.connect(lambda item, _column: self._activate(item))
        if add is not None:
            self.activated.connect(add)
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WindowShortcut)
        find.activated.connect(self.focus_search)
        self._filter("")

    def focus_search(self) -> None:
        """Give the keyboard to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def visible_names(self) -> list[str]:
        """Return the names that are listed now."""
        return [item.data(0, _ENTRY).name for item in self.tree.leaves() if not item.isHidden()]

    def item(self, name: str) -> QTreeWidgetItem | None:
        """Return the line of an entry."""
        return next((i for i in self.tree.leaves() if i.data(0, _ENTRY).name == name), None)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        super().set_theme(theme)
        self.tree.theme = theme
        self.tree.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the search field steer the list: arrows, Enter; Escape clears."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.tree.step(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._activate(self.tree.currentItem())
                return True
            if key == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(8, 8, 8, 4)
        top.addWidget(self.search)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(top)
        box.addWidget(self.empty, 1)
        box.addWidget(self.tree, 1)

    def _fill(self) -> None:
        parents: dict[tuple[str, ...], QTreeWidgetItem] = {}
        for entry in self.items:
            parent = self._section(entry.path, parents)
            line = QTreeWidgetItem(parent, [entry.title])
            line.setData(0, _ENTRY, entry)
            line.setToolTip(0, tip(entry))
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            line.setFlags(flags | Qt.ItemFlag.ItemIsDragEnabled)
        self.tree.expandAll()

    def _section(
        self, path: tuple[str, ...], parents: dict[tuple[str, ...], QTreeWidgetItem]
    ) -> QTreeWidgetItem:
        if path not in parents:
            above = self._section(path[:-1], parents) if len(path) > 1 else self.tree
            line = parents[path] = QTreeWidgetItem(above, [path[-1]])
            line.setFlags(Qt.ItemFlag.ItemIsEnabled)
        return parents[path]

    def _filter(self, text: str) -> None:
        found = 0
        for item in self.tree.leaves():
            hit = matches(item.data(0, _ENTRY), text)
            item.setHidden(not hit)
            found += hit
        self.tree.hide_empty_sections()
        if text:
            self.tree.expandAll()
            self.tree.point_at(text)
        self.tree.setVisible(found > 0)
        self.empty.setVisible(found == 0)
        self.empty.setText(f"Nothing is called “{text}”.\nEscape clears the search.")

    def _activate(self, item: QTreeWidgetItem | None) -> None:
        entry: PaletteItem | None = item.data(0, _ENTRY) if item is not None else None
        if entry is not None and item is not None and not item.isHidden():
            self.activated.emit(entry.category, entry.name)


class _Tree(QTreeWidget):
    """The sections and items; items can be dragged to the canvas."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = light_theme()
        self.setObjectName("entries")
        self.setAccessibleName("Palette")
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(False)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setItemDelegate(_Delegate(self))
        self.itemClicked.connect(self._toggle_section)

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, items: Iterable[QTreeWidgetItem]) -> QMimeData:
        data = QMimeData()
        entry = next((item.data(0, _ENTRY) for item in items), None)
        if entry is not None:
            data.setData(MIME, mime_bytes(entry))
            data.setText(entry.title)
        return data

    def leaves(self) -> list[QTreeWidgetItem]:
        """Return the lines that are items, in order."""
        found: list[QTreeWidgetItem] = []
        open_ends = [self.invisibleRootItem()]
        while open_ends:
            item = open_ends.pop()
            if item.data(0, _ENTRY) is not None:
                found.append(item)
            open_ends += [item.child(i) for i in reversed(range(item.childCount()))]
        return found

    def hide_empty_sections(self) -> None:
        root = self.invisibleRootItem()
        for index in range(root.childCount()):
            _hide_if_empty(root.child(index))

    def point_at(self, text: str) -> None:
        """Select the entry that a search most likely means."""
        shown = [item for item in self.leaves() if not item.isHidden()]
        starts = [item for item in shown if item.text(0).lower().startswith(text.lower().strip())]
        for item in (starts or shown)[:1]:
            self.setCurrentItem(item)

    def step(self, by: int) -> None:
        """Select the next or the previous visible entry."""
        shown = [item for item in self.leaves() if not item.isHidden() and _is_open(item)]
        if shown:
            here = shown.index(self.currentItem()) if self.currentItem() in shown else -1
            self.setCurrentItem(shown[max(0, min(here + by, len(shown) - 1))])

    def _toggle_section(self, item: QTreeWidgetItem) -> None:
        if item.data(0, _ENTRY) is None:
            item.setExpanded(not item.isExpanded())


class _Delegate(QStyledItemDelegate):
    """Draw section heads, and items with swatch, name and priority."""

    def __init__(self, tree: _Tree) -> None:
        super().__init__(tree)
        self.tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        if index.data(_ENTRY) is not None:
            return QSize(120, _ROW)
        return QSize(120, _SUBHEAD if index.parent().isValid() else _HEAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        entry: PaletteItem | None = index.data(_ENTRY)
        if entry is None:
            self._draw_head(painter, option, index)
        else:
            self._draw_entry(painter, option, entry)
        painter.restore()

    def _draw_head(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        theme, inner = self.tree.theme, index.parent().isValid()
        font = QFont(option.font)
        font.setWeight(QFont.Weight.Normal if inner else QFont.Weight.DemiBold)
        if inner:
            font.setPointSizeF(font.pointSizeF() - 1)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        area = option.rect.adjusted(16, 0 if inner else 6, -8, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, index.data())
        if not self.tree.isExpanded(index):
            words = painter.fontMetrics().horizontalAdvance(index.data())
            place = QRectF(area.left() + words + 4, area.center().y() - 5, 12, 12)
            draw_line_icon(painter, "right", place, QColor(theme.faint))

    def _draw_entry(
        self, painter: QPainter, option: QStyleOptionViewItem, entry: PaletteItem
    ) -> None:
        theme, state = self.tree.theme, option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(
                QColor(theme.accent) if chosen and self._has_focus() else Qt.PenStyle.NoPen
            )
            painter.setBrush(QColor(theme.accent_soft if chosen else theme.raised))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(8.5, 1.5, -8.5, -1.5), 4, 4)
        left, middle = option.rect.left() + 16, option.rect.center().y() + 1
        self._draw_swatch(painter, entry, QRectF(left, middle - 8, 16, 16))
        painter.setFont(option.font)
        right = 48 if entry.order else 16
        area = QRect(left + 24, option.rect.top(), option.rect.width() - 24 - 16 - right, _ROW)
        words = option.fontMetrics.elidedText(
            entry.title, Qt.TextElideMode.ElideRight, area.width()
        )
        painter.setPen(QColor(theme.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)
        small = QFont(option.font)
        small.setPointSizeF(small.pointSizeF() - 1)
        painter.setFont(small)
        painter.setPen(QColor(theme.faint))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(option.rect.adjusted(0, 0, -16, 0), flags, entry.order)

    def _draw_swatch(self, painter: QPainter, entry: PaletteItem, place: QRectF) -> None:
        theme = self.tree.theme
        if entry.category == "example":
            draw_line_icon(painter, "play", place.adjusted(1, 1, -1, -1), QColor(theme.accent))
            return
        kind = entry.name if entry.category == "node" else f"behavior of {entry.path[-1]}"
        colour = _HOST_COLOURS.get(entry.path[-1])
        ink = QColor(getattr(theme, colour)) if colour else kind_colour(kind, theme)
        swatch(painter, kind, place, ink, QColor(theme.muted))

    def _has_focus(self) -> bool:
        return self.tree.hasFocus()


_HOST_COLOURS = {
    "Neurons": "excitatory",
    "Synapses": "proximal",
    "Network": "block",
    "Layers": "input",
}


def _hide_if_empty(item: QTreeWidgetItem) -> None:
    if item.data(0, _ENTRY) is not None:
        return
    children = [item.child(index) for index in range(item.childCount())]
    for child in children:
        _hide_if_empty(child)
    item.setHidden(all(child.isHidden() for child in children))


def _is_open(item: QTreeWidgetItem) -> bool:
    above = item.parent()
    return above is None or (above.isExpanded() and _is_open(above))
