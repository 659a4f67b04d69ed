"""What a start after a kill would bring back, read as the window reads it."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

from conex_core.graph.files import project_file

__all__ = ["recovered"]

_FOLDER = Path("conex-studio", "recovery")


def recovered(data: Path) -> str | None:
    """Return the text of the project whose journal lies in the user's data; None if none does."""
    if importlib.util.find_spec("conex_app.recovery") is None:
        return None  # a version of the window that keeps no journals
    read = importlib.import_module("conex_app.recovery.journal").read
    journals = [read(path) for path in sorted((data / _FOLDER).glob("*.journal"))]
    needed = [journal for journal in journals if journal.is_needed]
    newest = max(needed, key=lambda journal: journal.at, default=None)
    return None if newest is None else project_file.to_text(newest.history.now)
