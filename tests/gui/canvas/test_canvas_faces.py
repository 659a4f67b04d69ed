"""What nodes say and how wires run: no scene, no mouse."""

from __future__ import annotations

import pytest

from conex_app.canvas.painting.node_face import face_of, size_text
from conex_app.canvas.scene.placing import arranged
from conex_app.canvas.scene.routes import WireEnd, route
from conex_core.graph import edits
from conex_core.graph.model.document import BehaviorItem, Document, Link, Node
from conex_core.graph.model.layout import columns

RIGHT, LEFT, DOWN = (1, 0), (-1, 0), (0, 1)


def items(*kinds: str) -> tuple[BehaviorItem, ...]:
    return tuple(BehaviorItem(f"b{place}", kind) for place, kind in enumerate(kinds))


@pytest.mark.parametrize(
    ("value", "text"),
    [(800, "800"), (12345, "12\u202f345"), ((1, 8, 8), "1 × 8 × 8"), ([2, 3], "2 × 3"), ("x", "x")],
)
def test_sizes_are_written_for_people(value, text):
    assert size_text(value) == text


def test_a_group_shows_name_size_polarity_and_stack():
    stack = (*items("LIF", "Fire"), BehaviorItem("off", "InherentNoise", enabled=False))
    node = Node("n", "NeuronGroup", "Inh", {"size": 200, "polarity": "inhibitory"}, stack)

    face = face_of(node)

    assert (face.title, face.detail, face.colour) == ("Inh", "200", "inhibitory")
    assert [(line.text, line.off) for line in face.lines] == [
        ("LIF", False),
        ("Fire", False),
        ("InherentNoise", True),
    ]


def test_long_stacks_are_cut_with_a_count():
    face = face_of(Node("n", "NeuronGroup", "Exc", stack=items(*"abcdefghijk")))

    assert [line.text for line in face.lines] == [*"abcdefg", "+4 more"]


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ((), "no current yet"),
        (("SynapseInit", "SimpleDendriticInput"), "dense"),
        (("SimpleSTDP", "SparseDendriticInput"), "sparse · STDP"),
        (("Conv2dDendriticInput", "Conv2dSTDP"), "conv2d · STDP"),
    ],
)
def test_synapses_say_how_they_connect_and_learn(kinds, words):
    face = face_of(Node("s", "SynapseGroup", "S", {"compartment": "Apical"}, items(*kinds)))

    assert face.detail == words
    assert (face.colour, face.compartment) == ("apical", "Apical")


def test_turned_synapses_take_spikes_at_their_right():
    face = face_of(Node("s", "SynapseGroup", "S"), leftwards=True)

    source, target = (p for p in face.ports if p.name in ("source", "target"))
    assert source.x == face.width
    assert target.x == 0


@pytest.mark.parametrize("params", [{"size": "many"}, {"size": None}, {"polarity": 3}])
def test_wrong_values_are_shown_not_raised(params):
    assert face_of(Node("n", "NeuronGroup", "Exc", params)).title == "Exc"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (WireEnd(0, 0, RIGHT, -16), WireEnd(300, 80, LEFT, 64)),
        (WireEnd(300, 0, RIGHT, -16), WireEnd(0, 10, LEFT, -6)),
        (WireEnd(300, 0, RIGHT, -16), WireEnd(0, 400, LEFT, 380)),
        (WireEnd(300, 0, RIGHT, -16), WireEnd(200, -90, RIGHT, -110)),
        (WireEnd(0, 0, RIGHT, -16), WireEnd(200, 90, DOWN, 40)),
    ],
)
def test_wires_leave_and_enter_in_the_direction_of_their_ports(start, end):
    path = route(start, end)

    first, last = path.pointAtPercent(0.01), path.pointAtPercent(0.99)
    out = (first.x() - start.x) * start.facing[0] + (first.y() - start.y) * start.facing[1]
    into = (last.x() - end.x) * end.facing[0] + (last.y() - end.y) * end.facing[1]
    assert out > 0
    assert into > 0
    assert path.currentPosition().toTuple() == (end.x, end.y)


def test_a_wire_that_goes_back_runs_above_both_nodes():
    path = route(WireEnd(300, 16, RIGHT, 0), WireEnd(0, 16, LEFT, 0))

    assert path.boundingRect().top() < -16


def test_arranging_follows_the_spikes_and_copes_with_circles(two_groups, catalog):
    state = edits.connect_groups(two_groups, "exc", "inh", catalog=catalog, node_id="forth")
    state = edits.connect_groups(state, "inh", "exc", catalog=catalog, node_id="back")
    state = edits.add_node(state, "InputLayer", node_id="input", at=(900, 900))
    state = edits.connect_groups(state, "input", "exc", catalog=catalog, node_id="feed")
    state = edits.add_node(state, "Note", node_id="note", at=(5, 5))

    places = arranged(state.network)

    columns = [places[key][0] for key in ("input", "feed", "exc", "forth", "inh")]
    assert columns == sorted(columns)
    assert len(set(columns)) == 5
    assert places["back"][1] > places["forth"][1]
    assert places["note"] != places["exc"]
    assert len(set(places.values())) == len(places)


def test_arranging_nothing_is_nothing():
    assert arranged(Document().network) == {}


def test_arranging_a_long_chain_does_not_recurse():
    state = Document()
    nodes = {f"n{i}": Node(f"n{i}", "NeuronGroup", f"N{i}") for i in range(3000)}
    links = {Link(f"n{i}", "spikes", f"n{i + 1}", "synapses") for i in range(2999)}
    network = type(state.network)("main", "Network", nodes, frozenset(links))

    places = arranged(network)

    assert len(columns(list(nodes), [(k.source, k.target) for k in links])) == 3000
    assert places["n2999"][0] > places["n0"][0]


def test_arranging_again_changes_nothing(two_groups, catalog):
    state = edits.connect_groups(two_groups, "exc", "inh", catalog=catalog)
    state = edits.connect_groups(state, "exc", "exc", catalog=catalog)
    once = edits.move(state, arranged(state.network))

    assert edits.move(once, arranged(once.network)) is once
