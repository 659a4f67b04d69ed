"""Monitors let go of what an edit takes away, however deep it lay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conex_core.graph import edits
from conex_core.graph.edits.lost_monitors import without_lost
from conex_core.graph.model.document import Document, Monitor


@pytest.fixture
def watched() -> Document:
    """Return two copies of a pair, with a monitor of each and one of parts of both."""
    doc = Document()
    for name in ("a", "b"):
        doc = edits.add_node(doc, "NeuronGroup", node_id=name)
    doc = edits.group(doc, ["a", "b"], node_id="one", definition_id="pair")
    doc = edits.add_instance(doc, "pair", node_id="two")
    shown = {"first": ("one",), "second": ("two/a",), "both": ("a", "two/a", "two/b"), "all": ()}
    return replace(doc, monitors=tuple(Monitor(k, "raster", t) for k, t in shown.items()))


def targets(doc: Document) -> dict[str, tuple[str, ...]]:
    return {monitor.id: monitor.targets for monitor in doc.monitors}


def test_with_a_block_goes_what_was_inside(watched: Document) -> None:
    found = without_lost(watched, edits.remove(watched, ["two"]))

    assert targets(found) == {"first": ("one",), "both": ("a",), "all": ()}


def test_with_a_node_inside_goes_what_all_copies_showed_of_it(watched: Document) -> None:
    removed = edits.within(watched, "pair", lambda doc: edits.remove(doc, ["a"]))

    found = without_lost(watched, removed)

    assert targets(found) == {"first": ("one",), "both": ("two/b",), "all": ()}


def test_unpacking_grouping_and_making_unique_lose_nothing(watched: Document) -> None:
    unpacked, _ = edits.unpack(watched, "two")
    grouped = edits.group(watched, ["one", "two"], node_id="outer")
    unique = edits.make_unique(watched, "two")

    for new in (unpacked, grouped, unique):
        assert len(without_lost(watched, new).monitors) == 4
        assert len(targets(without_lost(watched, new))["both"]) == 3


def test_an_edit_elsewhere_leaves_the_document_as_it_is(watched: Document) -> None:
    moved = edits.move(watched, {"one": (9.0, 9.0)})

    assert without_lost(watched, moved) is moved
