"""The place of every object in its network: what its random numbers derive from.

A place is the way from the network to the object, ``column/L4/exc``, or the ``key``
that it was made with. No other object has a part in it; only equal places are
numbered, in the order they were made, so that a later one never changes an earlier
one. States and messages go by ``Neocortex.key_of``, which is as short as it can be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["places_of"]


def places_of(owners: Iterable[Any]) -> Mapping[int, str]:
    """Return the place of each object by its ``id``; ``owners`` are in the order made."""
    made = list(owners)
    numbers = _Numbers(made)
    places: dict[int, str] = {}
    taken: set[str] = set()
    for owner in made:
        place = numbers.place(owner)
        while place in taken:  # names with "/" or "#" in them can look like a path
            place += "'"
        taken.add(place)
        places[id(owner)] = place
    return places


class _Numbers:
    """Tell those apart that have one name in one structure."""

    def __init__(self, owners: list[Any]) -> None:
        self._number: dict[int, int] = {}
        # What joins others is named after their places, which must be known.
        self._count([owner for owner in owners if not _is_joined(owner)])
        self._count([owner for owner in owners if _is_joined(owner)])

    def place(self, owner: Any) -> str:
        """Return the way from the network to ``owner``."""
        home = _home(owner)
        before = "" if home is None else self.place(home)
        number = self._number.get(id(owner), 1)
        if _is_unnamed(owner):
            return f"{before}/{type(owner).__name__}_{number}".removeprefix("/")
        return before + self._name(owner) + (f"#{number}" if number > 1 else "")

    def _count(self, owners: list[Any]) -> None:
        seen: Counter[tuple[int, str, str]] = Counter()
        for owner in owners:
            is_unnamed = _is_unnamed(owner)
            kind, name = (type(owner).__name__, "") if is_unnamed else ("", self._name(owner))
            alike = (id(_home(owner)), kind, name)
            seen[alike] += 1
            self._number[id(owner)] = seen[alike]

    def _name(self, owner: Any) -> str:
        if getattr(owner, "is_keyed", False):
            return str(owner.key)
        home = _home(owner)
        if home is None:
            return str(getattr(owner, "given_name", "") or owner.tags[0])
        return str(home.name_of_part(owner, self.place))


def _home(owner: Any) -> Any:
    """Return the structure that ``owner`` is named after; none for what has a key of its own."""
    return None if getattr(owner, "is_keyed", False) else getattr(owner, "home", None)


def _is_unnamed(owner: Any) -> bool:
    return bool(getattr(owner, "is_unnamed", False)) and not getattr(owner, "is_keyed", False)


def _is_joined(owner: Any) -> bool:
    return bool(getattr(_home(owner), "joins", False))
