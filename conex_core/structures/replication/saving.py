"""From a structure to its dict: what it consists of, in the order it is made again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conex_core.errors import StructureError
from conex_core.state import capture
from conex_core.structures.replication.entries import Carried
from conex_core.structures.replication.kind import HOLDER
from conex_core.structures.replication.kinds import kind_of
from conex_core.structures.replication.writing import Writer

__all__ = ["required_structures", "saved"]


def saved(structure: Any, *, state: bool, carried: Carried | None) -> dict[str, Any]:
    """Return the dict of a structure, with its parts in ``built_structures``."""
    if hasattr(structure, "SynapseGroups"):
        hint = "save its structures one by one, or put them into a Container"
        raise StructureError(structure.name, "is a whole network", hint=hint)
    parts = required_structures(structure)
    writer = Writer(parts, structure, carried)
    inner = {index: _entry(part, writer, state) for index, part in enumerate(parts)}
    entry = _entry(structure, writer, state)
    if not inner:
        return entry
    head = {name: entry.pop(name) for name in ("tag", "class", "behavior", "device")}
    return {**head, "built_structures": inner, **entry}


def required_structures(structure: Any) -> list[Any]:
    """Return everything inside ``structure`` to any depth, in the order it is made again.

    Neuron groups first and then synapse groups, then the structures that hold
    or join them, each after what it is made from; among equals as they joined
    the network.
    """
    inside = {id(part): part for part in _within(structure) if part is not structure}
    joined = {id(item): place for place, item in enumerate(structure.network.Structures)}
    heights: dict[int, int] = {}
    for part in inside.values():
        _climb(part, inside, heights)
    return sorted(inside.values(), key=lambda part: (heights[id(part)], joined.get(id(part), 0)))


def _within(structure: Any) -> Iterator[Any]:
    for part in kind_of(type(structure)).parts(structure):
        yield part
        yield from _within(part)


def _climb(part: Any, inside: Mapping[int, Any], heights: dict[int, int]) -> int:
    """Return a number above those of everything that ``part`` is made from."""
    if id(part) not in heights:
        kind = kind_of(type(part))
        heights[id(part)] = kind.rank  # seen by one that holds itself
        if kind.rank == HOLDER:
            below = [item for item in kind.made_from(part) if id(item) in inside]
            top = max((_climb(item, inside, heights) for item in below), default=0)
            heights[id(part)] = max(HOLDER, top + 1)
    return heights[id(part)]


def _entry(part: Any, writer: Writer, state: bool) -> dict[str, Any]:
    writer.owner = part
    writer.know("structure", type(part))
    tags = _given_tags(part)
    entry = {
        "tag": ",".join(tags),
        "class": type(part).__name__,
        "behavior": writer.behaviors(part.behavior),
        "device": str(part.device),
        **kind_of(type(part)).write(part, writer),
    }
    if part.key != tags[0] or part.is_keyed:
        entry["key"] = part.key
        entry.update({} if part.is_keyed else {"keyed": False})
    if state:
        entry["state"] = capture(part)
    return entry


def _given_tags(structure: Any) -> list[str]:
    """Return the tags of a structure, the name first that it was given.

    A network that is initialised renames groups of equal names ("e" to "eb")
    and keeps the given name as their last tag.
    """
    tags = [str(tag) for tag in structure.tags]
    renamed = "ng" in tags[:-1] and tags[0][:-1] == tags[-1]
    return [tags[-1], *tags[1:-1]] if renamed else tags
