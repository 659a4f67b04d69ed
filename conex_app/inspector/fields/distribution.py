"""The picker of initial values: a number, a distribution with its shape, or a file.

A single number is stored as a number, everything else as a distribution. A
file is stored as its name relative to the project and its hash.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from conex_app.inspector.fields.fields import MIXED, NumberField, ParameterField, TextField
from conex_app.inspector.fields.histogram import Histogram
from conex_app.look import field_text
from conex_app.look.labels import PlainLabel
from conex_app.look.line_icons import IconButton
from conex_app.look.plain_text import menu_words, tip
from conex_core.distributions import (
    Array,
    Choice,
    Constant,
    Distribution,
    LogNormal,
    Normal,
    Uniform,
    parse_mode,
)
from conex_core.errors import ParameterError
from conex_core.parameters import Number, Parameter

__all__ = ["InitializerField", "converted", "file_array"]

KINDS: tuple[type[Distribution], ...] = (Constant, Uniform, Normal, LogNormal, Choice, Array)

Folder = Callable[[], "Path | None"]


def file_array(path: Path, folder: Path | None) -> Array:
    """Return the ``Array`` of a file: its name beside the project, and its hash."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    inside = folder is not None and path.resolve().is_relative_to(folder.resolve())
    name = path.resolve().relative_to(folder.resolve()) if folder and inside else path
    return Array(name.as_posix(), digest.hexdigest())


@dataclass(frozen=True, kw_only=True)
class PartNumber(Number):
    """One number of a distribution; ``judge`` raises when the whole is against the rule."""

    judge: Callable[[float], object] = float

    def _checked(self, value: Any) -> float:
        number = super()._checked(value)
        self.judge(number)
        return number


class ChoicesField(TextField):
    """The values of a choice, with probabilities after a colon: 1, 2 or 1: 0.9, 2: 0.1."""

    def parse(self, text: str) -> Distribution:
        """Return the choice that ``text`` means, or raise ParameterError."""
        return parse_mode(f"choice({text})")

    def format(self, value: Any) -> str:
        """Return the values as the text to edit."""
        return str(value).removeprefix("choice(").removesuffix(")")


