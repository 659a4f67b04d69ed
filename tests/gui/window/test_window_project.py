"""The project in the window: start page, files, questions about changes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from conex_app.shell.main_window import MainWindow
from conex_core import examples
from conex_core.graph.files import project_file
from conex_core.graph.model.document import Document
from tests.gui.window.conftest import (
    _BUTTON,
    press,
)

# The start page


def test_the_start_page_is_shown_while_no_project_is_open(window):
    assert window.welcome.isVisible()
    assert not window.run_bar.isVisible()
    assert not window.actions_of["file.save"].isEnabled()


def test_each_shipped_example_has_a_button(window):
    assert list(window.welcome.example_buttons) == examples.names()


def test_an_example_opened_from_the_start_page_takes_its_place(window, qtbot):
    qtbot.mouseClick(window.welcome.example_buttons["smallest"], Qt.MouseButton.LeftButton)

    assert not window.welcome.isVisible()
    assert window.run_bar.isVisible()
    assert window.document.state.name == examples.load("smallest").name


def test_a_wish_before_the_window_is_furnished_is_kept(qtbot, settings, catalog):
    window = MainWindow(settings)
    qtbot.addWidget(window)
    window.open_example("smallest")

    window.furnish(catalog)

    assert window.files.is_open
    window.close()


def test_closing_the_project_shows_the_start_page_again(smallest):
    press(smallest, "file.close")

    assert smallest.welcome.isVisible()
    assert not smallest.files.is_open


# Files


def test_a_saved_project_opens_again_the_same(smallest, tmp_path, monkeypatch):
    target = tmp_path / "mine.conex"
    monkeypatch.setattr(smallest.files, "ask_save", lambda *_args: target)

    press(smallest, "file.save")
    smallest.open_example("balanced")
    smallest.open(target)

    assert smallest.document.state == project_file.load(target)
    assert smallest.document.path == target
    assert smallest.settings.recent == [target]


def test_a_broken_file_leaves_the_open_project_as_it_is(smallest, tmp_path):
    broken = tmp_path / "broken.conex"
    broken.write_text('{"format": ', encoding="utf-8")
    before = smallest.document.state

    smallest.open(broken)

    assert smallest.document.state is before
    assert smallest.message.isVisible()
    assert "broken.conex" in smallest.message.text.text()


def test_unsaved_changes_are_asked_about_and_cancel_keeps_everything(smallest, answer):
    press(smallest, "insert.NeuronGroup")
    before = smallest.document.state

    smallest.open_example("balanced")

    assert len(answer) == 1
    assert smallest.document.state is before


def test_discarding_changes_opens_the_other_project(smallest, answer):
    press(smallest, "insert.NeuronGroup")
    answer.reply = _BUTTON.Discard

    smallest.open_example("balanced")

    assert smallest.document.state.name == examples.load("balanced").name


def test_saving_when_asked_writes_the_file_first(smallest, answer, tmp_path, monkeypatch):
    target = tmp_path / "kept.conex"
    monkeypatch.setattr(smallest.files, "ask_save", lambda *_args: target)
    press(smallest, "insert.NeuronGroup")
    answer.reply = _BUTTON.Save
    nodes = len(smallest.document.state.network.nodes)

    smallest.open_example("balanced")

    assert len(project_file.load(target).network.nodes) == nodes


def test_closing_with_unsaved_changes_can_be_cancelled(smallest, answer):
    press(smallest, "insert.NeuronGroup")

    smallest.close()

    assert smallest.isVisible()
    assert len(answer) == 1


def test_a_clean_project_closes_without_a_question(smallest, answer):
    smallest.close()

    assert not answer


def test_a_project_file_dropped_on_the_window_opens(window, tmp_path):
    target = tmp_path / "dropped.conex"
    project_file.save(examples.load("balanced"), target)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(target))])
    action = Qt.DropAction.CopyAction
    event = QDropEvent(
        QPointF(5, 5), action, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )

    window.dropEvent(event)

    assert window.document.path == target


def test_undo_to_empty_and_redo_saves_the_same_bytes(window, tmp_path):
    press(window, "file.new")
    window.workspace.canvas.ensure_loaded()
    press(window, "insert.NeuronGroup")
    press(window, "insert.InputLayer")
    press(window, "insert.raster")
    first, second = tmp_path / "first.conex", tmp_path / "second.conex"
    window.document.save(first)

    while window.actions_of["edit.undo"].isEnabled():
        press(window, "edit.undo")
    assert window.document.state == Document()
    while window.actions_of["edit.redo"].isEnabled():
        press(window, "edit.redo")
    window.document.save(second)

    assert first.read_bytes() == second.read_bytes()


# What is on disk


@pytest.fixture
def saved(smallest, tmp_path, monkeypatch):
    """Return the file of the open project."""
    target = tmp_path / "mine.conex"
    monkeypatch.setattr(smallest.files, "ask_save", lambda *_args: target)
    press(smallest, "file.save")
    return target


def come_back(window, monkeypatch):
    """Let the window become active, as it does after another program."""
    monkeypatch.setattr(window, "isActiveWindow", lambda: True)
    QApplication.sendEvent(window, QEvent(QEvent.Type.ActivationChange))


def test_coming_back_to_a_changed_file_offers_to_reload_it(smallest, saved, qtbot, monkeypatch):
    project_file.save(examples.load("balanced"), saved)

    come_back(smallest, monkeypatch)

    assert "mine.conex was changed on disk" in smallest.message.text.text()
    qtbot.mouseClick(smallest.message.action, Qt.MouseButton.LeftButton)
    assert smallest.document.state.name == examples.load("balanced").name
    assert not smallest.message.isVisible()
    press(smallest, "edit.undo")
    assert smallest.document.state.name == examples.load("smallest").name


def test_the_menu_lists_earlier_versions_and_opens_one(smallest, saved, qtbot):
    menu = smallest.actions_of.submenus["Open an earlier version"]
    press(smallest, "insert.NeuronGroup")
    press(smallest, "file.save")
    qtbot.waitUntil(lambda: len(smallest.files.versions.of()) == 2)

    menu.aboutToShow.emit()
    first = menu.actions()[1]
    assert first.text().startswith("Today ")
    assert f"{len(smallest.document.state.network.nodes)} nodes" in menu.actions()[0].text()
    first.trigger()

    assert smallest.document.state == examples.load("smallest")
    assert smallest.status.saved.text().startswith("earlier version: Today")
    assert "as it was saved" in smallest.message.text.text()


@pytest.mark.parametrize("named", [False, True])
def test_a_project_without_earlier_versions_says_why(smallest, tmp_path, named):
    if named:
        smallest.document.save(tmp_path / "mine.conex")

    menu = smallest.actions_of.submenus["Open an earlier version"]
    menu.aboutToShow.emit()

    (told,) = menu.actions()
    assert not told.isEnabled()
    assert ("each save keeps one" if named else "Save the project first") in told.text()


def test_the_status_tells_opened_from_saved(smallest, saved):
    assert smallest.status.saved.text().startswith("saved ")

    smallest.open(saved)

    assert smallest.status.saved.text().startswith("opened ")
    press(smallest, "insert.NeuronGroup")
    assert smallest.status.saved.text() == "unsaved changes"
    press(smallest, "edit.undo")
    assert smallest.status.saved.text().startswith("opened ")


def test_title_question_and_file_have_one_name(smallest, saved):
    assert smallest.windowTitle().startswith("mine[*]")
    assert smallest.document.title == "mine"


def test_a_save_that_works_takes_away_why_the_last_one_did_not(smallest, tmp_path, monkeypatch):
    places = iter([tmp_path / "a file" / "x.conex", tmp_path / "x.conex"])
    (tmp_path / "a file").write_text("no folder")
    monkeypatch.setattr(smallest.files, "ask_save", lambda *_: next(places))

    press(smallest, "file.save_as")
    told = smallest.message.isVisible()
    press(smallest, "file.save_as")

    assert told
    assert not smallest.message.isVisible()
    assert smallest.status.state.text() == "Saved x.conex"


def test_nothing_is_said_to_be_saved_that_was_not(smallest, tmp_path, monkeypatch):
    places = iter([tmp_path / "x.conex", tmp_path / "a file" / "x.conex"])
    (tmp_path / "a file").write_text("no folder")
    monkeypatch.setattr(smallest.files, "ask_save", lambda *_: next(places))

    press(smallest, "file.save_as")
    press(smallest, "file.save_as")

    assert smallest.message.isVisible()
    assert "Saved" not in smallest.status.state.text()


def test_nothing_is_selected_in_another_project_with_the_same_ids(smallest, tmp_path):
    other = tmp_path / "other.conex"
    project_file.save(smallest.document.whole, other)
    smallest.workspace.canvas.select(list(smallest.document.state.network.nodes))

    smallest.files.open(other)

    assert smallest.workspace.canvas.selection == ()
    assert smallest.workspace.inspector.title() == "Network"
