"""The flat network: ids, names, wires through ports, pairs, and what is too much."""

from __future__ import annotations

from dataclasses import replace

import pytest
from block_samples import bomb, flat_nodes, grouped, instance, of_kind

from conex_core.catalog import Catalog
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import within
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.blocks.nesting import DEEPEST, extent_of
from conex_core.graph.checks.check import check
from conex_core.graph.checks.memory import pairs_of
from conex_core.graph.model.document import Definition, Document, Link, Node


@pytest.fixture
def pair(two_groups: Document, catalog: Catalog) -> Document:
    """Return a block of two groups with one port out, and a copy with one port in."""
    doc = grouped(two_groups, "exc", "inh")

    def ported(inner: Document) -> Document:
        inner = edits.add_port(inner, "InputPort", "synapses", node_id="in")
        inner = edits.add_port(inner, "OutputPort", node_id="out")
        for name in ("exc", "inh"):
            inner = edits.add_link(inner, Link("in", "port", name, "synapses"))
            inner = edits.add_link(inner, Link(name, "spikes", "out", "port"))
        return inner

    doc = instance(within(doc, "d_box", ported), "d_box", "copy")
    return edits.connect_groups(
        doc, "box", "copy", catalog=catalog, node_id="s", source_port="out", target_port="in"
    )


def test_a_network_without_blocks_is_its_own_flat_network(network: Document) -> None:
    assert flatten(network).document is network


def test_synapses_between_blocks_become_one_for_each_pair(pair: Document) -> None:
    flat = flatten(pair)

    pairs = [node.id for node in of_kind(flat.document.network, "SynapseGroup")]
    assert sorted(pairs) == [
        "s@exc>copy/exc",
        "s@exc>copy/inh",
        "s@inh>copy/exc",
        "s@inh>copy/inh",
    ]
    assert flat.copies("main", "s") == pairs
    assert flat_nodes(pair)["s@exc>copy/inh"].name == "Box to Box 2 (Exc to Box 2 / Inh)"


def test_pairs_are_counted_with_the_sizes_that_copies_have(pair: Document) -> None:
    def smaller(inner: Document) -> Document:
        return edits.set_param(inner, "inh", "size", 10)

    assert pairs_of(pair, "s") == (4, 4 * 100 * 100)
    assert pairs_of(within(pair, "d_box", smaller), "s") == (4, 110 * 110)


def test_unpacking_both_ends_keeps_the_pairs(pair: Document) -> None:
    before = flatten(pair).document.network

    doc, _ = edits.unpack(pair, "box")
    doc, _ = edits.unpack(doc, "copy")

    after = flatten(doc).document.network
    assert not of_kind(doc.network, "Instance")
    assert after.nodes.keys() == before.nodes.keys()
    assert after.links == before.links


def test_a_monitor_of_a_block_shows_its_groups(pair: Document) -> None:
    doc = edits.add_monitor(pair, "raster", targets=["copy", "exc", "s"])

    shown = flatten(doc).document.monitors[0].targets

    assert shown[:3] == ("copy/exc", "copy/inh", "exc")
    assert len(shown) == 7


def test_everything_inside_an_instance_is_found(pair: Document) -> None:
    assert flatten(pair).inside(("copy",)) == ["copy/exc", "copy/inh"]


def test_a_name_that_is_taken_outside_gets_the_name_of_its_block(two_groups: Document) -> None:
    doc = edits.add_node(grouped(two_groups, "exc"), "NeuronGroup", name="Exc", node_id="new")

    assert flat_nodes(doc)["new"].name == "Exc"
    assert flat_nodes(doc)["exc"].name == "Box / Exc"


def test_the_same_document_is_opened_once(pair: Document) -> None:
    assert flatten(pair) is flatten(pair)
    assert flatten(replace(pair, name="other")) is not flatten(pair)