class InitializerField(ParameterField):
    """Pick a constant, a distribution or a file."""

    def __init__(self, parameter: Parameter, folder: Folder, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.folder = folder
        self.parts: dict[str, TextField] = {}
        self.reasons: dict[TextField, PlainLabel] = {}
        self._value: Distribution | None = None
        self._built: type | None = None
        self._first: QWidget | None = None
        self.histogram: Histogram | None = None
        self.menu: QMenu | None = None
        self.picker = self._make_picker()
        self._line: QWidget | None = None
        self.grid = QGridLayout()
        self.grid.setSpacing(4)
        self.grid.setColumnStretch(0, 1)
        self.grid.addWidget(self.picker, 0, 1)
        self.box.addLayout(self.grid)
        self.setFocusProxy(self.picker)

    def show_value(self, value: Any) -> None:
        """Show a number, a distribution or a file."""
        shown = _as_distribution(value)
        if shown is None and self._is_blank(value):
            self._show(Constant(), blank=True)
        else:
            self._show(shown, title="" if shown else field_text.shown_value(value))

    def show_mixed(self) -> None:
        """Show that the selected nodes hold different values."""
        self._show(Constant(), blank=True, hint=MIXED)

    def focus_target(self) -> QWidget:
        """Return the first number, else the button that picks."""
        first = next(iter(self.parts.values()), None)
        return first.edit if first is not None else self.picker

    def choose(self, kind: type[Distribution]) -> None:
        """Change to another kind of value, about where the present one lies."""
        if kind is Array:
            self._choose_file()
        elif kind is not type(self._value):
            self._offer(converted(self._value, kind))

    def take_file(self, path: Path) -> None:
        """Use the values of a file; a file that cannot be read says why."""
        try:
            self._offer(file_array(path, self.folder()))
        except OSError as error:
            self.refuse(f"The file cannot be read: {error.strerror}.")

    def open_menu(self) -> None:
        """Show the kinds of values under the button."""
        if self.menu is None:
            self.menu = QMenu(self)
            for kind in KINDS:
                action = self.menu.addAction(kind.title + ("…" if kind is Array else ""))
                action.setCheckable(True)
                action.setData(kind)
            self.menu.triggered.connect(lambda action: self.choose(action.data()))
        for action in self.menu.actions():
            action.setChecked(action.data() is type(self._value))
        self.menu.popup(self.picker.mapToGlobal(self.picker.rect().bottomLeft()))

    def _make_picker(self) -> IconButton:
        button = IconButton("distribution", "Choose a number, a distribution or a file", self)
        button.setAccessibleName(f"Kind of value of {self.parameter.name}")
        button.clicked.connect(self.open_menu)
        return button

    def _is_blank(self, value: Any) -> bool:
        return value is None or (self.parameter.required and value is self.parameter.default)

    def _show(
        self, value: Distribution | None, *, title: str = "", blank: bool = False, hint: str = ""
    ) -> None:
        if self._first is None or type(value) is not self._built:
            self._rebuild(value)
        self._value = None if blank else value
        if self.histogram is not None:
            self.histogram.show_shape(value, title)
        if isinstance(self._first, QPushButton) and isinstance(value, Array):
            self._first.setText(menu_words(Path(value.path).name or "Choose…"))
            self._first.setToolTip(tip(value.path or "Choose an .npy file"))
        for name, part in self.parts.items():
            held = value if isinstance(part, ChoicesField) else getattr(value, name)
            self._show_part(part, None if blank else held, hint)
        self.accept()

    def _show_part(self, part: TextField, value: Any, hint: str) -> None:
        if hint:
            part.show_mixed()
        else:
            part.show_value(value)
            part.edit.setPlaceholderText("none" if self.parameter.optional else "needs a value")

    def _rebuild(self, value: Distribution | None) -> None:
        for widget in (self._first, self._line):
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._line = None
        self.parts, self.reasons, self.histogram, self._built = {}, {}, None, type(value)
        self._first = self._first_widget(value)
        self.grid.addWidget(self._first, 0, 0)
        if isinstance(value, Uniform | Normal | LogNormal):
            line = self._second_line()
            for item in fields_of(value):
                line.addWidget(self._part(item.name))
        elif isinstance(value, Choice):
            self._second_line().addWidget(self._choices())
        self.setFocusProxy(self.focus_target())

    def captions(self) -> list[tuple[str, QWidget]]:
        """Return what stands before each number of a distribution, in the label column."""
        return [(name, part) for name, part in self.parts.items() if name != "value"]

    def _second_line(self) -> QVBoxLayout:
        """Return a column for the numbers of a distribution."""
        self._line = QWidget(self)
        line = QVBoxLayout(self._line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self.grid.addWidget(self._line, 1, 0)
        return line

    def _first_widget(self, value: Distribution | None) -> QWidget:
        if isinstance(value, Constant):
            return self._part("value")
        if isinstance(value, Array):
            button = QPushButton(self)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(self._choose_file)
            return button
        self.histogram = Histogram(self)
        return self.histogram

    def _part(self, name: str) -> NumberField:
        part = NumberField(self._rule_of(name), self)
        part.committed.connect(lambda value, step: self._part_changed(name, value, step))
        self._take_in(name, part)
        return part

    def _choices(self) -> ChoicesField:
        part = ChoicesField(self.parameter, self)
        part.setToolTip("1, 2 or, with probabilities, 1: 0.9, 2: 0.1")
        part.committed.connect(lambda value, _: self.offer(value))
        self._take_in("values", part)
        return part

    def _take_in(self, name: str, part: TextField) -> None:
        own = self.parameter.name
        unit = f", {self.parameter.unit}" if self.parameter.unit else ""
        words = own if name == "value" else f"{own} {name}"
        part.edit.setAccessibleName(f"{words}{unit}")
        part.edit.setAccessibleDescription(self.parameter.help)
        if name == self._last_part():  # the row says why right under it
            part.refused.connect(self.refused)
            part.cleared.connect(self.cleared)
        else:
            part.refused.connect(lambda reason: self._explain(part, reason))
            part.cleared.connect(lambda: self._explain(part, ""))
        self.parts[name] = part
        part.part = name

    def _last_part(self) -> str:
        if self._built is Choice:
            return "values"
        names = [item.name for item in fields_of(self._built)] if self._built else []
        return names[-1] if names else "value"

    def _explain(self, part: TextField, reason: str) -> None:
        """Say right under one of several numbers why it was refused; empty takes it back."""
        label, line = self.reasons.get(part), part.parentWidget().layout()
        if label is None and reason and isinstance(line, QVBoxLayout):
            label = self.reasons[part] = PlainLabel(parent=part.parentWidget(), longest=24)
            label.setWordWrap(True)
            label.setProperty("role", "reason")
            line.insertWidget(line.indexOf(part) + 1, label)
        if label is not None:
            label.setText(reason)
            label.setVisible(bool(reason))

    def _rule_of(self, name: str) -> Number:
        optional = name == "value" and self.parameter.optional
        return PartNumber(
            name=name,
            unit=self.parameter.unit,
            optional=optional,
            judge=lambda value: self.parameter.check(_stored(self._with(name, value))),
        )

    def _with(self, name: str, value: float) -> Distribution:
        """Return the present value with one of its numbers changed."""
        kind = type(self._value) if self._value is not None else Constant
        held = {} if self._value is None else vars(self._value)
        return kind(**{**held, name: value})

    def _part_changed(self, name: str, value: float | None, step: bool) -> None:
        if value is None:
            self.offer(None)
        else:
            self._offer(self._with(name, value), step=step)

    def _offer(self, value: Distribution, *, step: bool = False) -> None:
        if self.offer(_stored(value), step=step):
            self._show(value)

    def _choose_file(self) -> None:
        title = f"Values of {self.parameter.name}"
        start = str(self.folder() or "")
        name, _ = QFileDialog.getOpenFileName(self, title, start, "NumPy arrays (*.npy)")
        if name:
            self.take_file(Path(name))


def converted(value: Distribution | None, kind: type[Distribution]) -> Distribution:
    """Return a ``kind`` of values about where ``value`` lies."""
    centre, spread = _centre(value), _spread(value)
    if kind is Uniform:
        return Uniform(_tidy(centre - spread), _tidy(centre + spread))
    if kind is Normal:
        return Normal(centre, spread)
    if kind is Choice:
        return Choice((_tidy(centre - spread), _tidy(centre + spread)))
    if kind is LogNormal:
        return LogNormal(_tidy(math.log(centre)) if centre > 0 else 0.0, 0.5)
    return Constant(centre)


def _stored(value: Distribution) -> Any:
    return value.value if isinstance(value, Constant) else value


def _as_distribution(value: Any) -> Distribution | None:
    if isinstance(value, Distribution):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Constant(value)
    try:
        return parse_mode(value) if isinstance(value, str) else None
    except ParameterError:
        return None


def _centre(value: Distribution | None) -> float:
    if isinstance(value, Constant):
        return value.value
    if isinstance(value, Uniform):
        return (value.low + value.high) / 2
    if isinstance(value, Normal):
        return value.mean
    if isinstance(value, Choice):
        return _tidy(sum(value.bounds()) / 2)
    return _tidy(math.exp(value.mean)) if isinstance(value, LogNormal) else 0.0


def _spread(value: Distribution | None) -> float:
    if isinstance(value, Uniform | Choice):
        low, high = value.bounds()
        return (high - low) / 2
    if isinstance(value, Normal):
        return value.std
    size = abs(_centre(value))
    return _tidy(size / 10) if size else 1.0


def _tidy(value: float) -> float:
    return float(f"{value:.4g}")
