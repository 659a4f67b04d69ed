"""The inspector of a copy: its values, its other copies, its plots."""

from __future__ import annotations

from PySide6.QtCore import Qt

from conex_core.graph import edits
from conex_core.graph.blocks.definitions import instances_of
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.checks.problems import Problem
from tests.gui.inspector.blocks.conftest import (
    LEFT,
    texts,
    type_into,
    type_over,
    values,
)

# ---- a copy of a block


def test_a_copy_says_what_it_is_of_and_how_many_there_are(copy):
    assert copy.title.name.edit.text() == "Layer"
    assert copy.title.kind.text() == "Layer · Container"
    assert copy.about.text() == "One of 3 copies: a change inside changes all of them."


def test_a_copy_is_renamed_and_its_block_keeps_its_name(copy, document, qtbot):
    type_over(qtbot, copy.title.name.edit, "Front")

    assert document.whole.network.node("L1").name == "Front"
    assert document.whole.definition("layer").name == "Layer"


def test_typing_a_value_sets_it_in_this_copy_only_and_undo_takes_it_back(copy, document, qtbot):
    row = copy.row(None, "p")

    type_into(qtbot, row, "25")

    assert values(document) == {"p": 25}
    assert document.whole.definition("layer").node("exc").item("excLIF").params == {}
    assert row.is_changed
    assert document.stack.undoText() == "Change tau of Layer"

    document.stack.undo()

    assert values(document) == {}
    assert not row.is_changed
    assert row.field.focus_target().text() == "10"


def test_the_reset_arrow_brings_back_the_value_in_the_block(copy, document, qtbot):
    row = copy.row(None, "p")
    type_into(qtbot, row, "25")

    qtbot.mouseClick(row.reset, LEFT)

    assert values(document) == {}
    assert row.field.focus_target().text() == "10"
    assert row.reset.toolTip() == "Reset tau to the value in the block"


def test_a_value_like_the_one_inside_still_counts_as_set(copy, document, qtbot):
    row = copy.row(None, "p")
    type_into(qtbot, row, "25")

    type_into(qtbot, row, "10")

    assert values(document) == {"p": 10}
    assert row.is_changed


def test_arrow_keys_on_a_copy_make_one_undo_step(copy, document, qtbot):
    edit = copy.row(None, "p").field.focus_target()
    edit.setFocus()

    for _ in range(3):
        qtbot.keyClick(edit, Qt.Key.Key_Up)

    assert values(document) == {"p": 13}
    assert document.stack.count() == 1


def test_what_is_shown_follows_a_change_inside(copy, inspector, document):
    new = edits.within(
        document.whole,
        "layer",
        lambda doc: edits.set_behavior_param(doc, "exc", "excLIF", "tau", 30.0),
    )

    document.edit_whole("tau", new)

    assert inspector.page.row(None, "p").field.focus_target().text() == "30"
    assert not inspector.page.row(None, "p").is_changed


def test_the_bounds_of_the_face_hold_in_a_copy(document, inspector, qtbot):
    new = edits.set_promoted(document.whole, "layer", "p", high=20.0, help="Decay.")
    document.edit_whole("bound", new)
    inspector.set_selection(["L1"])
    row = inspector.page.row(None, "p")

    type_into(qtbot, row, "25")

    assert values(document) == {}
    assert "at most 20 ms" in row.reason.text()
    assert "Decay." in row.toolTip()


def test_readers_hear_the_names_of_the_face(copy):
    target = copy.row(None, "p").field.focus_target()

    assert target.accessibleName() == "tau, ms"


def test_a_live_parameter_on_the_face_carries_the_bolt(copy, inspector):
    inspector.set_running(True)

    assert copy.row(None, "p").is_live


def test_enter_shows_the_block(copy, inspector, document, qtbot):
    qtbot.mouseClick(copy.enter_button, LEFT)

    assert document.level == ("L1",)
    assert inspector.title() == "Layer"
    assert inspector.page.promoted is not None


def test_make_unique_leaves_the_others_and_undo_joins_them_again(copy, inspector, document, qtbot):
    qtbot.mouseClick(copy.unique_button, LEFT)

    assert len(instances_of(document.whole, "layer")) == 2
    assert inspector.page.title.kind.text() == "Layer 2 · Container"
    assert inspector.page.about.text() == "The only copy of this block."
    assert not inspector.page.unique_button.isEnabled()

    document.stack.undo()

    assert inspector.page.about.text().startswith("One of 3 copies")


def test_several_copies_take_one_edit(inspector, document, qtbot):
    document.go(("C",))
    inspector.set_selection(["L2", "L3"])
    row = inspector.page.row(None, "p")

    type_into(qtbot, row, "15")

    column = document.whole.definition("column")
    assert [column.node(key).params for key in ("L2", "L3")] == [{"p": 15}, {"p": 15}]
    assert document.stack.count() == 1


def test_a_missing_block_is_told_with_a_way_to_mend_it(inspector, document):
    from dataclasses import replace

    kept = {key: item for key, item in document.whole.definitions.items() if key != "layer"}
    document.edit_whole("lose", replace(document.whole, definitions=kept))
    inspector.set_selection(["L1"])

    assert any("Insert the block from the library again" in text for text in texts(inspector.page))

    document.stack.undo()

    assert inspector.page.row(None, "p") is not None


# ---- levels


def test_a_plot_of_a_group_inside_shows_this_copy(deep, inspector, document, qtbot):
    qtbot.mouseClick(deep.monitors.buttons["raster"], LEFT)

    (monitor,) = document.whole.monitors
    built = flatten(document.whole).document.network
    assert [built.node(target).name for target in monitor.targets] == ["Layer 2 / Exc"]
    assert deep.monitors.list.count() == 1

    document.go(("L1",))
    inspector.set_selection(["exc"])

    assert inspector.page.monitors.list.count() == 0


def test_a_plot_of_a_block_shows_all_its_groups(copy, document, qtbot):
    qtbot.mouseClick(copy.monitors.buttons["raster"], LEFT)

    (monitor,) = flatten(document.whole).document.monitors
    assert len(monitor.targets) == 2


def test_leaving_a_block_shows_the_network_again(block, inspector, document):
    document.leave()

    assert inspector.title() == "Network"
    assert inspector.page.row(None, "dt") is not None


def test_problems_of_another_drawing_are_not_shown_here(deep, inspector):
    here = Problem("warning", "odd", "exc", "excLIF", "tau", definition="layer")
    elsewhere = Problem("warning", "even", "exc", "excLIF", "R", definition="column")

    inspector.set_problems([here, elsewhere])

    assert deep.row("excLIF", "tau").reason.text() == "odd"
    assert deep.row("excLIF", "R").reason is None
