"""One text of Python with its imports rewritten, and what is left to do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conex_core.moving.by_hand import left_by_hand
from conex_core.moving.imports import import_changes
from conex_core.moving.parsing import parsed
from conex_core.moving.text_edits import Remaining, TextEdit, applied, lines_of

__all__ = ["MovedScript", "changes_of", "move_text"]


@dataclass(frozen=True)
class MovedScript:
    """Hold a text as it is now, with what was done and what is left."""

    text: str
    edits: tuple[TextEdit, ...]
    remaining: tuple[Remaining, ...]

    @property
    def left(self) -> tuple[Remaining, ...]:
        """Return what is left, at its lines in ``text``; ``remaining`` has those of before."""
        return tuple(replace(item, line=self._line_now(item)) for item in self.remaining)

    def _line_now(self, item: Remaining) -> int:
        above = [
            edit for edit in self.edits if edit.cell == item.cell and edit.start[0] < item.line
        ]
        return item.line + sum(_lines_more(edit) for edit in above)


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


def _lines_more(edit: TextEdit) -> int:
    begun = f"{edit.text}|"  # so that an end of line counts as the line after it
    return len(lines_of(begun)) - 1 - (edit.end[0] - edit.start[0])
