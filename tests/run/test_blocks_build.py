"""What blocks become when they are built."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conex_core import examples
from conex_core.catalog import Catalog, load
from conex_core.graph import edits
from conex_core.graph.files.project_file import load as load_project
from conex_core.graph.model.document import Document, Node
from conex_core.run.session import Session
from conex_core.structures import Container, CorticalColumn, CorticalLayer, Layer


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


@pytest.fixture
def balanced() -> Document:
    return load_project(examples.path_of("balanced"))


def ids_of(doc: Document, *names: str) -> list[str]:
    return [node.id for node in doc.network.nodes.values() if node.name in names]


def instance_of(doc: Document) -> Node:
    return next(node for node in doc.network.nodes.values() if node.kind == "Instance")


def as_kind(doc: Document, kind: str) -> Document:
    """Return ``doc`` with its one block made a block of ``kind``."""
    return edits.set_definition(doc, instance_of(doc).of, kind=kind)


@pytest.mark.parametrize("name", ["smallest", "balanced", "digits"])
def test_grouping_changes_no_spike(name: str, catalog: Catalog) -> None:
    doc = load_project(examples.path_of(name))
    drawn = [node.id for node in doc.network.nodes.values() if node.kind != "Note"]
    base = examples.path_of(name).parent
    apart = Session.of(doc, catalog, base=base)
    grouped = Session.of(edits.group(doc, drawn[::2]), catalog, base=base)

    hashes = [session.run(60).spike_hash for session in (apart, grouped)]

    assert hashes[0] == hashes[1]


def test_a_cortical_layer_knows_its_groups(balanced: Document, catalog: Catalog) -> None:
    chosen = ids_of(balanced, "Excitatory", "Inhibitory")
    doc = as_kind(edits.group(balanced, chosen, name="L4"), "CorticalLayer")

    session = Session.of(doc, catalog)

    layer = session.objects[instance_of(doc).id]
    assert isinstance(layer, CorticalLayer)
    assert (layer.exc_pop.name, layer.inh_pop.name) == ("Excitatory", "Inhibitory")
    assert layer.exc_pop.parent_structure is layer


def test_ports_lead_to_the_groups_behind_them(balanced: Document, catalog: Catalog) -> None:
    doc = edits.group(balanced, ids_of(balanced, "Excitatory"), name="Cells")

    layer = Session.of(doc, catalog).objects[instance_of(doc).id]

    targets = {
        name: [port.object.name for port in layer.input_ports[name][1]]
        for name in layer.input_ports
    }
    assert targets == {"Excitatory": ["Excitatory"]}
    assert list(layer.output_ports) == ["Excitatory"]


def test_blocks_nest(balanced: Document, catalog: Catalog) -> None:
    inner = as_kind(edits.group(balanced, ids_of(balanced, "Excitatory"), name="Cells"), "Layer")
    layer_id = instance_of(inner).id
    outer = edits.group(inner, [layer_id], name="Column")
    column_id = instance_of(outer).id
    doc = edits.set_definition(outer, outer.network.node(column_id).of, kind="CorticalColumn")

    session = Session.of(doc, catalog)

    column = session.objects[column_id]
    layer = session.objects[f"{column_id}/{layer_id}"]
    assert isinstance(column, CorticalColumn)
    assert isinstance(layer, Layer)
    assert column.layers == {"Cells": layer}
    assert layer.parent_structure is column
    assert session.network.cortical_columns == [column]


def test_two_copies_are_two_structures(balanced: Document, catalog: Catalog) -> None:
    whole = [node.id for node in balanced.network.nodes.values() if node.kind != "Note"]
    grouped = edits.group(balanced, whole, name="Net")
    doc = edits.add_instance(grouped, instance_of(grouped).of)

    session = Session.of(replace(doc, monitors=()), catalog)
    result = session.run(40)

    made = [item for item in session.objects.values() if isinstance(item, Container)]
    assert len(made) == 2
    assert {group.name for group in result.groups} == {
        "Excitatory",
        "Inhibitory",
        "Net 2 / Excitatory",
        "Net 2 / Inhibitory",
    }


def draws(doc: Document, catalog: Catalog) -> dict[tuple[str, str], int]:
    """Return the seed of every behavior, by the node and the behavior that the user sees."""
    session = Session.of(doc, catalog, engine="reference")
    return {
        (key[0].rpartition("/")[2], key[1]): behavior.generator.initial_seed()
        for key, behavior in session.behaviors.items()
    }


def test_no_edit_elsewhere_changes_what_a_node_draws(balanced: Document, catalog: Catalog) -> None:
    before = draws(balanced, catalog)
    [inhibitory] = ids_of(balanced, "Inhibitory")
    [excitatory] = ids_of(balanced, "Excitatory")
    edited = {
        "renamed": edits.rename(balanced, excitatory, "Inhibitory 2"),
        "copied": edits.duplicate(balanced, ids_of(balanced, "Excitatory", "Inhibitory"))[0],
        "in a block": edits.group(balanced, [inhibitory, excitatory], name="L4"),
        "with one behavior more": edits.add_behavior(balanced, excitatory, "KWTA", catalog=catalog),
    }

    for what, doc in edited.items():
        after = draws(doc, catalog)
        assert {key: after[key] for key in before} == before, what
