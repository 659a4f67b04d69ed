"""Earlier versions of the open project: one more after each save, in a thread of its own."""

from __future__ import annotations

import hashlib
import logging
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from conex_app.project.backups import Backups, SavedVersion
from conex_app.project.disk import SeenFile, looked_at, read_from
from conex_core.errors import ConexError, FileError
from conex_core.graph.files import project_file
from conex_core.graph.files.weight_files import keep

if TYPE_CHECKING:
    from conex_app.project.document import ProjectDocument
    from conex_core.graph.model.document import Document

__all__ = ["Before", "EarlierVersions", "before_save"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Before:
    """Hold what a file was before a save, and how it stood."""

    data: bytes
    seen: SeenFile

    @property
    def moment(self) -> float | None:
        """Return when it was changed, in seconds."""
        return self.seen.changed_at.timestamp() if self.seen.changed_at else None


def before_save(path: Path, known: Before | None = None) -> Before | None:
    """Return what a save would replace; None where there is nothing of that size.

    ``known`` is what it was a moment ago: returned unread if nothing hints at a change.
    """
    try:
        if known is not None and looked_at(path, known.seen) is known.seen:
            return known
        if not path.is_file() or path.stat().st_size > project_file.LARGEST:
            return None
        return Before(*read_from(path))
    except OSError:
        return None


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

    def keep(self, project: Path, before: Before | None = None) -> threading.Thread:
        """Copy what was saved just now, and what it replaced; the thread ends by itself."""
        facts = (project, self._document.on_disk.sha256, self._document.whole, before)
        thread = threading.Thread(target=self._keep, args=facts, name="conex-versions")
        thread.start()
        return thread

    def _keep(
        self, project: Path, sha256: str | None, document: Document, before: Before | None
    ) -> None:
        try:
            with self._one_at_a_time:
                if before is not None:
                    self._copy_before(project, before)
                self._copy(project, sha256, document)
        except FileError as error:
            logger.warning("no version of %s was kept: %s", project, error)
            with suppress(RuntimeError):  # the window is gone
                self.failed.emit(
                    f"{project.name} is saved, but not among its earlier versions: {error}"
                )

    def _copy_before(self, project: Path, before: Before) -> None:
        with suppress(ConexError, UnicodeDecodeError):  # it was no project
            nodes = len(project_file.from_text(before.data.decode("utf-8-sig")).network.nodes)
            self.backups.keep(project, before.data, nodes, before.moment)

    def _copy(self, project: Path, sha256: str | None, document: Document) -> None:
        with suppress(FileError):  # lost weights are told elsewhere
            keep(document.definitions.values(), project.parent)
        try:
            data = project.read_bytes()
        except OSError as error:
            raise FileError(project, f"cannot be read again ({error.strerror or error})") from error
        if hashlib.sha256(data).hexdigest() == sha256:
            self.backups.keep(project, data, len(document.network.nodes))
