"""How far a network is built, on standard error, for people who wait for it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from conex_core.shown_names import shown_name

__all__ = ["building"]

Progress = Callable[[int, int, str], None]

_SOON_S, _AGAIN_S = 0.5, 0.1  # a network that is there at once needs no words
_LINE_S = 2.0


@contextmanager
def building(*, quiet: bool = False, verbose: bool = False) -> Iterator[Progress | None]:
    """Give what tells how far a build is: one line on a terminal, lines where asked for."""
    if not quiet and sys.stderr.isatty():
        line = _Line()
        try:
            yield line.tell
        finally:
            line.clear()
    else:
        yield _Lines().tell if verbose else None


class _Line:
    """Write over one line again and again."""

    def __init__(self) -> None:
        self._next, self._width = time.monotonic() + _SOON_S, 0

    def tell(self, done: int, of: int, doing: str) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _AGAIN_S
            self._write(_text(done, of, doing))

    def clear(self) -> None:
        if self._width:
            self._write("")
            sys.stderr.write("\r")
            sys.stderr.flush()

    def _write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)


class _Lines:
    """Write a line where something else begins, and now and then in between."""

    def __init__(self) -> None:
        self._next, self._told = 0.0, ""

    def tell(self, done: int, of: int, doing: str) -> None:
        now = time.monotonic()
        if doing != self._told or now >= self._next:
            self._next, self._told = now + _LINE_S, doing
            sys.stderr.write(_text(done, of, doing) + "\n")
            sys.stderr.flush()


def _text(done: int, of: int, doing: str) -> str:
    return f"{100 * done // max(of, 1):3} %  {shown_name(doing)}"
