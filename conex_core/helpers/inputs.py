"""What helpers are given, checked before torch sees it: tensors of numbers, sides, room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch

from conex_core.errors import ParameterError
from conex_core.parameters import Integer

__all__ = ["checked_room", "checked_shape", "tensor_of"]

_MOST = 1 << 29  # values of one tensor; more is a mistake of unit or scale
_SIDE = Integer(name="shape", low=0)


def tensor_of(x: Any, name: str = "x") -> torch.Tensor:
    """Return ``x`` as a tensor of real numbers.

    Raises
    ------
    ParameterError
        If it holds anything else.
    """
    try:
        values = torch.as_tensor(x)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        raise ParameterError(name, "must hold numbers", x) from None
    if values.is_complex():
        raise ParameterError(name, "must hold real numbers", x)
    return values


def checked_shape(shape: Any, field: str = "shape") -> tuple[int, ...]:
    """Return ``shape`` as a tuple of whole numbers; ParameterError if it is no shape."""
    if isinstance(shape, str | bytes) or not isinstance(shape, Sequence):
        raise ParameterError(field, "must be the sides of a tensor", shape)
    return tuple(_SIDE.check(side) for side in shape)


def checked_room(field: str, got: Any, *sides: int) -> None:
    """Raise ParameterError where a tensor with these sides would be far too large."""
    if math.prod(sides) > _MOST:
        raise ParameterError(field, f"must make at most {_MOST:,} values at once", got)
