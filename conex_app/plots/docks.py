"""Monitors: the live plots of the document, one dock each.

The document says which plots there are and what they show; this only follows.
Plots read rings when the window's timer asks them to, and only while visible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from conex_app.plots.dock import MonitorDock
from conex_app.plots.feeds import colours, missing_feeds, shown_by, sources_of
from conex_app.project.built_nodes import built_ids
from conex_core.graph import edits
from conex_core.graph.checks.recordable import shown_kind

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from conex_app.look.theme import Theme
    from conex_app.project.document import ProjectDocument
    from conex_app.run.runner import Feed, Runner
    from conex_core.catalog import Catalog
    from conex_core.graph.model.document import Document, Monitor

__all__ = ["MonitorDocks"]


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
