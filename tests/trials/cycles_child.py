"""The window that opens and closes, runs and stops; started by ``cycles``."""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import os
import random
import sys
import threading
import time
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from conex_app.app import application
from conex_app.shell.log import LogQueue
from conex_app.shell.main_window import MainWindow
from conex_core import catalog, examples

WARM_UP = 20  # cycles that fill caches
LONGEST_S = 300.0  # on a busy machine
_LIBC = ctypes.CDLL(None)


class Cycles:
    """Do the same thing often with one window."""

    def __init__(self, kind: str, seed: int) -> None:
        self._draw, self._one = random.Random(seed), getattr(self, kind)
        self.window = MainWindow(log=LogQueue())
        self.window.show()
        self.window.furnish(catalog.load())
        self.window.open_example("smallest")
        self.window.workspace.canvas.ensure_loaded()

    def make(self, count: int) -> dict[str, float]:
        """Return what has grown over ``count`` cycles, after those that warm up."""
        for number in range(min(WARM_UP, count)):
            self._one(number)
        before, began = self._measured(), time.monotonic()
        for number in range(count):
            self._one(number)
        after = self._measured()
        grown = {f"{name}_grown": after[name] - before[name] for name in before}
        megabytes = round(grown.pop("memory_grown") / 2**20, 2)
        seconds = round(time.monotonic() - began, 1)
        return {"cycles": count, "most_growth_mb": megabytes, **grown, "seconds": seconds}

    def open(self, _number: int) -> None:
        """Open an example, let it be drawn, close it."""
        self.window.open_example(self._draw.choice(examples.names()))
        self._spin(0.05)
        self.window.files.close()
        self._spin(0.01)

    def runs(self, number: int) -> None:
        """Run a network in either place until it has moved; stop it."""
        work = self.window.workspace
        work.run.set_run_in("process" if number % 2 else "window")
        work.run.toggle()
        until = time.monotonic() + LONGEST_S
        while work.run.status.iteration < 1:
            self._spin(0.005)
            if work.run.status.state == "failed" or time.monotonic() > until:
                raise RuntimeError(f"cycle {number} does not run: {work.run.status}")
        work.run.stop()
        self._spin(0.005)

    def leave(self) -> None:
        """Close the window."""
        self.window.close_now()
        self._spin(0.1)

    def _spin(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while True:
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if time.monotonic() >= until:
                return
            time.sleep(0.002)

    def _measured(self) -> dict[str, int]:
        self.window.workspace.run.rest()
        self.window.runner.cool()  # the process that waits for the next run
        until = time.monotonic() + LONGEST_S
        self._spin(2.0)
        while _children() and time.monotonic() < until:
            self._spin(0.1)
        gc.collect()
        _LIBC.malloc_trim(0)
        return {
            "memory": _resident(),
            "threads": threading.active_count(),
            "files": len(os.listdir("/proc/self/fd")),
            "children": len(_children()),
            "windows": len(QApplication.topLevelWidgets()),
            "qt_objects": sum(
                issubclass(type(each), QObject) and shiboken6.isValid(each)
                for each in gc.get_objects()  # proxies among them lie about their class
            ),
        }


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _children() -> list[str]:
    tasks = Path("/proc/self/task").glob("*/children")
    return [child for task in tasks for child in task.read_text().split()]


def main() -> int:
    """Make the cycles of the arguments and write what has grown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kind", choices=("open", "runs"), required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    application()
    cycles = Cycles(options.kind, options.seed)
    figures = cycles.make(options.count)
    cycles.leave()
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
