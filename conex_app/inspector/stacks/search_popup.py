"""The popup that adds a behavior: type, see what fits and what is missing, Enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QHideEvent, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from conex_app.inspector.stacks.missing import Offer
from conex_app.look.labels import PlainLabel
from conex_app.look.plain_text import tip

__all__ = ["SearchPopup"]

_OFFER = Qt.ItemDataRole.UserRole
_ROW = 44


class SearchPopup(QFrame):
    """Let the user choose one of several behaviors."""

    chosen = Signal(str)  # the name of a behavior
    closed = Signal()  # without a choice, or after one

    def __init__(self, offers: Sequence[Offer], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.offers = list(offers)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Add a behavior")
        self.search.setAccessibleName("Search behaviors")
        self.list = QListWidget(self)
        self.list.setObjectName("entries")
        self.list.setAccessibleName("Behaviors that fit here")
        self.list.setItemDelegate(_OfferDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.empty = PlainLabel("Nothing fits. Try another word.", self)
        self.empty.setProperty("role", "hint")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.setSpacing(8)
        for widget in (self.search, self.empty, self.list):
            box.addWidget(widget)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._filter)
        self.list.itemClicked.connect(self._choose)
        self._filter("")

    def open_at(self, anchor: QWidget, width: int = 296) -> None:
        """Show the popup under ``anchor``, right edges aligned, inside the screen."""
        rows = min(max(self.list.count(), 1), 8)
        self.resize(max(width, 240), rows * _ROW + 56)
        corner = anchor.mapToGlobal(QPoint(anchor.width(), anchor.height() + 4))
        place = QRect(corner - QPoint(self.width(), 0), self.size())
        room = anchor.screen().availableGeometry()
        place.moveBottom(min(place.bottom(), room.bottom()))
        place.moveLeft(max(place.left(), room.left()))
        self.setGeometry(place)
        self.show()
        self.search.setFocus()

    def names(self) -> list[str]:
        """Return the names that are listed now."""
        return [self.list.item(row).text() for row in range(self.list.count())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Send the arrow keys and Enter of the search field to the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: 6,
                Qt.Key.Key_PageUp: -6,
            }
            if event.key() in steps:
                row = self.list.currentRow() + steps[Qt.Key(event.key())]
                self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Say that the popup is gone."""
        super().hideEvent(event)
        self.closed.emit()

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        self.list.clear()
        for offer in self.offers:
            spec = offer.spec
            hay = f"{spec.name} {spec.summary} {' '.join(spec.provides)}".lower()
            if all(word in hay for word in words):
                item = QListWidgetItem(spec.name, self.list)
                item.setData(_OFFER, offer)
                item.setToolTip(tip(offer.reason or spec.summary))
        self._prefer_names(text.lower().strip())
        self.list.setVisible(self.list.count() > 0)
        self.empty.setVisible(self.list.count() == 0)

    def _prefer_names(self, text: str) -> None:
        """Point at the first row, or at the first whose name begins with the text."""
        rows = range(self.list.count())
        starts = [
            row for row in rows if text and self.list.item(row).text().lower().startswith(text)
        ]
        self.list.setCurrentRow(starts[0] if starts else 0)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            name = item.text()
            self.close()
            self.chosen.emit(name)


class _OfferDelegate(QStyledItemDelegate):
    """Two lines: priority and name; what it is for, or who is waiting for it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        offer: Offer = index.data(_OFFER)
        palette, role = option.palette, QPalette.ColorRole
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            colour = palette.color(role.Accent)
            colour.setAlpha(48)
            painter.setBrush(colour)
            painter.drawRoundedRect(option.rect, 4, 4)
        area = option.rect.adjusted(8, 4, -8, -4)
        muted = palette.color(role.PlaceholderText)
        top = QRect(area.left(), area.top(), area.width(), area.height() // 2)
        self._line(painter, top, offer.spec.name, palette.color(role.Text), option.font, bold=True)
        right = "added" if offer.present else str(offer.spec.priority)
        painter.setPen(muted)
        painter.drawText(top, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        low = top.translated(0, top.height())
        colour = palette.color(role.Accent) if offer.reason else muted
        self._line(painter, low, offer.reason or offer.spec.summary, colour, option.font)
        painter.restore()

    def _line(
        self,
        painter: QPainter,
        area: QRect,
        text: str,
        colour: object,
        font: QFont,
        *,
        bold: bool = False,
    ) -> None:
        drawn = QFont(font)
        drawn.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        if not bold:
            drawn.setPointSizeF(font.pointSizeF() - 1)
        painter.setFont(drawn)
        painter.setPen(colour)
        room = area.width() - (48 if bold else 0)
        words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.setFont(font)
