"""Real mouse on the canvas: what is dropped, and wires."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData

from conex_core.graph import edits
from conex_core.graph.model.document import Document, Link
from tests.gui.canvas.gestures.conftest import Key, network, press

# Drops


def test_dropping_a_group_adds_it_where_it_was_dropped_and_selects_it(canvas_of, hand):
    canvas = canvas_of(Document())
    user = hand(canvas)

    assert user.drop("node", "NeuronGroup", user.at(100, 80))

    (node,) = network(canvas).nodes.values()
    assert canvas.display.card(node.id).area().contains(100, 80)
    assert canvas.selection == (node.id,)
    assert [item.kind for item in node.stack] == [
        "SimpleDendriteStructure",
        "SimpleDendriteComputation",
        "LIF",
        "InherentNoise",
        "Fire",
        "NeuronAxon",
    ]
    assert canvas.document.stack.undoText() == "Add neuron group"


def test_a_node_dropped_on_another_does_not_cover_it(canvas_of, hand, two_groups):
    canvas = canvas_of(two_groups)
    user = hand(canvas)

    user.drop("node", "NeuronGroup", user.node("exc"))

    areas = [card.area() for card in canvas.display.cards().values()]
    assert not any(a.intersects(b) for a in areas for b in areas if a is not b)


def test_dropping_a_behavior_on_a_group_puts_it_into_its_stack(canvas_of, hand, two_groups):
    canvas = canvas_of(two_groups)
    user = hand(canvas)

    user.drop("behavior", "LIF", user.node("exc"))

    assert [item.kind for item in network(canvas).nodes["exc"].stack] == ["LIF"]
    assert [line.text for line in canvas.display.card("exc").face.lines] == ["LIF"]


@pytest.mark.parametrize(
    ("name", "node", "words"),
    [
        ("SimpleSTDP", "exc", "Drop SimpleSTDP on a synapse group."),
        ("LIF", "syn", "Drop LIF on a neuron group."),
        ("Ghost", "exc", "There is no behavior called Ghost."),
    ],
)
def test_a_behavior_that_does_not_fit_is_refused_with_the_reason(
    canvas_of, hand, wired, qtbot, name, node, words
):
    canvas = canvas_of(wired)
    user = hand(canvas)

    with qtbot.waitSignal(canvas.refused) as refused:
        user.drop("behavior", name, user.node(node))

    assert refused.args == [words]
    assert canvas.view.bubble.text() == words
    assert canvas.document.state is wired


def test_a_behavior_dropped_on_the_paper_says_where_it_belongs(canvas_of, hand, two_groups, qtbot):
    canvas = canvas_of(two_groups)
    user = hand(canvas)

    with qtbot.waitSignal(canvas.refused) as refused:
        user.drop("behavior", "LIF", user.at(240, 260))

    assert refused.args == ["Drop LIF on a neuron group."]


def test_a_behavior_of_the_network_goes_on_the_empty_paper(canvas_of, hand, two_groups):
    canvas = canvas_of(two_groups)
    user = hand(canvas)

    user.drop("behavior", "Payoff", user.at(240, 260))

    assert [item.kind for item in canvas.document.state.settings.stack] == ["Payoff"]


def test_dropping_an_example_asks_for_it(canvas_of, hand, qtbot):
    canvas = canvas_of(Document())
    user = hand(canvas)

    with qtbot.waitSignal(canvas.example_dropped) as asked:
        user.drop("example", "digits", user.at(0, 0))

    assert asked.args == ["digits"]


@pytest.mark.parametrize("text", [b"[1, 2]", b"{", b'{"entry": "virus"}', b"\xff"])
def test_foreign_data_is_not_taken(canvas_of, hand, text):
    canvas = canvas_of(Document())
    user = hand(canvas)
    data = QMimeData()
    data.setData("application/x-conex-palette", text)

    taken = user.drop_data(data, user.at(0, 0))

    assert not taken
    assert canvas.document.state == Document()


# Wires


def test_dragging_from_group_to_group_inserts_synapses(canvas_of, hand, two_groups):
    canvas = canvas_of(two_groups)
    user = hand(canvas)

    user.drag(user.port("exc", "spikes"), user.port("inh", "synapses"))

    (synapse,) = [n for n in network(canvas).nodes.values() if n.kind == "SynapseGroup"]
    assert network(canvas).links == {
        Link("exc", "spikes", synapse.id, "source"),
        Link(synapse.id, "target", "inh", "synapses"),
    }
    assert canvas.document.stack.count() == 1
    assert canvas.document.stack.undoText() == "Connect Exc to Inh"
    assert 200 <= synapse.position[0] <= 480


def test_a_wire_may_be_drawn_backwards_and_onto_the_body_of_a_node(canvas_of, hand, two_groups):
    canvas = canvas_of(two_groups)
    user = hand(canvas)

    user.drag(user.port("inh", "synapses"), user.node("exc"))

    assert {link.source for link in network(canvas).links if link.target_port == "source"} == {
        "exc"
    }


def test_synapses_of_a_group_with_itself_stand_above_it(canvas_of, hand, two_groups):
    canvas = canvas_of(two_groups)
    user = hand(canvas)

    user.drag(user.port("exc", "spikes"), user.port("exc", "synapses"))

    (synapse,) = [n for n in network(canvas).nodes.values() if n.kind == "SynapseGroup"]
    card = canvas.display.card(synapse.id)
    assert card.area().bottom() < canvas.display.card("exc").area().top()
    assert card.port("source").face.facing == (1, 0)


def test_an_illegal_wire_says_why_and_changes_nothing(canvas_of, hand, wired, qtbot):
    canvas = canvas_of(wired)
    user = hand(canvas)

    with qtbot.waitSignal(canvas.refused) as refused:
        user.drag(user.port("exc", "spikes"), user.port("inh", "spikes"))

    assert refused.args == ["Both ports are outputs. Connect an output with an input."]
    assert canvas.document.state is wired
    assert canvas.view.bubble.isVisible()


def test_legal_ports_light_up_while_a_wire_is_drawn(canvas_of, hand, wired):
    canvas = canvas_of(wired)
    user = hand(canvas)

    user.hold(user.port("exc", "spikes"), user.at(240, 200))

    legal = {key: card.state.legal for key, card in canvas.display.cards().items()}
    assert legal["inh"] == {"synapses": True, "behaviors": False, "spikes": False}
    assert legal["syn"] == {"source": False, "behaviors": False, "target": False}
    user.let_go(user.at(240, 200))
    assert all(card.state.legal is None for card in canvas.display.cards().values())


def test_escape_cancels_a_wire(canvas_of, hand, two_groups, qtbot):
    canvas = canvas_of(two_groups)
    user = hand(canvas)
    end = user.port("inh", "synapses")

    user.hold(user.port("exc", "spikes"), end)
    press(qtbot, canvas, Key.Key_Escape)
    user.let_go(end)

    assert canvas.document.state is two_groups
    assert canvas.view.drag is None


def test_a_mere_click_on_a_full_port_keeps_its_wire(canvas_of, hand, wired):
    canvas = canvas_of(wired)
    user = hand(canvas)

    user.click(user.port("syn", "source"))

    assert canvas.document.state is wired
    assert all(wire.isVisible() for wire in canvas.display.wires())


def test_pulling_a_wire_off_is_one_edit_on_release(canvas_of, hand, wired):
    canvas = canvas_of(wired)
    user = hand(canvas)
    away = user.at(240, 240)

    user.hold(user.port("syn", "source"), away)
    assert canvas.document.state is wired
    user.let_go(away)

    assert network(canvas).links == {Link("syn", "target", "inh", "synapses")}
    assert canvas.document.stack.count() == 1
    canvas.document.stack.undo()
    assert canvas.document.state is wired


def test_escape_puts_a_pulled_wire_back(canvas_of, hand, wired, qtbot):
    canvas = canvas_of(wired)
    user = hand(canvas)

    user.hold(user.port("syn", "source"), user.at(240, 240))
    press(qtbot, canvas, Key.Key_Escape)
    user.let_go(user.at(240, 240))

    assert canvas.document.state is wired
    assert all(wire.isVisible() for wire in canvas.display.wires())


def test_a_pulled_wire_may_end_at_another_port_in_one_step(canvas_of, hand, wired):
    canvas = canvas_of(edits.add_node(wired, "NeuronGroup", node_id="more", at=(480, 240)))
    user = hand(canvas)

    user.drag(user.port("syn", "target"), user.port("more", "synapses"))

    assert Link("syn", "target", "more", "synapses") in network(canvas).links
    assert Link("syn", "target", "inh", "synapses") not in network(canvas).links
    assert canvas.document.stack.count() == 1
