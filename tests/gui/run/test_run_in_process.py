"""The window and a run in a process of its own, as a user meets the two."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from conex_app.project.settings import AppSettings
from conex_app.shell.main_window import MainWindow
from conex_core import catalog as catalogs
from conex_core.graph import edits
from conex_core.run.host import RUN_IN, Workers
from tests.run.host.breakable import main_that_fails

LONG_MS = 60_000  # what is waited for comes in a second, but not on a busy machine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by POSIX signals")


@pytest.fixture
def settings(tmp_path: Path) -> AppSettings:
    return AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def window(qtbot, settings) -> MainWindow:
    settings.run_in = "process"
    made = MainWindow(settings)
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.show()
    made.furnish(catalogs.load())
    made.open_example("smallest")
    made.workspace.canvas.ensure_loaded()
    return made


def press(window: MainWindow, action_id: str) -> None:
    window.actions_of[action_id].trigger()


def until(window: MainWindow, qtbot, state: str, iteration: int = 0) -> None:
    def reached() -> bool:
        status = window.workspace.run.status
        return status.state == state and status.iteration >= iteration

    qtbot.waitUntil(reached, timeout=LONG_MS)


def workers_of(window: MainWindow) -> list[int]:
    """Return the processes that live; one that died may not be sorted out yet."""
    workers = [worker.process for worker in window.runner._workers._workers]
    return [process.pid for process in workers if process.is_alive()]


def threads_of_ours() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name.startswith("conex-")]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_choice_is_remembered_and_marked_in_the_menu(window, settings):
    marked = {}
    for name in reversed(RUN_IN):
        press(window, f"run.in.{name}")
        marked[name] = [each for each in RUN_IN if window.actions_of[f"run.in.{each}"].isChecked()]

    assert marked == {name: [name] for name in RUN_IN}
    assert settings.run_in == RUN_IN[0]


def test_a_run_goes_on_after_its_process_was_killed_and_ends_with_the_window(window, qtbot):
    press(window, "run.toggle")
    until(window, qtbot, "running", 100)
    plots = [dock.plot for dock in window.workspace.monitors.docks.values()]
    qtbot.waitUntil(lambda: all(plot.sources[0].ring.total for plot in plots), timeout=LONG_MS)
    node = next(n for n in window.document.state.network.nodes.values() if n.kind == "NeuronGroup")
    lif = next(item.id for item in node.stack if item.kind == "LIF")
    new = edits.set_behavior_param(window.document.state, node.id, lif, "tau", 7.5)
    window.document.edit("Set tau", new)
    asked = {"node": node.id, "item": lif, "name": "tau"}
    assert window.runner.ask("parameter", **asked).result(60) == 7.5
    assert window.status.place.text() == "in its own process"

    (killed,) = workers_of(window)
    os.kill(killed, signal.SIGKILL)
    until(window, qtbot, "failed")

    assert "was killed (SIGKILL)" in window.message.text.text()
    assert all(plot.sources[0].ring.total for plot in plots)
    press(window, "run.toggle")
    until(window, qtbot, "running", 10)
    assert not window.message.isVisible()
    (second,) = workers_of(window)
    window.document.stack.setClean()
    window.close()
    qtbot.waitUntil(lambda: not is_running(second), timeout=LONG_MS)
    qtbot.waitUntil(lambda: not threads_of_ours(), timeout=LONG_MS)


def test_where_no_process_can_start_the_run_takes_place_here_and_says_so(window, qtbot):
    window.runner._workers = Workers(main_that_fails)

    press(window, "run.step_10")
    # A notice of some seconds, which a slow machine may need to get to the end.
    qtbot.waitUntil(lambda: "exit code 3" in window.status.state.text(), timeout=LONG_MS)
    until(window, qtbot, "paused", 10)

    assert window.status.place.text() == "in the window's process"
    assert "exit code 3" in window.status.place.toolTip()
    assert window.workspace.run.status.iteration == 10
