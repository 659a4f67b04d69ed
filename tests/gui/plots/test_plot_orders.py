"""Plots come and go in any order, and the others go on; what they show is of this run."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QPropertyAnimation, Qt
from PySide6.QtWidgets import QApplication

from conex_app.plots.docks import RESTED
from conex_core import examples
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.helpers.visualization.over_time.ticks import Label
from tests.trials.plot_cycles import cycle
from tests.trials.plot_orders import PlotOrders, made_window

_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


@pytest.fixture
def window(qtbot, tmp_path):
    made = made_window(tmp_path)
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    return made


def docks(window) -> list:
    return list(window.workspace.monitors.docks.values())


def settle(window) -> None:
    for _ in range(3):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def opened(window, tmp_path, kinds) -> None:
    doc = examples.load("smallest")
    monitors = [edits.add_monitor(doc, kind, monitor_id=f"m{n}") for n, kind in enumerate(kinds)]
    doc = replace(doc, monitors=tuple(each.monitors[-1] for each in monitors))
    project_file.save(doc, tmp_path / "file.conex")
    window.document.stack.setClean()
    window.open(tmp_path / "file.conex")
    settle(window)


def ran(window, qtbot, iteration: int = 150) -> None:
    window.actions_of["run.toggle"].trigger()
    qtbot.waitUntil(lambda: window.workspace.run.status.iteration >= iteration, timeout=60_000)


def places(window) -> list:
    bench = window.workspace.bench
    return [
        (bench.dockWidgetArea(d), d.isFloating(), d.visibleRegion().isEmpty() or d.geometry())
        for d in docks(window)
    ]


@pytest.mark.parametrize("seed", [2, 5, 11])
def test_plots_go_in_any_order_and_the_others_go_on(window, tmp_path, seed):
    with PlotOrders(window, seed, tmp_path) as orders:
        for _ in range(30):
            orders.step()

    assert window.runner.close(20)
    assert orders.done.total() == 30


def test_when_the_first_plot_is_closed_the_others_zoom_and_pause_together(window):
    for kind in ("raster", "voltage", "rate"):
        window.workspace.monitors.add(kind, ())
    docks(window)[0].bar.remove.click()
    settle(window)
    left = [dock.plot for dock in docks(window)]

    left[0].set_window(5000.0)
    left[-1].set_paused(True)

    assert {plot.window_ms for plot in left} == {5000.0}
    assert all(dock.bar.pause.isChecked() for dock in docks(window))


def test_a_closed_plot_leaves_no_room_for_its_names_behind(window):
    window.workspace.monitors.add("voltage", ())
    gone = docks(window)[-1].plot
    shared = gone.time_view

    gone.show_labels([Label(0.5, "a long name " * 9)], [])
    wide = shared.gutter
    docks(window)[-1].bar.remove.click()
    settle(window)

    assert shared.gutter < wide


def test_a_plot_of_another_kind_with_the_same_id_is_shown_as_what_it_is(window, tmp_path):
    opened(window, tmp_path, ["raster", "voltage"])
    opened(window, tmp_path, ["voltage", "rate"])

    assert [dock.plot.drawing.kind for dock in docks(window)] == ["voltage", "rate"]
    assert [dock.windowTitle() for dock in docks(window)] == ["Voltage", "Rate"]


def test_another_project_begins_with_its_own_time_and_no_old_data(window, tmp_path, qtbot):
    opened(window, tmp_path, ["raster"])
    ran(window, qtbot)
    docks(window)[0].plot.set_paused(True)
    docks(window)[0].plot.set_window(200.0)
    opened(window, tmp_path, ["raster"])

    plot = docks(window)[0].plot

    assert (plot.paused, plot.window_ms) == (False, 1000.0)
    assert plot.sources[0].ring.total == 0


def test_a_plot_that_comes_back_with_undo_has_its_data_again(window, qtbot):
    ran(window, qtbot)
    dock = docks(window)[0]
    qtbot.waitUntil(lambda: dock.plot.sources[0].ring.total > 0, timeout=30_000)
    held = dock.plot.sources[0].ring.total

    dock.bar.remove.click()
    settle(window)
    window.document.undo()
    settle(window)

    assert docks(window)[-1].plot.sources[0].ring.total >= held


def test_undo_after_a_first_run_takes_back_the_users_edit_and_leaves_the_raster(
    window, tmp_path, qtbot
):
    opened(window, tmp_path, [])
    state = window.document.state
    key = next(iter(state.network.nodes))
    window.document.edit("Rename", edits.rename(state, key, "Mine"))
    ran(window, qtbot)

    window.actions_of["edit.undo"].trigger()

    assert window.document.whole == project_file.load(tmp_path / "file.conex")
    assert [dock.monitor.kind for dock in docks(window)] == ["raster"]
    plot = docks(window)[0].plot
    qtbot.waitUntil(lambda: plot.sources[0].ring.total > 0)


def test_the_raster_of_a_first_run_can_be_set_undone_and_closed(window, tmp_path, qtbot):
    opened(window, tmp_path, [])
    window.workspace.monitors.add_first()
    length = docks(window)[0].bar.window_length
    length.setCurrentIndex(length.findData(5000))

    length.activated.emit(length.currentIndex())
    kept = [monitor.params["window"] for monitor in window.document.whole.monitors]
    window.document.undo()
    shown = len(docks(window))
    docks(window)[0].bar.remove.click()

    assert (kept, shown) == ([5000], 1)
    assert not docks(window)


def test_data_of_a_run_that_is_over_are_marked_until_the_next_ones_come(window, qtbot):
    ran(window, qtbot)
    plot = docks(window)[0].plot
    qtbot.waitUntil(lambda: plot.sources[0].ring.now > 0, timeout=30_000)
    plot.refresh()
    during = plot._mark.isVisible()

    window.workspace.run.stop()
    plot.refresh()
    after, old = plot._mark.isVisible(), plot.sources[0].ring
    window.actions_of["run.toggle"].trigger()
    while_building = plot.sources[0].ring is old and plot._mark.isVisible()
    qtbot.waitUntil(lambda: plot.sources[0].ring is not old, timeout=30_000)
    plot.refresh()

    assert (during, after, while_building) == (False, True, True)
    assert not plot._mark.isVisible()


def test_a_figure_is_written_beside_the_windows_thread(window, qtbot, tmp_path, monkeypatch):
    ran(window, qtbot)
    dock, target, threads = docks(window)[0], tmp_path / "raster.svg", []
    figure = dock.plot.drawing.figure
    dock.plot.drawing.figure = lambda *a, **k: (
        threads.append(threading.current_thread()) or figure(*a, **k)
    )
    dock.plot.refresh()

    with qtbot.waitSignal(window.workspace.monitors._figures.finished, timeout=30_000) as done:
        window.workspace.monitors.write_figure(dock.figure_writer(), target)

    assert done.args == [target, ""]
    assert threads[0] is not threading.main_thread()
    assert target.stat().st_size > 1000


def test_a_figure_that_cannot_be_written_is_told(window, qtbot, tmp_path):
    with qtbot.waitSignal(window.workspace.monitors.failed, timeout=30_000) as told:
        write = docks(window)[0].figure_writer()
        window.workspace.monitors.write_figure(write, tmp_path / "no folder" / "raster.svg")

    assert "cannot be written" in told.args[0]


def test_the_run_of_the_project_before_is_not_asked_for_the_next_ones_data(
    window, tmp_path, qtbot, caplog
):
    ran(window, qtbot)
    window.document.stack.setClean()
    window.open_example("balanced")
    settle(window)
    qtbot.wait(100)

    assert "nothing to show" not in caplog.text


def lasting(window) -> list[QObject]:
    """Return all that lives in a window; Qt's docks come and go with animations."""
    found = window.findChildren(QObject)
    return [one for one in found if not isinstance(one, QPropertyAnimation)]


