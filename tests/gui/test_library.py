"""The library panel: what it lists, what can be dragged out of it and into it, what it keeps."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import send2trash
from PySide6.QtCore import QEvent, QMimeData, QPoint, QSettings, Qt, QUrl
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QToolTip

from conex_app.canvas import drops
from conex_app.main_window import MainWindow
from conex_app.panels.library_save import SaveDialog
from conex_app.settings import AppSettings
from conex_core.graph import edits
from conex_core.graph.library import Block, block_of, load_block, save_block, user_folder
from conex_core.graph.state import Definition, Document
from tests.gui.conftest import Hand, drop

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def settings(tmp_path: Path) -> AppSettings:
    return AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def pair(wired: Document) -> Block:
    """Return two groups and the synapses between them as a block."""
    doc = edits.group(wired, ["exc", "inh", "syn"], node_id="pair")
    key = doc.network.nodes["pair"].of
    doc = edits.set_definition(
        doc, key, name="Pair", tags=("balance",), description="Excites and inhibits."
    )
    return block_of(doc, key, block_id="block_pair")


@pytest.fixture
def window(qtbot, settings, catalog, pair) -> MainWindow:
    """Return a window with an empty project, the library in front and one block of the user's."""
    user_folder().mkdir(parents=True)
    save_block(pair, user_folder() / "pair.conexblock")
    made = MainWindow(settings)
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.resize(1440, 900)
    made.show()
    made.furnish(catalog)
    made.parts.files.new()
    made.parts.bench.canvas.ensure_loaded()
    made.parts.bench.docks["library"].bring_up()
    qtbot.waitUntil(lambda: "Pair" in _titles(made))
    return made


@pytest.fixture
def confirmed(monkeypatch) -> list[str]:
    """Answer every question with its first button; return the questions."""
    asked: list[str] = []

    def answer(box: QMessageBox) -> int:
        asked.append(box.text())
        box.buttons()[0].click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    monkeypatch.setattr(QMessageBox, "clickedButton", lambda box: box.buttons()[0])
    return asked


def test_every_place_has_a_shelf_and_an_empty_one_says_how_to_fill_it(window):
    tree = window.parts.bench.library.list
    heads = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]

    assert [head.text(0) for head in heads] == ["My blocks", "This project", "Shipped"]
    assert "Ctrl+G" in heads[1].child(0).text(0)


def test_typing_finds_blocks_by_tag_and_by_description(window, qtbot):
    panel = window.parts.bench.library

    qtbot.keyClicks(panel.search, "balance inhibits")

    assert panel.visible_titles() == ["Pair"]


def test_a_search_without_result_says_so_and_escape_clears_it(window, qtbot):
    panel = window.parts.bench.library

    qtbot.keyClicks(panel.search, "zzz")
    words = panel.empty.text()
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)

    assert "zzz" in words
    assert "Pair" in panel.visible_titles()


def test_a_double_click_inserts_the_block_in_the_middle(window, qtbot):
    tree = window.parts.bench.library.list
    place = tree.visualItemRect(tree.line("Pair")).center()

    qtbot.mouseClick(tree.viewport(), LEFT, pos=place)
    qtbot.mouseDClick(tree.viewport(), LEFT, pos=place)

    (node,) = window.document.state.network.nodes.values()
    assert node.kind == "Instance"
    assert window.document.state.definition(node.of).block.id == "block_pair"
    assert window.parts.bench.canvas.selection == (node.id,)


def test_enter_in_the_search_inserts_the_first_block_found(window, qtbot):
    panel = window.parts.bench.library

    qtbot.keyClicks(panel.search, "pair")
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)

    assert [node.name for node in window.document.state.network.nodes.values()] == ["Pair"]


def test_one_undo_takes_an_inserted_block_back_with_all_it_brought(window):
    before = window.document.whole

    _insert(window)
    window.document.stack.undo()

    assert window.document.whole == before


def test_a_card_dragged_onto_the_canvas_becomes_an_instance_there(window, qtbot):
    canvas, tree = window.parts.bench.canvas, window.parts.bench.library.list
    data = tree.mimeData([tree.line("Pair")])

    taken = Hand(qtbot, canvas).drop_data(data, QPoint(300, 200))

    (node,) = window.document.state.network.nodes.values()
    assert taken
    assert canvas.view.mapFromScene(*node.position).x() < 300


def test_two_drags_of_one_block_share_its_definition(window):
    _insert(window)
    _insert(window)

    nodes = window.document.state.network.nodes.values()
    assert len({node.of for node in nodes}) == 1
    assert len(nodes) == 2


