"""What a parameter of a document may hold: plain data that a file can keep.

Whether a value obeys its parameter's rule is not asked here (the check does);
only whether it can be stored at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conex_core.distributions import Distribution
from conex_core.errors import ParameterError

__all__ = ["changed", "same", "storable", "without"]

_DEEPEST = 16
_LARGEST = 2**63


def storable(field: str, value: Any, depth: int = 0) -> Any:
    """Return ``value`` as plain data: lists become tuples, array scalars numbers.

    Raises
    ------
    ParameterError
        If a project file cannot hold the value (a function, a tensor, ...).
    """
    if value is None or isinstance(value, bool | str | float | Distribution):
        return float(value) if isinstance(value, float) else value
    if isinstance(value, int) and abs(value) < _LARGEST:
        return value
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        return storable(field, value.item(), depth)
    if isinstance(value, list | tuple) and depth < _DEEPEST:
        return tuple(storable(field, item, depth + 1) for item in value)
    if isinstance(value, Mapping) and depth < _DEEPEST:
        return {str(key): storable(field, item, depth + 1) for key, item in value.items()}
    raise ParameterError(
        field,
        "cannot be stored in a project",
        value,
        hint="A project holds numbers, texts, lists and distributions; "
        "put large arrays into a file beside it",
    )


def same(first: Any, second: Any) -> bool:
    """Tell whether two values are alike in type and content (1, 1.0 and True differ)."""
    return type(first) is type(second) and repr(first) == repr(second)


def changed(params: Mapping[str, Any], name: str, value: Any) -> Mapping[str, Any]:
    """Return ``params`` with one value set; the same object if it is there already."""
    value = storable(name, value)
    if name in params and same(params[name], value):
        return params
    return {**params, name: value}


def without(params: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return ``params`` without one value; the same object if it was not set."""
    if name not in params:
        return params
    return {key: value for key, value in params.items() if key != name}
