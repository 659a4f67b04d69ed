"""Names of nodes, blocks and parameters: how a name is made that nothing else has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["unique_name"]

_NUMBERED = re.compile(r"^(.*\S)\s+\d{1,9}$", re.DOTALL)


def unique_name(wanted: str, taken: Iterable[str]) -> str:
    """Return ``wanted``, or the first of "wanted 2", "wanted 3" ... that is free."""
    names = set(taken)
    if wanted not in names:
        return wanted
    match = _NUMBERED.match(wanted)
    stem = match[1] if match else wanted
    number = 2
    while f"{stem} {number}" in names:
        number += 1
    return f"{stem} {number}"
