"""The arguments that structures are made with: names, behaviors, and what they refer to.

A name or key that the network has already is made unique for the whole; inner
structures keep their tags, and their keys get the name of the whole in front.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import Any

from conex_core.errors import StructureError
from conex_core.structures.groups import COMPARTMENTS
from conex_core.structures.replication.entries import (
    Call,
    Outside,
    SavedStructure,
    is_given_anew,
    is_object,
)

__all__ = ["Maker"]


class Maker:
    """Make what the structures of one dict are made with, in a network.

    ``made`` are those that are there already; ``lookup`` finds a structure
    outside by its name.
    """

    def __init__(
        self,
        net: Any,
        entries: list[SavedStructure],
        *,
        lookup: Callable[[str, SavedStructure, str], Any],
        dataloaders: Mapping[str, Any],
        tag: str | None = None,
    ) -> None:
        self.net, self._lookup = net, lookup
        self._dataloaders = dataloaders
        self.made: list[Any] = []
        others = net.all_objects()
        self._keys = {str(getattr(other, "key", "")) for other in others}
        self._taken = self._keys | {str(other.tags[0]) for other in others}
        self._whole = entries[-1]
        self._whole_tags = self._tags_of_whole(tag)

    def common(self, entry: SavedStructure) -> dict[str, Any]:
        """Return the arguments that every structure takes: tag, behavior and key."""
        tags = self._whole_tags if entry is self._whole else entry.tags
        stack = self.stack(entry.stack, entry)
        return {"tag": ",".join(tags) or None, "behavior": stack, "key": self._key(entry)}

    def stack(
        self, stack: Iterable[tuple[float | None, Call]] | None, entry: SavedStructure
    ) -> Any:
        """Return new behaviors by key; a list where the keys were not kept."""
        if stack is None:
            return None
        made = [(key, self._behavior(call, entry)) for key, call in stack]
        if any(key is None for key, _ in made):
            return [behavior for _, behavior in made]
        return dict(made)

    def found(self, reference: int | Outside | None, entry: SavedStructure, field: str) -> Any:
        """Return the structure that an entry refers to."""
        if isinstance(reference, Outside):
            return self._lookup(reference.name, entry, field)
        return None if reference is None else self.made[reference]

    def one(self, entry: SavedStructure, field: str) -> Any:
        """Return the structure that a field refers to, or None."""
        return self.found(entry.fields.get(field), entry, field)

    def all(self, entry: SavedStructure, field: str) -> list[Any]:
        """Return the structures that a field lists."""
        return [self.found(item, entry, field) for item in entry.fields.get(field, ())]

    def ports(self, ports: Mapping[str, Any] | None, entry: SavedStructure) -> dict[str, Any]:
        """Return the ports of an entry, each target (structure, label, behaviors)."""
        return {
            name: (
                value,
                [
                    (self.found(target, entry, name), label, self.stack(stack, entry))
                    for target, label, stack in targets
                ],
            )
            for name, (value, targets) in (ports or {}).items()
        }

    def _behavior(self, call: Call, entry: SavedStructure) -> Any:
        keywords = {
            name: self._given(call.cls, name, v, entry) for name, v in call.keywords.items()
        }
        declared = getattr(call.cls, "declared", {})
        empty = {n for n, v in keywords.items() if v is None and n in declared}
        keywords = {n: v for n, v in keywords.items() if n not in empty or declared[n].optional}
        try:
            inspect.signature(call.cls).bind(*call.arguments, **keywords)
        except TypeError as error:
            kind = call.cls.__name__
            problem = f"its behavior {kind} cannot be made from its parameters: {error}"
            hint = f"declare what {kind} takes as parameters, such as tau = Number(...)"
            raise StructureError(entry.name, problem, hint=hint) from error
        return call.cls(*call.arguments, **keywords)

    def _given(self, cls: type, name: str, value: Any, entry: SavedStructure) -> Any:
        if not is_given_anew(cls, name):
            return value
        if entry.name in self._dataloaders:
            return self._dataloaders[entry.name]
        if not is_object(value):
            return value
        problem = "needs its data, which a saved structure does not hold"
        hint = f'pass dataloaders={{"{entry.name}": loader}}'
        raise StructureError(entry.name, problem, hint=hint)

    def _tags_of_whole(self, tag: str | None) -> tuple[str, ...]:
        tags = self._whole.tags
        if tag is not None:
            given = tuple(part.strip() for part in tag.split(",") if part.strip())
            if not given or given[0] in self._taken:
                problem = f"cannot be called {tag!r}: the network has that name already"
                raise StructureError(self._whole.name, problem, hint="choose another tag")
            return (*given, *(tags if tags and tags[0] in COMPARTMENTS else tags[1:]))
        if not tags or tags[0] in COMPARTMENTS:
            return tags
        return (self._fresh(tags[0]), *tags[1:])

    def _key(self, entry: SavedStructure) -> str | None:
        if entry is self._whole:
            renamed = bool(entry.tags) and self._whole_tags[0] != entry.tags[0]
            key = None if renamed else entry.key
            key = key or (self._whole_tags[0] if self._whole_tags else None)
            return None if key is None else self._fresh(key, self._keys)
        key = entry.key or (entry.tags[0] if entry.tags else None)
        if key not in self._keys:
            return key
        whole = self._whole_tags[0] if self._whole_tags else self._whole.name
        return self._fresh(f"{whole}/{key}", self._keys)

    def _fresh(self, name: str, taken: set[str] | None = None) -> str:
        """Return ``name``, with a number after it where the network has it already."""
        taken = self._taken if taken is None else taken
        numbered = (f"{name} {number}" for number in count(2))
        return name if name not in taken else next(n for n in numbered if n not in taken)
