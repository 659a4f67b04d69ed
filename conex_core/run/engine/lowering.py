"""What each behavior becomes: the family of its class says, and adds rows to a program.

A family is a file in ``families`` with the kernels of some behaviors. Its table
``LOWERINGS`` has a function for each class; that of a class of dynamics has one in
``FIRING`` too, which adds what ``Fire`` runs for it. Files are found by their folder.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.taken import NotFused

__all__ = ["Lowering", "firing_of", "is_ours", "lower"]

Lowering = Callable[[Any, Any, ProgramBuilder], None]  # of a behavior and what it belongs to


def lower(behavior: Any, owner: Any, builder: ProgramBuilder) -> None:
    """Add the rows of ``behavior``.

    A subclass may do anything, so that only the very classes are known.

    Raises
    ------
    NotFused
        If Python has to go on calling it; the message says why.
    """
    lowering = _table("LOWERINGS").get(type(behavior))
    if lowering is None:
        raise NotFused("there is no kernel for its class")
    if not behavior.forward.__module__.startswith("conex_core.behaviors."):
        raise NotFused("its forward was replaced")
    lowering(behavior, owner, builder)


def firing_of(dynamics: Any) -> Lowering:
    """Return what adds the rows of ``Fire`` for a group with ``dynamics``.

    Raises
    ------
    NotFused
        If its family does not say.
    """
    lowering = _table("FIRING").get(type(dynamics))
    if lowering is None or "Fire" in vars(dynamics):
        raise NotFused(f"{type(dynamics).__name__} decides what spikes")
    return lowering


def is_ours(behavior: Any) -> bool:
    """Tell whether a behavior comes with CoNeX Studio, and runs as it did."""
    kinds = (type(behavior), behavior.forward)
    return all(kind.__module__.startswith("conex_core.behaviors.") for kind in kinds)


@cache
def _table(name: str) -> dict[type, Lowering]:
    """Return what all families say in their tables called ``name``."""
    found: dict[type, Lowering] = {}
    for path in sorted((Path(__file__).parent / "families").glob("[!_]*.py")):
        family = import_module(f"conex_core.run.engine.families.{path.stem}")
        found |= getattr(family, name, {})
    return found
