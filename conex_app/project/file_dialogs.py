"""Asking where to save: the name is completed first, and then what it would replace.

Qt's own dialog asks about the name as it was typed, which is another file than
the one that is written. This is the only module that opens a dialog to save in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from conex_app.look.plain_text import elided
from conex_app.look.times import at
from conex_app.project.questions import Reply, ask

__all__ = ["FileKind", "ask_save", "completed"]

_ALL = "All files (*)"
_REPLACE, _OTHER = Reply("Replace", destroys=True), Reply("Choose another name")


@dataclass(frozen=True)
class FileKind:
    """Name a kind of file: what it is called in the plural, and how its name ends."""

    title: str
    suffix: str

    @property
    def pattern(self) -> str:
        """Return how a dialog offers it."""
        return f"{self.title} (*{self.suffix})"


def ask_save(
    window: QWidget, title: str, proposal: Path, kinds: Sequence[FileKind], own: Path | None = None
) -> Path | None:
    """Return the file to write, its name complete; None if the user gives up.

    Replacing another file is asked about here; ``own`` is the file that needs
    no such question.
    """
    patterns = ";;".join([*(kind.pattern for kind in kinds), _ALL])
    while True:
        text, chosen = QFileDialog.getSaveFileName(
            window, title, str(proposal), patterns, "", QFileDialog.Option.DontConfirmOverwrite
        )
        if not text:
            return None
        path = completed(Path(text), kinds, chosen)
        if not path.is_file() or (own is not None and path == own):
            return path
        answer = _ask_to_replace(window, path)
        if answer is None or answer is _REPLACE:
            return path if answer is _REPLACE else None
        proposal = path


def completed(path: Path, kinds: Sequence[FileKind], chosen: str = "") -> Path:
    """Return ``path`` ending like one of ``kinds``: like the chosen one, or the first."""
    lower = path.name.lower()
    if any(lower.endswith(kind.suffix) and lower != kind.suffix for kind in kinds):
        return path
    kind = next((each for each in kinds if each.pattern == chosen), kinds[0])
    return path.with_name((path.name.rstrip(". ") or "unnamed") + kind.suffix)


def _ask_to_replace(window: QWidget, path: Path) -> Reply | None:
    changed = datetime.fromtimestamp(path.stat().st_mtime)
    return ask(
        window,
        "Replace a file",
        f"Replace {elided(path.name)}?",
        f"It is in {elided(str(path.parent))} and was changed {at(changed)}. "
        "What it holds now is lost.",
        (_REPLACE, _OTHER),
    )
