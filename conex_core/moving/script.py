"""One text of Python with its imports rewritten, and what is left to do."""

from __future__ import annotations

from dataclasses import dataclass

from conex_core.moving.by_hand import left_by_hand
from conex_core.moving.imports import import_changes
from conex_core.moving.parsing import parsed
from conex_core.moving.text_edits import Remaining, TextEdit, applied

__all__ = ["MovedScript", "changes_of", "move_text"]


@dataclass(frozen=True)
class MovedScript:
    """Hold a text as it is now, with what was done and what is left."""

    text: str
    edits: tuple[TextEdit, ...]
    remaining: tuple[Remaining, ...]


def move_text(text: str, name: str = "the script") -> MovedScript:
    """Return ``text`` with its imports from conex_core; nothing else is changed.

    Raises
    ------
    FileError
        If it is no Python 3, with place and advice.
    """
    edits, remaining = changes_of(text, name)
    return MovedScript(applied(text, edits), edits, remaining)


def changes_of(text: str, name: str) -> tuple[tuple[TextEdit, ...], tuple[Remaining, ...]]:
    """Return the edits of ``text`` in the order of its lines, and what is left."""
    tree = parsed(text, name)
    found = list(import_changes(tree, text, name))
    edits = {item for item in found if isinstance(item, TextEdit)}
    left = [item for item in found if isinstance(item, Remaining)] + list(left_by_hand(tree))
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    return tuple(ordered), tuple(sorted(set(left), key=lambda item: (item.line, item.problem)))
