"""Blocks to begin with: each is sound, runs, and is drawn anew every time."""

from __future__ import annotations

import pytest

from conex_core.catalog import Catalog, load
from conex_core.errors import UnknownName
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.checks.check import check
from conex_core.graph.edits.templates import TEMPLATES, add_template
from conex_core.graph.model.document import Document
from conex_core.run.session import Session


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def drawn(catalog: Catalog, *kinds: str) -> Document:
    doc = Document()
    for kind in kinds:
        doc = add_template(doc, kind, catalog=catalog)
    return doc


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_has_no_problems(kind: str, catalog: Catalog) -> None:
    doc = drawn(catalog, kind)

    assert check(doc, catalog) == []


@pytest.mark.parametrize("kind", ["Layer", "CorticalLayer", "CorticalColumn"])
def test_its_groups_spike_at_plausible_rates(kind: str, catalog: Catalog) -> None:
    session = Session.of(drawn(catalog, kind), catalog)

    rates = [group.mean_rate_hz for group in session.run(400).groups]

    assert all(2 < rate < 60 for rate in rates), rates


def test_a_second_one_is_a_block_of_its_own(catalog: Catalog) -> None:
    doc = drawn(catalog, "Layer", "Layer")

    blocks = {node.of for node in doc.network.nodes.values()}
    assert len(blocks) == 2
    assert {doc.definition(key).name for key in blocks} == {"Layer", "Layer 2"}


def test_the_layers_of_a_column_are_copies_of_one(catalog: Catalog) -> None:
    doc = drawn(catalog, "CorticalColumn")

    column = doc.definition(next(iter(doc.network.nodes.values())).of)
    layers = {node.name: node.of for node in column.nodes.values() if node.kind == "Instance"}
    assert sorted(layers) == ["L2/3", "L4", "L5"]
    assert len(set(layers.values())) == 1


def test_a_column_is_joined_from_layer_to_layer(catalog: Catalog) -> None:
    network = flatten(drawn(catalog, "CorticalColumn")).document.network

    names = {key: node.name for key, node in network.nodes.items()}
    sources = {
        link.target: names[link.source] for link in network.links if link.target_port == "source"
    }
    targets = {
        link.source: names[link.target] for link in network.links if link.source_port == "target"
    }
    joined = {
        (sources[key], targets[key])
        for key, node in network.nodes.items()
        if node.name.endswith((" / L4 to L2/3", " / L2/3 to L5"))
    }
    prefix = "Cortical column / "
    assert joined == {
        (f"{prefix}L4 / Exc", f"{prefix}L2/3 / Exc"),
        (f"{prefix}L2/3 / Exc", f"{prefix}L5 / Exc"),
    }


def test_an_unknown_template_is_refused(catalog: Catalog) -> None:
    with pytest.raises(UnknownName, match="CorticalLayer"):
        add_template(Document(), "CorticalLayr", catalog=catalog)
