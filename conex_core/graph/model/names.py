"""Names of nodes, blocks and parameters: how a name is made that nothing else has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["unique_name", "unique_names"]

_NUMBERED = re.compile(r"^(.*\S)\s+\d{1,9}$", re.DOTALL)


def unique_name(wanted: str, taken: Iterable[str]) -> str:
    """Return ``wanted``, or the first of "wanted 2", "wanted 3" ... that is free."""
    return unique_names([wanted], taken)[0]


def unique_names(wanted: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Return for each of ``wanted`` what :func:`unique_name` does, no name twice."""
    names = taken if isinstance(taken, set | frozenset) else set(taken)
    free, found = dict[str, int](), dict[str, None]()  # an ordered set
    for name in wanted:
        match = _NUMBERED.match(name) if name in names or name in found else None
        stem = match[1] if match else name
        while name in names or name in found:
            free[stem] = free.get(stem, 1) + 1
            name = f"{stem} {free[stem]}"
        found[name] = None
    return list(found)
