"""Learned weights in the window: they follow the project, and their loss is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from conex_app.inspector.pages import NetworkPage, PageContext
from conex_app.library.files import import_file
from conex_app.project.checks import Checker
from conex_app.project.document import ProjectDocument
from conex_app.project.files import ProjectFiles
from conex_app.project.settings import AppSettings
from conex_app.shell.problems import ProblemsPanel
from conex_core import catalog
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.graph.files.block_file import load_block, save_block
from conex_core.graph.files.weight_files import FOLDER, sha256_of, store
from conex_core.graph.library.library import Library
from conex_core.graph.model.document import Document, Learned
from conex_core.run.weightcheck import LOST
from tests.resources.blocks.driving import driven
from tests.resources.blocks.recipes import stdp_layer

NAME = "layer-1.safetensors"


@pytest.fixture
def block(tmp_path: Path):
    """Return a block in a library that names a file of weights beside it."""
    folder = tmp_path / "library" / FOLDER
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(b"weights")
    learned = Learned(NAME, sha256_of(folder / NAME), ("n_learn",))
    found = stdp_layer()
    found = found.with_definition(replace(found.definition, learned=learned))
    return save_block(found, tmp_path / "library" / "Layer.conexblock")


@pytest.fixture
def project(block, tmp_path: Path) -> ProjectDocument:
    """Return a project that is saved with its weights in a folder of its own."""
    found = ProjectDocument(driven(block))
    (tmp_path / "first").mkdir()
    found.save(tmp_path / "first" / "p.conex")
    return found


@pytest.fixture
def files(qtbot, project) -> ProjectFiles:
    window = QWidget()
    qtbot.addWidget(window)
    return ProjectFiles(project, AppSettings(), catalog.load(), window)


def lose(*folders: Path) -> None:
    for folder in (store(), *folders):
        (folder / FOLDER / NAME).unlink()


def lost(checker: Checker) -> list[str]:
    return [problem.message for problem in checker.now().problems if problem.code == LOST]


def used(project: ProjectDocument) -> str:
    return project.whole.network.node("n_block").of


def test_saving_as_another_project_takes_the_weights_along(project, tmp_path):
    (store() / FOLDER / NAME).unlink()
    (tmp_path / "second").mkdir()

    project.save(tmp_path / "second" / "p.conex")

    assert (tmp_path / "second" / FOLDER / NAME).read_bytes() == b"weights"
    assert project.left_behind == ""


def test_a_save_that_cannot_take_weights_along_saves_and_says_so(
    files, tmp_path, monkeypatch, qtbot
):
    lose(tmp_path / "first")
    target = tmp_path / "p.conex"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(target), ""))

    with qtbot.waitSignal(files.failed) as told:
        saved = files.save_as()

    assert saved
    assert project_file.load(target).definitions
    assert f"p.conex is saved, but not all learned weights are: {tmp_path}" in told.args[0]


def test_dropped_weights_come_back_with_undo_through_save_and_another_project(project, tmp_path):
    project.edit_whole("Drop", edits.set_definition(project.whole, used(project), learned=None))
    project.save()
    project.stack.undo()
    project.save()

    project.new()
    project.open(tmp_path / "first" / "p.conex")

    learned = project.whole.definition(used(project)).learned
    assert learned is not None
    assert (tmp_path / "first" / FOLDER / learned.file).is_file()


def test_the_check_follows_files_that_go_and_come_without_an_edit(project, tmp_path, qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    checker = Checker(project, catalog.load(), parent)
    here = lost(checker)

    lose(tmp_path / "first")
    gone = lost(checker)
    (tmp_path / "first" / FOLDER / NAME).write_bytes(b"weights")

    assert here == []
    assert "is missing" in gone[0]
    assert lost(checker) == []


def test_the_problems_panel_drops_lost_weights_undoably(project, tmp_path, qtbot):
    panel = ProblemsPanel(project)
    qtbot.addWidget(panel)
    panel.show()
    checker = Checker(project, catalog.load(), panel)
    lose(tmp_path / "first")
    panel.set_problems(checker.now().problems)
    drop = next(
        button
        for button in panel.findChildren(QPushButton)
        if button.text().startswith("Drop the learned weights of")
    )

    qtbot.mouseClick(drop, Qt.MouseButton.LeftButton)
    after = lost(checker)
    project.stack.undo()

    assert after == []
    assert len(lost(checker)) == 1


def test_importing_a_block_again_brings_lost_weights_back(block, tmp_path):
    library = Library(user=tmp_path / "mine", shipped=tmp_path / "none")
    first = import_file(library, block.path)
    (tmp_path / "mine" / FOLDER / NAME).unlink()

    again = import_file(library, block.path)

    assert first.path == again.path
    assert (tmp_path / "mine" / FOLDER / NAME).is_file()
    assert load_block(again.path).learned == block.learned


def test_a_new_document_knows_no_weights(project, qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    checker = Checker(project, catalog.load(), parent)

    project.new(Document())

    assert lost(checker) == []


def test_an_unpacked_block_leaves_its_weights_to_the_network_which_can_drop_them(project, qtbot):
    page = NetworkPage(PageContext(project, catalog.load()))
    qtbot.addWidget(page)
    page.show()
    project.changed.connect(lambda _old, new: page.refresh(new))

    project.edit("Unpack", edits.unpack(project.state, "n_block")[0])
    said = page.learned.words.text() if page.learned.isVisible() else ""
    qtbot.mouseClick(page.learned.drop, Qt.MouseButton.LeftButton)

    assert said == "Starts from learned weights of 1 synapse group."
    assert project.whole.network.learned is None
    assert not page.learned.isVisible()
