"""Promoted parameters: at any depth, followed by several, overridden, reset, taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from block_samples import SIZE, flat_nodes, grouped, instance, nested, size_of

from conex_core.catalog import Catalog
from conex_core.errors import StructureError, UnknownName
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import parameter_of, value_inside, within
from conex_core.graph.checks.check import check
from conex_core.graph.files.project_file import from_text, to_text
from conex_core.graph.model.document import Document, Node, Target

AROUND = (["d_one", "d_two", "d_three"], ["one", "two"])


@pytest.fixture
def deep(network: Document, catalog: Catalog) -> Document:
    """Return Exc three blocks deep, its size on the face of each as the first parameter."""
    doc = nested(network, "exc")
    levels, ids = AROUND
    doc = edits.promote(doc, levels, SIZE, catalog=catalog, instances=ids, name="cells")
    return instance(doc, "d_three", "copy")


def face_of(doc: Document, definition_id: str, place: int = 0) -> str:
    return doc.definition(definition_id).promoted[place].id


@pytest.mark.parametrize(("depth", "outermost"), [(1, "one"), (2, "two"), (3, "three")])
def test_a_value_reaches_its_parameter_from_any_depth(
    network: Document, catalog: Catalog, depth: int, outermost: str
) -> None:
    doc = unwrapped(nested(network, "exc"), depth)
    levels, ids = AROUND[0][:depth], AROUND[1][: depth - 1]
    doc = edits.promote(doc, levels, SIZE, catalog=catalog, instances=ids)

    doc = edits.set_param(doc, outermost, face_of(doc, levels[-1]), 7)

    assert size_of(doc, "exc") == 7


def unwrapped(doc: Document, depth: int) -> Document:
    """Return ``doc`` with so many blocks around Exc left."""
    for name in ("three", "two")[: 3 - depth]:
        doc, _ = edits.unpack(doc, name)
    return doc


def test_each_copy_has_its_own_value_after_saving_and_reading(deep: Document) -> None:
    doc = edits.set_param(deep, "copy", face_of(deep, "d_three"), 9)

    doc = from_text(to_text(doc))

    assert size_of(doc, "exc") is None
    assert size_of(doc, "copy/exc") == 9


def test_a_reset_value_is_that_of_the_drawing_again(deep: Document) -> None:
    face = face_of(deep, "d_three")
    doc = edits.set_param(deep, "copy", face, 9)
    doc = within(doc, "d_one", lambda inner: edits.set_param(inner, "exc", "size", 4))

    assert (size_of(doc, "exc"), size_of(doc, "copy/exc")) == (4, 9)
    assert size_of(edits.reset_param(doc, "copy", face), "copy/exc") == 4


def test_the_outermost_value_counts(deep: Document) -> None:
    inner = face_of(deep, "d_one")
    doc = within(deep, "d_two", lambda two: edits.set_param(two, "one", inner, 5))

    doc = edits.set_param(doc, "copy", face_of(doc, "d_three"), 9)

    assert (size_of(doc, "exc"), size_of(doc, "copy/exc")) == (5, 9)


def test_several_parameters_follow_one_value(network: Document, catalog: Catalog) -> None:
    doc = grouped(network, "exc", "drive", "inh")
    doc = edits.promote(doc, ["d_box"], SIZE, catalog=catalog, promoted_id="p")
    doc = edits.follow(doc, "d_box", "p", Target("inh", None, "size"))

    doc = edits.set_param(doc, "box", "p", 8)

    assert (size_of(doc, "exc"), size_of(doc, "inh")) == (8, 8)


def test_a_parameter_of_a_behavior_is_promoted(network: Document, catalog: Catalog) -> None:
    item = next(item for item in network.network.node("exc").stack if item.kind == "LIF")
    doc = grouped(network, "exc")
    target = Target("exc", item.id, "tau")
    doc = edits.promote(doc, ["d_box"], target, catalog=catalog, promoted_id="p")

    doc = edits.set_param(doc, "box", "p", 33.0)

    assert flat_nodes(doc)["exc"].item(item.id).params["tau"] == 33.0


def test_bounds_of_a_face_narrow_those_inside(network: Document, catalog: Catalog) -> None:
    item = next(item for item in network.network.node("exc").stack if item.kind == "LIF")
    target = Target("exc", item.id, "tau")
    doc = edits.promote(
        grouped(network, "exc"), ["d_box"], target, catalog=catalog, promoted_id="p"
    )
    doc = edits.set_promoted(doc, "d_box", "p", low=5.0, high=50.0, help="How slow it is.")
    doc = edits.set_param(doc, "box", "p", 80.0)

    (problem,) = check(doc, catalog)
    shown = parameter_of(doc, "d_box", doc.definition("d_box").promoted[0], catalog)

    assert shown is not None
    assert (shown.low, shown.high, shown.help) == (5.0, 50.0, "How slow it is.")
    assert (problem.code, problem.node, problem.field) == ("value", "box", "p")
    assert check(problem.fixes[0].apply(doc), catalog) == []


def test_the_face_shows_the_value_that_is_inside(deep: Document, catalog: Catalog) -> None:
    doc = within(deep, "d_one", lambda inner: edits.set_param(inner, "exc", "size", 4))
    face = doc.definition("d_three").promoted[0]

    assert face.name == "cells"
    assert value_inside(doc, "d_three", face, catalog) == 4
    assert value_inside(deep, "d_three", face, catalog) == 100


def test_what_leaves_a_face_leaves_the_faces_and_values_around_it(deep: Document) -> None:
    doc = edits.set_param(deep, "copy", face_of(deep, "d_three"), 9)

    doc = edits.demote(doc, "d_one", face_of(doc, "d_one"))

    assert [doc.definition(name).promoted for name in AROUND[0]] == [(), (), ()]
    assert doc.network.node("copy").params == {}


def test_removing_the_node_takes_it_off_every_face(deep: Document) -> None:
    doc = within(deep, "d_one", lambda inner: edits.remove(inner, ["exc"]))

    assert [doc.definition(name).promoted for name in AROUND[0]] == [(), (), ()]


def test_grouping_and_unpacking_inside_keep_what_is_on_the_face(deep: Document) -> None:
    doc = edits.set_param(deep, "copy", face_of(deep, "d_three"), 9)

    inside = within(doc, "d_one", lambda inner: edits.group(inner, ["exc"], node_id="deeper"))
    outside = within(doc, "d_two", lambda inner: edits.unpack(inner, "one")[0])

    assert size_of(inside, "copy/exc") == 9
    assert size_of(outside, "copy/exc") == 9


def test_parameters_of_a_face_change_places(network: Document, catalog: Catalog) -> None:
    doc = grouped(network, "exc")
    for name, field in (("a", "size"), ("b", "polarity")):
        target = Target("exc", None, field)
        doc = edits.promote(doc, ["d_box"], target, catalog=catalog, promoted_id=name)

    doc = edits.move_promoted(doc, "d_box", "b", 0)

    assert [one.id for one in doc.definition("d_box").promoted] == ["b", "a"]
    assert edits.move_promoted(doc, "d_box", "b", -3) is doc


def test_what_cannot_be_promoted_is_refused(deep: Document, catalog: Catalog) -> None:
    with pytest.raises(StructureError, match="on the face of this block already"):
        edits.promote(deep, ["d_one"], SIZE, catalog=catalog)
    with pytest.raises(StructureError, match="Network: has no face"):
        edits.promote(deep, ["main"], Target("inh", None, "size"), catalog=catalog)
    with pytest.raises(UnknownName, match="sise"):
        edits.promote(deep, ["d_one"], Target("exc", None, "sise"), catalog=catalog)


def test_faces_that_lead_back_to_themselves_lead_nowhere(deep: Document, catalog: Catalog) -> None:
    one = deep.definition("d_one")
    loop = Target("in", None, face_of(deep, "d_three"))
    own = Node("in", "Instance", "In", of="d_three")
    doc = deep.with_definition(
        replace(
            one,
            nodes={"in": own},
            promoted=(replace(one.promoted[0], targets=(loop,)),),
        )
    )

    assert parameter_of(doc, "d_three", doc.definition("d_three").promoted[0], catalog) is None
