"""Runs that hang, as a user meets them, and windows that are closed meanwhile."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from conex_app.project.settings import AppSettings
from conex_app.run.runner import Runner
from conex_app.run.stalls import CANNOT_END
from conex_app.shell.main_window import MainWindow
from conex_core import catalog as catalogs
from conex_core.run.host import Workers
from tests.gui.run.closing import REACHED, outcome_of
from tests.gui.run.test_run_in_process import is_running, press, until, workers_of
from tests.run.host import hanging
from tests.run.host.conftest import GROUP

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by POSIX signals")


@pytest.fixture
def window(qtbot, tmp_path: Path) -> MainWindow:
    """Return a window whose runs can hang, in the process that the test chooses."""
    settings = AppSettings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    runner = Runner(
        run_in=lambda: settings.run_in,
        engine=lambda: "reference",  # compiling takes long, and nothing here needs it
        patience=hanging.HURRIED,
    )
    runner._workers = Workers(hanging.main)
    made = MainWindow(settings, runner)
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.show()
    made.furnish(catalogs.load())
    return made


def opened(window: MainWindow, k: int) -> None:
    window.document.new(hanging.hangs(k))
    window.files._now_open()
    window.workspace.canvas.ensure_loaded()


def until_it_hangs(window: MainWindow, qtbot) -> None:
    reached = REACHED["hangs"]
    qtbot.waitUntil(lambda: reached(window.workspace.run.status), timeout=30_000)


def test_a_run_that_hangs_is_told_and_marked_and_stop_lets_the_next_one_run(window, qtbot):
    window.settings.run_in = "process"
    opened(window, hanging.SWALLOWS)
    press(window, "run.toggle")
    until_it_hangs(window, qtbot)
    (process,) = workers_of(window)

    assert "KWTA of Neurons, iteration 4" in window.message.text.text()
    assert window.status.state.text().startswith("Not answering for")
    assert window.workspace.canvas._failed == GROUP
    press(window, "run.stop")
    assert not window.message.isVisible()
    assert window.workspace.canvas._failed is None
    qtbot.waitUntil(lambda: not is_running(process), timeout=3_000)
    opened(window, hanging.NEVER)
    press(window, "run.toggle")
    until(window, qtbot, "running", 10)


def test_another_project_ends_a_run_that_hangs(window, qtbot):
    window.settings.run_in = "process"
    opened(window, hanging.SWALLOWS)
    press(window, "run.toggle")
    until_it_hangs(window, qtbot)
    (process,) = workers_of(window)

    assert window.files.new()

    assert not window.message.isVisible()
    qtbot.waitUntil(lambda: not is_running(process), timeout=3_000)


def test_a_run_in_the_window_that_hangs_offers_to_save_and_leaves_room_for_others(
    window, qtbot, monkeypatch
):
    hanging.make_hanging(monkeypatch.setattr)
    hanging.free.clear()
    window.settings.run_in = "window"
    opened(window, hanging.SWALLOWS)
    press(window, "run.toggle")
    until_it_hangs(window, qtbot)

    assert CANNOT_END in window.message.text.text()
    assert window.message.action.text() == "Save the project"
    press(window, "run.stop")
    assert window.message.text.text() == CANNOT_END
    assert window.runner.is_stuck
    opened(window, hanging.NEVER)
    press(window, "run.toggle")
    until(window, qtbot, "running", 10)
    assert window.workspace.run.status.host == "process"
    assert "cannot be ended" in window.status.place.toolTip()
    hanging.free.set()
    qtbot.waitUntil(lambda: not window.runner.is_stuck, timeout=5_000)


@pytest.mark.parametrize(
    ("where", "when"),
    [("process", "building"), ("process", "hangs"), ("window", "hangs")],
)
def test_a_window_closed_meanwhile_is_gone_within_three_seconds(own_folders, where, when):
    outcome = outcome_of(where, when)

    assert outcome.code == 0
    assert outcome.seconds < 3.0
    assert outcome.complaints == ""
    assert outcome.child == 0 or not is_running(outcome.child)
