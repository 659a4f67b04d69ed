"""Keep what a function made of the last few documents, which never change."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["memoized"]

_MOST = 3  # the document before an edit, the one after it, and one more

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def memoized(make: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """Return ``make``, asked once for each of the last few things it is given.

    Objects are told apart by identity. Threads may ask at once: the tuple of
    what is kept is swapped, never changed.
    """
    kept: tuple[tuple[tuple[object, ...], _Made], ...] = ()

    @wraps(make)
    def found(*given: _Given.args, **named: _Given.kwargs) -> _Made:
        nonlocal kept
        asked = (*given, *named.values())
        for known, made in kept:
            if all(one is other for one, other in zip(known, asked, strict=True)):
                return made
        made = make(*given, **named)
        kept = ((asked, made), *kept[: _MOST - 1])
        return made

    return found
