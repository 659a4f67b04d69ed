"""What a start after a kill would bring back, read as the window reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from conex_app.recovery.folder import left_work
from conex_core.graph.files import project_file

__all__ = ["Recovered", "recovered"]

FOLDER = Path("conex-studio", "recovery")


@dataclass(frozen=True)
class Recovered:
    """Hold a project as it would come back, and the text that was being typed into it."""

    text: str
    typed: str | None = None
    problem: str = ""


def recovered(data: Path) -> Recovered | None:
    """Return what would be offered of the user's ``data``; None if nothing would be."""
    left = left_work((data / FOLDER,))
    if left.refused:
        return Recovered("", problem="; ".join(one.reason for one in left.refused))
    if not left.found:
        return None
    journal = left.found[0].journal
    typed = None if journal.typed is None else journal.typed.text
    return Recovered(project_file.to_text(journal.history.now), typed, journal.damage)
