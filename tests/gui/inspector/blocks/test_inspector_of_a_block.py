"""The page of a block: name, kind, tags, the parameters on its face."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from conex_app.inspector.blocks.slots import KINDS_OF_BLOCKS
from conex_core.catalog import load
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import BLOCK_KINDS
from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.document import BlockStamp, Target
from tests.gui.inspector.blocks.conftest import (
    LEFT,
    face,
    type_into,
    type_over,
    values,
)

# ---- the page of a block


def test_without_a_selection_the_block_is_shown(block):
    assert block.title.name.edit.text() == "Layer"
    assert block.title.kind.text() == "Block · 3 copies"
    assert block.about.text() == "What you change here changes all 3 copies."
    assert block.row(None, "dt") is None


def test_the_block_says_where_it_came_from(document, inspector):
    stamp = BlockStamp("conex.layer", 4)
    new = edits.set_definition(document.whole, "layer", block=stamp)
    document.edit_whole("stamp", new)

    document.go(("L1",))

    assert "From the library, version 4." in inspector.page.about.text()


def test_renaming_the_block_is_one_step(block, document, qtbot):
    type_over(qtbot, block.title.name.edit, "Sheet")

    assert document.whole.definition("layer").name == "Sheet"

    document.stack.undo()

    assert block.title.name.edit.text() == "Layer"


def test_a_block_may_not_have_the_name_of_another(block, document, qtbot):
    type_over(qtbot, block.title.name.edit, "Column")

    assert document.whole.definition("layer").name == "Layer"
    assert block.title.reason.isVisible()


def test_every_kind_of_block_is_offered_and_explained(block, document):
    row = block.row(None, "kind")
    assert set(KINDS_OF_BLOCKS) == set(BLOCK_KINDS)

    row.field.combo.activated.emit(row.field.options.index("Cortical layer"))

    assert document.whole.definition("layer").kind == "CorticalLayer"
    assert block.meaning.text() == KINDS_OF_BLOCKS["CorticalLayer"][1]

    document.stack.undo()

    assert row.field.combo.currentText() == "Container"


def test_what_a_kind_misses_stands_beside_it(block, inspector):
    problem = Problem("error", "Layer is a layer, but ...", code="kind", definition="layer")

    inspector.set_problems([problem])

    assert block.row(None, "kind").reason.text() == problem.message

    inspector.set_problems([])

    assert not block.row(None, "kind").reason.isVisible()


def test_tags_are_typed_with_commas(block, document, qtbot):
    type_into(qtbot, block.row(None, "tags"), "cortex,  two words, cortex,")

    assert document.whole.definition("layer").tags == ("cortex", "two words")


def test_a_parameter_of_the_face_is_renamed_and_values_stay(block, document, qtbot):
    document.edit_whole("set", edits.set_param(document.whole, "L1", "p", 25.0))

    type_over(qtbot, block.promoted.lines["p"].name.edit, "decay")

    assert face(document)[0].name == "decay"
    assert values(document) == {"p": 25}

    document.stack.undo()

    assert block.promoted.lines["p"].name.edit.text() == "tau"


def test_help_and_bounds_of_the_face_are_typed(block, document, qtbot):
    line = block.promoted.lines["p"]
    qtbot.mouseClick(line.arrow, LEFT)

    type_into(qtbot, line.rows.rows["help"], "How fast the cells forget")
    type_into(qtbot, line.rows.rows["low"], "5")
    type_into(qtbot, line.rows.rows["high"], "30")

    one = face(document)[0]
    assert (one.help, one.low, one.high) == ("How fast the cells forget", 5, 30)
    assert document.stack.count() == 3

    qtbot.mouseClick(line.rows.rows["low"].reset, LEFT)

    assert face(document)[0].low is None


def test_tab_goes_through_the_face_in_the_order_that_is_seen(block, document, qtbot):
    target = Target("inh", None, "size")
    new = edits.promote(document.whole, ["layer"], target, catalog=load(), promoted_id="q")
    document.edit_whole("promote", new)
    line, below = block.promoted.lines["p"], block.promoted.lines["q"]
    qtbot.mouseClick(line.arrow, LEFT)
    qtbot.waitUntil(below.isVisible)
    line.remove.setFocus()

    seen = []
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget().accessibleName())

    assert seen == ["help", "low, ms", "high, ms", "Show help and bounds"]


def test_bounds_that_cross_are_refused(block, document, qtbot):
    line = block.promoted.lines["p"]
    qtbot.mouseClick(line.arrow, LEFT)
    type_into(qtbot, line.rows.rows["low"], "5")

    type_into(qtbot, line.rows.rows["high"], "3")

    assert face(document)[0].high is None
    assert "at least 5" in line.rows.rows["high"].reason.text()


def test_the_face_is_reordered_by_button_and_by_key(block, document, qtbot):
    target = Target("inh", None, "size")
    new = edits.promote(document.whole, ["layer"], target, catalog=load(), promoted_id="q")
    document.edit_whole("promote", new)

    qtbot.mouseClick(block.promoted.lines["q"].up, LEFT)

    assert [one.id for one in face(document)] == ["q", "p"]

    edit = block.promoted.lines["q"].name.edit
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)

    assert [one.id for one in face(document)] == ["p", "q"]


def test_a_parameter_is_taken_off_and_undo_brings_it_back(block, document, qtbot):
    qtbot.mouseClick(block.promoted.lines["p"].remove, LEFT)

    assert face(document) == ()
    assert block.promoted.empty.isVisible()

    document.stack.undo()

    assert list(block.promoted.lines) == ["p"]
