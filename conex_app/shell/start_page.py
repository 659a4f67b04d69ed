"""The start page: three cards, and the projects opened last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from conex_app.look import plain_text
from conex_app.look.icons import icon
from conex_app.look.labels import PlainLabel
from conex_app.look.plain_text import menu_words
from conex_app.look.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

__all__ = ["Example", "Welcome"]

CARD = QSize(288, 248)
GAP, EDGE = 24, 16  # between cards, and for a scroll bar beside them


@dataclass(frozen=True)
class Example:
    """Name a shipped example and say what it is, in a few words."""

    name: str
    title: str
    summary: str = ""


class StartCard(QFrame):
    """One of the three ways to begin: a heading and its buttons."""

    def __init__(self, icon_name: str, title: str, text: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setFixedSize(CARD)
        self.icon_name = icon_name
        self.sign = PlainLabel()
        heading, words = PlainLabel(title, objectName="card-title"), PlainLabel(text)
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 24, 24, 24)
        self.column.setSpacing(8)
        self.column.addWidget(self.sign)
        self.column.addSpacing(4)
        self.column.addWidget(heading)
        self.column.addWidget(words)
        self.column.addStretch(1)

    def add(self, text: str, tip: str, *, primary: bool = False) -> QPushButton:
        """Add a button at the foot."""
        button = QPushButton(text)
        button.setToolTip(plain_text.tip(tip))
        button.setProperty("primary", primary)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.column.addWidget(button)
        return button


class Welcome(QWidget):
    """Show how to begin."""

    new_wanted = Signal()  # start empty
    open_wanted = Signal()  # choose a file
    recent_wanted = Signal(object)  # the Path of a recent project
    example_wanted = Signal(str)  # the name of an example

    def __init__(self, examples: Sequence[Example], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.empty = StartCard(
            "ph.circles-three-plus", "Start empty", "Draw a network from its first neuron group."
        )
        self.examples = StartCard(
            "ph.graduation-cap", "Open an example", "Ready to run, yours to change."
        )
        self.file = StartCard("ph.folder-open", "Open a file", "Continue where you left off.")
        self.recent = QVBoxLayout()
        self._fill_cards(examples)
        self._lay_out()

    def show_recent(self, paths: Sequence[Path]) -> None:
        """List the projects opened last."""
        while self.recent.count():
            self.recent.takeAt(0).widget().deleteLater()
        if paths:
            self.recent.addWidget(PlainLabel("Recent", objectName="section"))
        for path in paths[:5]:
            self.recent.addWidget(self._recent_button(path))

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in the colours of ``theme``."""
        for card in (self.empty, self.examples, self.file):
            card.sign.setPixmap(icon(card.icon_name, theme, theme.accent).pixmap(32, 32))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many cards side by side as there is room for."""
        super().resizeEvent(event)
        room = self.width() - EDGE
        columns = next((n for n in (3, 2) if _width_of(n) <= room), 1)
        if columns != self._columns:
            self._place_cards(columns)

    def _fill_cards(self, examples: Sequence[Example]) -> None:
        self.start = self.empty.add("New network", "Start an empty network  (Ctrl+N)", primary=True)
        self.start.clicked.connect(self.new_wanted)
        self.example_buttons: dict[str, QPushButton] = {}
        for example in examples:
            button = self.examples.add(example.title, example.summary)
            button.clicked.connect(
                lambda _=False, name=example.name: self.example_wanted.emit(name)
            )
            self.example_buttons[example.name] = button
        self.browse = self.file.add("Browse…", "Open a project file  (Ctrl+O)")
        self.browse.clicked.connect(self.open_wanted)

    def _lay_out(self) -> None:
        self._cards = QGridLayout()
        self._cards.setSpacing(GAP)
        self._page = page = QWidget(objectName="welcome-page")
        self._place_cards(3)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 48, 0, 48)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(PlainLabel("CoNeX Studio", objectName="welcome-title"))
        claim = PlainLabel("Draw spiking networks, run them, watch them learn.")
        claim.setObjectName("welcome-claim")
        column.addWidget(claim)
        column.addSpacing(24)
        column.addLayout(self._cards)
        column.addSpacing(24)
        self.recent.setSpacing(0)
        column.addLayout(self.recent)
        column.addStretch(3)
        area = QScrollArea(widgetResizable=True, alignment=Qt.AlignmentFlag.AlignHCenter)
        area.setWidget(page)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(area)

    def _place_cards(self, columns: int) -> None:
        """Put the cards side by side, as many as fit, and the others below."""
        self._columns = columns
        for place, card in enumerate((self.empty, self.examples, self.file)):
            self._cards.addWidget(card, *divmod(place, columns))
        self._page.setFixedWidth(_width_of(columns))

    def _recent_button(self, path: Path) -> QPushButton:
        button = QPushButton(
            f"{menu_words(path.stem)}    {menu_words(_short(path.parent), 90)}",
            flat=True,
            objectName="recent",
        )
        button.setToolTip(plain_text.tip(str(path)))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.recent_wanted.emit(path))
        return button


def _width_of(columns: int) -> int:
    return columns * CARD.width() + (columns - 1) * GAP


def _short(folder: Path) -> str:
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)
