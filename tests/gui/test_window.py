from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMessageBox

from conex_app.main_window import MainWindow
from conex_app.panels.status import OUTDATED
from conex_app.settings import AppSettings
from conex_core import catalog as catalogs
from conex_core import examples
from conex_core.catalog import Catalog
from conex_core.graph import edits, file
from conex_core.graph.state import Document
from tests.run.host.breakable import FATAL, make_breakable

_BUTTON = QMessageBox.StandardButton


@pytest.fixture
def catalog() -> Catalog:
    return catalogs.load()


@pytest.fixture
def settings(tmp_path: Path) -> AppSettings:
    return AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def window(qtbot, settings, catalog) -> MainWindow:
    made = MainWindow(settings)
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.show()
    made.furnish(catalog)
    return made


@pytest.fixture
def smallest(window, qtbot) -> MainWindow:
    window.open_example("smallest")
    window.parts.bench.canvas.ensure_loaded()
    return window


@pytest.fixture
def answer(window, monkeypatch):
    """Return a list of the questions asked; the first item of ``replies`` answers."""

    class Asked(list):
        reply = _BUTTON.Cancel

    asked = Asked()

    def ask() -> QMessageBox.StandardButton:
        asked.append(window.document.state.name)
        return asked.reply

    monkeypatch.setattr(window.files, "_ask_about_changes", ask)
    return asked


def press(window: MainWindow, action_id: str) -> None:
    window.actions_of[action_id].trigger()


def status(window: MainWindow):
    return window.runner.status()


def until_state(window: MainWindow, qtbot, state: str) -> None:
    qtbot.waitUntil(lambda: window.parts.running.status.state == state, timeout=30_000)


def until_iteration(window: MainWindow, qtbot, iteration: int) -> None:
    qtbot.waitUntil(lambda: window.parts.running.status.iteration >= iteration, timeout=30_000)


def neurons_of(document: Document) -> str:
    return next(key for key, n in document.network.nodes.items() if n.kind == "NeuronGroup")


def item_of(document: Document, kind: str) -> tuple[str, str]:
    node = document.network.nodes[neurons_of(document)]
    return node.id, next(item.id for item in node.stack if item.kind == kind)


def parameter(window: MainWindow, node: str, item: str, name: str):
    """Return a parameter as the running network has it."""
    return window.runner.ask("parameter", node=node, item=item, name=name).result(10)


# The start page


def test_the_start_page_is_shown_while_no_project_is_open(window):
    assert window.welcome.isVisible()
    assert not window.run_bar.isVisible()
    assert not window.actions_of["file.save"].isEnabled()


def test_each_shipped_example_has_a_button(window):
    assert list(window.welcome.example_buttons) == examples.names()


def test_an_example_opened_from_the_start_page_takes_its_place(window, qtbot):
    qtbot.mouseClick(window.welcome.example_buttons["smallest"], Qt.MouseButton.LeftButton)

    assert not window.welcome.isVisible()
    assert window.run_bar.isVisible()
    assert window.document.state.name == examples.load("smallest").name


def test_a_wish_before_the_window_is_furnished_is_kept(qtbot, settings, catalog):
    window = MainWindow(settings)
    qtbot.addWidget(window)
    window.open_example("smallest")

    window.furnish(catalog)

    assert window.files.is_open
    window.close()


def test_closing_the_project_shows_the_start_page_again(smallest):
    press(smallest, "file.close")

    assert smallest.welcome.isVisible()
    assert not smallest.files.is_open


# Running


def test_running_an_example_fills_its_raster_with_spikes(smallest, qtbot):
    press(smallest, "run.toggle")
    until_iteration(smallest, qtbot, 200)

    raster = next(iter(smallest.parts.monitors.docks.values()))
    assert raster.plot.sources[0].ring.total > 0
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


def test_the_first_run_without_monitors_opens_a_raster_that_undo_takes_away(window, qtbot):
    document = examples.load("smallest")
    for monitor in document.monitors:
        document = edits.remove_monitor(document, monitor.id)
    window.document.new(document)
    window.files._now_open()

    press(window, "run.toggle")
    until_iteration(window, qtbot, 50)

    assert [dock.monitor.kind for dock in window.parts.monitors.docks.values()] == ["raster"]
    press(window, "edit.undo")
    assert not window.parts.monitors.docks


def test_a_network_with_errors_is_not_started_but_explained(smallest):
    key = neurons_of(smallest.document.state)
    smallest.document.edit("Break", edits.set_param(smallest.document.state, key, "size", -5))

    press(smallest, "run.toggle")

    assert status(smallest).state == "idle"
    assert smallest.parts.bench.canvas.selection == (key,)
    assert smallest.parts.bench.problems.problems


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

    assert smallest.parts.bench.canvas._failed == neurons_of(smallest.document.state)
    assert smallest.message.isVisible()
    assert "KWTA" in smallest.message.text.text()
    press(smallest, "run.stop")
    press(smallest, "run.step")
    until_iteration(smallest, qtbot, 1)
    assert smallest.parts.bench.canvas._failed is None


# Changing things while running


