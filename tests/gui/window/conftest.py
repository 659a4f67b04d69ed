"""The window with real settings and the whole catalog, and what its tests ask of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMessageBox

from conex_app.project.settings import AppSettings
from conex_app.shell.main_window import MainWindow
from conex_core import catalog as catalogs
from conex_core.catalog import Catalog
from conex_core.graph.model.document import Document

_BUTTON = QMessageBox.StandardButton


@pytest.fixture
def catalog() -> Catalog:
    return catalogs.load()


@pytest.fixture
def settings(tmp_path: Path) -> AppSettings:
    return AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def window(qtbot, settings, catalog) -> MainWindow:
    made = MainWindow(settings)
    qtbot.addWidget(made, before_close_func=lambda _: made.close_now())
    made.show()
    made.furnish(catalog)
    return made


@pytest.fixture
def smallest(window, qtbot) -> MainWindow:
    window.open_example("smallest")
    window.workspace.canvas.ensure_loaded()
    return window


@pytest.fixture
def answer(window, monkeypatch):
    """Return a list of the questions asked; the first item of ``replies`` answers."""

    class Asked(list):
        reply = _BUTTON.Cancel

    asked = Asked()

    def ask() -> QMessageBox.StandardButton:
        asked.append(window.document.state.name)
        return asked.reply

    monkeypatch.setattr(window.files, "_ask_about_changes", ask)
    return asked


def press(window: MainWindow, action_id: str) -> None:
    window.actions_of[action_id].trigger()


def status(window: MainWindow):
    return window.runner.status()


def until_state(window: MainWindow, qtbot, state: str) -> None:
    qtbot.waitUntil(lambda: window.workspace.run.status.state == state, timeout=30_000)


def until_iteration(window: MainWindow, qtbot, iteration: int) -> None:
    qtbot.waitUntil(lambda: window.workspace.run.status.iteration >= iteration, timeout=30_000)


def neurons_of(document: Document) -> str:
    return next(key for key, n in document.network.nodes.items() if n.kind == "NeuronGroup")


def item_of(document: Document, kind: str) -> tuple[str, str]:
    node = document.network.nodes[neurons_of(document)]
    return node.id, next(item.id for item in node.stack if item.kind == kind)


def parameter(window: MainWindow, node: str, item: str, name: str):
    """Return a parameter as the running network has it."""
    return window.runner.ask("parameter", node=node, item=item, name=name).result(10)
