"""Plots in the window: any kind is added, set and drawn; what is wrong stays alone."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QMenu

from conex_app.project.settings import AppSettings
from conex_app.shell.main_window import MainWindow
from conex_core import catalog as catalogs
from conex_core.catalog_reader import read_plots
from conex_core.graph import edits
from conex_core.graph.files.project_file import to_text
from conex_core.helpers.visualization import plots
from conex_core.helpers.visualization.stand_in import StandIn

MATRIX = '''
from PySide6.QtWidgets import QLabel, QWidget  # only this test may: it is not read at a start

from conex_core.helpers.visualization.plot import Plot, Watch
from conex_core.helpers.visualization.stand_in import StandIn


class Picture(StandIn):
    seen = None

    def refresh(self):
        for source in self.sources:
            self.seen = source.ring.latest() or self.seen


class Matrix(Plot):
    """Show the weights of synapses."""

    kind = "matrix"
    title = "Matrix"
    icon = "ph.grid-four"
    shortcut = "Ctrl+Shift+M"
    sign = (((0, 0), (9, 9)),)
    empty = "Run"
    watches = (Watch("weights", "snapshot", of=("SynapseGroup",)),)

    def live(self, sources=(), **look):
        return Picture("", **look)
'''


@pytest.fixture
def window_of(qtbot, tmp_path):
    def show(catalog=None, example="smallest") -> MainWindow:
        path = str(tmp_path / "settings.ini")
        made = MainWindow(AppSettings(QSettings(path, QSettings.Format.IniFormat)))
        qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
        made.resize(1200, 800)
        made.show()
        made.furnish(catalog or catalogs.load())
        made.open_example(example)
        made.workspace.canvas.ensure_loaded()
        return made

    return show


@pytest.fixture
def with_plot(tmp_path, monkeypatch):
    """Return a function: the catalog with one more plot, from a file of its own."""
    name = f"{plots.__name__}.zz_more"

    def make(text: str):
        folder = tmp_path / "plots"
        folder.mkdir()
        (folder / "zz_more.py").write_text(text)
        monkeypatch.setattr(plots, "__path__", [*plots.__path__, str(folder)])
        found, broken = read_plots()
        assert not broken
        return replace(catalogs.load(), plots=found)

    yield make
    sys.modules.pop(name, None)
    vars(plots).pop("zz_more", None)


def press(window, action_id: str) -> None:
    window.actions_of[action_id].trigger()


def last_dock(window):
    return list(window.workspace.monitors.docks.values())[-1]


def ran(window, qtbot, iteration: int = 150) -> None:
    press(window, "run.toggle")
    qtbot.waitUntil(lambda: window.workspace.run.status.iteration >= iteration, timeout=30_000)


def test_a_rate_plot_is_added_by_its_keys_and_moves(window_of, qtbot):
    window = window_of()

    press(window, "insert.rate")
    ran(window, qtbot)

    dock = last_dock(window)
    assert (dock.monitor.kind, dock.windowTitle()) == ("rate", "Rate")
    qtbot.waitUntil(lambda: len(dock.plot.drawing.known[0].values) > 5, timeout=10_000)
    assert np.isfinite(dock.plot.drawing.known[0].values).all()


def test_a_setting_is_edited_in_the_header_and_undone(window_of):
    window = window_of()
    press(window, "insert.rate")
    dock = last_dock(window)

    dock.bar.fields["bin"].setText("25 ms")
    dock.bar.fields["bin"].editingFinished.emit()
    assert (dock.monitor.params["bin"], dock.plot.drawing.bin) == (25, 25)

    press(window, "edit.undo")
    assert dock.plot.drawing.bin == 10
    assert dock.bar.fields["bin"].text() == "10 ms"


@pytest.mark.parametrize("text", ["0", "wide", "", "-3"])
def test_a_value_that_breaks_the_rule_is_marked_and_changes_nothing(window_of, text):
    window = window_of()
    press(window, "insert.rate")
    field = last_dock(window).bar.fields["bin"]

    field.setText(text)
    field.editingFinished.emit()

    assert field.property("invalid")
    assert field.toolTip()
    assert "bin" not in last_dock(window).monitor.params


def test_another_variable_is_traced_when_it_is_chosen(window_of, qtbot):
    window = window_of()
    press(window, "insert.voltage")
    dock = last_dock(window)

    dock.bar.fields["variable"].setText("I")
    dock.bar.fields["variable"].editingFinished.emit()
    ran(window, qtbot)

    assert dock.plot.drawing.axis_name() == "I"
    qtbot.waitUntil(lambda: dock.plot.sources[0].ring.total > 0)


def test_threshold_and_reset_come_from_what_behaviors_declare(window_of):
    window = window_of()
    press(window, "insert.voltage")

    assert last_dock(window).plot.sources[0].levels == {"threshold": -50.0, "v_reset": -70.0}


def test_every_tool_of_a_plot_has_a_name_and_can_be_tabbed_to(window_of):
    window = window_of()
    for kind in ("raster", "voltage", "rate"):
        press(window, f"insert.{kind}")

        bar = last_dock(window).bar
        tools = (bar.groups, bar.window_length, bar.pause, bar.export, bar.remove)
        for widget in (*tools, *bar.fields.values()):
            assert widget.accessibleName()
            assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_plot_of_an_unknown_kind_is_shown_as_unknown_and_kept(window_of, qtbot):
    window = window_of()
    odd = edits.add_monitor(window.document.whole, "wavelet", params={"q": (1, 2)})
    window.document.edit_whole("add", odd)

    dock = last_dock(window)
    assert "wavelet" in dock.windowTitle()
    assert "does not know" in dock.plot.words.text()
    assert '"wavelet"' in to_text(window.document.whole)
    ran(window, qtbot)
    first = window.workspace.monitors.docks[odd.monitors[0].id]
    qtbot.waitUntil(lambda: first.plot.sources[0].ring.total > 0)


def test_a_plot_of_an_unknown_kind_can_be_removed(window_of, qtbot):
    window = window_of()
    window.document.edit_whole("add", edits.add_monitor(window.document.whole, "wavelet"))
    count = len(window.workspace.monitors.docks)

    qtbot.mouseClick(last_dock(window).bar.remove, Qt.MouseButton.LeftButton)

    assert len(window.workspace.monitors.docks) == count - 1


def test_a_plot_that_raises_rests_alone(window_of, qtbot, caplog):
    window = window_of()
    press(window, "insert.rate")
    dock = last_dock(window)
    dock.plot.drawing.draw = lambda *_: 1 / 0

    ran(window, qtbot)
    qtbot.waitUntil(lambda: isinstance(dock.plot, StandIn), timeout=10_000)

    assert "division by zero" in dock.plot.words.text()
    assert "the rate plot failed" in caplog.text
    others = [d for d in window.workspace.monitors.docks.values() if d is not dock]
    qtbot.waitUntil(lambda: all(d.plot.now_ms > 0 for d in others), timeout=10_000)
    assert not any(isinstance(d.plot, StandIn) for d in others)


def test_a_plot_that_cannot_be_made_leaves_the_window_as_it_is(window_of, monkeypatch, caplog):
    monkeypatch.setattr("conex_app.plots.dock.load_plot", lambda *_: 1 / 0)

    window = window_of()

    assert all(isinstance(d.plot, StandIn) for d in window.workspace.monitors.docks.values())
    assert "division by zero" in caplog.text


def test_plots_that_are_linked_outlive_the_first_of_them(window_of, qtbot):
    window = window_of()
    press(window, "insert.rate")
    first = next(iter(window.workspace.monitors.docks.values()))
    qtbot.mouseClick(first.bar.remove, Qt.MouseButton.LeftButton)
    qtbot.wait(50)  # the dock is deleted

    last_dock(window).plot.set_window(500)
    ran(window, qtbot)

    assert last_dock(window).plot.window_ms == 500


def test_a_new_plot_of_a_matrix_is_fed_and_offered(window_of, with_plot, qtbot, tmp_path: Path):
    window = window_of(with_plot(MATRIX), "digits")
    nodes = window.document.state.network.nodes.values()
    synapses = next(node for node in nodes if node.kind == "SynapseGroup")
    window.workspace.canvas.select((synapses.id,))
    assert list(window.workspace.inspector.page.monitors.buttons) == ["matrix"]

    press(window, "insert.matrix")
    ran(window, qtbot, 20)

    plot = last_dock(window).plot
    qtbot.waitUntil(lambda: getattr(plot, "seen", None) is not None, timeout=10_000)
    assert len(plot.sources) == 1
    assert plot.seen.values.shape == plot.seen.shape


def test_a_plot_whose_icon_does_not_exist_has_none(window_of, with_plot, caplog):
    window = window_of(with_plot(MATRIX.replace("ph.grid-four", "ph.no-such-icon")))

    assert window.actions_of["insert.matrix"].icon().isNull()
    assert "no-such-icon" in caplog.text


def test_what_is_typed_in_a_header_outlives_an_edit_elsewhere(window_of, qtbot):
    window = window_of()
    field = last_dock(window).bar.fields["neurons"]
    field.setText("0, 5")

    window.document.edit("Rename", edits.rename(window.document.state, "n_neurons", "Others"))

    assert field.text() == "0, 5"


def test_a_menu_of_groups_is_made_once_and_filled_anew(window_of, qtbot):
    window = window_of()
    dock = last_dock(window)

    for name in ("A", "B", "C"):
        window.document.edit("Rename", edits.rename(window.document.state, "n_neurons", name))

    assert len(dock.bar.groups.findChildren(QMenu)) == 1
    assert [action.text() for action in dock.bar.menu.actions()][-1] == "C"


def test_choosing_the_visible_time_that_was_set_undoes_a_zoom(window_of, qtbot):
    window = window_of()
    dock = last_dock(window)
    dock.plot.set_window(5000.0)
    length = dock.bar.window_length

    length.activated.emit(length.findData(1000))
    length.setCurrentIndex(length.findData(1000))
    dock._choose_window()

    assert dock.plot.window_ms == 1000


def test_a_new_plot_tells_the_visible_time_of_those_it_is_linked_to(window_of, qtbot):
    window = window_of()
    last_dock(window).plot.set_window(5000.0)

    press(window, "insert.rate")

    assert last_dock(window).bar.window_length.currentData() == 5000


def test_the_inspector_names_plots_of_all_groups_only_where_they_show(window_of, qtbot):
    window = window_of(None, "digits")
    press(window, "insert.voltage")
    document = window.document
    bare = edits.set_monitor(document.whole, document.state.monitors[-1].id, targets=())
    document.edit_whole("Show all", bare)
    nodes = document.state.network.nodes.values()
    source = next(node for node in nodes if node.is_input_layer)

    window.workspace.canvas.select((source.id,))

    listed = [monitor for monitor, _ in window.workspace.inspector.page.monitors._shown]
    assert "voltage" not in {monitor.kind for monitor in listed if not monitor.targets}
