"""Saving asks before anything is lost: names are completed first, files compared by content."""

from __future__ import annotations

import ast
import errno
import hashlib
import io
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from conex_app.project import overwriting
from conex_app.project.disk import looked_at
from conex_app.project.disk_watch import DiskWatch
from conex_app.project.document import ProjectDocument, read_project
from conex_app.project.file_dialogs import FileKind, completed
from conex_app.project.files import ProjectFiles
from conex_app.project.leftovers import clean, folders_of
from conex_app.project.settings import AppSettings
from conex_core import catalog, examples
from conex_core.atomic_files import scratch
from conex_core.errors import FileError, StructureError
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.graph.files.weight_files import FOLDER, located
from conex_core.graph.model.document import Document, Learned
from tests.gui.boxes import click, words_of

ROOT = Path(__file__).resolve().parents[3]
FIGURES = (FileKind("Drawing", ".svg"), FileKind("Picture", ".png"))


@pytest.fixture
def files(qtbot) -> ProjectFiles:
    window = QWidget()
    qtbot.addWidget(window)
    made = ProjectFiles(ProjectDocument(), AppSettings(), catalog.load(), window)
    made.open_example("smallest")
    return made


@pytest.fixture
def saved(files, tmp_path: Path) -> Path:
    """Return the file of the open project."""
    path = tmp_path / "net.conex"
    assert files._write(path)
    wait_for_versions()
    return path


@pytest.fixture
def typed(monkeypatch):
    """Return the names typed into the next dialogs to save in; the last one is given up."""
    names: list[str] = []

    def dialog(*_args: object) -> tuple[str, str]:
        return (names.pop(0), "") if names else ("", "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", dialog)
    return names


class Answers:
    """Press a button of the next questions, and remember what they said."""

    def __init__(self) -> None:
        self.asked: list[QMessageBox] = []
        self.texts: list[str] = []

    def press(self, *verbs: str) -> None:
        waiting = list(verbs)

        def act() -> None:
            box = QApplication.activeModalWidget()
            if not isinstance(box, QMessageBox):
                return
            self.texts.append(words_of(box))
            verb = waiting.pop(0)
            if waiting:
                QTimer.singleShot(0, act)
            click(box, verb)

        QTimer.singleShot(0, act)


@pytest.fixture
def answers() -> Answers:
    return Answers()


def document_of(files: ProjectFiles) -> ProjectDocument:
    return files._document


def edit(files: ProjectFiles, name: str = "Edited") -> None:
    document = document_of(files)
    document.edit_whole("Rename", replace(document.whole, name=name))


def wait_for_versions() -> None:
    for thread in threading.enumerate():
        if thread.name == "conex-versions":
            thread.join(5)


# Names


def test_no_other_module_opens_a_dialog_to_save_in():
    users = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "conex_app").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in ("getSaveFileName", "getSaveFileUrl", "AcceptSave")
    ]

    assert users == ["conex_app/project/file_dialogs.py"]


@pytest.mark.parametrize(
    ("name", "complete"),
    [
        ("precious", "precious.svg"),
        ("net v1.5", "net v1.5.svg"),
        ("plot.png", "plot.png"),
        ("plot.PNG", "plot.PNG"),
        ("plot.", "plot.svg"),
        (".svg", ".svg.svg"),
    ],
)
def test_a_name_is_completed_unless_it_ends_like_one_of_the_kinds(name, complete):
    assert completed(Path("/x") / name, FIGURES) == Path("/x") / complete


def test_the_chosen_kind_completes_the_name():
    assert completed(Path("plot"), FIGURES, FIGURES[1].pattern) == Path("plot.png")


def test_a_completed_name_does_not_replace_a_file_unasked(files, typed, answers, tmp_path):
    precious = tmp_path / "precious.conex"
    precious.write_text("mine")
    typed.append(str(tmp_path / "precious"))
    answers.press("Cancel")

    assert not files.save_as()

    assert precious.read_text() == "mine"
    assert "Replace precious.conex?" in answers.texts[0]
    assert " and was changed at " in answers.texts[0]


def test_another_name_can_be_chosen_instead(files, typed, answers, tmp_path):
    (tmp_path / "precious.conex").write_text("mine")
    typed += [str(tmp_path / "precious"), str(tmp_path / "net v1.5")]
    answers.press("Choose another name")

    assert files.save_as()

    assert (tmp_path / "precious.conex").read_text() == "mine"
    assert project_file.load(tmp_path / "net v1.5.conex") == document_of(files).whole


