"""A window that closes itself in the middle of something, as a program of its own.

``python -m tests.gui.run.closing WHERE WHEN`` runs in the process or the window, and
closes while the run builds, compiles, runs, hangs in a step or hangs in a build. It
prints when that began, which process ran the network, and when it was done; Python and
Qt then take a while of their own to clear up. Without words, all combinations are tried.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer

from conex_app import app as program
from conex_app.run.runner import Runner
from conex_app.shell.main_window import MainWindow
from conex_core.run.host import RunStatus, Workers
from tests.run.host import hanging

REACHED: dict[str, Callable[[RunStatus], bool]] = {
    "building": lambda status: status.state == "building",
    "compiling": lambda status: status.doing.startswith("Compiling") or status.iteration > 0,
    "running": lambda status: status.iteration > 100,
    "hangs": lambda status: status.stall is not None and status.stall.behavior == "KWTA",
    "hangs at first": lambda status: status.stall is not None and status.stall.behavior == "KWTA",
}
KINDS = {"hangs": hanging.SWALLOWS, "hangs at first": hanging.LOOPS_AT_FIRST}


@dataclass(frozen=True)
class Outcome:
    """Hold how a window ended, after how long, and what it said on the way."""

    code: int
    seconds: float
    child: int
    complaints: str


def outcome_of(where: str, when: str) -> Outcome:
    """Open and close such a window and return how that went."""
    command = [sys.executable, "-m", "tests.gui.run.closing", where, when]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, env=environment, check=False
    )
    ended = time.monotonic()
    began, child, *back = done.stdout.split()
    lines = [line for line in done.stderr.splitlines() if "propagateSizeHints" not in line]
    seconds = float(back[0] if back else ended) - float(began)
    return Outcome(done.returncode, round(seconds, 2), int(child), "\n".join(lines))


def main(where: str, when: str) -> int:
    """Open the window, run, and close it when the run has come so far."""
    hanging.make_hanging()
    Runner.__init__.__kwdefaults__["patience"] = hanging.HURRIED
    QTimer.singleShot(0, lambda: _prepare(where, when))
    code = program.main([])  # which does not come back where a thread hangs
    sys.stdout.write(f"{time.monotonic()}\n")
    return code


def _prepare(where: str, when: str) -> None:
    (window,) = [w for w in program.application().topLevelWidgets() if isinstance(w, MainWindow)]
    window.when_furnished(lambda: _run(window, where, when))


def _run(window: MainWindow, where: str, when: str) -> None:
    window.settings.run_in = where
    window.settings.engine = "auto" if when == "compiling" else "reference"
    window.runner._workers = Workers(hanging.main)
    window.document.new(hanging.hangs(KINDS.get(when, hanging.NEVER)))
    window.files._now_open()
    window.actions_of["run.toggle"].trigger()
    look = QTimer(window, interval=5)

    def close() -> None:
        if REACHED[when](window.workspace.run.status):
            look.stop()
            window.document.stack.setClean()
            sys.stdout.write(f"{time.monotonic()} {_child_of(window)}\n")
            sys.stdout.flush()
            window.close()

    look.timeout.connect(close)
    look.start()


def _child_of(window: MainWindow) -> int:
    workers = window.runner._workers._workers
    return int(workers[0].process.pid or 0) if workers else 0


def _all() -> int:
    for where in ("process", "window"):
        for when in REACHED:
            sys.stdout.write(f"{where:8} {when:15} {outcome_of(where, when)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if sys.argv[1:] else _all())
