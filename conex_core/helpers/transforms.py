"""Transforms: small callables that reshape or rescale a tensor, input untouched.

Compose them with torchvision's ``Compose`` or a plain loop; none of
them needs torchvision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from conex_core.errors import ParameterError, ShapeError
from conex_core.helpers.inputs import tensor_of
from conex_core.parameters import Integer, Integers, Number

__all__ = [
    "AbsoluteTransform",
    "Conv2dFilter",
    "DeviceTransform",
    "DivideSignPolarity",
    "SqueezeTransform",
    "SwapTransform",
    "UnsqueezeTransform",
    "normalize_tensor",
]

_LOW, _HIGH, _DIM = Number(name="low"), Number(name="high"), Integer(name="dim")
_STRIDE = Integers(name="stride", length=2, low=1)
_PADDING = Integers(name="padding", length=2, low=0)

# CoNeX keeps its encoders, masks and transforms in modules inside this one; with a path,
# Python asks ``conex_core.moved`` for them.
__path__: list[str] = []


def normalize_tensor(x: Any, low: float = 0, high: float = 1) -> Tensor:
    """Return ``x`` scaled linearly so that its smallest value is ``low``, its largest ``high``.

    A constant input becomes ``low`` everywhere; the result is floating point.
    """
    low, high = _LOW.check(low), _HIGH.check(high)
    values = _real(tensor_of(x))
    if not values.numel():
        return values.clone()
    if not torch.isfinite(values).all():
        raise ParameterError("x", "must hold finite numbers", x)
    smallest, largest = values.amin(), values.amax()
    if smallest == largest:
        return torch.full_like(values, low)
    # Halved first, so that the largest finite numbers do not overflow.
    share = (values / 2 - smallest / 2) / (largest / 2 - smallest / 2)
    return torch.lerp(torch.full_like(share, low), torch.full_like(share, high), share)


@dataclass(frozen=True)
class UnsqueezeTransform:
    """Insert a dimension of size 1 at ``dim``."""

    dim: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "dim", _DIM.check(self.dim))

    def __call__(self, x: Tensor) -> Tensor:
        """Return ``x`` with one more dimension."""
        _has(x, self.dim, x.dim() + 1)
        return x.unsqueeze(self.dim)


@dataclass(frozen=True)
class SqueezeTransform:
    """Drop the dimension ``dim`` if its size is 1; all such dimensions when None."""

    dim: int | None = None

    def __post_init__(self) -> None:
        if self.dim is not None:
            object.__setattr__(self, "dim", _DIM.check(self.dim))

    def __call__(self, x: Tensor) -> Tensor:
        """Return ``x`` without dimensions of size 1."""
        if self.dim is not None:
            _has(x, self.dim, x.dim())
        return x.squeeze() if self.dim is None else x.squeeze(self.dim)


@dataclass(frozen=True)
class SwapTransform:
    """Exchange two dimensions."""

    axis1: int
    axis2: int

    def __post_init__(self) -> None:
        for name in ("axis1", "axis2"):
            axis = Integer(name=name).check(getattr(self, name))
            object.__setattr__(self, name, axis)

    def __call__(self, x: Tensor) -> Tensor:
        """Return ``x`` with both dimensions exchanged."""
        _has(x, self.axis1, x.dim())
        _has(x, self.axis2, x.dim())
        return x.transpose(self.axis1, self.axis2)


@dataclass(frozen=True)
class DeviceTransform:
    """Move tensors to a device."""

    device: str | torch.device

    def __call__(self, x: Tensor) -> Tensor:
        """Return ``x`` on the device."""
        return x.to(self.device)


class Conv2dFilter:
    """Convolve images with fixed kernels, (out, in, height, width)."""

    def __init__(self, filters: Any, stride: int = 1, padding: int = 0) -> None:
        self.filters = tensor_of(filters, "filters")
        self.stride, self.padding = _of_two(_STRIDE, stride), _of_two(_PADDING, padding)
        if self.filters.dim() != 4:
            raise ParameterError(
                "filters", "must have the shape (out, in, height, width)", self.filters
            )

    def __call__(self, x: Tensor) -> Tensor:
        """Return the filtered images, (..., out, height, width)."""
        values = _real(x)
        weight = self.filters.to(values)
        stride, padding = self.stride, self.padding
        try:
            return torch.nn.functional.conv2d(values, weight, stride=stride, padding=padding)
        except RuntimeError as error:
            sizes = f"images {tuple(x.shape)} and filters {tuple(weight.shape)} do not fit"
            raise ShapeError("Conv2dFilter", f"{sizes} ({error})") from None

    def __repr__(self) -> str:
        shape = tuple(self.filters.shape)
        return f"Conv2dFilter(filters={shape}, stride={self.stride}, padding={self.padding})"


@dataclass(frozen=True)
class AbsoluteTransform:
    """Drop the signs."""

    def __call__(self, x: Tensor) -> Tensor:
        """Return the magnitudes of ``x``."""
        return x.clone() if x.dtype is torch.bool else x.abs()


@dataclass(frozen=True)
class DivideSignPolarity:
    """Split values into on and off channels, joined along the first dimension."""

    def __call__(self, x: Tensor) -> Tensor:
        """Return the positive part followed by the magnitude of the negative part."""
        values = _real(x) if x.dtype is torch.bool else x
        # Clamped before the sign turns: the negative of an unsigned number is a large one.
        return torch.cat((values.clamp(min=0), -values.clamp(max=0)))


def _has(x: Tensor, dim: int, count: int) -> None:
    if not -count <= dim < max(count, 1):
        raise ShapeError("transform", f"a tensor of shape {tuple(x.shape)} has no dimension {dim}")


def _of_two(rule: Integers, value: Any) -> int | tuple[int, ...]:
    """Return one number for both sides, or (rows, columns)."""
    sides: tuple[int, ...] = rule.check(value)
    return sides[0] if len(set(sides)) == 1 else sides


def _real(x: Tensor) -> Tensor:
    return x if x.is_floating_point() else x.to(torch.get_default_dtype())
