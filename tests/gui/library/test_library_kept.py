"""Blocks of the library saved, renamed, duplicated, thrown away, imported."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
import send2trash
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from conex_app.library import files
from conex_app.library.save_dialog import SaveWish
from conex_core.errors import FileError
from conex_core.graph import edits
from conex_core.graph.files.block_file import load_block, save_block
from conex_core.graph.library.library import Library, user_folder
from conex_core.graph.model.document import Definition, Document
from tests.gui.library.conftest import (
    LEFT,
    entries_in,
    entries_of_project,
    entry_in,
    insert_pair,
    save_dialog,
    titles_in,
)


def test_f2_renames_the_block_in_its_file(window, qtbot):
    tree = window.workspace.library_panel.list
    tree.setFocus()
    tree.setCurrentItem(tree.line("Pair"))

    qtbot.keyClick(tree, Qt.Key.Key_F2)
    field = tree.findChild(QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, "Balanced pair")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Balanced pair" in titles_in(window))

    assert load_block(user_folder() / "pair.conexblock").name == "Balanced pair"
    assert "Pair" not in titles_in(window)


def test_delete_asks_and_moves_the_file_to_the_trash(window, qtbot, confirmed, monkeypatch):
    moved = []
    monkeypatch.setattr(send2trash, "send2trash", moved.append)
    tree = window.workspace.library_panel.list
    tree.setCurrentItem(tree.line("Pair"))

    qtbot.keyClick(tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: bool(moved))

    assert "Pair" in confirmed[0]
    assert moved == [str(user_folder() / "pair.conexblock")]


def test_a_trash_that_takes_nothing_is_told(window, qtbot, confirmed, monkeypatch):
    def refuse(_path: str) -> None:
        raise OSError("no trash here")

    monkeypatch.setattr(send2trash, "send2trash", refuse)
    tree = window.workspace.library_panel.list

    tree.trashed.emit(entry_in(window, "Pair"))
    qtbot.waitUntil(window.message.isVisible)

    assert "still there" in window.message.text.text()


def test_a_duplicate_is_a_block_of_its_own(window, qtbot):
    window.workspace.library.duplicate(entry_in(window, "Pair"))

    qtbot.waitUntil(lambda: "Pair 2" in titles_in(window))

    assert entry_in(window, "Pair 2").file.block.id != "block_pair"


def test_saving_asks_for_words_and_keeps_the_block(window, qtbot, two_groups):
    window.document.new(edits.group(two_groups, ["exc", "inh"], node_id="two"))
    window.workspace.canvas.select(["two"])

    window.workspace.blocks.save()
    dialog = save_dialog(window)
    dialog.name.setText("Two groups")
    dialog.tags.setText("start, small, start")
    qtbot.mouseClick(dialog.save, LEFT)
    qtbot.waitUntil(lambda: titles_in(window).count("Two groups") == 2)

    block = entry_in(window, "Two groups").file.block
    definition = window.document.whole.definition(window.document.state.network.nodes["two"].of)
    assert block.tags == ("start", "small")
    assert definition.block == block.stamp
    assert definition.name == "Two groups"
    assert window.document.state.network.nodes["two"].name == "Two groups"


def test_saving_over_a_block_says_so_and_makes_the_next_version(window, qtbot):
    insert_pair(window)
    (node,) = window.document.state.network.nodes.values()
    window.workspace.library.ask_to_save(node.of)
    dialog = save_dialog(window)
    dialog.description.setPlainText("Changed.")
    button, note = dialog.save.text(), dialog.note.text()

    qtbot.mouseClick(dialog.save, LEFT)
    qtbot.waitUntil(lambda: entry_in(window, "Pair").version == 2)

    assert button == "Update"
    assert "version 1" in note
    assert len(list(user_folder().iterdir())) == 1


def test_a_block_without_a_name_cannot_be_saved(window):
    insert_pair(window)
    (node,) = window.document.state.network.nodes.values()
    window.workspace.library.ask_to_save(node.of)
    dialog = save_dialog(window)

    dialog.name.setText("  ")

    assert not dialog.save.isEnabled()
    assert "name" in dialog.note.text()
    dialog.reject()


def test_a_folder_that_takes_no_files_is_told(window, qtbot):
    shipped = next(entry for entry in entries_in(window) if entry.shelf == "shipped")
    shutil.rmtree(user_folder())
    user_folder().write_text("a file in the place of the folder")

    window.workspace.library.duplicate(shipped)
    qtbot.waitUntil(window.message.isVisible)

    assert str(user_folder()) in window.message.text.text()


def test_several_nodes_are_grouped_before_they_are_saved(window, two_groups, confirmed):
    window.document.new(two_groups)
    window.workspace.canvas.select(["exc", "inh"])

    window.workspace.library.save_selection()
    dialog = save_dialog(window)

    assert "2 nodes" in confirmed[0]
    assert [node.kind for node in window.document.state.network.nodes.values()] == ["Instance"]
    dialog.reject()


def test_an_unused_block_of_the_project_can_be_removed(window, qtbot):
    doc = Document().with_definition(Definition("d_old", "Old"))
    window.document.new(doc)
    qtbot.waitUntil(lambda: len(entries_of_project(window)) == 1)

    window.workspace.library.trash(entries_of_project(window)[0])

    assert "d_old" not in window.document.whole.definitions


def test_delete_and_f2_reach_the_list_and_not_the_canvas(window, qtbot, confirmed, monkeypatch):
    monkeypatch.setattr(send2trash, "send2trash", lambda _path: None)
    insert_pair(window)
    tree = window.workspace.library_panel.list
    tree.setFocus()
    tree.setCurrentItem(tree.line("Pair"))

    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_Delete)

    assert confirmed
    assert len(window.document.state.network.nodes) == 1


def test_importing_an_older_state_of_a_changed_block_is_refused_in_words(
    window, qtbot, pair, tmp_path
):
    changed = pair.with_definition(replace(pair.definition, description="Something else."))
    save_block(changed, tmp_path / "other.conexblock")

    window.workspace.library.take_files([tmp_path / "other.conexblock"])
    qtbot.waitUntil(window.message.isVisible)

    assert "Duplicate yours" in window.message.text.text()
    assert load_block(user_folder() / "pair.conexblock").description == "Excites and inhibits."


def test_importing_a_newer_version_replaces_the_older_one(window, qtbot, pair, tmp_path):
    newer = replace(pair.with_definition(replace(pair.definition, description="More.")), version=4)
    save_block(newer, tmp_path / "other.conexblock")

    window.workspace.library.take_files([tmp_path / "other.conexblock"])
    qtbot.waitUntil(lambda: entry_in(window, "Pair").version == 4)

    assert len(list(user_folder().iterdir())) == 1


def test_a_shipped_block_cannot_be_renamed_or_thrown_away(window):
    panel = window.workspace.library_panel
    shipped = next(e for e in entries_in(window) if e.shelf == "shipped" and not e.problem)

    words = [action.text() for action in panel.menu_for(shipped).actions()]

    assert "Copy to my blocks" in words
    assert not [each for each in words if each.startswith(("Rename", "Move"))]


def test_a_block_that_others_changed_since_is_replaced_only_knowingly(window, qtbot, pair):
    insert_pair(window)
    (node,) = window.document.state.network.nodes.values()
    theirs = pair.with_definition(replace(pair.definition, description="Theirs."))
    save_block(theirs, user_folder() / "pair.conexblock")
    qtbot.waitUntil(lambda: entry_in(window, "Pair").version == 2)

    window.workspace.library.ask_to_save(node.of)
    dialog = save_dialog(window)

    assert dialog.save.text() == "Replace"
    assert "changed since it was taken into this project" in dialog.note.text()
    dialog.reject()


def test_a_block_changed_while_it_is_saved_is_not_replaced(window, pair):
    shelves = list(window.workspace.library._shelves)
    insert_pair(window)
    (node,) = window.document.state.network.nodes.values()
    theirs = pair.with_definition(replace(pair.definition, description="Theirs."))
    save_block(theirs, user_folder() / "pair.conexblock")
    wish = SaveWish("Pair", "Mine.", (), user_folder())

    with pytest.raises(FileError, match="was changed on disk just now"):
        files.keep(Library(), window.document.whole, node.of, wish, shelves)

    assert load_block(user_folder() / "pair.conexblock").description == "Theirs."
