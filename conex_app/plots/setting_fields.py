"""Small fields in the header of a plot, one for each of its settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from conex_app.look.dock import tool_button
from conex_app.look.field_text import (
    UnclearNumber,
    format_number,
    parse_number,
    parse_numbers,
    reason_of,
)
from conex_app.look.panel_style import CheckBox, ComboBox
from conex_app.look.plain_text import tip
from conex_app.look.undo_keys import UndoKeys
from conex_core.errors import ParameterError
from conex_core.parameters import Flag, Integers, Option, Parameter, Size

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

__all__ = ["SettingField", "field_of", "more_button"]

_WIDTH, _NARROW, _NARROWEST = 96, 72, 52


class SettingField(QLineEdit):
    """Edit one setting as text; what is no value stays marked and changes nothing."""

    chosen = Signal(object)  # the new value

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self.parameter = parameter
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDTH if isinstance(parameter, Integers | Size) else _NARROW)
        self._shown, self._reason = parameter.default, ""
        self.show_value(parameter.default)
        self.setPlaceholderText(self.text())
        self._mark("")
        UndoKeys(self)
        self.editingFinished.connect(self._commit)

    def show_value(self, value: Any) -> None:
        """Show the value that holds."""
        self._shown, text = value, _text(value)
        unit = self.parameter.unit
        self.setText(f"{text} {unit}" if unit and text else text)
        self.setCursorPosition(0)  # a long one shows its beginning
        self._mark("")

    def typed_text(self) -> str | None:
        """Return what is typed and not committed."""
        return self.text() if self.isModified() else None

    def commit_typed(self) -> bool:
        """Commit what is typed, or mark it."""
        self._commit()
        return not self._reason

    def type_again(self, text: str) -> None:
        """Put ``text`` in as if it had been typed just now."""
        self.selectAll()
        self.insert(text)
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # a header makes room for it first

    def refusal(self) -> str:
        """Return why the text was refused last; empty if it was not."""
        return self._reason

    def typing_place(self) -> tuple[str, tuple[str, ...]]:
        """Return of what it is the field; see ``conex_app.look.typing``."""
        return name_of(self.parameter), (self.parameter.name,)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape take back what is typed."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.show_value(self._shown)
            return
        super().keyPressEvent(event)

    def _commit(self) -> None:
        try:
            value = self.parameter.check(_value(self.parameter, self.text()))
        except ParameterError as error:
            self._mark(reason_of(error))
        except UnclearNumber as error:
            self._mark(f"{error}.")
        except ValueError:
            self._mark("This is not a number.")
        else:
            self._mark("")
            self.setModified(False)
            self.chosen.emit(value)

    def _mark(self, reason: str) -> None:
        self._reason = reason
        self.setToolTip(tip(reason or self.parameter.help))
        if self.property("invalid") != bool(reason):
            self.setProperty("invalid", bool(reason))
            self.style().polish(self)


class SettingChoice(ComboBox):
    """Choose one of the options of a setting."""

    chosen = Signal(object)  # the new value

    def __init__(self, parameter: Option) -> None:
        super().__init__()
        for option in parameter.options:
            self.addItem(option)
        self.setToolTip(tip(parameter.help))
        self.show_value(parameter.default)
        self.textActivated.connect(self.chosen)

    def show_value(self, value: Any) -> None:
        """Show the value that holds."""
        self.setCurrentText(str(value))


class SettingFlag(CheckBox):
    """Switch a setting on or off."""

    chosen = Signal(object)  # the new value

    def __init__(self, parameter: Flag) -> None:
        super().__init__()
        self.setText(name_of(parameter))
        self.setToolTip(tip(parameter.help))
        self.show_value(parameter.default)
        self.clicked.connect(lambda: self.chosen.emit(self.isChecked()))

    def show_value(self, value: Any) -> None:
        """Show the value that holds."""
        self.setChecked(bool(value))


def field_of(parameter: Parameter) -> QWidget:
    """Return the field of a setting: ``chosen`` tells its changes, ``show_value`` sets it."""
    made: QWidget
    if isinstance(parameter, Option):
        made = SettingChoice(parameter)
    elif isinstance(parameter, Flag):
        made = SettingFlag(parameter)
    else:
        made = SettingField(parameter)
    made.setAccessibleName(name_of(parameter))
    return made


def more_button(fields: Sequence[QWidget]) -> QToolButton:
    """Return a button that opens fields which have no place in a header, each with its name."""
    button = tool_button("ph.sliders-horizontal", "More settings of this plot")
    menu, panel = QMenu(button), QWidget()
    form = QFormLayout(panel)
    form.setContentsMargins(12, 8, 12, 8)
    for field in fields:
        form.addRow(field.accessibleName(), field)
    action = QWidgetAction(menu)
    action.setDefaultWidget(panel)
    menu.addAction(action)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button


def name_of(parameter: Parameter) -> str:
    """Return what a setting is called beside its field."""
    return parameter.name.replace("_", " ").capitalize()


def _text(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_text(part) for part in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format_number(value)
    return "" if value is None else str(value)


def _value(parameter: Parameter, text: str) -> Any:
    if parameter.optional and not text.strip():
        return None
    if isinstance(parameter, Integers | Size):
        return parse_numbers(text)
    if parameter.kind in ("number", "integer"):
        return parse_number(text, parameter.unit)
    return text.strip()
