"""Going into blocks and out of them: mouse, keys, breadcrumb, views."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from conex_core.graph import edits
from conex_core.graph.model.document import MAIN, Definition, Document, Node
from tests.gui.canvas.blocks.conftest import (
    _CONTROL,
    _LEFT,
    _NONE,
    assert_mirrors,
    press,
)

# Levels


def test_a_double_click_opens_a_block_and_the_breadcrumb_leaves_it(canvas_of, hand, deep, qtbot):
    canvas = canvas_of(deep)
    user = hand(canvas)

    qtbot.mouseDClick(user.surface, _LEFT, pos=user.node("col"))
    qtbot.mouseDClick(user.surface, _LEFT, pos=user.node("blk"))
    inside = [crumb.text() for crumb in canvas.breadcrumb.crumbs]
    nodes = set(canvas.display.cards())
    qtbot.mouseClick(canvas.breadcrumb.crumbs[0], _LEFT)

    assert inside == ["Network", "Column", "Layer"]
    assert nodes == set(deep.definition("d_layer").nodes)
    assert canvas.document.level == ()
    assert canvas.selection == ("col",)
    assert not canvas.breadcrumb.isVisible()
    assert_mirrors(canvas)


@pytest.mark.parametrize(
    ("enter", "leave"),
    [
        ((Qt.Key.Key_Return, _NONE), (Qt.Key.Key_Up, _CONTROL)),
        ((Qt.Key.Key_Down, _CONTROL), (Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)),
    ],
)
def test_keys_open_and_leave_a_block(canvas_of, blocked, qtbot, enter, leave):
    canvas = canvas_of(blocked)
    canvas.select(("blk",))

    press(qtbot, canvas, *enter)
    level, chosen = canvas.document.level, canvas.selection
    press(qtbot, canvas, *leave)

    assert (level, chosen) == (("blk",), ())
    assert canvas.document.level == ()
    assert canvas.selection == ("blk",)


def test_a_block_is_fitted_at_first_and_each_level_remembers_its_view(canvas_of, blocked, qtbot):
    state = edits.within(blocked, "d_layer", lambda doc: edits.move(doc, {"inh": (4000.0, 0.0)}))
    canvas = canvas_of(state)
    canvas.view.zoom_to(0.8)
    canvas.centre_on("blk")
    outside = (canvas.view.zoom(), canvas.view.middle())

    canvas.blocks.enter("blk")
    seen = canvas.view.mapToScene(canvas.view.viewport().rect()).boundingRect()
    fits = all(seen.contains(card.area()) for card in canvas.display.cards().values())
    canvas.view.zoom_to(2.0)
    inside = canvas.view.middle()
    canvas.blocks.leave()
    zoom, centre = canvas.view.zoom(), canvas.view.middle()
    canvas.blocks.enter("blk")

    assert fits
    assert zoom == outside[0]
    assert (centre - outside[1]).manhattanLength() < 4
    assert canvas.view.zoom() == 2.0
    assert (canvas.view.middle() - inside).manhattanLength() < 4


def test_another_project_does_not_take_over_a_remembered_view(canvas_of, blocked, two_groups):
    canvas = canvas_of(blocked)
    canvas.view.zoom_to(3.0)
    canvas.blocks.enter("blk")

    canvas.document.new(edits.move(Document(), {}))
    canvas.document.new(
        edits.add_node(edits.add_node(Document(), "Note", at=(0, 0)), "Note", at=(3000, 0))
    )

    seen = canvas.view.mapToScene(canvas.view.viewport().rect()).boundingRect()
    assert all(seen.contains(card.area()) for card in canvas.display.cards().values())


def test_undo_of_an_edit_inside_goes_there(canvas_of, blocked, qtbot):
    canvas = canvas_of(blocked)
    canvas.blocks.enter("blk")
    canvas.select(("inh",))
    press(qtbot, canvas, Qt.Key.Key_Delete)
    canvas.blocks.leave()

    canvas.document.stack.undo()

    assert canvas.document.level == ("blk",)
    assert "inh" in canvas.display.cards()
    assert [crumb.text() for crumb in canvas.breadcrumb.crumbs] == ["Network", "Layer"]
    assert_mirrors(canvas)


def test_the_breadcrumb_counts_the_copies(canvas_of, blocked):
    canvas = canvas_of(edits.add_instance(blocked, "d_layer", node_id="two"))

    canvas.blocks.enter("two")

    assert canvas.breadcrumb.copies.text() == "2 copies"
    assert canvas.breadcrumb.copies.isVisible()


def test_a_long_way_hides_its_middle(canvas_of):
    definitions = {
        f"d{n}": Definition(f"d{n}", f"D{n}", {f"i{n + 1}": Node(f"i{n + 1}", "Instance", "x")})
        for n in range(8)
    }
    definitions = {
        key: replace(
            item,
            nodes={
                k: replace(node, of=f"d{int(k[1:])}", name=f"B{k[1:]}")
                for k, node in item.nodes.items()
            },
        )
        for key, item in definitions.items()
    }
    main = Definition(MAIN, "Network", {"i0": Node("i0", "Instance", "B0", of="d0")})
    canvas = canvas_of(Document(definitions={MAIN: main, **definitions}))

    canvas.blocks.go(tuple(f"i{n}" for n in range(8)))

    assert [crumb.text() for crumb in canvas.breadcrumb.crumbs] == ["Network", "B5", "B6", "B7"]
