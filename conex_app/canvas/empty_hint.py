"""What an empty canvas says: one faint sentence and one button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from conex_app.look.labels import PlainLabel
from conex_app.look.theme import GRID, Theme

__all__ = ["Hint"]


class Hint(QWidget):
    """Say how to begin."""

    wanted = Signal()  # the button was pressed

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._around = parent
        self._words = PlainLabel("Drag a neuron group here, or press G")
        self.button = QPushButton("+ Neuron group")
        self.button.setToolTip("Add a group of neurons to the network (G)")
        self.button.clicked.connect(self.wanted)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self._words, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)

    def centre(self) -> None:
        """Move to the middle of the parent."""
        self.resize(self.sizeHint())
        self.move(self._around.rect().center() - self.rect().center())

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self._words.setStyleSheet(f"color: {theme.faint}; font-size: 14px;")
