"""Whether a save may replace its file: not unasked where that is another one by now."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from conex_app.look.plain_text import elided
from conex_app.look.times import at
from conex_app.project.disk import SeenFile, looked_at
from conex_app.project.questions import Reply, ask
from conex_core.errors import FileError
from conex_core.graph.files import project_file

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from conex_app.project.document import ProjectDocument

__all__ = ["is_expected", "may_replace"]

Answer = Literal["write", "another", "cancel"]

_OVERWRITE, _SAVE_AS = Reply("Overwrite", destroys=True), Reply("Save as…")


def may_replace(
    document: ProjectDocument, path: Path, window: QWidget, known: SeenFile | None = None
) -> Answer:
    """Tell whether to write ``path``, to ask for another name, or neither; ask if need be.

    ``known`` is how the file stood a moment ago.
    """
    found = looked_at(path, known)
    if is_expected(document, found):
        return "write"
    question, more = _words(document, path, found)
    answer = ask(window, "Overwrite the file", question, more, (_OVERWRITE, _SAVE_AS))
    if answer is None:
        return "cancel"
    return "write" if answer is _OVERWRITE else "another"


def is_expected(document: ProjectDocument, found: SeenFile) -> bool:
    """Tell whether the project's file is what it was, or what it will be, or is not there."""
    if not found.is_there:
        return True
    if found.sha256 == document.on_disk.sha256 and not document.version_of:
        return True
    try:
        data = project_file.to_bytes(document.whole)
    except FileError:  # too large; saving says so
        return True
    return found.sha256 == hashlib.sha256(data).hexdigest()


def _words(document: ProjectDocument, path: Path, found: SeenFile) -> tuple[str, str]:
    name = elided(path.name)
    changed = f" {at(found.changed_at)}" if found.changed_at is not None else ""
    if document.version_of and found.sha256 == document.on_disk.sha256:
        return (
            f"Overwrite {name} with its earlier version?",
            f"You opened the version that was saved: {document.version_of}. What the file holds "
            f"now was written{changed}.",
        )
    return (
        f"{name} was changed on disk{changed}. Overwrite it?",
        "Another program or another window has written it since you opened or saved it here. "
        "Overwriting replaces what it holds now.",
    )
