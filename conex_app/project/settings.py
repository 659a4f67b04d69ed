"""What the window remembers between two starts: layout, theme, recent projects.

A thin, typed layer on QSettings, which is passed in so that tests use a file
of their own. Nothing of a project lives here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

from PySide6.QtCore import QByteArray, QSettings

from conex_core.run.compiled import ENGINES, EngineName
from conex_core.run.host import RUN_IN, RunIn

__all__ = ["AppSettings", "ThemeName"]

ThemeName = Literal["system", "light", "dark"]

RECENT = 8
_LAYOUT = 2  # raise when docks change so much that an old layout would be wrong


class AppSettings:
    """Read and write the remembered facts.

    Parameters
    ----------
    store : QSettings, optional
        Where they are kept; the user's own when left out.
    """

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings("CoNeX", "CoNeX Studio")

    @property
    def theme(self) -> ThemeName:
        """Return the chosen theme; ``system`` follows the desktop."""
        value = str(self._store.value("theme", "system"))
        return cast("ThemeName", value if value in ("light", "dark") else "system")

    @theme.setter
    def theme(self, value: ThemeName) -> None:
        self._store.setValue("theme", value)

    @property
    def run_in(self) -> RunIn:
        """Return where runs take place."""
        value = str(self._store.value("run_in", RUN_IN[0]))
        return next((known for known in RUN_IN if known == value), RUN_IN[0])

    @run_in.setter
    def run_in(self, value: RunIn) -> None:
        self._store.setValue("run_in", value)

    @property
    def engine(self) -> EngineName:
        """Return who runs the behaviors; ``auto`` compiles what it can."""
        value = str(self._store.value("engine", ENGINES[0]))
        return next((known for known in ENGINES if known == value), ENGINES[0])

    @engine.setter
    def engine(self, value: EngineName) -> None:
        self._store.setValue("engine", value)

    @property
    def recent(self) -> list[Path]:
        """Return the projects opened or saved last that still exist, newest first."""
        return [path for path in self._recent() if path.is_file()]

    def remember(self, path: Path) -> None:
        """Put ``path`` first among the recent projects."""
        path = path.resolve()
        others = [each for each in self._recent() if each != path]
        self._store.setValue("recent", [str(each) for each in [path, *others][:RECENT]])

    def forget_recent(self) -> None:
        """Empty the list of recent projects."""
        self._store.remove("recent")

    @property
    def folder(self) -> Path:
        """Return the folder that file dialogs open in."""
        value = self._store.value("folder", "")
        folder = Path(str(value)) if value else Path.home()
        return folder if folder.is_dir() else Path.home()

    @folder.setter
    def folder(self, value: Path) -> None:
        self._store.setValue("folder", str(value))

    @property
    def recovery_folder(self) -> Path | None:
        """Return the folder that the user chose for journals of unsaved work, if any."""
        value = self._store.value("recovery_folder", "")
        return Path(str(value)) if value else None

    @recovery_folder.setter
    def recovery_folder(self, value: Path) -> None:
        self._store.setValue("recovery_folder", str(value))

    @property
    def block_folders(self) -> list[Path]:
        """Return the folders that the user added to the library, whether or not they are there."""
        return self._paths("block_folders")

    def add_block_folder(self, folder: Path) -> None:
        """Add a folder to the library, last; one that is there already stays where it is."""
        folders = self.block_folders
        if folder not in folders:
            self._store.setValue("block_folders", [str(each) for each in [*folders, folder]])

    def forget_block_folder(self, folder: Path) -> None:
        """Take a folder off the library's list."""
        kept = [str(each) for each in self.block_folders if each != folder]
        self._store.setValue("block_folders", kept)

    def layout(self, part: str) -> QByteArray | None:
        """Return the remembered layout of a part of the window."""
        value = self._store.value(f"layout/{_LAYOUT}/{part}")
        return value if isinstance(value, QByteArray) else None

    def keep_layout(self, part: str, value: QByteArray) -> None:
        """Remember the layout of a part of the window."""
        self._store.setValue(f"layout/{_LAYOUT}/{part}", value)

    def forget_layout(self) -> None:
        """Forget every remembered layout."""
        self._store.remove(f"layout/{_LAYOUT}")

    def _recent(self) -> list[Path]:
        return self._paths("recent")

    def _paths(self, key: str) -> list[Path]:
        value = self._store.value(key, [])
        texts = [value] if isinstance(value, str) else (value or [])
        return [Path(str(text)) for text in cast("list[object]", texts) if text]
