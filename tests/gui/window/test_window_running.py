"""Running in the window, and changing things while the network runs."""

from __future__ import annotations

import threading

import pytest

from conex_app.shell.status import OUTDATED
from conex_core import examples
from conex_core.graph import edits
from tests.gui.window.conftest import (
    item_of,
    neurons_of,
    parameter,
    press,
    status,
    until_iteration,
    until_state,
)
from tests.run.host.breakable import FATAL, make_breakable

# Running


def test_running_an_example_fills_its_raster_with_spikes(smallest, qtbot):
    press(smallest, "run.toggle")
    until_iteration(smallest, qtbot, 200)

    raster = next(iter(smallest.workspace.monitors.docks.values()))
    qtbot.waitUntil(lambda: raster.plot.sources[0].ring.total > 0)
    qtbot.waitUntil(lambda: sum(status(smallest).spikes.values()) > 0)


def test_pause_holds_and_step_takes_one_iteration(smallest, qtbot):
    press(smallest, "run.toggle")
    until_iteration(smallest, qtbot, 20)
    press(smallest, "run.toggle")
    until_state(smallest, qtbot, "paused")
    held = smallest.runner.ask("iteration").result(10)

    press(smallest, "run.step")

    until_iteration(smallest, qtbot, held + 1)
    assert smallest.runner.ask("iteration").result(10) == held + 1


def test_the_run_action_says_what_it_would_do(smallest, qtbot):
    press(smallest, "run.toggle")
    until_state(smallest, qtbot, "running")

    assert smallest.actions_of["run.toggle"].text() == "Pause"


def test_run_for_a_time_ends_there(smallest, qtbot):
    smallest.run_bar.duration.setValue(40.0)

    press(smallest, "run.for")
    until_iteration(smallest, qtbot, 40)

    until_state(smallest, qtbot, "paused")
    assert status(smallest).sim_ms == pytest.approx(40.0)


def test_stop_resets_time_to_zero(smallest, qtbot):
    press(smallest, "run.toggle")
    until_iteration(smallest, qtbot, 20)

    press(smallest, "run.stop")

    assert status(smallest).state == "idle"
    assert "0" in smallest.run_bar.time.text()


def test_closing_the_window_in_the_middle_of_a_run_leaves_no_thread(smallest, qtbot):
    press(smallest, "run.toggle")
    until_state(smallest, qtbot, "running")

    smallest.close()

    assert not [thread for thread in threading.enumerate() if thread.name == "conex-run"]


def test_opening_another_project_ends_the_run(smallest, qtbot):
    press(smallest, "run.toggle")
    until_state(smallest, qtbot, "running")

    smallest.open_example("balanced")

    assert status(smallest).state == "idle"


def test_the_window_gives_the_spikes_of_the_session(smallest, qtbot, catalog):
    from conex_core.run.session import Session

    document = examples.load("smallest")
    expected = Session.of(document, catalog).run(100).spike_hash
    smallest.run_bar.duration.setValue(100 * document.settings.dt)

    press(smallest, "run.for")
    until_iteration(smallest, qtbot, 100)

    assert smallest.runner.ask("spike_hash").result(10) == expected


def test_the_first_run_without_monitors_opens_a_raster_that_is_no_edit(window, qtbot):
    document = examples.load("smallest")
    for monitor in document.monitors:
        document = edits.remove_monitor(document, monitor.id)
    window.document.new(document)
    window.files._now_open()

    press(window, "run.toggle")
    until_iteration(window, qtbot, 50)

    assert [dock.monitor.kind for dock in window.workspace.monitors.docks.values()] == ["raster"]
    assert window.document.is_clean
    assert not window.document.stack.canUndo()


def test_a_network_with_errors_is_not_started_but_explained(smallest):
    key = neurons_of(smallest.document.state)
    smallest.document.edit("Break", edits.set_param(smallest.document.state, key, "size", -5))

    press(smallest, "run.toggle")

    assert status(smallest).state == "idle"
    assert smallest.workspace.canvas.selection == (key,)
    assert smallest.workspace.problems.problems


def test_a_failing_behavior_marks_its_node_and_the_program_goes_on(
    smallest, catalog, qtbot, monkeypatch
):
    document = smallest.document
    group, kwta = neurons_of(document.state), {"k": FATAL}
    more = edits.add_behavior(document.state, group, "KWTA", params=kwta, catalog=catalog)
    document.edit("Add KWTA", more)

    with monkeypatch.context() as patch:
        make_breakable(patch.setattr)
        press(smallest, "run.toggle")
        until_state(smallest, qtbot, "failed")

    assert smallest.workspace.canvas._failed == neurons_of(smallest.document.state)
    assert smallest.message.isVisible()
    assert "KWTA" in smallest.message.text.text()
    press(smallest, "run.stop")
    press(smallest, "run.step")
    until_iteration(smallest, qtbot, 1)
    assert smallest.workspace.canvas._failed is None


# Changing things while running


def test_a_live_parameter_changes_the_running_network(smallest, qtbot):
    node, item = item_of(smallest.document.state, "LIF")
    press(smallest, "run.step")
    until_iteration(smallest, qtbot, 1)

    state = smallest.document.state
    smallest.document.edit("Set tau", edits.set_behavior_param(state, node, item, "tau", 7.5))

    found = parameter(smallest, node, item, "tau")
    assert found == 7.5
    assert not smallest.workspace.run.is_outdated


def test_undo_of_a_live_change_reaches_the_running_network(smallest, qtbot):
    node, item = item_of(smallest.document.state, "LIF")
    press(smallest, "run.step")
    until_iteration(smallest, qtbot, 1)
    before = parameter(smallest, node, item, "tau")
    state = smallest.document.state
    smallest.document.edit("Set tau", edits.set_behavior_param(state, node, item, "tau", 7.5))

    press(smallest, "edit.undo")

    found = parameter(smallest, node, item, "tau")
    assert found == before


def test_a_change_that_needs_a_new_run_is_said(smallest, qtbot):
    key = neurons_of(smallest.document.state)
    press(smallest, "run.step")
    until_iteration(smallest, qtbot, 1)

    smallest.document.edit("Grow", edits.set_param(smallest.document.state, key, "size", 321))

    assert smallest.workspace.run.is_outdated
    qtbot.waitUntil(lambda: smallest.status._standing == OUTDATED)


def test_moving_and_renaming_do_not_need_a_new_run(smallest, qtbot):
    key = neurons_of(smallest.document.state)
    press(smallest, "run.step")
    until_iteration(smallest, qtbot, 1)

    moved = edits.move(smallest.document.state, {key: (500.0, 5.0)})
    smallest.document.edit("Move", edits.rename(moved, key, "Cells"))

    assert not smallest.workspace.run.is_outdated
