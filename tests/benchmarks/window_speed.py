"""Measure the window: time until it is interactive, cost of the plots, latency of events.

Run ``python tests/benchmarks/window_speed.py``; it needs no screen. Not a test:
the figures depend on the machine and on what else it does.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN_S = 5.0


def main() -> int:
    """Measure in fresh processes and report one line a figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=("start", "run"), help="used by the benchmark itself")
    parser.add_argument("--example", default="digits")
    options = parser.parse_args()
    if options.part:
        sys.stdout.write(json.dumps(PARTS[options.part](options.example)) + "\n")
        return 0
    starts = [_fresh("start", options.example) for _ in range(4)][1:]  # the first one warms
    for key in starts[0]:
        sys.stdout.write(f"{key}: {min(each[key] for each in starts):.2f} (best of 3)\n")
    for key, value in _fresh("run", options.example).items():
        sys.stdout.write(f"{key}: {value:,.2f}\n")
    return 0


def start(_example: str) -> dict[str, float]:
    """Return seconds from the start of the process to the steps of a usable window."""
    window, app = _window()
    app.processEvents()
    shown = _process_age()
    _furnish(window)
    app.processEvents()
    furnished = _process_age()
    window.files.new()
    app.processEvents()
    while not window.workspace.canvas.is_loaded:
        app.processEvents()
    app.processEvents()
    canvas = _process_age()
    _leave(window)
    return {
        "first paint, s": shown,
        "interactive window, s": furnished,
        "with an empty network on the canvas, s": canvas,
    }


def run(example: str) -> dict[str, float]:
    """Return steps per second with and without plots, and how long events wait."""
    window, app = _window()
    _furnish(window)
    window.open_example(example)
    window.workspace.canvas.ensure_loaded()
    parts = window.workspace
    assert parts is not None
    parts.run.toggle()
    while parts.run.status.state != "running":
        app.processEvents()
    _spin(app, 2.0)
    rates: dict[bool, list[float]] = {True: [], False: []}
    waits: list[float] = []
    for visible in (True, False, True, False):
        for dock in parts.monitors.docks.values():
            dock.setVisible(visible)
        _spin(app, 0.5)
        steps, seconds = _measured(app, window, waits if visible else None)
        rates[visible].append(steps / seconds)
    _leave(window)
    waits.sort()
    with_plots, without = (sum(rates[each]) / 2 for each in (True, False))
    return {
        f"{example}: steps/s with both plots": with_plots,
        f"{example}: steps/s without plots": without,
        f"{example}: ratio": with_plots / without,
        "event latency median, ms": 1000 * waits[len(waits) // 2],
        "event latency p99, ms": 1000 * waits[int(len(waits) * 0.99)],
        "event latency max, ms": 1000 * waits[-1],
    }


PARTS = {"start": start, "run": run}


def _measured(app, window, waits: list[float] | None) -> tuple[int, float]:
    """Run for a while; post an event every 10 ms and note how long it waits."""
    from PySide6.QtCore import QObject, Qt, Signal

    class Post(QObject):
        sent = Signal(float)

    post, ending = Post(), threading.Event()
    if waits is not None:
        queued = Qt.ConnectionType.QueuedConnection
        post.sent.connect(lambda at: waits.append(time.perf_counter() - at), queued)

    def postman() -> None:
        while not ending.wait(0.01):
            post.sent.emit(time.perf_counter())

    thread = threading.Thread(target=postman)
    thread.start()
    first, began = window.runner.status().iteration, time.perf_counter()
    _spin(app, RUN_S)
    steps = window.runner.status().iteration - first
    seconds = time.perf_counter() - began
    ending.set()
    thread.join()
    app.processEvents()
    return steps, seconds


def _spin(app, seconds: float) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


def _window():
    from PySide6.QtCore import QSettings

    from conex_app.app import SWITCH_S, application
    from conex_app.project.settings import AppSettings
    from conex_app.shell.main_window import MainWindow

    sys.setswitchinterval(SWITCH_S)
    app = application()
    folder = tempfile.mkdtemp()
    settings = AppSettings(QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat))
    window = MainWindow(settings)
    window.resize(1440, 900)
    window.show()
    return window, app


def _furnish(window) -> None:
    from conex_core import catalog

    window.furnish(catalog.load())


def _leave(window) -> None:
    window.document.stack.setClean()
    window.close()


def _process_age() -> float:
    """Return seconds since this process was started, the interpreter's own start included."""
    ticks = int(Path("/proc/self/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[19])
    uptime = float(Path("/proc/uptime").read_text(encoding="utf-8").split()[0])
    return uptime - ticks / os.sysconf("SC_CLK_TCK")


def _fresh(part: str, example: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--part", part, "--example", example]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
