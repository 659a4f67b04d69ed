"""The library: what its folders have, what can be done with it, and what goes wrong there."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from conex_core.errors import FileError, UnknownName
from conex_core.graph import edits
from conex_core.graph.files.block_file import Block, block_of, load_block, save_block
from conex_core.graph.library.library import Library, shipped_folder, user_folder
from conex_core.graph.model.document import Document


@pytest.fixture
def block(two_groups: Document) -> Block:
    doc = edits.group(two_groups, ["exc"], name="One", node_id="i", definition_id="d_one")
    return block_of(doc, "d_one", block_id="block_one")


@pytest.fixture
def thrown() -> list[Path]:
    return []


@pytest.fixture
def library(tmp_path: Path, thrown: list[Path]) -> Library:
    """Return a library of one empty folder "user" that is made when it is needed."""
    (tmp_path / "shipped").mkdir()
    return Library(user=tmp_path / "user", shipped=tmp_path / "shipped", trash=thrown.append)


def found(library: Library) -> list[str]:
    library.scan()
    return [entry.name for entry in library.entries]


def described(block: Block, text: str) -> Block:
    return block.with_definition(replace(block.definition, description=text))


def test_blocks_are_saved_to_the_users_folder_which_is_made(
    library: Library, block: Block, tmp_path: Path
) -> None:
    saved = library.save(block)

    assert saved.path == tmp_path / "user" / "One.conexblock"
    assert saved.source == "user"
    assert found(library) == ["One"]
    assert library.block("block_one") == saved


def test_saving_again_replaces_the_same_block_under_any_name(
    library: Library, block: Block
) -> None:
    first = library.save(block)
    renamed = block.with_definition(replace(block.definition, name="Two", description="New"))

    second = library.save(renamed)

    assert second.path == first.path
    assert second.version == 2
    assert found(library) == ["Two"]


def test_blocks_of_one_name_get_files_of_their_own(library: Library, block: Block) -> None:
    library.save(block)

    other = library.save(replace(block, id="block_other"))

    assert other.path is not None
    assert other.path.name == "One 2.conexblock"


@pytest.mark.parametrize("name", ["a/b\\c", "..", "con", "L2/3 › ?*", "é" * 300, "層" * 150])
def test_any_name_makes_a_file_in_the_folder(library: Library, block: Block, name: str) -> None:
    named = block.with_definition(replace(block.definition, name=name[:200]))

    saved = library.save(named)

    assert saved.path is not None
    assert saved.path.parent.name == "user"
    assert found(library) == [name[:200]]


def test_a_broken_file_is_told_and_hides_no_other(
    library: Library, block: Block, tmp_path: Path
) -> None:
    library.save(block)
    (tmp_path / "user" / "bad.conexblock").write_text('{"format": "conex-block"')
    (tmp_path / "user" / "notes.txt").write_text("no block")

    library.scan()

    bad, good = library.entries
    assert (bad.name, bad.block) == ("bad", None)
    assert "cut off" in bad.message
    assert (good.name, good.message) == ("One", "")


def test_two_files_of_one_id_and_other_content_are_both_shown_and_told(
    library: Library, block: Block, tmp_path: Path
) -> None:
    library.save(block)
    other = described(block, "Another")
    (tmp_path / "more").mkdir()
    save_block(replace(other, version=5), tmp_path / "more" / "one.conexblock")
    library.add_folder(tmp_path / "more")

    library.scan()

    assert len(library.entries) == 2
    assert all("same block with another content" in entry.message for entry in library.entries)
    newest = library.block("block_one")
    assert newest is not None
    assert newest.version == 5


def test_two_equal_files_are_no_matter(library: Library, block: Block, tmp_path: Path) -> None:
    library.save(block)
    save_block(block, tmp_path / "shipped" / "one.conexblock")

    library.scan()

    assert [entry.message for entry in library.entries] == ["", ""]


def test_scan_sees_files_that_come_change_and_go(
    library: Library, block: Block, tmp_path: Path
) -> None:
    path = tmp_path / "user" / "One.conexblock"
    assert found(library) == []

    library.save(block)
    assert found(library) == ["One"]
    save_block(described(block, "Changed and longer"), path)
    library.scan()
    assert library.named("One").description == "Changed and longer"
    path.unlink()
    assert found(library) == []


def test_unchanged_files_are_not_read_again(library: Library, block: Block) -> None:
    library.save(block)
    library.scan()
    first = library.block("block_one")

    library.scan()

    assert library.block("block_one") is first


def test_search_looks_at_name_tags_description_and_kind(library: Library, block: Block) -> None:
    changes = {"tags": ("Rhythm",), "description": "Beats.", "kind": "CorticalLayer"}
    library.save(block.with_definition(replace(block.definition, **changes)))
    library.scan()

    for text in ("", "one", "rhythm", "BEATS", "cortical layer", "beats one"):
        assert len(library.search(text)) == 1, text
    assert library.search("one two") == []


def test_an_unknown_name_is_told_with_the_nearest(library: Library, block: Block) -> None:
    library.save(block)
    library.scan()

    with pytest.raises(UnknownName, match="Did you mean 'One'"):
        library.named("Ona")


def test_folders_come_and_go_and_their_files_stay(
    library: Library, block: Block, tmp_path: Path
) -> None:
    (tmp_path / "more").mkdir()
    save_block(block, tmp_path / "more" / "one.conexblock")

    folder = library.add_folder(tmp_path / "more")
    library.add_folder(str(tmp_path / "more"))
    assert library.folders == (folder,)
    assert found(library) == ["One"]
    library.remove_folder(folder)

    assert found(library) == []
    assert (tmp_path / "more" / "one.conexblock").exists()
    with pytest.raises(UnknownName):
        library.remove_folder(folder)


def test_a_folder_that_vanished_is_told(library: Library, block: Block, tmp_path: Path) -> None:
    library.save(block)
    library.add_folder(tmp_path / "stick")

    library.scan()

    shelf = next(one for one in library.shelves if one.folder == tmp_path / "stick")
    assert "is not there. Connect its drive" in shelf.message
    assert not shelf.is_writable
    assert [entry.name for entry in library.entries] == ["One"]
    with pytest.raises(FileError, match="Connect its drive"):
        library.save(block, tmp_path / "stick")


def test_a_users_folder_that_was_never_made_is_no_trouble(library: Library) -> None:
    user = library.scan()[0]

    assert (user.source, user.message, user.is_writable) == ("user", "", True)


def test_a_file_in_the_place_of_a_folder_is_told(
    library: Library, block: Block, tmp_path: Path
) -> None:
    (tmp_path / "user").write_text("no folder")

    library.scan()

    assert "cannot be read" in library.shelves[0].message
    with pytest.raises(FileError, match="cannot be made"):
        library.save(block)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind here"
)
def test_a_folder_that_takes_no_files_is_told(
    library: Library, block: Block, tmp_path: Path
) -> None:
    (tmp_path / "user").mkdir(mode=0o500)

    library.scan()

    assert not library.shelves[0].is_writable
    with pytest.raises(FileError, match="cannot be saved"):
        library.save(block)


def test_renaming_keeps_id_version_and_file(library: Library, block: Block) -> None:
    saved = library.save(block)
    library.scan()

    renamed = library.rename(library.entries[0], "  Other ")

    assert (renamed.name, renamed.id, renamed.version) == ("Other", saved.id, saved.version)
    assert renamed.path == saved.path
    assert found(library) == ["Other"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_block_needs_a_name(library: Library, block: Block, name: str) -> None:
    library.save(block)
    library.scan()

    with pytest.raises(FileError, match="1 to 200 characters"):
        library.rename(library.entries[0], name)


def test_a_duplicate_is_a_block_of_its_own(library: Library, block: Block) -> None:
    library.save(replace(block, version=3))
    library.scan()

    copy = library.duplicate(library.entries[0])

    assert (copy.name, copy.version, copy.hash) == ("One 2", 1, block.hash)
    assert copy.id != block.id
    assert found(library) == ["One", "One 2"]


def test_shipped_blocks_stay_and_are_duplicated_to_the_users_folder(
    library: Library, block: Block, tmp_path: Path, thrown: list[Path]
) -> None:
    save_block(block, tmp_path / "shipped" / "one.conexblock")
    library.scan()
    (entry,) = library.entries

    change: Callable[[], object]
    for change in (
        lambda: library.delete(entry),
        lambda: library.rename(entry, "Mine"),
        lambda: library.save(block, tmp_path / "shipped"),
    ):
        with pytest.raises(FileError, match="ships with the program"):
            change()
    copy = library.duplicate(entry)

    assert copy.path is not None
    assert copy.path.parent == tmp_path / "user"
    assert thrown == []


def test_delete_hands_the_file_to_the_trash(
    library: Library, block: Block, thrown: list[Path]
) -> None:
    saved = library.save(block)
    library.scan()
    (entry,) = library.entries

    library.delete(entry)

    assert thrown == [saved.path]


def test_deleting_what_is_gone_already_is_told(library: Library, block: Block) -> None:
    saved = library.save(block)
    library.scan()
    assert saved.path is not None
    saved.path.unlink()

    with pytest.raises(FileError, match="not there any more"):
        library.delete(library.entries[0])


def test_the_systems_trash_that_fails_is_told_and_keeps_the_file(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send2trash = pytest.importorskip("send2trash")

    def fail(path: str) -> None:
        raise OSError("no trash on this drive")

    monkeypatch.setattr(send2trash, "send2trash", fail)
    library = Library(user=tmp_path, shipped=tmp_path / "none")
    saved = library.save(block)
    library.scan()

    with pytest.raises(FileError, match=r"no trash on this drive.*It is still there"):
        library.delete(library.entries[0])

    assert load_block(str(saved.path)).id == block.id


def test_the_usual_folders_are_those_of_the_program() -> None:
    assert user_folder().name == "blocks"
    assert user_folder().parent.name == "conex-studio"
    assert shipped_folder().is_dir()
