"""Dicts as CoNeX's save_structure made them, or somebody wrote them by hand, in our shape.

CoNeX kept classes, in a file ``["python_callable", module, name]``, where ours are names.
Only the name is read: what it means is looked up among registered classes, as ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["is_of_conex", "modern"]

_PORTS = ("input_ports", "output_ports")
_CALLABLE = "python_callable"


def is_of_conex(value: Any) -> bool:
    """Tell whether ``value`` is what CoNeX wrote to a file."""
    stamped = isinstance(value, dict) and "format" in value  # ours says what it is
    return isinstance(value, dict) and not stamped and _names_a_class(value.get("class"))


def modern(value: Any) -> Any:
    """Return ``value`` with lists for tuples, names for classes and ports as they are now."""
    if isinstance(value, dict):
        return {key: _member(key, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [modern(item) for item in value]
    return value


def _member(key: Any, value: Any) -> Any:
    if key == "class" and isinstance(value, type):
        return value.__name__
    if key == "class" and _names_a_class(value):
        return value[2]
    if key in _PORTS and value is None:
        return {}
    if key in _PORTS and isinstance(value, Mapping):
        return {name: _port(modern(port)) for name, port in value.items()}
    return modern(value)


def _port(port: Any) -> Any:
    """Return [value, targets]; an older port was the targets alone."""
    if not isinstance(port, list):
        return port
    if _is_pair(port):
        return [port[0], [_target(target) for target in port[1]]]
    if all(isinstance(target, list) for target in port):
        return [None, [_target(target) for target in port]]
    return port


def _is_pair(port: list[Any]) -> bool:
    targets = port[1] if len(port) == 2 else None
    return isinstance(targets, list) and all(isinstance(target, list) for target in targets)


def _target(target: list[Any]) -> list[Any]:
    """Return [structure, label, behaviors]; what is missing or empty is None."""
    row = [*target, None, None][: max(len(target), 3)]
    return [None if item in ({}, []) else item for item in row]


def _names_a_class(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 3
        and value[0] == _CALLABLE
        and isinstance(value[2], str)
    )