def test_plots_that_come_and_go_leave_nothing_behind(window):
    for number in range(3):
        cycle(window, number)
    threads, objects = threading.active_count(), len(lasting(window))
    for number in range(12):
        cycle(window, number)

    assert threading.active_count() <= threads
    assert len(lasting(window)) <= objects
    assert len(window.workspace.monitors._rested) <= RESTED


# Places


def test_two_plots_side_by_side_leave_room_in_a_small_window(window, tmp_path, qtbot):
    opened(window, tmp_path, ["raster", "voltage"])
    qtbot.waitUntil(lambda: window.workspace.bench.is_settled)

    wide = [dock.minimumSizeHint().width() for dock in docks(window)]
    high = [dock.minimumSizeHint().height() for dock in docks(window)]

    assert sum(wide) <= 640
    assert max(high) <= 150


def test_the_same_file_lands_in_the_same_places_each_time(window, tmp_path, qtbot):
    seen = []
    for _ in range(3):
        opened(window, tmp_path, ["raster", "voltage", "rate"])
        qtbot.waitUntil(lambda: window.workspace.bench.is_settled)
        seen.append(places(window))

    assert seen[0] == seen[1] == seen[2]


def test_a_plot_that_was_moved_is_there_again_in_the_next_project(window, tmp_path, qtbot):
    opened(window, tmp_path, ["raster", "voltage"])
    qtbot.waitUntil(lambda: window.workspace.bench.is_settled)
    right = Qt.DockWidgetArea.RightDockWidgetArea
    window.workspace.bench.addDockWidget(right, docks(window)[1])
    settle(window)

    opened(window, tmp_path, ["raster", "rate"])

    assert window.workspace.bench.dockWidgetArea(docks(window)[1]) == right


def test_a_third_plot_is_a_tab_also_in_a_remembered_layout(window, tmp_path, qtbot):
    opened(window, tmp_path, ["raster", "voltage"])
    qtbot.waitUntil(lambda: window.workspace.bench.is_settled)
    opened(window, tmp_path, ["raster", "voltage", "rate"])
    qtbot.waitUntil(lambda: window.workspace.bench.is_settled)
    bench = window.workspace.bench

    assert docks(window)[0] in bench.tabifiedDockWidgets(docks(window)[2])
    assert docks(window)[1] not in bench.tabifiedDockWidgets(docks(window)[0])


def test_a_new_plot_takes_the_place_that_is_free(window, tmp_path, qtbot):
    opened(window, tmp_path, ["raster", "voltage"])
    bench = window.workspace.bench
    docks(window)[0].bar.remove.click()
    settle(window)

    window.workspace.monitors.add("rate", ())
    settle(window)

    voltage, rate = docks(window)
    assert bench.docks["problems"] in bench.tabifiedDockWidgets(rate)
    assert voltage not in bench.tabifiedDockWidgets(rate)
    assert bench.dockWidgetArea(rate) == _BOTTOM
