"""Definitions brought into a document: equal ones are shared, others keep apart."""

from __future__ import annotations

from dataclasses import replace

from block_samples import grouped, nested

from conex_core.graph import edits
from conex_core.graph.blocks.definitions import within
from conex_core.graph.edits.merging import merged
from conex_core.graph.model.document import Document


def others(doc: Document) -> dict[str, object]:
    return {key: item for key, item in doc.definitions.items() if key != "main"}


def test_equal_blocks_are_shared(network: Document) -> None:
    doc = grouped(network, "exc")

    new, names = merged(doc, others(doc))

    assert new is doc
    assert names == {"d_box": "d_box"}


def test_equal_blocks_with_another_id_are_shared(network: Document) -> None:
    doc = grouped(network, "exc")
    brought = {"far": replace(doc.definition("d_box"), id="far", name="Far")}

    assert merged(doc, brought) == (doc, {"far": "d_box"})


def test_another_block_with_the_same_id_gets_its_own(network: Document) -> None:
    doc = grouped(network, "exc")
    changed = within(doc, "d_box", lambda inner: edits.set_param(inner, "exc", "size", 3))

    new, names = merged(doc, others(changed))

    assert new.definition("d_box") == doc.definition("d_box")
    assert names["d_box"] != "d_box"
    assert new.definition(names["d_box"]).name == "Box 2"


def test_a_main_network_brought_along_does_not_replace_the_one_here(network: Document) -> None:
    new, names = merged(Document(), network.definitions)

    assert new.network == Document().network
    assert names["main"] != "main"


def test_inner_blocks_are_found_under_their_new_ids(network: Document) -> None:
    doc = nested(network, "exc")
    changed = within(doc, "d_one", lambda inner: edits.set_param(inner, "exc", "size", 3))

    new, names = merged(doc, others(changed))

    assert new.definition(names["d_two"]).node("one").of == names["d_one"]