def test_a_file_is_replaced_when_that_was_wanted(files, typed, answers, tmp_path):
    (tmp_path / "old.py").write_text("mine")
    typed.append(str(tmp_path / "old"))
    answers.press("Replace")

    assert files.export_script()

    assert "NeuronGroup(" in (tmp_path / "old.py").read_text()


def test_saving_as_the_own_file_asks_nothing(files, saved, typed, answers):
    edit(files)
    typed.append(str(saved))
    answers.press("Cancel")

    assert files.save_as()
    assert answers.texts == []


@pytest.mark.parametrize("name", ["a/b", "..", "", "x" * 500, "a\nb", "CON"])
def test_an_odd_project_name_gives_a_proposal_in_the_folder(files, monkeypatch, name, tmp_path):
    files._settings.folder = tmp_path
    edit(files, name)
    proposed: list[Path] = []
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *args: (proposed.append(Path(args[2])), ("", ""))[1]
    )

    files.save_as()

    assert proposed[0].parent == tmp_path
    proposed[0].write_text("can be made")


def test_a_script_that_does_not_fit_leaves_the_old_one(
    files, typed, answers, tmp_path, monkeypatch, qtbot
):
    old = tmp_path / "old.py"
    old.write_text("mine")
    typed.append(str(old))
    answers.press("Replace")
    fill_the_disk(monkeypatch)

    with qtbot.waitSignal(files.failed) as told:
        files.export_script()

    assert old.read_text() == "mine"
    assert "The old file is unchanged; make room" in told.args[0]


def fill_the_disk(monkeypatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)


# A file that was changed by others


