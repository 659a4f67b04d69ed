"""How the library draws its lines: heads of shelves, hints where one is empty, cards of blocks."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from conex_app.library.shelves import ListedBlock, ListedShelf, meaning, reason
from conex_app.library.thumbnail import paint_broken, paint_picture
from conex_app.look.line_icons import draw_line_icon
from conex_app.look.theme import light_theme

__all__ = ["ENTRY", "HINT", "SHELF", "CardDelegate"]

ENTRY, SHELF, HINT = (Qt.ItemDataRole.UserRole + place for place in range(3))

_HEAD, _CARD = 32, 64
_PICTURE, _SMALL = QSize(64, 48), QSize(48, 40)
_NARROW = 232  # px; below, the words need the room more than the picture
_EDGE, _GAP = 16, 10
_LINES = 3
_WRAP = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap


class CardDelegate(QStyledItemDelegate):
    """Draw one line of the library and edit the name on a card."""

    renamed = Signal(object, str)  # a ListedBlock, and the name that was typed

    def __init__(self, tree: QTreeView) -> None:
        super().__init__(tree)
        self.tree = tree
        self.theme = light_theme()

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        """Return the height of a line; a hint wraps at the width of the list."""
        if index.data(ENTRY) is not None:
            return QSize(120, _CARD)
        if index.data(SHELF) is not None:
            return QSize(120, _HEAD)
        width = self.tree.viewport().width() - 2 * _EDGE
        words = QFontMetrics(_smaller(option.font))
        return QSize(
            120, words.boundingRect(QRect(0, 0, width, 400), _WRAP, index.data()).height() + 12
        )

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        """Draw the line."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        entry, shelf = index.data(ENTRY), index.data(SHELF)
        if entry is not None:
            self._draw_card(painter, option, entry)
        elif shelf is not None:
            self._draw_head(painter, option, shelf, index)
        else:
            painter.setFont(_smaller(option.font))
            painter.setPen(QColor(self.theme.warning if index.data(HINT) else self.theme.muted))
            painter.drawText(option.rect.adjusted(_EDGE, 0, -_EDGE, 0), _WRAP, index.data())
        painter.restore()

    def createEditor(self, parent: QWidget | None, option: Any, index: Any) -> QLineEdit:
        """Return a field over the name."""
        field = QLineEdit(parent)
        field.setAccessibleName("Name of the block")
        field.setText(index.data(ENTRY).title)
        return field

    def updateEditorGeometry(self, editor: QWidget, option: Any, index: Any) -> None:
        """Put the field where the name stands."""
        area = _words(option.rect)
        editor.setGeometry(area.left() - 8, area.top() - 2, area.width() + 16, 26)

    def setEditorData(self, editor: QWidget, index: Any) -> None:
        """Mark the name, so that typing replaces it."""
        if isinstance(editor, QLineEdit):
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: Any, index: Any) -> None:
        """Tell what was typed; the list shows it once it is so."""
        entry, text = index.data(ENTRY), editor.property("text").strip()
        if text and text != entry.title:
            self.renamed.emit(entry, text)

    def eventFilter(self, editor: Any, event: QEvent) -> bool:
        """Keep the keys of the field from the shortcuts of the window."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().eventFilter(editor, event)

    def _draw_head(
        self, painter: QPainter, option: QStyleOptionViewItem, shelf: ListedShelf, index: Any
    ) -> None:
        theme = self.theme
        if self.tree.hasFocus() and option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QColor(theme.accent))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(8.5, 5.5, -8.5, -1.5), 4, 4)
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        area = option.rect.adjusted(_EDGE, 6, -_EDGE - 24, 0)
        words = painter.fontMetrics().elidedText(
            shelf.title, Qt.TextElideMode.ElideMiddle, area.width()
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)
        if not self.tree.isExpanded(index):
            left = area.left() + painter.fontMetrics().horizontalAdvance(words) + 4
            draw_line_icon(
                painter, "right", QRectF(left, area.center().y() - 5, 12, 12), QColor(theme.faint)
            )
        painter.setFont(_smaller(option.font))
        painter.setPen(QColor(theme.faint))
        entries = self.tree.model().rowCount(index) if shelf.entries else 0  # those a search left
        count = str(entries) if entries else ""
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(option.rect.adjusted(0, 6, -_EDGE, 0), flags, count)

    def _draw_card(
        self, painter: QPainter, option: QStyleOptionViewItem, entry: ListedBlock
    ) -> None:
        theme, state = self.theme, option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            focused = chosen and self.tree.hasFocus()
            painter.setPen(QColor(theme.accent) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_soft if chosen else theme.raised))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(8.5, 1.5, -8.5, -1.5), 4, 4)
        place = _picture(option.rect)
        if entry.problem:
            paint_broken(painter, place, theme)
        else:
            paint_picture(painter, entry.picture, place, theme)
        self._draw_words(painter, _words(option.rect), option.font, entry)

    def _draw_words(self, painter: QPainter, area: QRect, font: QFont, entry: ListedBlock) -> None:
        """Draw the name, on two lines if it needs them, what it is, and tags if there is room."""
        theme, doubtful = self.theme, bool(entry.problem or entry.warning)
        small = _smaller(font)
        last = (reason(entry), theme.muted) if entry.problem else (_tags(entry), theme.faint)
        lines = [
            (each, font, theme.faint if entry.problem else theme.text)
            for each in _wrapped(entry.title, QFontMetrics(font), area.width())
        ]
        lines.append((meaning(entry), small, theme.warning if doubtful else theme.muted))
        if last[0] and len(lines) < _LINES:
            lines.append((last[0], small, last[1]))
        heights = [QFontMetrics(each).height() for _, each, _ in lines]
        y = area.top() + (area.height() - sum(heights)) / 2
        for (text, each, colour), height in zip(lines, heights, strict=True):
            painter.setFont(each)
            painter.setPen(QColor(colour))
            words = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, area.width()
            )
            line = QRectF(area.left(), y, area.width(), height)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
            y += height


def _tags(entry: ListedBlock) -> str:
    return ", ".join(entry.tags)


def _wrapped(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """Return a name on one line, or on two that break between words."""
    words = text.split()
    head = ""
    while words and metrics.horizontalAdvance(f"{head} {words[0]}".strip()) <= width:
        head = f"{head} {words.pop(0)}".strip()
    return [head, " ".join(words)] if head and words else [head or text]


def _picture(row: QRect) -> QRectF:
    """Return where the picture of a card is, on whole pixels with its edge."""
    size = _SMALL if row.width() < _NARROW else _PICTURE
    top = row.top() + (_CARD - size.height()) // 2
    return QRectF(row.left() + _EDGE + 0.5, top + 0.5, size.width() - 1, size.height() - 1)


def _words(row: QRect) -> QRect:
    """Return where the words of a card stand: right of the picture."""
    left = int(_picture(row).right()) + 1 + _GAP
    return QRect(left, row.top() + 6, row.right() - 12 - left, _CARD - 12)


def _smaller(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(small.pointSizeF() - 1)
    return small
