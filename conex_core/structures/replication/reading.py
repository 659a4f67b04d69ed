"""The values of a saved structure's dict: references, behaviors and their parameters.

The dict may come from a file of somebody else: every type, index and name is
checked, and the error says where in the dict it stands.
"""

from __future__ import annotations

import math
from typing import Any

import torch

from conex_core.distributions import DISTRIBUTIONS, from_data
from conex_core.errors import ConexError, UnknownName
from conex_core.graph.files.json_places import JsonPlace
from conex_core.keywords import is_of_scripts
from conex_core.structures.replication.entries import (
    Call,
    Carried,
    Outside,
    SavedStructure,
    is_given_anew,
    is_object,
)
from conex_core.structures.replication.registry import class_named

__all__ = ["LONGEST", "Reading", "name_from"]

LONGEST = 10_000  # signs of a tag
_COMMON = ("tag", "device", "behavior_enabled")


class Reading:
    """Read the values of one dict; knows which structures come before the present one."""

    def __init__(self, carried: Carried) -> None:
        self.carried = carried
        self.entries: list[SavedStructure] = []

    def class_named(self, kind: str, name: str) -> type:
        """Return the class of the kind "behavior" or "structure" that has ``name``."""
        return class_named(kind, name, self.carried.classes)

    def stack(self, place: JsonPlace) -> tuple[tuple[float | None, Call], ...]:
        """Return the behaviors of a list, with their keys."""
        stack = tuple(self._behavior(item) for item in place.items())
        keys = [key for key, _ in stack if key is not None]
        if len(keys) != len(set(keys)):
            raise place.error("holds two behaviors of the same key")
        return stack

    def reference(self, place: JsonPlace, wanted: tuple[type, ...] = ()) -> int | Outside | None:
        """Return the index of an earlier structure, or one outside, or None."""
        if place.value is None:
            return None
        if isinstance(place.value, dict):
            return Outside(place.record().need("outside", name_from))
        index = place.whole()
        if not 0 <= index < len(self.entries):
            raise place.error(f"is {index}, and {len(self.entries)} structures come before it")
        found = self.entries[index].cls
        if wanted and not issubclass(found, wanted):
            needed = " or ".join(cls.__name__ for cls in wanted)
            raise place.error(f"must be a {needed}; structure {index} is a {found.__name__}")
        return index

    def value(self, place: JsonPlace) -> Any:
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

    def _behavior(self, place: JsonPlace) -> tuple[float | None, Call]:
        record = place.record()
        cls = self.class_named("behavior", record.need("class", name_from))
        arguments: list[JsonPlace] = record.take("parameters_args", JsonPlace.items, [])
        keywords: dict[str, JsonPlace] = record.take("parameters_kwargs", JsonPlace.members, {})
        given = {name: self._parameter(cls, name, item) for name, item in keywords.items()}
        call = Call(cls, tuple(self.value(item) for item in arguments), given)
        return record.take("key", _key, None), call

    def _parameter(self, cls: type, name: str, place: JsonPlace) -> Any:
        declared = getattr(cls, "declared", None)
        if is_object(place.value) and is_given_anew(cls, name) and not self._is_carried(place):
            return place.value
        value = self.value(place)
        if declared is None or name in _COMMON:
            return value
        if name not in declared:
            if is_of_scripts(cls):
                return value  # its self.parameter may ask for it
            raise place.error(str(UnknownName(f"parameter of {cls.__name__}", name, declared)))
        if value is None and declared[name].default is None:
            return None
        try:
            declared[name].check(value)
        except ConexError as error:
            raise place.error(f"breaks its rule: {error}") from error
        return value

    def _carried(self, place: JsonPlace) -> Any:
        if self._is_carried(place):
            return self.carried.objects[place.value["id"]]
        hint = "Make this behavior in a script, or replicate the structure in memory"
        raise place.error("is a Python object, which no file holds", hint)

    def _is_carried(self, place: JsonPlace) -> bool:
        number = place.value.get("id")
        return isinstance(number, int) and 0 <= number < len(self.carried.objects)


def name_from(place: JsonPlace) -> str:
    """Return a text that is a name."""
    text = place.text()
    if not text.strip() or len(text) > LONGEST:
        raise place.error("must be a name")
    return text


def _key(place: JsonPlace) -> float:
    value = place.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise place.error("must be a number")
    return value


def _datum(place: JsonPlace) -> Any:
    if place.value is None or isinstance(place.value, bool | int | float | str | torch.Tensor):
        return place.value
    raise place.error(f"must be data, got an object of {type(place.value).__name__}")
