"""Measure what a run keeps of its speed beside a window that paints.

Run ``python -m tests.benchmarks.beside_window [--host thread|process] [--engine E]``; it
needs no screen. Each figure comes from a process of its own; headless and beside
the window take turns, so that both meet the same machine. Not a test: the
figures depend on the machine and on what else it does. A network is ``W4`` (100
neurons, 100 x 100 synapses), the name of a shipped example, or a project file.

Prints one JSON line a network: steps/s headless and beside the window, their
ratio, milliseconds between two drawn frames, and between two ticks of a 16 ms
timer (what a click waits for) while raster and voltage are drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WARM_S = 1.5
HEADLESS_BATCH_S = 0.05  # what Session.run takes, with nobody to look at it meanwhile


def main() -> int:
    """Measure in fresh processes and print one line a network."""
    options = _options()
    if options.part:
        sys.stdout.write(json.dumps(PARTS[options.part](options)) + "\n")
        return 0
    for name in options.networks:
        sys.stdout.write(json.dumps(_compared(name, options)) + "\n")
        sys.stdout.flush()
    return 0


def headless(options: argparse.Namespace) -> dict[str, float]:
    """Return the steps per second of a session without a window."""
    from conex_core import catalog
    from conex_core.run.session import Session

    document, engine = network(options.networks[0]), options.engine or None
    session = Session.of(document, catalog.load(), engine=engine)
    _advanced(session, WARM_S)
    return {"steps_per_s": _advanced(session, options.seconds)}


def beside(options: argparse.Namespace) -> dict[str, float]:
    """Return the steps per second beside the window, and how evenly it draws."""
    from conex_core.graph.files import project_file

    window, app = _window(options)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "network.conex"
        project_file.save(network(options.networks[0]), project)
        window.open(project)
    window.workspace.canvas.ensure_loaded()
    for dock in window.workspace.monitors.docks.values():
        dock.bring_up()
    _spin(0.5)
    drawn = [dock.plot.isVisible() for dock in window.workspace.monitors.docks.values()]
    assert drawn == [True, True], "both plots must be seen"
    running = window.workspace.run
    running.toggle()
    while running.status.state != "running":
        if running.status.state == "failed":
            raise SystemExit(str(running.status.error))
        app.processEvents()
    _spin(WARM_S)
    if options.every_frame:
        window.workspace.frames.due = lambda: True
    frames, ticks = _watch(window)
    first, began = window.runner.status().iteration, time.perf_counter()
    _spin(options.seconds)
    steps, seconds = window.runner.status().iteration - first, time.perf_counter() - began
    found = {"steps_per_s": steps / seconds, "host": _host_of(window)}
    found |= {"frames_per_s": len(frames.found) / seconds, **_spread("frame", frames.found)}
    found |= _spread("tick", ticks.found)
    found["draw_ms"] = 1000 * window.workspace.frames.cost
    if options.picture:
        window.grab().save(options.picture)
    window.document.stack.setClean()
    window.close()
    return found


PARTS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "headless": headless,
    "beside": beside,
}


def network(name: str) -> Any:
    """Return the document of a network, with a raster and a voltage plot."""
    from conex_core import examples
    from conex_core.graph.files import project_file

    if name == "W4":
        return _w4()
    return project_file.load(name) if name.endswith(project_file.EXTENSION) else examples.load(name)


def _w4() -> Any:
    from conex_core import catalog
    from conex_core.distributions import Uniform
    from conex_core.graph import edits
    from conex_core.graph.model.document import Document, Link

    known = catalog.load()
    doc = edits.set_settings(Document(), duration=1e9, seed=1)
    doc = edits.add_node(doc, "NeuronGroup", name="Cells", node_id="cells", params={"size": 100})
    lif = {"tau": 10.0, "R": 10.0, "v_rest": 0.0, "v_reset": 0.0, "threshold": 6.0}
    cells = (
        ("SimpleDendriteStructure", {}),
        ("SimpleDendriteComputation", {}),
        ("LIF", lif | {"init_v": Uniform(0.0, 6.0)}),
        ("InherentNoise", {"mode": Uniform(0.0, 1.0)}),
        ("Fire", {}),
        ("NeuronAxon", {}),
    )
    for kind, params in cells:
        doc = edits.add_behavior(doc, "cells", kind, params=params, catalog=known)
    doc = edits.add_node(doc, "SynapseGroup", name="Recurrent", node_id="recurrent", at=(0, 300))
    doc = edits.add_link(doc, Link("cells", "spikes", "recurrent", "source"))
    doc = edits.add_link(doc, Link("recurrent", "target", "cells", "synapses"))
    weights = {"mode": Uniform(0.0, 0.01)}
    for kind, params in (
        ("SynapseInit", {}),
        ("WeightInitializer", weights),
        ("SimpleDendriticInput", {}),
        ("PreSpikeCatcher", {}),
    ):
        doc = edits.add_behavior(doc, "recurrent", kind, params=params, catalog=known)
    doc = edits.add_monitor(doc, "raster", targets=("cells",))
    return edits.add_monitor(doc, "voltage", targets=("cells",), params={"neurons": (0, 1, 2)})


def _advanced(session: Any, seconds: float) -> float:
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        done += session.advance(1 << 20, HEADLESS_BATCH_S)
        if session.error is not None:
            raise session.error
    return done / (time.perf_counter() - began)


def _window(options: argparse.Namespace) -> tuple[Any, Any]:
    from PySide6.QtCore import QSettings

    from conex_app.app import SWITCH_S, application
    from conex_app.project.settings import AppSettings
    from conex_app.run.runner import Runner
    from conex_app.shell.main_window import MainWindow
    from conex_core import catalog

    sys.setswitchinterval(SWITCH_S)
    app = application()
    folder = tempfile.mkdtemp()
    settings = AppSettings(QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat))
    settings.run_in = {"thread": "window", "process": "process"}[options.host]
    runner = Runner(run_in=lambda: settings.run_in, engine=lambda: options.engine or None)
    window = MainWindow(settings, runner)
    window.resize(1440, 900)
    window.show()
    window.furnish(catalog.load())
    window.showNormal()  # a small screen would have it fill the screen, without room for plots
    window.resize(1440, 900)
    return window, app


def _host_of(window: Any) -> str:
    return str(window.runner.status().host)


def _watch(window: Any) -> tuple[_Intervals, _Intervals]:
    """Note from now on when the plots were drawn and when a fast timer ticked."""
    from PySide6.QtCore import Qt, QTimer

    frames, ticks = _Intervals(), _Intervals()
    monitors, refresh = window.workspace.monitors, window.workspace.monitors.refresh

    def refreshed() -> None:
        frames.note()
        refresh()

    monitors.refresh = refreshed
    timer = QTimer(window, interval=16, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(ticks.note)
    timer.start()
    return frames, ticks


class _Intervals:
    """Collect milliseconds between notes."""

    def __init__(self) -> None:
        self.found: list[float] = []
        self._last: float | None = None

    def note(self) -> None:
        now = time.perf_counter()
        if self._last is not None:
            self.found.append(1000 * (now - self._last))
        self._last = now


def _spread(name: str, found: list[float]) -> dict[str, float]:
    held = sorted(found) or [0.0]
    return {
        f"{name}_ms_p50": held[len(held) // 2],
        f"{name}_ms_p99": held[int(len(held) * 0.99)],
        f"{name}_ms_max": held[-1],
    }


def _spin(seconds: float) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


def _compared(name: str, options: argparse.Namespace) -> dict[str, Any]:
    rounds = [(_fresh("headless", name, options), _fresh("beside", name, options))]
    while len(rounds) < options.rounds:
        rounds.append((_fresh("headless", name, options), _fresh("beside", name, options)))
    alone = [each["steps_per_s"] for each, _ in rounds]
    seen = [each for _, each in rounds]
    ratios = [there["steps_per_s"] / here for here, (_, there) in zip(alone, rounds, strict=True)]
    facts = {"network": name, "host": seen[0]["host"], "engine": options.engine or "as built"}
    facts |= {"headless_steps_per_s": round(statistics.median(alone))}
    facts |= {"window_steps_per_s": round(statistics.median(each["steps_per_s"] for each in seen))}
    facts |= {"ratio": round(statistics.median(ratios), 3), "rounds": len(rounds)}
    keys = [
        key for key in seen[0] if key.endswith(("_p50", "_p99", "_max", "frames_per_s", "draw_ms"))
    ]
    return facts | {key: round(statistics.median(each[key] for each in seen), 1) for key in keys}


def _fresh(part: str, name: str, options: argparse.Namespace) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.beside_window",
        name,
        "--part",
        part,
        "--host",
        options.host,
    ]
    command += ["--engine", options.engine, "--seconds", str(options.seconds)]
    command += ["--every-frame"] if options.every_frame else []
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment.setdefault("OMP_NUM_THREADS", "1")  # beside the window torch has one core less
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("networks", nargs="*", default=["W4", "balanced"])
    parser.add_argument("--host", choices=("thread", "process"), default="thread")
    parser.add_argument("--engine", default="", help="auto, fused or reference")
    parser.add_argument(
        "--every-frame", action="store_true", help="leave out no frame, dear or not"
    )
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--picture", default="", help="keep what the window shows at the end")
    parser.add_argument("--part", choices=tuple(PARTS), help="used by the benchmark itself")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
