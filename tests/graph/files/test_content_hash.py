"""The hash of a block: the same for equal contents, whatever their ids are."""

from __future__ import annotations

from dataclasses import replace

from block_samples import bomb, nested

from conex_core.graph import edits
from conex_core.graph.blocks.definitions import within
from conex_core.graph.files.content_hash import content_hash
from conex_core.graph.model.document import BlockStamp, Document


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


def test_a_block_that_holds_itself_is_known_by_its_id(network: Document) -> None:
    doc = nested(network, "exc")
    one = doc.definition("d_one")
    own = replace(doc.network.node("three"), id="own")
    doc = doc.with_definition(replace(one, nodes={**one.nodes, "own": own}))

    assert content_hash(doc.definitions, "d_two") == "d_two"


def test_ten_thousand_million_copies_are_hashed_at_once() -> None:
    assert len(content_hash(bomb(levels=10, copies=10).definitions, "d0")) == 64
