"""Blocks on the canvas: group, open, leave, wire, paste and drop, through real widgets."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QApplication

from conex_app import theme
from conex_app.canvas import BlockDrag, Canvas, mime_for_block
from conex_app.canvas.menu import menu_for
from conex_app.canvas.placing import area_of
from conex_core.graph import edits
from conex_core.graph.problems import Problem
from conex_core.graph.state import MAIN, Definition, Document, Link, Node, Promoted, Target

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_NONE, _LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def blocked(wired: Document) -> Document:
    """Return ``exc`` wired to the block ``blk``, which holds ``inh``."""
    return edits.group(wired, ["inh"], name="Layer", node_id="blk", definition_id="d_layer")


@pytest.fixture
def deep(blocked: Document) -> Document:
    """Return the network with the block ``col`` around ``blk``."""
    return edits.group(blocked, ["blk"], name="Column", node_id="col", definition_id="d_col")


def port_of(state: Document, kind: str = "InputPort", definition: str = "d_layer") -> Node:
    nodes = state.definition(definition).nodes.values()
    return next(node for node in nodes if node.kind == kind)


def assert_mirrors(canvas: Canvas) -> None:
    network = canvas.document.state.network
    places, model, scene = canvas.display.shown()
    assert places == {key: node.position for key, node in network.nodes.items()}
    assert model == scene == network.links


def press(qtbot, canvas: Canvas, key: Qt.Key, modifiers=_NONE) -> None:
    qtbot.keyClick(canvas.view, key, modifiers)


# Faces


def test_a_block_shows_its_kind_its_contents_and_its_ports(canvas_of, deep):
    state = edits.set_definition(deep, "d_col", kind="CorticalColumn")

    face = canvas_of(state).display.card("col").face

    assert (face.shape, face.title, face.detail) == ("block", "Column", "Cortical column")
    assert [line.text for line in face.lines] == ["1 group, 100 neurons"]
    assert [(p.title, p.direction, p.x) for p in face.ports] == [("Layer", "in", 0.0)]


def test_a_changed_value_of_a_copy_is_marked_and_counts(canvas_of, blocked):
    size = Promoted("p_size", "size", (Target("inh", None, "size"),))
    state = edits.set_definition(blocked, "d_layer", promoted=(size,))
    state = edits.set_param(state, "blk", "p_size", 7)
    canvas = canvas_of(state)
    card = canvas.display.card("blk")

    assert card.face.mark == "1 changed"
    assert card.face.lines[0].text == "1 group, 7 neurons"
    assert "size = 7 (changed)" in canvas.view.tip_at(card.area().center())


def test_a_block_whose_contents_are_missing_is_drawn_and_not_opened(canvas_of, blocked, qtbot):
    kept = {MAIN: blocked.network}
    canvas = canvas_of(replace(blocked, definitions=kept))

    with qtbot.waitSignal(canvas.refused) as refused:
        canvas.activate("blk")

    assert canvas.display.card("blk").face.shape == "unknown"
    assert "Layer" in refused.args[0]
    assert canvas.document.level == ()
    assert_mirrors(canvas)


def test_synapses_between_ports_say_how_many_groups_they_join(canvas_of, blocked):
    canvas, port = canvas_of(blocked), port_of(blocked)
    before = canvas.display.card("syn").face.detail
    new = edits.within(
        canvas.document.state,
        "d_layer",
        lambda doc: edits.add_node(doc, "NeuronGroup", node_id="x"),
    )
    link = Link(port.id, "port", "x", "synapses")
    new = edits.within(new, "d_layer", lambda doc: edits.add_link(doc, link))

    canvas.document.edit("Wire", new)

    assert before == "no current yet"
    assert canvas.display.card("syn").face.detail == "1 × 2 groups"


def test_problems_inside_a_block_are_marked_on_it_and_on_the_node_when_open(canvas_of, deep):
    canvas = canvas_of(deep)

    canvas.show_problems([Problem("error", "Inh fails.", "inh", definition="d_layer")])
    outside = canvas.display.card("col").state.errors
    canvas.document.go(("col", "blk"))

    assert outside == 1
    assert canvas.display.card("inh").state.errors == 1


def test_plots_of_what_is_inside_are_marked_on_the_block(canvas_of, deep):
    canvas = canvas_of(edits.add_monitor(deep, "raster", targets=("inh",)))

    assert canvas.display.card("col").state.monitors == ("raster",)
    assert canvas.display.card("exc").state.monitors == ()


@pytest.mark.parametrize("zoom", [0.1, 0.3, 1.0])
@pytest.mark.parametrize("colours", [theme.light, theme.dark])
def test_blocks_and_ports_paint_at_every_zoom(canvas_of, blocked, zoom, colours):
    state = edits.within(
        blocked, "d_layer", lambda doc: edits.add_node(doc, "OutputPort", at=(300, 0))
    )
    canvas = canvas_of(state)
    canvas.set_theme(colours())
    canvas.view.zoom_to(zoom)
    assert not canvas.grab().isNull()

    canvas.blocks.enter("blk")
    canvas.view.zoom_to(zoom)

    assert not canvas.grab().isNull()


# Group and unpack


def test_control_g_groups_the_selection_in_one_step_and_asks_for_a_name(canvas_of, wired, qtbot):
    canvas = canvas_of(wired)
    canvas.select(("syn", "inh"))

    with qtbot.waitSignal(canvas.rename_wanted) as wanted:
        press(qtbot, canvas, Qt.Key.Key_G, _CONTROL)

    (block,) = canvas.selection
    assert wanted.args == [block]
    assert canvas.document.state.network.node(block).kind == "Instance"
    assert canvas.document.state.network.nodes.keys() == {"exc", block}
    assert canvas.document.stack.count() == 1
    assert_mirrors(canvas)


def test_naming_the_only_copy_names_the_block(blocked):
    named = edits.rename_instance(blocked, "blk", "L4")
    second = edits.add_instance(named, "d_layer", node_id="two")

    assert named.definition("d_layer").name == "L4"
    assert edits.rename_instance(second, "two", "L5").definition("d_layer").name == "L4"


def test_undoing_a_group_restores_the_network_and_selects_nothing_stale(canvas_of, wired, qtbot):
    canvas = canvas_of(wired)
    canvas.select(("syn", "inh"))
    press(qtbot, canvas, Qt.Key.Key_G, _CONTROL)

    canvas.document.stack.undo()

    assert canvas.document.whole == wired
    assert canvas.selection == ()
    assert_mirrors(canvas)


def test_grouping_a_port_of_the_open_block_is_refused(canvas_of, blocked, qtbot):
    canvas = canvas_of(blocked)
    canvas.blocks.enter("blk")
    canvas.select_all()

    with qtbot.waitSignal(canvas.refused) as refused:
        canvas.blocks.group()

    assert "port" in refused.args[0]
    assert canvas.document.whole is blocked


def test_unpacking_puts_back_what_was_grouped_and_selects_it(canvas_of, blocked, wired, qtbot):
    canvas = canvas_of(blocked)
    canvas.select(("blk",))

    press(qtbot, canvas, Qt.Key.Key_G, _CONTROL | _SHIFT)

    assert canvas.document.state.network.nodes.keys() == wired.network.nodes.keys()
    assert canvas.document.state.network.links == wired.network.links
    assert canvas.selection == ("inh",)


def test_unpacked_nodes_stand_where_they_were_before_they_were_grouped(canvas_of, wired):
    canvas = canvas_of(wired)
    before = {key: node.position for key, node in wired.network.nodes.items()}
    canvas.select(("exc", "inh", "syn"))

    canvas.blocks.group()
    canvas.blocks.unpack()

    nodes = canvas.document.state.network.nodes
    assert {key: node.position for key, node in nodes.items()} == before


def test_unpacked_nodes_cover_no_others_and_keep_their_places_to_each_other(canvas_of, wired):
    doc = edits.group(wired, ["exc", "inh", "syn"], node_id="blk")
    inner = doc.definitions[doc.network.nodes["blk"].of].nodes
    doc = edits.move(doc, {"blk": (0.0, 0.0)})
    for key, at in (("left", (-220.0, 0.0)), ("right", (220.0, 10.0))):
        doc = edits.add_node(doc, "NeuronGroup", node_id=key, at=at)
    canvas = canvas_of(doc)
    canvas.select(("blk",))

    canvas.blocks.unpack()

    nodes = canvas.document.state.network.nodes
    areas = [area_of(node) for node in nodes.values()]
    assert not any(one.intersects(other) for one, other in combinations(areas, 2))
    shifts = {
        tuple(now - then for now, then in zip(nodes[key].position, node.position, strict=True))
        for key, node in inner.items()
        if key in nodes
    }
    assert len(shifts) == 1


def test_a_unique_copy_no_longer_follows(canvas_of, blocked):
    canvas = canvas_of(edits.add_instance(blocked, "d_layer", node_id="two"))
    canvas.select(("two",))

    canvas.blocks.make_unique()

    assert canvas.document.state.network.node("two").of != "d_layer"


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


# Wires and ports


def test_a_wire_may_be_drawn_from_a_group_to_the_port_of_a_block(canvas_of, hand, blocked):
    state = edits.within(
        blocked, "d_layer", lambda doc: edits.add_node(doc, "InputPort", node_id="way")
    )
    canvas = canvas_of(state)
    canvas.fit()
    user = hand(canvas)

    user.drag(user.port("exc", "spikes"), user.port("blk", "way"))

    assert Link("exc", "spikes", "blk", "way") in canvas.document.state.network.links
    assert_mirrors(canvas)


def test_spikes_to_where_a_block_takes_synapses_insert_a_synapse_group(canvas_of, hand, blocked):
    canvas, port = canvas_of(blocked), port_of(blocked)
    canvas.fit()
    user = hand(canvas)

    user.drag(user.port("exc", "spikes"), user.port("blk", port.id))

    network = canvas.document.state.network
    (made,) = network.nodes.keys() - {"exc", "syn", "blk"}
    assert network.node(made).kind == "SynapseGroup"
    assert {Link("exc", "spikes", made, "source"), Link(made, "target", "blk", port.id)} <= (
        network.links
    )
    assert canvas.document.stack.count() == 1


def test_a_wire_between_ports_that_do_not_fit_says_why(canvas_of, hand, blocked, qtbot):
    state = edits.within(
        blocked, "d_layer", lambda doc: edits.add_node(doc, "InputPort", node_id="way")
    )
    canvas = canvas_of(edits.add_node(state, "BehaviorStack", node_id="st", at=(0, 300)))
    canvas.fit()
    user = hand(canvas)

    with qtbot.waitSignal(canvas.refused) as refused:
        user.drag(user.port("st", "behaviors"), user.port("blk", "way"))

    assert "Layer" in refused.args[0]
    assert canvas.document.stack.count() == 0


def test_deleting_a_port_inside_takes_the_wire_outside_away_and_says_so(canvas_of, blocked, qtbot):
    canvas, told = canvas_of(blocked), []
    port = port_of(blocked)
    canvas.told.connect(told.append)
    canvas.blocks.enter("blk")
    canvas.select((port.id,))

    press(qtbot, canvas, Qt.Key.Key_Delete)
    canvas.blocks.leave()

    assert canvas.display.card("blk").ports == []
    assert canvas.document.whole.network.into("blk") == []
    assert told == [f"Removed port {port.name} and 1 wire outside."]
    assert_mirrors(canvas)


def test_undo_names_the_port_that_was_deleted(canvas_of, blocked):
    canvas, port = canvas_of(blocked), port_of(blocked)
    canvas.blocks.enter("blk")
    canvas.select((port.id,))

    canvas.delete_selected()

    assert canvas.document.stack.undoText() == f"Remove port {port.name}"


def test_renaming_a_port_inside_moves_no_wire(canvas_of, blocked):
    canvas, port = canvas_of(blocked), port_of(blocked)
    canvas.blocks.enter("blk")

    canvas.document.edit("Rename", edits.rename(canvas.document.state, port.id, "drive"))
    canvas.blocks.leave()

    assert canvas.display.card("blk").port(port.id).face.title == "drive"
    assert canvas.document.whole.network.links == blocked.network.links


def test_ports_are_added_inside_under_each_other_and_shown_outside(canvas_of, blocked):
    canvas = canvas_of(blocked)
    canvas.blocks.enter("blk")

    canvas.blocks.add_port("OutputPort")
    canvas.blocks.add_port("OutputPort")
    canvas.blocks.leave()

    outs = canvas.display.card("blk").outputs
    assert [port.face.title for port in outs] == ["out", "out 2"]
    assert outs[0].face.y < outs[1].face.y
    assert canvas.document.stack.count() == 2


def test_the_network_itself_has_no_ports(canvas_of, blocked, hand, qtbot):
    canvas = canvas_of(blocked)

    with qtbot.waitSignal(canvas.refused) as refused:
        canvas.blocks.add_port("InputPort")
    with qtbot.waitSignal(canvas.refused):
        hand(canvas).drop("node", "OutputPort", QPoint(40, 40))

    assert refused.args == ["Ports belong inside a block. Open a block first."]
    assert canvas.document.stack.count() == 0


# Paste, insert, drop


def test_copies_of_a_block_may_be_pasted_into_another_block(canvas_of, deep, qtbot):
    canvas = canvas_of(deep)
    canvas.document.go(("col",))
    canvas.select(("blk",))
    press(qtbot, canvas, Qt.Key.Key_C, _CONTROL)

    press(qtbot, canvas, Qt.Key.Key_V, _CONTROL)

    (copied,) = canvas.selection
    assert canvas.document.whole.definition("d_col").node(copied).of == "d_layer"
    assert "d_layer" in canvas.document.whole.definitions


def test_a_block_is_not_pasted_into_itself(canvas_of, deep, qtbot):
    canvas = canvas_of(deep)
    canvas.select(("col",))
    press(qtbot, canvas, Qt.Key.Key_C, _CONTROL)
    canvas.document.go(("col", "blk"))

    with qtbot.waitSignal(canvas.refused) as refused:
        press(qtbot, canvas, Qt.Key.Key_V, _CONTROL)

    assert "Column" in refused.args[0]
    assert "Layer" in refused.args[0]
    assert canvas.document.whole is deep


def test_a_block_is_not_inserted_into_itself(canvas_of, deep):
    canvas = canvas_of(deep)
    canvas.document.go(("col", "blk"))

    reason = canvas.blocks.insert("d_col")

    assert "Layer" in reason
    assert canvas.document.whole is deep


def test_a_block_to_begin_with_is_dropped_inside_another_and_opened(canvas_of, hand, blocked):
    canvas = canvas_of(blocked)
    canvas.blocks.enter("blk")
    user = hand(canvas)

    assert user.drop("node", "Container", user.at(200, 400))
    (made,) = canvas.selection
    canvas.blocks.enter()

    assert canvas.document.level == ("blk", made)
    assert canvas.document.stack.count() == 1


def test_a_dropped_block_goes_to_who_keeps_blocks(canvas_of, hand, blocked):
    canvas, taken = canvas_of(blocked), []
    canvas.take_blocks(lambda block, at: taken.append((block.definition, at)))
    user = hand(canvas)

    assert user.drop_data(mime_for_block(BlockDrag("Layer", definition="d_layer")), user.at(8, 200))

    assert taken == [("d_layer", (8.0, 200.0))]


def test_a_block_file_from_the_desktop_goes_there_too(canvas_of, hand, blocked, tmp_path, qtbot):
    canvas, taken = canvas_of(blocked), []
    file = tmp_path / "layer.conexblock"
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])

    def take(block: BlockDrag, _at: tuple[float, float]) -> str:
        taken.append(block.path)
        return "It is damaged."

    canvas.take_blocks(take)
    with qtbot.waitSignal(canvas.refused) as refused:
        hand(canvas).drop_data(data, QPoint(80, 80))

    assert taken == [Path(file)]
    assert refused.args == ["It is damaged."]


def test_a_ghost_shows_where_a_block_would_go_until_it_leaves(canvas_of, blocked):
    canvas = canvas_of(blocked)
    canvas.take_blocks(lambda _block, _at: None)
    surface, data = canvas.view.viewport(), mime_for_block(BlockDrag("Motif", definition="d"))
    copy = Qt.DropAction.CopyAction

    QApplication.sendEvent(surface, QDragEnterEvent(QPoint(300, 200), copy, data, _LEFT, _NONE))
    ghosts = [item.face.title for item in canvas.view.scene().items() if hasattr(item, "follow")]
    QApplication.sendEvent(surface, QDragLeaveEvent())

    assert ghosts == ["Motif"]
    assert not [item for item in canvas.view.scene().items() if hasattr(item, "follow")]


# Menu


def test_the_menu_offers_only_what_fits(canvas_of, blocked):
    canvas = canvas_of(blocked)
    canvas.select(("blk",))
    outside = [action.text().split("\t")[0] for action in menu_for(canvas, (0, 0)).actions()]

    canvas.blocks.enter("blk")
    inside = [action.text().split("\t")[0] for action in menu_for(canvas, (0, 0)).actions()]

    assert {"Open block", "Group", "Unpack", "Make unique"} <= set(outside)
    assert not {"Leave block", "Add input port", "Save to library…"} & set(outside)
    assert {"Leave block", "Add input port", "Add output port"} <= set(inside)
    assert not {"Open block", "Unpack", "Group"} & set(inside)


def test_saving_asks_for_the_block_behind_the_selected_copy(canvas_of, blocked, qtbot):
    canvas = canvas_of(blocked)
    canvas.select(("blk",))

    with qtbot.waitSignal(canvas.save_block_wanted) as wanted:
        canvas.blocks.save()

    assert wanted.args == ["d_layer"]


def test_an_edit_inside_shows_on_every_copy(canvas_of, blocked):
    canvas = canvas_of(edits.add_instance(blocked, "d_layer", node_id="two", at=(0, 400)))

    new = edits.within(
        canvas.document.state, "d_layer", lambda doc: edits.add_node(doc, "NeuronGroup")
    )
    canvas.document.edit("Add", new)

    texts = [canvas.display.card(key).face.lines[0].text for key in ("blk", "two")]
    assert texts == ["2 groups, 200 neurons"] * 2
