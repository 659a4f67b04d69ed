"""Files of learned weights: where they are found, where they go, and which may go away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from conex_core.errors import FileError
from conex_core.graph import edits
from conex_core.graph.edits import clipboard
from conex_core.graph.files import project_file
from conex_core.graph.files.block_file import Block, block_of, load_block, save_block
from conex_core.graph.files.learned_weights import learned_groups, without
from conex_core.graph.files.weight_files import FOLDER, carry, located, sha256_of, store, unneeded
from conex_core.graph.library.inserting import insert_block
from conex_core.graph.library.library import Library
from conex_core.graph.model.document import MAIN, Document, Learned

NAME = "pair-1.safetensors"


@pytest.fixture
def block(network: Document, tmp_path: Path) -> Block:
    """Return a block of the two groups that has learned the weights of its "drive"."""
    doc = edits.group(network, ["exc", "inh", "drive"], name="Pair", definition_id="d_pair")
    found = block_of(doc, "d_pair", block_id="block_pair")
    learned = weights(tmp_path / "library", NAME)
    found = found.with_definition(replace(found.definition, learned=learned))
    return save_block(found, tmp_path / "library" / "Pair.conexblock")


@pytest.fixture
def trashed() -> list[Path]:
    return []


@pytest.fixture
def library(block: Block, tmp_path: Path, trashed: list[Path]) -> Library:
    """Return a library whose folder of the user holds the block; its trash is a list."""

    def throw(path: Path) -> None:
        trashed.append(path)
        path.unlink()

    made = Library(user=tmp_path / "library", shipped=tmp_path / "shipped", trash=throw)
    made.scan()
    return made


def weights(folder: Path, name: str, content: bytes = b"learned") -> Learned:
    path = folder / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return Learned(name, sha256_of(path), ("drive",))


def inserted(block: Block) -> Document:
    return insert_block(Document(), block, node_id="n_pair")[0]


def test_a_good_copy_in_the_users_folder_stands_in_for_a_damaged_one(
    block: Block, tmp_path: Path
) -> None:
    inserted(block)
    weights(tmp_path / "project", NAME, b"damaged")

    found = located(block.learned, tmp_path / "project", block.name)

    assert found == store() / FOLDER / NAME


def test_a_damaged_file_in_a_library_does_not_hide_the_good_one(
    block: Block, tmp_path: Path
) -> None:
    inserted(block)
    weights(tmp_path / "library", NAME, b"damaged")

    carry(block.definitions.values(), [tmp_path / "library"], tmp_path / "project")

    assert (tmp_path / "project" / FOLDER / NAME).read_bytes() == b"learned"


def test_another_file_where_weights_should_go_is_told_and_left_alone(
    block: Block, tmp_path: Path
) -> None:
    weights(tmp_path / "project", NAME, b"of somebody else")

    with pytest.raises(FileError, match="is not what Pair has learned"):
        carry(block.definitions.values(), [tmp_path / "library"], tmp_path / "project")

    assert (tmp_path / "project" / FOLDER / NAME).read_bytes() == b"of somebody else"


def test_a_block_whose_weights_are_lost_can_be_renamed(library: Library, tmp_path: Path) -> None:
    (tmp_path / "library" / FOLDER / NAME).unlink()

    renamed = library.rename(library.entries[0], "Couple")

    assert renamed.name == "Couple"
    assert renamed.learned is not None


def test_a_renamed_and_a_duplicated_block_keep_their_weights(library: Library) -> None:
    renamed = library.rename(library.entries[0], "Couple")
    library.scan()
    copy = library.duplicate(library.entries[0])

    assert renamed.learned == copy.learned
    assert len(learned_groups(inserted(copy))) == 1


def test_weights_go_to_the_trash_with_the_last_block_that_names_them(
    library: Library, trashed: list[Path], tmp_path: Path
) -> None:
    library.duplicate(library.entries[0])
    library.scan()
    first, second = library.entries

    library.delete(first)
    after_one = list(trashed)
    library.delete(second)

    assert after_one == [first.path]
    assert trashed == [first.path, second.path, tmp_path / "library" / FOLDER / NAME]


@pytest.mark.parametrize(
    "name_them",
    [
        lambda folder, block: project_file.save(inserted(block), folder / "p.conex"),
        lambda folder, block: (folder / "broken.conexblock").write_text(f'{{"{NAME}'),
        lambda folder, block: (folder / "p.py").write_text(f'learned_weights("{NAME}", "drive")'),
    ],
    ids=["project", "damaged block", "script"],
)
def test_weights_that_another_file_beside_names_stay(
    name_them: Callable[[Path, Block], object],
    library: Library,
    block: Block,
    trashed: list[Path],
    tmp_path: Path,
) -> None:
    name_them(tmp_path / "library", block)

    library.delete(next(entry for entry in library.entries if entry.path == block.path))

    assert trashed == [block.path]


def test_names_that_json_spells_otherwise_are_known(tmp_path: Path) -> None:
    learned = weights(tmp_path, "Schräg-1.safetensors")
    (tmp_path / "p.conex").write_text('{"file": "Schr\\u00e4g-1.safetensors"}')

    assert unneeded([learned], tmp_path / "gone.conexblock") == []


def test_a_trash_that_refuses_weights_does_not_undo_the_rest(block: Block, tmp_path: Path) -> None:
    def throw(path: Path) -> None:
        if path.suffix == ".safetensors":
            raise FileError(path, "cannot be moved")
        path.unlink()

    library = Library(user=tmp_path / "library", shipped=tmp_path / "none", trash=throw)
    library.scan()

    library.delete(library.entries[0])

    assert library.scan()[0].entries == ()
    assert (tmp_path / "library" / FOLDER / NAME).is_file()


def test_unpacking_keeps_the_weights_of_every_block(block: Block) -> None:
    doc = inserted(block)
    doc, second = insert_block(doc, block)
    before = {key: found.learned.file for key, found in learned_groups(doc).items()}

    for node_id in ("n_pair", second):
        doc, _ = edits.unpack(doc, node_id)

    after = {key: found.learned.file for key, found in learned_groups(doc).items()}
    assert before == after == {"n_pair/drive": NAME, f"{second}/drive": NAME}


def test_what_a_network_took_over_from_unpacked_blocks_survives_a_file(
    block: Block, tmp_path: Path
) -> None:
    doc, second = insert_block(inserted(block), block)
    for node_id in ("n_pair", second):
        doc, _ = edits.unpack(doc, node_id)

    project_file.save(doc, tmp_path / "p.conex")
    again = project_file.load(tmp_path / "p.conex")

    assert again.network.learned == doc.network.learned
    assert learned_groups(again).keys() == {"n_pair/drive", f"{second}/drive"}


def test_the_outer_block_goes_first_after_unpacking_too(block: Block, tmp_path: Path) -> None:
    doc = edits.group(inserted(block), ["n_pair"], definition_id="d_outer")
    outer = replace(weights(tmp_path, "outer.safetensors", b"outer"), groups=("n_pair/drive",))
    doc = doc.with_definition(replace(doc.definition("d_outer"), learned=outer))

    unpacked = edits.within(doc, "d_outer", lambda inner: edits.unpack(inner, "n_pair")[0])

    (found,) = learned_groups(unpacked).values()
    assert found.learned.file == "outer.safetensors"


def test_grouping_inside_and_around_leaves_weights_where_they_were(block: Block) -> None:
    doc, _ = edits.unpack(inserted(block), "n_pair")

    around = edits.group(doc, list(doc.network.nodes))

    assert learned_groups(around).keys() == learned_groups(doc).keys()


def test_a_copy_made_unique_keeps_its_weights(block: Block) -> None:
    doc, second = insert_block(inserted(block), block)

    unique = edits.make_unique(doc, second)

    assert learned_groups(unique).keys() == learned_groups(doc).keys()


def test_a_block_pasted_into_another_project_finds_its_weights(
    block: Block, tmp_path: Path
) -> None:
    text = clipboard.copy(inserted(block), ["n_pair"])
    block.path.unlink()
    (tmp_path / "library" / FOLDER / NAME).unlink()

    doc, (node,) = clipboard.paste(Document(), text)
    carry(doc.definitions.values(), [], tmp_path / "other")

    assert learned_groups(doc).keys() == {f"{node}/drive"}
    assert (tmp_path / "other" / FOLDER / NAME).is_file()


def test_blocks_with_equal_weights_share_one_file(block: Block, tmp_path: Path) -> None:
    twin = block.with_definition(replace(block.definition, description="Another"))
    twin = save_block(replace(twin, id="block_twin"), tmp_path / "library" / "Twin.conexblock")

    doc, _ = insert_block(inserted(load_block(block.path)), load_block(twin.path))
    carry(doc.definitions.values(), [], tmp_path / "project")

    assert len(learned_groups(doc)) == 2
    assert [path.name for path in (tmp_path / "project" / FOLDER).iterdir()] == [NAME]


def test_weights_of_one_group_can_be_dropped_and_then_those_of_the_file(block: Block) -> None:
    doc, second = insert_block(inserted(block), block)
    for node_id in ("n_pair", second):
        doc, _ = edits.unpack(doc, node_id)
    first, other = doc.network.learned.files

    one = without(doc, MAIN, first, "drive")
    none = without(one, MAIN, other)

    assert learned_groups(one).keys() == {f"{second}/drive"}
    assert none.network.learned is None
