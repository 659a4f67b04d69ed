"""Filters: small image kernels, each a function that returns a square tensor.

The step sets the distance of neighbouring points, so a step below 1 gives
more points than ``size``.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from conex_core.errors import ParameterError

__all__ = ["DoGFilter", "GaborFilter"]


def DoGFilter(
    size: int,
    sigma_1: float,
    sigma_2: float,
    step: float = 1.0,
    zero_mean: bool = False,
    one_sum: bool = False,
    device: Any = None,
    dtype: torch.dtype | None = None,
) -> Tensor:
    """Return a difference of two Gaussians, on-centre when ``sigma_1 < sigma_2``.

    The Gaussians have the height of one-dimensional densities, ``1 / (s √2π)``.
    """
    x, y = _grid(size, step, device, dtype)
    distance = x**2 + y**2
    kernel = _gaussian(distance, sigma_1) - _gaussian(distance, sigma_2)
    return _normalised(kernel, zero_mean, one_sum)


def GaborFilter(
    size: int,
    labda: float,
    theta: float,
    sigma: float,
    gamma: float,
    step: float = 1.0,
    zero_mean: bool = False,
    one_sum: bool = False,
    device: Any = None,
    dtype: torch.dtype | None = None,
) -> Tensor:
    """Return a Gabor patch: a cosine of wavelength ``labda`` under a Gaussian.

    ``theta`` (radians) turns the wave away from the rows; ``gamma`` is the
    aspect ratio of the Gaussian of width ``sigma``.
    """
    if labda == 0 or sigma == 0:
        field = "labda" if labda == 0 else "sigma"
        raise ParameterError(field, "must not be 0", 0)
    x, y = _grid(size, step, device, dtype)
    along = x * math.cos(theta) + y * math.sin(theta)
    across = -x * math.sin(theta) + y * math.cos(theta)
    envelope = torch.exp(-(along**2 + gamma**2 * across**2) / (2 * sigma**2))
    return _normalised(envelope * torch.cos(2 * math.pi * along / labda), zero_mean, one_sum)


def _grid(size: int, step: float, device: Any, dtype: torch.dtype | None) -> tuple[Tensor, Tensor]:
    if size < 1:
        raise ParameterError("size", "must be at least 1", size)
    if step <= 0:
        raise ParameterError("step", "must be above 0", step)
    points = int((size - 1) / step + 1e-9) + 1
    axis = torch.arange(points, device=device, dtype=dtype or torch.get_default_dtype())
    axis = axis * step - (size - 1) / 2
    rows, columns = torch.meshgrid(axis, axis, indexing="ij")
    return rows, columns


def _gaussian(squared_distance: Tensor, sigma: float) -> Tensor:
    if sigma <= 0:
        raise ParameterError("sigma", "must be above 0", sigma)
    return torch.exp(-squared_distance / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))


def _normalised(kernel: Tensor, zero_mean: bool, one_sum: bool) -> Tensor:
    negative = -kernel.clamp(max=0).sum()
    if zero_mean and negative > 0:
        positive = kernel.clamp(min=0).sum()
        kernel = torch.where(kernel < 0, kernel * (positive / negative), kernel)
    total = kernel.abs().sum()
    return kernel / total if one_sum and total > 0 else kernel
