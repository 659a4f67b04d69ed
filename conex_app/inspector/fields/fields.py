"""One small editor for each kind of parameter.

A field shows a value and says when the user wants another one; it never holds
the truth. Text stays as typed until it is committed (Enter, leaving the field, or a
command, see ``conex_app.look.typing``): a good value is sent with ``committed``, a
wrong one is kept, marked and explained with ``refused``. Escape brings the shown value
back. The mouse wheel never changes a value. A field whose page is not shown any more
sends nothing, whatever Qt tells it late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from conex_app.look import field_text
from conex_app.look.undo_keys import left_to_the_window
from conex_core.errors import ParameterError
from conex_core.parameters import Integer, Parameter

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent

__all__ = [
    "MIXED",
    "HookField",
    "IntegersField",
    "LineEdit",
    "NamesField",
    "NumberField",
    "ParameterField",
    "SizeField",
    "TextField",
]

MIXED = "mixed"


class ParameterField(QWidget):
    """Edit one value; the base of all fields."""

    committed = Signal(object, bool)  # a valid value; whether it is one of a series of steps
    refused = Signal(str)  # why the text in the field is no value
    cleared = Signal()  # what was wrong is gone

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self.part = ""  # which number of a distribution it is
        self._invalid, self._reason = False, ""
        self.box = QHBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(0)

    @property
    def is_invalid(self) -> bool:
        """Tell whether the field holds a text that is no value."""
        return self._invalid

    def show_value(self, value: Any) -> None:
        """Show the document's value; typing in progress is left alone."""
        raise NotImplementedError

    def show_mixed(self) -> None:
        """Show that the selected nodes hold different values."""
        raise NotImplementedError

    def focus_target(self) -> QWidget:
        """Return the widget that takes the keyboard."""
        raise NotImplementedError

    def offer(self, value: Any, *, step: bool = False) -> bool:
        """Send ``value`` if the parameter allows it; else say why not."""
        try:
            checked = self.parameter.check(value)
        except ParameterError as error:
            self.refuse(field_text.reason_of(error))
            return False
        self.accept()
        self.send(checked, step)
        return True

    def send(self, value: Any, step: bool) -> None:
        """Send ``value``, unless what it is a value of is not shown any more."""
        if self._is_current():
            self.committed.emit(value, step)

    def refuse(self, reason: str) -> None:
        """Mark the field and say why its text is no value."""
        self._mark(True)
        self.say(reason)

    def say(self, reason: str) -> None:
        """Say why the text is no value, where that has become another reason too."""
        self._reason = reason
        self.refused.emit(reason)

    def refusal(self) -> str:
        """Return why the text was refused last; empty if it was not."""
        return self._reason if self._invalid else ""

    def typing_place(self) -> tuple[str, tuple[str, ...]]:
        """Return which part of a value it is; see ``conex_app.look.typing``."""
        return "", (self.part,) if self.part else ()

    def accept(self) -> None:
        """Take back what :meth:`refuse` showed."""
        if self._invalid:
            self._mark(False)
            self.cleared.emit()

    def _is_current(self) -> bool:
        around: QWidget | None = self
        while around is not None:
            if not getattr(around, "is_current", True):
                return False
            around = around.parentWidget()
        return True

    def _mark(self, invalid: bool) -> None:
        self._invalid = invalid
        target = self.focus_target()
        target.setProperty("invalid", invalid)
        target.style().unpolish(target)
        target.style().polish(target)


class LineEdit(QLineEdit):
    """A line edit that restores on Escape and steps with the arrow keys."""

    restored = Signal()  # Escape was pressed while the text was changed
    stepped = Signal(int)  # an arrow key asks for a step of +-1 or +-10

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle Escape and the arrows; leave the rest to Qt."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.restored.emit()
        elif event.key() in steps and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.stepped.emit(steps[Qt.Key(event.key())] * (10 if shift else 1))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Watch for undo and redo while the keyboard is here."""
        self.installEventFilter(self)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Watch no longer."""
        self.removeEventFilter(self)
        super().focusOutEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave undo and redo to the window unless typing has begun."""
        return left_to_the_window(self, event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the panel scroll."""
        event.ignore()


