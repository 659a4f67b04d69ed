"""Places in a text as Python's parser counts them, and what is put in their stead.

A line ends where Python ends it, not where ``str.splitlines`` does; columns of
the parser count bytes of UTF-8, those here count signs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Remaining", "TextEdit", "applied", "ending_of", "lines_of", "span"]

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")

Place = tuple[int, int]  # line from 1, sign from 0


@dataclass(frozen=True)
class TextEdit:
    """Hold what stands from ``start`` up to ``end`` from now on, and how that is told."""

    start: Place
    end: Place
    text: str
    told: str = ""
    cell: int | None = None  # of a notebook, from 1; the places are of the cell then


@dataclass(frozen=True)
class Remaining:
    """Hold what a person has to change: the line, what is wrong with it, what to write."""

    line: int
    problem: str
    write: str = ""
    cell: int | None = None  # of a notebook, from 1; the line is of the cell then


def lines_of(text: str) -> list[str]:
    """Return the lines of ``text`` with their ends."""
    return _LINE.findall(text)


def ending_of(lines: list[str], line: int) -> str:
    """Return how ``line`` ends, or where it is the last one without an end, how the first does."""
    for text in (lines[line - 1], lines[0]):
        stem = text.rstrip("\r\n")
        if stem != text:
            return text[len(stem) :]
    return "\n"


def span(node: ast.AST, lines: list[str]) -> tuple[Place, Place]:
    """Return where ``node`` begins and ends, in signs."""
    place = (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]  # statements, expressions and aliases have them
    return _in_signs(place[0], lines), _in_signs(place[1], lines)


def applied(text: str, edits: Iterable[TextEdit]) -> str:
    """Return ``text`` with each of ``edits``, which do not overlap, in its place."""
    lines = lines_of(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        begin, end = (starts[line - 1] + sign for line, sign in (edit.start, edit.end))
        pieces += [text[at:begin], edit.text]
        at = end
    return "".join([*pieces, text[at:]])


def _in_signs(place: Place, lines: list[str]) -> Place:
    line, byte = place
    return line, len(lines[line - 1].encode()[:byte].decode())
