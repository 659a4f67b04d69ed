"""The parts a page of the inspector is made of: title, section heads, monitors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from conex_app.inspector.fields.fields import TextField
from conex_app.look.labels import ElidedLabel, PlainLabel
from conex_app.look.line_icons import IconButton
from conex_app.look.panel_style import kind_colour, swatch
from conex_app.look.plain_text import menu_words, tip
from conex_app.look.theme import Theme
from conex_app.project.built_nodes import built_ids
from conex_app.project.document import ProjectDocument
from conex_core.graph import edits
from conex_core.graph.checks.recordable import shown_kind
from conex_core.graph.model.document import Document, Monitor
from conex_core.graph.model.kinds import NEURON_GROUP
from conex_core.parameters import Text
from conex_core.plot_specs import PlotSpec

__all__ = ["Monitors", "NameText", "Swatch", "Title", "hint_label", "rule", "section_label"]

_BUTTONS, _ACROSS = 6, 3  # plots that have a button of their own, and how many beside each other


def rule() -> QFrame:
    """Return a hairline between sections."""
    line = QFrame()
    line.setObjectName("rule")
    return line


def hint_label(text: str) -> PlainLabel:
    """Return quiet words that stand between the rows of a page."""
    label = PlainLabel(text, longest=24)
    label.setProperty("role", "hint")
    label.setWordWrap(True)
    label.setContentsMargins(16, 4, 16, 8)
    return label


def section_label(text: str) -> PlainLabel:
    """Return a quiet section head."""
    label = ElidedLabel(text)
    label.setProperty("role", "section")
    label.setContentsMargins(16, 12, 8, 4)
    return label


@dataclass(frozen=True, kw_only=True)
class NameText(Text):
    """A name that must be there and must not be taken."""

    taken: Callable[[], Sequence[str]] = tuple
    name: str = "name"

    def _checked(self, value: object) -> str:
        text = " ".join(super()._checked(value).split())
        if not text:
            raise self.error("must not be empty", value)
        if text in self.taken():
            raise self.error(f"must be unique: another node is called “{text}”", value)
        return text


class Swatch(QWidget):
    """The shape and colour of a kind of node."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(20, 20)
        self.kind, self.colour, self.edge = "", QColor(), QColor()

    def show_kind(self, kind: str, theme: Theme, params: object = None) -> None:
        """Draw ``kind`` in its colour."""
        self.kind, self.colour = kind, kind_colour(kind, theme, params)
        self.edge = QColor(theme.muted)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shape."""
        place = QRectF(0, 0, 20, 20)
        swatch(QPainter(self), self.kind, place, self.colour, self.edge)


class Title(QWidget):
    """The head of a page: swatch, name to edit, kind."""

    def __init__(self, parameter: Text | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.swatch = Swatch(self)
        self.kind = ElidedLabel(parent=self)
        self.kind.setProperty("role", "kind")
        self.reason = PlainLabel(parent=self, longest=24)
        self.reason.setProperty("role", "reason")
        self.reason.setWordWrap(True)
        self.reason.hide()
        self.name: TextField | None = TextField(parameter, self) if parameter else None
        self.words = ElidedLabel(parent=self)
        self.words.setStyleSheet("font-size: 13pt; font-weight: 600;")
        self._lay_out()

    def show_words(self, name: str, kind: str) -> None:
        """Show a name and what it is the name of."""
        self.kind.setText(kind)
        self.words.setText(name)
        if self.name is not None:
            self.name.show_value(name)

    def typing_place(self) -> tuple[str, tuple[str, ...]]:
        """Return of what the field is; see ``conex_app.look.typing``."""
        return f"name of {self.words.text()}", ("title", "", "name")

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.swatch)
        if self.name is not None:
            edit = self.name.edit
            edit.setProperty("title", True)
            edit.setAccessibleName("Name")
            edit.setToolTip("Name; click to change it")
            self.name.refused.connect(self._show_reason)
            self.name.cleared.connect(lambda: self._show_reason(""))
            line.addWidget(self.name, 1)
            self.words.hide()
        else:
            self.swatch.hide()
            line.addWidget(self.words, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 12, 8)
        box.setSpacing(0)
        box.addLayout(line)
        indent = 33 if self.name is not None else 0
        for label in (self.reason, self.kind):
            label.setContentsMargins(indent, 0, 0, 0)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            box.addWidget(label)

    def _show_reason(self, text: str) -> None:
        self.reason.setText(text)
        self.reason.setVisible(bool(text))


class Monitors(QWidget):
    """The live plots of one or several nodes."""

    def __init__(
        self,
        document: ProjectDocument,
        node_ids: Sequence[str],
        plots: Mapping[str, PlotSpec],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.document, self.targets = document, built_ids(document, node_ids)
        self.plots = plots
        nodes = document.state.network.nodes
        self._kinds = {shown_kind(nodes[node_id]) for node_id in node_ids}
        self.buttons: dict[str, QPushButton] = {}
        self._shown: list[tuple[Monitor, str]] | None = None  # with what each shows, in words
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 12)
        box.setSpacing(0)
        box.addWidget(section_label("Monitors"))
        self.list = QVBoxLayout()
        box.addLayout(self.list)
        box.addLayout(self._offers(_offered(document, node_ids, plots)))
        self.refresh(document.state)

    def refresh(self, state: Document) -> None:
        """Show the plots that have these nodes as targets, or all of their kind."""
        mine = [monitor for monitor in state.monitors if self._is_shown_by(monitor)]
        found = [(monitor, _others(monitor, self.targets, state)) for monitor in mine]
        if found == self._shown:
            return
        self._shown = found
        while self.list.count():
            widget = self.list.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        for monitor, words in found:
            self.list.addWidget(self._row(monitor, words))

    def _is_shown_by(self, monitor: Monitor) -> bool:
        if monitor.targets:
            return bool(set(self.targets) & set(monitor.targets))
        spec = self.plots.get(monitor.kind)
        return (spec.kinds[0] if spec else NEURON_GROUP.name) in self._kinds

    def add(self, kind: str) -> None:
        """Add a plot of these nodes."""
        new = edits.add_monitor(self.document.whole, kind, targets=self.targets)
        self.document.edit_whole(f"Add {self._title(kind).lower()} plot", new)

    def _offers(self, plots: Sequence[PlotSpec]) -> QGridLayout:
        """Return a button for each of the first plots, and one for all the others."""
        grid = QGridLayout()
        grid.setContentsMargins(16, 4, 8, 0)
        grid.setSpacing(8)
        shown = [self._add_button(spec) for spec in plots[:_BUTTONS]]
        if len(plots) > _BUTTONS:
            shown.append(self._more_button(plots[_BUTTONS:]))
        for place, button in enumerate(shown):
            grid.addWidget(button, place // _ACROSS, place % _ACROSS)
        grid.setColumnStretch(_ACROSS, 1)
        return grid

    def _add_button(self, spec: PlotSpec) -> QPushButton:
        button = self.buttons[spec.kind] = QPushButton(menu_words(f"+ {spec.title}"))
        button.setProperty("small", True)
        button.setToolTip(tip(spec.summary))
        button.setAccessibleName(f"Add a {spec.title.lower()} plot")
        button.clicked.connect(lambda: self.add(spec.kind))
        return button

    def _more_button(self, plots: Sequence[PlotSpec]) -> QPushButton:
        button, menu = QPushButton("More…"), QMenu(self)
        button.setProperty("small", True)
        button.setToolTip("Other plots")
        menu.setToolTipsVisible(True)
        for spec in plots:
            action = menu.addAction(menu_words(spec.title))
            action.setToolTip(tip(spec.summary))
            action.triggered.connect(lambda _on=False, kind=spec.kind: self.add(kind))
        button.setMenu(menu)
        return button

    def _title(self, kind: str) -> str:
        return self.plots[kind].title if kind in self.plots else f"Unknown “{kind}”"

    def _row(self, monitor: Monitor, words: str) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(16, 0, 4, 0)
        label = ElidedLabel(self._title(monitor.kind))
        others = ElidedLabel(words)
        others.setProperty("role", "hint")
        others.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        remove = IconButton("close", f"Remove this {self._title(monitor.kind).lower()} plot", row)
        remove.clicked.connect(lambda: self._remove(monitor))
        line.addWidget(label)
        line.addWidget(others, 1)
        line.addWidget(remove, 0, Qt.AlignmentFlag.AlignRight)
        row.setFixedHeight(28)
        return row

    def _remove(self, monitor: Monitor) -> None:
        new = edits.remove_monitor(self.document.whole, monitor.id)
        self.document.edit_whole(f"Remove {self._title(monitor.kind).lower()} plot", new)


def _offered(
    document: ProjectDocument, node_ids: Sequence[str], plots: Mapping[str, PlotSpec]
) -> list[PlotSpec]:
    """Return the plots that can show all of these nodes; of a block they show its groups."""
    nodes = document.state.network.nodes
    kinds = {shown_kind(nodes[node_id]) for node_id in node_ids}
    return [spec for spec in plots.values() if kinds <= set(spec.kinds)]


def _others(monitor: Monitor, here: Sequence[str], state: Document) -> str:
    """Return what a plot shows, in words."""
    if not monitor.targets:
        return "all groups"
    nodes = state.network.nodes
    names = [nodes[node_id].name for node_id in monitor.targets if node_id in nodes]
    count = sum(node_id not in nodes for node_id in monitor.targets)
    if not names and count == 1 and set(monitor.targets) <= set(here):
        return "only this"
    return ", ".join([*names, *([f"{count} elsewhere"] if count else [])])
