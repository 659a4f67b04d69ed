"""Definitions brought into a document: equal ones are shared, others keep apart."""

from __future__ import annotations

from dataclasses import replace

from block_samples import bomb, grouped, nested

from conex_core.graph import edits
from conex_core.graph.blocks.definitions import within
from conex_core.graph.edits.merging import content_hash, merged
from conex_core.graph.model.document import BlockStamp, Document


def others(doc: Document) -> dict[str, object]:
    return {key: item for key, item in doc.definitions.items() if key != "main"}


def test_the_hash_does_not_see_ids_names_and_places_in_a_library(network: Document) -> None:
    doc = nested(network, "exc")
    two = doc.definition("d_two")
    moved = {key.replace("d_", "x_"): item for key, item in doc.definitions.items()}
    nodes = {"one": replace(two.nodes["one"], of="x_one")}
    moved["x_two"] = replace(two, name="Other", block=BlockStamp("b"), nodes={**two.nodes, **nodes})

    assert content_hash(moved, "x_two") == content_hash(doc.definitions, "d_two")


def test_the_hash_sees_what_is_inside_at_any_depth(network: Document) -> None:
    doc = nested(network, "exc")

    changed = within(doc, "d_one", lambda inner: edits.set_param(inner, "exc", "size", 3))

    before, after = (content_hash(one.definitions, "d_three") for one in (doc, changed))
    assert before != after


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


def test_a_block_that_holds_itself_is_known_by_its_id(network: Document) -> None:
    doc = nested(network, "exc")
    one = doc.definition("d_one")
    own = replace(doc.network.node("three"), id="own")
    doc = doc.with_definition(replace(one, nodes={**one.nodes, "own": own}))

    assert content_hash(doc.definitions, "d_two") == "d_two"


def test_ten_thousand_million_copies_are_hashed_at_once() -> None:
    assert len(content_hash(bomb(levels=10, copies=10).definitions, "d0")) == 64
