"""Transforms: small callables that reshape or rescale a tensor, input untouched.

Compose them with torchvision's ``Compose`` or a plain loop; none of
them needs torchvision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from conex_core.errors import ParameterError

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

# CoNeX keeps its encoders, masks and transforms in modules inside this one; with a path,
# Python asks ``conex_core.moved`` for them.
__path__: list[str] = []


def normalize_tensor(x: Any, low: float = 0, high: float = 1) -> Tensor:
    """Return ``x`` scaled linearly so that its smallest value is ``low``, its largest ``high``.

    A constant input becomes ``low`` everywhere; the result is floating point.
    """
    values = _real(torch.as_tensor(x))
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

    def __call__(self, x: Tensor) -> Tensor:
        """Return ``x`` with one more dimension."""
        return x.unsqueeze(self.dim)


@dataclass(frozen=True)
class SqueezeTransform:
    """Drop the dimension ``dim`` if its size is 1; all such dimensions when None."""

    dim: int | None = None

    def __call__(self, x: Tensor) -> Tensor:
        """Return ``x`` without dimensions of size 1."""
        return x.squeeze() if self.dim is None else x.squeeze(self.dim)


@dataclass(frozen=True)
class SwapTransform:
    """Exchange two dimensions."""

    axis1: int
    axis2: int

    def __call__(self, x: Tensor) -> Tensor:
        """Return ``x`` with both dimensions exchanged."""
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
        self.filters = torch.as_tensor(filters)
        self.stride, self.padding = stride, padding
        if self.filters.dim() != 4:
            raise ParameterError(
                "filters", "must have the shape (out, in, height, width)", self.filters
            )

    def __call__(self, x: Tensor) -> Tensor:
        """Return the filtered images, (..., out, height, width)."""
        values = _real(x)
        weight = self.filters.to(values)
        return torch.nn.functional.conv2d(values, weight, stride=self.stride, padding=self.padding)

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


def _real(x: Tensor) -> Tensor:
    return x if x.is_floating_point() else x.to(torch.get_default_dtype())
