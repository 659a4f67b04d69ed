"""The layout, the memory estimate and the names of the package."""

from __future__ import annotations

from conex_core import graph
from conex_core.catalog import Catalog
from conex_core.graph import edits
from conex_core.graph.checks.memory import available_memory, estimate_memory
from conex_core.graph.model.document import Document, Link
from conex_core.graph.model.layout import arrange


def test_spikes_flow_from_left_to_right(network: Document) -> None:
    places = arrange(network.network)

    columns = [places[name][0] for name in ("input", "feed", "exc", "drive", "inh")]
    assert columns == sorted(set(columns))


def test_a_recurrent_network_is_arranged_as_well(network: Document, catalog: Catalog) -> None:
    doc = edits.connect_groups(network, "inh", "exc", catalog=catalog)
    doc = edits.connect_groups(doc, "exc", "exc", catalog=catalog)

    assert len(set(arrange(doc.network).values())) == 7


def test_stacks_stand_above_and_notes_stay(network: Document) -> None:
    doc = edits.add_node(network, "BehaviorStack", node_id="stack")
    doc = edits.add_node(doc, "Note", node_id="note", at=(5, 5))
    doc = edits.add_link(doc, Link("stack", "behaviors", "exc", "behaviors"))

    places = arrange(doc.network)

    assert "note" not in places
    assert places["stack"][1] < min(y for name, (_, y) in places.items() if name != "stack")


def test_dense_weights_dominate_the_memory(network: Document, catalog: Catalog) -> None:
    doc = edits.set_param(network, "exc", "size", 10_000)
    doc = edits.set_param(doc, "inh", "size", 10_000)

    needed = estimate_memory(doc, catalog)

    assert 4e8 <= needed <= 1.5e9
    assert estimate_memory(edits.set_settings(doc, dtype="float64"), catalog) > 1.9 * needed


def test_sparse_weights_need_less(network: Document, catalog: Catalog) -> None:
    doc = edits.set_param(network, "exc", "size", 10_000)
    item = doc.network.node("drive").stack[1]
    sparse = edits.set_behavior_param(doc, "drive", item.id, "density", 0.01)

    assert estimate_memory(sparse, catalog) < estimate_memory(doc, catalog)


def test_this_machine_has_memory() -> None:
    assert (available_memory() or 0) > 2**20


def test_the_public_names_are_there_once() -> None:
    assert len(set(graph.__all__)) == len(graph.__all__)
    assert all(hasattr(graph, name) for name in graph.__all__)
