"""Wires to blocks, and their ports, on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt

from conex_core.graph import edits
from conex_core.graph.model.document import Link
from tests.gui.canvas.blocks.conftest import (
    assert_mirrors,
    port_of,
    press,
)

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

    canvas.nodes.delete()

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
