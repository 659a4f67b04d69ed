"""Notebooks: their cells of code are rewritten, everything else stays as it is.

Lines for IPython (``%matplotlib inline``, ``!pip install``) are left alone. The
file keeps its indentation and its signs where it was written as Jupyter and its
kin do; otherwise it is laid out anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from conex_core.errors import FileError
from conex_core.moving.parsing import parsed
from conex_core.moving.script import MovedScript, changes_of
from conex_core.moving.text_edits import Remaining, TextEdit, applied, lines_of

__all__ = ["move_notebook"]

_MAGIC = re.compile(r"([ \t]*)(?:[%!?].*|[^#'\"]*\?\??[ \t]*)")
_TAKEN = re.compile(r"([ \t]*[\w.,\[\] \t]+=[ \t]*)[%!].*")
_WHOLE = re.compile(r"%%(?!time\b|timeit\b|capture\b|prun\b|python3?\b)\w+")


@dataclass(frozen=True)
class _Cell:
    number: int  # of all cells, from 1
    text: str
    first: int  # its first line in the text of all cells, from 0
    code: str  # of which Python is left, on as many lines


def move_notebook(text: str, name: str = "the notebook") -> MovedScript:
    """Return a notebook with its imports from conex_core.

    Raises
    ------
    FileError
        If it is no notebook, or if none of its cells is Python 3.
    """
    data = _read(text, name)
    cells, remaining = _cells(data["cells"], name)
    joined = "".join(f"{cell.code}\n" for cell in cells)
    edits, left = changes_of(joined, name)
    made: list[TextEdit] = []
    for cell in cells:
        mine = [_moved(edit, -cell.first) for edit in edits if _is_in(edit.start[0], cell)]
        if mine:
            _put(data["cells"][cell.number - 1], applied(cell.text, mine))
        made += [replace(edit, cell=cell.number) for edit in mine]
        remaining += [
            replace(item, line=item.line - cell.first, cell=cell.number)
            for item in left
            if _is_in(item.line, cell)
        ]
    remaining.sort(key=lambda item: (item.cell or 0, item.line))
    changed = _written(text, data) if made else text
    return MovedScript(changed, tuple(made), tuple(remaining))


def _read(text: str, name: str) -> Any:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        hint = "Open it in Jupyter and save it again"
        raise FileError(name, f"is no notebook: {error}", hint=hint) from error
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        hint = "Notebooks of before 2015 are converted by: jupyter nbconvert --to notebook"
        raise FileError(name, "is no notebook: it has no list of cells", hint=hint)
    language = _at(data, "metadata", "kernelspec", "language")
    language = language or _at(data, "metadata", "language_info", "name")
    if isinstance(language, str) and language.lower() not in ("", "python", "ipython"):
        raise FileError(name, f"is a notebook of {language[:40]}, not of Python")
    return data


def _at(data: Any, *path: str) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _cells(all_cells: list[Any], name: str) -> tuple[list[_Cell], list[Remaining]]:
    """Return the cells that are Python, and what is told of those that are not."""
    found: list[_Cell] = []
    refused: list[FileError] = []
    left: list[Remaining] = []
    first = 0
    for number, cell in enumerate(all_cells, 1):
        text = _source(cell)
        if cell.get("cell_type") != "code" or not text.strip() or _WHOLE.match(text.lstrip()):
            continue
        try:
            code = _python_of(text, name, f"cell {number}")
        except FileError as error:
            refused.append(error)
            line = int((re.findall(r"line (\d+)", error.place) or [1])[0])
            left.append(Remaining(line, f"this cell {error.problem}", error.hint, number))
            continue
        found.append(_Cell(number, text, first, code))
        first += len(lines_of(f"{code}\n"))
    if refused and not found:
        raise refused[0]
    return found, left


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))


def _put(cell: dict[str, Any], text: str) -> None:
    cell["source"] = text.splitlines(keepends=True) if isinstance(cell["source"], list) else text


def _python_of(text: str, name: str, place: str) -> str:
    """Return a cell with ``pass`` for the lines that are IPython's, where there are any."""
    try:
        parsed(text, name, place)
    except FileError:
        without = "".join(_without_magic(lines_of(text)))
        parsed(without, name, place)
        return without
    return text


def _without_magic(lines: list[str]) -> Iterator[str]:
    is_continued = False
    for line in lines:
        stem = line.rstrip("\r\n")
        ending = line[len(stem) :]
        taken, magic = _TAKEN.fullmatch(stem), _MAGIC.fullmatch(stem)
        if is_continued:
            yield ending
        elif taken:
            yield f"{taken[1]}None{ending}"
        elif magic:
            yield f"{magic[1]}pass{ending}"
        else:
            yield line
        is_continued = (is_continued or bool(magic or taken)) and stem.endswith("\\")


def _is_in(line: int, cell: _Cell) -> bool:
    return cell.first < line <= cell.first + len(lines_of(f"{cell.code}\n"))


def _moved(edit: TextEdit, lines: int) -> TextEdit:
    (start, first), (end, last) = edit.start, edit.end
    return replace(edit, start=(start + lines, first), end=(end + lines, last))


def _written(before: str, data: Any) -> str:
    """Return ``data`` as JSON, laid out as ``before`` is."""
    found = json.loads(before)
    end = before[len(before.rstrip()) :]
    for layout in _layouts():
        if json.dumps(found, **layout) + end == before:
            return json.dumps(data, **layout) + end
    return json.dumps(data, indent=1, ensure_ascii=False) + (end or "\n")


def _layouts() -> Iterator[dict[str, Any]]:
    for indent in (1, 2, 4, None, 0, 3, "\t"):
        for ascii_only in (False, True):
            yield {"indent": indent, "ensure_ascii": ascii_only}
    for ascii_only in (False, True):
        yield {"separators": (",", ":"), "ensure_ascii": ascii_only}
