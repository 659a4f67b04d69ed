"""Plots in any order: add, close, undo, move, run, stop, open, at random, and look for trouble.

``python -m tests.trials.plot_orders --seconds 300 --seed 7`` drives the real
window. After each step every open plot must still zoom and pause with the
others, and nothing may stand in the log. It prints its seed and what it did.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QSettings, Qt, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from conex_app.project.settings import AppSettings
from conex_app.shell.main_window import MainWindow
from conex_core import catalog, examples

if TYPE_CHECKING:
    from conex_app.plots.dock import MonitorDock

__all__ = ["PlotOrders", "made_window"]

EXAMPLES = ("smallest", "balanced")
MOST_PLOTS = 8
AREAS = (Qt.DockWidgetArea.BottomDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)
HARMLESS = ("This plugin does not support",)  # what the screen without a screen says


def made_window(folder: Path) -> MainWindow:
    """Return the window on an example, with settings of its own."""
    path = str(folder / "settings.ini")
    settings = AppSettings(QSettings(path, QSettings.Format.IniFormat))
    settings.run_in = "window"
    window = MainWindow(settings)
    window.resize(1200, 800)
    window.show()
    window.furnish(catalog.load())
    window.open_example("smallest")
    window.workspace.canvas.ensure_loaded()
    return window


class Listener(logging.Handler):
    """Collect what stands in the log, what Qt warns of, and errors that nobody caught."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Note a line of the log."""
        self.heard.append(self.format(record))

    def hear_qt(self, _kind: object, _context: object, text: str) -> None:
        """Note a warning of Qt."""
        if not any(word in text for word in HARMLESS):
            self.heard.append(text)

    def hear_error(
        self, kind: type[BaseException], error: BaseException, _: TracebackType | None
    ) -> None:
        """Note an error that came out of a slot."""
        self.heard.append(f"{kind.__name__}: {error}")


