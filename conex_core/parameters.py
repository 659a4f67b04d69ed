"""Parameters as descriptors: default, unit, bounds, choices, help, ``live``.

A parameter is declared on a behavior class and is also the plain data that the
rest of the program shows, checks and stores; there is no second description.
``check`` returns the value in its canonical form or raises ParameterError. No
torch here: arrays are recognised by their ``shape``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, overload

from conex_core.distributions import Distribution, parse_mode
from conex_core.errors import ParameterError, UnknownName

__all__ = [
    "PARAMETER_KINDS",
    "REQUIRED",
    "Choice",
    "Flag",
    "Hook",
    "Initializer",
    "Integer",
    "Integers",
    "Number",
    "Parameter",
    "Size",
    "Table",
    "Text",
    "parameter_from_data",
    "parameter_to_data",
]


class _Required:
    """Mark a parameter that has no default."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Any = _Required()


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """Describe one parameter; subclasses say which values it takes.

    ``optional`` allows None. ``live`` means that a change takes effect while
    the network runs. ``symbol`` is the one of the cited equation.
    """

    kind: ClassVar[str] = ""

    name: str = ""
    default: Any = None
    unit: str = ""
    help: str = ""
    symbol: str = ""
    live: bool = False
    optional: bool = False

    def __set_name__(self, owner: type, name: str) -> None:
        object.__setattr__(self, "name", name)

    @overload
    def __get__(self, instance: None, owner: type) -> Parameter: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Any: ...
    def __get__(self, instance: object | None, owner: type) -> Any:
        if instance is None:
            return self
        return instance.__dict__.get(self.name, self.default)

    def __set__(self, instance: object, value: Any) -> None:
        instance.__dict__[self.name] = self.check(value)

    @property
    def required(self) -> bool:
        """Tell whether a value must be given."""
        return self.default is REQUIRED

    def check(self, value: Any) -> Any:
        """Return ``value`` in canonical form, or raise ParameterError."""
        if value is None:
            if self.optional:
                return None
            raise self.error("needs a value", value)
        return self._checked(value)

    def _checked(self, value: Any) -> Any:
        return value

    def error(self, rule: str, got: Any, hint: str = "") -> ParameterError:
        """Return the error that names this parameter."""
        if not hint and self.default is not None and not self.required:
            hint = f"{_plain(self.default)}{' ' + self.unit if self.unit else ''} is usual"
        return ParameterError(self.name or self.kind, rule, got, hint=hint)

    def rule(self) -> str:
        """Return the rule in words, for a help text; empty if anything goes."""
        return ""


