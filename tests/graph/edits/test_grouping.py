"""Grouping and unpacking: ports for cut wires, and the same network before and after."""

from __future__ import annotations

from dataclasses import replace

import pytest
from block_samples import SIZE, flat_nodes, grouped, instance, nested, of_kind, port

from conex_core.catalog import Catalog
from conex_core.errors import StructureError
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import within
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.files.project_file import to_text
from conex_core.graph.model.document import Document, Link


def ports_of(doc: Document) -> set[tuple[str, str, str]]:
    """Return the ports of the block ``d_box``: side, name and signal."""
    nodes = doc.definition("d_box").nodes.values()
    return {
        (node.kind.removesuffix("Port"), node.name, node.params["signal"])
        for node in nodes
        if node.kind.endswith("Port")
    }


@pytest.mark.parametrize(
    ("names", "ports"),
    [
        (["inh"], {("Input", "Inh", "synapses")}),
        (["exc"], {("Input", "Exc", "synapses"), ("Output", "Exc", "spikes")}),
        (["input"], {("Output", "Input", "spikes")}),
        (["drive"], {("Input", "Exc", "spikes"), ("Output", "Inh", "synapses")}),
        (["feed", "exc"], {("Input", "Input", "spikes"), ("Output", "Exc", "spikes")}),
        (["input", "feed", "exc", "drive", "inh"], set()),
    ],
)
def test_cut_wires_become_ports_with_the_names_of_what_they_serve(
    network: Document, names: list[str], ports: set[tuple[str, str, str]]
) -> None:
    doc = grouped(network, *names)

    assert ports_of(doc) == ports


@pytest.mark.parametrize("names", [["inh"], ["exc"], ["input"], ["drive"], ["feed", "drive"]])
def test_unpacking_a_group_restores_nodes_and_wires(network: Document, names: list[str]) -> None:
    doc, ids = edits.unpack(grouped(network, *names), "box")

    assert doc.network.links == network.network.links
    assert doc.network.nodes.keys() == network.network.nodes.keys()
    assert set(ids) == set(names)


def test_wires_of_one_source_share_a_port(network: Document, catalog: Catalog) -> None:
    doc = edits.connect_groups(network, "exc", "exc", catalog=catalog, node_id="self")

    doc = grouped(doc, "exc")

    (out,) = of_kind(doc.definition("d_box"), "OutputPort")
    assert [link.target for link in doc.network.out_of("box", out.id)] == ["drive", "self"]
    assert len(doc.network.into("box")) == 2


def test_a_wire_of_a_stack_becomes_a_port_of_behaviors(network: Document) -> None:
    doc = edits.add_node(network, "BehaviorStack", node_id="stack")
    doc = edits.add_link(doc, Link("stack", "behaviors", "exc", "behaviors"))

    assert ("Input", "Stack", "behaviors") in ports_of(grouped(doc, "exc"))
    assert ports_of(grouped(doc, "stack")) == {("Output", "Stack", "behaviors")}


def test_the_flat_network_is_the_same_in_nested_blocks(network: Document) -> None:
    doc = nested(network, "exc", "drive")

    flat = flatten(doc).document.network

    assert flat.nodes == network.network.nodes
    assert flat.links == network.network.links


def test_nodes_of_a_copy_get_its_name_before_theirs(network: Document) -> None:
    doc = instance(grouped(network, "exc"), "d_box", "copy")

    doc, ids = edits.unpack(doc, "copy")

    assert ids == ("copy/exc",)
    assert doc.network.node("copy/exc").name == "Box 2 / Exc"


def test_unpacking_writes_the_values_of_the_instance_into_its_nodes(
    network: Document, catalog: Catalog
) -> None:
    doc = edits.promote(grouped(network, "exc"), ["d_box"], SIZE, catalog=catalog, promoted_id="p")
    doc = edits.set_param(doc, "box", "p", 7)

    doc, _ = edits.unpack(doc, "box")

    assert doc.network.node("exc").params["size"] == 7


