"""The window says what is compiled, wherever the network runs; the user chooses the engine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings, Qt

from conex_app.project.settings import AppSettings
from conex_app.run.compiled_panel import CompiledPanel, note_of, summary_of
from conex_app.shell.main_window import MainWindow
from conex_core import catalog as catalogs
from conex_core import examples
from conex_core.graph import edits
from conex_core.graph.model.document import NETWORK
from conex_core.run.compiled import ENGINES, Report, ReportLine
from conex_core.run.engine import compiling
from conex_core.run.engine.report import report
from conex_core.run.session import Session

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTreeWidgetItem

WAIT_MS = 40_000


@pytest.fixture
def settings(tmp_path: Path) -> AppSettings:
    return AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def window(qtbot, settings) -> MainWindow:
    made = MainWindow(settings)
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.show()
    made.furnish(catalogs.load())
    made.open_example("digits")
    made.workspace.canvas.ensure_loaded()
    return made


@pytest.fixture(params=["window", "process"])
def anywhere(request, window, settings) -> MainWindow:
    """Return a window whose runs take place in it, or in a process of their own."""
    settings.run_in = request.param
    return window


def press(window: MainWindow, action_id: str) -> None:
    window.actions_of[action_id].trigger()


def reported(window: MainWindow, qtbot) -> Report:
    qtbot.waitUntil(lambda: window.workspace.compiled.report is not None, timeout=WAIT_MS)
    return window.workspace.compiled.report


def row(panel: CompiledPanel, text: str) -> QTreeWidgetItem:
    found = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    return panel.tree.findItems(text, found)[0]


def double_click(qtbot, panel: CompiledPanel, item: QTreeWidgetItem) -> None:
    panel.tree.scrollToItem(item)
    seen = panel.tree.visualItemRect(item).intersected(panel.tree.viewport().rect())
    at = seen.center()
    qtbot.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)


@pytest.fixture
def forgetful_compiler():
    compiling._import_problem.cache_clear()
    yield
    compiling._import_problem.cache_clear()


# What is shown


def test_the_window_shows_the_very_report_of_the_command_line(anywhere, qtbot):
    expected = report(Session.of(examples.load("digits"), catalogs.load()).network)

    press(anywhere, "run.toggle")
    shown = reported(anywhere, qtbot)

    told = [(line.owner, line.behavior, line.reason) for line in shown.lines]
    assert told == [(line.owner, line.behavior, line.reason) for line in expected.lines]
    assert shown.kernels > 0
    assert anywhere.status.compiled.text() == summary_of(expected)


def test_each_line_says_what_runs_its_behavior_and_why(qtbot):
    panel = CompiledPanel()
    qtbot.addWidget(panel)
    lines = (
        ReportLine(260, "Exc", "LIF", "", "n_exc"),
        ReportLine(270, "Exc", "Mine", "there is no kernel for its class", "n_exc"),
        ReportLine(340, "Inh", "Fire", "", "n_inh"),
    )

    panel.show_report(Report("fused", lines))

    owners = [panel.tree.topLevelItem(place) for place in range(2)]
    assert [(item.text(0), item.text(1), item.isExpanded()) for item in owners] == [
        ("Exc", "1 of 2 compiled", True),
        ("Inh", "1 of 1 compiled", False),
    ]
    texts = [[owners[0].child(at).text(column) for column in range(3)] for at in range(2)]
    assert texts == [
        ["LIF", "compiled", ""],
        ["Mine", "Python", "There is no kernel for its class"],
    ]
    assert panel.summary.text() == "2 of 3 behaviors compiled"


def test_it_can_be_seen_before_the_first_run_without_a_step(window, qtbot):
    panel = window.workspace.compiled
    assert panel.button.isVisibleTo(panel)

    press(window, "run.compiled")
    shown = reported(window, qtbot)

    assert shown.kernels > 0
    assert panel.isVisible()
    assert window.workspace.run.status.iteration == 0
    assert window.workspace.run.status.state == "paused"


def test_the_button_of_the_empty_panel_builds_the_network(window, qtbot):
    window.workspace.bench.docks["compiled"].bring_up()

    qtbot.mouseClick(window.workspace.compiled.button, Qt.MouseButton.LeftButton)

    assert reported(window, qtbot).kernels > 0


def test_a_network_changed_before_its_first_step_is_built_anew(window, qtbot):
    press(window, "run.compiled")
    reported(window, qtbot)
    first = window.workspace.run.status.run
    state = window.document.state
    window.document.edit("Grow", edits.set_param(state, "n_inh", "size", 30))

    press(window, "run.step")
    qtbot.waitUntil(lambda: window.workspace.run.status.iteration == 1, timeout=WAIT_MS)

    assert window.workspace.run.status.run != first
    assert not window.workspace.run.is_outdated


def test_a_double_click_selects_the_node(window, qtbot):
    press(window, "run.compiled")
    reported(window, qtbot)
    panel = window.workspace.compiled

    double_click(qtbot, panel, row(panel, "Learning"))

    assert window.workspace.canvas.selection == ("n_learn",)


def test_a_line_of_an_input_leads_to_the_input(window, qtbot):
    press(window, "run.compiled")
    shown = reported(window, qtbot)

    assert {line.node for line in shown.lines} <= {NETWORK, *window.document.state.network.nodes}


def test_a_line_of_a_block_leads_into_the_block(window, qtbot):
    state = window.document.state
    grouped = edits.group(state, ("n_exc", "n_inh", "n_ei", "n_ie"), name="Column")
    window.document.edit("Group", grouped)

    press(window, "run.compiled")
    reported(window, qtbot)
    panel = window.workspace.compiled
    double_click(qtbot, panel, row(panel, "Inhibitory"))

    assert len(window.document.level) == 1
    (chosen,) = window.workspace.canvas.selection
    assert window.document.state.network.nodes[chosen].name == "Inhibitory"


# Whole networks that are not compiled


def test_without_numba_the_panel_says_so_and_how_to_mend_it(
    window, qtbot, monkeypatch, forgetful_compiler
):
    monkeypatch.setitem(sys.modules, "numba", None)

    press(window, "run.toggle")
    shown = reported(window, qtbot)

    note = window.workspace.compiled.note.text()
    assert summary_of(shown) == "0 of 26 behaviors compiled"
    assert "Numba cannot be used" in note
    assert "pip install numba" in note


def test_a_network_in_float64_says_why_nothing_is_compiled(window, qtbot):
    state = window.document.state
    window.document.edit("Be exact", edits.set_settings(state, dtype="float64"))

    press(window, "run.compiled")
    reported(window, qtbot)

    assert "float64" in window.workspace.compiled.note.text()
    assert "Set dtype to float32." in window.workspace.compiled.note.text()


@pytest.mark.parametrize(
    ("reason", "note"),
    [("", "Many iterations run in one go."), ("it is slow", "Python takes part")],
)
def test_the_note_says_what_it_means_for_the_speed(reason, note):
    lines = (ReportLine(1, "Exc", "LIF"), ReportLine(2, "Exc", "Mine", reason))

    assert note_of(Report("fused", lines)).startswith(note)


# The engine


def test_the_engine_is_remembered_and_marked_in_the_menu(window, settings):
    marked = {}
    for name in reversed(ENGINES):
        press(window, f"run.engine.{name}")
        marked[name] = [
            each for each in ENGINES if window.actions_of[f"run.engine.{each}"].isChecked()
        ]

    assert marked == {name: [name] for name in ENGINES}
    assert settings.engine == "auto"


def test_the_chosen_engine_runs_the_next_network(anywhere, qtbot):
    press(anywhere, "run.engine.reference")

    press(anywhere, "run.toggle")
    shown = reported(anywhere, qtbot)

    assert (shown.engine, shown.kernels) == ("reference", 0)
    assert "was chosen" in anywhere.workspace.compiled.note.text()


def test_asking_for_kernels_that_cannot_be_had_says_so(
    window, qtbot, monkeypatch, forgetful_compiler, caplog
):
    monkeypatch.setitem(sys.modules, "numba", None)
    press(window, "run.engine.fused")

    press(window, "run.toggle")
    qtbot.waitUntil(lambda: window.workspace.run.status.state == "failed", timeout=WAIT_MS)

    assert "numba cannot be used" in window.message.text.text()


# Building


def test_a_build_tells_its_stages_and_can_be_cancelled(window, qtbot):
    state = window.document.state
    window.document.edit("Grow", edits.set_param(state, "n_inh", "size", 200_000))
    told = []
    window.workspace.run.changed.connect(lambda status: told.append(status.state))

    press(window, "run.toggle")
    qtbot.waitUntil(lambda: window.status.cancel.isVisible(), timeout=WAIT_MS)
    qtbot.mouseClick(window.status.cancel, Qt.MouseButton.LeftButton)

    assert window.workspace.run.status.state == "idle"
    assert told == ["building", "idle"]
    assert not window.status.cancel.isVisible()
    assert not window.status.building.isVisible()
