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
from conex_core.numeric import as_number

__all__ = [
    "DISTRIBUTIONS",
    "Array",
    "Choice",
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
            object.__setattr__(self, field.name, self._number(field.name, value))

    def _number(self, field: str, value: Any, rule: str = "must be a number") -> float:
        """Return ``value`` as a plain number: numbers of numpy and torch are numbers, too."""
        number = as_number(value)
        if number is None:
            raise self._error(field, rule, value)
        if not math.isfinite(number):
            raise self._error(field, "must be finite", value)
        return value if type(value) in (int, float) else number

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
        """Return the smallest number above 0, and infinity."""
        return (math.ulp(0.0), math.inf)


@dataclass(frozen=True)
class Choice(Distribution):
    """Draw one of ``values``, all equally often or with the given ``probabilities``.

    The probabilities are weights: only their ratios count.
    """

    title: ClassVar[str] = "Choice"
    values: tuple[float, ...] = (0.0, 1.0)
    probabilities: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", self._numbers("values", self.values))
        if self.probabilities is None:
            return
        weights = self._numbers("probabilities", self.probabilities)
        object.__setattr__(self, "probabilities", weights)
        if len(weights) != len(self.values):
            rule = f"must be {len(self.values)} numbers, one per value"
            raise self._error("probabilities", rule, weights)
        if min(weights) < 0 or sum(weights) <= 0:
            raise self._error("probabilities", "must be 0 or above, and not all 0", weights)

    @property
    def weights(self) -> tuple[float, ...]:
        """Return the probabilities, scaled so that their sum is 1."""
        weights = self.probabilities or (1.0,) * len(self.values)
        return tuple(weight / sum(weights) for weight in weights)

    def bounds(self) -> tuple[float, float]:
        """Return the smallest and largest value, those never drawn among them."""
        return (min(self.values), max(self.values))

    def __str__(self) -> str:
        parts = [f"{value:.12g}" for value in self.values]
        if self.probabilities is not None:
            pairs = zip(parts, self.probabilities, strict=True)
            parts = [f"{value}: {weight:.12g}" for value, weight in pairs]
        return f"choice({', '.join(parts)})"

    def _numbers(self, field: str, given: Any) -> tuple[float, ...]:
        if not isinstance(given, list | tuple) or not given:
            raise self._error(field, "must be a list of numbers", given)
        rule = "must be a list of numbers"
        return tuple(float(self._number(field, number, rule)) for number in given)


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
    kind.__name__: kind for kind in (Constant, Uniform, Normal, LogNormal, Choice, Array)
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
    with optional mean and std, positional or by keyword, and ``choice(1, 2)``
    or, with probabilities, ``choice(1: 0.9, 2: 0.1)``. Nothing is evaluated.

    Raises
    ------
    ParameterError
        If the text is not of that form.
    """
    match = _CALL.match(text)
    if match is not None and match[1] == "choice":
        return _parsed_choice(match[2] or "", text)
    if match is None or match[1] not in _MODES:
        known = ", ".join(sorted([*_MODES, "choice"]))
        raise ParameterError("mode", f"must be one of {known}", text)
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


def _parsed_choice(arguments: str, text: str) -> Choice:
    """Return the choice of ``1, 2`` or ``1: 0.9, 2: 0.1``."""
    pairs = [part.partition(":") for part in arguments.split(",")]
    weighted = {colon for _, colon, _ in pairs}
    try:
        if len(weighted) > 1:
            raise ValueError
        values = tuple(float(value) for value, _, _ in pairs)
        weights = tuple(float(weight) for _, colon, weight in pairs if colon)
    except ValueError:
        rule = "takes numbers (1, 2), or numbers with probabilities (1: 0.9, 2: 0.1)"
        raise ParameterError("mode", rule, text) from None
    return Choice(values, weights or None)
