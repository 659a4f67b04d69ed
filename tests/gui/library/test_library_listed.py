"""The library panel: what it lists, and what its watched folders do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from conex_app.canvas.gestures import drag_data as drops
from conex_app.shell.main_window import MainWindow
from conex_core.graph.files.block_file import save_block
from conex_core.graph.library.library import user_folder
from tests.gui.library.conftest import (
    LEFT,
    entries_of_project,
    entry_in,
    insert_pair,
    named,
    shelf_in,
    titles_in,
)


def test_every_place_has_a_shelf_and_an_empty_one_says_how_to_fill_it(window):
    tree = window.workspace.library_panel.list
    heads = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]

    assert [head.text(0) for head in heads] == ["My blocks", "This project", "Shipped"]
    assert "Ctrl+G" in heads[1].child(0).text(0)


def test_typing_finds_blocks_by_tag_and_by_description(window, qtbot):
    panel = window.workspace.library_panel

    qtbot.keyClicks(panel.search, "balance inhibits")

    assert panel.visible_titles() == ["Pair"]


def test_a_search_without_result_says_so_and_escape_clears_it(window, qtbot):
    panel = window.workspace.library_panel

    qtbot.keyClicks(panel.search, "zzz")
    words = panel.empty.text()
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)

    assert "zzz" in words
    assert "Pair" in panel.visible_titles()


def test_a_double_click_inserts_the_block_in_the_middle(window, qtbot):
    tree = window.workspace.library_panel.list
    place = tree.visualItemRect(tree.line("Pair")).center()

    qtbot.mouseClick(tree.viewport(), LEFT, pos=place)
    qtbot.mouseDClick(tree.viewport(), LEFT, pos=place)

    (node,) = window.document.state.network.nodes.values()
    assert node.kind == "Instance"
    assert window.document.state.definition(node.of).block.id == "block_pair"
    assert window.workspace.canvas.selection == (node.id,)


def test_enter_in_the_search_inserts_the_first_block_found(window, qtbot):
    panel = window.workspace.library_panel

    qtbot.keyClicks(panel.search, "pair")
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)

    assert [node.name for node in window.document.state.network.nodes.values()] == ["Pair"]


def test_one_undo_takes_an_inserted_block_back_with_all_it_brought(window):
    before = window.document.whole

    insert_pair(window)
    window.document.stack.undo()

    assert window.document.whole == before


def test_a_block_of_the_project_is_listed_with_its_copies_and_inserts_another(window, qtbot):
    insert_pair(window)
    panel = window.workspace.library_panel
    qtbot.waitUntil(lambda: len(entries_of_project(window)) == 1)

    panel.insert_wanted.emit(entries_of_project(window)[0])
    qtbot.waitUntil(lambda: entries_of_project(window)[0].copies == 2)

    assert len(window.document.state.network.nodes) == 2


def test_a_file_that_comes_into_a_watched_folder_appears(window, qtbot, pair):
    save_block(named(pair, "Newcomer"), user_folder() / "newcomer.conexblock")

    qtbot.waitUntil(lambda: "Newcomer" in titles_in(window))


def test_a_file_that_changes_or_goes_is_followed(window, qtbot, pair):
    save_block(named(pair, "Another name"), user_folder() / "pair.conexblock", overwrite=True)
    qtbot.waitUntil(lambda: "Another name" in titles_in(window))

    (user_folder() / "pair.conexblock").unlink()

    qtbot.waitUntil(lambda: "Another name" not in titles_in(window))


def test_a_broken_file_is_listed_with_the_reason_and_the_others_stay(window, qtbot):
    (user_folder() / "broken.conexblock").write_text("not a block")
    qtbot.waitUntil(lambda: "broken" in titles_in(window))

    window.workspace.library_panel.insert_wanted.emit(entry_in(window, "broken"))

    assert "Pair" in titles_in(window)
    assert "broken.conexblock" in window.message.text.text()


def test_an_added_folder_is_a_shelf_and_is_remembered(window, qtbot, settings, pair, tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    save_block(named(pair, "Shared one"), folder / "one.conexblock")

    window.workspace.library.add_folder(folder)
    qtbot.waitUntil(lambda: "Shared one" in titles_in(window))

    assert settings.block_folders == [folder]


def test_a_folder_that_vanishes_is_told_and_found_again(window, qtbot, pair, tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    save_block(named(pair, "Shared one"), folder / "one.conexblock")
    window.workspace.library.add_folder(folder)
    qtbot.waitUntil(lambda: "Shared one" in titles_in(window))

    folder.rename(tmp_path / "away")
    qtbot.waitUntil(lambda: "is not there" in shelf_in(window, "shared").problem)
    (tmp_path / "away").rename(folder)

    qtbot.waitUntil(lambda: "Shared one" in titles_in(window))


def test_a_folder_taken_off_the_list_keeps_its_files(window, qtbot, settings, pair, tmp_path):
    save_block(named(pair, "Shared one"), tmp_path / "one.conexblock")
    window.workspace.library.add_folder(tmp_path)
    qtbot.waitUntil(lambda: "Shared one" in titles_in(window))

    window.workspace.library.forget_folder(tmp_path)
    qtbot.waitUntil(lambda: "Shared one" not in titles_in(window))

    assert (tmp_path / "one.conexblock").exists()
    assert settings.block_folders == []


def test_a_library_that_nobody_looks_at_reads_nothing(qtbot, settings, catalog):
    made = MainWindow(settings)
    qtbot.addWidget(made)
    made.show()
    made.furnish(catalog)
    made.workspace.files.new()
    QApplication.processEvents()

    assert made.workspace.library_panel.shelves == ()
    assert not made.workspace.library.watcher.is_reading


def test_a_card_explains_itself_on_hover(window, monkeypatch):
    said = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _widget: said.append(text))
    tree = window.workspace.library_panel.list
    place = tree.visualItemRect(tree.line("Pair")).center()

    QApplication.sendEvent(
        tree.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, tree.mapToGlobal(place))
    )

    assert "Excites and inhibits." in said[0]
    assert "balance" in said[0]


def test_a_drag_carries_the_file_and_the_ports(window):
    tree = window.workspace.library_panel.list

    block = drops.block_of(tree.mimeData([tree.line("Pair")]))

    assert block.title == "Pair"
    assert block.path == user_folder() / "pair.conexblock"
