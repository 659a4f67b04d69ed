"""Plots in the window: added, set, removed, written as a figure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from conex_core.graph.model.document import Settings
from tests.gui.window.conftest import (
    neurons_of,
    press,
    until_iteration,
)

# Monitors


@pytest.mark.parametrize("dt", [1e-300, 1e300, -1.0, 0.0])
def test_plots_of_a_time_step_that_is_none_are_shown(smallest, qtbot, dt):
    """An error within Qt's own events would end the program."""
    doc = replace(smallest.document.whole, settings=Settings(dt=dt))

    smallest.document.new(doc)
    smallest.files.opened.emit()
    docks = smallest.workspace.monitors.docks.values()
    qtbot.waitUntil(lambda: any(dock.plot.isVisible() for dock in docks))

    assert {dock.monitor.kind for dock in docks} == {"raster", "voltage"}
    assert all(0 < dock.plot.dt < 1e9 for dock in docks)


def test_a_raster_of_the_selected_group_is_an_edit(smallest):
    key = neurons_of(smallest.document.state)
    smallest.workspace.canvas.select((key,))
    before = len(smallest.workspace.monitors.docks)

    press(smallest, "insert.raster")

    assert smallest.document.state.monitors[-1].targets == (key,)
    assert len(smallest.workspace.monitors.docks) == before + 1
    press(smallest, "edit.undo")
    assert len(smallest.workspace.monitors.docks) == before


def test_the_neurons_of_a_voltage_plot_are_typed_in_its_header(smallest, qtbot):
    dock = next(
        d for d in smallest.workspace.monitors.docks.values() if d.monitor.kind == "voltage"
    )

    dock.bar.fields["neurons"].setText("4, 7")
    dock.bar.fields["neurons"].editingFinished.emit()

    assert tuple(dock.monitor.params["neurons"]) == (4, 7)
    assert dock.plot.sources == () or dock.plot.sources[0].neurons == (4, 7)


def test_the_visible_time_is_chosen_in_the_header(smallest):
    dock = next(iter(smallest.workspace.monitors.docks.values()))

    dock.bar.window_length.setCurrentIndex(dock.bar.window_length.findData(5000))
    dock.bar.window_length.activated.emit(0)

    assert dock.plot.window_ms == 5000


def test_a_monitor_is_removed_by_its_header_and_comes_back_with_undo(smallest, qtbot):
    dock = next(iter(smallest.workspace.monitors.docks.values()))
    count = len(smallest.workspace.monitors.docks)

    qtbot.mouseClick(dock.bar.remove, Qt.MouseButton.LeftButton)
    assert len(smallest.workspace.monitors.docks) == count - 1

    press(smallest, "edit.undo")
    assert len(smallest.workspace.monitors.docks) == count


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_what_a_plot_shows_is_written_as_a_figure(smallest, qtbot, tmp_path, suffix):
    press(smallest, "run.for")
    until_iteration(smallest, qtbot, 100)
    dock = next(iter(smallest.workspace.monitors.docks.values()))
    target = tmp_path / f"figure{suffix}"

    dock.figure_writer()(target)

    assert target.stat().st_size > 1000


def test_a_plot_whose_addition_is_undone_comes_back_with_redo(smallest, qtbot):
    press(smallest, "insert.raster")
    added = set(smallest.workspace.monitors.docks)

    smallest.document.stack.undo()
    qtbot.wait(50)  # the dock is deleted, and the tabs are titled anew
    smallest.document.stack.redo()
    qtbot.wait(50)

    assert set(smallest.workspace.monitors.docks) == added
    assert {dock.monitor.id for dock in smallest.workspace.bench.monitors} == added


def raster_of(window):
    docks = window.workspace.monitors.docks.values()
    return next(dock for dock in docks if dock.monitor.kind == "raster")


def close_raster(window, qtbot):
    qtbot.waitUntil(lambda: window.workspace.bench.is_settled)
    gone = raster_of(window)
    tabs = window.workspace.bench.tabifiedDockWidgets(gone)
    qtbot.mouseClick(gone.bar.remove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(not dock.visibleRegion().isEmpty() for dock in tabs))
    return tabs


def is_in_front(dock):
    return not dock.visibleRegion().isEmpty()


def test_a_closed_plot_comes_back_in_front_of_the_tabs_of_its_place(smallest, qtbot):
    tabs = close_raster(smallest, qtbot)

    press(smallest, "edit.undo")

    back = raster_of(smallest)
    qtbot.waitUntil(lambda: [dock for dock in (back, *tabs) if is_in_front(dock)] == [back])
    assert set(smallest.workspace.bench.tabifiedDockWidgets(back)) == set(tabs)


def test_a_plot_that_comes_back_leaves_the_keyboard_where_one_types(smallest, qtbot):
    tabs = close_raster(smallest, qtbot)
    field = smallest.workspace.palette.findChild(QLineEdit)
    field.setFocus()

    smallest.document.stack.undo()

    back = raster_of(smallest)
    qtbot.waitUntil(lambda: [dock for dock in (back, *tabs) if is_in_front(dock)] == [back])
    assert QApplication.focusWidget() is field


def test_a_plot_that_comes_back_does_not_cover_the_field_one_types_into(smallest, qtbot):
    tabs = close_raster(smallest, qtbot)
    shown = next(dock for dock in tabs if is_in_front(dock))
    field = QLineEdit(shown)
    field.show()
    field.setFocus()

    smallest.document.stack.undo()
    qtbot.wait(50)

    assert raster_of(smallest) in smallest.workspace.bench.tabifiedDockWidgets(shown)
    assert is_in_front(shown)
    assert QApplication.focusWidget() is field