def change(path: Path, like: Path | None = None) -> None:
    """Write another project into a file, with the times of before."""
    before = path.stat()
    project_file.save(replace(examples.load("balanced"), name="Theirs"), path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_file_changed_on_disk_is_not_overwritten_unasked(files, saved, answers):
    change(saved)
    edit(files)
    answers.press("Cancel")

    assert not files.save()

    assert project_file.load(saved).name == "Theirs"
    assert "net.conex was changed on disk at" in answers.texts[0]
    assert not document_of(files).is_clean


def test_a_changed_file_is_overwritten_when_that_was_wanted(files, saved, answers):
    change(saved)
    edit(files, "Mine")
    answers.press("Overwrite")

    assert files.save()
    assert project_file.load(saved).name == "Mine"


def test_a_changed_file_and_the_own_state_can_both_be_kept(files, saved, answers, typed, tmp_path):
    change(saved)
    edit(files, "Mine")
    typed.append(str(tmp_path / "both"))
    answers.press("Save as…")

    assert files.save()

    assert project_file.load(saved).name == "Theirs"
    assert project_file.load(tmp_path / "both.conex").name == "Mine"


def test_save_as_does_not_replace_the_own_file_unasked_once_it_is_another(
    files, saved, answers, typed
):
    change(saved)
    edit(files, "Mine")
    typed.append(str(saved))
    answers.press("Save as…", "Cancel")

    assert not files.save()

    assert project_file.load(saved).name == "Theirs"
    assert "Replace net.conex?" in answers.texts[1]


@pytest.mark.parametrize("command", ["save", "reload"])
def test_what_is_being_typed_is_taken_over_before_a_button_of_a_message_acts(
    files, saved, answers, command
):
    edit(files, "Before")
    files.save()
    change(saved)
    files.may_act = lambda: edit(files, "Typed") or True
    answers.press("Overwrite")

    done = getattr(files, command)()

    assert done == (command == "save")
    assert document_of(files).whole.name == "Typed"
    assert project_file.load(saved).name == ("Typed" if done else "Theirs")


def test_a_refused_text_holds_a_save_back(files, saved):
    edit(files, "Mine")
    before = saved.read_bytes()
    files.may_act = lambda: False

    assert not files.save()
    assert saved.read_bytes() == before


def test_a_file_that_was_only_touched_is_saved_without_a_question(files, saved, answers):
    os.utime(saved, (0, 0))
    edit(files)
    answers.press("Cancel")

    assert files.save()
    assert answers.texts == []


def test_a_save_reads_the_old_file_once_on_the_windows_thread(files, saved, monkeypatch):
    read: list[str] = []
    opens = io.open

    def noted(path: object, *args: object, **options: object):
        if threading.current_thread() is threading.main_thread():
            read.append(str(path))
        return opens(path, *args, **options)

    edit(files)
    monkeypatch.setattr(io, "open", noted)

    assert files.save()
    assert read.count(str(saved)) == 1


def test_what_is_written_while_the_question_is_open_is_kept_as_a_version(
    files, saved, answers, monkeypatch
):
    late = replace(examples.load("balanced"), name="Even later")
    change(saved)
    edit(files, "Mine")
    asks = overwriting.ask

    def answered_late(*words: object) -> object:
        project_file.save(late, saved)
        return asks(*words)

    monkeypatch.setattr(overwriting, "ask", answered_late)
    answers.press("Overwrite")

    assert files.save()
    wait_for_versions()
    kept = [project_file.load(version.path).name for version in files.versions.of()]
    assert "Even later" in kept


def test_a_file_that_is_gone_is_written_again(files, saved, answers):
    saved.unlink()
    edit(files)
    answers.press("Cancel")

    assert files.save()
    assert answers.texts == []
    assert saved.is_file()


@pytest.fixture
def watch(files):
    made = DiskWatch(document_of(files), files)
    made.heard = []
    made.told.connect(lambda words, act: made.heard.append((words, act)))
    return made


def test_a_change_is_told_once_and_reloading_can_be_undone(files, saved, watch):
    before = document_of(files).whole
    change(saved)

    watch.look()
    watch.look()

    ((words, act),) = watch.heard
    assert "net.conex was changed on disk at" in words
    assert act[0] == "Reload"
    act[1]()
    assert document_of(files).whole.name == "Theirs"
    assert document_of(files).is_clean
    document_of(files).undo()
    assert document_of(files).whole == before
    assert not document_of(files).is_clean


def test_a_change_beside_unsaved_edits_is_told_without_a_button(files, saved, watch):
    edit(files)
    change(saved)

    watch.look()

    ((words, act),) = watch.heard
    assert "Your unsaved changes are still here" in words
    assert act is None


def test_a_deleted_file_is_told(files, saved, watch, qtbot):
    saved.unlink()

    watch.look()

    ((words, act),) = watch.heard
    assert "cannot be found or read any more" in words
    assert act is None
    with qtbot.waitSignal(watch.settled) as settled:
        files.save()
    assert settled.args == [words]


def test_nothing_is_told_of_an_own_save(files, saved, watch):
    edit(files)
    files.save()

    watch.look()

    assert watch.heard == []


def test_a_reload_of_a_file_that_is_broken_by_now_keeps_the_project(files, saved, watch):
    before = document_of(files).whole
    change(saved)
    watch.look()
    saved.write_text("{", encoding="utf-8")

    watch.heard[0][1][1]()

    assert document_of(files).whole is before


def test_the_content_decides_and_not_the_time(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"one")
    first = looked_at(path)
    path.write_bytes(b"two")
    os.utime(path, ns=(first.mark[0], first.mark[0]))

    assert looked_at(path).sha256 != first.sha256


# Opening half-way


def test_a_file_that_opens_half_way_leaves_the_old_project(files, saved, tmp_path, monkeypatch):
    before = document_of(files).whole
    other = tmp_path / "other.conex"
    project_file.save(examples.load("balanced"), other)

    def broken(_document: Document) -> None:
        raise StructureError("Exc", "cannot be shown")

    monkeypatch.setattr("conex_app.project.document.flatten", broken)
    told: list[str] = []
    files.failed.connect(told.append)

    assert not files.open(other)
    assert not files.open_example("balanced")

    assert "cannot be shown" in told[0]
    assert document_of(files).whole is before
    assert document_of(files).path == saved


def test_a_file_that_cannot_be_opened_asks_about_no_changes(files, saved, answers, tmp_path):
    edit(files)
    answers.press("Discard")

    assert not files.open(tmp_path / "gone.conex")
    assert answers.texts == []


def test_saving_when_asked_and_opening_the_same_file_shows_what_was_saved(files, saved, answers):
    edit(files, "Mine")
    answers.press("Save")

    assert files.open(saved)
    assert document_of(files).whole.name == "Mine"


# Words


def test_the_question_about_changes_names_the_file_and_what_is_lost(files, saved, answers):
    edit(files, "One")
    document_of(files).edit("Second", edits.set_settings(document_of(files).state, seed=77))
    answers.press("Cancel")

    assert not files.new()

    since = f"{document_of(files).unsaved_since:%M}"
    assert "Save the changes to net?" in answers.texts[0]
    assert "Without saving, 2 edits since" in answers.texts[0]
    assert f":{since}" in answers.texts[0]


# Earlier versions


def test_a_save_keeps_an_earlier_version_that_opens_unsaved(files, saved, answers):
    edit(files, "Second")
    files.save()
    wait_for_versions()
    second, first = files.versions.of()
    on_disk = saved.read_bytes()

    assert files.open_version(first, saved)

    assert document_of(files).whole.name == examples.load("smallest").name
    assert document_of(files).path == saved
    assert not document_of(files).is_clean
    assert saved.read_bytes() == on_disk == second.path.read_bytes()


def test_an_earlier_version_does_not_overwrite_the_file_unasked(files, saved, answers):
    edit(files, "Second")
    files.save()
    wait_for_versions()
    files.open_version(files.versions.of()[1], saved)
    answers.press("Cancel")

    assert not files.save()

    assert project_file.load(saved).name == "Second"
    assert "Overwrite net.conex with its earlier version?" in answers.texts[0]
    answers.press("Overwrite")
    assert files.save()
    answers.press("Cancel")
    edit(files, "Third")
    assert files.save()


def test_what_a_file_was_before_its_first_save_here_is_a_version(files, tmp_path):
    path = tmp_path / "older.conex"
    project_file.save(examples.load("balanced"), path)
    files.open(path)
    edit(files)

    files.save()
    wait_for_versions()

    first = files.versions.of()[-1]
    assert project_file.load(first.path) == examples.load("balanced")
    assert len(files.versions.of()) == 2


def test_a_version_finds_the_weights_that_lie_beside_the_project(files, tmp_path):
    doc = edits.group(
        examples.load("smallest"),
        list(examples.load("smallest").network.nodes),
        name="Cells",
        definition_id="cells",
    )
    sha256 = hashlib.sha256(b"weights").hexdigest()
    learned = Learned("w.safetensors", sha256, ())
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / learned.file).write_bytes(b"weights")
    path = tmp_path / "net.conex"
    project_file.save(edits.set_definition(doc, "cells", learned=learned), path)
    files.open(path)
    edit(files, "Second")
    files.save()
    wait_for_versions()

    files.open_version(files.versions.of()[-1], path)

    found = document_of(files).whole.definition("cells").learned
    assert located(found, path.parent, "Cells") == tmp_path / FOLDER / learned.file
    (tmp_path / FOLDER / learned.file).unlink()
    assert located(found, path.parent, "Cells").read_bytes() == b"weights"


