"""Problems of blocks: told once for each drawing, with fixes that mend the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from block_samples import SIZE, bomb, grouped, instance, nested

from conex_core.catalog import Catalog
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import layers, roles, within
from conex_core.graph.checks.check import check
from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.document import Document, Node
from conex_core.run.planning import plan


@pytest.fixture
def boxed(network: Document) -> Document:
    """Return both groups and their synapses in a block, without a fault."""
    return grouped(network, "exc", "drive", "inh")


def as_kind(doc: Document, kind: str, definition_id: str = "d_box") -> Document:
    return edits.set_definition(doc, definition_id, kind=kind)


def codes(problems: Sequence[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def of_code(doc: Document, catalog: Catalog, code: str) -> list[Problem]:
    return [problem for problem in check(doc, catalog) if problem.code == code]


def test_a_fault_inside_is_told_once_for_all_copies(boxed: Document, catalog: Catalog) -> None:
    doc = within(boxed, "d_box", lambda inner: edits.set_param(inner, "exc", "size", -1))
    doc = instance(doc, "d_box", "copy")

    (problem,) = of_code(doc, catalog, "value")

    assert (problem.definition, problem.node, problem.field) == ("d_box", "exc", "size")
    assert problem.where(doc) == "Box › Exc › size"


def test_a_fault_of_the_whole_is_told_once_for_all_copies(
    boxed: Document, catalog: Catalog
) -> None:
    item = next(one for one in boxed.definition("d_box").node("inh").stack if one.kind == "LIF")
    doc = within(boxed, "d_box", lambda inner: edits.remove_behavior(inner, "inh", item.id))
    alone, twice = check(doc, catalog), check(instance(doc, "d_box", "copy"), catalog)

    first = [problem for problem in alone if problem.node == "inh"]
    assert first
    assert all((one.definition, one.path) == ("d_box", ("box",)) for one in first)
    assert [one.code for one in twice if one.node == "inh"] == codes(first)


def test_fixes_mend_the_drawing_and_so_all_copies(boxed: Document, catalog: Catalog) -> None:
    item = next(one for one in boxed.definition("d_box").node("inh").stack if one.kind == "LIF")
    doc = within(boxed, "d_box", lambda inner: edits.remove_behavior(inner, "inh", item.id))
    doc = instance(doc, "d_box", "copy")
    problem = next(one for one in check(doc, catalog) if one.node == "inh" and one.fixes)

    mended = problem.fixes[0].apply(doc)

    kept = [(one.code, one.node, one.message) for one in check(mended, catalog)]
    assert (problem.code, problem.node, problem.message) not in kept
    assert mended.network == doc.network


def test_several_faults_of_one_kind_at_one_node_are_all_told(
    boxed: Document, catalog: Catalog
) -> None:
    def two_faults(inner: Document) -> Document:
        inner = edits.set_param(inner, "exc", "size", -1)
        return edits.set_param(inner, "exc", "polarity", "green")

    doc = within(boxed, "d_box", two_faults)

    assert codes(check(doc, catalog)).count("value") == 2


def test_a_missing_block_and_one_in_itself_are_told(boxed: Document, catalog: Catalog) -> None:
    box = boxed.definition("d_box")
    own = Node("own", "Instance", "Own", of="d_box")
    lost = Node("lost", "Instance", "Lost", of="gone")
    doc = boxed.with_definition(replace(box, nodes={**box.nodes, "own": own, "lost": lost}))

    found = of_code(doc, catalog, "recursion")
    assert {problem.node for problem in found} == {"box", "own"}
    assert "Own holds itself (Box › Box)" in " ".join(problem.message for problem in found)
    (missing,) = of_code(doc, catalog, "missing-block")
    assert missing.message.startswith("The block of Lost is missing.")
    assert not of_code(missing.fixes[0].apply(doc), catalog, "missing-block")


def test_a_value_that_the_face_does_not_show_is_reset(boxed: Document, catalog: Catalog) -> None:
    doc = edits.set_param(boxed, "box", "gone", 3)

    (problem,) = check(doc, catalog)

    assert problem.code == "lost-value"
    assert check(problem.fixes[0].apply(doc), catalog) == []


def test_a_wrong_override_is_told_at_the_instance(boxed: Document, catalog: Catalog) -> None:
    doc = edits.promote(boxed, ["d_box"], SIZE, catalog=catalog, name="cells", promoted_id="p")
    doc = edits.set_param(doc, "box", "p", -4)

    found = of_code(doc, catalog, "value")

    assert [(one.definition, one.node, one.field) for one in found] == [("main", "box", "p")]
    assert found[0].message.startswith("Box › cells")


def test_ports_in_the_main_network_are_an_error(network: Document, catalog: Catalog) -> None:
    doc = edits.add_node(network, "InputPort", node_id="p")

    (problem,) = of_code(doc, catalog, "port-outside")

    assert check(problem.fixes[0].apply(doc), catalog) == []


def test_a_network_that_is_too_large_has_a_plan_with_one_error(catalog: Catalog) -> None:
    made = plan(bomb(levels=10, copies=10), catalog)

    assert codes(made.problems) == ["too-large"]
    assert made.groups == ()


def test_the_polarity_of_a_group_is_its_role(boxed: Document, catalog: Catalog) -> None:
    doc = as_kind(boxed, "CorticalLayer")
    two = of_code(doc, catalog, "kind")

    doc = within(
        doc, "d_box", lambda inner: edits.set_param(inner, "inh", "polarity", "inhibitory")
    )

    assert "needs one excitatory group, but has 2 (Exc, Inh)" in two[0].message
    assert of_code(doc, catalog, "kind") == []
    assert roles(doc.definition("d_box")) == {"excitatory": "exc", "inhibitory": "inh"}


def test_a_cortical_layer_may_lack_inhibition(network: Document, catalog: Catalog) -> None:
    doc = as_kind(grouped(network, "exc"), "CorticalLayer")

    assert of_code(doc, catalog, "kind") == []
    assert roles(doc.definition("d_box")) == {"excitatory": "exc", "inhibitory": None}


@pytest.mark.parametrize("kind", ["Layer", "CorticalLayer", "CorticalColumn", "Glia"])
def test_a_block_that_its_kind_does_not_suit_becomes_a_plain_one(
    network: Document, catalog: Catalog, kind: str
) -> None:
    doc = as_kind(grouped(network, "input"), kind)

    (problem,) = of_code(doc, catalog, "kind")

    mended = problem.fixes[0].apply(doc)
    assert problem.definition == "d_box"
    assert mended.definition("d_box").kind == "Container"
    assert of_code(mended, catalog, "kind") == []


def test_a_column_holds_layers_with_names_of_their_own(network: Document, catalog: Catalog) -> None:
    doc = as_kind(grouped(network, "exc", node_id="layer"), "Layer", "d_layer")
    doc = as_kind(grouped(doc, "layer"), "CorticalColumn")

    def twin(inner: Document) -> Document:
        inner = edits.add_instance(inner, "d_layer", node_id="more")
        return edits.rename(inner, "more", inner.network.node("layer").name)

    assert of_code(doc, catalog, "kind") == []
    assert layers(doc.definition("d_box"), doc.definitions) == {"Box": "layer"}
    assert "two of its layers are called Box" in str(
        of_code(within(doc, "d_box", twin), catalog, "kind")
    )
    plain = as_kind(doc, "Container", "d_layer")
    assert "but Box is none" in of_code(plain, catalog, "kind")[0].message


def test_a_fault_in_nested_blocks_is_told_with_the_whole_way(
    network: Document, catalog: Catalog
) -> None:
    doc = nested(network, "exc", "drive", "inh")
    doc = within(doc, "d_one", lambda inner: edits.set_param(inner, "exc", "size", -1))
    doc = within(doc, "d_two", lambda inner: edits.rename(inner, "one", "Layer 4"))
    doc = within(doc, "d_three", lambda inner: edits.rename(inner, "two", "Left"))
    doc = edits.rename(doc, "three", "Column")

    (problem,) = of_code(doc, catalog, "value")

    assert problem.where(doc) == "Column › Left › Layer 4 › Exc › size"


def test_a_fault_in_a_block_that_stands_nowhere_is_told_at_the_block(boxed: Document) -> None:
    problem = Problem("error", "Size is wrong.", "exc", field="size", definition="d_box")
    doc = edits.remove(boxed, ["box"])
    doc = doc.with_definition(boxed.definitions["d_box"])

    assert problem.where(doc) == "Box › Exc › size"