def test_a_live_parameter_changes_the_running_network(smallest, qtbot):
    node, item = item_of(smallest.document.state, "LIF")
    press(smallest, "run.step")
    until_iteration(smallest, qtbot, 1)

    state = smallest.document.state
    smallest.document.edit("Set tau", edits.set_behavior_param(state, node, item, "tau", 7.5))

    found = parameter(smallest, node, item, "tau")
    assert found == 7.5
    assert not smallest.parts.running.is_outdated


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

    assert smallest.parts.running.is_outdated
    qtbot.waitUntil(lambda: smallest.status._standing == OUTDATED)


def test_moving_and_renaming_do_not_need_a_new_run(smallest, qtbot):
    key = neurons_of(smallest.document.state)
    press(smallest, "run.step")
    until_iteration(smallest, qtbot, 1)

    moved = edits.move(smallest.document.state, {key: (500.0, 5.0)})
    smallest.document.edit("Move", edits.rename(moved, key, "Cells"))

    assert not smallest.parts.running.is_outdated


# Monitors


def test_a_raster_of_the_selected_group_is_an_edit(smallest):
    key = neurons_of(smallest.document.state)
    smallest.parts.bench.canvas.select((key,))
    before = len(smallest.parts.monitors.docks)

    press(smallest, "insert.raster")

    assert smallest.document.state.monitors[-1].targets == (key,)
    assert len(smallest.parts.monitors.docks) == before + 1
    press(smallest, "edit.undo")
    assert len(smallest.parts.monitors.docks) == before


def test_the_neurons_of_a_voltage_plot_are_typed_in_its_header(smallest, qtbot):
    dock = next(d for d in smallest.parts.monitors.docks.values() if d.monitor.kind == "voltage")

    dock.bar.neurons.setText("4, 7")
    dock.bar.neurons.editingFinished.emit()

    assert tuple(dock.monitor.params["neurons"]) == (4, 7)
    assert dock.plot.sources == () or dock.plot.sources[0].neurons == (4, 7)


def test_the_visible_time_is_chosen_in_the_header(smallest):
    dock = next(iter(smallest.parts.monitors.docks.values()))

    dock.bar.window_length.setCurrentIndex(dock.bar.window_length.findData(5000))
    dock.bar.window_length.activated.emit(0)

    assert dock.plot.window_ms == 5000


def test_a_monitor_is_removed_by_its_header_and_comes_back_with_undo(smallest, qtbot):
    dock = next(iter(smallest.parts.monitors.docks.values()))
    count = len(smallest.parts.monitors.docks)

    qtbot.mouseClick(dock.bar.remove, Qt.MouseButton.LeftButton)
    assert len(smallest.parts.monitors.docks) == count - 1

    press(smallest, "edit.undo")
    assert len(smallest.parts.monitors.docks) == count


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_what_a_plot_shows_is_written_as_a_figure(smallest, qtbot, tmp_path, suffix):
    press(smallest, "run.for")
    until_iteration(smallest, qtbot, 100)
    dock = next(iter(smallest.parts.monitors.docks.values()))
    target = tmp_path / f"figure{suffix}"

    assert dock.export_figure(target)

    assert target.stat().st_size > 1000


# Files


def test_a_saved_project_opens_again_the_same(smallest, tmp_path, monkeypatch):
    target = tmp_path / "mine.conex"
    monkeypatch.setattr(smallest.files, "_ask_save", lambda *_args: target)

    press(smallest, "file.save")
    smallest.open_example("balanced")
    smallest.open(target)

    assert smallest.document.state == file.load(target)
    assert smallest.document.path == target
    assert smallest.settings.recent == [target]


def test_a_broken_file_leaves_the_open_project_as_it_is(smallest, tmp_path):
    broken = tmp_path / "broken.conex"
    broken.write_text('{"format": ', encoding="utf-8")
    before = smallest.document.state

    smallest.open(broken)

    assert smallest.document.state is before
    assert smallest.message.isVisible()
    assert "broken.conex" in smallest.message.text.text()


def test_unsaved_changes_are_asked_about_and_cancel_keeps_everything(smallest, answer):
    press(smallest, "insert.NeuronGroup")
    before = smallest.document.state

    smallest.open_example("balanced")

    assert len(answer) == 1
    assert smallest.document.state is before


def test_discarding_changes_opens_the_other_project(smallest, answer):
    press(smallest, "insert.NeuronGroup")
    answer.reply = _BUTTON.Discard

    smallest.open_example("balanced")

    assert smallest.document.state.name == examples.load("balanced").name


def test_saving_when_asked_writes_the_file_first(smallest, answer, tmp_path, monkeypatch):
    target = tmp_path / "kept.conex"
    monkeypatch.setattr(smallest.files, "_ask_save", lambda *_args: target)
    press(smallest, "insert.NeuronGroup")
    answer.reply = _BUTTON.Save
    nodes = len(smallest.document.state.network.nodes)

    smallest.open_example("balanced")

    assert len(file.load(target).network.nodes) == nodes


