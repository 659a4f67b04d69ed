"""Readers of the fields that structures have beside tag, class and behaviors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conex_core.graph.files.json_places import JsonPlace
from conex_core.structures.replication.reading import Reading

__all__ = [
    "Reader",
    "connections",
    "layer_connections",
    "name",
    "named_references",
    "ports",
    "reference",
    "references",
    "size",
    "stack",
]

Reader = Callable[[JsonPlace, Reading], Any]
_LARGEST = 2**31  # neurons
_PORT = (
    'Ports are {"name": [None, [[0, None, None]]]}: a target is the index in '
    "built_structures, the name of a port there, and behaviors as save_structure writes them"
)


def reference(*wanted: type) -> Reader:
    """Return a reader of one structure out of ``wanted``, or None."""
    return lambda place, reading: reading.reference(place, wanted)


def references(*wanted: type) -> Reader:
    """Return a reader of a list of structures."""
    return lambda place, reading: [_there(item, reading, wanted) for item in place.items()]


def named_references(*wanted: type) -> Reader:
    """Return a reader of structures by name."""
    return lambda place, reading: {
        key: _there(item, reading, wanted) for key, item in place.members().items()
    }


def stack(place: JsonPlace, reading: Reading) -> Any:
    """Read a list of behaviors, or None."""
    return None if place.value is None else reading.stack(place)


def name(place: JsonPlace, reading: Reading) -> str | None:
    """Read a text, or None."""
    return None if place.value is None else place.text()


def size(place: JsonPlace, reading: Reading) -> int:
    """Read the number of neurons of a group."""
    value = place.whole()
    if not 0 <= value <= _LARGEST:
        raise place.error(f"must be from 0 to {_LARGEST}")
    return value


def ports(place: JsonPlace, reading: Reading) -> dict[str, tuple[Any, list[Any]]]:
    """Read ports: name to [value, [[structure, label, behaviors], ...]]."""
    return {key: _port(item, reading) for key, item in place.members().items()}


def layer_connections(place: JsonPlace, reading: Reading) -> list[Any]:
    """Read connections of a column: [[source layer, target layer, connection], ...]."""
    rows = [_row(item, 3, "[source layer, target layer, connection]") for item in place.items()]
    return [(src.text(), dst.text(), _there(at, reading)) for src, dst, at in rows]


def connections(place: JsonPlace, reading: Reading) -> list[Any]:
    """Read connections of two layers: [[attribute, attribute, behaviors, tag], ...]."""
    rows = [_row(item, 4, "[attribute, attribute, behaviors, tag]") for item in place.items()]
    return [
        (src.text(), dst.text(), stack(behaviors, reading), name(tag, reading))
        for src, dst, behaviors, tag in rows
    ]


def _port(place: JsonPlace, reading: Reading) -> tuple[Any, list[Any]]:
    value, targets = _row(place, 2, "[value, list of targets]", _PORT)
    return reading.value(value), [_target(item, reading) for item in targets.items()]


def _target(place: JsonPlace, reading: Reading) -> tuple[Any, str | None, Any]:
    structure, label, behaviors = _row(place, 3, "[structure, label, behaviors]", _PORT)
    if isinstance(behaviors.value, dict):
        raise behaviors.error("must be a list of behaviors, got an object", _PORT)
    return _there(structure, reading), name(label, reading), stack(behaviors, reading)


def _there(place: JsonPlace, reading: Reading, wanted: tuple[type, ...] = ()) -> Any:
    if place.value is None:
        raise place.error("must be the index of a structure")
    return reading.reference(place, wanted)


def _row(place: JsonPlace, count: int, form: str, hint: str = "") -> list[JsonPlace]:
    if not isinstance(place.value, list) or len(place.value) != count:
        raise place.error(f"must be {form}", hint)
    return place.items()
