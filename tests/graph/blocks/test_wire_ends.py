"""Wires are followed through the ports of blocks, at any depth, from any level."""

from __future__ import annotations

import pytest

from conex_core import catalog as catalogs
from conex_core.catalog import Catalog
from conex_core.errors import StructureError
from conex_core.graph import edits
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.blocks.wire_ends import NodePlace, WireEnds
from conex_core.graph.model.document import Document, Link


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return catalogs.load()


@pytest.fixture
def chain(catalog: Catalog) -> Document:
    """Return a -> b, with b in the block ``in`` in the block ``out``."""
    doc = edits.add_node(Document(), "NeuronGroup", name="A", node_id="a", params={"size": 50})
    doc = edits.add_node(doc, "NeuronGroup", name="B", node_id="b")
    doc = edits.connect_groups(doc, "a", "b", catalog=catalog, node_id="s")
    doc = edits.group(doc, ["b"], name="In", node_id="in", definition_id="d_in")
    return edits.group(doc, ["in"], name="Out", node_id="out", definition_id="d_out")


def test_a_wire_is_followed_to_the_group_inside(chain):
    ways = WireEnds(chain)

    assert ways.sources((), "s", "source") == {NodePlace((), "a")}
    assert ways.targets((), "s", "target") == {NodePlace(("out", "in"), "b")}
    assert ways.sources(("out", "in"), "b", "synapses") == {NodePlace((), "s")}


def test_pairs_are_as_many_as_the_flat_network_gets(chain, catalog):
    doc = edits.within(
        chain,
        "d_out",
        lambda inner: edits.add_instance(inner, "d_in", node_id="two"),
    )
    (port,) = (n.id for n in doc.definition("d_out").nodes.values() if n.kind == "InputPort")
    (entry,) = (n.id for n in doc.definition("d_in").nodes.values() if n.kind == "InputPort")
    doc = edits.within(
        doc, "d_out", lambda inner: edits.add_link(inner, Link(port, "port", "two", entry))
    )

    assert WireEnds(doc).pairs((), "s") == (1, 2)
    assert len(flatten(doc).copies("main", "s")) == 2


def test_synapses_run_from_a_group_to_the_port_of_a_block(chain, catalog):
    (entry,) = (n.id for n in chain.definition("d_out").nodes.values() if n.kind == "InputPort")

    doc = edits.connect_groups(chain, "a", "out", catalog=catalog, node_id="t", target_port=entry)

    assert Link("t", "target", "out", entry) in doc.network.links
    assert doc.definitions["d_out"] == chain.definitions["d_out"]


def test_a_port_that_takes_no_synapses_is_refused(chain, catalog):
    with pytest.raises(StructureError, match="takes no synapses"):
        edits.connect_groups(chain, "a", "out", catalog=catalog, target_port="nothing")
