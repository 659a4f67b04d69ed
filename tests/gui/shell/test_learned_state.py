"""Nothing that a run has learned is dropped unasked; states are saved and loaded by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from conex_app.inspector.blocks.learned_note import GroupNote
from conex_app.project.questions import Reply
from conex_app.project.settings import AppSettings
from conex_app.shell import learned_state
from conex_app.shell.learned_questions import (
    DROP,
    FILE,
    GO_ON,
    KEEP,
    TITLE,
    WAIT,
    ask_about_learned,
    learned_text,
)
from conex_app.shell.main_window import MainWindow
from conex_core import catalog as catalogs
from conex_core.graph.files import project_file
from conex_core.graph.files.weight_files import FOLDER
from conex_core.run.learned import learned_weights
from conex_core.run.session import Session
from conex_core.state import State
from tests.gui.boxes import Answering, click
from tests.run.learning_nets import learner

WAIT_MS = 40_000


@pytest.fixture
def learned_is_dropped() -> None:
    """Ask here, unlike everywhere else."""


@pytest.fixture(params=["window", "process"])
def window(request, qtbot, tmp_path: Path, monkeypatch) -> MainWindow:
    return shown(request.param, qtbot, tmp_path, monkeypatch)


@pytest.fixture
def here(qtbot, tmp_path: Path, monkeypatch) -> MainWindow:
    """Return a window that runs networks in its own process, which starts sooner."""
    return shown("window", qtbot, tmp_path, monkeypatch)


def shown(run_in: str, qtbot, tmp_path: Path, monkeypatch) -> MainWindow:
    settings = AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    settings.run_in = run_in
    made = MainWindow(settings)

    def let_go(_window: MainWindow) -> None:
        made.workspace.run.stop()
        made.document.stack.setClean()

    qtbot.addWidget(made, before_close_func=let_go)
    made.show()
    made.furnish(catalogs.load())
    made.workspace.files.new()
    made.document.new(learner())
    made.workspace.checker.now()
    return made


def ran(window: MainWindow, qtbot, steps: int = 60) -> None:
    window.workspace.run.step(steps)
    qtbot.waitUntil(lambda: status(window).iteration >= steps, timeout=WAIT_MS)


def status(window: MainWindow):
    return window.runner.status()


def press(window: MainWindow, action: str) -> None:
    window.actions_of[action].trigger()


def is_about_learned(box: QMessageBox) -> bool:
    return box.windowTitle() == TITLE


def choosing(reply: Reply | None) -> Answering:
    """Choose it where learning is asked about, cancel for None; drop all other changes."""

    def act(box: QMessageBox) -> None:
        verb = reply.verb if reply is not None else "Cancel"
        click(box, verb if is_about_learned(box) else "Discard")

    return Answering(act)


def pressing(key: Qt.Key) -> Answering:
    return Answering(lambda box: QTest.keyClick(box, key))


def test_kept_weights_are_what_the_next_run_starts_from(window, qtbot, tmp_path):
    ran(window, qtbot)

    with choosing(KEEP) as person:
        press(window, "run.stop")

    learned = window.document.whole.network.learned
    assert status(window).state == "idle"
    assert "Weights of In to Out, exhaustion of Out, thresholds of Out; 60 ms" in person.asked[0]
    assert (learned.groups, window.document.is_clean) == (("syn",), False)
    target = window.document.save(tmp_path / "p.conex")
    kept = learned_weights(tmp_path / FOLDER / learned.file, "syn")
    press(window, "run.step")
    qtbot.waitUntil(lambda: status(window).iteration == 1, timeout=WAIT_MS)
    saved(window, qtbot, tmp_path / "one.safetensors")
    expected = Session.of(project_file.load(target), catalogs.load(), base=tmp_path)
    assert torch.equal(expected.objects["syn"].weights, kept)
    expected.run(1)
    after = State.load(tmp_path / "one.safetensors").values
    assert torch.equal(after["syn"]["weights"], expected.objects["syn"].weights)
    assert torch.equal(after["out"]["threshold"], expected.objects["out"].threshold)


def saved(window: MainWindow, qtbot, path: Path) -> None:
    window.runner.ask("save_state", path=str(path)).result(WAIT_MS / 1000)


def test_keeping_is_one_step_that_undo_takes_back(here, qtbot):
    ran(here, qtbot)
    with choosing(KEEP):
        press(here, "run.stop")
    label = here.document.stack.undoText()

    here.document.undo()

    assert label == "Keep learned weights"
    assert here.document.whole.network.learned is None


@pytest.mark.parametrize(
    ("key", "kept", "state"),
    [(Qt.Key.Key_Return, True, "idle"), (Qt.Key.Key_Escape, False, "paused")],
)
def test_return_keeps_and_escape_cancels(here, qtbot, key, kept, state):
    ran(here, qtbot)

    with pressing(key) as person:
        press(here, "run.stop")

    assert len(person.asked) == 1
    assert status(here).state == state
    assert (here.document.whole.network.learned is not None) == kept


def test_a_run_goes_on_to_where_it_was_meant_to_after_cancel(window, qtbot):
    window.workspace.run.set_speed(200.0)
    ran(window, qtbot, 20)
    window.runner.run_for(80.0)
    qtbot.waitUntil(lambda: status(window).iteration > 24, timeout=WAIT_MS)
    seen: list[str] = []

    def cancel(box) -> None:
        seen.append(status(window).state)
        click(box, "Cancel")

    with Answering(cancel):
        press(window, "run.stop")

    assert seen == ["paused"]
    qtbot.waitUntil(lambda: status(window).state == "paused", timeout=WAIT_MS)
    assert abs(status(window).iteration - 100) <= 2


@pytest.mark.parametrize("leave", ["new", "close", "open_example", "quit"])
def test_whatever_leaves_the_project_asks_and_cancel_keeps_everything(here, qtbot, leave):
    ran(here, qtbot)
    before = here.document.whole
    ways = {
        "new": here.workspace.files.new,
        "close": here.workspace.files.close,
        "open_example": lambda: here.workspace.files.open_example("smallest"),
        "quit": here.close,
    }

    with choosing(None) as person:
        left = ways[leave]()

    assert (left, len(person.asked)) == (False, 1)
    assert here.document.whole is before
    assert (status(here).state, status(here).iteration) == ("paused", 60)


def test_leaving_with_kept_weights_asks_to_save_the_project_next(here, qtbot, tmp_path):
    target = here.document.save(tmp_path / "p.conex")
    ran(here, qtbot)

    def keep_then_save(box: QMessageBox) -> None:
        click(box, KEEP.verb if is_about_learned(box) else "Save")

    with Answering(keep_then_save) as person:
        left = here.workspace.files.new()

    learned = project_file.load(target).network.learned
    assert (left, len(person.asked)) == (True, 2)
    assert (tmp_path / FOLDER / learned.file).is_file()


def test_discard_drops_it(here, qtbot):
    ran(here, qtbot)

    with choosing(DROP):
        press(here, "run.stop")

    assert status(here).state == "idle"
    assert here.document.whole.network.learned is None


def test_a_state_file_can_be_written_from_the_question(here, qtbot, tmp_path, monkeypatch):
    ran(here, qtbot)
    name = str(tmp_path / "after")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (name, ""))

    with choosing(FILE):
        press(here, "run.stop")

    assert status(here).state == "idle"
    assert State.load(tmp_path / "after.safetensors").iteration == 60


def test_without_a_name_for_the_state_file_nothing_is_stopped(here, qtbot, monkeypatch):
    ran(here, qtbot)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))

    with choosing(FILE):
        press(here, "run.stop")

    assert status(here).iteration == 60


def test_nothing_is_asked_where_nothing_is_lost(here, qtbot, tmp_path, monkeypatch):
    here.document.new(learner(learns=False))
    ran(here, qtbot)
    with choosing(None) as idle:
        press(here, "run.stop")
    here.document.new(learner())
    ran(here, qtbot)
    path = str(tmp_path / "a.safetensors")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (path, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (path, ""))
    press(here, "run.save_state")
    qtbot.waitUntil(Path(path).is_file, timeout=WAIT_MS)

    with choosing(None) as once_saved:
        press(here, "run.stop")
    press(here, "run.load_state")
    qtbot.waitUntil(lambda: status(here).iteration == 60, timeout=WAIT_MS)
    with choosing(None) as loaded:
        press(here, "run.stop")

    assert idle.asked == once_saved.asked == loaded.asked == []
    assert status(here).state == "idle"


def test_a_state_is_loaded_without_a_run_and_goes_on_the_same(window, qtbot, tmp_path, monkeypatch):
    expected = Session.of(learner(), catalogs.load())
    expected.run(40)
    expected.network.state().save(tmp_path / "a.safetensors")
    expected.run(30)
    name = str(tmp_path / "a.safetensors")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (name, ""))

    press(window, "run.load_state")
    qtbot.waitUntil(lambda: status(window).iteration == 40, timeout=WAIT_MS)
    held = status(window).state
    window.workspace.run.step(30)
    qtbot.waitUntil(lambda: status(window).iteration == 70, timeout=WAIT_MS)

    saved(window, qtbot, tmp_path / "b.safetensors")
    found = State.load(tmp_path / "b.safetensors").values
    assert held == "paused"
    assert torch.equal(found["syn"]["weights"], expected.objects["syn"].weights)
    assert torch.equal(found["out"]["v"], expected.objects["out"].v)


def test_a_state_of_another_network_is_refused_and_the_run_stays(
    here, qtbot, tmp_path, monkeypatch
):
    other = Session.of(learner(adapts=False), catalogs.load())
    other.network.state().save(tmp_path / "other.safetensors")
    name = str(tmp_path / "other.safetensors")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (name, ""))
    ran(here, qtbot, 30)

    with choosing(DROP), qtbot.waitSignal(here.workspace.learned.failed) as told:
        press(here, "run.load_state")

    assert told.args[0].startswith("other.safetensors cannot be loaded. Out: cannot take this")
    assert (status(here).state, status(here).iteration) == ("paused", 30)


def test_a_run_that_does_not_answer_is_said_so_in_time(here, qtbot, monkeypatch):
    ran(here, qtbot)
    monkeypatch.setattr(learned_state, "ANSWER_S", 0.05)
    ask = here.runner.ask
    silent = lambda question, **facts: learned_state.Future()  # noqa: E731 - stands for a hang
    monkeypatch.setattr(here.runner, "ask", silent)

    def wait_first(box: QMessageBox) -> None:
        click(box, GO_ON.verb if len(person.asked) > 1 else WAIT.verb)

    with Answering(wait_first) as person:
        press(here, "run.stop")

    monkeypatch.setattr(here.runner, "ask", ask)
    assert len(person.asked) == 2
    assert "does not answer" in person.asked[0]
    assert status(here).state == "idle"


def test_a_group_shows_what_it_starts_from_and_drops_it_undoably(here, qtbot):
    ran(here, qtbot)
    with choosing(KEEP):
        press(here, "run.stop")
    here.workspace.canvas.ensure_loaded()
    here.workspace.canvas.select(("out",))
    qtbot.waitUntil(lambda: bool(notes(here)))
    (note,) = notes(here)
    words = note.words.text()

    qtbot.mouseClick(note.drop, Qt.MouseButton.LeftButton)
    dropped = here.document.whole.network.learned

    assert words == "Starts from learned exhaustion and thresholds."
    assert not note.isVisible()
    assert (dropped.groups, dropped.variables) == (("syn",), ())
    here.document.undo()
    assert note.isVisible()


def notes(window: MainWindow) -> list[GroupNote]:
    return [note for note in window.findChildren(GroupNote) if note.isVisible()]


def test_names_are_short_plain_text_however_long_they_are():
    names = ["x" * 300, "<b>b</b>", "c", "d"]

    text = learned_text([*((name, "weights") for name in names), ("Out", "threshold")])

    assert text == f"Weights of {'x' * 19}…{'x' * 19} and 3 others, thresholds of Out"


def test_the_question_shows_users_names_as_they_are(qtbot):
    window, seen = QWidget(), []
    qtbot.addWidget(window)

    def look(box: QMessageBox) -> None:
        seen.append((box.textFormat(), {each.text().replace("&", "") for each in box.buttons()}))
        click(box, "Cancel")

    with Answering(look) as person:
        reply = ask_about_learned(window, learned_text([("<b>A</b>", "weights")]), 1250.0)

    assert reply is None
    assert seen == [
        (Qt.TextFormat.PlainText, {"Keep in project", "Save state…", "Discard", "Cancel"})
    ]
    assert "<b>A</b>; 1.2 s of learning" in person.asked[0]
