"""Tell real numbers from what only looks like them: bools, text, NaN, ragged lists.

Knows no torch and no numpy: an array is what has ``__array__`` and a ``dtype``.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any

__all__ = ["as_number", "extremes"]

_FORMS = {"float32": "f", "float16": "e"}  # of struct
_REAL = ("float", "bfloat", "int", "uint", "bool")


def as_number(value: Any) -> float | None:
    """Return ``value`` as a float if it is one number (not a bool), else None.

    One in single precision becomes the shortest decimal that it stands for: 1.15,
    not 1.149999976.
    """
    if isinstance(value, bool | str) or value is None:
        return None
    if isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if getattr(value, "shape", None) == () and _is_real(value):
        item = value.item()
        if isinstance(item, bool):
            return None
        form = _FORMS.get(str(value.dtype).removeprefix("torch."))
        return float(item) if form is None else _shortest(item, form)
    return None


def extremes(value: Any) -> tuple[float, float]:
    """Return the smallest and the largest number of an array or nested list.

    Both are NaN where one of the numbers is.

    Raises
    ------
    TypeError
        If it is neither, or holds anything but real numbers; the text is a rule.
    """
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _extremes_of_list(value)
    if not hasattr(value, "__array__") or not hasattr(value, "dtype"):
        raise TypeError("must be a number, a distribution or an array")
    if not _is_real(value):
        raise TypeError("must hold real numbers")
    if "sparse" in str(getattr(value, "layout", "")):
        stored = value.coalesce().values() if value.is_sparse else value.values()
        return _ends(stored) if stored.numel() else (0.0, 0.0)
    if not math.prod(value.shape):
        raise TypeError("must hold at least one value")
    return _ends(value)


def _shortest(number: float, form: str) -> float:
    """Return the decimal with the fewest digits that is ``number`` in the precision of ``form``."""
    if not math.isfinite(number):
        return number
    texts = (f"{number:.{digits}g}" for digits in range(1, 10))
    return next(float(text) for text in texts if _stored(float(text), form) == number)


def _stored(number: float, form: str) -> float:
    try:
        return float(struct.unpack(form, struct.pack(form, number))[0])
    except OverflowError:
        return math.inf


def _ends(array: Any) -> tuple[float, float]:
    return float(array.min()), float(array.max())


def _is_real(array: Any) -> bool:
    return str(getattr(array, "dtype", "")).removeprefix("torch.").startswith(_REAL)


def _extremes_of_list(value: Sequence[Any]) -> tuple[float, float]:
    numbers = [as_number(leaf) for leaf in _leaves(value)]
    found = [number for number in numbers if number is not None]
    if not found or len(found) != len(numbers):
        raise TypeError("must be a number, a distribution or an array")
    if _shape(value) is None:
        raise TypeError("must have rows of one length")
    if any(math.isnan(number) for number in found):
        return (math.nan, math.nan)
    return min(found), max(found)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def _shape(value: Any) -> tuple[int, ...] | None:
    """Return the shape of nested lists; None if they are ragged."""
    if not isinstance(value, Sequence):
        return ()
    shapes = {_shape(item) for item in value}
    if len(shapes) != 1 or None in shapes:
        return None
    return (len(value), *(shapes.pop() or ()))
