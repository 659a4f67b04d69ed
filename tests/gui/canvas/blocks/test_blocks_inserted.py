"""Blocks pasted, inserted and dropped, and the menu of the canvas."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QApplication

from conex_app.canvas import BlockDrag, mime_for_block
from conex_app.canvas.gestures.menu import menu_for
from conex_core.graph import edits
from tests.gui.canvas.blocks.conftest import (
    _CONTROL,
    _LEFT,
    _NONE,
    press,
)

# Paste, insert, drop


def test_copies_of_a_block_may_be_pasted_into_another_block(canvas_of, deep, qtbot):
    canvas = canvas_of(deep)
    canvas.document.go(("col",))
    canvas.select(("blk",))
    press(qtbot, canvas, Qt.Key.Key_C, _CONTROL)

    press(qtbot, canvas, Qt.Key.Key_V, _CONTROL)

    (copied,) = canvas.selection
    assert canvas.document.whole.definition("d_col").node(copied).of == "d_layer"
    assert "d_layer" in canvas.document.whole.definitions


def test_a_block_is_not_pasted_into_itself(canvas_of, deep, qtbot):
    canvas = canvas_of(deep)
    canvas.select(("col",))
    press(qtbot, canvas, Qt.Key.Key_C, _CONTROL)
    canvas.document.go(("col", "blk"))

    with qtbot.waitSignal(canvas.refused) as refused:
        press(qtbot, canvas, Qt.Key.Key_V, _CONTROL)

    assert "Column" in refused.args[0]
    assert "Layer" in refused.args[0]
    assert canvas.document.whole is deep


def test_a_block_is_not_inserted_into_itself(canvas_of, deep):
    canvas = canvas_of(deep)
    canvas.document.go(("col", "blk"))

    reason = canvas.blocks.insert("d_col")

    assert "Layer" in reason
    assert canvas.document.whole is deep


def test_a_block_to_begin_with_is_dropped_inside_another_and_opened(canvas_of, hand, blocked):
    canvas = canvas_of(blocked)
    canvas.blocks.enter("blk")
    user = hand(canvas)

    assert user.drop("node", "Container", user.at(200, 400))
    (made,) = canvas.selection
    canvas.blocks.enter()

    assert canvas.document.level == ("blk", made)
    assert canvas.document.stack.count() == 1


def test_a_dropped_block_goes_to_who_keeps_blocks(canvas_of, hand, blocked):
    canvas, taken = canvas_of(blocked), []
    canvas.take_blocks(lambda block, at: taken.append((block.definition, at)))
    user = hand(canvas)

    assert user.drop_data(mime_for_block(BlockDrag("Layer", definition="d_layer")), user.at(8, 200))

    assert taken == [("d_layer", (8.0, 200.0))]


def test_a_block_file_from_the_desktop_goes_there_too(canvas_of, hand, blocked, tmp_path, qtbot):
    canvas, taken = canvas_of(blocked), []
    file = tmp_path / "layer.conexblock"
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])

    def take(block: BlockDrag, _at: tuple[float, float]) -> str:
        taken.append(block.path)
        return "It is damaged."

    canvas.take_blocks(take)
    with qtbot.waitSignal(canvas.refused) as refused:
        hand(canvas).drop_data(data, QPoint(80, 80))

    assert taken == [Path(file)]
    assert refused.args == ["It is damaged."]


def test_a_ghost_shows_where_a_block_would_go_until_it_leaves(canvas_of, blocked):
    canvas = canvas_of(blocked)
    canvas.take_blocks(lambda _block, _at: None)
    surface, data = canvas.view.viewport(), mime_for_block(BlockDrag("Motif", definition="d"))
    copy = Qt.DropAction.CopyAction

    QApplication.sendEvent(surface, QDragEnterEvent(QPoint(300, 200), copy, data, _LEFT, _NONE))
    ghosts = [item.face.title for item in canvas.view.scene().items() if hasattr(item, "follow")]
    QApplication.sendEvent(surface, QDragLeaveEvent())

    assert ghosts == ["Motif"]
    assert not [item for item in canvas.view.scene().items() if hasattr(item, "follow")]


# Menu


def test_the_menu_offers_only_what_fits(canvas_of, blocked):
    canvas = canvas_of(blocked)
    canvas.select(("blk",))
    outside = [action.text().split("\t")[0] for action in menu_for(canvas, (0, 0)).actions()]

    canvas.blocks.enter("blk")
    inside = [action.text().split("\t")[0] for action in menu_for(canvas, (0, 0)).actions()]

    assert {"Open block", "Group", "Unpack", "Make unique"} <= set(outside)
    assert not {"Leave block", "Add input port", "Save to library…"} & set(outside)
    assert {"Leave block", "Add input port", "Add output port"} <= set(inside)
    assert not {"Open block", "Unpack", "Group"} & set(inside)


def test_saving_asks_for_the_block_behind_the_selected_copy(canvas_of, blocked, qtbot):
    canvas = canvas_of(blocked)
    canvas.select(("blk",))

    with qtbot.waitSignal(canvas.save_block_wanted) as wanted:
        canvas.blocks.save()

    assert wanted.args == ["d_layer"]


def test_an_edit_inside_shows_on_every_copy(canvas_of, blocked):
    canvas = canvas_of(edits.add_instance(blocked, "d_layer", node_id="two", at=(0, 400)))

    new = edits.within(
        canvas.document.state, "d_layer", lambda doc: edits.add_node(doc, "NeuronGroup")
    )
    canvas.document.edit("Add", new)

    texts = [canvas.display.card(key).face.lines[0].text for key in ("blk", "two")]
    assert texts == ["2 groups, 200 neurons"] * 2
