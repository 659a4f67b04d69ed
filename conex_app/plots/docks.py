"""Monitors: the live plots of the document, one dock each.

The document says which plots there are and what they show; this only follows.
Plots read rings when the window's timer asks them to, and only while visible.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QToolButton, QWidget

from conex_app.look.counts import duration_text
from conex_app.look.dock import Dock, DockTitle, tool_button
from conex_app.look.field_text import parse_numbers
from conex_app.look.panel_style import ComboBox, set_panel_style
from conex_app.plots.feeds import choices_for, missing_feeds, neurons_of, shown_nodes, sources_of
from conex_app.project.built_nodes import built_ids
from conex_core.errors import ConexError
from conex_core.graph import edits

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from conex_app.look.theme import Theme
    from conex_app.project.document import ProjectDocument
    from conex_app.run.runner import Feed, Runner
    from conex_core.catalog import Catalog
    from conex_core.graph.model.document import Document, Monitor

__all__ = ["MonitorDock", "MonitorDocks"]

TITLES = {"raster": "Raster", "voltage": "Voltage"}
WINDOWS_MS = (200, 500, 1000, 2000, 5000, 10000)
WINDOW_MS = 1000


class MonitorHead(DockTitle):
    """The header of a monitor: what, of whom, how long, pause, export, close."""

    def __init__(self, title: str, with_neurons: bool) -> None:
        super().__init__(title)
        self.has_tools = True
        self.groups = QToolButton()
        self.groups.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.groups.setToolTip("Choose the groups")
        self.neurons = QLineEdit()
        self.neurons.setFixedWidth(96)
        self.neurons.setToolTip("Neurons to show, such as 0, 1, 2")
        self.neurons.setAccessibleName("Neurons")
        self.neurons.setPlaceholderText("0, 1, 2")
        self.neurons.setVisible(with_neurons)
        self.window_length = ComboBox()
        self.window_length.setToolTip("Visible stretch of time")
        self.window_length.setAccessibleName("Visible time")
        for ms in WINDOWS_MS:
            self.window_length.addItem(duration_text(ms), ms)
        self.pause = tool_button("ph.pause", "Hold the view; the data keep arriving")
        self.pause.setCheckable(True)
        self.export = tool_button("ph.download-simple", "Export what is visible as a figure")
        self.remove = tool_button("ph.x", "Remove this plot")
        for widget in (self.groups, self.neurons, self.window_length):
            self.row.addWidget(widget)
        self.row.addStretch(1)
        for button in (self.pause, self.export, self.remove):
            self.row.addWidget(button)


class MonitorDock(Dock):
    """Show one monitor of the document."""

    edited = Signal(str, object)  # what the user changed, and the changes of the monitor
    failed = Signal(str)  # why a figure was not written

    def __init__(self, monitor: Monitor, document: Document, parent: QWidget) -> None:
        self.monitor = monitor
        self.plot = _new_plot(monitor.kind)
        title = TITLES.get(monitor.kind, monitor.kind)
        head = MonitorHead(title, with_neurons=monitor.kind == "voltage")
        super().__init__(f"monitor-{monitor.id}", title, self.plot, parent, head)
        self.bar = head
        self._connect()
        self.follow(monitor, document)
        self.plot.set_window(_window_of(monitor))

    def follow(self, monitor: Monitor, document: Document) -> None:
        """Show the monitor as the document has it now."""
        if _window_of(monitor) != _window_of(self.monitor):
            self.plot.set_window(_window_of(monitor))
        self.monitor = monitor
        nodes = shown_nodes(document, monitor)
        chosen = [node for node in nodes if node.id in monitor.targets]
        self.bar.groups.setText(", ".join(node.name for node in chosen) or "All groups")
        if nodes:
            self.bar.neurons.setText(", ".join(map(str, neurons_of(monitor, nodes[0]))))
        self._fill_groups(document)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        set_panel_style(self.bar, theme)
        self.bar.set_theme(theme)
        self.plot.set_theme(theme.is_dark)

    def export_figure(self, path: Path) -> bool:
        """Write what is visible; tell whether it worked."""
        try:
            self.plot.export(path)
        except (OSError, ConexError, ValueError) as error:
            self.failed.emit(f"The figure cannot be written to {path}: {error}")
            return False
        return True

    def _connect(self) -> None:
        self.bar.pause.toggled.connect(self.plot.set_paused)
        self.plot.paused_changed.connect(self._show_paused)
        self.plot.window_changed.connect(self._show_window)
        self._show_window(self.plot.window_ms)
        self.bar.export.clicked.connect(self._ask_export)
        self.bar.neurons.editingFinished.connect(self._choose_neurons)
        self.bar.window_length.activated.connect(self._choose_window)

    def _fill_groups(self, document: Document) -> None:
        menu = QMenu(self.bar.groups)
        everything = self._group_action(menu, "All groups", not self.monitor.targets)
        everything.triggered.connect(lambda: self._choose_groups(()))
        menu.addSeparator()
        for node in choices_for(document, self.monitor.kind):
            action = self._group_action(menu, node.name, node.id in self.monitor.targets)
            action.triggered.connect(lambda _=False, key=node.id: self._toggle_group(key))
        self.bar.groups.setMenu(menu)

    def _group_action(self, menu: QMenu, text: str, checked: bool) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(checked)
        return action

    def _toggle_group(self, node_id: str) -> None:
        held = self.monitor.targets
        now = tuple(key for key in held if key != node_id)
        self._choose_groups(now if node_id in held else (*held, node_id))

    def _choose_groups(self, targets: tuple[str, ...]) -> None:
        self.edited.emit(f"Choose groups of {self.windowTitle()}", {"targets": targets})

    def _choose_neurons(self) -> None:
        try:
            neurons = [int(each) for each in parse_numbers(self.bar.neurons.text())]
        except ValueError:
            neurons = []
        if neurons and tuple(neurons) != tuple(self.monitor.params.get("neurons", ())):
            params = {**self.monitor.params, "neurons": neurons}
            self.edited.emit(f"Choose neurons of {self.windowTitle()}", {"params": params})

    def _choose_window(self) -> None:
        params = {**self.monitor.params, "window": self.bar.window_length.currentData()}
        self.edited.emit(f"Change visible time of {self.windowTitle()}", {"params": params})

    def _show_window(self, ms: float) -> None:
        """Show the visible time, which linked plots and the wheel change too."""
        index = self.bar.window_length.findData(round(ms))
        self.bar.window_length.setCurrentIndex(index)
        self.bar.window_length.setPlaceholderText(duration_text(round(ms)))

    def _show_paused(self, paused: bool) -> None:
        self.bar.pause.setChecked(paused)
        tip = "Follow the present again" if paused else "Hold the view; the data keep arriving"
        self.bar.pause.setToolTip(tip)

    def _ask_export(self) -> None:
        kinds = "Drawing (*.svg);;Picture (*.png);;PDF (*.pdf)"
        name = f"{self.windowTitle().lower()}.svg"
        path, _ = QFileDialog.getSaveFileName(self, "Export figure", name, kinds)
        if path:
            self.export_figure(Path(path))


class MonitorDocks(QObject):
    """Keep one dock for each monitor of the document, and their data."""

    added = Signal(object)  # the MonitorDock to place in the window
    dropped = Signal(object)  # the MonitorDock to take out of it for good
    failed = Signal(str)  # why something could not be done

    def __init__(
        self,
        document: ProjectDocument,
        catalog: Catalog,
        runner: Runner,
        selection: Callable[[], tuple[str, ...]],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document, self._catalog, self._runner = document, catalog, runner
        self._selection, self._window = selection, window
        self._theme: Theme | None = None
        # Plots show what is built: the network with every block opened.
        self._shown: Document = document.flat.document
        self._feeds: dict[Any, Feed] = {}
        self.docks: dict[str, MonitorDock] = {}
        document.changed.connect(self._follow)

    def add(self, kind: str, chosen: tuple[str, ...] | None = None) -> None:
        """Add a plot of the chosen groups and blocks, the selected by default, or of all."""
        nodes = self._document.state.network.nodes
        seen = self._selection() if chosen is None else chosen
        shown = [key for key in seen if nodes[key].is_population or nodes[key].is_instance]
        targets = built_ids(self._document, shown)
        title = TITLES[kind].lower()
        new = edits.add_monitor(self._document.whole, kind, targets=targets)
        self._document.edit_whole(f"Add {title} plot", new)
        self.docks[new.monitors[-1].id].bring_up()

    def refresh(self) -> None:
        """Draw what is new in every visible plot."""
        for dock in self.docks.values():
            dock.plot.refresh()

    def fresh_feeds(self) -> list[Feed]:
        """Give every plot new rings and return the feeds that fill them."""
        self._feeds = missing_feeds(self._document.flat.document, {})
        self._show_sources(self.docks.values())
        return list(self._feeds.values())

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self._theme = theme
        for dock in self.docks.values():
            dock.set_theme(theme)
        self._show_sources(self.docks.values())

    def _follow(self, _old: Document, _new: Document) -> None:
        old, self._shown = self._shown, self._document.flat.document
        new = self._shown
        if old is new or (old.monitors == new.monitors and old.network == new.network):
            return
        for gone in self.docks.keys() - {monitor.id for monitor in new.monitors}:
            self.dropped.emit(self.docks.pop(gone))
        for monitor in new.monitors:
            if monitor.id in self.docks:
                self.docks[monitor.id].follow(monitor, new)
            else:
                self._open(monitor, new)
        self._renew_feeds(new)
        self._show_sources(self.docks.values())

    def _open(self, monitor: Monitor, document: Document) -> None:
        if monitor.kind not in TITLES:
            return
        dock = MonitorDock(monitor, document, self._window)
        if self.docks:
            dock.plot.link(next(iter(self.docks.values())).plot)
        self.docks[monitor.id] = dock
        dock.bar.remove.clicked.connect(lambda: self._remove(dock))
        dock.edited.connect(lambda label, changes: self._edit(dock, label, changes))
        dock.failed.connect(self.failed)
        if self._theme is not None:
            dock.set_theme(self._theme)
        self.added.emit(dock)

    def _edit(self, dock: MonitorDock, label: str, changes: dict[str, Any]) -> None:
        whole = self._document.whole
        self._document.edit_whole(label, edits.set_monitor(whole, dock.monitor.id, **changes))

    def _remove(self, dock: MonitorDock) -> None:
        title = dock.windowTitle().lower()
        new = edits.remove_monitor(self._document.whole, dock.monitor.id)
        self._document.edit_whole(f"Remove {title} plot", new)

    def _renew_feeds(self, document: Document) -> None:
        needed = missing_feeds(document, self._feeds)
        for key in self._feeds.keys() - needed.keys():
            self._runner.detach(self._feeds[key])
        for key in needed.keys() - self._feeds.keys():
            self._runner.attach(needed[key])
        self._feeds = needed

    def _show_sources(self, docks: Any) -> None:
        if self._theme is None:
            return
        state = self._document.flat.document
        for dock in docks:
            sources = sources_of(state, dock.monitor, self._feeds, self._theme, self._catalog)
            if tuple(sources) != dock.plot.sources or dock.plot.dt != state.settings.dt:
                dock.plot.set_sources(sources, dt=state.settings.dt)


def _new_plot(kind: str) -> Any:
    from conex_core.helpers.visualization.live import RasterPlot, VoltagePlot

    return VoltagePlot() if kind == "voltage" else RasterPlot()


def _window_of(monitor: Monitor) -> float:
    window = monitor.params.get("window", WINDOW_MS)
    return window if isinstance(window, int | float) and window > 0 else WINDOW_MS
