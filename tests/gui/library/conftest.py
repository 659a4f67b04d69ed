"""The window with the library in front, and what its tests ask of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QSettings, Qt, QUrl
from PySide6.QtWidgets import QMessageBox

from conex_app.library.save_dialog import SaveDialog
from conex_app.project.settings import AppSettings
from conex_app.shell.main_window import MainWindow
from conex_core.graph import edits
from conex_core.graph.files.block_file import Block, block_of, save_block
from conex_core.graph.library.library import user_folder
from conex_core.graph.model.document import Document

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
    made.workspace.files.new()
    made.workspace.canvas.ensure_loaded()
    made.workspace.bench.docks["library"].bring_up()
    qtbot.waitUntil(lambda: "Pair" in titles_in(made))
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
    return asked


def titles_in(window: MainWindow) -> list[str]:
    return window.workspace.library_panel.visible_titles()


def entries_in(window: MainWindow) -> list:
    return [entry for shelf in window.workspace.library_panel.shelves for entry in shelf.entries]


def entry_in(window: MainWindow, title: str):
    return next(entry for entry in entries_in(window) if entry.title == title)


def entries_of_project(window: MainWindow) -> list:
    return [entry for entry in entries_in(window) if entry.shelf == "project"]


def shelf_in(window: MainWindow, title: str):
    return next(one for one in window.workspace.library_panel.shelves if one.title == title)


def insert_pair(window: MainWindow) -> None:
    window.workspace.library.insert(entry_in(window, "Pair"))


def save_dialog(window: MainWindow) -> SaveDialog:
    return window.findChild(SaveDialog)


def named(block: Block, name: str) -> Block:
    return block.with_definition(replace(block.definition, name=name))


def dropped_files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data
