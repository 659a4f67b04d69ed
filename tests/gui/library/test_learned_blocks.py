"""A trained block in the window: kept with its weights, dropped into another project."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt

from conex_app.canvas.gestures.drag_data import BlockDrag
from conex_app.inspector.blocks.learned_note import LearnedNote
from conex_app.library.save_dialog import SaveDialog
from conex_app.project.settings import AppSettings
from conex_app.shell.main_window import MainWindow
from conex_core import catalog as catalogs
from conex_core.graph.files import project_file
from conex_core.graph.files.block_file import load_block
from conex_core.graph.files.weight_files import FOLDER
from conex_core.graph.library.library import user_folder
from tests.resources.blocks.driving import driven
from tests.resources.blocks.recipes import stdp_layer

LEFT = Qt.MouseButton.LeftButton
WAIT_MS = 40_000


@pytest.fixture(params=["window", "process"])
def window(request, qtbot, tmp_path: Path) -> MainWindow:
    settings = AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    settings.run_in = request.param
    made = MainWindow(settings)
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.resize(1440, 900)
    made.show()
    made.furnish(catalogs.load())
    made.workspace.files.new()
    made.workspace.canvas.ensure_loaded()
    made.document.new(driven(stdp_layer()))
    made.workspace.checker.now()
    return made


def ran(window: MainWindow, qtbot) -> None:
    window.actions_of["run.step"].trigger()
    qtbot.waitUntil(lambda: window.runner.status().iteration >= 1, timeout=WAIT_MS)


def asked(window: MainWindow) -> SaveDialog:
    window.workspace.canvas.select(("n_block",))
    window.workspace.library.save_selection()
    return window.findChild(SaveDialog)


def kept(window: MainWindow, qtbot) -> Path:
    """Keep the block with its weights by hand; return its file."""
    ran(window, qtbot)
    dialog = asked(window)
    dialog.learned.click()
    qtbot.mouseClick(dialog.save, LEFT)
    qtbot.waitUntil(lambda: any(user_folder().glob("*.conexblock")), timeout=WAIT_MS)
    (path,) = user_folder().glob("*.conexblock")
    return path


def notes(window: MainWindow) -> list[LearnedNote]:
    return [note for note in window.findChildren(LearnedNote) if note.isVisible()]


def test_weights_are_kept_under_a_name_of_their_own(window, qtbot):
    before = window.document.whole.definitions

    block = load_block(kept(window, qtbot))

    assert block.name == "Feed-forward STDP layer, trained"
    assert block.learned is not None
    assert (user_folder() / FOLDER / block.learned.file).is_file()
    assert window.document.whole.definitions == before


def test_without_a_run_the_dialog_says_where_weights_come_from(window):
    dialog = asked(window)

    assert not dialog.learned.isEnabled()
    assert "Run the network first" in dialog.learned.toolTip()
    dialog.reject()


def test_the_name_follows_the_choice_and_back(window, qtbot):
    ran(window, qtbot)
    dialog = asked(window)
    before = dialog.name.text()

    dialog.learned.click()
    trained = dialog.name.text()
    dialog.learned.click()

    assert (before, trained) == (dialog.name.text(), f"{before}, trained")
    dialog.reject()


def test_a_dropped_block_starts_from_them_in_a_saved_project(window, qtbot, tmp_path):
    path = kept(window, qtbot)
    window.document.new()
    (tmp_path / "project").mkdir()

    reason = window.workspace.library.drop(BlockDrag("trained", path, ""), (0.0, 0.0))
    target = window.document.save(tmp_path / "project" / "p.conex")

    (node,) = window.document.state.network.nodes.values()
    learned = project_file.load(target).definition(node.of).learned
    assert not reason
    assert (tmp_path / "project" / FOLDER / learned.file).is_file()


def test_the_inspector_tells_of_them_and_drops_them_undoably(window, qtbot):
    path = kept(window, qtbot)
    window.workspace.library.drop(BlockDrag("trained", path, ""), (0.0, 300.0))
    (node,) = window.document.state.network.nodes.keys() - {"n_block", "n_input"}
    window.workspace.canvas.select((node,))
    qtbot.waitUntil(lambda: bool(notes(window)))
    (note,) = notes(window)

    qtbot.mouseClick(note.drop, LEFT)
    gone = not note.isVisible()
    window.document.stack.undo()

    assert gone
    assert note.isVisible()
    assert "1 synapse group" in note.words.text()
