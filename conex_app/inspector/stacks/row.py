"""One behavior of a stack: priority, name, meaning, enable box, and its parameters.

The header takes the keyboard: Enter opens and closes, Space switches on and
off, Delete removes, Alt with an arrow moves within the priority.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from conex_app.inspector.rows import RowList
from conex_app.inspector.slots import behavior_slots
from conex_app.look.line_icons import draw_line_icon, soft
from conex_app.look.panel_style import CheckBox
from conex_app.look.plain_text import tip
from conex_app.project.document import ProjectDocument
from conex_core.catalog import BehaviorSpec
from conex_core.graph.model.document import BehaviorItem

__all__ = ["StackHeader", "StackRow", "StackedBehavior"]


@dataclass(frozen=True)
class StackedBehavior:
    """Hold what a row shows: a behavior, where it lives and whether it may move.

    ``shared`` names the behavior stack that an item comes from; empty for own.
    """

    node_id: str
    item: BehaviorItem
    spec: BehaviorSpec | None
    shared: str = ""
    movable: bool = False

    @property
    def summary(self) -> str:
        """Return the one-line meaning."""
        meaning = self.spec.summary if self.spec else "Unknown here; kept as it is"
        return f"from {self.shared} · {meaning}" if self.shared else meaning


class StackHeader(QWidget):
    """The line that is always visible."""

    toggled = Signal()  # open or close the parameters
    switched = Signal(bool)  # enable or disable
    removed = Signal()  # take the behavior out
    moved = Signal(int)  # one place up (-1) or down (1)
    stepped = Signal(int)  # the keyboard goes to the row above (-1) or below (1)
    menu_wanted = Signal(QPoint)  # a context menu, at this place of the screen
    dragged = Signal(int)  # the mouse pulls the row; its y on the screen
    dropped = Signal(int)  # the mouse let go; its y on the screen

    def __init__(self, entry: StackedBehavior, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self.is_open = False
        self.problem = ""
        self._pressed: QPoint | None = None
        self._dragging = False
        self.setFixedHeight(40)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.check = CheckBox(self)
        self.check.clicked.connect(self._switch)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 8, 0)
        box.addStretch(1)
        box.addWidget(self.check)
        self.show_entry(entry)

    def show_entry(self, entry: StackedBehavior) -> None:
        """Show another state of the same behavior."""
        self.entry = entry
        item = entry.item
        self.check.setChecked(item.enabled)
        self.check.setVisible(not entry.shared)
        self.check.setToolTip("Switch off" if item.enabled else "Switch on")
        self.check.setAccessibleName(f"{item.kind} is on")
        priority = f"priority {entry.spec.priority}" if entry.spec else "unknown"
        off = "" if item.enabled else ", off"
        self.setAccessibleName(f"{item.kind}, {priority}{off}")
        self.setAccessibleDescription(entry.summary)
        self.setToolTip(tip(_tip(entry, self.problem)))
        self.update()

    def set_problem(self, text: str) -> None:
        """Mark the row with what the check says; empty takes it back."""
        if text != self.problem:
            self.problem = text
            self.show_entry(self.entry)

    def set_open(self, is_open: bool) -> None:
        """Turn the arrow."""
        self.is_open = is_open
        self.update()

    def event(self, event: QEvent) -> bool:
        """Keep Delete and Space from the window's shortcuts while the row has the keyboard."""
        mine = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Space)
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
            return super().event(event)
        if event.key() not in mine:
            return super().event(event)
        event.accept()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Carry out the keys named at the top of this file."""
        action = self._action(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def _switch(self) -> None:
        self.switched.emit(self.check.isChecked())

    def _action(self, event: QKeyEvent) -> Callable[[], None] | None:
        key, steps = Qt.Key(event.key()), {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if key in steps:
            alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            signal = self.moved if alt else self.stepped
            return lambda: signal.emit(steps[key])
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.toggled.emit
        if (key == Qt.Key.Key_Right and not self.is_open) or (
            key == Qt.Key.Key_Left and self.is_open
        ):
            return self.toggled.emit
        if self.entry.shared:
            return None
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            return self.removed.emit
        if key == Qt.Key.Key_Space:
            return lambda: self.switched.emit(not self.entry.item.enabled)
        return None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu."""
        self.menu_wanted.emit(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag once the mouse has moved far enough."""
        if self._pressed is None or not self.entry.movable:
            return
        far = abs(event.position().y() - self._pressed.y()) >= QApplication.startDragDistance()
        if self._dragging or far:
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(event.globalPosition().toPoint().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag, or open and close."""
        pressed, dragging = self._pressed, self._dragging
        self._pressed, self._dragging = None, False
        self.unsetCursor()
        if dragging:
            self.dropped.emit(event.globalPosition().toPoint().y())
        elif pressed is not None and self.rect().contains(event.position().toPoint()):
            self.toggled.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw arrow, priority, name and meaning."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, role = self.palette(), QPalette.ColorRole
        if self.underMouse() or self._dragging:
            painter.fillRect(self.rect(), palette.color(role.Midlight))
        faint = palette.color(role.PlaceholderText)
        arrow = "down" if self.is_open else "right"
        if not self.entry.shared:
            draw_line_icon(painter, arrow, QRectF(3, 6, 12, 12), faint)
        if self.entry.movable and self.underMouse():
            draw_line_icon(painter, "grip", QRectF(2, 22, 12, 12), faint)
        self._draw_words(painter, faint)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.color(role.Accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _draw_words(self, painter: QPainter, faint: QColor) -> None:
        role, item = QPalette.ColorRole, self.entry.item
        left, width = 16, self.width() - 16 - (36 if self.check.isVisible() else 8)
        words = QFont(self.font())
        words.setStrikeOut(not item.enabled)
        words.setWeight(QFont.Weight.DemiBold if item.enabled else QFont.Weight.Normal)
        painter.setFont(words)
        alive = item.enabled and not self.entry.shared
        painter.setPen(self.palette().color(role.WindowText) if alive else faint)
        self._elided(painter, QRect(left + 32, 3, width - 32 - 18, 18), item.kind)
        if self.problem:
            used = min(painter.fontMetrics().horizontalAdvance(item.kind), width - 50)
            colour = self.palette().color(role.BrightText)
            draw_line_icon(painter, "error", QRectF(left + 32 + used + 4, 5, 14, 14), colour)
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() - 1)
        painter.setFont(small)
        painter.setPen(soft(self.palette()) if item.enabled else faint)
        priority = str(self.entry.spec.priority) if self.entry.spec else "?"
        painter.drawText(QRect(left, 3, 26, 18), Qt.AlignmentFlag.AlignVCenter, priority)
        self._elided(painter, QRect(left + 32, 20, width - 32, 16), self.entry.summary)

    def _elided(self, painter: QPainter, area: QRect, text: str) -> None:
        mode = Qt.TextElideMode.ElideRight
        shown = painter.fontMetrics().elidedText(text, mode, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class StackRow(QWidget):
    """A header with the parameters under it, made when it is first opened."""

    def __init__(
        self, entry: StackedBehavior, document: ProjectDocument, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.header = StackHeader(entry, self)
        self.rows: RowList | None = None
        self._running = False
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self.header)

    @property
    def entry(self) -> StackedBehavior:
        """Return what the row shows."""
        return self.header.entry

    @property
    def is_open(self) -> bool:
        """Tell whether the parameters are shown."""
        return self.header.is_open

    def show_entry(self, entry: StackedBehavior) -> None:
        """Show another state of the same behavior, by difference."""
        if entry != self.header.entry:
            self.header.show_entry(entry)
        if self.rows is not None:
            self.rows.refresh(self.document.state)

    def set_open(self, is_open: bool) -> None:
        """Show or hide the parameters."""
        can_open = self.entry.spec is not None and not self.entry.shared
        self.header.set_open(is_open and can_open)
        if self.header.is_open and self.rows is None:
            self._make_rows()
        if self.rows is not None:
            self.rows.setVisible(self.header.is_open)

    def set_running(self, running: bool) -> None:
        """Mark live parameters."""
        self._running = running
        if self.rows is not None:
            self.rows.set_running(running)

    def _make_rows(self) -> None:
        spec, entry = self.entry.spec, self.entry
        if spec is None:
            return
        slots = behavior_slots(spec, [(entry.node_id, entry.item.id)])
        self.rows = RowList(slots, self.document, source=spec.source, parent=self)
        self.rows.layout().setContentsMargins(0, 2, 0, 10 if slots else 0)
        self.rows.set_running(self._running)
        self._box.addWidget(self.rows)


def _tip(entry: StackedBehavior, problem: str) -> str:
    spec = entry.spec
    lines = [problem] if problem else []
    if entry.shared:
        lines.append(f"Shared: change it in {entry.shared}.")
    if spec is not None:
        lines += [spec.summary, spec.source]
    return "\n".join(line for line in lines if line)
