"""From the dict of a saved structure to checked entries; nothing is built here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conex_core.graph.files.json_places import JsonPlace, Record
from conex_core.structures.replication.entries import Carried, SavedStructure
from conex_core.structures.replication.kind import Kind
from conex_core.structures.replication.kinds import kind_of
from conex_core.structures.replication.reading import Reading, name_from

__all__ = ["parse"]

_MOST = 100_000  # structures


def parse(
    data: Any, path: object = "structure", carried: Carried | None = None
) -> list[SavedStructure]:
    """Return the structures of a dict in the order in which they are made, the whole last.

    Raises
    ------
    FileError
        With the place of what is wrong.
    UnknownName
        If a class is not registered.
    """
    place = JsonPlace(data, str(path))
    if not isinstance(data, dict):
        raise place.error("is not a saved structure", "Pass what save_structure returned")
    reading = Reading(carried or Carried())
    for item in _numbered(place):
        reading.entries.append(_entry(reading, item))
    return [*reading.entries, _entry(reading, place)]


def _entry(reading: Reading, place: JsonPlace) -> SavedStructure:
    """Return one structure of the dict, its references checked."""
    record = place.record()
    cls = reading.class_named("structure", record.need("class", name_from))
    kind = kind_of(cls)
    known = {name: _field(reading, record, kind, name) for name in kind.schema}
    key = record.take("key", name_from, None)
    return SavedStructure(
        cls=cls,
        tags=record.take("tag", _tags, ()),
        key=key,
        is_keyed=record.take("keyed", _flag, key is not None),
        stack=record.take("behavior", reading.stack, ()),
        fields={name: value for name, value in known.items() if value is not None},
        state=record.take("state", _state, None),
    )


def _field(reading: Reading, record: Record, kind: Kind, name: str) -> Any:
    def read(place: JsonPlace) -> Any:
        return kind.schema[name](place, reading)

    needed = name in kind.required
    return record.need(name, read) if needed else record.take(name, read, None)


def _numbered(place: JsonPlace) -> list[JsonPlace]:
    """Return the inner structures by their index; in JSON the indices are texts."""
    if place.value.get("built_structures") is None:
        return []
    inner = JsonPlace(place.value["built_structures"], place.path, "built_structures", place)
    if not isinstance(inner.value, dict) or len(inner.value) > _MOST:
        raise inner.error(f"must be an object of at most {_MOST} structures")
    members = {str(key): value for key, value in inner.value.items()}
    if members.keys() != {str(index) for index in range(len(inner.value))}:
        raise inner.error("must have the keys 0, 1, 2 and so on")
    return [JsonPlace(members[str(i)], place.path, str(i), inner) for i in range(len(members))]


def _flag(place: JsonPlace) -> bool:
    if not isinstance(place.value, bool):
        raise place.error("must be true or false")
    return place.value


def _tags(place: JsonPlace) -> tuple[str, ...]:
    tags = tuple(tag.strip() for tag in name_from(place).split(","))
    if not tags[0]:
        raise place.error("must start with a name")
    return tuple(tag for tag in tags if tag)


def _state(place: JsonPlace) -> Mapping[str, Any]:
    if not isinstance(place.value, dict):
        raise place.error("must be an object")
    return place.value