def test_unpacking_outer_blocks_first_keeps_the_network(network: Document) -> None:
    doc = instance(nested(network, "exc"), "d_three", "copy")
    before = flatten(doc).document.network

    for name in ("copy", "copy/two", "copy/one"):
        doc, _ = edits.unpack(doc, name)
        assert flatten(doc).document.network.nodes.keys() == before.nodes.keys()

    assert "copy/exc" in doc.network.nodes


def test_an_instance_wired_to_itself_is_unpacked(network: Document, catalog: Catalog) -> None:
    doc = grouped(network, "exc", "drive")
    doc = edits.remove(doc, ["inh"])
    into = of_kind(doc.definition("d_box"), "InputPort")[0]
    out = of_kind(doc.definition("d_box"), "OutputPort")[0]
    doc = edits.add_link(doc, Link("box", out.id, "box", into.id))
    before = flatten(doc).document.network

    doc, _ = edits.unpack(doc, "box")

    assert Link("drive", "target", "exc", "synapses") in before.links
    assert doc.network.links == before.links


def test_wires_past_a_block_that_only_passes_them_on_are_kept(network: Document) -> None:
    doc = edits.group(network, ["inh"], name="Box", node_id="box", definition_id="d_box")
    way_in = port(doc, "d_box", "Inh").id

    def pass_on(inner: Document) -> Document:
        inner = edits.remove(inner, ["inh"])
        inner = edits.add_port(inner, "OutputPort", "synapses", node_id="out")
        return edits.add_link(inner, Link(way_in, "port", "out", "port"))

    doc = within(doc, "d_box", pass_on)
    doc = edits.add_node(doc, "NeuronGroup", node_id="last")
    doc = edits.add_link(doc, Link("box", "out", "last", "synapses"))

    doc, ids = edits.unpack(doc, "box")

    assert ids == ()
    assert Link("drive", "target", "last", "synapses") in doc.network.links


def test_wires_to_nowhere_stay_with_the_nodes_that_have_them(network: Document) -> None:
    lost = Link("gone", "spikes", "drive", "source")
    doc = network.with_network(replace(network.network, links=network.network.links | {lost}))

    assert lost in grouped(doc, "drive").definition("d_box").links


def test_grouping_nothing_or_a_port_is_refused(network: Document) -> None:
    doc = grouped(network, "exc")

    with pytest.raises(StructureError, match="nothing to group"):
        edits.group(network, [])
    with pytest.raises(StructureError, match="is a port of this block and stays"):
        within(doc, "d_box", lambda inner: edits.group(inner, inner.network.nodes))


def test_what_is_not_a_block_cannot_be_unpacked(network: Document) -> None:
    with pytest.raises(StructureError, match="Exc: is no block"):
        edits.unpack(network, "exc")


def test_edits_change_no_document_before_them(network: Document) -> None:
    text = to_text(network)

    edits.unpack(grouped(network, "exc", "drive"), "box")

    assert to_text(network) == text


def test_monitors_follow_into_a_block_and_out_of_it(network: Document) -> None:
    doc = edits.add_monitor(grouped(network, "exc", node_id="one"), "raster", targets=["one"])

    inside = grouped(doc, "one", node_id="two")
    outside, _ = edits.unpack(inside, "two")

    assert inside.monitors[0].targets == ("two/one",)
    assert flatten(inside).document.monitors[0].targets == ("exc",)
    assert outside.monitors[0].targets == ("one",)


def test_a_unique_copy_changes_alone(network: Document) -> None:
    doc = instance(grouped(network, "exc"), "d_box", "copy")

    doc = edits.make_unique(doc, "copy", definition_id="own")
    doc = within(doc, "own", lambda inner: edits.set_param(inner, "exc", "size", 3))

    assert doc.definition("own").name == "Box 2"
    assert flat_nodes(doc)["copy/exc"].params["size"] == 3
    assert "size" not in flat_nodes(doc)["exc"].params


def test_a_block_in_use_is_not_removed(network: Document) -> None:
    doc = grouped(network, "exc")

    with pytest.raises(StructureError, match="is used in Network"):
        edits.remove_definition(doc, "d_box")
    doc, _ = edits.unpack(doc, "box")
    assert "d_box" not in edits.remove_definition(doc, "d_box").definitions
