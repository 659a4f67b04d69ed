"""A mend found in the flat network acts even where blocks around set another value."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from block_samples import SIZE, grouped, instance, size_of

from conex_core.catalog import Catalog
from conex_core.graph import edits
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.checks.locate import located
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.model.document import Document


@pytest.fixture
def boxed(network: Document, catalog: Catalog) -> Document:
    """Return Exc in "box" in "outer", its size on the face of both, and a second "outer"."""
    doc = grouped(grouped(network, "exc"), "box", node_id="outer")
    doc = edits.promote(
        doc,
        ["d_box", "d_outer"],
        SIZE,
        catalog=catalog,
        instances=["box"],
        promoted_id="p_size",
    )
    return instance(doc, "d_outer", "other")


def face_of(doc: Document, definition_id: str) -> str:
    (face,) = doc.definition(definition_id).promoted
    return face.id


def set_inside(doc: Document, value: int) -> Document:
    """Return ``doc`` with the size that "box" has in each "outer" set."""
    change = partial(edits.set_param, node_id="box", name=face_of(doc, "d_box"), value=value)
    return edits.within(doc, "d_outer", change)


def set_outside(doc: Document, node_id: str, value: int) -> Document:
    return edits.set_param(doc, node_id, face_of(doc, "d_outer"), value)


def mended(doc: Document, edit: Any) -> Document:
    """Return ``doc`` after a mend of the flat network was told where it is drawn and applied."""
    problem = Problem("error", "The size is wrong.", "exc", fixes=(Fix("Mend", edit),))
    (found,) = located([problem], flatten(doc))
    return found.fixes[0].apply(doc)


RESIZE = partial(edits.set_param, node_id="exc", name="size", value=7)
RESET = partial(edits.reset_param, node_id="exc", name="size")


def test_a_mend_of_what_nothing_sets_changes_the_drawing(boxed: Document) -> None:
    doc = mended(boxed, RESIZE)

    assert doc.definition("d_box").node("exc").params["size"] == 7
    assert size_of(doc, "exc") == size_of(doc, "other/exc") == 7


def test_a_mend_replaces_what_the_block_around_sets(boxed: Document) -> None:
    doc = mended(set_inside(boxed, 30), RESIZE)

    assert size_of(doc, "exc") == 7


def test_a_mend_replaces_what_the_outermost_block_sets_too(boxed: Document) -> None:
    doc = mended(set_outside(set_inside(boxed, 30), "outer", 40), RESIZE)

    assert size_of(doc, "exc") == 7


def test_a_reset_takes_away_what_every_block_around_sets(boxed: Document) -> None:
    doc = mended(set_outside(set_inside(boxed, 30), "outer", 40), RESET)

    assert size_of(doc, "exc") is None
    assert face_of(doc, "d_outer") not in doc.network.node("outer").params


def test_another_copy_keeps_what_it_sets_itself(boxed: Document) -> None:
    doc = set_outside(set_outside(boxed, "outer", 40), "other", 50)

    doc = mended(doc, RESIZE)

    assert (size_of(doc, "exc"), size_of(doc, "other/exc")) == (7, 50)
