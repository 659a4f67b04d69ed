"""What the entries of a state are called: ``Excitatory/LIF/v``.

A name says the object, the behavior and the variable. It is for people and other
programs; where a value belongs is told by its keys, so names may be any.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from conex_core.behavior import name_of

__all__ = ["EntryNames", "Labels", "label_of", "plain_label"]

Labels = Mapping[str, Mapping[str, str]]  # by the key of an object and a variable

_FINE = frozenset(" -_.+()[],=")
_LONGEST = 80  # characters of one part


class EntryNames:
    """Give names that differ: equal ones get #2, #3 and so on.

    ``parts`` are what a name may end in where its value takes several entries.
    """

    def __init__(self, parts: Collection[str] = ()) -> None:
        self._parts, self._taken, self._next = tuple(parts), set[str](), dict[str, int]()

    def free(self, wanted: str) -> str:
        """Return ``wanted``, or with a number the first that nothing is called yet."""
        number = self._next.get(wanted, 1)
        while (name := wanted if number == 1 else f"{wanted}#{number}") in self._taken:
            number += 1
        self._next[wanted] = number + 1
        self._taken |= {name, *(f"{name}.{part}" for part in self._parts)}
        return name


def label_of(owner: Any, variable: str) -> str:
    """Return what a variable is called that a state holds of ``owner``."""
    place, _, name = variable.rpartition(".")
    kind = place.partition("[")[0] or _maker(owner, name)
    return _joined(_given_name(owner), kind, name)


def plain_label(key: str, variable: str) -> str:
    """Return what a variable is called where nothing is known but its keys."""
    place, _, name = variable.rpartition(".")
    return _joined(key, place.partition("[")[0], name)


def _given_name(owner: Any) -> str:
    """Return the name of an object without the letter that a network adds to equal ones."""
    shown = name_of(owner)
    return next((tag for tag in owner.tags if tag == shown[:-1]), shown)


def _maker(owner: Any, name: str) -> str:
    """Return the first behavior that provides a variable; none where nothing says so."""
    for _, behavior in sorted(owner.behavior.items(), key=lambda item: item[0]):
        if f"own.{name}" in getattr(behavior, "provides", ()):
            return type(behavior).__name__
    return ""


def _joined(*parts: str) -> str:
    return "/".join(_safe(part) for part in parts if part)


def _safe(part: str) -> str:
    """Return a part of a name without signs that paths, shells or archives take for theirs."""
    signs = (
        sign if sign.isalnum() or sign in _FINE else "-" if sign in "/\\" else "_"
        for sign in unicodedata.normalize("NFC", part)
    )
    return "".join(signs).strip(" .")[:_LONGEST] or "unnamed"
