"""One line of the inspector: label, field, unit, reset, and the reason under it.

A row shows one slot of the document and sends edits; it holds no value. All
rows of a panel share the same columns, so that fields and units line up.
Inside a block, a mark in the margin says what is promoted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFont,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QApplication, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from conex_app.inspector.blocks import promotion
from conex_app.inspector.fields.choices import ChoiceField, FlagField
from conex_app.inspector.fields.distribution import Folder, InitializerField
from conex_app.inspector.fields.fields import (
    HookField,
    IntegersField,
    NamesField,
    NumberField,
    ParameterField,
    SizeField,
    TextField,
)
from conex_app.inspector.fields.long_text import LongTextField
from conex_app.inspector.slots import Slot
from conex_app.look import field_text
from conex_app.look.labels import PlainLabel
from conex_app.look.line_icons import IconButton, draw_line_icon, soft
from conex_app.project.document import ProjectDocument
from conex_core.graph.model.document import Document, Target
from conex_core.parameters import Initializer, Parameter

__all__ = ["ParameterRow", "RowList", "field_for"]

LONG_TEXTS = ("description", "text")
MARGIN, GAP, UNIT, RESET = 16, 12, 34, 20
SHORT_UNITS = {"iterations": "iter.", "iteration": "iter.", "neurons": ""}

_FIELDS: dict[str, Callable[[Parameter], ParameterField]] = {
    "number": NumberField,
    "integer": NumberField,
    "flag": FlagField,
    "choice": ChoiceField,
    "text": TextField,
    "integers": IntegersField,
    "names": NamesField,
    "size": SizeField,
    "hook": HookField,
}


def field_for(parameter: Parameter, folder: Folder) -> ParameterField:
    """Return the field that edits a parameter."""
    if isinstance(parameter, Initializer):
        return InitializerField(parameter, folder)
    if parameter.kind == "text" and parameter.name in LONG_TEXTS:
        return LongTextField(parameter)
    return _FIELDS[parameter.kind](parameter)


class ParameterRow(QWidget):
    """Show and edit one slot."""

    def __init__(
        self,
        slot: Slot,
        document: ProjectDocument,
        *,
        source: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.slot, self.document = slot, document
        self.is_live = False
        self.reason: PlainLabel | None = None
        self._problem = ("", "error")
        self._values: tuple[Any, ...] | None = None
        # What is read aloud and explained goes by the user's name for it.
        parameter = replace(slot.parameter, name=slot.label) if slot.label else slot.parameter
        self.field = field_for(parameter, self._folder)
        self.is_changed, self.acts = False, True
        self.reset: IconButton | None = None
        self.mark: IconButton | None = None
        self._lay_out()
        self.setToolTip(field_text.help_text(parameter, source))
        self._name_for_readers(parameter)
        self.field.committed.connect(self._commit)
        self.field.refused.connect(self._show_reason)
        self.field.cleared.connect(lambda: self._show_reason(""))

    @property
    def can_be_shown(self) -> bool:
        """Tell whether there is a block that the parameter could be promoted to."""
        return bool(self.document.level and self.slot.targets)

    def refresh(self, state: Document) -> None:
        """Show the document's value; do nothing if it has not changed."""
        self._show_mark()
        self._show_effect(self.slot.acts(state))
        values, changed = self.slot.read(state), self.slot.is_changed(state)
        if not values or (values, changed) == (self._values, self.is_changed):
            return
        self._values = values
        if self.slot.is_mixed(state):
            self.field.show_mixed()
        else:
            self.field.show_value(values[0])
        self._show_changed(changed)
        if self.can_be_shown:
            self._leave_menu_to_page()  # here, because a field may have other parts by now

    def set_running(self, running: bool) -> None:
        """Mark the row with a bolt if it can be changed while running."""
        is_live = running and self.slot.parameter.live
        if is_live != self.is_live:
            self.is_live = is_live
            self.update()

    def set_problem(self, text: str, severity: str = "error") -> None:
        """Show what the check says about this value; empty takes it back."""
        if (text, severity) != self._problem:
            self._problem = (text, severity)
            if not self.field.is_invalid:
                self._show_text(text, severity)

    def focus_field(self) -> None:
        """Give the keyboard to the field and select what is in it."""
        target = self.field.focus_target()
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        if hasattr(target, "selectAll"):
            target.selectAll()

    def typing_place(self) -> tuple[str, tuple[str, ...]]:
        """Return of what the field is; see ``conex_app.look.typing``."""
        slot = self.slot
        kind, held = str(slot.key[0]), slot.key[1] if len(slot.key) > 2 else ""
        first = held[0][1] if kind == "behavior" else held if kind == "promoted" else ""
        return f"{slot.title} of {slot.place}", (kind, str(first), slot.parameter.name)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Offer to promote it while the mouse is here."""
        super().enterEvent(event)
        self._show_mark()

    def leaveEvent(self, event: QEvent) -> None:
        """Offer it no longer; what is promoted stays marked."""
        super().leaveEvent(event)
        self._show_mark()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw label and unit, and the bolt of a live parameter.

        Painted and not made of labels, because widgets are what a page costs.
        """
        painter, palette, field = QPainter(self), self.palette(), self.field
        shade = palette.color(QPalette.ColorRole.WindowText) if self.acts else soft(palette)
        places = [(self.slot.title, 2, shade)]
        if isinstance(field, InitializerField):
            places += [
                (f"  {caption}", part.mapTo(self, QPoint(0, 0)).y(), soft(palette))
                for caption, part in field.captions()
            ]
        for index, (words, top, colour) in enumerate(places):
            self._paint_label(painter, words, top, colour, bold=self.is_changed and index == 0)
            self._paint_unit(painter, top, soft(palette))
        if self.is_live:
            accent = palette.color(QPalette.ColorRole.Accent)
            draw_line_icon(painter, "bolt", QRectF(field.x() - 11, 9, 10, 10), accent)

    def _paint_label(
        self, painter: QPainter, words: str, top: int, colour: QColor, *, bold: bool
    ) -> None:
        font = QFont(self.font())
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(colour)
        area = QRect(MARGIN, top, self.field.x() - GAP - MARGIN + 2, 24)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if painter.fontMetrics().horizontalAdvance(words) > area.width():
            font.setPointSizeF(font.pointSizeF() * 0.8)  # two lines, broken after a "_"
            painter.setFont(font)
            words = words.replace("_", "_\u200b")
            painter.drawText(area.adjusted(0, -2, 0, 2), flags | Qt.TextFlag.TextWordWrap, words)
        else:
            painter.drawText(area, flags, words)

    def _paint_unit(self, painter: QPainter, top: int, colour: QColor) -> None:
        unit = self.slot.parameter.unit
        if unit and not self._is_wide:
            painter.setFont(self.font())
            painter.setPen(colour)
            area = QRect(self.field.geometry().right() + 7, top, UNIT, 24)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, SHORT_UNITS.get(unit, unit))

    def _lay_out(self) -> None:
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(MARGIN, 2, 4, 2)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(2)
        top = Qt.AlignmentFlag.AlignTop
        typed = isinstance(self.field, NumberField | SizeField | IntegersField)
        words = isinstance(self.field, ChoiceField | LongTextField | TextField)
        self._is_wide = words and not typed
        grid.addWidget(self.field, 0, 2, 1, 2 if self._is_wide else 1, top)
        grid.setRowMinimumHeight(0, 24)
        for column, width in ((0, 56), (1, GAP), (3, UNIT), (4, RESET + 4)):
            grid.setColumnMinimumWidth(column, width)
        grid.setColumnStretch(0, 45)
        grid.setColumnStretch(2, 55)

    def _show_effect(self, acts: bool) -> None:
        """Say under the field that its value is not read as the others are now."""
        if acts == self.acts:
            return
        self.acts = acts
        if not self._problem[0] and not self.field.is_invalid:
            self._show_text("", "error")
        self.update()

    def _show_changed(self, changed: bool) -> None:
        """Make the label bold and offer the way back to the default."""
        if changed == self.is_changed:
            return
        self.is_changed = changed
        if self.reset is None:
            way = self.slot.way_back
            self.reset = IconButton("reset", f"Reset {self.slot.title} to {way}", self, RESET)
            self.reset.setFixedHeight(24)
            self.reset.clicked.connect(self._reset)
            middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(self.reset, 0, 4, middle)
        self.reset.setVisible(changed)
        self.update()

    def _name_for_readers(self, parameter: Parameter) -> None:
        if isinstance(self.field, InitializerField):
            return  # names its parts itself
        target = self.field.focus_target()
        unit = f", {parameter.unit}" if parameter.unit else ""
        target.setAccessibleName(f"{self.slot.title}{unit}")
        target.setAccessibleDescription(parameter.help)

    def _folder(self) -> Path | None:
        return self.document.path.parent if self.document.path else None

    def _commit(self, value: Any, step: bool) -> None:
        slot, new = self.slot, self.slot.write(self.document.state, value)
        for target in self._followers():
            new = promotion.set_target(new, target, value)
        label = f"Change {slot.title} of {slot.place}"
        self.document.edit(label, new, merge_key=slot.key if step else None)
        self.refresh(self.document.state)

    def _reset(self) -> None:
        slot, new = self.slot, self.slot.reset(self.document.state)
        for target in self._followers():
            new = promotion.reset_target(new, target)
        self.focus_field()
        self.document.edit(f"Reset {slot.title} of {slot.place}", new)

    def _followers(self) -> tuple[Target, ...]:
        """Return what else in the block has the same value from a promoted parameter."""
        if not self.can_be_shown:
            return ()
        return promotion.followers(self.document.state.network, self.slot.targets)

    def _show_mark(self) -> None:
        """Show in the margin what is promoted, or, under the mouse, that it could be."""
        if not self.can_be_shown:
            return
        block = self.document.state.network
        shown = promotion.shown_as(block, self.slot.targets)
        wanted = shown is not None or self.underMouse()
        if self.mark is None and wanted:
            self.mark = IconButton("promote", "", self, MARGIN)
            self.mark.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the menu key does the same
            self.mark.setFixedHeight(24)
            self.mark.move(0, 2)
            self.mark.clicked.connect(self._ask_for_menu)
        if self.mark is not None:
            known = f"Shown on the face of {block.name} as {shown.name}" if shown else ""
            self.mark.show_icon("promote", known or f"Show on the face of {block.name}…")
            self.mark.setVisible(wanted)

    def _ask_for_menu(self) -> None:
        assert self.mark is not None
        here = self.mark.geometry().bottomLeft()
        reason = QContextMenuEvent.Reason.Other
        QApplication.sendEvent(self, QContextMenuEvent(reason, here, self.mapToGlobal(here)))

    def _leave_menu_to_page(self) -> None:
        """Let the page put its own entries into the menus of text fields."""
        for edit in self.field.findChildren(QLineEdit):
            edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def _show_reason(self, text: str) -> None:
        if text:
            self._show_text(text, "error")
        else:
            self._show_text(*self._problem)

    def _show_text(self, text: str, severity: str) -> None:
        if not text and not self.acts:
            *others, last = (name for name, _ in self.slot.parameter.acts_if)
            without = f"{', '.join(others)} or {last}" if others else last
            text, severity = f"No effect without {without}.", "idle"
        if self.reason is None:
            if not text:
                return
            self.reason = PlainLabel(parent=self, longest=24)
            self.reason.setWordWrap(True)
            self.reason.setProperty("role", "reason")
            self._grid.addWidget(self.reason, 1, 2, 1, 3)
        self.reason.setProperty("severity", severity)
        self.reason.style().polish(self.reason)
        self.reason.setText(text)
        self.reason.setVisible(bool(text))
        self.field.focus_target().setAccessibleDescription(text or self.slot.parameter.help)


class RowList(QWidget):
    """A column of parameter rows."""

    def __init__(
        self,
        slots: Iterable[Slot],
        document: ProjectDocument,
        *,
        source: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        self.rows: dict[str, ParameterRow] = {}
        for slot in slots:
            row = ParameterRow(slot, document, source=source, parent=self)
            self.rows[slot.parameter.name] = row
            box.addWidget(row)
        self.refresh(document.state)

    def refresh(self, state: Document) -> None:
        """Show the document's values."""
        for row in self.rows.values():
            row.refresh(state)

    def set_running(self, running: bool) -> None:
        """Mark live parameters."""
        for row in self.rows.values():
            row.set_running(running)
