"""What a user's behavior can do to a fused run, and what the window makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings, Qt

from conex_app.project.settings import AppSettings
from conex_app.shell.main_window import MainWindow
from conex_core import catalog as catalogs
from conex_core.graph import edits
from conex_core.run.host import Workers
from tests.run.host import breakable
from tests.run.host.breakable import FATAL, RESHAPING, SPOILING

if TYPE_CHECKING:
    from conex_core.graph.checks.problems import Problem

GROUP, KWTA = "n_neurons", "b_kwta"
WAIT_MS = 40_000

FAILURES = pytest.mark.parametrize(
    ("k", "problem"),
    [
        (FATAL, "thirteen cannot win"),
        (SPOILING, "left values that are no numbers in Neurons.v"),
        (RESHAPING, "changed v from the shape (100,) to (5,)"),
    ],
    ids=["raises", "leaves-no-number", "reshapes"],
)


@pytest.fixture(params=["window", "process"])
def window(request, qtbot, tmp_path: Path, monkeypatch) -> MainWindow:
    """Return a window with a network whose KWTA can fail, run here or in another process."""
    settings = AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    settings.run_in = request.param
    breakable.make_breakable(monkeypatch.setattr)
    made = MainWindow(settings)
    made.runner._workers = Workers(breakable.main)
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.show()
    known = catalogs.load()
    made.furnish(known)
    made.open_example("smallest")
    made.workspace.canvas.ensure_loaded()
    document, params = made.document, {"k": 100}
    document.edit(
        "Add KWTA",
        edits.add_behavior(
            document.state, GROUP, "KWTA", params=params, catalog=known, item_id=KWTA
        ),
    )
    return made


def press(window: MainWindow, action_id: str) -> None:
    window.actions_of[action_id].trigger()


def fail(window: MainWindow, qtbot, k: int) -> None:
    """Run a hundred iterations, then have KWTA fail in the next one."""
    running = window.workspace.run
    press(window, "run.step_100")
    qtbot.waitUntil(
        lambda: (running.status.iteration, running.status.state) == (100, "paused"),
        timeout=WAIT_MS,
    )
    new = edits.set_behavior_param(window.document.state, GROUP, KWTA, "k", k)
    window.document.edit("Set k", new)
    press(window, "run.toggle")
    qtbot.waitUntil(lambda: running.status.state == "failed", timeout=WAIT_MS)


def failures(window: MainWindow) -> list[Problem]:
    return [each for each in window.workspace.problems.problems if each.code == "run"]


@FAILURES
def test_the_failure_names_node_behavior_and_iteration_wherever_one_looks(
    window, qtbot, k, problem
):
    fail(window, qtbot, k)

    work = window.workspace
    (listed,) = failures(window)
    assert window.workspace.run.report.engine == "fused"
    for part in ("Neurons", "KWTA", "iteration 101", problem):
        assert part in listed.message
        assert part in window.message.text.text()
    assert (listed.node, listed.behavior) == (GROUP, KWTA)
    assert work.canvas._failed == GROUP
    known = len(work.problems.problems)
    assert work.bench.docks["problems"].windowTitle() == f"Problems ({known})"
    assert window.status.problems.text().startswith(f"{known} problem")


@FAILURES
def test_the_state_is_kept_to_look_at_and_to_save(window, qtbot, k, problem, tmp_path: Path):
    fail(window, qtbot, k)

    path = tmp_path / "state.safetensors"
    window.runner.ask("save_state", path=str(path)).result(20)
    plots = [dock.plot for dock in window.workspace.monitors.docks.values()]
    assert path.stat().st_size > 0
    qtbot.waitUntil(lambda: all(plot.sources[0].ring.now >= 100 for plot in plots))
    assert all(plot.sources[0].ring.total > 0 for plot in plots)
    assert sum(window.workspace.run.status.spikes.values()) > 0


def test_a_click_on_the_problem_shows_the_behavior(window, qtbot):
    fail(window, qtbot, FATAL)
    work = window.workspace
    work.bench.docks["problems"].bring_up()

    (row,) = [each for each in work.problems.rows.values() if each.problem.code == "run"]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)

    assert work.canvas.selection == (GROUP,)


def test_the_problem_goes_with_its_run(window, qtbot):
    fail(window, qtbot, SPOILING)
    new = edits.set_behavior_param(window.document.state, GROUP, KWTA, "k", 100)
    window.document.edit("Set k", new)

    press(window, "run.stop")
    press(window, "run.step")
    qtbot.waitUntil(lambda: window.workspace.run.status.iteration == 1, timeout=WAIT_MS)

    assert not failures(window)
    assert window.workspace.canvas._failed is None
    assert not window.message.isVisible()