class PlotOrders:
    """Do random things with the plots of a window and check each of them."""

    def __init__(self, window: MainWindow, seed: int, folder: Path) -> None:
        self.window, self.draw, self.folder = window, random.Random(seed), folder
        self.listener, self.done = Listener(), Counter[str]()
        self._steps: tuple[tuple[int, Callable[[], object]], ...] = (
            (6, self.add),
            (4, self.close),
            (4, self.undo),
            (3, self.redo),
            (2, self.move),
            (2, self.float),
            (2, self.tab),
            (3, self.pause),
            (3, self.zoom),
            (2, self.scroll_back),
            (1, self.new),
            (2, self.open),
            (1, self.open_other_kinds),
            (2, self.run),
            (2, self.stop),
        )

    def __enter__(self) -> PlotOrders:
        logging.getLogger().addHandler(self.listener)
        self._qt = qInstallMessageHandler(self.listener.hear_qt)
        self._hook, sys.excepthook = sys.excepthook, self.listener.hear_error
        return self

    def __exit__(self, *_: object) -> None:
        sys.excepthook = self._hook
        qInstallMessageHandler(self._qt)
        logging.getLogger().removeHandler(self.listener)

    def step(self) -> str:
        """Do one thing, see that all is well, and return its name."""
        weights, acts = zip(*self._steps, strict=True)
        act = self.draw.choices(acts, weights)[0]
        act()
        self.settle()
        self.check(act.__name__)
        self.done[act.__name__] += 1
        return act.__name__

    def settle(self) -> None:
        """Let the window do what it put off."""
        for _ in range(3):
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.window.workspace.tick.now()

    def check(self, after: str) -> None:
        """Raise AssertionError unless all plots move together and nothing is in the log."""
        docks, bench = self.docks, self.window.workspace.bench
        assert set(bench.monitors) == set(docks), f"docks differ after {after}"
        plots = [dock.plot for dock in docks if hasattr(dock.plot, "link")]
        assert len(plots) == len(docks), f"a plot rests after {after}"
        for dock in docks:
            assert dock.spec.kind == dock.monitor.kind, f"wrong kind after {after}"
        if plots:
            self._see_that_they_move_together(plots, after)
        self.settle()
        assert not self.listener.heard, f"after {after}: {self.listener.heard}"

    def _see_that_they_move_together(self, plots: list, after: str) -> None:
        lead = self.draw.choice(plots)
        window, end = lead.window_ms, lead.time_view.end
        lead._zoom(1, 1.0)
        assert {plot.window_ms for plot in plots} == {lead.window_ms}, f"zoom after {after}"
        lead.set_paused(not lead.paused)
        assert {plot.paused for plot in plots} == {lead.paused}, f"pause after {after}"
        shown = {dock.bar.pause.isChecked() for dock in self.docks}
        assert shown == {lead.paused}, f"pause buttons after {after}"
        lead.set_window(window)
        lead.time_view.stand_at(end)

    @property
    def docks(self) -> list[MonitorDock]:
        """Return the docks of all plots."""
        return list(self.window.workspace.monitors.docks.values())

    # What may happen ----------------------------------------------------------------

    def add(self) -> None:
        """Add a plot of any kind."""
        if len(self.docks) < MOST_PLOTS:
            kind = self.draw.choice(list(self.window.workspace.monitors._catalog.plots))
            self.window.workspace.monitors.add(kind, ())

    def close(self) -> None:
        """Close any plot by its button; the first most often."""
        if self.docks:
            dock = self.docks[0] if self.draw.random() < 0.5 else self.draw.choice(self.docks)
            dock.bar.remove.click()

    def undo(self) -> None:
        """Take some edits back."""
        for _ in range(self.draw.randint(1, 4)):
            self.window.document.undo()

    def redo(self) -> None:
        """Make some edits again."""
        for _ in range(self.draw.randint(1, 4)):
            self.window.document.redo()

    def move(self) -> None:
        """Dock a plot at another edge."""
        if self.docks:
            dock = self.draw.choice(self.docks)
            dock.setFloating(False)
            self.window.workspace.bench.addDockWidget(self.draw.choice(AREAS), dock)

    def float(self) -> None:
        """Take a plot out of the window, or put it back."""
        if self.docks:
            dock = self.draw.choice(self.docks)
            dock.setFloating(not dock.isFloating())

    def tab(self) -> None:
        """Lay one plot over another."""
        placed = [dock for dock in self.docks if not dock.isFloating()]
        if len(placed) > 1:
            self.window.workspace.bench.tabifyDockWidget(*self.draw.sample(placed, 2))

    def pause(self) -> None:
        """Hold the view by a plot's button, or let it go."""
        if self.docks:
            self.draw.choice(self.docks).bar.pause.click()

    def zoom(self) -> None:
        """Show more or less time."""
        if self.docks:
            self.draw.choice(self.docks).plot._zoom(self.draw.choice((-3, -1, 1, 3)), 0.5)

    def scroll_back(self) -> None:
        """Look back."""
        if self.docks:
            self.draw.choice(self.docks).plot.scroll_to(self.draw.uniform(0, 2000))

    def new(self) -> None:
        """Start an empty project."""
        self._forget_changes()
        self.window.files.new()

    def open(self) -> None:
        """Open an example."""
        self._forget_changes()
        self.window.open_example(self.draw.choice(EXAMPLES))

    def open_other_kinds(self) -> None:
        """Open a project whose plots have the names of those here, but other kinds."""
        from dataclasses import replace

        from conex_core.graph.files import project_file

        doc, kinds = examples.load("smallest"), list(self.window.workspace.monitors._catalog.plots)
        other = [replace(m, kind=self.draw.choice(kinds), params={}) for m in doc.monitors]
        path = self.folder / "other.conex"
        project_file.save(replace(doc, monitors=tuple(other)), path)
        self._forget_changes()
        self.window.open(path)

    def run(self) -> None:
        """Run, or hold."""
        self.window.actions_of["run.toggle"].trigger()

    def stop(self) -> None:
        """Stop and reset."""
        self.window.workspace.run.stop()

    def _forget_changes(self) -> None:
        self.window.document.stack.setClean()


def main() -> int:
    """Do random things for a while; tell what, or what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    write = sys.stdout.write
    write(f"seed {given.seed}\n")
    sys.stdout.flush()
    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        window = made_window(Path(folder))
        until, names = time.monotonic() + given.seconds, []
        with PlotOrders(window, given.seed, Path(folder)) as orders:
            try:
                while time.monotonic() < until:
                    names.append(orders.step())
            except AssertionError as error:
                write(f"failed at step {len(names)}: {error}\nlast steps: {names[-12:]}\n")
                return 1
        window.document.stack.setClean()
        window.close()
        app.processEvents()
    write(f"{len(names)} steps, nothing in the log: {dict(sorted(orders.done.items()))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
