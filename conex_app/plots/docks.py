"""Monitors: the live plots of the document, one dock each.

The document says which plots there are and what they show; this only follows.
Plots read rings when the window's timer asks them to, and only while visible.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from conex_app.look.counts import duration_text
from conex_app.look.dock import Dock, DockTitle, tool_button
from conex_app.look.panel_style import ComboBox, set_panel_style
from conex_app.look.plain_text import menu_words, tip
from conex_app.plots.feeds import choices_for, colours, missing_feeds, shown_by, sources_of
from conex_app.plots.setting_fields import field_of, more_button
from conex_app.project.built_nodes import built_ids
from conex_core.graph import edits
from conex_core.graph.checks.recordable import shown_kind
from conex_core.helpers.visualization.plot import load_plot
from conex_core.helpers.visualization.stand_in import StandIn
from conex_core.plot_specs import NETWORK_KIND

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from conex_app.look.theme import Theme
    from conex_app.project.document import ProjectDocument
    from conex_app.run.runner import Feed, Runner
    from conex_core.catalog import Catalog
    from conex_core.graph.model.document import Document, Monitor
    from conex_core.plot_specs import PlotSpec

__all__ = ["MonitorDock", "MonitorDocks"]

logger = logging.getLogger(__name__)

WINDOW = "window"  # the setting of all plots over time, with a place of its own
GROUPS = 18  # signs of their names that the header of a plot shows
WINDOWS_MS = (200, 500, 1000, 2000, 5000, 10000)
UNKNOWN = (
    "This plot is of the kind “{kind}”, which this version of the program does not know.\n"
    "It is kept in the file as it is."
)
FAILED = "This plot failed and rests: {error}\nThe log has the details; the others go on."


class MonitorHead(DockTitle):
    """The header of a plot: what, of whom, its settings, pause, export, close."""

    def __init__(self, title: str, spec: PlotSpec | None) -> None:
        super().__init__(title)
        self.has_tools = True
        parameters = spec.parameters if spec else ()
        self.over_time = any(parameter.name == WINDOW for parameter in parameters)
        self.groups = QToolButton()
        self.groups.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.groups.setToolTip("Choose the groups")
        self.groups.setAccessibleName("Groups")
        self.menu = QMenu(self.groups)
        self.groups.setMenu(self.menu)
        self.groups.setVisible(spec is not None and spec.kinds != (NETWORK_KIND,))
        self.fields: dict[str, Any] = {p.name: field_of(p) for p in parameters if p.name != WINDOW}
        self.window_length = ComboBox()
        self.window_length.setToolTip("Visible stretch of time")
        self.window_length.setAccessibleName("Visible time")
        for ms in WINDOWS_MS:
            self.window_length.addItem(duration_text(ms), ms)
        self.pause = tool_button("ph.pause", "Hold the view; the data keep arriving")
        self.pause.setCheckable(True)
        self.export = tool_button("ph.download-simple", "Export what is visible as a figure")
        self.remove = tool_button("ph.x", "Remove this plot")
        first, *others = [*self.fields.values()] or [None]
        self.more = more_button(others) if others else None
        for widget in (self.groups, first, self.more, self.window_length):
            if widget is not None:
                self.row.addWidget(widget)
        self.row.addStretch(1)
        for button in (self.pause, self.export, self.remove):
            self.row.addWidget(button)
        self.show_tools(spec is not None)

    def show_tools(self, working: bool) -> None:
        """Offer what makes sense for a plot that works, or for one that cannot be shown."""
        for widget in (self.window_length, self.pause):
            widget.setVisible(working and self.over_time)
        self.export.setVisible(working)


class MonitorDock(Dock):
    """Show one plot of the document; ``spec`` is None where its kind is not known."""

    edited = Signal(str, object)  # what the user changed, and the changes of the monitor
    failed = Signal(str)  # why a figure was not written

    def __init__(
        self, monitor: Monitor, spec: PlotSpec | None, document: Document, parent: QWidget
    ) -> None:
        self.monitor, self.spec = monitor, spec
        self.plot = _new_plot(monitor, spec)
        title = spec.title if spec else f"Unknown plot “{monitor.kind}”"
        head = MonitorHead(title, spec)
        super().__init__(f"monitor-{monitor.id}", title, self.plot, parent, head)
        self.setAccessibleName(f"{title} plot" if spec else title)
        self.bar = head
        self.bar.over_time = self.bar.over_time and hasattr(self.plot, "paused_changed")
        self._connect()
        if spec is not None:
            settings = spec.settings(monitor.params)
            for name, field in self.bar.fields.items():
                field.show_value(settings[name])
        self.follow(monitor, document)
        self.bar.show_tools(spec is not None and not _stands_in(self.plot))

    def follow(self, monitor: Monitor, document: Document) -> None:
        """Show the monitor as the document has it now."""
        before, self.monitor = self.monitor, monitor
        if self.spec is None:
            return
        settings = self.spec.settings(monitor.params)
        old = self.spec.settings(before.params)
        changed = {name: value for name, value in settings.items() if value != old[name]}
        if changed:
            self.attempt(lambda: self.plot.set_settings(changed))
        for name in changed.keys() & self.bar.fields.keys():  # what is being typed elsewhere stays
            self.bar.fields[name].show_value(settings[name])
        choices = choices_for(document, self.spec)
        chosen = [node.name for node in choices if node.id in monitor.targets]
        self.bar.groups.setText(menu_words(", ".join(chosen), GROUPS) or "All groups")
        self.bar.groups.setToolTip(tip(", ".join(chosen)) or "Choose the groups")
        self._fill_groups(document)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        set_panel_style(self.bar, theme)
        self.bar.set_theme(theme)
        self.attempt(lambda: self.plot.set_theme(theme.is_dark))

    def attempt(self, act: Callable[[], object]) -> None:
        """Do something with the plot; one that fails is put to rest, and nothing else is."""
        try:
            act()
        except Exception as error:  # noqa: BLE001 - the plots' door: reported, the others go on
            self._rest(error)

    def export_figure(self, path: Path) -> bool:
        """Write what is visible; tell whether it worked."""
        try:
            self.plot.export(path)
        except Exception as error:  # noqa: BLE001 - the plots' door: reported, the others go on
            self.failed.emit(f"The figure cannot be written to {path}: {error}")
            return False
        return True

    def _rest(self, error: Exception) -> None:
        logger.error("the %s plot failed: %s", self.monitor.kind, error, exc_info=error)
        gone, dark = self.plot, getattr(self.plot, "dark", False)
        text = FAILED.format(error=str(error) or type(error).__name__)
        self.plot = StandIn(text, dark=dark)
        self.plot.set_sources(gone.sources, dt=gone.dt)
        self.setWidget(self.plot)
        self.bar.show_tools(working=False)
        gone.hide()
        gone.deleteLater()

    def _connect(self) -> None:
        if not _stands_in(self.plot) and self.bar.over_time:
            self.bar.pause.toggled.connect(self.plot.set_paused)
            self.plot.paused_changed.connect(self._show_paused)
            self.plot.window_changed.connect(self._show_window)
            self._show_window(self.plot.window_ms)
        self.bar.export.clicked.connect(self._ask_export)
        self.bar.window_length.activated.connect(self._choose_window)
        for name, field in self.bar.fields.items():
            field.chosen.connect(lambda value, each=name: self._set(each, value))

    def _fill_groups(self, document: Document) -> None:
        assert self.spec is not None, "an unknown plot has no menu of groups"
        menu = self.bar.menu
        menu.clear()
        everything = self._group_action(menu, "All groups", not self.monitor.targets)
        everything.triggered.connect(lambda: self._choose_groups(()))
        menu.addSeparator()
        for node in choices_for(document, self.spec):
            action = self._group_action(menu, node.name, node.id in self.monitor.targets)
            action.triggered.connect(lambda _=False, key=node.id: self._toggle_group(key))

    def _group_action(self, menu: QMenu, text: str, checked: bool) -> QAction:
        action = menu.addAction(menu_words(text))
        action.setCheckable(True)
        action.setChecked(checked)
        return action

    def _toggle_group(self, node_id: str) -> None:
        held = self.monitor.targets
        now = tuple(key for key in held if key != node_id)
        self._choose_groups(now if node_id in held else (*held, node_id))

    def _choose_groups(self, targets: tuple[str, ...]) -> None:
        self.edited.emit(f"Choose groups of {self.windowTitle()}", {"targets": targets})

    def _set(self, name: str, value: Any) -> None:
        if self.spec is not None and value != self.spec.settings(self.monitor.params)[name]:
            held = list(value) if isinstance(value, tuple) else value
            params = {**self.monitor.params, name: held}
            self.edited.emit(f"Choose {name} of {self.windowTitle()}", {"params": params})

    def _choose_window(self) -> None:
        ms = self.bar.window_length.currentData()
        self.attempt(lambda: self.plot.set_window(ms))  # zoomed, it may be another than was set
        params = {**self.monitor.params, WINDOW: ms}
        self.edited.emit(f"Change visible time of {self.windowTitle()}", {"params": params})

    def _show_window(self, ms: float) -> None:
        """Show the visible time, which linked plots and the wheel change too."""
        index = self.bar.window_length.findData(round(ms))
        self.bar.window_length.setCurrentIndex(index)
        self.bar.window_length.setPlaceholderText(duration_text(round(ms)))

    def _show_paused(self, paused: bool) -> None:
        self.bar.pause.setChecked(paused)
        self.bar.pause.setToolTip(
            "Follow the present again" if paused else "Hold the view; the data keep arriving"
        )

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
        spec = self._catalog.plot(kind)
        shown = [key for key in seen if shown_kind(nodes[key]) in spec.kinds]
        targets = built_ids(self._document, shown)
        title = spec.title.lower()
        new = edits.add_monitor(self._document.whole, kind, targets=targets)
        self._document.edit_whole(f"Add {title} plot", new)
        self.docks[new.monitors[-1].id].bring_up()

    def add_first(self) -> None:
        """Add the first of all plots, of all groups."""
        kind = next(iter(self._catalog.plots), None)
        if kind is not None:
            self.add(kind, ())

    def refresh(self) -> None:
        """Draw what is new in every visible plot."""
        for dock in self.docks.values():
            dock.attempt(dock.plot.refresh)

    def fresh_feeds(self) -> list[Feed]:
        """Give every plot new rings and return the feeds that fill them."""
        self._feeds = missing_feeds(self._document.flat, self._catalog, {})
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
        shown = (old.monitors, old.network, old.settings)
        if old is new or shown == (new.monitors, new.network, new.settings):
            return
        for gone in self.docks.keys() - {monitor.id for monitor in new.monitors}:
            self.dropped.emit(self.docks.pop(gone))
        for monitor in new.monitors:
            if monitor.id in self.docks:
                self.docks[monitor.id].follow(monitor, new)
            else:
                self._open(monitor, new)
        self._renew_feeds()
        self._show_sources(self.docks.values())

    def _open(self, monitor: Monitor, document: Document) -> None:
        dock = MonitorDock(monitor, self._catalog.plots.get(monitor.kind), document, self._window)
        others = (other.plot for other in self.docks.values() if hasattr(other.plot, "link"))
        other = next(others, None)
        if other is not None and hasattr(dock.plot, "link"):
            dock.plot.link(other)
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

    def _renew_feeds(self) -> None:
        needed = missing_feeds(self._document.flat, self._catalog, self._feeds)
        for key in self._feeds.keys() - needed.keys():
            self._runner.detach(self._feeds[key])
        for key in needed.keys() - self._feeds.keys():
            self._runner.attach(needed[key])
        self._feeds = needed

    def _show_sources(self, docks: Iterable[MonitorDock]) -> None:
        if self._theme is None:
            return
        flat, theme = self._document.flat, self._theme
        tints, dt = colours(flat.document, theme), flat.document.settings.dt
        for dock in docks:
            shown = shown_by(dock.monitor, flat, self._catalog)
            sources = sources_of(shown, self._feeds, tints, theme.text) if shown else []
            if tuple(sources) != dock.plot.sources or dock.plot.dt != dt:
                dock.attempt(partial(dock.plot.set_sources, sources, dt=dt))


def _new_plot(monitor: Monitor, spec: PlotSpec | None) -> Any:
    """Return the widget of a plot, or what stands in for one that cannot be made."""
    if spec is None:
        return StandIn(UNKNOWN.format(kind=monitor.kind))
    try:
        return load_plot(spec, dict(monitor.params)).live()
    except Exception as error:
        logger.error("the %s plot failed: %s", monitor.kind, error, exc_info=error)
        return StandIn(FAILED.format(error=str(error) or type(error).__name__))


def _stands_in(plot: Any) -> bool:
    return isinstance(plot, StandIn)
