"""Names of files to write: they end as what is written asks for, or nothing is begun.

A name is not completed, as the window does: there the user is asked about what
it would replace, and here a call would write another file than it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conex_core.errors import FileError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["check_ending"]


def check_ending(path: Path | None, ending: str, what: str) -> None:
    """Raise FileError where ``path`` does not end in ``ending``, as ``what`` needs to.

    Without a path there is nothing to refuse.
    """
    if path is None or (path.suffix.lower() == ending and path.stem):
        return
    stem = path.stem if path.suffix[1:].isalpha() else path.name  # "net v1.5" has no ending
    hint = f"Call it {stem}{ending}" if stem else "Give it a name"
    raise FileError(path, f"is no name for {what}, which needs to end in {ending}", hint=hint)
