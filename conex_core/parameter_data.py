"""Parameters as JSON-ready data and back: what the catalog's file and lists hold."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from conex_core.distributions import Distribution, from_data, to_data
from conex_core.errors import UnknownName
from conex_core.parameters import (
    REQUIRED,
    Flag,
    Hook,
    Initializer,
    Integer,
    Integers,
    Names,
    Number,
    Option,
    Parameter,
    Size,
    Table,
    Text,
)

__all__ = ["PARAMETER_KINDS", "parameter_from_data", "parameter_to_data"]

PARAMETER_KINDS: dict[str, type[Parameter]] = {
    cls.kind: cls
    for cls in (
        Number,
        Integer,
        Flag,
        Option,
        Text,
        Names,
        Integers,
        Size,
        Initializer,
        Table,
        Hook,
    )
}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def parameter_to_data(parameter: Parameter) -> dict[str, Any]:
    """Return ``parameter`` as JSON-ready data."""
    data = {"kind": parameter.kind, **asdict(parameter)}
    if parameter.required:
        data["default"] = {"$": "required"}
    elif isinstance(parameter.default, Distribution):
        data["default"] = to_data(parameter.default)
    return data


def parameter_from_data(data: dict[str, Any]) -> Parameter:
    """Return the parameter that :func:`parameter_to_data` wrote."""
    given = dict(data)
    kind = given.pop("kind")
    if kind not in PARAMETER_KINDS:
        raise UnknownName("parameter kind", kind, PARAMETER_KINDS)
    default = given.get("default")
    if default == {"$": "required"}:
        given["default"] = REQUIRED
    elif isinstance(default, dict):
        given["default"] = from_data(default)
    cls = PARAMETER_KINDS[kind]
    for field in fields(cls):
        given.update({field.name: _tuples(given[field.name])} if field.name in given else {})
    return cls(**given)