@dataclass(frozen=True, kw_only=True)
class _Bounded(Parameter):
    low: float | None = None
    high: float | None = None
    above: float | None = None  # an open lower bound
    below: float | None = None  # an open upper bound

    def rule(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        parts = [
            f"{words} {bound:g}{unit}"
            for words, bound in (
                ("at least", self.low),
                ("above", self.above),
                ("at most", self.high),
                ("below", self.below),
            )
            if bound is not None
        ]
        return " and ".join(parts)

    def _within(self, smallest: float, largest: float, got: Any) -> None:
        if math.isnan(smallest) or math.isnan(largest):
            raise self.error("must be a number, not NaN", got)
        broken = (
            (self.low is not None and smallest < self.low)
            or (self.above is not None and smallest <= self.above)
            or (self.high is not None and largest > self.high)
            or (self.below is not None and largest >= self.below)
        )
        if broken:
            raise self.error(f"must be {self.rule()}", got)


@dataclass(frozen=True, kw_only=True)
class Number(_Bounded):
    """One finite real number."""

    kind: ClassVar[str] = "number"

    def _checked(self, value: Any) -> float:
        number = _as_number(value)
        if number is None:
            raise self.error("must be a number", value)
        if math.isinf(number):
            raise self.error("must be finite", value)
        self._within(number, number, value)
        return number


@dataclass(frozen=True, kw_only=True)
class Integer(_Bounded):
    """One whole number."""

    kind: ClassVar[str] = "integer"

    def _checked(self, value: Any) -> int:
        number = _as_number(value)
        if number is None or not math.isfinite(number) or number != int(number):
            raise self.error("must be a whole number", value)
        self._within(number, number, value)
        return int(number)


@dataclass(frozen=True, kw_only=True)
class Flag(Parameter):
    """True or False."""

    kind: ClassVar[str] = "flag"

    def _checked(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self.error("must be true or false", value)
        return value


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter):
    """One of ``options``; scripts may pass a callable where ``custom`` is set."""

    kind: ClassVar[str] = "choice"

    options: tuple[str, ...] = ()
    custom: bool = False

    def _checked(self, value: Any) -> Any:
        if self.custom and callable(value):
            return value
        if value not in self.options:
            raise self.error(f"must be one of {', '.join(self.options)}", value)
        return value

    def rule(self) -> str:
        """Return the options in words."""
        return f"one of {', '.join(self.options)}"


@dataclass(frozen=True, kw_only=True)
class Text(Parameter):
    """Free text, such as a path. Never evaluated."""

    kind: ClassVar[str] = "text"

    def _checked(self, value: Any) -> str:
        if not isinstance(value, str):
            raise self.error("must be text", value)
        return value


@dataclass(frozen=True, kw_only=True)
class Integers(_Bounded):
    """Whole numbers in a fixed order, such as a stride (h, w).

    With ``length`` set, a single number stands for all of them.
    """

    kind: ClassVar[str] = "integers"

    length: int | None = None

    def _checked(self, value: Any) -> tuple[int, ...]:
        single = _as_number(value)
        items = [value] * (self.length or 1) if single is not None else value
        if isinstance(items, str) or not isinstance(items, Sequence):
            raise self.error("must be whole numbers", value)
        if self.length is not None and len(items) != self.length:
            raise self.error(f"must be {self.length} whole numbers", value)
        one = Integer(name=self.name, low=self.low, above=self.above, default=self.default)
        return tuple(one.check(item) for item in items)


@dataclass(frozen=True, kw_only=True)
class Size(Parameter):
    """A number of neurons N, or (depth, height, width)."""

    kind: ClassVar[str] = "size"

    def _checked(self, value: Any) -> int | tuple[int, int, int]:
        one = Integer(name=self.name, low=1, default=self.default)
        if _as_number(value) is not None:
            return int(one.check(value))
        if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 3:
            raise self.error("must be N or depth × height × width", value)
        depth, height, width = (int(one.check(item)) for item in value)
        return (depth, height, width)

    def rule(self) -> str:
        """Return the two forms in words."""
        return "N, or depth × height × width"


@dataclass(frozen=True, kw_only=True)
class Initializer(_Bounded):
    """A value per element: a number, a distribution, a mode text or an array.

    Mode texts become distributions here, so that no text goes further.
    """

    kind: ClassVar[str] = "initializer"

    def _checked(self, value: Any) -> Any:
        if isinstance(value, str):
            value = self._parsed(value)
        if isinstance(value, Distribution):
            low, high = value.bounds()
            if math.isfinite(low) or math.isfinite(high):
                self._within(max(low, -1e308), min(high, 1e308), value)
            return value
        number = _as_number(value)
        if number is not None:
            if math.isinf(number):
                raise self.error("must be finite", value)
            self._within(number, number, value)
            return number
        return self._array(value)

    def _parsed(self, text: str) -> Distribution:
        try:
            return parse_mode(text)
        except ParameterError as error:
            raise self.error(error.rule, text) from None

    def _array(self, value: Any) -> Any:
        if isinstance(value, Sequence):
            flat = [_as_number(item) for item in _flattened(value)]
            numbers = [item for item in flat if item is not None]
            if not numbers or len(numbers) != len(flat):
                raise self.error("must be a number, a distribution or an array", value)
            if not all(math.isfinite(item) for item in numbers):
                raise self.error("must be finite", value)
            self._within(min(numbers), max(numbers), value)
            return value
        if not hasattr(value, "shape"):
            raise self.error("must be a number, a distribution or an array", value)
        if getattr(value, "is_sparse", False) or "sparse" in str(getattr(value, "layout", "")):
            return value
        if math.prod(value.shape):
            smallest, largest = float(value.min()), float(value.max())
            if math.isinf(smallest) or math.isinf(largest):
                raise self.error("must be finite", value)
            self._within(smallest, largest, value)
        return value


@dataclass(frozen=True, kw_only=True)
class Table(Initializer):
    """An array of values (weights, delays); in a project file an ``Array``."""

    kind: ClassVar[str] = "table"


@dataclass(frozen=True, kw_only=True)
class Hook(Parameter):
    """A Python callable or object; for scripts only, never stored in a file."""

    kind: ClassVar[str] = "hook"

    callable_only: bool = True

    def _checked(self, value: Any) -> Callable[..., Any] | Any:
        if isinstance(value, str) or (self.callable_only and not callable(value)):
            raise self.error("must be a Python callable", value)
        return value


PARAMETER_KINDS: dict[str, type[Parameter]] = {
    cls.kind: cls
    for cls in (Number, Integer, Flag, Choice, Text, Integers, Size, Initializer, Table, Hook)
}


def parameter_to_data(parameter: Parameter) -> dict[str, Any]:
    """Return ``parameter`` as JSON-ready data."""
    from conex_core.distributions import to_data

    data = {"kind": parameter.kind, **asdict(parameter)}
    if parameter.required:
        data["default"] = {"$": "required"}
    elif isinstance(parameter.default, Distribution):
        data["default"] = to_data(parameter.default)
    return data


def parameter_from_data(data: dict[str, Any]) -> Parameter:
    """Return the parameter that :func:`parameter_to_data` wrote."""
    from conex_core.distributions import from_data

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
        if isinstance(given.get(field.name), list):
            given[field.name] = tuple(given[field.name])
    return cls(**given)


def _as_number(value: Any) -> float | None:
    """Return ``value`` as a float if it is one number (not a bool), else None."""
    if isinstance(value, bool | str) or value is None:
        return None
    if isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            return math.inf
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        item = value.item()
        return None if isinstance(item, bool) else float(item)
    return None


def _flattened(value: Any) -> list[Any]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [leaf for item in value for leaf in _flattened(item)]
    return [value]


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return " × ".join(str(item) for item in value)
    return str(value)