class TextField(ParameterField):
    """Free text; also the base of every field that parses what is typed."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.edit = LineEdit(self)
        self.edit.setPlaceholderText(self._empty_hint())
        self.edit.setMinimumWidth(32)
        self.box.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self._shown = ""
        self.edit.editingFinished.connect(self._finish)
        self.edit.textEdited.connect(self._while_typing)
        self.edit.restored.connect(self._restore)
        self.edit.stepped.connect(self._step)

    def parse(self, text: str) -> Any:
        """Return the value that ``text`` means, or raise ParameterError."""
        return text

    def format(self, value: Any) -> str:
        """Return ``value`` as the text to edit."""
        return "" if value is None or self._is_missing(value) else str(value)

    def show_value(self, value: Any) -> None:
        """Show the document's value."""
        text = self.format(value)
        self.edit.setPlaceholderText(self._empty_hint())
        if text != self._shown or not self.edit.isModified():
            self._set(text)

    def show_mixed(self) -> None:
        """Show that the selected nodes hold different values."""
        self.edit.setPlaceholderText(MIXED)
        if self._shown or not self.edit.isModified():
            self._set("")

    def focus_target(self) -> QLineEdit:
        """Return the widget that takes the keyboard."""
        return self.edit

    def typed_text(self) -> str | None:
        """Return what is typed and not committed."""
        text = self.edit.text()
        waits = self.edit.isModified() and (text != self._shown or self._invalid)
        return text if waits and self._is_current() else None

    def commit_typed(self) -> bool:
        """Commit what is typed, or say why not."""
        self._finish()
        return self.typed_text() is None

    def type_again(self, text: str) -> None:
        """Put ``text`` in as if it had been typed just now."""
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()
        self.edit.insert(text)  # unlike setText it can be undone, so Ctrl+Z has an effect

    def _is_missing(self, value: Any) -> bool:
        return self.parameter.required and value is self.parameter.default

    def _empty_hint(self) -> str:
        if self.parameter.required:
            return "needs a value"
        return "none" if self.parameter.optional else ""

    def _set(self, text: str) -> None:
        self._shown = text
        if text != self.edit.text():
            self.edit.setText(text)
            self.edit.setCursorPosition(0)
        self.edit.setModified(False)
        self.accept()

    def _value(self, text: str) -> Any:
        if not text.strip() and self.parameter.optional:
            return None
        return self.parameter.check(self.parse(text))

    def _finish(self) -> None:
        text = self.edit.text()
        if not self.edit.isModified() or (text == self._shown and not self._invalid):
            return
        try:
            value = self._value(text)
        except ParameterError as error:
            self.refuse(field_text.reason_of(error))
            return
        self._set(self.format(value))
        self.send(value, False)

    def _while_typing(self, text: str) -> None:
        """Once a text was refused, follow the typing: new reason, or none."""
        if not self._invalid:
            return
        try:
            self._value(text)
        except ParameterError as error:
            self.say(field_text.reason_of(error))
            return
        self.accept()

    def _restore(self) -> None:
        self._set(self._shown)
        self.edit.selectAll()

    def _step(self, count: int) -> None:
        """Text has no steps."""


class NumberField(TextField):
    """A number, whole or real, with arrow key steps."""

    def parse(self, text: str) -> Any:
        """Return the value that ``text`` means, or raise ParameterError."""
        try:
            return field_text.parse_number(text, self.parameter.unit)
        except field_text.UnclearNumber as error:
            raise self.parameter.error(error.rule, text, error.hint) from None
        except (ValueError, OverflowError):
            whole = isinstance(self.parameter, Integer)
            rule = "must be a whole number" if whole else "must be a number"
            raise self.parameter.error(rule, text) from None

    def format(self, value: Any) -> str:
        """Return ``value`` as the text to edit."""
        if value is None or self._is_missing(value):
            return ""
        return field_text.format_number(value) if isinstance(value, int | float) else str(value)

    def _step(self, count: int) -> None:
        try:
            value = self._value(self.edit.text())
        except ParameterError:
            return
        if value is None:
            return
        size = 1 if isinstance(self.parameter, Integer) else field_text.step_of(value)
        moved = float(f"{value + count * size:.12g}")
        try:
            checked = self.parameter.check(moved)
        except ParameterError:
            return
        self._set(self.format(checked))
        self.send(checked, True)


class SizeField(TextField):
    """N, or depth × height × width."""

    def parse(self, text: str) -> Any:
        """Return the value that ``text`` means, or raise ParameterError."""
        if "," not in text:
            try:
                return field_text.parse_number(text)
            except ValueError:
                pass
        try:
            numbers = field_text.parse_numbers(text)
        except ValueError:
            raise self.parameter.error("must be N or depth × height × width", text) from None
        return numbers[0] if len(numbers) == 1 else tuple(numbers)

    def format(self, value: Any) -> str:
        """Return ``value`` as the text to edit."""
        return "" if value is None or self._is_missing(value) else field_text.format_size(value)

    def _step(self, count: int) -> None:
        try:
            value = self._value(self.edit.text())
        except ParameterError:
            return
        if isinstance(value, int) and value + count >= 1:
            self._set(self.format(value + count))
            self.send(value + count, True)


class IntegersField(TextField):
    """Whole numbers such as a stride, or a list of indices."""

    def parse(self, text: str) -> Any:
        """Return the value that ``text`` means, or raise ParameterError."""
        try:
            numbers = field_text.parse_numbers(text)
        except ValueError:
            raise self.parameter.error("must be whole numbers", text) from None
        return numbers[0] if len(numbers) == 1 else tuple(numbers)

    def format(self, value: Any) -> str:
        """Return ``value`` as the text to edit."""
        if value is None or self._is_missing(value):
            return ""
        if getattr(self.parameter, "listed", False):
            return ", ".join(map(str, value))
        return field_text.format_size(value)


class NamesField(TextField):
    """Names of variables, separated by commas."""

    def format(self, value: Any) -> str:
        """Return ``value`` as the text to edit."""
        return "" if value is None or self._is_missing(value) else ", ".join(value)


class HookField(TextField):
    """A Python callable: shown, changed in scripts only."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.edit.setReadOnly(True)
        self.edit.setPlaceholderText("Python only")
        self.edit.setProperty("quiet", True)

    def _empty_hint(self) -> str:
        return "Python only"
