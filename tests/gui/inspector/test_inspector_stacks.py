"""Behavior stacks in the inspector, several nodes, monitors, problems."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from conex_core.catalog import load
from conex_core.graph import edits
from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.document import Link
from tests.gui.inspector.conftest import LEFT, kinds, params, type_into


def test_search_adds_a_behavior_with_what_is_missing_first(inspector, document, qtbot):
    catalog = load()
    state = edits.add_node(document.state, "SynapseGroup", name="Syn", node_id="syn")
    state = edits.add_behavior(state, "syn", "PreSpikeCatcher", catalog=catalog)
    document.edit("Wire", edits.add_link(state, Link("exc", "spikes", "syn", "source")))

    qtbot.mouseClick(inspector.page.stack.add_button, LEFT)
    popup = inspector.page.stack.popup

    assert popup.names()[0] == "NeuronAxon"
    assert popup.offers[0].reason == "PreSpikeCatcher of Syn needs an axon: add NeuronAxon"

    qtbot.keyClicks(popup.search, "kwta")
    qtbot.keyClick(popup.search, Qt.Key.Key_Return)

    assert kinds(document) == ["LIF", "InherentNoise", "KWTA", "Fire"]
    assert inspector.page.stack.popup is None


def test_delete_removes_a_behavior_and_undo_brings_it_back(inspector, document, qtbot):
    header = inspector.page.stack.rows["excInherentNoise"].header
    header.setFocus()

    qtbot.keyClick(header, Qt.Key.Key_Delete)

    assert kinds(document) == ["LIF", "Fire"]

    document.stack.undo()

    assert list(inspector.page.stack.rows) == ["excLIF", "excFire", "excInherentNoise"]
    order = [row.entry.item.kind for row in rows_in_order(inspector)]
    assert order == ["LIF", "InherentNoise", "Fire"]


def rows_in_order(inspector):
    column = inspector.page.stack.list
    return [column.itemAt(index).widget() for index in range(column.count())]


def test_a_click_on_the_box_switches_a_behavior_off(inspector, document, qtbot):
    header = inspector.page.stack.rows["excFire"].header

    qtbot.mouseClick(header.check, LEFT)

    assert not document.state.network.node("exc").item("excFire").enabled
    assert document.stack.undoText() == "Switch off Fire"


def test_a_click_opens_a_behavior_and_it_stays_open_for_the_next_visit(inspector, qtbot):
    header = inspector.page.stack.rows["excInherentNoise"].header
    qtbot.mouseClick(header, LEFT)
    assert inspector.page.stack.rows["excInherentNoise"].is_open

    inspector.set_selection(["inh"])
    inspector.set_selection(["exc"])

    assert inspector.page.stack.rows["excInherentNoise"].is_open


def test_the_menu_duplicates_a_behavior_right_after_it(inspector, document):
    menu = inspector.page.stack.menu_of("excInherentNoise")

    next(action for action in menu.actions() if action.text() == "Duplicate").trigger()

    assert kinds(document) == ["LIF", "InherentNoise", "InherentNoise", "Fire"]


def test_the_mouse_reorders_within_a_priority_only(inspector, document, qtbot):
    stack = inspector.page.stack
    stack.duplicate("excInherentNoise")
    QApplication.processEvents()
    copy = rows_in_order(inspector)[2]
    first, second = "excInherentNoise", copy.entry.item.id
    header = stack.rows[first].header

    drag(qtbot, header, QPoint(80, 20), QPoint(80, 400))

    ids = [item.id for item in document.state.network.node("exc").stack]
    assert ids == ["excLIF", second, first, "excFire"]
    assert [row.entry.item.id for row in rows_in_order(inspector)] == ids


def drag(qtbot, widget, start, end):
    qtbot.mousePress(widget, LEFT, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(widget, start + (end - start) * step / 5)
    qtbot.mouseRelease(widget, LEFT, pos=end)


def test_alt_and_an_arrow_reorder_by_keyboard(inspector, document, qtbot):
    inspector.page.stack.duplicate("excInherentNoise")
    header = inspector.page.stack.rows["excInherentNoise"].header
    header.setFocus()

    qtbot.keyClick(header, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)

    assert [item.id for item in document.state.network.node("exc").stack][2] == "excInherentNoise"


def test_behaviors_of_a_wired_stack_are_shown_but_not_changed_here(inspector, document, qtbot):
    state = edits.add_node(document.state, "BehaviorStack", name="Shared", node_id="st")
    state = edits.add_behavior(state, "st", "KWTA", catalog=load(), item_id="k")
    document.edit("Wire", edits.add_link(state, Link("st", "behaviors", "exc", "behaviors")))
    row = inspector.page.stack.rows["st/k"]

    row.header.setFocus()
    qtbot.keyClick(row.header, Qt.Key.Key_Delete)

    assert row.entry.summary.startswith("from Shared")
    assert not row.header.check.isVisible()
    assert document.state.network.node("st").item("k").kind == "KWTA"


def test_several_nodes_show_mixed_values_and_take_one_edit_for_all(inspector, document, qtbot):
    one = edits.set_behavior_param(document.state, "exc", "excLIF", "tau", 25.0)
    document.edit("tau", one)
    inspector.set_selection(["exc", "inh"])
    row = next(r for _, r in inspector.page.all_rows() if r.slot.parameter.name == "tau")
    edit = row.field.focus_target()

    assert edit.text() == ""
    assert edit.placeholderText() == "mixed"

    type_into(qtbot, row, "15")

    assert params(document)["tau"] == 15
    assert params(document, "inh", "inhLIF")["tau"] == 15
    assert document.stack.count() == 2
    assert edit.text() == "15"


def test_a_monitor_is_added_and_removed(inspector, document, qtbot):
    monitors = inspector.page.monitors

    qtbot.mouseClick(monitors.buttons["voltage"], LEFT)

    (monitor,) = document.state.monitors
    assert (monitor.kind, monitor.targets) == ("voltage", ("exc",))
    assert monitors.list.count() == 1

    document.stack.undo()

    assert monitors.list.count() == 0


def test_without_a_selection_the_network_is_shown(inspector, document, qtbot):
    inspector.set_selection([])

    type_into(qtbot, inspector.page.row(None, "dt"), "0.1")
    type_into(qtbot, inspector.page.row(None, "seed"), "7")

    assert document.state.settings.dt == 0.1
    assert document.state.settings.seed == 7
    assert inspector.title() == "Network"


def test_removing_the_selected_node_shows_the_network(inspector, document):
    document.edit("Remove", edits.remove(document.state, ["exc"]))

    assert inspector.page.row(None, "dt") is not None

    document.stack.undo()

    assert inspector.title() == "Exc"


def test_a_jump_opens_the_behavior_and_gives_the_keyboard_to_the_field(inspector):
    inspector.show_field("inh", "inhInherentNoise", "scale")

    row = inspector.page.row("inhInherentNoise", "scale")
    assert inspector.selection == ("inh",)
    assert row.field.focus_target().hasFocus()
    assert not row.visibleRegion().isEmpty()


def test_problems_stand_beside_their_field(inspector, tau):
    inspector.set_problems([Problem("warning", "tau is odd.", "exc", "excLIF", "tau")])

    assert tau.reason.text() == "tau is odd."

    inspector.set_problems([])

    assert not tau.reason.isVisible()


def test_every_field_has_a_name_for_screen_readers(inspector):
    names = [row.field.focus_target().accessibleName() for _, row in inspector.page.all_rows()]

    assert all(names)
    assert "tau, ms" in names


def test_an_unknown_behavior_is_shown_and_kept(inspector, document):
    from dataclasses import replace

    node = document.state.network.node("exc")
    strange = replace(node.stack[0], id="x", kind="Future", params={"p": 1})
    network = document.state.network
    nodes = {**network.nodes, "exc": replace(node, stack=(*node.stack, strange))}
    document.edit("x", document.state.with_network(replace(network, nodes=nodes)))

    row = inspector.page.stack.rows["x"]

    assert "Unknown" in row.entry.summary
    row.set_open(True)
    assert not row.is_open
