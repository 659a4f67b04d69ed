"""Open and close plots many times: what stays of them in memory?

``python -m tests.trials.plot_cycles --cycles 1000`` prints the growth of the
resident memory, and which threads and timers were left. With ``--export`` it
measures instead how long the window stands still while its first figure is written.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication

from conex_app.shell.main_window import MainWindow
from tests.trials.plot_orders import made_window

__all__ = ["cycle", "longest_pause", "resident_mb"]

KINDS = ("raster", "voltage", "rate")
WARM_UP = 50


def resident_mb() -> float:
    """Return the resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cycle(window: MainWindow, number: int) -> None:
    """Add a plot, draw it, close it; forget the edits as a new file would."""
    monitors = window.workspace.monitors
    monitors.add(KINDS[number % len(KINDS)], ())
    monitors.refresh()
    QApplication.processEvents()
    list(monitors.docks.values())[-1].bar.remove.click()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    window.document.stack.clear()


def longest_pause(window: MainWindow, path: Path) -> tuple[float, float]:
    """Return for how long writing a figure held the window at most, and how long it took."""
    monitors, longest = window.workspace.monitors, 0.0
    done: list[str] = []
    monitors._figures.finished.connect(lambda _, reason: done.append(reason))
    begin = last = time.perf_counter()
    monitors.write_figure(next(iter(monitors.docks.values())).figure_writer(), path)
    while not done:
        QApplication.processEvents()
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        time.sleep(0.001)
    return longest, time.perf_counter() - begin


def main() -> int:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=1000)
    parser.add_argument("--export", action="store_true")
    given, write = parser.parse_args(), sys.stdout.write
    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        window = made_window(Path(folder))
        if given.export:
            pause, whole = longest_pause(window, Path(folder) / "figure.svg")
            write(f"first figure: {whole:.2f} s, longest pause of the window {pause:.3f} s\n")
        else:
            for number in range(WARM_UP):
                cycle(window, number)
            gc.collect()
            before, threads = resident_mb(), threading.active_count()
            timers = len(window.findChildren(QTimer))
            for number in range(given.cycles):
                cycle(window, number)
            gc.collect()
            write(
                f"{given.cycles} plots opened and closed: {resident_mb() - before:+.1f} MB,"
                f" {threading.active_count() - threads:+d} threads,"
                f" {len(window.findChildren(QTimer)) - timers:+d} timers\n"
            )
        window.document.stack.setClean()
        window.close()
        app.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main())
