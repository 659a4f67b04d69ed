"""How blocks are drawn, grouped and unpacked on the canvas."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import Qt

from conex_app.canvas.scene.placing import area_of
from conex_app.look import theme
from conex_core.graph import edits
from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.document import MAIN, Link, Promoted, Target
from tests.gui.canvas.blocks.conftest import (
    _CONTROL,
    _SHIFT,
    assert_mirrors,
    port_of,
    press,
)

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
@pytest.mark.parametrize("colours", [theme.light_theme, theme.dark_theme])
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
