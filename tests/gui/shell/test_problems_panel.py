from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from conex_app.project.document import ProjectDocument
from conex_app.shell.problems import ProblemsPanel
from conex_core.graph import edits
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.model.document import Document


@pytest.fixture
def document():
    return ProjectDocument(edits.add_node(Document(), "NeuronGroup", name="Exc", node_id="exc"))


@pytest.fixture
def panel(qtbot, document):
    widget = ProblemsPanel(document)
    qtbot.addWidget(widget)
    widget.resize(640, 320)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def rename_to(name):
    return Fix(f"Rename to {name}", lambda doc: edits.rename(doc, "exc", name))


ERROR = Problem("error", "tau is wrong.", "exc", "b1", "tau", (rename_to("A"),), "value")
WARNING = Problem("warning", "Exc is lonely.", "exc", fixes=(rename_to("B"),), code="lonely")
PLAIN = Problem("warning", "Nothing runs.", code="empty")


def rows(panel):
    return [panel.list.itemAt(index).widget() for index in range(panel.list.count())]


def test_without_problems_the_panel_says_so(panel):
    assert panel.empty.isVisible()
    assert panel.empty.text() == "No problems"


def test_errors_come_first_and_are_counted(panel):
    panel.set_problems([PLAIN, WARNING, ERROR])

    assert rows(panel)[0].problem is ERROR
    assert panel.summary.text() == "1 error, 2 warnings"


def test_a_click_jumps_to_node_behavior_and_field(panel, qtbot):
    panel.set_problems([ERROR])

    with qtbot.waitSignal(panel.jump) as jumped:
        qtbot.mouseClick(rows(panel)[0], Qt.MouseButton.LeftButton)

    assert jumped.args == ["exc", "b1", "tau"]


def test_enter_jumps_and_arrows_walk_the_list(panel, qtbot):
    panel.set_problems([ERROR, PLAIN])
    first, second = rows(panel)
    first.setFocus()

    qtbot.keyClick(first, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.jump) as jumped:
        qtbot.keyClick(second, Qt.Key.Key_Return)

    assert second.hasFocus()
    assert jumped.args == [None, None, None]


def test_a_fix_button_applies_its_fix_and_undo_takes_it_back(panel, document, qtbot):
    panel.set_problems([ERROR])
    before = document.state

    button = rows(panel)[0].buttons.itemAt(0).widget()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert document.state.network.node("exc").name == "A"
    assert document.stack.undoText() == "Rename to A"

    document.stack.undo()

    assert document.state == before


def test_fix_all_is_one_edit(panel, document, qtbot):
    panel.set_problems([ERROR, WARNING])

    qtbot.mouseClick(panel.all_button, Qt.MouseButton.LeftButton)

    assert document.state.network.node("exc").name == "B"
    assert document.stack.count() == 1


def test_problems_of_two_plots_are_two_rows_with_a_mend_each(panel):
    mends = [Fix("Remove the plot", lambda doc: doc, subject) for subject in ("m1", "m2")]
    panel.set_problems([Problem("warning", "A plot is unknown.", fixes=(fix,)) for fix in mends])

    assert len(rows(panel)) == 2
    assert panel.more.isHidden()


def test_fix_all_is_offered_only_when_all_can_be_fixed(panel):
    panel.set_problems([ERROR, PLAIN])

    assert not panel.all_button.isVisible()


def test_rows_that_stay_keep_the_keyboard(panel):
    panel.set_problems([ERROR, WARNING])
    row = panel.rows[next(key for key in panel.rows if "lonely" in key)]
    row.setFocus()

    panel.set_problems([WARNING])

    assert row.hasFocus()
    assert rows(panel) == [row]


def test_a_flood_of_problems_shows_the_first_hundred(panel):
    panel.set_problems([Problem("error", f"Problem {index}.") for index in range(250)])

    assert len(rows(panel)) == 100
    assert panel.more.text() == "and 150 more"


def test_a_click_goes_to_the_block_that_a_problem_is_in(panel, document, qtbot):
    doc = edits.group(document.whole, ["exc"], name="Layer 4", node_id="layer")
    inner = doc.network.nodes["layer"].of
    doc = edits.group(doc, ["layer"], name="Column", node_id="column")
    document.edit_whole("Group", doc)
    way = ("column", "layer")
    panel.set_problems([replace(ERROR, definition=inner, path=way, behavior=None)])

    (row,) = rows(panel)
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)

    assert row.place.text() == "Column › Layer 4 › Exc › tau"
    assert document.level == way
