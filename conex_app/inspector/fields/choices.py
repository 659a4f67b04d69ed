"""Fields that pick instead of type: check boxes, joined buttons and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from conex_app.inspector.fields.fields import MIXED, ParameterField
from conex_app.look import field_text
from conex_app.look.panel_style import CheckBox, ComboBox
from conex_core.parameters import Parameter

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

__all__ = ["ChoiceField", "FlagField"]


class FlagField(ParameterField):
    """A check box."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.check = CheckBox(self)
        self.box.addWidget(self.check)
        self.setFocusProxy(self.check)
        self.check.clicked.connect(self._clicked)

    def show_value(self, value: Any) -> None:
        """Show the document's value."""
        self.check.setTristate(False)
        self.check.setChecked(value is True)
        self.check.setText("on" if value is True else "off")

    def show_mixed(self) -> None:
        """Show that the selected nodes hold different values."""
        self.check.setTristate(True)
        self.check.setCheckState(Qt.CheckState.PartiallyChecked)
        self.check.setText(MIXED)

    def focus_target(self) -> CheckBox:
        """Return the widget that takes the keyboard."""
        return self.check

    def _clicked(self) -> None:
        self.check.setTristate(False)
        self.offer(self.check.isChecked())


class ChoiceField(ParameterField):
    """One of a few options: joined buttons for up to three where they fit, else a list."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.options: tuple[str, ...] = getattr(parameter, "options", ())
        self.combo = ComboBox(self)
        self.combo.addItems(list(self.options))
        self.combo.setMinimumWidth(48)
        self.combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.combo.activated.connect(self._picked)
        self.box.addWidget(self.combo)
        self.segments: QWidget | None = None
        self.buttons = QButtonGroup(self)
        self._shown: str | None = None
        if 1 < len(self.options) <= 3 and not parameter.optional:
            self._make_segments()
        self.setFocusProxy(self.combo)

    def show_value(self, value: Any) -> None:
        """Show the document's value."""
        self._shown = value if value in self.options else None
        self.combo.setPlaceholderText("" if value is None else field_text.shown_value(value))
        self._show_index(self.options.index(value) if value in self.options else -1)

    def show_mixed(self) -> None:
        """Show that the selected nodes hold different values."""
        self._shown = None
        self.combo.setPlaceholderText(MIXED)
        self._show_index(-1)

    def focus_target(self) -> QWidget:
        """Return the widget that takes the keyboard."""
        if self.segments is None or self.segments.isHidden():
            return self.combo
        return self.buttons.checkedButton() or self.buttons.buttons()[0]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose joined buttons or the list by the width there is."""
        super().resizeEvent(event)
        if self.segments is None:
            return
        fits = self.segments.sizeHint().width() <= event.size().width()
        self.segments.setVisible(fits)
        self.combo.setVisible(not fits)
        self.setFocusProxy(self.focus_target())

    def _make_segments(self) -> None:
        self.segments = QWidget(self)
        self.segments.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self.segments)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.buttons.setExclusive(True)
        for index, option in enumerate(self.options):
            button = QToolButton(self.segments)
            button.setText(option)
            button.setAccessibleName(f"{self.parameter.name}: {option}")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            place = "first" if index == 0 else "last" if index == len(self.options) - 1 else "mid"
            button.setProperty("segment", place)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.buttons.addButton(button, index)
            row.addWidget(button)
        self.buttons.idClicked.connect(self._picked)
        self.segments.hide()
        self.box.addWidget(self.segments)

    def _show_index(self, index: int) -> None:
        self.combo.setCurrentIndex(index)
        if self.segments is None:
            return
        self.buttons.setExclusive(False)
        for button_id, button in enumerate(self.buttons.buttons()):
            button.setChecked(button_id == index)
        self.buttons.setExclusive(True)

    def _picked(self, index: int) -> None:
        if self.options[index] != self._shown:
            self.offer(self.options[index])
