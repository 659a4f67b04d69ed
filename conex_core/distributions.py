"""Typed initial values: what a parameter may hold instead of one number.

A distribution is plain data. It is drawn in ``conex_core.helpers.sampling``
(the only place that needs torch), stored in project files by ``to_data`` and
read back by ``from_data``; text such as ``"normal(0, 1)"`` is parsed against a
fixed list of names and never evaluated.
"""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from conex_core.errors import ParameterError, UnknownName

__all__ = [
    "DISTRIBUTIONS",
    "Array",
    "Constant",
    "Distribution",
    "LogNormal",
    "Normal",
    "Uniform",
    "from_data",
    "parse_mode",
    "to_data",
]


@dataclass(frozen=True)
class Distribution:
    """Stand for values that are drawn, one per element, when a network is built."""

    title: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(field.default, str):
                if not isinstance(value, str):
                    raise self._error(field.name, "must be text", value)
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise self._error(field.name, "must be a number", value)
            if not math.isfinite(value):
                raise self._error(field.name, "must be finite", value)

    def _error(self, field: str, rule: str, got: Any) -> ParameterError:
        return ParameterError(field, rule, got, behavior=type(self).__name__)

    def bounds(self) -> tuple[float, float]:
        """Return the smallest and largest value that can be drawn."""
        return (-math.inf, math.inf)

    def __str__(self) -> str:
        values = ", ".join(f"{value:g}" for value in asdict(self).values())
        return f"{type(self).__name__.lower()}({values})"


@dataclass(frozen=True)
class Constant(Distribution):
    """Give every element the same ``value``."""

    title: ClassVar[str] = "Constant"
    value: float = 0.0

    def bounds(self) -> tuple[float, float]:
        """Return the value twice."""
        return (self.value, self.value)


@dataclass(frozen=True)
class Uniform(Distribution):
    """Draw from the half-open interval [low, high)."""

    title: ClassVar[str] = "Uniform"
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.high < self.low:
            raise self._error("high", f"must be at least low ({self.low:g})", self.high)

    def bounds(self) -> tuple[float, float]:
        """Return low and high."""
        return (self.low, self.high)


@dataclass(frozen=True)
class Normal(Distribution):
    """Draw from a normal distribution."""

    title: ClassVar[str] = "Normal"
    mean: float = 0.0
    std: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.std < 0:
            raise self._error("std", "must be 0 or above", self.std)


@dataclass(frozen=True)
class LogNormal(Distribution):
    """Draw exp(x) with x normal; ``mean`` and ``std`` are those of x."""

    title: ClassVar[str] = "Log-normal"
    mean: float = 0.0
    std: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.std < 0:
            raise self._error("std", "must be 0 or above", self.std)

    def bounds(self) -> tuple[float, float]:
        """Return 0 and infinity."""
        return (0.0, math.inf)


@dataclass(frozen=True)
class Array(Distribution):
    """Take the values of an ``.npy`` file beside the project.

    ``sha256`` is the file's hash; a file that changed is refused.
    """

    title: ClassVar[str] = "From file"
    path: str = ""
    sha256: str = ""

    def __str__(self) -> str:
        return f"array({self.path})"


DISTRIBUTIONS: dict[str, type[Distribution]] = {
    kind.__name__: kind for kind in (Constant, Uniform, Normal, LogNormal, Array)
}

_TAG = "$"
_CALL = re.compile(r"^\s*(\w+)\s*(?:\((.*)\))?\s*$")
_MODES: dict[str, tuple[type[Distribution], tuple[str, ...], tuple[float, ...]]] = {
    "zeros": (Constant, (), (0.0,)),
    "ones": (Constant, (), (1.0,)),
    "full": (Constant, ("fill_value",), ()),
    "constant": (Constant, ("value",), ()),
    "rand": (Uniform, ("low", "high"), ()),
    "random": (Uniform, ("low", "high"), ()),
    "rnd": (Uniform, ("low", "high"), ()),
    "uniform": (Uniform, ("low", "high"), ()),
    "randn": (Normal, ("mean", "std"), ()),
    "normal": (Normal, ("mean", "std"), ()),
    "lognormal": (LogNormal, ("mean", "std"), ()),
}


def to_data(distribution: Distribution) -> dict[str, Any]:
    """Return ``distribution`` as JSON-ready data, tagged with its class name."""
    return {_TAG: type(distribution).__name__, **asdict(distribution)}


def from_data(data: dict[str, Any]) -> Distribution:
    """Return the distribution that :func:`to_data` wrote.

    Raises
    ------
    UnknownName
        If the tag or one of the fields is not known.
    ParameterError
        If a field has a wrong type or value.
    """
    name = data.get(_TAG)
    if not isinstance(name, str) or name not in DISTRIBUTIONS:
        raise UnknownName("distribution", str(name), DISTRIBUTIONS)
    kind = DISTRIBUTIONS[name]
    known = {field.name for field in fields(kind)}
    given = {key: value for key, value in data.items() if key != _TAG}
    for key in given:
        if key not in known:
            raise UnknownName(f"field of {name}", key, known)
    return kind(**given)


def is_data(value: Any) -> bool:
    """Tell whether ``value`` looks like the output of :func:`to_data`."""
    return isinstance(value, dict) and _TAG in value


def parse_mode(text: str) -> Distribution:
    """Return the distribution that a mode string of CoNeX names.

    Understood are ``zeros``, ``ones``, ``full(v)``, ``rand``/``random``/
    ``uniform`` with optional bounds, ``randn``/``normal`` and ``lognormal``
    with optional mean and std, positional or by keyword. Nothing is evaluated.

    Raises
    ------
    ParameterError
        If the text is not of that form.
    """
    match = _CALL.match(text)
    if match is None or match[1] not in _MODES:
        raise ParameterError("mode", f"must be one of {', '.join(sorted(_MODES))}", text)
    kind, names, fixed = _MODES[match[1]]
    values = dict(zip((field.name for field in fields(kind)), fixed, strict=False))
    targets = [field.name for field in fields(kind)]
    arguments = [part for part in (match[2] or "").split(",") if part.strip()]
    for position, part in enumerate(arguments):
        key, _, number = part.rpartition("=")
        key = key.strip() or (names[position] if position < len(names) else "")
        if key not in names:
            raise ParameterError("mode", f"takes {', '.join(names) or 'no arguments'}", text)
        try:
            values[targets[names.index(key)]] = float(number)
        except ValueError:
            raise ParameterError("mode", "takes plain numbers", text) from None
    return kind(**values)