def test_a_block_file_dropped_on_the_canvas_is_inserted(window, qtbot, pair, tmp_path):
    save_block(pair, tmp_path / "other.conexblock")

    Hand(qtbot, window.parts.bench.canvas).drop_data(
        _files(tmp_path / "other.conexblock"), QPoint(300, 200)
    )

    assert len(window.document.state.network.nodes) == 1


def test_a_damaged_file_dropped_on_the_canvas_is_refused_in_words(window, qtbot, tmp_path):
    (tmp_path / "bad.conexblock").write_text("{")
    canvas = window.parts.bench.canvas

    with qtbot.waitSignal(canvas.refused) as refused:
        Hand(qtbot, canvas).drop_data(_files(tmp_path / "bad.conexblock"), QPoint(300, 200))

    assert "bad.conexblock" in refused.args[0]
    assert not window.document.state.network.nodes


def test_a_block_of_the_project_is_listed_with_its_copies_and_inserts_another(window, qtbot):
    _insert(window)
    panel = window.parts.bench.library
    qtbot.waitUntil(lambda: len(_of_project(window)) == 1)

    panel.insert_wanted.emit(_of_project(window)[0])
    qtbot.waitUntil(lambda: _of_project(window)[0].copies == 2)

    assert len(window.document.state.network.nodes) == 2


def test_a_block_is_not_put_inside_itself(window, qtbot):
    _insert(window)
    (node,) = window.document.state.network.nodes
    window.document.enter(node)
    qtbot.waitUntil(lambda: len(_of_project(window)) == 1)

    window.parts.bench.library.insert_wanted.emit(_of_project(window)[0])

    assert window.message.isVisible()
    assert "inside itself" in window.message.text.text()


def test_f2_renames_the_block_in_its_file(window, qtbot):
    tree = window.parts.bench.library.list
    tree.setFocus()
    tree.setCurrentItem(tree.line("Pair"))

    qtbot.keyClick(tree, Qt.Key.Key_F2)
    field = tree.findChild(QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, "Balanced pair")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Balanced pair" in _titles(window))

    assert load_block(user_folder() / "pair.conexblock").name == "Balanced pair"
    assert "Pair" not in _titles(window)


def test_delete_asks_and_moves_the_file_to_the_trash(window, qtbot, confirmed, monkeypatch):
    moved = []
    monkeypatch.setattr(send2trash, "send2trash", moved.append)
    tree = window.parts.bench.library.list
    tree.setCurrentItem(tree.line("Pair"))

    qtbot.keyClick(tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: bool(moved))

    assert "Pair" in confirmed[0]
    assert moved == [str(user_folder() / "pair.conexblock")]


def test_a_trash_that_takes_nothing_is_told(window, qtbot, confirmed, monkeypatch):
    def refuse(_path: str) -> None:
        raise OSError("no trash here")

    monkeypatch.setattr(send2trash, "send2trash", refuse)
    tree = window.parts.bench.library.list

    tree.trashed.emit(_entry(window, "Pair"))
    qtbot.waitUntil(window.message.isVisible)

    assert "still there" in window.message.text.text()


def test_a_duplicate_is_a_block_of_its_own(window, qtbot):
    window.parts.library.duplicate(_entry(window, "Pair"))

    qtbot.waitUntil(lambda: "Pair 2" in _titles(window))

    assert _entry(window, "Pair 2").file.block.id != "block_pair"


def test_a_file_that_comes_into_a_watched_folder_appears(window, qtbot, pair):
    save_block(_named(pair, "Newcomer"), user_folder() / "newcomer.conexblock")

    qtbot.waitUntil(lambda: "Newcomer" in _titles(window))


def test_a_file_that_changes_or_goes_is_followed(window, qtbot, pair):
    save_block(_named(pair, "Another name"), user_folder() / "pair.conexblock", overwrite=True)
    qtbot.waitUntil(lambda: "Another name" in _titles(window))

    (user_folder() / "pair.conexblock").unlink()

    qtbot.waitUntil(lambda: "Another name" not in _titles(window))


def test_a_broken_file_is_listed_with_the_reason_and_the_others_stay(window, qtbot):
    (user_folder() / "broken.conexblock").write_text("not a block")
    qtbot.waitUntil(lambda: "broken" in _titles(window))

    window.parts.bench.library.insert_wanted.emit(_entry(window, "broken"))

    assert "Pair" in _titles(window)
    assert "broken.conexblock" in window.message.text.text()