def test_a_missing_block_and_one_that_holds_itself_come_to_nothing(pair: Document) -> None:
    lost = Node("lost", "Instance", "Lost", of="gone")
    own = Node("own", "Instance", "Own", of="d_box")
    box = pair.definition("d_box")
    doc = pair.with_definition(replace(box, nodes={**box.nodes, "own": own}))
    doc = doc.with_network(replace(doc.network, nodes={**doc.network.nodes, "lost": lost}))

    assert flat_nodes(doc).keys() == flat_nodes(pair).keys()


def test_ten_thousand_million_nodes_are_refused_before_the_first_is_made(
    catalog: Catalog,
) -> None:
    doc = bomb(levels=10, copies=10)

    problems = check(doc, catalog)

    assert extent_of(doc.definitions).nodes == 10**10
    assert [problem.code for problem in problems] == ["too-large"]
    assert "10,000,000,000 nodes; 1,000,000 is the most" in problems[0].message
    assert flatten(doc).document.network.nodes == {}


@pytest.mark.parametrize("levels", [DEEPEST, 3000])
def test_thousands_of_levels_are_refused_in_words(levels: int, catalog: Catalog) -> None:
    problems = check(bomb(levels=levels, copies=1), catalog)

    assert [problem.code for problem in problems] == ["too-large"]
    assert f"nested {levels + 1} deep; 32 is the most" in problems[0].message


def test_the_deepest_network_that_is_allowed_is_opened() -> None:
    assert len(flat_nodes(bomb(levels=DEEPEST - 1, copies=1))) == 1


def test_more_synapse_groups_than_fit_are_refused(catalog: Catalog) -> None:
    nodes = {
        f"g{number}": Node(f"g{number}", "NeuronGroup", f"G{number}") for number in range(1100)
    }
    links = {Link(name, "spikes", "out", "port") for name in nodes}
    links |= {Link("in", "port", name, "synapses") for name in nodes}
    ports = {
        "in": Node("in", "InputPort", "in", {"signal": "synapses"}),
        "out": Node("out", "OutputPort", "out"),
    }
    box = Definition("d", "Box", {**nodes, **ports}, frozenset(links))
    main = {"a": Node("a", "Instance", "A", of="d"), "s": Node("s", "SynapseGroup", "S")}
    wires = {Link("a", "out", "s", "source"), Link("s", "target", "a", "in")}
    doc = Document().with_definition(box)
    doc = doc.with_network(Definition("main", "Network", main, frozenset(wires)))

    assert "1,210,000 synapse groups between blocks" in flatten(doc).refusal


def test_two_blocks_with_one_id_are_refused(two_groups: Document) -> None:
    doc = grouped(two_groups, "exc")
    twin = replace(doc.network.node("box"), id="twin", name="Twin")
    doc = doc.with_network(replace(doc.network, nodes={**doc.network.nodes, "twin": twin}))

    assert "Twin › Exc: has the id of another node" in flatten(doc).refusal


def test_a_long_row_of_blocks_that_pass_wires_on_is_followed(two_groups: Document) -> None:
    doc = edits.add_node(Document(), "SynapseGroup", node_id="s")
    doc = edits.add_node(doc, "NeuronGroup", node_id="g")
    ports = {
        "in": Node("in", "InputPort", "in", {"signal": "synapses"}),
        "out": Node("out", "OutputPort", "out", {"signal": "synapses"}),
    }
    through = frozenset({Link("in", "port", "out", "port")})
    doc = doc.with_definition(Definition("d", "Through", ports, through))
    row = {f"i{n}": Node(f"i{n}", "Instance", f"I{n}", of="d") for n in range(2000)}
    wires = {Link(f"i{n}", "out", f"i{n + 1}", "in") for n in range(1999)}
    wires |= {Link("s", "target", "i0", "in"), Link("i1999", "out", "g", "synapses")}
    network = replace(doc.network, nodes={**doc.network.nodes, **row}, links=frozenset(wires))

    flat = flatten(doc.with_network(network))

    assert flat.document.network.links == {Link("s", "target", "g", "synapses")}
