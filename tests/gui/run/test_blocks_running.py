"""Problems and the schedule lead into blocks; fixes reach what is drawn there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt

from conex_app.project.settings import AppSettings
from conex_app.shell.main_window import MainWindow
from conex_core.graph import edits
from conex_core.graph.model.document import Document


@pytest.fixture
def project(wired: Document, catalog) -> Document:
    """Return two copies of a block, which lacks much and so has problems."""
    doc = edits.add_behavior(wired, "exc", "LIF", catalog=catalog)
    doc = edits.group(doc, ["exc", "inh", "syn"], node_id="pair")
    key = doc.network.nodes["pair"].of
    doc = edits.set_definition(doc, key, name="Pair")
    return edits.add_instance(doc, key, name="Pair 2", node_id="pair2", at=(300, 0))


@pytest.fixture
def window(qtbot, tmp_path: Path, catalog, project) -> MainWindow:
    settings = AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    made = MainWindow(settings)
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.resize(1440, 900)
    made.show()
    made.furnish(catalog)
    made.workspace.files.new()
    made.workspace.canvas.ensure_loaded()
    made.document.new(project)
    made.workspace.checker.now()
    return made


def test_a_problem_names_the_block_and_a_click_opens_it(window, qtbot):
    panel = window.workspace.problems
    copy = window.document.whole.network.nodes["pair"]
    row = next(row for row in panel.rows.values() if row.problem.definition == copy.of)
    node = window.document.whole.definition(copy.of).nodes[row.problem.node]

    assert row.place.text().startswith(f"{copy.name} › {node.name}")
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)

    assert window.document.level == ("pair",)
    assert window.workspace.canvas.selection == (node.id,)


def test_blocks_wear_the_problems_of_what_they_hold(window):
    cards = window.workspace.canvas.display.cards()

    marks = [(card.state.errors, card.state.warnings) for card in cards.values()]
    assert all(any(mark) for mark in marks)


def test_a_row_of_the_schedule_leads_into_the_block_of_its_copy(window):
    (built,) = {
        key
        for key, origin in window.document.flat.origins.items()
        if origin.node == "exc" and origin.path == ("pair2",)
    }

    window.workspace.schedule.chosen.emit(built)

    assert window.document.level == ("pair2",)
    assert window.workspace.canvas.selection == ("exc",)