def test_an_added_folder_is_a_shelf_and_is_remembered(window, qtbot, settings, pair, tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    save_block(_named(pair, "Shared one"), folder / "one.conexblock")

    window.parts.library.add_folder(folder)
    qtbot.waitUntil(lambda: "Shared one" in _titles(window))

    assert settings.block_folders == [folder]


def test_a_folder_that_vanishes_is_told_and_found_again(window, qtbot, pair, tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    save_block(_named(pair, "Shared one"), folder / "one.conexblock")
    window.parts.library.add_folder(folder)
    qtbot.waitUntil(lambda: "Shared one" in _titles(window))

    folder.rename(tmp_path / "away")
    qtbot.waitUntil(lambda: "is not there" in _shelf(window, "shared").problem)
    (tmp_path / "away").rename(folder)

    qtbot.waitUntil(lambda: "Shared one" in _titles(window))


def test_a_folder_taken_off_the_list_keeps_its_files(window, qtbot, settings, pair, tmp_path):
    save_block(_named(pair, "Shared one"), tmp_path / "one.conexblock")
    window.parts.library.add_folder(tmp_path)
    qtbot.waitUntil(lambda: "Shared one" in _titles(window))

    window.parts.library.forget_folder(tmp_path)
    qtbot.waitUntil(lambda: "Shared one" not in _titles(window))

    assert (tmp_path / "one.conexblock").exists()
    assert settings.block_folders == []


def test_files_dropped_on_the_panel_are_copied_into_the_users_folder(window, qtbot, pair, tmp_path):
    save_block(replace(_named(pair, "Gift"), id="block_gift"), tmp_path / "gift.conexblock")
    panel = window.parts.bench.library

    drop(panel.list.viewport(), _files(tmp_path / "gift.conexblock"), QPoint(60, 60))
    qtbot.waitUntil(lambda: "Gift" in _titles(window))

    assert _entry(window, "Gift").path.parent == user_folder()


def test_a_file_that_is_no_block_is_not_taken_in(window, qtbot, tmp_path):
    (tmp_path / "bad.conexblock").write_text("{}")

    window.parts.library.take_files([tmp_path / "bad.conexblock"])
    qtbot.waitUntil(window.message.isVisible)

    assert "bad.conexblock" in window.message.text.text()
    assert not (user_folder() / "bad.conexblock").exists()


def test_saving_asks_for_words_and_keeps_the_block(window, qtbot, two_groups):
    window.document.new(edits.group(two_groups, ["exc", "inh"], node_id="two"))
    window.parts.bench.canvas.select(["two"])

    window.parts.editing.save_block()
    dialog = _dialog(window)
    dialog.name.setText("Two groups")
    dialog.tags.setText("start, small, start")
    qtbot.mouseClick(dialog.save, LEFT)
    qtbot.waitUntil(lambda: _titles(window).count("Two groups") == 2)

    block = _entry(window, "Two groups").file.block
    definition = window.document.whole.definition(window.document.state.network.nodes["two"].of)
    assert block.tags == ("start", "small")
    assert definition.block == block.stamp
    assert definition.name == "Two groups"
    assert window.document.state.network.nodes["two"].name == "Two groups"


def test_saving_over_a_block_says_so_and_makes_the_next_version(window, qtbot):
    _insert(window)
    (node,) = window.document.state.network.nodes.values()
    window.parts.library.ask_to_save(node.of)
    dialog = _dialog(window)
    dialog.description.setPlainText("Changed.")
    button, note = dialog.save.text(), dialog.note.text()

    qtbot.mouseClick(dialog.save, LEFT)
    qtbot.waitUntil(lambda: _entry(window, "Pair").version == 2)

    assert button == "Update"
    assert "version 1" in note
    assert len(list(user_folder().iterdir())) == 1


def test_a_block_without_a_name_cannot_be_saved(window):
    _insert(window)
    (node,) = window.document.state.network.nodes.values()
    window.parts.library.ask_to_save(node.of)
    dialog = _dialog(window)

    dialog.name.setText("  ")

    assert not dialog.save.isEnabled()
    assert "name" in dialog.note.text()
    dialog.reject()


def test_a_folder_that_takes_no_files_is_told(window, qtbot):
    shipped = next(entry for entry in _entries(window) if entry.shelf == "shipped")
    shutil.rmtree(user_folder())
    user_folder().write_text("a file in the place of the folder")

    window.parts.library.duplicate(shipped)
    qtbot.waitUntil(window.message.isVisible)

    assert str(user_folder()) in window.message.text.text()


def test_several_nodes_are_grouped_before_they_are_saved(window, two_groups, confirmed):
    window.document.new(two_groups)
    window.parts.bench.canvas.select(["exc", "inh"])

    window.parts.library.save_selection()
    dialog = _dialog(window)

    assert "2 nodes" in confirmed[0]
    assert [node.kind for node in window.document.state.network.nodes.values()] == ["Instance"]
    dialog.reject()


def test_nodes_dragged_onto_the_panel_stay_and_are_offered_to_save(window, qtbot, two_groups):
    window.document.new(edits.group(two_groups, ["exc", "inh"], node_id="two"))
    qtbot.waitUntil(lambda: window.parts.bench.is_settled)
    before, canvas = window.document.whole, window.parts.bench.canvas
    hand, panel = Hand(qtbot, canvas), window.parts.bench.library
    end = canvas.view.viewport().mapFromGlobal(panel.mapToGlobal(panel.rect().center()))

    hand.hold(hand.node("two"), end)
    lit = panel.landing.isVisible()
    hand.let_go(end)
    dialog = _dialog(window)

    assert lit
    assert not panel.landing.isVisible()
    assert window.document.whole == before
    dialog.reject()


def test_an_unused_block_of_the_project_can_be_removed(window, qtbot):
    doc = Document().with_definition(Definition("d_old", "Old"))
    window.document.new(doc)
    qtbot.waitUntil(lambda: len(_of_project(window)) == 1)

    window.parts.library.trash(_of_project(window)[0])

    assert "d_old" not in window.document.whole.definitions


def test_a_library_that_nobody_looks_at_reads_nothing(qtbot, settings, catalog):
    made = MainWindow(settings)
    qtbot.addWidget(made)
    made.show()
    made.furnish(catalog)
    made.parts.files.new()
    QApplication.processEvents()

    assert made.parts.bench.library.shelves == ()
    assert not made.parts.library.watcher.is_reading


def test_a_card_explains_itself_on_hover(window, monkeypatch):
    said = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _widget: said.append(text))
    tree = window.parts.bench.library.list
    place = tree.visualItemRect(tree.line("Pair")).center()

    QApplication.sendEvent(
        tree.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, tree.mapToGlobal(place))
    )

    assert "Excites and inhibits." in said[0]
    assert "balance" in said[0]