def test_closing_with_unsaved_changes_can_be_cancelled(smallest, answer):
    press(smallest, "insert.NeuronGroup")

    smallest.close()

    assert smallest.isVisible()
    assert len(answer) == 1


def test_a_clean_project_closes_without_a_question(smallest, answer):
    smallest.close()

    assert not answer


def test_a_project_file_dropped_on_the_window_opens(window, tmp_path):
    target = tmp_path / "dropped.conex"
    file.save(examples.load("balanced"), target)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(target))])
    action = Qt.DropAction.CopyAction
    event = QDropEvent(
        QPointF(5, 5), action, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )

    window.dropEvent(event)

    assert window.document.path == target


def test_undo_to_empty_and_redo_saves_the_same_bytes(window, tmp_path):
    press(window, "file.new")
    window.parts.bench.canvas.ensure_loaded()
    press(window, "insert.NeuronGroup")
    press(window, "insert.InputLayer")
    press(window, "insert.raster")
    first, second = tmp_path / "first.conex", tmp_path / "second.conex"
    window.document.save(first)

    while window.actions_of["edit.undo"].isEnabled():
        press(window, "edit.undo")
    assert window.document.state == Document()
    while window.actions_of["edit.redo"].isEnabled():
        press(window, "edit.redo")
    window.document.save(second)

    assert first.read_bytes() == second.read_bytes()


# The window itself


def test_the_title_says_which_project_and_whether_it_is_saved(smallest):
    assert smallest.document.state.name in smallest.windowTitle()
    assert not smallest.isWindowModified()

    press(smallest, "insert.NeuronGroup")

    assert smallest.isWindowModified()


@pytest.mark.parametrize("name", ["dark", "light", "system"])
def test_a_theme_is_worn_at_once_and_remembered(smallest, settings, name):
    press(smallest, f"view.theme.{name}")

    assert settings.theme == name
    assert smallest.actions_of[f"view.theme.{name}"].isChecked()


def test_the_layout_of_panels_is_remembered(qtbot, settings, catalog):
    first = MainWindow(settings)
    qtbot.addWidget(first)
    first.show()
    first.furnish(catalog)
    first.files.new()
    first.parts.bench.docks["palette"].hide()
    first.close()

    second = MainWindow(settings)
    qtbot.addWidget(second)
    second.show()
    second.furnish(catalog)
    second.files.new()

    assert not second.parts.bench.docks["palette"].isVisible()
    press(second, "view.reset_layout")
    assert second.parts.bench.docks["palette"].isVisible()
    second.close()


def test_the_sizes_of_panels_are_remembered(qtbot, settings, catalog):
    def opened() -> MainWindow:
        window = MainWindow(settings)
        qtbot.addWidget(window)
        window.resize(1440, 900)
        window.show()
        window.furnish(catalog)
        window.open_example("balanced")
        qtbot.waitUntil(lambda: window.parts.bench.is_settled)
        return window

    def sizes(window: MainWindow) -> tuple[int, int]:
        bench = window.parts.bench
        return bench.docks["inspector"].width(), bench.monitors[0].height()

    first = opened()
    bench, before = first.parts.bench, sizes(first)
    bench.resizeDocks([bench.docks["inspector"]], [before[0] + 60], Qt.Orientation.Horizontal)
    bench.resizeDocks([bench.monitors[0]], [before[1] + 60], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: all(map(int.__gt__, sizes(first), before)))
    wanted = sizes(first)
    first.close()

    second = opened()

    assert sizes(second) == wanted
    second.close()


def test_the_schedule_lists_the_behaviors_in_order(smallest):
    smallest.parts.checker.now()

    rows = smallest.parts.bench.schedule.rows
    assert [row.priority for row in rows] == sorted(row.priority for row in rows)
    assert any(row.behavior == "LIF" for row in rows)


def test_renaming_goes_to_the_name_in_the_inspector(smallest, qtbot):
    key = neurons_of(smallest.document.state)
    smallest.parts.bench.canvas.select((key,))

    press(smallest, "edit.rename")

    name = smallest.document.state.network.nodes[key].name
    assert smallest.parts.bench.inspector.title() == name


def test_two_selected_groups_are_connected_by_a_key(window, catalog):
    press(window, "file.new")
    window.parts.bench.canvas.ensure_loaded()
    press(window, "insert.NeuronGroup")
    press(window, "insert.NeuronGroup")
    window.parts.bench.canvas.select(tuple(window.document.state.network.nodes))

    press(window, "insert.connect")

    kinds = [node.kind for node in window.document.state.network.nodes.values()]
    assert kinds.count("SynapseGroup") == 1


def test_a_plot_whose_addition_is_undone_comes_back_with_redo(smallest, qtbot):
    press(smallest, "insert.raster")
    added = set(smallest.parts.monitors.docks)

    smallest.document.stack.undo()
    qtbot.wait(50)  # the dock is deleted, and the tabs are titled anew
    smallest.document.stack.redo()
    qtbot.wait(50)

    assert set(smallest.parts.monitors.docks) == added
    assert {dock.monitor.id for dock in smallest.parts.bench.monitors} == added
