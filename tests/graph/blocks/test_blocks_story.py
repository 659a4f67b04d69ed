"""A layer is built, saved, used three times, nested in a column, and used in another project."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from conex_core.catalog import Catalog, load
from conex_core.graph import edits
from conex_core.graph.files.block_file import block_of, load_block, save_block
from conex_core.graph.files.project_file import from_text, to_text
from conex_core.graph.library.inserting import insert_block
from conex_core.graph.model.document import MAIN, Document, Link, Node, Target
from conex_core.run.plan import Plan
from conex_core.run.planning import plan

TAUS = {"Layer 1": 10.0, "Layer 2": 25.0, "Layer 3": 10.0}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def named(doc: Document, name: str) -> Node:
    return next(node for node in doc.network.nodes.values() if node.name == name)


def layer(catalog: Catalog) -> Document:
    """Return a project with one block: a group that drives another, with a port at both ends."""
    doc = Document()
    for name in ("Before", "Exc", "Inh", "After"):
        doc = edits.add_node(doc, "NeuronGroup", name=name, params={"size": 10})
    for source, target in (("Before", "Exc"), ("Exc", "Inh"), ("Exc", "After")):
        ids = (named(doc, source).id, named(doc, target).id)
        doc = edits.connect_groups(doc, *ids, catalog=catalog)
    for name in ("Before", "Exc", "Inh", "After"):
        node_id = named(doc, name).id
        for kind in ("LIF", "Fire"):
            doc = edits.add_behavior(doc, node_id, kind, catalog=catalog)
    inside = [named(doc, name).id for name in ("Exc", "Inh", "Exc to Inh")]
    doc = edits.group(doc, inside, name="Layer")
    gone = [named(doc, n).id for n in ("Before", "After", "Before to Exc", "Exc to After")]
    doc = edits.remove(doc, gone)
    block = named(doc, "Layer").of
    exc = next(node for node in doc.definition(block).nodes.values() if node.name == "Exc")
    lif = next(item for item in exc.stack if item.kind == "LIF")
    return edits.promote(doc, [block], Target(exc.id, lif.id, "tau"), catalog=catalog)


def ports(doc: Document, block: str) -> tuple[str, str]:
    by_kind = {node.kind: node.id for node in doc.definition(block).nodes.values()}
    return by_kind["InputPort"], by_kind["OutputPort"]


def column(saved: Path, catalog: Catalog) -> list[Document]:
    """Return every step from an empty project to one with a column of three layers."""
    steps = [Document()]
    for number in (1, 2, 3):
        doc, _ = insert_block(
            steps[-1], load_block(saved), at=(0.0, 200.0 * number), name=f"Layer {number}"
        )
        steps.append(doc)
    layers = [named(steps[-1], f"Layer {number}") for number in (1, 2, 3)]
    into, out = ports(steps[-1], layers[0].of)
    for first, second in pairwise(layers):
        doc = edits.add_node(steps[-1], "SynapseGroup", name=f"{first.name} to {second.name}")
        synapse = named(doc, f"{first.name} to {second.name}").id
        for kind in ("SynapseInit", "WeightInitializer", "SimpleDendriticInput", "PreSpikeCatcher"):
            doc = edits.add_behavior(doc, synapse, kind, catalog=catalog)
        doc = edits.add_link(doc, Link(first.id, out, synapse, "source"))
        steps.append(edits.add_link(doc, Link(synapse, "target", second.id, into)))
    shown = steps[-1].definition(layers[1].of).promoted[0].id
    steps.append(edits.set_param(steps[-1], layers[1].id, shown, TAUS["Layer 2"]))
    everything = list(steps[-1].network.nodes)
    steps.append(edits.group(steps[-1], everything, name="Column"))
    return steps


def taus(found: Plan) -> dict[str, float]:
    """Return the time constant of each excitatory group that has its own, by layer."""
    values = {}
    for group in found.groups:
        *_, where, name = group.name.split(" / ")
        if name == "Exc":
            lif = next(item for item in group.stack if item.kind == "LIF")
            values[where] = lif.params.get("tau", 10.0)
    return values


def test_a_block_keeps_its_word_at_depth_three_in_a_third_project(
    tmp_path: Path, catalog: Catalog
) -> None:
    first = layer(catalog)
    save_block(block_of(first, named(first, "Layer").of), tmp_path / "layer.conexblock")
    second = column(tmp_path / "layer.conexblock", catalog)[-1]
    save_block(block_of(second, named(second, "Column").of), tmp_path / "column.conexblock")
    third, _ = insert_block(Document(), load_block(tmp_path / "column.conexblock"), at=(0, 0))
    third = edits.group(third, list(third.network.nodes), name="Area")

    reopened = from_text(to_text(third))
    found = plan(reopened, catalog)

    assert found.errors == ()
    assert reopened == third
    assert taus(found) == TAUS
    assert len(found.groups) == 6
    assert sorted(step.name.rpartition(" / ")[2] for step in found.synapses) == [
        "Exc to Inh",
        "Exc to Inh",
        "Exc to Inh",
        "Layer 1 to Layer 2",
        "Layer 2 to Layer 3",
    ]


def test_undoing_and_redoing_the_lot_changes_nothing(tmp_path: Path, catalog: Catalog) -> None:
    first = layer(catalog)
    save_block(block_of(first, named(first, "Layer").of), tmp_path / "layer.conexblock")
    steps = column(tmp_path / "layer.conexblock", catalog)

    texts = [to_text(step) for step in steps]

    assert to_text(steps[0]) == to_text(Document())
    assert [to_text(from_text(text)) for text in texts] == texts
    assert len(steps[0].definitions) == 1
    assert MAIN in steps[0].definitions
