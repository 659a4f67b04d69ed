"""Attributes of structures that say what one is: a change acts, or is refused in words.

They have no ``__get__``, so that reading one costs what reading any attribute costs:
Python finds the value in the object itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conex_core.behavior import name_of
from conex_core.errors import ParameterError
from conex_core.parameters import Parameter

__all__ = ["Checked", "never", "once_initialized", "once_made"]

_NOTHING: Any = object()
_PLAIN = (bool, int, float, str, type(None))


def once_initialized(structure: Any) -> bool:
    """Tell whether the network of ``structure`` has been initialized."""
    network = structure.__dict__.get("network", structure)
    return bool(network.__dict__.get("initialized", False))


def once_made(structure: Any) -> bool:
    """Return True: nothing reads a later change."""
    return True


def never(structure: Any) -> bool:
    """Return False: a change acts at any time."""
    return False


class Checked:
    """An attribute that takes its first value, and others while they would act.

    Parameters
    ----------
    hint : str
        What to do where it is too late.
    late : callable
        Tells of a structure whether it is.
    rule : Parameter, optional
        Which values a change may have.
    then : callable, optional
        Called with the structure; makes a change act.
    free : callable, optional
        Tells of a value whether it is taken at any time: nothing of ours reads it.
    """

    def __init__(
        self,
        hint: str = "",
        late: Callable[[Any], bool] = once_initialized,
        rule: Parameter | None = None,
        then: Callable[[Any], object] | None = None,
        free: Callable[[Any], bool] | None = None,
    ) -> None:
        self.hint, self.late, self.rule, self.then = hint, late, rule, then
        self.free = free

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __set__(self, structure: Any, value: Any) -> None:
        held = structure.__dict__
        before = held.get(self.name, _NOTHING)
        is_free = self.free is not None and self.free(value)
        if before is _NOTHING or is_free or _is_same(before, value):
            held[self.name] = value
            return
        if self.late(structure):
            raise self._refused(structure, value)
        try:
            held[self.name] = value if self.rule is None else self.rule.check(value)
        except ParameterError as error:
            raise error.at(node=_named(structure)) from None
        if self.then is not None:
            self.then(structure)

    def _refused(self, structure: Any, value: Any) -> ParameterError:
        when = " once the network is initialized" if self.late is once_initialized else ""
        problem = ParameterError(self.name, f"cannot change{when}", value, hint=self.hint)
        return problem.at(node=_named(structure))


def _is_same(before: Any, value: Any) -> bool:
    plain = isinstance(before, _PLAIN) and isinstance(value, _PLAIN)
    return before is value or (plain and before == value)


def _named(structure: Any) -> str:
    return name_of(structure) if structure.__dict__.get("tags") else type(structure).__name__
