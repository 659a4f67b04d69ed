"""The dialog that offers what was left."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from conex_app.recovery.dialog import RecoveryDialog
from conex_app.recovery.folder import left_work
from conex_core.graph import edits
from conex_core.graph.files.project_file import to_text


@pytest.fixture
def dialog(bench, journals, crashed, qtbot):
    """Return a window that offers what was left, and its dialog."""
    other = bench()
    other.window.show()
    other.recovery.offer()
    qtbot.waitUntil(lambda: other.recovery.dialog is not None, timeout=3000)
    return other, other.recovery.dialog


def test_enter_brings_back_what_is_named(dialog, crashed, qtbot):
    other, box = dialog
    words = box.rows.item(0).text()

    qtbot.keyClick(box.focusWidget(), Qt.Key.Key_Return)

    assert words.startswith("Untitled\nnever saved  ·  4 edits, the last one today")
    assert to_text(other.document.whole) == to_text(crashed.document.whole)
    assert other.files.is_open


def test_enter_in_the_list_brings_back_once(dialog, qtbot):
    other, box = dialog
    wanted = []
    box.bring_back_wanted.connect(wanted.append)

    qtbot.keyClick(box.rows, Qt.Key.Key_Return)

    assert len(wanted) == 1
    assert other.files.is_open
    assert not other.said


def test_escape_keeps_it_for_the_next_start(dialog, journals, qtbot):
    other, box = dialog

    qtbot.keyClick(box.focusWidget(), Qt.Key.Key_Escape)

    assert not other.files.is_open
    assert len(left_work([journals]).found) == 1


def test_the_keyboard_reaches_every_part_of_the_dialog(dialog, qtbot):
    _, box = dialog
    reached = set()
    for _step in range(6):
        reached.add(box.focusWidget())
        qtbot.keyClick(box.focusWidget(), Qt.Key.Key_Tab)

    assert reached >= {box.rows, box.bring_back, box.keep, box.delete}


def test_the_dialog_says_what_would_come_back(dialog):
    _, box = dialog

    assert box.told() == [
        "Comes back: 2 nodes",
        "File: never saved",
        "Last edits: Undo Add C\nAdd C\nAdd B",
    ]


def test_delete_asks_and_moves_it_to_the_trash(dialog, journals, monkeypatch, qtbot):
    other, box = dialog
    thrown = []
    monkeypatch.setattr("conex_app.recovery.folder.to_trash", lambda path: thrown.append(path))
    monkeypatch.setattr(box, "_may_delete", lambda _name: True)

    qtbot.mouseClick(box.delete, Qt.MouseButton.LeftButton)

    assert thrown == list(journals.glob("*.journal"))
    assert other.recovery.dialog is None


def test_what_another_window_brought_back_is_not_thrown_away(dialog, bench, journals, monkeypatch):
    other, box = dialog
    monkeypatch.setattr(box, "_may_delete", lambda _name: True)
    third = bench()
    assert third.recovery.bring_back(box.chosen)
    third.recovery.flush()

    box.delete.click()

    assert "another window has it" in other.said[0]
    third.crash()
    assert len(left_work([journals]).found) == 1


def test_names_are_shown_as_plain_text(bench, journals, qtbot):
    one = bench()
    one.files.new()
    one.document.edit(
        "<b>Bold</b>", edits.set_document(one.document.state, name="<img src=x>" * 50)
    )
    one.crash()

    box = RecoveryDialog(left_work([journals]))
    qtbot.addWidget(box)

    assert box.told()[-1] == "Last edits: <b>Bold</b>"
    assert box.width() <= 640
    assert all(isinstance(button, QPushButton) for button in (box.keep, box.delete))


def test_what_cannot_be_read_is_listed_with_its_reason_and_cannot_come_back(
    bench, journals, crashed, qtbot
):
    (journals / "x.journal").write_bytes(b"{}\n")

    box = RecoveryDialog(left_work([journals]))
    qtbot.addWidget(box)
    box.rows.setCurrentRow(1)

    assert not box.bring_back.isEnabled()
    assert box.told()[0].startswith("Reason: It is not a journal")


def test_work_that_cannot_be_read_is_told_without_a_dialog_in_the_way(bench, journals, qtbot):
    journals.mkdir(parents=True)
    (journals / "x.journal").write_bytes(b"{}\n")
    one = bench()

    one.recovery.offer()

    qtbot.waitUntil(lambda: bool(one.said), timeout=2000)
    assert "cannot be read" in one.said[0]
    assert one.recovery.dialog is None


def test_nothing_to_recover_is_said_when_asked(bench, qtbot):
    one = bench()

    with qtbot.waitSignal(one.recovery.told) as told:
        one.recovery.recover()

    assert told.args == ["There is no unsaved work to recover."]


def test_the_arrows_choose_what_enter_brings_back(bench, journals, crashed, qtbot):
    second, third = bench(), bench()
    second.files.new()
    second.add("Z")
    second.crash()
    third.window.show()
    third.recovery.recover()
    qtbot.waitUntil(lambda: third.recovery.dialog is not None, timeout=3000)
    box = third.recovery.dialog

    qtbot.keyClick(box.focusWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(box.focusWidget(), Qt.Key.Key_Return)

    assert to_text(third.document.whole) == to_text(crashed.document.whole)
