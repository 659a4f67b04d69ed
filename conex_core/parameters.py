"""Parameters as descriptors: default, unit, bounds, choices, help, ``live``.

A parameter is declared on a behavior class and is also the plain data that the
rest of the program shows, checks and stores; there is no second description.
``check`` returns the value in its canonical form or raises ParameterError. No
torch here: arrays are recognised by their ``shape``.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any, ClassVar, overload

from conex_core.distributions import Distribution, parse_mode
from conex_core.errors import ParameterError
from conex_core.numeric import as_number, extremes

__all__ = [
    "REQUIRED",
    "Flag",
    "Hook",
    "Initializer",
    "Integer",
    "Integers",
    "Names",
    "Number",
    "Option",
    "Parameter",
    "Size",
    "Table",
    "Text",
    "changes",
    "note_change",
    "reduced",
]


class _Required:
    """Mark a parameter that has no default."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Any = _Required()

_TOO_MANY = 2**63
_changes = 0


def changes() -> int:
    """Return how often any parameter was set: as long as it is the same, nothing has changed."""
    return _changes


def note_change() -> None:
    """Count a change of something that behaves like a parameter."""
    global _changes
    _changes += 1


def _is_own_code(instance: object) -> bool:
    """Tell whether a method of ``instance`` is running: who assigns to itself knows why."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        code = frame.f_code
        if code.co_argcount and frame.f_locals.get(code.co_varnames[0]) is instance:
            return True
        frame = frame.f_back
    return False


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """Describe one parameter; subclasses say which values it takes.

    ``optional`` allows None. ``live`` means that a change takes effect while
    the network runs. ``symbol`` is the one of the cited equation. ``acts_if``
    names other parameters of which one must have one of the given values, or
    this one has no effect: ``(("clip", (True,)), ("bound", ("hard", "soft")))``.
    """

    kind: ClassVar[str] = ""
    joint: ClassVar[str] = ", "  # between the parts of a value, in words

    name: str = ""
    default: Any = None
    unit: str = ""
    help: str = ""
    symbol: str = ""
    live: bool = False
    optional: bool = False
    acts_if: tuple[tuple[str, tuple[Any, ...]], ...] = ()

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
        is_started = instance.__dict__.get("_network") is not None and instance._is_started  # type: ignore[attr-defined]  # of a behavior
        if is_started and not _is_own_code(instance):
            # What was made of the value has to follow, so the behavior decides.
            instance.set_from_outside(self.name, value)  # type: ignore[attr-defined]
        else:
            self.store(instance, value)
            if instance.__dict__.get("is_complete") and not _is_own_code(instance):
                instance.init_kwargs[self.name] = value  # type: ignore[attr-defined]  # as if given

    def store(self, instance: object, value: Any) -> None:
        """Set the value on ``instance`` and nothing else, once it was checked."""
        note_change()
        held = instance.__dict__
        before = {self.name: held[self.name]} if self.name in held else {}
        try:
            held[self.name] = self.check(value)
            # Rules that join parameters hold from the end of the constructor on.
            if held.get("is_complete", False):
                instance.check_together()  # type: ignore[attr-defined]  # what is complete has it
        except ParameterError as error:
            held.pop(self.name, None)
            held.update(before)
            raise error.at(behavior=type(instance).__name__) from None

    def acts(self, values: Mapping[str, Any]) -> bool:
        """Tell whether this parameter has an effect beside the ``values`` of the others."""
        return not self.acts_if or any(values.get(name) in good for name, good in self.acts_if)

    def condition(self) -> str:
        """Return when this parameter has an effect, in words; empty for always."""
        names: dict[tuple[Any, ...], list[str]] = {}
        for name, good in self.acts_if:
            names.setdefault(good, []).append(name)
        parts = [f"{' or '.join(found)} is {_either(good)}" for good, found in names.items()]
        return ", or ".join(parts)

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
            unit = f" {self.unit}" if self.unit else ""
            hint = f"{_plain(self.default, self.joint)}{unit} is usual"
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
        too_low = (self.low is not None and smallest < self.low) or (
            self.above is not None and smallest <= self.above
        )
        too_high = (self.high is not None and largest > self.high) or (
            self.below is not None and largest >= self.below
        )
        if too_low or too_high:
            # Of an array, the one value that is wrong says more than its shape.
            many = not isinstance(got, Distribution) and as_number(got) is None
            worst = smallest if too_low else largest
            raise self.error(f"must be {self.rule()}", worst if many else got)


@dataclass(frozen=True, kw_only=True)
class Number(_Bounded):
    """One finite real number."""

    kind: ClassVar[str] = "number"

    def _checked(self, value: Any) -> float:
        number = as_number(value)
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
        number = as_number(value)
        if number is None or not math.isfinite(number) or number != int(number):
            raise self.error("must be a whole number", value)
        if abs(number) >= _TOO_MANY:
            raise self.error("must fit into 64 bits", value)
        self._within(number, number, value)
        return int(value)


@dataclass(frozen=True, kw_only=True)
class Flag(Parameter):
    """True or False."""

    kind: ClassVar[str] = "flag"

    def _checked(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self.error("must be true or false", value)
        return value


@dataclass(frozen=True, kw_only=True)
class Option(Parameter):
    """One of ``options``; scripts may pass a callable where ``custom`` is set."""

    kind: ClassVar[str] = "choice"

    options: tuple[str, ...] = ()
    custom: bool = False

    def _checked(self, value: Any) -> Any:
        if self.custom and callable(value) and not isinstance(value, type):
            return value
        if not isinstance(value, str) or value not in self.options:
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
class Names(Parameter):
    """Names of variables, as a tuple or as text with commas. Never evaluated.

    ``n.v``, ``neurons.v``, ``s.weights`` and ``synapse.weights`` mean the name
    behind the dot, as in CoNeX. ``torch.mean(n.v)``, ``np.mean(n.v)``,
    ``n.v.mean()`` and ``mean(v)`` mean ``mean(v)``, the same for ``sum``, ``std``,
    ``min`` and ``max``.
    """

    kind: ClassVar[str] = "names"

    def _checked(self, value: Any) -> tuple[str, ...]:
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, Iterable):
            raise self._refused(value)
        names = [_bare(item) for item in items]
        if any(name is None for name in names):
            raise self._refused(value)
        return tuple(dict.fromkeys(name for name in names if name))

    def rule(self) -> str:
        """Return the rule in words."""
        return "names separated by commas"

    def _refused(self, value: Any) -> ParameterError:
        hint = (
            "Nothing is evaluated, but mean, sum, std, min and max of one variable are read, such "
            "as mean(v); a script can record what a function returns: "
            'functions={"rate": lambda n: n.spikes.float().mean()}'
        )
        return self.error("must be names of variables, such as v or weights", value, hint)


@dataclass(frozen=True, kw_only=True)
class Integers(_Bounded):
    """Whole numbers in a fixed order, such as a stride (h, w).

    With ``length`` set, a single number stands for all of them. ``listed`` ones
    are separate numbers such as indices, not the sides of something.
    """

    kind: ClassVar[str] = "integers"

    length: int | None = None
    listed: bool = False

    def _checked(self, value: Any) -> tuple[int, ...]:
        single = as_number(value)
        items = [value] * (self.length or 1) if single is not None else value
        if isinstance(items, str) or not isinstance(items, Sequence) or not items:
            raise self.error("must be whole numbers", value)
        if self.length is not None and len(items) != self.length:
            raise self.error(f"must be {self.length} whole numbers", value)
        one = Integer(name=self.name, low=self.low, above=self.above, default=self.default)
        return tuple(one.check(item) for item in items)


@dataclass(frozen=True, kw_only=True)
class Size(Parameter):
    """A number of neurons N, or (depth, height, width)."""

    kind: ClassVar[str] = "size"
    joint: ClassVar[str] = " × "

    def _checked(self, value: Any) -> int | tuple[int, int, int]:
        one = Integer(name=self.name, low=1, default=self.default)
        if as_number(value) is not None:
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
        number = as_number(value)
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
        try:
            smallest, largest = extremes(value)
        except TypeError as error:
            raise self.error(str(error), value) from None
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
        wrong = not callable(value) or isinstance(value, type)
        if isinstance(value, str) or (self.callable_only and wrong):
            raise self.error("must be a Python callable", value)
        return value


_CALLED = re.compile(r"(?:(torch|np|numpy)\.)?(mean|sum|std|min|max)\(\s*([\w.]+)\s*\)")
_METHOD = re.compile(r"([\w.]+)\.(mean|sum|std|min|max)\(\s*\)")


def reduced(name: str) -> tuple[str, str]:
    """Return what a checked name is of, and how that is made one number: ``mean(v)``."""
    found = _CALLED.fullmatch(name)
    return (found[3], found[2]) if found else (name, "")


def _bare(name: Any) -> str | None:
    """Return a variable's name without CoNeX's prefix, "" for a gap, None for no name."""
    if not isinstance(name, str):
        return None
    text, reduction = name.strip(), ""
    called, method = _CALLED.fullmatch(text), _METHOD.fullmatch(text)
    if called:
        package, reduction, text = called.groups()
        if reduction == "std" and package in ("np", "numpy"):
            return None  # numpy's divides by N, all others by N - 1
    elif method and method[1] not in ("torch", "np", "numpy"):
        text, reduction = method.groups()
    head, dot, rest = text.partition(".")
    if dot and head in ("n", "neurons", "s", "synapse"):
        text = rest
    if not text or (text.isidentifier() and text[0] != "_"):
        return f"{reduction}({text})" if reduction else text
    return None


def _either(values: tuple[Any, ...]) -> str:
    words = {True: "on", False: "off"}
    return " or ".join(words[v] if isinstance(v, bool) else str(v) for v in values)


def _plain(value: Any, joint: str) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return joint.join(str(item) for item in value)
    return str(value)
