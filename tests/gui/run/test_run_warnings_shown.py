"""What a run warns of, in the window: listed once, led to by a click, gone with the next run."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt

from conex_app.project.settings import AppSettings
from conex_app.shell.main_window import MainWindow
from conex_core import catalog as catalogs
from conex_core.graph import edits

GROUP, NOISE = "n_neurons", "b_neurons_inherentnoise"
WAIT_MS = 40_000


@pytest.fixture(params=["window", "process"])
def window(request, qtbot, tmp_path: Path) -> MainWindow:
    """Return a window with a group that fires in every iteration, run here or elsewhere."""
    settings = AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    settings.run_in = request.param
    made = MainWindow(settings)
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.show()
    made.furnish(catalogs.load())
    made.open_example("smallest")
    made.workspace.canvas.ensure_loaded()
    drive(made, 1000.0)
    return made


def drive(window: MainWindow, offset: float) -> None:
    state = window.document.state
    new = edits.set_behavior_param(state, GROUP, NOISE, "offset", offset)
    window.document.edit("Set offset", new)


def run(window: MainWindow, qtbot, iteration: int) -> None:
    """Take a hundred steps, which must end at ``iteration``, and wait for the panel."""
    window.actions_of["run.step_100"].trigger()

    def has_come() -> bool:
        status = window.workspace.run.status
        return (status.iteration, status.state) == (iteration, "paused")

    qtbot.waitUntil(has_come, timeout=WAIT_MS)


def told(window: MainWindow) -> list[str]:
    panel = window.workspace.problems
    return [each.message for each in panel.problems if each.code == "run-fast"]


def test_a_warning_is_listed_once_and_leads_to_its_node(window, qtbot):
    run(window, qtbot, 100)
    qtbot.waitUntil(lambda: len(told(window)) == 1, timeout=WAIT_MS)
    run(window, qtbot, 200)
    run(window, qtbot, 300)

    (row,) = [
        row for row in window.workspace.problems.rows.values() if row.problem.code == "run-fast"
    ]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)

    assert row.problem.severity == "warning"
    assert "between 0 ms and 100 ms" in row.message.text()
    assert window.workspace.canvas.selection == (GROUP,)
    assert window.workspace.canvas.display.cards()[GROUP].state.warnings == 1
    assert window.workspace.problems.windowTitle() == "Problems (1)"


def test_a_warning_outlives_its_run_until_the_next_one_starts(window, qtbot):
    run(window, qtbot, 100)
    qtbot.waitUntil(lambda: len(told(window)) == 1, timeout=WAIT_MS)

    window.actions_of["run.stop"].trigger()
    after_stop = told(window)
    drive(window, 0.0)
    run(window, qtbot, 100)

    assert len(after_stop) == 1
    assert told(window) == []


def test_the_log_says_it_once(window, qtbot, caplog):
    run(window, qtbot, 100)
    qtbot.waitUntil(lambda: len(told(window)) == 1, timeout=WAIT_MS)
    run(window, qtbot, 200)

    assert caplog.text.count("fires at 1,000 Hz") == 1


def test_a_group_that_was_removed_takes_its_warning_with_it(window, qtbot):
    run(window, qtbot, 100)
    qtbot.waitUntil(lambda: len(told(window)) == 1, timeout=WAIT_MS)

    window.document.edit("Remove", edits.remove(window.document.state, [GROUP]))

    qtbot.waitUntil(lambda: told(window) == [], timeout=WAIT_MS)
