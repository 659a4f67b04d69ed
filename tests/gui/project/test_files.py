"""Files of the window: what is written is what was asked for."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from conex_app.project.document import ProjectDocument
from conex_app.project.files import ProjectFiles
from conex_app.project.settings import AppSettings
from conex_core import catalog


@pytest.fixture
def files(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    return ProjectFiles(ProjectDocument(), AppSettings(), catalog.load(), window)


def test_a_script_is_exported_for_an_example(files, tmp_path, monkeypatch):
    target = tmp_path / "network.py"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(target), ""))
    files.open_example("smallest")

    written = files.export_script()

    assert written
    assert "NeuronGroup(" in target.read_text(encoding="utf-8")


def test_a_folder_that_may_not_be_written_is_reported(files, tmp_path, monkeypatch, qtbot):
    target = tmp_path / "nowhere" / "network.py"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(target), ""))
    files.open_example("smallest")

    with qtbot.waitSignal(files.failed) as reported:
        files.export_script()

    assert "network.py" in reported.args[0]
