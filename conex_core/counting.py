"""Whole numbers out of real ones: iterations of a time in ms, cells of a share.

Decimals such as 1.15 or 0.29 have no exact binary form, so that 1.15 / 0.1 lies a
little below 11.5 and 0.29 * 100 a little below 29. Every count forgives that much,
and no more. Takes plain numbers, and arrays and tensors as they are: no torch and
no numpy here.
"""

from __future__ import annotations

import math
from typing import Any

from conex_core.errors import ParameterError

__all__ = ["cut", "first_step", "iterations_of", "last_step", "nearest", "part_of"]

_LEAST = 1e-12  # iterations, or cells
_SHARE = 2.0**-51  # of the number: what a product or quotient of two doubles leaves
_EXACT = 2.0**48  # what lies above is whole as far as anybody can tell


def nearest(values: Any) -> Any:
    """Return the whole number nearest to each of ``values``, of the same type; halves go up."""
    return (values + (0.5 + _forgiven(values))) // 1


def cut(values: Any) -> Any:
    """Return ``values`` without their fractions, towards minus infinity, of the same type."""
    return (values + _forgiven(values)) // 1


def iterations_of(duration: float, dt: float, *, least: int = 1) -> int:
    """Return how many iterations of ``dt`` ms last ``duration`` ms: the nearest, halves go up."""
    return max(_whole(nearest, duration / dt), least)


def first_step(time: float, step: float) -> int:
    """Return the first multiple of ``step`` (an iteration, a bin) that is not before ``time``."""
    return -_whole(cut, -time / step)


def last_step(time: float, step: float) -> int:
    """Return the last multiple of ``step`` (an iteration, a bin) that is not after ``time``."""
    return _whole(cut, time / step)


def part_of(total: int, share: float) -> int:
    """Return how many of ``total`` are a ``share`` of 0 to 1; fractions are cut off."""
    return min(_whole(cut, total * share), total)


def _forgiven(values: Any) -> Any:
    return _LEAST + abs(values) * _SHARE


def _whole(rule: Any, number: float) -> int:
    if not math.isfinite(number):
        raise ParameterError("time", "must be finite, counted in iterations", number)
    return int(rule(number)) if abs(number) < _EXACT else int(number)