def test_delete_and_f2_reach_the_list_and_not_the_canvas(window, qtbot, confirmed, monkeypatch):
    monkeypatch.setattr(send2trash, "send2trash", lambda _path: None)
    _insert(window)
    tree = window.parts.bench.library.list
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

    window.parts.library.take_files([tmp_path / "other.conexblock"])
    qtbot.waitUntil(window.message.isVisible)

    assert "Duplicate yours" in window.message.text.text()
    assert load_block(user_folder() / "pair.conexblock").description == "Excites and inhibits."


def test_importing_a_newer_version_replaces_the_older_one(window, qtbot, pair, tmp_path):
    newer = replace(pair.with_definition(replace(pair.definition, description="More.")), version=4)
    save_block(newer, tmp_path / "other.conexblock")

    window.parts.library.take_files([tmp_path / "other.conexblock"])
    qtbot.waitUntil(lambda: _entry(window, "Pair").version == 4)

    assert len(list(user_folder().iterdir())) == 1


def test_a_drag_carries_the_file_and_the_ports(window):
    tree = window.parts.bench.library.list

    block = drops.block_of(tree.mimeData([tree.line("Pair")]))

    assert block.title == "Pair"
    assert block.path == user_folder() / "pair.conexblock"


def test_a_shipped_block_cannot_be_renamed_or_thrown_away(window):
    panel = window.parts.bench.library
    shipped = next(e for e in _entries(window) if e.shelf == "shipped" and not e.problem)

    words = [action.text() for action in panel.menu_for(shipped).actions()]

    assert "Copy to my blocks" in words
    assert not [each for each in words if each.startswith(("Rename", "Move"))]


def _titles(window: MainWindow) -> list[str]:
    return window.parts.bench.library.visible_titles()


def _entries(window: MainWindow) -> list:
    return [entry for shelf in window.parts.bench.library.shelves for entry in shelf.entries]


def _entry(window: MainWindow, title: str):
    return next(entry for entry in _entries(window) if entry.title == title)


def _of_project(window: MainWindow) -> list:
    return [entry for entry in _entries(window) if entry.shelf == "project"]


def _shelf(window: MainWindow, title: str):
    return next(one for one in window.parts.bench.library.shelves if one.title == title)


def _insert(window: MainWindow) -> None:
    window.parts.library.insert(_entry(window, "Pair"))


def _dialog(window: MainWindow) -> SaveDialog:
    return window.findChild(SaveDialog)


def _named(block: Block, name: str) -> Block:
    return block.with_definition(replace(block.definition, name=name))


def _files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data
