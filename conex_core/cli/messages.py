"""What the command line says, and where: results on stdout, problems on stderr.

Whatever users called their things, a problem is one line, and no sign in it
commands the terminal.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TextIO

from conex_core.shown_names import escaped, with_shown_names

if TYPE_CHECKING:
    from conex_core.graph.checks.check import Problem
    from conex_core.graph.model.document import Document
    from conex_core.run.results import RunResult

__all__ = [
    "DONE",
    "FAILED",
    "WRONG",
    "complain",
    "report",
    "result_to_data",
    "say",
    "say_json",
    "to_data",
]

DONE, WRONG, FAILED = 0, 2, 3


def say(text: str) -> None:
    """Write a line, or several, to standard output."""
    _write(sys.stdout, escaped(text, lines=True) + "\n")


def say_json(data: Any) -> None:
    """Write one JSON object to standard output."""
    say(json.dumps(data, indent=2, ensure_ascii=False))


def complain(text: str) -> None:
    """Write a message to standard error."""
    _write(sys.stderr, f"conex: {with_shown_names(text, ())}\n")
    sys.stderr.flush()


def report(problems: Iterable[Problem], doc: Document) -> None:
    """Write each problem to standard error: where, what, how to mend it."""
    names = set(_names(doc))
    for problem in problems:
        place = problem.where(doc)
        text = problem.message
        if place and not text.startswith(place.partition(" › ")[0]):
            text = f"{place}: {text}"
        line = with_shown_names(f"{_ended(text)}{_mends(problem)}", names)
        _write(sys.stderr, f"{problem.severity}: {line}\n")
    sys.stderr.flush()


def _write(stream: TextIO, text: str) -> None:
    """Write ``text``, with question marks for what the terminal has no signs for."""
    try:
        stream.write(text)
    except UnicodeEncodeError:
        stream.write(text.encode(stream.encoding, "replace").decode(stream.encoding))


def _names(doc: Document) -> Iterator[str]:
    """Yield everything that a file can call as it likes."""
    yield doc.name
    for key, definition in doc.definitions.items():
        yield from (key, definition.name, *(promoted.name for promoted in definition.promoted))
        for node in definition.nodes.values():
            yield from (node.id, node.name, node.kind, *node.params)
            yield from (name for item in node.stack for name in (item.id, item.kind, *item.params))
    for item in doc.settings.stack:
        yield from (item.id, item.kind, *item.params)
    yield from (name for monitor in doc.monitors for name in (monitor.id, monitor.kind))


def _ended(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."


def _mends(problem: Problem) -> str:
    """Return the mends that the message does not name already."""
    others = [fix.title for fix in problem.fixes if fix.title not in problem.message]
    if not others:
        return ""
    opening = "To mend it" if len(others) == len(problem.fixes) else "Or"
    return f" {opening}: {', or '.join(others)}."


def to_data(problem: Problem, doc: Document) -> dict[str, Any]:
    """Return ``problem`` as JSON-ready data."""
    return {
        "severity": problem.severity,
        "where": problem.where(doc),
        "message": problem.message,
        "fixes": [fix.title for fix in problem.fixes],
        "code": problem.code,
    }


def result_to_data(result: RunResult, problems: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a run as JSON-ready data; its warnings stand among the problems, and only there."""
    data = result.to_data() | {"problems": problems}
    del data["warnings"]
    return data
