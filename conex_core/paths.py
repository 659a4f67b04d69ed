"""Paths that a project names: they stay inside its folder."""

from __future__ import annotations

from pathlib import Path

from conex_core.errors import FileError

__all__ = ["inside"]


def inside(base: Path, path: str) -> Path:
    """Return ``path`` below ``base``.

    Raises
    ------
    FileError
        If it is empty, no path at all, or leads elsewhere.
    """
    if not path:
        raise FileError("path", "is empty", hint="Give the file's path, relative to the project")
    try:
        root = base.resolve()
        found = (root / path).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise FileError(path, f"is no path ({error})") from None
    if not found.is_relative_to(root):
        raise FileError(
            path, f"leads out of the project's folder {root}", hint="Copy the file beside it"
        )
    return found
