"""How fast blocks are in the window: group, enter, leave and unpack 500 nodes.

Run ``python -m tests.benchmarks.level_speed``; it needs no screen. Each figure is
the time from the command until the canvas is painted, the least and the median
of several rounds. The block gets 37 ports, as many as wires are cut; the check of
the document, which waits until the user pauses, has a line of its own.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, QSettings

from conex_app.app import application
from conex_app.project.settings import AppSettings
from conex_app.shell.main_window import MainWindow
from conex_core import catalog
from conex_core.graph.checks.check import check
from tests.benchmarks.block_speed import row_of_groups

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

__all__ = ["measured"]

ROUNDS = 5
GOAL_MS = 200


class Paints(QObject):
    """Count how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count; the event goes on."""
        self.count += event.type() == QEvent.Type.Paint
        return False


def idle(app: QApplication, seconds: float = 0.3) -> None:
    """Let everything happen that waits, the check after an edit included."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        app.processEvents()


def measured(rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Return the milliseconds of each command in each round."""
    app = application()
    with tempfile.TemporaryDirectory() as folder:
        ini = QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat)
        window = MainWindow(AppSettings(ini))
        window.resize(1440, 900)
        window.show()
        window.furnish(catalog.load())
        window.files.new()
        canvas = window.workspace.canvas
        canvas.ensure_loaded()
        doc = row_of_groups(260)
        chosen = sorted(doc.network.nodes)[5:505]
        taken: dict[str, list[float]] = {}
        paints = Paints(canvas.view.viewport())

        def timed(name: str, command: Callable[[], object]) -> None:
            idle(app)
            start, before = time.perf_counter(), paints.count
            command()
            while paints.count == before:
                app.processEvents()
            taken.setdefault(name, []).append(1000 * (time.perf_counter() - start))

        for _ in range(rounds):
            window.document.new(doc)
            canvas.select(chosen)
            timed("group", canvas.blocks.group)
            (block,) = canvas.selection
            timed("enter", lambda: canvas.activate(block))  # noqa: B023
            timed("leave", canvas.blocks.leave)
            timed("enter again", lambda: canvas.activate(block))  # noqa: B023
            timed("leave again", canvas.blocks.leave)
            canvas.select((block,))
            timed("unpack", canvas.blocks.unpack)
            timed("undo", window.document.stack.undo)
            timed("redo", window.document.stack.redo)
            start = time.perf_counter()
            check(replace(window.document.whole), catalog.load())
            taken.setdefault("check", []).append(1000 * (time.perf_counter() - start))
        window.document.stack.setClean()
        window.close()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return taken


def main() -> None:
    """Print the table; with --profile, what it went into."""
    if "--profile" in sys.argv:
        profile = cProfile.Profile()
        profile.runcall(measured)
        pstats.Stats(profile).sort_stats("cumulative").print_stats(70)
        return
    for name, rounds in measured().items():
        least, middle = min(rounds), statistics.median(rounds)
        row = f"{name:<14} least {least:7.1f} ms   median {middle:7.1f} ms   goal {GOAL_MS} ms\n"
        sys.stdout.write(row)


if __name__ == "__main__":
    main()
