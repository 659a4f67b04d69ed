"""Putting parameters on the face of a block, from inside."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from conex_core.graph import edits
from conex_core.graph.model.document import Target
from tests.gui.inspector.blocks.conftest import (
    LEFT,
    TAU,
    face,
    pick,
    type_into,
    values,
    words,
)

# ---- the face of a block, from inside


def test_the_menu_of_a_row_puts_its_parameter_on_the_face(block, inspector, document):
    inspector.set_selection(["inh"])
    row = inspector.page.row(None, "size")
    assert row.mark is None

    pick(inspector.page.promotion_menu(row), "Show on the face of Layer")

    assert [one.name for one in face(document)] == ["tau", "size"]
    assert row.mark.isVisible()
    assert row.mark.toolTip() == "Shown on the face of Layer as size"
    assert document.stack.undoText() == "Show size on Layer"

    document.stack.undo()

    assert [one.name for one in face(document)] == ["tau"]
    assert not row.mark.isVisible()


@pytest.mark.parametrize(("item", "name"), [(None, "size"), ("inhLIF", "v_rest")])
def test_a_right_click_on_a_field_opens_that_menu_and_that_of_the_text(
    block, inspector, item, name
):
    inspector.set_selection(["inh"])
    edit = inspector.page.row(item, name).field.focus_target()
    place = QPoint(4, 4)

    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(edit, QContextMenuEvent(reason, place, edit.mapToGlobal(place)))

    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert words(menu)[0] == "Show on the face of Layer"
    assert len(words(menu)) > 3
    menu.close()


def test_the_mark_appears_under_the_mouse_and_opens_the_menu(block, inspector, qtbot):
    inspector.set_selection(["inh"])
    row = inspector.page.row(None, "size")

    qtbot.mouseMove(row, QPoint(40, 12))
    row.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    row.refresh(inspector.context.document.state)

    assert row.mark.isVisible()
    assert row.mark.toolTip() == "Show on the face of Layer…"

    qtbot.mouseClick(row.mark, LEFT)

    menu = QApplication.activePopupWidget()
    assert words(menu)[0] == "Show on the face of Layer"
    menu.close()


def test_outside_of_blocks_no_face_is_offered(inspector):
    inspector.set_selection(["out"])
    row = inspector.page.row("outLIF", "tau")

    assert not row.can_be_shown


def test_the_user_chooses_how_far_up(deep, document):
    row = deep.row("excLIF", "R")

    assert words(deep.promotion_menu(row))[:2] == [
        "Show on the face of Layer",
        "Show on the faces of Layer and Column",
    ]

    pick(deep.promotion_menu(row), "Show on the faces of Layer and Column")

    shown = face(document)[-1]
    assert shown.targets == (Target("exc", "excLIF", "R"),)
    assert face(document, "column")[-1].targets == (Target("L2", None, shown.id),)


def test_what_is_on_one_face_can_go_on_the_next(deep, document):
    row = deep.row("excLIF", "tau")

    assert words(deep.promotion_menu(row))[0] == "Show on the face of Column"

    pick(deep.promotion_menu(row), "Show on the face of Column")

    assert face(document, "column")[0].targets == (Target("L2", None, "p"),)
    assert [one.id for one in face(document)] == ["p"]


def test_several_parameters_follow_one_value_and_stay_in_step(deep, inspector, document, qtbot):
    type_into(qtbot, deep.row("excLIF", "tau"), "12")
    inspector.set_selection(["inh"])
    row = inspector.page.row("inhLIF", "tau")

    pick(inspector.page.promotion_menu(row), "Follow “tau” of Layer")

    layer = document.whole.definition("layer")
    assert layer.promoted[0].targets == (TAU, Target("inh", "inhLIF", "tau"))
    assert layer.node("inh").item("inhLIF").params == {"tau": 12}

    type_into(qtbot, row, "14")

    layer = document.whole.definition("layer")
    assert layer.node("exc").item("excLIF").params == {"tau": 14}

    document.stack.undo()
    document.stack.undo()

    layer = document.whole.definition("layer")
    assert layer.promoted[0].targets == (TAU,)
    assert layer.node("inh").item("inhLIF").params == {}


def test_only_like_parameters_may_follow(deep):
    menu = deep.promotion_menu(deep.row("excLIF", "R"))

    assert "Follow “tau” of Layer" not in words(menu)


def test_a_parameter_stops_following(deep, inspector, document):
    inspector.set_selection(["inh"])
    row = inspector.page.row("inhLIF", "tau")
    pick(inspector.page.promotion_menu(row), "Follow “tau” of Layer")

    pick(inspector.page.promotion_menu(row), "Stop following “tau” of Layer")

    assert face(document)[0].targets == (TAU,)


def test_taking_a_parameter_off_the_face_says_which_values_go(deep, document):
    new = edits.set_param(document.whole, "L1", "p", 25.0)
    document.edit_whole("set", new)
    row = deep.row("excLIF", "tau")

    pick(deep.promotion_menu(row), "Take off the face of Layer (1 value set by copies goes too)")

    assert face(document) == ()
    assert values(document) == {}

    document.stack.undo()

    assert values(document) == {"p": 25}


def test_what_goes_off_a_face_goes_off_the_faces_around_it(deep, document):
    row = deep.row("excLIF", "tau")
    pick(deep.promotion_menu(row), "Show on the face of Column")
    outer = face(document, "column")[0].id
    document.edit_whole("set", edits.set_param(document.whole, "C", outer, 25.0))

    pick(deep.promotion_menu(row), "Take off the face of Layer")

    assert face(document, "column") == ()
    assert values(document, "C") == {}
