"""Real mouse and keys on the canvas: nodes moved, selected, copied; zoom and pan."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from conex_app.canvas.gestures.menu import menu_for
from conex_app.canvas.scene.camera import LARGEST, SMALLEST
from conex_core.graph import edits
from conex_core.graph.model.document import Document, Link
from tests.gui.canvas.gestures.conftest import CONTROL, MIDDLE, SHIFT, Key, network, press

# Moving, selecting, deleting


def test_a_drag_moves_the_selection_in_one_step_on_the_grid(canvas_of, hand, two_groups):
    canvas = canvas_of(two_groups)
    user = hand(canvas)
    start = user.node("exc")

    user.drag(start, start + QPoint(83, 50))

    assert network(canvas).nodes["exc"].position == (80.0, 48.0)
    assert network(canvas).nodes["inh"].position == (480.0, 40.0)
    assert canvas.document.stack.count() == 1


def test_escape_puts_moved_nodes_back(canvas_of, hand, two_groups, qtbot):
    canvas = canvas_of(two_groups)
    user = hand(canvas)
    start = user.node("exc")

    user.hold(start, start + QPoint(80, 48))
    press(qtbot, canvas, Key.Key_Escape)
    user.let_go(start + QPoint(80, 48))

    assert canvas.document.state is two_groups
    assert canvas.display.shown()[0]["exc"] == (0.0, 0.0)


def test_the_rubber_band_selects_what_it_touches(canvas_of, hand, wired):
    canvas = canvas_of(wired)
    user = hand(canvas)

    user.drag(user.at(-40, -40), user.at(300, 240))

    assert set(canvas.selection) == {"exc", "syn"}


def test_control_click_adds_to_the_selection_and_a_click_on_paper_clears_it(
    canvas_of, hand, two_groups, qtbot
):
    canvas = canvas_of(two_groups)
    user = hand(canvas)

    user.click(user.node("exc"))
    user.click(user.node("inh"), CONTROL)
    assert set(canvas.selection) == {"exc", "inh"}

    with qtbot.waitSignal(canvas.selection_changed) as changed:
        user.click(user.at(240, 260))
    assert changed.args == [()]


def test_delete_removes_nodes_with_their_wires_and_undo_restores_both(
    canvas_of, hand, wired, qtbot
):
    canvas = canvas_of(wired)
    user = hand(canvas)
    user.click(user.node("syn"))

    press(qtbot, canvas, Key.Key_Delete)

    assert set(network(canvas).nodes) == {"exc", "inh"}
    assert network(canvas).links == frozenset()
    canvas.document.stack.undo()
    assert canvas.document.state is wired
    assert canvas.display.shown()[2] == wired.network.links


def test_a_wire_can_be_selected_and_deleted(canvas_of, hand, wired, qtbot):
    canvas = canvas_of(wired)
    user = hand(canvas)
    user.click(user.at(232, 23))

    press(qtbot, canvas, Key.Key_Backspace)

    assert network(canvas).links == {Link("syn", "target", "inh", "synapses")}
    assert canvas.document.stack.undoText() == "Remove wire"


def test_undoing_the_selected_node_away_empties_the_selection(canvas_of, hand):
    canvas = canvas_of(Document())
    user = hand(canvas)
    user.drop("node", "NeuronGroup", user.at(0, 0))

    canvas.document.stack.undo()

    assert canvas.selection == ()


# Keys


def test_copy_and_paste_give_a_second_selected_node(canvas_of, hand, two_groups, qtbot):
    canvas = canvas_of(two_groups)
    canvas.select(["exc"])

    press(qtbot, canvas, Key.Key_C, CONTROL)
    press(qtbot, canvas, Key.Key_V, CONTROL)

    (made,) = canvas.selection
    assert made not in ("exc", "inh")
    assert network(canvas).nodes[made].name == "Exc 2"


def test_cut_and_paste_and_duplicate_are_one_step_each(canvas_of, two_groups, qtbot):
    canvas = canvas_of(two_groups)
    canvas.select(["exc"])

    press(qtbot, canvas, Key.Key_X, CONTROL)
    press(qtbot, canvas, Key.Key_V, CONTROL)
    press(qtbot, canvas, Key.Key_D, CONTROL)

    assert canvas.document.stack.count() == 3
    assert sorted(n.name for n in network(canvas).nodes.values()) == ["Exc", "Exc 2", "Inh"]


def test_pasting_something_else_is_refused_in_words(canvas_of, two_groups, qtbot):
    canvas = canvas_of(two_groups)
    QGuiApplication.clipboard().setText("[1, 2]")

    with qtbot.waitSignal(canvas.refused) as refused:
        press(qtbot, canvas, Key.Key_V, CONTROL)

    assert refused.args == ["The clipboard holds no nodes."]
    assert canvas.document.state is two_groups


def test_arrows_nudge_and_quick_nudges_are_one_step(canvas_of, two_groups, qtbot):
    canvas = canvas_of(two_groups)
    canvas.select(["exc"])

    press(qtbot, canvas, Key.Key_Right)
    press(qtbot, canvas, Key.Key_Down)
    press(qtbot, canvas, Key.Key_Down, SHIFT)

    assert network(canvas).nodes["exc"].position == (8.0, 40.0)
    assert canvas.document.stack.count() == 1


def test_tab_goes_through_the_nodes_and_enter_opens_one(canvas_of, wired, qtbot):
    canvas = canvas_of(wired)
    seen = []
    for _ in range(3):
        press(qtbot, canvas, Key.Key_Tab)
        seen.append(canvas.selection)

    with qtbot.waitSignal(canvas.node_activated) as activated:
        press(qtbot, canvas, Key.Key_Return)

    assert seen == [("exc",), ("syn",), ("inh",)]
    assert activated.args == ["inh"]


def test_control_a_selects_everything_and_escape_nothing(canvas_of, wired, qtbot):
    canvas = canvas_of(wired)

    press(qtbot, canvas, Key.Key_A, CONTROL)
    assert set(canvas.selection) == {"exc", "syn", "inh"}

    press(qtbot, canvas, Key.Key_Escape)
    assert canvas.selection == ()


def test_g_adds_a_neuron_group(canvas_of, qtbot):
    canvas = canvas_of(Document())

    press(qtbot, canvas, Key.Key_G)

    assert [node.kind for node in network(canvas).nodes.values()] == ["NeuronGroup"]


# Zoom and pan


@pytest.mark.parametrize(("clicks", "limit"), [(5, LARGEST), (-5, SMALLEST)])
def test_the_wheel_stops_at_the_limits(canvas_of, hand, two_groups, clicks, limit):
    canvas = canvas_of(two_groups)
    user = hand(canvas)

    for _ in range(30):
        user.wheel(QPoint(300, 200), clicks)

    assert canvas.view.zoom() == pytest.approx(limit)


def test_the_wheel_zooms_about_the_mouse(canvas_of, hand, two_groups):
    canvas = canvas_of(two_groups)
    user = hand(canvas)
    before = canvas.view.mapToScene(QPoint(300, 200))

    user.wheel(QPoint(300, 200), 4)

    after = canvas.view.mapToScene(QPoint(300, 200))
    assert canvas.view.zoom() > 1.5
    assert (after - before).manhattanLength() < 2


def test_resizing_keeps_the_zoom(canvas_of, two_groups):
    canvas = canvas_of(two_groups)
    before = canvas.view.zoom()

    for width in range(600, 900, 20):
        canvas.resize(width, 500)

    assert canvas.view.zoom() == before


def test_the_middle_button_pans(canvas_of, hand, two_groups):
    canvas = canvas_of(two_groups)
    user = hand(canvas)
    before = user.at(0, 0)

    user.drag(QPoint(500, 500), QPoint(560, 460), MIDDLE)

    assert user.at(0, 0) - before == QPoint(60, -40)
    assert canvas.document.state is two_groups


def test_space_and_drag_pans(canvas_of, hand, two_groups, qtbot):
    canvas = canvas_of(two_groups)
    user = hand(canvas)
    before = user.at(0, 0)

    qtbot.keyPress(canvas.view, Key.Key_Space)
    user.drag(user.node("exc"), user.node("exc") + QPoint(60, 30))
    qtbot.keyRelease(canvas.view, Key.Key_Space)

    assert user.at(0, 0) - before == QPoint(60, 30)
    assert canvas.document.state is two_groups


def test_f_shows_the_whole_network(canvas_of, wired, qtbot):
    canvas = canvas_of(edits.move(wired, {"inh": (4000.0, 3000.0)}))
    canvas.view.zoom_to(2.0)

    press(qtbot, canvas, Key.Key_F)

    seen = canvas.view.mapToScene(canvas.view.viewport().rect()).boundingRect()
    assert all(seen.contains(card.area()) for card in canvas.display.cards().values())


# The rest


def test_a_double_click_activates_a_node(canvas_of, hand, two_groups, qtbot):
    canvas = canvas_of(two_groups)
    user = hand(canvas)

    with qtbot.waitSignal(canvas.node_activated) as activated:
        qtbot.mouseDClick(user.surface, Qt.MouseButton.LeftButton, pos=user.node("inh"))

    assert activated.args == ["inh"]


def test_the_menu_adds_where_it_was_opened(canvas_of, two_groups):
    canvas = canvas_of(two_groups)
    menu = menu_for(canvas, (200, 300))

    next(a for a in menu.actions() if a.text() == "Add note").trigger()

    (note,) = [node for node in network(canvas).nodes.values() if node.kind == "Note"]
    assert canvas.display.card(note.id).area().contains(200, 300)


def test_arrange_leaves_no_node_over_another(canvas_of, wired):
    canvas = canvas_of(edits.move(wired, {"exc": (0, 0), "syn": (0, 0), "inh": (0, 0)}))

    canvas.nodes.arrange()

    areas = [canvas.display.card(key).area() for key in ("exc", "syn", "inh")]
    assert areas[0].right() < areas[1].left() < areas[1].right() < areas[2].left()


# Resizing


def seen(canvas):
    view = canvas.view
    part = view.mapToScene(view.viewport().rect()).boundingRect()
    return {key for key, card in canvas.display.cards().items() if card.area().intersects(part)}


@pytest.mark.parametrize("size", [(500, 300), (1400, 900)])
def test_another_size_keeps_the_middle_and_the_zoom(canvas_of, two_groups, size):
    canvas = canvas_of(two_groups)
    canvas.fit()
    canvas.view.pan(QPoint(37, -20))
    middle, zoom = canvas.view.middle(), canvas.view.zoom()

    canvas.resize(*size)
    QApplication.processEvents()

    assert (canvas.view.middle() - middle).manhattanLength() < 2
    assert canvas.view.zoom() == zoom


def test_where_all_is_shown_all_stays_shown_until_the_view_is_moved(canvas_of, two_groups):
    canvas = canvas_of(two_groups)
    canvas.fit()
    zoom = canvas.view.zoom()

    canvas.resize(400, 260)
    QApplication.processEvents()
    small = canvas.view.mapToScene(canvas.view.viewport().rect()).boundingRect()
    canvas.resize(1000, 640)
    QApplication.processEvents()

    assert all(small.contains(card.area()) for card in canvas.display.cards().values())
    assert canvas.view.zoom() == zoom


def test_what_was_in_view_is_brought_back_when_the_window_becomes_small(canvas_of, two_groups):
    canvas = canvas_of(two_groups)
    canvas.view.centerOn(-300, -200)
    before = seen(canvas)

    canvas.resize(240, 160)
    QApplication.processEvents()

    assert before == {"exc"}
    assert seen(canvas) == {"exc"}


def test_who_scrolled_away_stays_there_at_another_size(canvas_of, two_groups):
    canvas = canvas_of(two_groups)
    canvas.view.centerOn(-3000, -2000)
    middle = canvas.view.middle()

    canvas.resize(500, 300)
    QApplication.processEvents()

    assert not seen(canvas)
    assert (canvas.view.middle() - middle).manhattanLength() < 2


# Places of what is added


@pytest.mark.parametrize("key", [Key.Key_D, Key.Key_V])
def test_copies_cover_nothing_and_are_seen(canvas_of, catalog, two_groups, qtbot, key):
    state = two_groups
    for kind in (
        "SimpleDendriteStructure",
        "SimpleDendriteComputation",
        "LIF",
        "NeuronAxon",
        "Fire",
    ):
        state = edits.add_behavior(state, "exc", kind, catalog=catalog)
    canvas = canvas_of(state)
    canvas.select(["exc"])
    press(qtbot, canvas, Key.Key_C, CONTROL)

    for _ in range(4):
        press(qtbot, canvas, key, CONTROL)
        assert set(canvas.selection) <= seen(canvas)

    areas = [card.area() for card in canvas.display.cards().values()]
    assert len(areas) == 6
    assert not [
        one for one in areas for other in areas if one is not other and one.intersects(other)
    ]
