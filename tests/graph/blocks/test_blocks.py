"""Blocks from outside and inside: focus, ports, recursion, files, clipboard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from block_samples import grouped, instance, nested, of_kind, port

from conex_core.catalog import Catalog
from conex_core.errors import FileError, StructureError
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import (
    cycle,
    focus,
    instances_of,
    port_nodes,
    ports_of,
    unfocus,
    used_definitions,
    within,
)
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.files.project_file import from_text, to_text
from conex_core.graph.model.document import BlockStamp, Definition, Document, Link, Node, Settings


@pytest.fixture
def boxed(network: Document) -> Document:
    """Return Exc in the block Box, and a second instance of it, "copy", fed by "drive"."""
    doc = instance(grouped(network, "exc"), "d_box", "copy")
    doc = edits.remove(doc, ["inh"])
    into = port(doc, "d_box", "Exc")
    return edits.add_link(doc, Link("drive", "target", "copy", into.id))


def test_an_edit_inside_a_block_is_seen_in_every_copy(boxed: Document) -> None:
    doc = within(boxed, "d_box", lambda inner: edits.set_param(inner, "exc", "size", 5))

    sizes = [
        node.params.get("size") for node in of_kind(flatten(doc).document.network, "NeuronGroup")
    ]
    assert sizes == [5, 5]


def test_an_edit_that_changes_nothing_gives_the_same_document(boxed: Document) -> None:
    assert within(boxed, "d_box", lambda inner: inner) is boxed
    assert unfocus(boxed, "d_box", focus(boxed, "d_box")) is boxed
    assert focus(boxed, "main") is boxed


def test_settings_and_monitors_changed_inside_are_those_of_the_project(boxed: Document) -> None:
    doc = within(boxed, "d_box", lambda inner: replace(inner, settings=Settings(seed=7)))

    assert doc.settings.seed == 7
    assert doc.network == boxed.network


def test_instances_and_what_is_used_are_found(network: Document) -> None:
    doc = instance(nested(network, "exc"), "d_one", "more")

    assert sorted(instances_of(doc, "d_one")) == [("d_two", "one"), ("main", "more")]
    assert set(used_definitions(doc.definitions, "d_two")) == {"d_two", "d_one"}


def test_renaming_a_port_moves_no_wire(boxed: Document) -> None:
    node = port(boxed, "d_box", "Exc")

    doc = within(boxed, "d_box", lambda inner: edits.rename(inner, node.id, "in"))

    assert doc.network.links == boxed.network.links
    assert ports_of(doc.network.node("box"), doc.definitions)[0].title == "in"


def test_removing_a_port_removes_its_wires_at_every_instance(boxed: Document) -> None:
    into = of_kind(boxed.definition("d_box"), "InputPort")[0].id

    doc = within(boxed, "d_box", lambda inner: edits.remove(inner, [into]))

    assert not doc.network.into("box")
    assert not doc.network.into("copy")
    assert doc.network.out_of("box")
    assert not doc.definition("d_box").into("exc")


def test_ports_are_added_below_and_moved(boxed: Document) -> None:
    def two_more(inner: Document) -> Document:
        inner = edits.add_port(inner, "InputPort", "behaviors", name="Exc", node_id="x")
        inner = edits.add_port(inner, "InputPort", node_id="y")
        return edits.move_port(inner, "y", 0)

    box = within(boxed, "d_box", two_more).definition("d_box")

    names = [(node.name, node.params["signal"]) for node in port_nodes(box, "InputPort")]
    assert names == [("in", "spikes"), ("Exc", "synapses"), ("Exc 2", "behaviors")]


def test_what_is_no_port_is_not_added_or_moved_as_one(network: Document) -> None:
    with pytest.raises(StructureError, match="no kind of port"):
        edits.add_port(network, "NeuronGroup")
    with pytest.raises(StructureError, match="is no port"):
        edits.move_port(network, "exc", 0)


def test_an_unknown_signal_counts_as_the_usual_one(boxed: Document) -> None:
    node = replace(port(boxed, "d_box", "Exc"), params={"signal": "light"})

    assert ports_of(node, boxed.definitions)[0].signal == "spikes"


def test_a_block_is_not_put_inside_itself(network: Document) -> None:
    doc = nested(network, "exc")
    inner = focus(doc, "d_one")

    with pytest.raises(StructureError, match="cannot be put inside itself") as error:
        edits.add_instance(inner, "d_three", inside="d_one")

    assert "Box › Box 3 › Box 2 › Box" in str(error.value)


def test_an_instance_is_not_pasted_inside_its_own_block(boxed: Document) -> None:
    text = edits.copy(boxed, ["copy"])

    with pytest.raises(StructureError, match=r"cannot be put inside itself \(Box › Box\)"):
        edits.paste(focus(boxed, "d_box"), text, inside="d_box")


def test_a_pasted_block_that_holds_itself_is_refused(boxed: Document) -> None:
    own = Node("own", "Instance", "Own", of="d_box")
    box = boxed.definition("d_box")
    damaged = boxed.with_definition(replace(box, nodes={**box.nodes, "own": own}))

    with pytest.raises(StructureError, match=r"holds itself \(Box › Box\)"):
        edits.paste(Document(), edits.copy(damaged, ["copy"]))


def test_a_circle_of_thousands_is_found() -> None:
    definitions = {
        f"d{n}": Definition(
            f"d{n}", f"D{n}", {"i": Node("i", "Instance", "I", of=f"d{(n + 1) % 3000}")}
        )
        for n in range(3000)
    }

    assert len(cycle(definitions, "d0")) == 3001


def test_duplicates_inside_a_block_appear_in_every_copy(boxed: Document) -> None:
    doc = within(boxed, "d_box", lambda inner: edits.duplicate(inner, ["exc"])[0])

    groups = of_kind(flatten(doc).document.network, "NeuronGroup")
    assert sorted(node.name for node in groups) == ["Box 2 / Exc", "Box 2 / Exc 2", "Exc", "Exc 2"]


def test_a_duplicate_of_a_block_shows_the_same_block(boxed: Document) -> None:
    unique = edits.make_unique(boxed, "copy", definition_id="a_first")

    doc, (new,) = edits.duplicate(unique, ["box"])

    assert doc.network.node(new).of == "d_box"


def test_blocks_travel_with_the_clipboard_at_any_depth(network: Document) -> None:
    doc = nested(network, "exc")
    text = edits.copy(doc, ["three"])

    other, (new,) = edits.paste(Document(), text)
    twice, (again,) = edits.paste(other, text)

    assert [node.name for node in of_kind(flatten(other).document.network, "NeuronGroup")] == [
        "Box 3 / Exc"
    ]
    assert twice.network.node(again).of == other.network.node(new).of
    assert twice.definitions.keys() == other.definitions.keys()


def test_a_document_with_blocks_reads_back_equal(boxed: Document) -> None:
    box = replace(
        boxed.definition("d_box"),
        kind="Layer",
        description="Container",  # also what the usual kind is called
        tags=("a", "b"),
        block=BlockStamp("blk", 3, "abc"),
        extra={"colour": "red"},
    )
    doc = boxed.with_definition(box)

    text = to_text(doc)

    assert from_text(text) == doc
    assert to_text(from_text(text)) == text


def test_files_without_blocks_have_no_new_fields(network: Document) -> None:
    text = to_text(network)

    assert not [word for word in ('"promoted"', '"block"', '"tags"', '"scope"') if word in text]


def test_a_scope_that_is_no_pair_is_refused(boxed: Document) -> None:
    text = to_text(boxed).replace('"scope": ["", ""]', '"scope": [""]')

    with pytest.raises(FileError, match=r"scope.*must be \[id, name\]"):
        from_text(text)


def test_connecting_ports_of_blocks_inserts_synapses(network: Document, catalog: Catalog) -> None:
    doc = grouped(network, "exc")
    doc = instance(doc, "d_box", "copy")
    into = of_kind(doc.definition("d_box"), "InputPort")[0].id
    out = of_kind(doc.definition("d_box"), "OutputPort")[0].id

    doc = edits.connect_groups(
        doc, "box", "copy", catalog=catalog, node_id="s", source_port=out, target_port=into
    )

    assert Link("exc", "spikes", "s", "source") in flatten(doc).document.network.links
    assert Link("s", "target", "copy/exc", "synapses") in flatten(doc).document.network.links