def test_unsaved_changes_are_asked_about_before_an_earlier_version(files, saved, answers):
    edit(files, "Second")
    answers.press("Cancel")

    assert not files.open_version(files.versions.of()[0], saved)
    assert document_of(files).whole.name == "Second"


def test_a_project_that_is_damaged_offers_its_last_version(files, saved, qtbot):
    saved.write_text("{", encoding="utf-8")
    files.close()

    with qtbot.waitSignal(files.warned) as told:
        assert not files.open(saved)

    words, (label, act) = told.args
    assert "net.conex" in words
    assert label.startswith("Open the version of")
    act()
    assert document_of(files).whole == examples.load("smallest")
    assert document_of(files).path == saved


def test_a_version_that_cannot_be_kept_fails_no_save(files, saved, qtbot, monkeypatch):
    def refuse(*_args: object) -> None:
        raise FileError("backups", "takes no copy")

    monkeypatch.setattr(files.versions.backups, "keep", refuse)
    edit(files, "Second")

    with qtbot.waitSignal(files.failed) as told:
        assert files.save()

    assert "is saved, but not among its earlier versions" in told.args[0]
    assert project_file.load(saved).name == "Second"


# What killed saves leave


def test_folders_that_are_written_to_are_cleaned_at_the_start(files, saved, monkeypatch):
    with scratch(saved.parent, "net.conex") as left:
        monkeypatch.setattr("conex_core.atomic_files._process", lambda: "0" * 8)

        clean(folders_of(files._settings))

        assert not left.exists()
    assert saved.is_file()


def test_a_read_project_is_sound_before_it_is_shown(saved):
    read = read_project(saved)

    assert read.flat.document.network.nodes
    assert read.on_disk == looked_at(saved)
