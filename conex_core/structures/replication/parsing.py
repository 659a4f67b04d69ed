"""From the dict of a saved structure to checked entries; nothing is built here.

The dict may come from a file of somebody else: every type, index and name is
checked, and the error says where in the dict it stands.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from conex_core.distributions import DISTRIBUTIONS, from_data
from conex_core.errors import ConexError, UnknownName
from conex_core.graph.files.codec import Field, Record
from conex_core.structures.replication.kind import Kind
from conex_core.structures.replication.kinds import kind_of
from conex_core.structures.replication.registry import class_named

__all__ = ["Call", "Carried", "Entry", "Outside", "Reading", "is_given_anew", "is_object", "parse"]

_MOST = 100_000  # structures
_LONGEST = 10_000  # signs of a tag
_COMMON = ("tag", "device", "behavior_enabled")


@dataclass
class Carried:
    """Hold what goes from a structure to its replica beside the dict, in memory only."""

    objects: list[Any] = field(default_factory=list)
    classes: list[type] = field(default_factory=list)
    outside: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outside:
    """Stand for a structure that is not part of the saved one."""

    name: str


@dataclass(frozen=True)
class Call:
    """Hold a behavior that is to be made: its class and its arguments."""

    cls: type
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """Hold one structure that is to be made; references are indices of earlier ones."""

    cls: type
    kind: Kind
    tags: tuple[str, ...]
    key: str | None
    stack: tuple[tuple[float | None, Call], ...]
    fields: Mapping[str, Any]
    state: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        """Return the name the structure had; of synapses, from where to where they go."""
        arrow = next((tag for tag in self.tags if " => " in tag), "")
        return arrow or (self.tags[0] if self.tags else self.cls.__name__)


class Reading:
    """Read the values of one dict; knows which structures come before the present one."""

    def __init__(self, carried: Carried) -> None:
        self.carried = carried
        self.entries: list[Entry] = []

    def entry(self, place: Field) -> Entry:
        """Return one structure of the dict, its references checked."""
        record = place.record()
        cls = self._class("structure", record.need("class", _name))
        kind = kind_of(cls)
        known = {name: self._field(record, kind, name) for name in kind.schema}
        return Entry(
            cls=cls,
            kind=kind,
            tags=record.take("tag", _tags, ()),
            key=record.take("key", _name, None),
            stack=record.take("behavior", self.stack, ()),
            fields={name: value for name, value in known.items() if value is not None},
            state=record.take("state", _state, None),
        )

    def stack(self, place: Field) -> tuple[tuple[float | None, Call], ...]:
        """Return the behaviors of a list, with their keys."""
        stack = tuple(self._behavior(item) for item in place.items())
        keys = [key for key, _ in stack if key is not None]
        if len(keys) != len(set(keys)):
            raise place.error("holds two behaviors of the same key")
        return stack

    def reference(self, place: Field, wanted: tuple[type, ...] = ()) -> int | Outside | None:
        """Return the index of an earlier structure, or one outside, or None."""
        if place.value is None:
            return None
        if isinstance(place.value, dict):
            return Outside(place.record().need("outside", _name))
        index = place.whole()
        if not 0 <= index < len(self.entries):
            raise place.error(f"is {index}, and {len(self.entries)} structures come before it")
        found = self.entries[index].cls
        if wanted and not issubclass(found, wanted):
            needed = " or ".join(cls.__name__ for cls in wanted)
            raise place.error(f"must be a {needed}; structure {index} is a {found.__name__}")
        return index

    def value(self, place: Field) -> Any:
        """Return a parameter's value as a behavior takes it."""
        value = place.value
        if isinstance(value, list):
            return [self.value(item) for item in place.items()]
        if is_object(value):
            return self._carried(place)
        if not isinstance(value, dict):
            return _datum(place)
        if isinstance(value.get("$"), str) and value["$"] in DISTRIBUTIONS:
            try:
                return from_data(value)
            except (ConexError, TypeError) as error:
                raise place.error(str(error)) from error
        return {name: self.value(item) for name, item in place.members().items()}

    def _field(self, record: Record, kind: Kind, name: str) -> Any:
        def read(place: Field) -> Any:
            return kind.schema[name](place, self)

        needed = name in kind.required
        return record.need(name, read) if needed else record.take(name, read, None)

    def _behavior(self, place: Field) -> tuple[float | None, Call]:
        record = place.record()
        cls = self._class("behavior", record.need("class", _name))
        arguments: list[Field] = record.take("parameters_args", Field.items, [])
        keywords: dict[str, Field] = record.take("parameters_kwargs", Field.members, {})
        given = {name: self._parameter(cls, name, item) for name, item in keywords.items()}
        call = Call(cls, tuple(self.value(item) for item in arguments), given)
        return record.take("key", _key, None), call

    def _parameter(self, cls: type, name: str, place: Field) -> Any:
        declared = getattr(cls, "declared", None)
        if is_object(place.value) and is_given_anew(cls, name) and not self._is_carried(place):
            return place.value
        value = self.value(place)
        if declared is None or name in _COMMON:
            return value
        if name not in declared:
            raise place.error(str(UnknownName(f"parameter of {cls.__name__}", name, declared)))
        if value is None and declared[name].default is None:
            return None
        try:
            declared[name].check(value)
        except ConexError as error:
            raise place.error(f"breaks its rule: {error}") from error
        return value

    def _carried(self, place: Field) -> Any:
        if self._is_carried(place):
            return self.carried.objects[place.value["id"]]
        hint = "Make this behavior in a script, or replicate the structure in memory"
        raise place.error("is a Python object, which no file holds", hint)

    def _is_carried(self, place: Field) -> bool:
        number = place.value.get("id")
        return isinstance(number, int) and 0 <= number < len(self.carried.objects)

    def _class(self, kind: str, name: str) -> type:
        return class_named(kind, name, self.carried.classes)


