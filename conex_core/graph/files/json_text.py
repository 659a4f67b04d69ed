"""JSON as project files use it: the same data gives the same text, and strictly read.

Beyond the json module: sorted keys, short lists on one line, no NaN or
Infinity, no key twice in one object, a limit on depth, and errors that name the
place. Reading only makes data; nothing is looked up or executed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import partial
from json.encoder import encode_basestring
from typing import Any

from conex_core.errors import FileError

__all__ = ["dumps", "loads"]

_WIDTH = 96
_DEEPEST = 48
_LONGEST_INTEGER = 18


class _Refused:
    """Stand in the data for something that may not be there, until its place is known."""

    def __init__(self, problem: str) -> None:
        self.problem = problem


def dumps(data: Any) -> str:
    """Return ``data`` as JSON text with a line end; numbers that are not finite as texts."""
    return _text(data, "") + "\n"


def loads(text: str, path: object, what: str = "a CoNeX Studio project") -> Any:
    """Return the data of a JSON text; ``what`` it should be is for messages.

    Raises
    ------
    FileError
        With the line and column, or the place in the data, of what is wrong.
    """
    refused: list[_Refused] = []
    try:
        data = json.loads(
            text,
            object_pairs_hook=partial(_object, refused),
            parse_constant=partial(_constant, refused),
            parse_float=partial(_float, refused),
            parse_int=partial(_integer, refused),
        )
    except json.JSONDecodeError as error:
        raise _broken(text, path, error, what) from None
    except RecursionError:
        raise _too_deep(path) from None
    _measure_depth(data, path)
    if refused:
        _complain(data, path)
    return data


def _text(value: Any, pad: str) -> str:
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        rows = [f"{_scalar(str(key))}: " for key in sorted(value)]
        cells = [_text(value[key], pad + " ") for key in sorted(value)]
        lines = [f"{row}{cell}" for row, cell in zip(rows, cells, strict=True)]
        return _tagged(value, lines, pad) or _block(lines, "{}", pad)
    if isinstance(value, list | tuple):
        lines = [_text(item, pad + " ") for item in value]
        if not any(isinstance(item, list | tuple | Mapping) for item in value):
            line = f"[{', '.join(lines)}]"
            if len(line) + len(pad) <= _WIDTH:
                return line
        return _block(lines, "[]", pad)
    return _scalar(value)


def _tagged(value: Mapping[str, Any], lines: list[str], pad: str) -> str:
    """Return a distribution on one line; empty text for everything else."""
    line = "{" + ", ".join(lines) + "}"
    fits = "$" in value and "\n" not in line and len(line) + len(pad) <= _WIDTH
    return line if fits else ""


def _block(lines: Iterable[str], brackets: str, pad: str) -> str:
    inside = f",\n{pad} ".join(lines)
    return f"{brackets[0]}\n{pad} {inside}\n{pad}{brackets[1]}" if inside else brackets


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        text = float.__repr__(value)
        return text if math.isfinite(value) else _quoted(text)
    if isinstance(value, int):
        return int.__repr__(value)
    raise FileError("project", f"cannot hold a value of the type {type(value).__name__}")


def _quoted(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair; escaped, it survives
        return json.dumps(text)
    return encode_basestring(text)


def _object(refused: list[_Refused], pairs: list[tuple[str, Any]]) -> Any:
    data = dict(pairs)
    if len(data) == len(pairs):
        return data
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return _refuse(refused, f"holds {_short(key)} twice")
        seen.add(key)
    return data


def _constant(refused: list[_Refused], token: str) -> _Refused:
    return _refuse(refused, f"holds {token}, which is not a finite number")


def _float(refused: list[_Refused], token: str) -> Any:
    value = float(token)
    if math.isfinite(value):
        return value
    return _refuse(refused, f"holds {_short(token)}, which is too large")


def _integer(refused: list[_Refused], token: str) -> Any:
    if len(token.lstrip("-")) <= _LONGEST_INTEGER:
        return int(token)
    return _refuse(refused, f"holds {_short(token)}, which is too large")


def _refuse(refused: list[_Refused], problem: str) -> _Refused:
    refused.append(_Refused(problem))
    return refused[-1]


def _measure_depth(data: Any, path: object) -> None:
    level = [data] if isinstance(data, dict | list) else []
    for _ in range(_DEEPEST):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise _too_deep(path)


def _complain(data: Any, path: object) -> None:
    """Raise FileError at the first refused value, with its place."""
    pending: list[tuple[Any, tuple[str, ...]]] = [(data, ())]
    while pending:
        value, place = pending.pop()
        if isinstance(value, _Refused):
            hint = "Correct this place in the file, or take an older copy of it"
            raise FileError(path, value.problem, place=".".join(place), hint=hint)
        if isinstance(value, dict):
            pending += [(item, (*place, _short(key))) for key, item in value.items()]
        elif isinstance(value, list):
            pending += [(item, (*place, str(index))) for index, item in enumerate(value)]


def _too_deep(path: object) -> FileError:
    return FileError(path, f"is nested deeper than {_DEEPEST} levels")


def _broken(text: str, path: object, error: json.JSONDecodeError, what: str) -> FileError:
    place = f"line {error.lineno}, column {error.colno}"
    if not text.strip():
        return FileError(path, "is empty", hint="Take an older copy of it")
    unterminated = error.msg.startswith("Unterminated string")
    if unterminated or error.pos >= len(text.rstrip()):
        problem = "ends too early; the file seems to be cut off"
        return FileError(path, problem, place=place, hint="Take an older copy of it")
    problem = f"is not valid JSON ({error.msg[:1].lower()}{error.msg[1:]})"
    return FileError(path, problem, place=place, hint=f"Is this {what}?")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."
