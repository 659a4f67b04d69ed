"""The table of conventions is complete, and says what the code and its units say."""

from __future__ import annotations

import types

import pytest
from conventions import CONVENTIONS

from conex_core import Behavior
from conex_core.introspect import behavior_classes

CLASSES = {cls.__name__: cls for cls in behavior_classes()}
READS_DT = {"dt", "iterations_in", "time_step"}

every_behavior = pytest.mark.parametrize("cls", CLASSES.values(), ids=CLASSES.keys())


def names_in(cls: type[Behavior]) -> set[str]:
    """Return every name that the methods of ``cls`` use."""
    functions = [
        item
        for base in cls.__mro__
        for item in vars(base).values()
        if isinstance(item, types.FunctionType)
    ]
    return {name for function in functions for name in function.__code__.co_names}


def units_of(cls: type[Behavior]) -> set[str]:
    return {unit for parameter in cls.declared.values() for unit in parameter.unit.split("/")}


def test_every_behavior_says_how_it_depends_on_dt() -> None:
    assert CLASSES.keys() - CONVENTIONS.keys() == set(), "list them in conventions.py"
    assert CONVENTIONS.keys() - CLASSES.keys() == set(), "these are gone"


@every_behavior
def test_what_depends_on_dt_reads_it(cls: type[Behavior]) -> None:
    timed = CONVENTIONS[cls.__name__].kind in ("equation", "window")

    assert bool(names_in(cls) & READS_DT) == timed


@every_behavior
def test_values_in_ms_belong_to_what_reads_dt(cls: type[Behavior]) -> None:
    timed = CONVENTIONS[cls.__name__].kind in ("equation", "window")

    assert timed or not units_of(cls) & {"ms", "ms²"}


@every_behavior
def test_values_in_iterations_belong_to_what_counts_them(cls: type[Behavior]) -> None:
    counts = CONVENTIONS[cls.__name__].kind == "iteration"

    assert counts or "iterations" not in units_of(cls)
