"""Filters: small image kernels, each a function that returns a square tensor.

The step sets the distance of neighbouring points, so a step below 1 gives
more points than ``size``.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from conex_core.counting import last_step
from conex_core.errors import ParameterError
from conex_core.parameters import Integer, Number

__all__ = ["DoGFilter", "GaborFilter"]

_MOST_POINTS = 4096  # a side
_SIZE = Integer(name="size", low=1, high=_MOST_POINTS)
_STEP = Number(name="step", above=0.0)


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
    kernel = _gaussian(distance, "sigma_1", sigma_1) - _gaussian(distance, "sigma_2", sigma_2)
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
    labda, theta, sigma, gamma = (
        Number(name=name).check(value)
        for name, value in (("labda", labda), ("theta", theta), ("sigma", sigma), ("gamma", gamma))
    )
    if labda == 0 or sigma * sigma == 0:
        field, value = ("labda", labda) if labda == 0 else ("sigma", sigma)
        raise ParameterError(field, "must not be 0", value)
    x, y = _grid(size, step, device, dtype)
    along = x * math.cos(theta) + y * math.sin(theta)
    across = -x * math.sin(theta) + y * math.cos(theta)
    envelope = torch.exp(-(along**2 + gamma * gamma * across**2) / (2 * sigma * sigma))
    return _normalised(envelope * torch.cos(2 * math.pi * along / labda), zero_mean, one_sum)


def _grid(size: int, step: float, device: Any, dtype: torch.dtype | None) -> tuple[Tensor, Tensor]:
    size, step = _SIZE.check(size), _STEP.check(step)
    if (size - 1) / step >= _MOST_POINTS:
        raise ParameterError("step", f"must give at most {_MOST_POINTS:,} points a side", step)
    points = last_step(size - 1, step) + 1
    axis = torch.arange(points, device=device, dtype=dtype or torch.get_default_dtype())
    axis = axis * step - (size - 1) / 2
    rows, columns = torch.meshgrid(axis, axis, indexing="ij")
    return rows, columns


def _gaussian(squared_distance: Tensor, field: str, sigma: float) -> Tensor:
    sigma = Number(name=field, above=0.0).check(sigma)
    if sigma * sigma == 0:
        raise ParameterError(field, "must not be that close to 0", sigma)
    return torch.exp(-squared_distance / (2 * sigma * sigma)) / (sigma * math.sqrt(2 * math.pi))


def _normalised(kernel: Tensor, zero_mean: bool, one_sum: bool) -> Tensor:
    negative = -kernel.clamp(max=0).sum()
    if zero_mean and negative > 0:
        positive = kernel.clamp(min=0).sum()
        kernel = torch.where(kernel < 0, kernel * (positive / negative), kernel)
    total = kernel.abs().sum()
    return kernel / total if one_sum and total > 0 else kernel
