"""A line edit to search a list with, with a magnifying glass in it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QWidget

from conex_app.look import plain_text
from conex_app.look.line_icons import draw_line_icon
from conex_app.look.undo_keys import UndoKeys

__all__ = ["SearchField"]


class SearchField(QLineEdit):
    """Take a text to search for.

    ``hint`` stands in the empty field, ``name`` is read aloud, ``tip`` says what is searched.
    """

    def __init__(self, hint: str, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(name)
        self.setToolTip(plain_text.tip(tip))
        self.setTextMargins(20, 0, 0, 0)
        UndoKeys(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, then the glass."""
        super().paintEvent(event)
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
        place = QRectF(7, (self.height() - 14) / 2, 14, 14)
        draw_line_icon(QPainter(self), "search", place, colour)
