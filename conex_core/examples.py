"""The examples that ship with the program, by name: projects, and scripts on conex_core."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from conex_core.errors import UnknownName
from conex_core.graph.files import project_file
from conex_core.resources import root

if TYPE_CHECKING:
    from conex_core.graph.model.document import Document

__all__ = ["load", "names", "path_of", "script_names", "summary_of", "text_of"]

# From the smallest to the largest; an example that is not listed comes after them.
_ORDER = ("smallest", "balanced", "digits")


def names() -> list[str]:
    """Return the names of all projects, the simplest first."""
    found = {path.stem for path in (root() / "examples").glob(f"*{project_file.EXTENSION}")}
    first = [name for name in _ORDER if name in found]
    return [*first, *sorted(found - set(first))]


def script_names() -> list[str]:
    """Return the names of all scripts."""
    return sorted(path.stem for path in (root() / "scripts").glob("*.py"))


def path_of(name: str) -> Path:
    """Return the file of an example, a project or a script, or raise UnknownName."""
    if name in names():
        return root() / "examples" / f"{name}{project_file.EXTENSION}"
    if name in script_names():
        return root() / "scripts" / f"{name}.py"
    raise UnknownName("example", name, [*names(), *script_names()])


def text_of(name: str) -> str:
    """Return the text of an example's file."""
    return path_of(name).read_text(encoding="utf-8")


def load(name: str) -> Document:
    """Return a project as a document."""
    return project_file.load(path_of(name))


def summary_of(name: str) -> str:
    """Return the first line of an example's description."""
    if name in script_names():
        about = ast.get_docstring(ast.parse(text_of(name))) or ""
    else:
        about = load(name).description
    return about.partition("\n")[0]
