"""Names of users in messages and tables: on one line, and no longer than a line holds.

For what a terminal or a log shows; what is stored, and JSON, keep names whole.
No torch, no Qt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

__all__ = ["escaped", "shortened", "shown_name", "with_shown_names"]

NAME, LINE = 60, 1000  # signs
_ELLIPSIS = "…"
# What ends a line, turns what stands around it, commands a terminal, or is half a sign.
_SIGNS = "\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff"
_ANY, _IN_A_LINE = re.compile(f"[{_SIGNS}]"), re.compile(f"(?!\n)[{_SIGNS}]")


def shown_name(name: str, most: int = NAME) -> str:
    """Return a name for a sentence or a cell: one line, its middle left out if it is too long."""
    return escaped(shortened(name, most))


def shortened(text: str, most: int) -> str:
    """Return ``text`` with dots for its middle, if it is longer than ``most`` signs."""
    half = (most - 1) // 2
    return text if len(text) <= most else f"{text[:half]}{_ELLIPSIS}{text[-half:]}"


def escaped(text: str, *, lines: bool = False) -> str:
    """Return ``text`` with control signs as JSON writes them; with ``lines``, it keeps its own."""
    signs = _IN_A_LINE if lines else _ANY
    return signs.sub(lambda found: json.dumps(found[0])[1:-1], text)


def with_shown_names(text: str, names: Iterable[str]) -> str:
    """Return a message in which each of ``names`` is as :func:`shown_name` has it."""
    odd = {name for name in names if name != shown_name(name)}
    for name in sorted(odd, key=len, reverse=True):
        for spelled in (name, repr(name)[1:-1]):
            text = text.replace(spelled, shown_name(name))
    return shortened(escaped(text), LINE)
