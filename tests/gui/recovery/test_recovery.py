"""A window's journal from the first edit to the next start."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from conex_app.look.typing import Typed
from conex_app.recovery import folder as folders
from conex_app.recovery import journal_file
from conex_app.recovery.dialog import RecoveryDialog
from conex_app.recovery.folder import LeftWork, left_work
from conex_app.recovery.history import JournalEdit
from conex_app.recovery.journal import read
from conex_app.recovery.words import summary_of
from conex_app.recovery.writer import JournalWriter
from conex_core import atomic_files
from conex_core.errors import StructureError
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.graph.files.project_file import to_text
from conex_core.graph.model.document import Document


def files_in(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir()) if folder.is_dir() else []


def texts_of(document) -> list[str]:
    """Return the document after undoing everything, step by step, and where it then is clean."""
    found = [to_text(document.whole)]
    while document.stack.canUndo():
        document.undo()
        found.append(f"{document.is_clean} {to_text(document.whole)}")
    return found


def test_every_edit_of_a_never_saved_project_is_on_the_disk_within_a_second(bench, journals, qtbot):
    one = bench()
    one.files.new()
    one.add("A")
    one.document.undo()
    one.document.redo()
    wanted = to_text(one.document.whole)

    def on_disk():
        (file,) = journals.glob("*.journal")
        assert to_text(read(file).history.now) == wanted

    qtbot.waitUntil(lambda: bool(list(journals.glob("*.journal"))), timeout=1000)
    qtbot.waitUntil(lambda: on_disk() is None, timeout=1000)


def test_what_comes_back_is_the_document_with_its_undo_history(bench, journals, crashed):
    texts = texts_of(crashed.document)
    other = bench()
    (found,) = left_work([journals]).found

    assert other.recovery.bring_back(found)

    assert not other.document.is_clean
    assert other.document.path is None
    assert other.document.stack.undoText() == "Add B"
    assert other.document.stack.redoText() == "Add C"
    assert texts_of(other.document) == texts


def test_views_are_told_once_of_what_comes_back(bench, journals, crashed):
    other = bench()
    seen = []
    other.document.changed.connect(lambda old, new: seen.append((old, new)))
    before = other.document.state
    (found,) = left_work([journals]).found

    other.recovery.bring_back(found)

    assert seen == [(before, other.document.state)]


def test_what_came_back_is_kept_again_with_all_of_its_history(bench, journals, crashed):
    second, third = bench(), bench()
    second.recovery.bring_back(left_work([journals]).found[0])
    second.add("D")
    wanted = [*texts_of(second.document)]
    while second.document.stack.canRedo():
        second.document.redo()
    second.crash()

    (found,) = left_work([journals]).found
    third.recovery.bring_back(found)

    assert found.journal.edits >= 5
    assert texts_of(third.document) == wanted


def test_edits_that_merge_come_back_as_one_step(bench, journals):
    one, other = bench(), bench()
    one.files.new()
    one.add("A")
    node = next(iter(one.document.state.network.nodes))
    for x in (1.0, 2.0, 3.0):
        one.document.edit("Move", edits.move(one.document.state, {node: (x, 0)}), merge_key="m")
    texts = [to_text(one.document.whole)]
    one.crash()

    other.recovery.bring_back(left_work([journals]).found[0])

    assert texts == [to_text(other.document.whole)]
    assert other.document.stack.count() == 2


def test_a_merge_that_comes_to_nothing_leaves_no_step(bench, journals):
    one, other = bench(), bench()
    one.files.new()
    one.add("A")
    node = next(iter(one.document.state.network.nodes))
    for x in (5.0, 0.0):
        one.document.edit("Move", edits.move(one.document.state, {node: (x, 0)}), merge_key="m")
    count = one.document.stack.count()
    one.crash()

    other.recovery.bring_back(left_work([journals]).found[0])

    assert other.document.stack.count() == count
    assert to_text(other.document.whole) == to_text(one.document.whole)


def test_undo_behind_a_save_comes_back_and_can_be_made_again(bench, journals, tmp_path):
    one, other = bench(), bench()
    one.files.new()
    one.add("A", "B")
    one.files._write(tmp_path / "net.conex")
    one.document.undo()
    one.crash()

    other.recovery.bring_back(left_work([journals]).found[0])

    assert to_text(other.document.whole) == to_text(one.document.whole)
    assert not other.document.is_clean
    other.document.redo()
    assert other.document.is_clean
    assert to_text(other.document.whole) == (tmp_path / "net.conex").read_text("utf-8")


def test_a_save_leaves_nothing_to_recover(bench, journals, tmp_path):
    one = bench()
    one.files.new()
    one.add("A")
    one.files._write(tmp_path / "net.conex")
    one.crash()

    assert not left_work([journals])
    assert files_in(journals) == []


def test_what_was_reloaded_from_a_file_of_any_layout_is_not_offered(bench, journals, tmp_path):
    one, path = bench(), tmp_path / "net.conex"
    project_file.save(Document(), path)
    one.files.open(path)
    path.write_text(to_text(Document(name="theirs")) + "\n\n", encoding="utf-8")

    assert one.files.reload()
    one.crash()

    assert one.document.whole.name == "theirs"
    assert not left_work([journals])


def test_an_earlier_version_that_was_open_comes_back_unsaved(bench, journals, tmp_path, qtbot):
    one, other, path = bench(), bench(), tmp_path / "net.conex"
    one.files.new()
    for name in ("A", "B"):
        one.add(name)
        one.files._write(path)
        qtbot.waitUntil(lambda: one.files.versions.of() != [])
    qtbot.waitUntil(lambda: len(one.files.versions.of()) == 2)
    one.files.open_version(one.files.versions.of()[1], path)
    one.add("C")
    one.crash()

    (found,) = left_work([journals]).found
    other.recovery.bring_back(found)
    other.document.undo()

    assert len(other.document.whole.network.nodes) == 1
    assert not other.document.is_clean


def test_what_was_saved_before_the_journal_knew_is_not_offered(bench, journals, tmp_path):
    one = bench()
    project_file.save(Document(), tmp_path / "net.conex")
    one.files.open(tmp_path / "net.conex")
    one.add("A")
    one.crash()

    project_file.save(one.document.whole, tmp_path / "net.conex")

    assert not left_work([journals])


@pytest.mark.parametrize("how", ["new", "close", "open", "stop"])
def test_a_project_left_in_order_leaves_nothing(bench, journals, tmp_path, monkeypatch, how):
    project_file.save(Document(name="other"), tmp_path / "other.conex")
    one = bench()
    monkeypatch.setattr(one.files, "_ask_about_changes", lambda: QMessageBox.StandardButton.Discard)
    one.files.new()
    one.add("A")
    one.recovery.flush()

    {
        "new": one.files.new,
        "close": one.files.close,
        "open": lambda: one.files.open(tmp_path / "other.conex"),
        "stop": one.recovery.stop,
    }[how]()
    one.crash() if how in ("new", "open") else one.recovery.stop()

    assert not left_work([journals])
    assert files_in(journals) == []


def test_a_project_left_on_a_slow_disk_leaves_nothing(tmp_path, monkeypatch):
    journals, writer = tmp_path / "journals", JournalWriter(tmp_path / "journals", print, print)
    writer.start()
    writer.begin(Document(name="0"), None, time.time())
    assert writer.flush()
    sync = os.fsync
    monkeypatch.setattr(journal_file.os, "fsync", lambda file: (time.sleep(0.2), sync(file)))

    for number in range(1, 10):  # as often saved, and left at once
        writer.begin(Document(name=str(number)), None, time.time())
        writer.add(JournalEdit("edit", time.time(), "Edit", Document(name=f"{number}b")))
    writer.stop(keep=False, seconds=1.0)

    assert files_in(journals) == []


def test_a_project_that_cannot_be_opened_leaves_the_journal(bench, journals, tmp_path, monkeypatch):
    one = bench()
    monkeypatch.setattr(one.files, "_ask_about_changes", lambda: QMessageBox.StandardButton.Discard)
    one.files.new()
    one.add("A")
    one.files.open(tmp_path / "missing.conex")
    one.add("B")
    one.crash()

    (found,) = left_work([journals]).found

    assert len(found.journal.history.now.network.nodes) == 2


def test_each_window_keeps_its_own_and_those_that_live_are_not_offered(bench, journals):
    one, two = bench(), bench()
    for each, name in ((one, "A"), (two, "B")):
        each.files.new()
        each.add(name)
        each.recovery.flush()
    assert not left_work([journals])

    one.crash()

    (found,) = left_work([journals]).found
    assert found.journal.labels == ["Add A"]


@pytest.mark.parametrize("fate", ["same", "changed", "gone"])
def test_what_became_of_the_file_is_told_and_nothing_is_written_over(
    bench, journals, tmp_path, fate
):
    path = tmp_path / "net.conex"
    project_file.save(Document(), path)
    one, other = bench(), bench()
    one.files.open(path)
    one.add("A")
    one.crash()
    if fate == "changed":
        project_file.save(Document(name="another"), path)
    elif fate == "gone":
        path.unlink()
    content = path.read_bytes() if path.exists() else b""

    (found,) = left_work([journals]).found
    other.recovery.bring_back(found)
    other.document.undo()

    assert found.original == fate
    assert other.document.path == path
    assert other.document.is_clean == (fate == "same")
    assert (path.read_bytes() if path.exists() else b"") == content


def test_work_is_brought_back_in_one_window_only(bench, journals, crashed):
    one, two = bench(), bench()
    (found,) = left_work([journals]).found

    assert one.recovery.bring_back(found)
    one.recovery.flush()

    assert not two.recovery.bring_back(found)
    assert "in another window" in two.said[0]


def test_work_that_cannot_be_shown_leaves_the_open_project_and_stays(
    bench, journals, crashed, monkeypatch
):
    other = bench()
    other.files.new()
    other.add("Mine")
    other.document.stack.setClean()
    open_before = other.document.whole
    (found,) = left_work([journals]).found

    def broken(_document: Document) -> None:
        raise StructureError("block", "holds itself")

    with monkeypatch.context() as patched:
        patched.setattr("conex_app.project.document.flatten", broken)
        assert not other.recovery.bring_back(found)

    assert "cannot be shown" in other.said[0]
    assert other.document.whole is open_before
    assert not other.document.signalsBlocked()
    assert not other.document.stack.signalsBlocked()
    assert bench().recovery.bring_back(found)


def test_a_text_being_typed_comes_back_to_whoever_types_it_again(bench, journals, qtbot):
    one, other = bench(), bench()
    typed = Typed("tau of Exc › LIF", "12.5", ("exc", "tau"))
    one.files.new()
    one.typed.append(typed)
    qtbot.waitUntil(lambda: one.recovery._last == typed, timeout=2000)
    one.crash()
    (found,) = left_work([journals]).found

    with qtbot.waitSignal(other.recovery.retype_wanted) as told:
        other.recovery.bring_back(found)

    assert told.args == [typed]
    assert ("Being typed: tau of Exc › LIF: 12.5") in RecoveryDialog(LeftWork((found,))).told()
    assert "a text being typed today" in summary_of(found)


def test_the_end_without_a_question_keeps_what_is_not_saved(bench, journals):
    one = bench()
    one.files.new()
    one.add("A")

    assert one.recovery.keep()

    assert len(left_work([journals]).found) == 1


def test_the_end_without_a_question_leaves_nothing_of_a_saved_project(bench, journals):
    one = bench()
    one.files.new()

    one.recovery.keep()

    assert files_in(journals) == []


# Places that cannot be written


def test_a_folder_that_cannot_be_written_is_told_at_once_and_another_one_helps(
    bench, journals, tmp_path, qtbot
):
    journals.parent.mkdir(parents=True)
    journals.write_text("in the way", encoding="utf-8")
    one = bench()
    one.files.new()
    qtbot.waitUntil(lambda: len(one.said) == 1, timeout=1000)
    one.add("A", "B")

    one.recovery.use_folder(tmp_path / "elsewhere")
    one.recovery.flush()
    one.add("C")
    one.crash()

    assert f"{journals} cannot be written (a file is in its place)" in one.said[0]
    assert len(one.said) == 1
    (found,) = left_work([tmp_path / "elsewhere"]).found
    assert found.journal.labels == ["Add A", "Add B", "Add C"]
    assert bench().recovery.folders == (tmp_path / "elsewhere", journals)


def test_a_second_folder_that_cannot_be_written_is_told_as_well(bench, journals, tmp_path, qtbot):
    for place in (journals, tmp_path / "other"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("in the way", encoding="utf-8")
    one = bench()
    one.files.new()
    qtbot.waitUntil(lambda: len(one.said) == 1, timeout=1000)

    one.recovery.use_folder(tmp_path / "other")

    qtbot.waitUntil(lambda: len(one.said) == 2, timeout=1000)
    assert str(tmp_path / "other") in one.said[1]


def test_a_new_folder_that_cannot_be_written_leaves_what_the_old_one_holds(
    bench, journals, tmp_path, qtbot
):
    (tmp_path / "other").write_text("in the way", encoding="utf-8")
    one = bench()
    one.files.new()
    one.add("A")
    one.recovery.flush()

    one.recovery.use_folder(tmp_path / "other")
    qtbot.waitUntil(lambda: len(one.said) == 1, timeout=1000)
    one.crash()

    (found,) = left_work([journals]).found
    assert found.journal.labels == ["Add A"]


def test_a_new_folder_takes_everything_along(bench, journals, tmp_path):
    one = bench()
    one.files.new()
    one.add("A")
    one.recovery.flush()

    one.recovery.use_folder(tmp_path / "other")
    one.crash()

    assert files_in(journals) == []
    assert len(left_work([tmp_path / "other"]).found) == 1


def test_with_several_one_after_the_other_comes_back(bench, journals, crashed, qtbot):
    second, third = bench(), bench()
    second.files.new()
    second.add("Z")
    second.crash()
    third.window.show()
    third.recovery.recover()
    qtbot.waitUntil(lambda: third.recovery.dialog is not None, timeout=3000)
    assert third.recovery.dialog.rows.count() == 2

    with qtbot.waitSignal(third.recovery.told) as told:
        qtbot.keyClick(third.recovery.dialog.focusWidget(), Qt.Key.Key_Return)
    third.document.stack.setClean()
    third.recovery.flush()
    third.recovery.recover()
    qtbot.waitUntil(lambda: third.recovery.dialog is not None, timeout=3000)
    rows = third.recovery.dialog.rows

    assert told.args == ["1 more can come back: File › Recover unsaved work…"]
    assert rows.count() == 1
    assert "4 edits" in rows.item(0).text()


def test_a_disk_that_was_full_gets_every_edit_once_there_is_room(
    bench, journals, monkeypatch, qtbot
):
    monkeypatch.setattr("conex_app.recovery.writer.AGAIN_S", 0.05)
    one = bench()
    one.files.new()
    one.recovery.flush()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(journal_file.os, "fsync", full)
        one.add("A", "B")
        qtbot.waitUntil(lambda: len(one.said) == 1, timeout=2000)

    with qtbot.waitSignal(one.recovery.told, timeout=3000):
        pass
    one.crash()

    assert "no space left on device" in one.said[0]
    (found,) = left_work([journals]).found
    assert found.journal.labels == ["Add A", "Add B"]


def test_a_folder_that_somebody_deletes_is_made_again_with_all_edits(bench, journals):
    one = bench()
    one.files.new()
    one.add("A")
    one.recovery.flush()

    shutil.rmtree(journals)
    one.add("B")
    one.recovery.flush()

    assert not left_work([journals])
    one.crash()
    (found,) = left_work([journals]).found
    assert found.journal.labels == ["Add A", "Add B"]


def test_an_unexpected_error_is_told_and_ends_no_journal(bench, journals, monkeypatch, qtbot):
    one = bench()
    one.files.new()
    one.recovery.flush()

    def broken(*_args: object) -> str:
        raise RuntimeError("never seen before")

    with monkeypatch.context() as patched:
        patched.setattr(journal_file, "edit_line", broken)
        one.add("A")
        qtbot.waitUntil(lambda: len(one.said) == 1, timeout=2000)
    one.add("B")
    one.crash()

    assert "an unexpected error, which the log holds" in one.said[0]
    (found,) = left_work([journals]).found
    assert found.journal.labels == ["Add A", "Add B"]


def test_a_journal_that_grows_too_large_is_written_anew(bench, journals, monkeypatch):
    monkeypatch.setattr(journal_file, "LARGE", 6_000)
    one = bench()
    one.files.new()
    for number in range(60):
        one.add(f"N{number}")
        one.recovery.flush()
    (file,) = journals.glob("*.journal")
    one.crash()

    (found,) = left_work([journals]).found

    assert file.stat().st_size < 40_000
    assert to_text(found.journal.history.now) == to_text(one.document.whole)
    assert found.journal.edits == 60
    assert 0 < len(found.journal.history.steps) < 60


def test_a_journal_that_cannot_be_read_is_named_and_stays(bench, journals):
    journals.mkdir(parents=True)
    (journals / "x.journal").write_bytes(b"\x00" * 100)

    left = left_work([journals])

    assert [refused.file.name for refused in left.refused] == ["x.journal"]
    assert left.refused[0].reason.startswith("It is not a journal of CoNeX Studio")
    assert (journals / "x.journal").is_file()


def test_what_a_kill_left_half_written_is_swept_away(journals):
    journals.mkdir(parents=True)
    part = f".a.journal.{atomic_files._machine()}-{os.getpid()}-00000000-x.conex-part"
    (journals / part).write_bytes(b"half")
    (journals / "a.lock").touch()
    (journals / "b.lock").touch()

    folders.sweep([journals])

    assert files_in(journals) == []
