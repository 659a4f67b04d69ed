"""Monitors: the live plots of the document, one dock each.

The document says which plots there are and what they show; this only follows.
Plots read rings when the window's timer asks them to, and only while visible.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from conex_app.look.plain_text import elided
from conex_app.plots.dock import MonitorDock
from conex_app.plots.feeds import colours, missing_feeds, shown_by, sources_of
from conex_app.plots.figure_writer import FigureWriter
from conex_app.project.built_nodes import built_ids
from conex_app.project.file_dialogs import FileKind, ask_save
from conex_core.graph import edits
from conex_core.graph.checks.recordable import shown_kind
from conex_core.graph.files.file_names import stem_for
from conex_core.graph.model.document import Document, Monitor, new_id
from conex_core.helpers.visualization.over_time.view import TimeView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from conex_app.look.theme import Theme
    from conex_app.look.typing import Typed
    from conex_app.project.document import ProjectDocument
    from conex_app.run.runner import Feed, Runner
    from conex_core.catalog import Catalog
    from conex_core.graph.blocks.flatten import Flat
    from conex_core.run.host import RunStatus

__all__ = ["MonitorDocks"]

FIGURES = (FileKind("Drawing", ".svg"), FileKind("Picture", ".png"), FileKind("PDF", ".pdf"))
RESTED = 6  # how many rings of plots that went are kept for undo; one may hold 12 MB


class MonitorDocks(QObject):
    """Keep one dock for each monitor of the document, and their data.

    The stretch of time that all plots show is held here: whichever plot goes,
    in whatever order, the others go on sharing it.
    """

    added = Signal(object)  # the MonitorDock to place in the window
    dropped = Signal(object)  # the MonitorDock to take out of it for good
    emptied = Signal()  # another project begins: all docks are about to be dropped
    failed = Signal(str)  # why something could not be done
    told = Signal(str)  # what was done

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
        self._time = TimeView()  # no child of anything: plots may outlive the window's parts
        self._first: Monitor | None = None  # the plot of a first run, not in the document
        # Plots show what is built: the network with every block opened.
        self._shown: Document = document.flat.document
        self._feeds: dict[Any, Feed] = {}
        self._rested: dict[Any, Feed] = {}  # of plots that went: they may come back
        self._is_fed = False  # by a run of this project
        self._is_past = self._waits = False
        self._figures = FigureWriter(self)
        self.docks: dict[str, MonitorDock] = {}
        document.replaced.connect(self._begin_anew)
        document.changed.connect(self._follow)
        self._figures.finished.connect(self._tell_figure)

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
        """Show the first of all plots, of all groups, unless there is a plot.

        It is no edit: undo takes back what the user did, and this stays.
        """
        kind = next(iter(self._catalog.plots), None)
        if kind is not None and not self.docks:
            self._first = Monitor(new_id("m"), kind)
            self._follow()

    def retype(self, typed: Typed) -> bool:
        """Put a text back that was being typed into the header of a plot; tell whether it was."""
        return any(dock.retype(typed) for dock in self.docks.values())

    def refresh(self) -> None:
        """Draw what is new in every visible plot."""
        if self._waits and any(feed.ring.now for feed in self._feeds.values()):
            self._show_run()
        for dock in list(self.docks.values()):
            dock.attempt(dock.plot.refresh)

    def fresh_feeds(self) -> list[Feed]:
        """Give every plot new rings and return the feeds that fill them.

        What plots show of the run before stays until the first data are there.
        """
        self._rested.clear()
        self._feeds = missing_feeds(self._seen(), self._catalog, {})
        self._is_fed = self._waits = True
        self._mark_past()
        return list(self._feeds.values())

    def begin_anew(self) -> None:
        """Show a run that goes on from another time: what was shown has nothing to do with it."""
        for feed in self._feeds.values():
            self._runner.detach(feed)
        for feed in self.fresh_feeds():
            self._runner.attach(feed)

    def follow_run(self, status: RunStatus) -> None:
        """Mark what is of a run that is over."""
        self._is_past = status.state == "idle"
        self._mark_past()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self._theme = theme
        for dock in self.docks.values():
            dock.set_theme(theme)
        self._show_sources()

    def _seen(self) -> Flat:
        """Return what is built, with the plot of a first run where that is no edit yet."""
        flat, first = self._document.flat, self._first
        monitors = flat.document.monitors
        if first is None or any(monitor.id == first.id for monitor in monitors):
            return flat
        return replace(flat, document=replace(flat.document, monitors=(*monitors, first)))

    def _begin_anew(self) -> None:
        """Let go of the plots and the data of a project that is shown no more."""
        self.emptied.emit()
        for key in list(self.docks):
            self._drop(key)
        for feed in self._feeds.values():
            self._runner.detach(feed)
        self._feeds, self._rested, self._first = {}, {}, None
        self._is_fed = self._waits = False  # a run of the project before may end later
        self._shown = Document()

    def _follow(self, *_: Document) -> None:
        old, self._shown = self._shown, self._seen().document
        new = self._shown
        shown = (old.monitors, old.network, old.settings)
        if old is new or shown == (new.monitors, new.network, new.settings):
            return
        kinds = {monitor.id: monitor.kind for monitor in new.monitors}
        for key, dock in list(self.docks.items()):
            if kinds.get(key) != dock.monitor.kind:
                self._drop(key)
        for monitor in new.monitors:
            if monitor.id in self.docks:
                self.docks[monitor.id].follow(monitor, new)
            else:
                self._open(monitor, new)
        self._renew_feeds()
        self._show_sources()

    def _open(self, monitor: Monitor, document: Document) -> None:
        spec, taken = self._catalog.plots.get(monitor.kind), {d.place for d in self.docks.values()}
        place = next(number for number in count(1) if number not in taken)
        dock = MonitorDock(monitor, spec, document, place, self._window)
        self._share_time(dock)
        self.docks[monitor.id] = dock
        dock.bar.remove.clicked.connect(lambda: self._remove(dock))
        dock.edited.connect(lambda label, changes: self._edit(dock, label, changes))
        dock.figure_wanted.connect(lambda: self._ask_for_figure(dock))
        if self._theme is not None:
            dock.set_theme(self._theme)
        dock.mark_past(self._is_past or self._waits)
        self.added.emit(dock)

    def _share_time(self, dock: MonitorDock) -> None:
        if not dock.shares_time:
            return
        if not any(other.shares_time for other in self.docks.values()):
            self._time.restart(dock.plot.window_ms)
        dock.plot.share(self._time)

    def _drop(self, key: str) -> None:
        dock = self.docks.pop(key)
        dock.end()
        self.dropped.emit(dock)

    def _edit(self, dock: MonitorDock, label: str, changes: dict[str, Any]) -> None:
        whole, monitor = self._document.whole, dock.monitor
        if all(each.id != monitor.id for each in whole.monitors):  # the plot of a first run
            whole = edits.add_monitor(whole, monitor.kind, monitor_id=monitor.id)
        self._document.edit_whole(label, edits.set_monitor(whole, monitor.id, **changes))

    def _remove(self, dock: MonitorDock) -> None:
        whole, key = self._document.whole, dock.monitor.id
        if self._first is not None and self._first.id == key:
            self._first = None
        if any(monitor.id == key for monitor in whole.monitors):
            title = dock.windowTitle().lower()
            self._document.edit_whole(f"Remove {title} plot", edits.remove_monitor(whole, key))
        else:
            self._follow()

    def _renew_feeds(self) -> None:
        held = {**self._rested, **self._feeds}
        needed = missing_feeds(self._seen(), self._catalog, held)
        for key in self._feeds.keys() - needed.keys():
            self._runner.detach(self._feeds[key])
            self._rested[key] = self._feeds[key]
        for key in needed.keys() - self._feeds.keys():
            if self._is_fed:
                self._runner.attach(needed[key])
            self._rested.pop(key, None)
        for key in list(self._rested)[:-RESTED]:
            del self._rested[key]
        self._feeds = needed

    def _show_sources(self) -> None:
        if self._theme is None:
            return
        flat, theme = self._seen(), self._theme
        plots = {
            key: shown_by(dock.monitor, flat, self._catalog) for key, dock in self.docks.items()
        }
        seen = {node.id for plot in plots.values() if plot is not None for node in plot.nodes}
        tints, dt = colours(flat.document, theme, seen), flat.document.settings.dt
        for key, dock in self.docks.items():
            shown = plots[key]
            sources = sources_of(shown, self._feeds, tints, theme.text) if shown else []
            if tuple(sources) != dock.plot.sources or dock.plot.dt != dt:
                dock.attempt(partial(dock.plot.set_sources, sources, dt=dt))

    def _show_run(self) -> None:
        """Show the run whose first data are there, from its beginning on."""
        self._waits = False
        self._time.stand_at(None)
        self._show_sources()
        self._mark_past()

    def _mark_past(self) -> None:
        for dock in self.docks.values():
            dock.mark_past(self._is_past or self._waits)

    def write_figure(self, write: Callable[[Path], object], path: Path) -> None:
        """Have a figure written beside the window's thread."""
        self.told.emit(f"Writing {elided(path.name)}…")
        self._figures.write(write, path)

    def _ask_for_figure(self, dock: MonitorDock) -> None:
        """Ask where to write what is visible now; the plot may be gone by the answer."""
        write = dock.figure_writer()
        name = stem_for(dock.windowTitle().lower(), "figure")
        path = ask_save(self._window, "Export figure", Path(f"{name}.svg"), FIGURES)
        if path is not None:
            self.write_figure(write, path)

    def _tell_figure(self, path: Path, reason: str) -> None:
        if reason:
            self.failed.emit(f"The figure cannot be written to {path}: {reason}")
        else:
            self.told.emit(f"The figure is written to {path}.")