def parse(data: Any, path: object = "structure", carried: Carried | None = None) -> list[Entry]:
    """Return the structures of a dict in the order in which they are made, the whole last.

    Raises
    ------
    FileError
        With the place of what is wrong.
    UnknownName
        If a class is not registered.
    """
    place = Field(data, str(path))
    if not isinstance(data, dict):
        raise place.error("is not a saved structure", "Pass what save_structure returned")
    reading = Reading(carried or Carried())
    for item in _numbered(place):
        reading.entries.append(reading.entry(item))
    return [*reading.entries, reading.entry(place)]


def is_object(value: Any) -> bool:
    """Tell whether ``value`` stands for a Python object that is not data."""
    return isinstance(value, dict) and value.get("$") == "object"


def is_given_anew(cls: type, parameter: str) -> bool:
    """Tell whether a parameter is the data of an input layer, passed when it is made."""
    return parameter == "dataloader" and getattr(cls, "host", "") == "layer"


def _numbered(place: Field) -> list[Field]:
    """Return the inner structures by their index; in JSON the indices are texts."""
    if place.value.get("built_structures") is None:
        return []
    inner = Field(place.value["built_structures"], place.path, "built_structures", place)
    if not isinstance(inner.value, dict) or len(inner.value) > _MOST:
        raise inner.error(f"must be an object of at most {_MOST} structures")
    members = {str(key): value for key, value in inner.value.items()}
    if members.keys() != {str(index) for index in range(len(inner.value))}:
        raise inner.error("must have the keys 0, 1, 2 and so on")
    return [Field(members[str(i)], place.path, str(i), inner) for i in range(len(members))]


def _name(place: Field) -> str:
    text = place.text()
    if not text.strip() or len(text) > _LONGEST:
        raise place.error("must be a name")
    return text


def _tags(place: Field) -> tuple[str, ...]:
    tags = tuple(tag.strip() for tag in _name(place).split(","))
    if not tags[0]:
        raise place.error("must start with a name")
    return tuple(tag for tag in tags if tag)


def _key(place: Field) -> float:
    value = place.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise place.error("must be a number")
    return value


def _state(place: Field) -> Mapping[str, Any]:
    if not isinstance(place.value, dict):
        raise place.error("must be an object")
    return place.value


def _datum(place: Field) -> Any:
    if place.value is None or isinstance(place.value, bool | int | float | str | torch.Tensor):
        return place.value
    raise place.error(f"must be data, got an object of {type(place.value).__name__}")
