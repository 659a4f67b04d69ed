"""Words beside the mouse: why something is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer

from conex_app.look.labels import PlainLabel
from conex_app.look.theme import GRID

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

__all__ = ["Bubble"]


class Bubble(PlainLabel):
    """Say something beside the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent, longest=24)
        self._around = parent
        self.setObjectName("bubble")
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str, at: QPoint, *, seconds: float = 0) -> None:
        """Show ``text`` near a point of the parent, for some seconds or until hidden."""
        self.setText(text)
        width = min(300, self.fontMetrics().horizontalAdvance(self.text()) + 2 * GRID + 4)
        self.setFixedWidth(max(width, 80))
        self.adjustSize()
        room = self._around.size() - self.size() - QSize(4, 4)
        self.move(min(at.x() + 16, room.width()), min(at.y() + 20, room.height()))
        self.show()
        self.raise_()
        self._timer.stop()
        if seconds:
            self._timer.start(round(seconds * 1000))
