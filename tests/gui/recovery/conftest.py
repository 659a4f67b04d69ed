"""A window's recovery without a window: a document, its files, and a folder for journals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from conex_app.look.typing import Typed
from conex_app.project.document import ProjectDocument
from conex_app.project.files import ProjectFiles
from conex_app.project.settings import AppSettings
from conex_app.recovery.recovery import Recovery
from conex_core.catalog import Catalog
from conex_core.graph import edits


@dataclass
class Bench:
    """Hold what takes part, what was said, and what is being typed."""

    window: QWidget
    document: ProjectDocument
    files: ProjectFiles
    recovery: Recovery
    said: list[str]
    typed: list[Typed | None] = field(default_factory=list)

    def add(self, *names: str) -> None:
        """Add groups, one edit each."""
        for name in names:
            new = edits.add_node(self.document.state, "NeuronGroup", name=name)
            self.document.edit(f"Add {name}", new)

    def crash(self) -> None:
        """End as a kill would: the journal stays, as it is on the disk."""
        self.recovery.flush()
        writer = self.recovery._writer
        self.recovery._writer = None
        self.recovery._end(keep=True)
        writer.stop(keep=True)


@pytest.fixture
def settings(tmp_path: Path) -> AppSettings:
    """Return what the window remembers, in a file of its own."""
    return AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def bench(qtbot, settings: AppSettings, catalog: Catalog) -> Iterator[Callable[[], Bench]]:
    """Return a function that makes a window's recovery; all share one folder for journals."""
    made: list[Bench] = []

    def make() -> Bench:
        window = QWidget()
        qtbot.addWidget(window)
        document = ProjectDocument(parent=window)
        files = ProjectFiles(document, settings, catalog, window)
        said: list[str] = []
        typed: list[Typed | None] = []
        recovery = Recovery(
            document,
            files,
            settings,
            window,
            lambda: typed[-1] if typed else None,
            lambda text, _act: said.append(text),
        )
        made.append(Bench(window, document, files, recovery, said, typed))
        return made[-1]

    yield make

    for one in made:
        one.recovery.stop()
        if one.recovery.dialog is not None:
            one.recovery.dialog.close()


@pytest.fixture
def journals(own_folders: Path) -> Path:
    """Return the folder that journals go to."""
    return own_folders / "xdg_data_home" / "conex-studio" / "recovery"


@pytest.fixture
def crashed(bench, journals):
    """Return what a never saved project with three edits has left, one of them undone."""
    one = bench()
    one.files.new()
    one.add("A", "B", "C")
    one.document.undo()
    one.crash()
    return one
