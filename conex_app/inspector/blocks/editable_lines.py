"""Lines of a list that is edited in place: a name, what it is of, move and remove.

The ports of a block and its promoted parameters are such lists. A line holds
no truth; it says what is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from conex_app.inspector.fields.fields import TextField
from conex_app.look import plain_text
from conex_app.look.labels import ElidedLabel, PlainLabel
from conex_app.look.line_icons import IconButton, draw_line_icon
from conex_core.parameters import Text

__all__ = ["EditableLine", "chain", "fill_lines"]

LEFT = 16


class EditableLine(QWidget):
    """One name to edit, with what it is of and buttons to move and remove it."""

    renamed = Signal(str)  # another name is wanted
    moved = Signal(int)  # one place up (-1) or down (1)
    removed = Signal()  # the line is to go

    def __init__(self, parameter: Text, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icon, self.key, self._named = icon, "", ""
        self.name = TextField(parameter, self)
        self.name.committed.connect(lambda name, _step: self.renamed.emit(name))
        self.name.refused.connect(self.show_reason)
        self.name.cleared.connect(lambda: self.show_reason(""))
        self.words = ElidedLabel(parent=self, mode=Qt.TextElideMode.ElideMiddle)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.words.setProperty("role", "hint")
        self.reason = PlainLabel(parent=self, longest=24)
        self.reason.setProperty("role", "reason")
        self.reason.setWordWrap(True)
        self.reason.hide()
        self.up = IconButton("up", "Move up (Alt+Up)", self)
        self.down = IconButton("down", "Move down (Alt+Down)", self)
        self.remove = IconButton("close", "Remove", self)
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.remove.clicked.connect(self.removed)
        self._lay_out()

    def show_line(self, name: str, words: str, place: int, count: int, tip: str = "") -> None:
        """Show the name, what it is of (at length in ``tip``), and which ways it can move."""
        self._named = name
        self.name.show_value(name)
        self.name.edit.setAccessibleName(f"Name of {name}")
        self.words.setText(words)
        self.words.setToolTip(plain_text.tip(tip or words))
        for button in (self.up, self.down):
            button.setVisible(count > 1)
        self.up.setEnabled(place > 0)
        self.down.setEnabled(place < count - 1)

    def show_reason(self, text: str) -> None:
        """Show why the name was refused; empty takes it back."""
        self.reason.setText(text)
        self.reason.setVisible(bool(text))

    def parts(self) -> list[QWidget]:
        """Return what takes the keyboard, in order."""
        return [self.name.edit, self.up, self.down, self.remove]

    def typing_place(self) -> tuple[str, tuple[str, ...]]:
        """Return of what the field is; see ``conex_app.look.typing``."""
        return f"name of {self._named}", ("line", self.key, "name")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the line with Alt and an arrow."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and event.key() in steps:
            self.moved.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon in the margin."""
        if self.icon:
            colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
            draw_line_icon(QPainter(self), self.icon, QRectF(LEFT, 8, 12, 12), colour)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self.name, 5)
        line.addSpacing(8)
        line.addWidget(self.words, 4)
        for button in (self.up, self.down, self.remove):
            line.addWidget(button)
        box = self.box = QVBoxLayout(self)
        box.setContentsMargins(LEFT + (18 if self.icon else 0), 2, 8, 2)
        box.setSpacing(0)
        box.addLayout(line)
        box.addWidget(self.reason)


def fill_lines(
    box: QVBoxLayout,
    lines: dict[str, EditableLine],
    wanted: Sequence[str],
    make: Callable[[str], EditableLine],
) -> None:
    """Bring the lines of a list to the wanted ones, in order; those that stay are kept."""
    for key in [key for key in lines if key not in wanted]:
        line = lines.pop(key)
        box.removeWidget(line)
        line.hide()
        line.deleteLater()
    for place, key in enumerate(wanted):
        if key not in lines:
            lines[key] = make(key)
            lines[key].key = key
        if box.indexOf(lines[key]) != place:
            box.insertWidget(place, lines[key])


def chain(widgets: Iterable[QWidget]) -> None:
    """Let Tab go from each widget to the next, whenever they were made."""
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)
