"""One line of the inspector: label, field, unit, reset, and the reason under it.

A row shows one slot of the document and sends edits; it holds no value. All
rows of a panel share the same columns, so that fields and units line up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from conex_app.document import ProjectDocument
from conex_app.panels import texts
from conex_app.panels.choices import ChoiceField, FlagField
from conex_app.panels.distribution_field import Folder, InitializerField
from conex_app.panels.fields import (
    Field,
    HookField,
    IntegersField,
    LongTextField,
    NumberField,
    SizeField,
    TextField,
)
from conex_app.panels.glyphs import GlyphButton, draw_glyph
from conex_app.panels.slots import Slot
from conex_core.graph.state import Document
from conex_core.parameters import Initializer, Parameter

__all__ = ["ParameterRow", "RowList", "field_for"]

LONG_TEXTS = ("description", "text")
MARGIN, GAP, UNIT, RESET = 16, 12, 36, 20

_FIELDS: dict[str, Callable[[Parameter], Field]] = {
    "number": NumberField,
    "integer": NumberField,
    "flag": FlagField,
    "choice": ChoiceField,
    "text": TextField,
    "integers": IntegersField,
    "size": SizeField,
    "hook": HookField,
}


def field_for(parameter: Parameter, folder: Folder) -> Field:
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
        self.running = False
        self.reason: QLabel | None = None
        self._problem = ("", "error")
        self._values: tuple[Any, ...] | None = None
        parameter = slot.parameter
        self.field = field_for(parameter, self._folder)
        self.label = QLabel(parameter.name, self)
        self.unit = QLabel(parameter.unit, self)
        self.reset = GlyphButton("reset", f"Reset {parameter.name} to its default", self, RESET)
        self._lay_out()
        self.setToolTip(texts.help_text(parameter, source))
        self._name_for_readers(parameter)
        self.field.committed.connect(self._commit)
        self.field.refused.connect(self._show_reason)
        self.field.cleared.connect(lambda: self._show_reason(""))
        self.reset.clicked.connect(self._reset)

    def refresh(self, state: Document) -> None:
        """Show the document's value; do nothing if it has not changed."""
        values = self.slot.read(state)
        if not values or values == self._values:
            return
        self._values = values
        if self.slot.is_mixed(state):
            self.field.show_mixed()
        else:
            self.field.show_value(values[0])
        changed = self.slot.is_changed(state) and not self.slot.parameter.required
        font = self.label.font()
        if font.bold() != changed:
            font.setBold(changed)
            self.label.setFont(font)
        self.reset.setVisible(changed)

    def set_running(self, running: bool) -> None:
        """Mark the row with a bolt if it can be changed while running."""
        self.running = running and self.slot.parameter.live
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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bolt of a live parameter between label and field."""
        if self.running:
            left, middle = self.field.x() - 11, self.label.geometry().center().y()
            colour = self.palette().color(QPalette.ColorRole.Accent)
            draw_glyph(QPainter(self), "bolt", QRectF(left, middle - 5, 10, 10), colour)

    def _lay_out(self) -> None:
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(MARGIN, 2, 4, 2)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(2)
        self.label.setFixedHeight(24)
        self.label.setMinimumWidth(56)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.unit.setProperty("role", "unit")
        self.unit.setFixedSize(UNIT, 24)
        self.unit.setContentsMargins(6, 0, 0, 0)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.reset.hide()
        top = Qt.AlignmentFlag.AlignTop
        wide = (
            not self.slot.parameter.unit
            and isinstance(self.field, ChoiceField | LongTextField | TextField)
            and not isinstance(self.field, NumberField)
        )
        grid.addWidget(self.label, 0, 0, top)
        grid.setColumnMinimumWidth(1, GAP)
        grid.addWidget(self.field, 0, 2, 1, 2 if wide else 1, top)
        self.unit.setVisible(not wide)
        if not wide:
            grid.addWidget(self.unit, 0, 3, top)
        grid.setColumnMinimumWidth(3, UNIT)
        grid.addWidget(self.reset, 0, 4, Qt.AlignmentFlag.AlignHCenter | top)
        grid.setRowMinimumHeight(0, 24)
        grid.setColumnMinimumWidth(4, RESET + 4)
        grid.setColumnStretch(0, 36)
        grid.setColumnStretch(2, 54)

    def _name_for_readers(self, parameter: Parameter) -> None:
        target = self.field.focus_target()
        unit = f", {parameter.unit}" if parameter.unit else ""
        target.setAccessibleName(f"{parameter.name}{unit}")
        target.setAccessibleDescription(parameter.help)
        self.label.setBuddy(target)

    def _folder(self) -> Path | None:
        return self.document.path.parent if self.document.path else None

    def _commit(self, value: Any, step: bool) -> None:
        slot, state = self.slot, self.document.state
        label = f"Change {slot.parameter.name} of {slot.place}"
        self.document.edit(label, slot.write(state, value), merge_key=slot.key if step else None)
        self.refresh(self.document.state)

    def _reset(self) -> None:
        slot = self.slot
        self.focus_field()
        label = f"Reset {slot.parameter.name} of {slot.place}"
        self.document.edit(label, slot.reset(self.document.state))

    def _show_reason(self, text: str) -> None:
        if text:
            self._show_text(text, "error")
        else:
            self._show_text(*self._problem)

    def _show_text(self, text: str, severity: str) -> None:
        if self.reason is None:
            if not text:
                return
            self.reason = QLabel(self)
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
