"""Arguments of older versions and of pymonntorch: taken where that is clear, else told in words."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from conex_core.errors import ArgumentError
from conex_core.moved import ARGUMENTS
from conex_core.upstream import Network

__all__ = ["network_by_name", "takes_older"]

P = ParamSpec("P")
R = TypeVar("R")


def takes_older(function: Callable[P, R]) -> Callable[P, R]:
    """Return ``function``, which says of an argument that it lacks what to write instead.

    Arguments that CoNeX had are dropped unsaid where they are None, False, 0 or
    empty: then they asked for nothing.

    Raises
    ------
    ArgumentError
        When it is called with one that says something, or that nothing ever took.
    """
    signature = inspect.signature(function).parameters
    known = [name for name in signature if name != "self"]

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        for name in kwargs.keys() - known:
            if name not in ARGUMENTS or not _says_nothing(kwargs[name]):
                callee = type(args[0]).__name__ if "self" in signature else function.__name__
                raise ArgumentError(callee, name, known, hint=ARGUMENTS.get(name, ""))
            del kwargs[name]
        return function(*args, **kwargs)

    return called


def network_by_name(function: Callable[P, R]) -> Callable[P, R]:
    """Return ``function``, whose network may be named beside others by place: (size, net=net)."""
    placed: Callable[..., R] = function

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        owner, *others = args
        if "net" in kwargs and others and not any(isinstance(one, Network) for one in others):
            return placed(owner, kwargs.pop("net"), *others, **kwargs)
        return function(*args, **kwargs)

    return called


def _says_nothing(value: object) -> bool:
    return value is None or (
        isinstance(value, bool | int | float | str | dict | list | tuple) and not value
    )
