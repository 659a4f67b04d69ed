"""Blocks dragged out of the library and into it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint

from conex_core.graph import edits
from conex_core.graph.files.block_file import save_block
from conex_core.graph.library.library import user_folder
from tests.gui.conftest import Hand, drop
from tests.gui.library.conftest import (
    dropped_files,
    entries_of_project,
    entry_in,
    insert_pair,
    named,
    save_dialog,
    titles_in,
)


def test_a_card_dragged_onto_the_canvas_becomes_an_instance_there(window, qtbot):
    canvas, tree = window.workspace.canvas, window.workspace.library_panel.list
    data = tree.mimeData([tree.line("Pair")])

    taken = Hand(qtbot, canvas).drop_data(data, QPoint(300, 200))

    (node,) = window.document.state.network.nodes.values()
    assert taken
    assert canvas.view.mapFromScene(*node.position).x() < 300


def test_two_drags_of_one_block_share_its_definition(window):
    insert_pair(window)
    insert_pair(window)

    nodes = window.document.state.network.nodes.values()
    assert len({node.of for node in nodes}) == 1
    assert len(nodes) == 2


def test_a_block_file_dropped_on_the_canvas_is_inserted(window, qtbot, pair, tmp_path):
    save_block(pair, tmp_path / "other.conexblock")

    Hand(qtbot, window.workspace.canvas).drop_data(
        dropped_files(tmp_path / "other.conexblock"), QPoint(300, 200)
    )

    assert len(window.document.state.network.nodes) == 1


def test_a_damaged_file_dropped_on_the_canvas_is_refused_in_words(window, qtbot, tmp_path):
    (tmp_path / "bad.conexblock").write_text("{")
    canvas = window.workspace.canvas

    with qtbot.waitSignal(canvas.refused) as refused:
        Hand(qtbot, canvas).drop_data(dropped_files(tmp_path / "bad.conexblock"), QPoint(300, 200))

    assert "bad.conexblock" in refused.args[0]
    assert not window.document.state.network.nodes


def test_a_block_is_not_put_inside_itself(window, qtbot):
    insert_pair(window)
    (node,) = window.document.state.network.nodes
    window.document.enter(node)
    qtbot.waitUntil(lambda: len(entries_of_project(window)) == 1)

    window.workspace.library_panel.insert_wanted.emit(entries_of_project(window)[0])

    assert window.message.isVisible()
    assert "inside itself" in window.message.text.text()


def test_files_dropped_on_the_panel_are_copied_into_the_users_folder(window, qtbot, pair, tmp_path):
    save_block(replace(named(pair, "Gift"), id="block_gift"), tmp_path / "gift.conexblock")
    panel = window.workspace.library_panel

    drop(panel.list.viewport(), dropped_files(tmp_path / "gift.conexblock"), QPoint(60, 60))
    qtbot.waitUntil(lambda: "Gift" in titles_in(window))

    assert entry_in(window, "Gift").path.parent == user_folder()


def test_a_file_that_is_no_block_is_not_taken_in(window, qtbot, tmp_path):
    (tmp_path / "bad.conexblock").write_text("{}")

    window.workspace.library.take_files([tmp_path / "bad.conexblock"])
    qtbot.waitUntil(window.message.isVisible)

    assert "bad.conexblock" in window.message.text.text()
    assert not (user_folder() / "bad.conexblock").exists()


def test_nodes_dragged_onto_the_panel_stay_and_are_offered_to_save(window, qtbot, two_groups):
    window.document.new(edits.group(two_groups, ["exc", "inh"], node_id="two"))
    qtbot.waitUntil(lambda: window.workspace.bench.is_settled)
    before, canvas = window.document.whole, window.workspace.canvas
    hand, panel = Hand(qtbot, canvas), window.workspace.library_panel
    end = canvas.view.viewport().mapFromGlobal(panel.mapToGlobal(panel.rect().center()))

    hand.hold(hand.node("two"), end)
    lit = panel.landing.isVisible()
    hand.let_go(end)
    dialog = save_dialog(window)

    assert lit
    assert not panel.landing.isVisible()
    assert window.document.whole == before
    dialog.reject()
