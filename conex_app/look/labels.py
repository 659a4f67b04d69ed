"""Labels, bubbles and questions that show text as text.

Qt guesses whether a text is mark-up, and then loads pictures and lays out tables that a name
asks for. These never do; ``tests/gui/look`` holds that nothing else is used in the window.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QLabel, QMessageBox, QToolTip, QWidget

from conex_app.look.plain_text import plain_line, plain_words, tip

__all__ = ["ElidedLabel", "MessageBox", "PlainLabel", "show_tip"]

LONGEST, QUESTION = 48, 600  # signs of one word, and of a question


class PlainLabel(QLabel):
    """Show words as they are; long words break, so that no name makes a panel wider.

    ``longest`` is how long a word may be.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        longest: int = LONGEST,
        **properties: Any,
    ) -> None:
        super().__init__(parent, **properties)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._longest = longest
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show ``text``, without mark-up and no more of it than anybody reads."""
        super().setText(plain_words(text, longest=self._longest if self.wordWrap() else 0))

    def setWordWrap(self, on: bool) -> None:
        """Let lines, and words that are too long for one, break."""
        super().setWordWrap(on)
        self.setText(self.text())


class ElidedLabel(PlainLabel):
    """One line that gives way where there is no room; the whole is in its tooltip."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        **properties: Any,
    ) -> None:
        self._mode = mode
        super().__init__(text, parent, **properties)

    def setText(self, text: str) -> None:
        """Show ``text`` on one line."""
        super().setText(plain_line(text))

    def minimumSizeHint(self) -> QSize:
        """Ask for a few letters only."""
        size = super().minimumSizeHint()
        return QSize(min(size.width(), self.fontMetrics().averageCharWidth() * 6), size.height())

    @property
    def is_elided(self) -> bool:
        """Tell whether there is less room than the words need."""
        room = self.contentsRect().width()
        return self.fontMetrics().horizontalAdvance(self.text()) > room

    def event(self, event: QEvent) -> bool:
        """Say all of it where the mouse rests, unless there is another tooltip."""
        if not isinstance(event, QHelpEvent) or event.type() != QEvent.Type.ToolTip:
            return super().event(event)
        if self.toolTip() or not self.is_elided:
            return super().event(event)
        show_tip(event, self.text(), self)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), self._mode, area.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(area, int(self.alignment()) | Qt.TextFlag.TextSingleLine, shown)


class MessageBox(QMessageBox):
    """Ask or tell in plain words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:
        """Ask, with no more of a name than fits a screen."""
        super().setText(plain_words(text, QUESTION, LONGEST))

    def setInformativeText(self, text: str) -> None:
        """Say what follows from the answer."""
        super().setInformativeText(plain_words(text, QUESTION, LONGEST))

    def answer(self) -> QAbstractButton | None:
        """Ask, and return the button that was pressed; None for Escape or a box that went away.

        What it stands before may be gone by the time of an answer, and the box with it.
        """
        pressed: list[QAbstractButton] = []
        self.buttonClicked.connect(pressed.append)
        self.exec()
        return pressed[-1] if pressed else None


def show_tip(event: QHelpEvent, text: str, widget: QWidget) -> None:
    """Show ``text`` where the mouse rests."""
    QToolTip.showText(event.globalPos(), tip(text) if text else "", widget)
