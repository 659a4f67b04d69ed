"""``conex move``: scripts of CoNeX and pymonntorch, rewritten where one is told to write.

Without a place to write, what would change goes to standard output as a diff
that ``patch`` reads, and what is said about it to standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conex_core.atomic_files import create, write
from conex_core.cli.endings import check_ending
from conex_core.cli.messages import DONE, WRONG, complain, say, say_json
from conex_core.errors import ConexError, FileError
from conex_core.moving import MovedFile, move_file
from conex_core.moving.text_edits import Remaining, TextEdit
from conex_core.shown_names import escaped

__all__ = ["move"]

_BACKUP = ".orig"


def move(options: argparse.Namespace) -> int:
    """Rewrite the imports of scripts and notebooks, or say what would be rewritten."""
    if options.output is not None:
        _check_output(options)
    code, told = DONE, []
    for path in options.scripts:
        try:
            told.append(_moved(path, options))
        except FileError as error:  # the others are still to be told about
            complain(str(error))
            code = WRONG
    if options.json:
        say_json({"files": told})
    return code


def _check_output(options: argparse.Namespace) -> None:
    if len(options.scripts) > 1:
        problem = f"-o is for one script, and {len(options.scripts)} are named"
        raise ConexError(f"{problem}. Use --in-place for several")
    source = options.scripts[0]
    what = "a notebook" if source.suffix.lower() == ".ipynb" else "a script"
    check_ending(options.output, ".ipynb" if what == "a notebook" else ".py", what)
    with contextlib.suppress(OSError):
        if options.output.samefile(source):
            hint = "Use --in-place, which keeps the old one beside it"
            raise FileError(options.output, "is the script itself", hint=hint)


def _moved(path: Path, options: argparse.Namespace) -> dict[str, Any]:
    found = move_file(path)
    target = _written(found, options)
    if not options.json:
        if target is None and found.is_changed:
            _show(found)
        stream = say if target is not None else _aside
        for line in _report(found, target, bool(options.in_place)):
            stream(line)
    return _as_data(found, target)


def _written(found: MovedFile, options: argparse.Namespace) -> Path | None:
    """Write where the call says so; return that place."""
    target: Path | None = found.path if options.in_place else options.output
    if target is None or (options.in_place and not found.is_changed):
        return None
    if options.in_place:
        _keep(found.path)
    write(target, found.data)
    return target


def _keep(path: Path) -> None:
    backup = path.with_name(path.name + _BACKUP)
    try:
        create(backup, path.read_bytes())
    except FileExistsError as error:
        hint = "Move it away; nothing was changed"
        raise FileError(backup, "is there already, from an earlier move", hint=hint) from error


def _show(found: MovedFile) -> None:
    """Write the diff as it is, in the encoding of the script; on a terminal, in signs it shows."""
    text = found.diff()
    if sys.stdout.isatty():
        say("\n".join(escaped(line.replace("\t", "    ")) for line in text.splitlines()))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode(found.encoding))
    sys.stdout.flush()


def _aside(text: str) -> None:
    sys.stderr.write(f"{escaped(text)}\n")


def _report(found: MovedFile, target: Path | None, in_place: bool) -> Iterator[str]:
    """Yield what was done and what is left, line by line."""
    name, told = found.path, [edit for edit in found.moved.edits if edit.told]
    if not found.is_changed:
        yield f"{name}: nothing to rewrite"
    elif target is None:
        yield f"{name}: {_count(len(told), 'change')}, not written; -o FILE or --in-place writes"
    else:
        kept = f", the old file is {name.name}{_BACKUP}" if in_place else ""
        yield f"{target}: written with {_count(len(told), 'change')}{kept}"
    for edit in told:
        yield f"  {_place(edit.cell, edit.start[0])}: {edit.told}"
    left = _left(found, target)
    if left:
        yield f"To do by hand in {target or name}: {_count(len(left), 'place')}"
    for item in left:
        write_this = f". Write: {item.write}" if item.write else ""
        yield f"  {_place(item.cell, item.line)}: {item.problem}{write_this}"


def _left(found: MovedFile, target: Path | None) -> tuple[Remaining, ...]:
    """Return what is left, at the lines of the file that a person will open."""
    return found.moved.remaining if target is None else found.moved.left


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _place(cell: int | None, line: int) -> str:
    return f"line {line}" if cell is None else f"cell {cell}, line {line}"


def _as_data(found: MovedFile, target: Path | None) -> dict[str, Any]:
    return {
        "file": str(found.path),
        "output": None if target is None else str(target),
        "changed": found.is_changed,
        "changes": [_change(edit) for edit in found.moved.edits if edit.told],
        "by_hand": [
            {"line": item.line, "cell": item.cell, "problem": item.problem, "write": item.write}
            for item in _left(found, target)
        ],
        "diff": found.diff(),
    }


def _change(edit: TextEdit) -> dict[str, Any]:
    return {"line": edit.start[0], "cell": edit.cell, "what": edit.told}
