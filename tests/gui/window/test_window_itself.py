"""The window itself: title, theme, panels, keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from conex_app.shell.main_window import MainWindow
from tests.gui.window.conftest import (
    neurons_of,
    press,
)

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
    first.workspace.bench.docks["palette"].hide()
    first.close()

    second = MainWindow(settings)
    qtbot.addWidget(second)
    second.show()
    second.furnish(catalog)
    second.files.new()

    assert not second.workspace.bench.docks["palette"].isVisible()
    press(second, "view.reset_layout")
    assert second.workspace.bench.docks["palette"].isVisible()
    second.close()


def test_the_sizes_of_panels_are_remembered(qtbot, settings, catalog):
    def opened() -> MainWindow:
        window = MainWindow(settings)
        qtbot.addWidget(window)
        window.resize(1440, 900)
        window.show()
        window.furnish(catalog)
        window.open_example("balanced")
        qtbot.waitUntil(lambda: window.workspace.bench.is_settled)
        return window

    def sizes(window: MainWindow) -> tuple[int, int]:
        bench = window.workspace.bench
        return bench.docks["inspector"].width(), bench.monitors[0].height()

    first = opened()
    bench, before = first.workspace.bench, sizes(first)
    bench.resizeDocks([bench.docks["inspector"]], [before[0] + 60], Qt.Orientation.Horizontal)
    bench.resizeDocks([bench.monitors[0]], [before[1] + 60], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: all(map(int.__gt__, sizes(first), before)))
    wanted = sizes(first)
    first.close()

    second = opened()

    assert sizes(second) == wanted
    second.close()


def test_the_schedule_lists_the_behaviors_in_order(smallest):
    smallest.workspace.checker.now()

    rows = smallest.workspace.schedule.rows
    assert [row.priority for row in rows] == sorted(row.priority for row in rows)
    assert any(row.behavior == "LIF" for row in rows)


def test_renaming_goes_to_the_name_in_the_inspector(smallest, qtbot):
    key = neurons_of(smallest.document.state)
    smallest.workspace.canvas.select((key,))

    press(smallest, "edit.rename")

    name = smallest.document.state.network.nodes[key].name
    assert smallest.workspace.inspector.title() == name


def test_two_selected_groups_are_connected_by_a_key(window, catalog):
    press(window, "file.new")
    window.workspace.canvas.ensure_loaded()
    press(window, "insert.NeuronGroup")
    press(window, "insert.NeuronGroup")
    window.workspace.canvas.select(tuple(window.document.state.network.nodes))

    press(window, "insert.connect")

    kinds = [node.kind for node in window.document.state.network.nodes.values()]
    assert kinds.count("SynapseGroup") == 1
