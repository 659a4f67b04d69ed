"""Words in a line that may become short of room: they end in dots rather than widen it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStyle, QStyleOption

__all__ = ["ElidedLabel"]

NARROWEST = 24
PAD = 8  # as the style sheet has it for labels in a status bar


class ElidedLabel(QLabel):
    """Show plain text, and of one that is too long the beginning."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def minimumSizeHint(self) -> QSize:
        """Return little, so that no text makes the window wider."""
        whole = super().minimumSizeHint()
        return QSize(min(whole.width(), NARROWEST if self.text() else 0), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what there is room for."""
        shown, room = self.shown_text(), self.contentsRect()
        if shown == self.text():
            super().paintEvent(event)
            return
        painter, option = QPainter(self), QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        painter.setPen(option.palette.color(self.foregroundRole()))
        painter.drawText(room.adjusted(PAD, 0, -PAD, 0), Qt.AlignmentFlag.AlignVCenter, shown)

    def shown_text(self) -> str:
        """Return the part of the text that there is room for."""
        room = self.contentsRect().width() - 2 * PAD
        if self.sizeHint().width() <= self.width():
            return self.text()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
