"""Block files: the same block gives the same text, and a bad file a message."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conex_core.catalog import Catalog
from conex_core.errors import FileError, StructureError
from conex_core.graph import edits
from conex_core.graph.files.block_file import (
    Block,
    block_from_text,
    block_of,
    block_to_text,
    load_block,
    save_block,
)
from conex_core.graph.files.weight_files import FOLDER, sha256_of
from conex_core.graph.library.inserting import insert_block, linked
from conex_core.graph.library.outlines import outline
from conex_core.graph.model.document import MAIN, Document, Learned


@pytest.fixture
def grouped(network: Document) -> Document:
    """Return Input -> Pair, a block "d_pair" of Exc, Inh and the synapses between them."""
    inside = ["exc", "inh", "drive"]
    return edits.group(network, inside, name="Pair", node_id="pair", definition_id="d_pair")


@pytest.fixture
def block(grouped: Document) -> Block:
    return block_of(grouped, "d_pair", block_id="block_pair")


def data_of(block: Block) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(block_to_text(block))
    return data


def test_a_block_survives_being_saved_and_read(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "pair.conexblock"

    saved = save_block(block, path)

    assert load_block(path) == replace(saved, source="folder")
    assert block_to_text(load_block(path)) == path.read_text(encoding="utf-8")


def test_unknown_fields_of_a_file_come_back_unchanged(block: Block) -> None:
    data = data_of(block) | {"colour": "blue"}

    again = data_of(block_from_text(json.dumps(data)))

    assert again == data


def test_a_block_takes_all_that_it_holds_and_nothing_else(grouped: Document) -> None:
    doc = edits.group(grouped, ["pair"], name="Outer", node_id="o", definition_id="d_outer")

    assert block_of(doc, "d_outer").definitions.keys() == {"d_outer", "d_pair"}
    assert block_of(doc, "d_pair").definitions.keys() == {"d_pair"}


def test_a_block_keeps_the_id_of_the_library_block_it_came_from(
    grouped: Document, block: Block
) -> None:
    doc = linked(grouped, "d_pair", replace(block, version=4))

    assert block_of(doc, "d_pair").id == "block_pair"
    assert block_of(doc, "d_pair").version == 4
    assert block_of(doc, "d_pair", block_id="other").version == 1


def test_the_network_itself_is_no_block(grouped: Document) -> None:
    with pytest.raises(StructureError, match="is no block"):
        block_of(grouped, MAIN)


def test_a_block_with_a_missing_one_inside_is_not_saved(grouped: Document) -> None:
    doc = edits.group(grouped, ["pair"], name="Outer", definition_id="d_outer")
    kept = {key: item for key, item in doc.definitions.items() if key != "d_pair"}

    with pytest.raises(StructureError, match="Pair: shows a block that is missing"):
        block_of(replace(doc, definitions=kept), "d_outer")


def test_the_version_grows_only_when_the_content_changes(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "pair.conexblock"
    save_block(block, path)
    renamed = block.with_definition(replace(block.definition, name="Couple"))
    described = block.with_definition(replace(block.definition, description="Two groups."))

    assert save_block(renamed, path).version == 1
    assert save_block(described, path).version == 2
    assert save_block(block, path).version == 3
    assert save_block(block, path).version == 3


def test_new_weights_are_a_new_version(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "pair.conexblock"
    save_block(block, path)
    (tmp_path / FOLDER).mkdir()
    weights = tmp_path / FOLDER / "pair.safetensors"
    weights.write_bytes(b"weights")
    learned = Learned(weights.name, sha256_of(weights), ("n_ei",))
    trained = block.with_definition(replace(block.definition, learned=learned))

    assert save_block(trained, path).version == 2
    assert load_block(path).learned == learned


def test_saving_leaves_any_other_file_alone(block: Block, tmp_path: Path) -> None:
    other, text = tmp_path / "other.conexblock", tmp_path / "letter.txt"
    save_block(replace(block, id="block_other"), other)
    text.write_text("Dear")

    for path in (other, text):
        before = path.read_bytes()
        with pytest.raises(FileError, match="Choose another name"):
            save_block(block, path)
        assert path.read_bytes() == before


def test_inserting_stamps_the_definition_and_shares_equal_ones(block: Block) -> None:
    doc, first = insert_block(Document(), block, at=(10.0, 20.0))
    doc, second = insert_block(doc, block, name="Other")

    nodes = doc.network.nodes
    assert nodes[first].of == nodes[second].of
    assert nodes[first].position == (10.0, 20.0)
    assert nodes[second].name == "Other"
    assert doc.definition(nodes[first].of).block == block.stamp


def test_inserting_another_content_of_the_same_ids_brings_its_own(
    grouped: Document, block: Block
) -> None:
    changed = block.with_definition(replace(block.definition, description="Another"))

    doc, node_id = insert_block(grouped, changed)

    assert doc.network.node(node_id).of != "d_pair"
    assert doc.definition("d_pair") == grouped.definition("d_pair")


def test_a_block_is_not_inserted_into_itself(grouped: Document, block: Block) -> None:
    with pytest.raises(StructureError, match="Pair › Pair"):
        insert_block(grouped, block, inside="d_pair")


def test_the_outline_has_a_box_for_each_node_within_the_picture(block: Block) -> None:
    drawn = outline(block)

    assert len(drawn.boxes) == len(block.definition.nodes)
    assert len(drawn.wires) == len(block.definition.links)
    for box in drawn.boxes:
        assert 0 <= box.x <= box.x + box.width <= 1.0001
        assert 0 <= box.y <= box.y + box.height <= 1.0001


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": "conex-project"}, "is not a block of CoNeX Studio"),
        ({"version": 2}, "newer CoNeX Studio"),
        ({"definition": "d_none"}, "lacks the block itself"),
        ({"definitions": {}}, "lacks the block itself"),
        ({"definitions": []}, "definitions: must be an object"),
        ({"block": {"id": "", "version": 1}}, "block.id: must have 1 to 200"),
        ({"block": {"id": "x", "version": 0}}, "must be 1 or more"),
        ({"block": None}, "block: must be an object"),
    ],
)
def test_a_bad_field_is_refused_with_its_place(
    block: Block, change: dict[str, Any], told: str
) -> None:
    text = json.dumps(data_of(block) | change)

    with pytest.raises(FileError) as caught:
        block_from_text(text, "bad.conexblock")

    assert told in str(caught.value)
    assert str(caught.value).startswith("bad.conexblock")
    assert caught.value.hint or "must" in caught.value.problem


@pytest.mark.parametrize(
    ("learned", "told"),
    [
        ({"file": "../weights", "sha256": "0" * 64}, "without a folder"),
        ({"file": "C:\\weights", "sha256": "0" * 64}, "without a folder"),
        ({"file": "..", "sha256": "0" * 64}, "without a folder"),
        ({"file": "weights", "sha256": "nonsense"}, "sha256"),
        ({"file": "weights", "sha256": "0" * 64, "groups": [1]}, "groups"),
        ("weights", "learned: must be an object"),
    ],
)
def test_weights_that_a_file_names_badly_are_refused(block: Block, learned: Any, told: str) -> None:
    data = data_of(block)
    data["definitions"][block.definition_id]["learned"] = learned

    with pytest.raises(FileError, match=told):
        block_from_text(json.dumps(data), "bad.conexblock")


def instance(of: str) -> dict[str, Any]:
    return {"kind": "Instance", "name": f"Copy of {of}", "definition": of}


def test_a_block_that_holds_itself_is_refused_with_the_path(block: Block) -> None:
    data = data_of(block)
    data["definitions"]["d_pair"]["nodes"]["x"] = instance("d_in")
    data["definitions"]["d_in"] = {"name": "Inner", "nodes": {"y": instance("d_pair")}}

    with pytest.raises(FileError, match="holds itself \\(Pair › Inner › Pair\\)"):
        block_from_text(json.dumps(data))


def test_a_block_that_lacks_an_inner_one_is_refused(block: Block) -> None:
    data = data_of(block)
    data["definitions"]["d_pair"]["nodes"]["x"] = instance("d_in")

    with pytest.raises(FileError, match="lacks the block that Copy of d_in shows"):
        block_from_text(json.dumps(data))


def chain(depth: int, copies: int) -> str:
    """Return a block that holds ``copies`` of one that holds ``copies`` of ..."""
    definitions = {
        f"d{level}": {
            "name": f"Level {level}",
            "nodes": {f"n{copy}": instance(f"d{level + 1}") for copy in range(copies)},
        }
        for level in range(depth)
    }
    definitions[f"d{depth}"] = {"name": "Last", "nodes": {}}
    passport = {"id": "bomb", "version": 1}
    head = {"format": "conex-block", "version": 1, "block": passport, "definition": "d0"}
    return json.dumps(head | {"definitions": definitions})


def test_a_few_lines_that_stand_for_billions_of_nodes_are_refused() -> None:
    with pytest.raises(FileError, match="comes to more than 20,000 nodes"):
        block_from_text(chain(30, 10))


def test_blocks_nested_without_end_are_refused() -> None:
    with pytest.raises(FileError, match="nested deeper than 32"):
        block_from_text(chain(5_000, 1))


def test_a_block_of_many_copies_within_the_limit_is_read() -> None:
    assert block_from_text(chain(12, 2)).name == "Level 0"


def test_a_file_that_is_too_large_or_no_text_is_refused(tmp_path: Path) -> None:
    large, binary = tmp_path / "large.conexblock", tmp_path / "binary.conexblock"
    large.write_bytes(b" " * (16 * 2**20 + 1))
    binary.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(FileError, match="larger than 16 MB"):
        load_block(large)
    with pytest.raises(FileError, match="is not a text file"):
        load_block(binary)


def test_behaviors_that_nobody_knows_are_kept(block: Block, catalog: Catalog) -> None:
    text = block_to_text(block).replace('"kind": "LIF"', '"kind": "PluginCell"')

    read = block_from_text(text)

    assert "PluginCell" in block_to_text(read)
    assert read.hash != block.hash


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
NODE = st.fixed_dictionaries(
    {"kind": st.sampled_from(["Instance", "NeuronGroup", "InputPort", "?"]), "name": st.text()},
    optional={
        "definition": st.sampled_from(["a", "b", "c", "main"]),
        "params": JSON,
        "stack": JSON,
        "position": JSON,
        "scope": JSON,
    },
)
DEFINITION = st.fixed_dictionaries(
    {"name": st.text(max_size=3), "nodes": st.dictionaries(st.text(max_size=2), NODE, max_size=4)},
    optional={
        "links": JSON,
        "promoted": JSON,
        "block": JSON,
        "tags": JSON,
        "kind": JSON,
        "learned": JSON,
    },
)
FILE = st.fixed_dictionaries(
    {
        "format": st.just("conex-block"),
        "version": st.just(1),
        "block": st.just({"id": "x", "version": 1}) | JSON,
        "definition": st.sampled_from(["a", "b", "main"]),
        "definitions": st.dictionaries(st.sampled_from("abc"), DEFINITION, max_size=3) | JSON,
    },
    optional={"more": JSON},
)


@given(FILE | JSON)
def test_any_data_is_a_block_that_can_be_used_or_a_message(data: Any) -> None:
    try:
        block = block_from_text(json.dumps(data))
    except FileError:
        return
    assert block_from_text(block_to_text(block)) == block
    outline(block)
    doc, node_id = insert_block(Document(), block)
    assert block_of(doc, doc.network.node(node_id).of).hash == block.hash


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_any_text_is_a_message(text: str) -> None:
    with pytest.raises(FileError):
        block_from_text(text)
