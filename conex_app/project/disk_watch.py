"""Notice that the file of the open project was changed or removed by somebody else.

Looked at when the window becomes active, which is when one comes back from
another program. Each state of the file is told once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from conex_app.look.plain_text import elided
from conex_app.look.times import at
from conex_app.project.disk import SeenFile, looked_at

if TYPE_CHECKING:
    from conex_app.project.document import ProjectDocument
    from conex_app.project.files import ProjectFiles

__all__ = ["DiskWatch"]


class DiskWatch(QObject):
    """Tell when the project's file is another one than was opened or saved."""

    told = Signal(str, object)  # words for the message bar; a label and a deed, or None
    settled = Signal(str)  # words that are true no more

    def __init__(self, document: ProjectDocument, files: ProjectFiles) -> None:
        super().__init__(files)
        self._document, self._files = document, files
        self._seen: SeenFile | None = None  # what was told last
        self._words = ""
        for done in (files.saved, files.opened, files.closed, files.reloaded):
            done.connect(self._settle)

    def look(self) -> None:
        """Look at the file, and tell what is new about it."""
        document, path = self._document, self._document.path
        if path is None or not self._files.is_open or self._files.is_asking:
            return
        found = looked_at(path, document.on_disk)
        if found.sha256 == document.on_disk.sha256:
            document.on_disk = found
            self._settle()
        elif self._seen is None or found.sha256 != self._seen.sha256:
            self._tell(path, found)

    def _tell(self, path: Path, found: SeenFile) -> None:
        self._settle()
        self._seen, clean = found, self._document.is_clean
        self._words = _words(path, found, clean)
        offers = found.is_there and clean
        self.told.emit(self._words, ("Reload", self._reload) if offers else None)

    def _reload(self) -> None:
        if not self._files.reload():  # edited since, or unreadable: say how it stands now
            self._seen = None
            if not self._document.is_clean:
                self.look()

    def _settle(self, *_news: object) -> None:
        words, self._seen, self._words = self._words, None, ""
        if words:
            self.settled.emit(words)


def _words(path: Path, found: SeenFile, clean: bool) -> str:
    name = elided(path.name)
    if not found.is_there:
        return (
            f"{name} cannot be found or read any more in {elided(str(path.parent))}. It may have "
            "been deleted or moved, or its drive is not connected. Save writes it again."
        )
    changed = f" {at(found.changed_at)}" if found.changed_at is not None else ""
    said = f"{name} was changed on disk{changed} by another program or another window."
    if clean:
        return f"{said} Reload shows what it holds now; one undo takes that back."
    return (
        f"{said} Your unsaved changes are still here: Save asks before it overwrites the file, "
        "Save as… keeps both."
    )
