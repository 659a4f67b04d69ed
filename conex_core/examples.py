"""The example projects that ship with the program, by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conex_core.errors import UnknownName
from conex_core.graph import file
from conex_core.resources import root

if TYPE_CHECKING:
    from conex_core.graph.state import Document

__all__ = ["load", "names", "path_of", "summary_of", "text_of"]

# From the smallest to the largest; an example that is not listed comes after them.
_ORDER = ("smallest", "balanced", "digits")


def names() -> list[str]:
    """Return the names of all examples, the simplest first."""
    found = {path.stem for path in (root() / "examples").glob(f"*{file.EXTENSION}")}
    first = [name for name in _ORDER if name in found]
    return [*first, *sorted(found - set(first))]


def path_of(name: str) -> Path:
    """Return the project file of an example, or raise UnknownName."""
    if name not in names():
        raise UnknownName("example", name, names())
    return root() / "examples" / f"{name}{file.EXTENSION}"


def text_of(name: str) -> str:
    """Return the text of an example's project file."""
    return path_of(name).read_text(encoding="utf-8")


def load(name: str) -> Document:
    """Return an example as a document."""
    return file.load(path_of(name))


def summary_of(name: str) -> str:
    """Return the first line of an example's description."""
    return load(name).description.partition("\n")[0]
