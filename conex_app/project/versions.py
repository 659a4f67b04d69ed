"""Earlier versions of the open project: one more after each save, in a thread of its own."""

from __future__ import annotations

import hashlib
import logging
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from conex_app.project.backups import Backups, SavedVersion
from conex_core.errors import FileError
from conex_core.graph.files.weight_files import keep

if TYPE_CHECKING:
    from conex_app.project.document import ProjectDocument
    from conex_core.graph.model.document import Document

__all__ = ["EarlierVersions"]

logger = logging.getLogger(__name__)


class EarlierVersions(QObject):
    """Keep what is saved, and find what was saved before."""

    failed = Signal(str)  # why no version could be kept; the save itself worked

    def __init__(
        self, document: ProjectDocument, parent: QObject, backups: Backups | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self.backups = backups if backups is not None else Backups()
        self._one_at_a_time = threading.Lock()

    def of(self, project: Path | None = None) -> list[SavedVersion]:
        """Return the versions of a project, the open one by default, newest first."""
        path = project if project is not None else self._document.path
        return self.backups.versions(path) if path is not None else []

    def keep(self, project: Path) -> threading.Thread:
        """Copy what was saved just now; the thread ends by itself and before the program."""
        facts = (project, self._document.on_disk.sha256, self._document.whole)
        thread = threading.Thread(target=self._keep, args=facts, name="conex-versions")
        thread.start()
        return thread

    def _keep(self, project: Path, sha256: str | None, document: Document) -> None:
        try:
            with self._one_at_a_time:
                self._copy(project, sha256, document)
        except FileError as error:
            logger.warning("no version of %s was kept: %s", project, error)
            with suppress(RuntimeError):  # the window is gone
                self.failed.emit(
                    f"{project.name} is saved, but not among its earlier versions: {error}"
                )

    def _copy(self, project: Path, sha256: str | None, document: Document) -> None:
        with suppress(FileError):  # lost weights are told elsewhere
            keep(document.definitions.values(), project.parent)
        try:
            data = project.read_bytes()
        except OSError as error:
            raise FileError(project, f"cannot be read again ({error.strerror or error})") from error
        if hashlib.sha256(data).hexdigest() == sha256:
            self.backups.keep(project, data, len(document.network.nodes))
