"""Draw initial values: a number, a distribution or an array becomes a fresh tensor.

The only place where distributions meet torch. Nothing is evaluated and nothing
that the caller gave is kept or changed.
"""

from __future__ import annotations

import hashlib
import io
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch

from conex_core.distributions import (
    Array,
    Choice,
    Constant,
    Distribution,
    LogNormal,
    Normal,
    Uniform,
    parse_mode,
)
from conex_core.errors import FileError, ParameterError
from conex_core.helpers.inputs import checked_shape

__all__ = ["doubles", "draw", "load_array", "mean_of", "sample"]


def sample(
    value: Any,
    shape: tuple[int, ...],
    generator: torch.Generator | None = None,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str = "cpu",
    *,
    base: str | Path | None = None,
    name: str = "value",
) -> torch.Tensor:
    """Return a new tensor of ``shape`` filled from ``value``.

    Parameters
    ----------
    value : number, Distribution, mode text, or array that broadcasts to ``shape``
    shape : tuple of int
    generator : torch.Generator, optional
        Source of the random numbers; torch's global one without it.
    base : path, optional
        Folder that the path of an ``Array`` starts from.

    Raises
    ------
    ParameterError
        If an array does not fit ``shape``.
    FileError
        If the file of an ``Array`` is missing, changed or not an array.
    """
    if isinstance(value, str):
        value = parse_mode(value)
    if isinstance(value, Array):
        value = load_array(value, base)
    shape = checked_shape(shape)
    result = torch.empty(shape, dtype=dtype, device=device)
    if isinstance(value, Distribution):
        try:
            return draw(result, value, generator)
        except RuntimeError as error:
            kind = str(dtype).removeprefix("torch.")
            raise ParameterError(name, f"cannot be drawn as {kind} ({error})", value) from None
    # Without its type, torch would take a plain number in single precision.
    try:
        given = torch.as_tensor(value, dtype=None if hasattr(value, "dtype") else dtype)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        raise ParameterError(name, "must be a number, a distribution or an array", value) from None
    try:
        return result.copy_(given.expand(shape))
    except RuntimeError:
        raise ParameterError(name, f"must fit the shape {shape}", given) from None


def draw(
    out: torch.Tensor, distribution: Distribution, generator: torch.Generator | None = None
) -> torch.Tensor:
    """Fill ``out`` from ``distribution`` in place and return it."""
    match distribution:
        case Constant():
            return out.fill_(float(distribution.value))
        case Uniform():
            return out.uniform_(distribution.low, distribution.high, generator=generator)
        case Normal():
            return out.normal_(distribution.mean, distribution.std, generator=generator)
        case LogNormal():
            return out.normal_(distribution.mean, distribution.std, generator=generator).exp_()
        case Choice():
            return _chosen(out, distribution, generator)
    raise ParameterError("value", "must be a distribution that can be drawn", distribution)


def doubles(values: Any, device: torch.device | str = "cpu") -> torch.Tensor:
    """Return a list, array or tensor in double precision, with the decimals that were meant.

    A number in single precision becomes the shortest decimal that it stands for:
    1.15, not 1.149999976.
    """
    if isinstance(values, torch.Tensor):
        values = values.detach().cpu()
        values = values.float() if values.dtype is torch.bfloat16 else values
    array = np.asarray(values)
    if array.dtype in (np.float16, np.float32):
        array = array.astype(np.str_)
    return torch.from_numpy(array.astype(np.float64)).to(device)


def mean_of(distribution: Distribution) -> float:
    """Return the expected value of what :func:`draw` gives."""
    match distribution:
        case Constant():
            return distribution.value
        case Uniform():
            return (distribution.low + distribution.high) / 2
        case Normal():
            return distribution.mean
        case LogNormal():
            return math.exp(distribution.mean + distribution.std**2 / 2)
        case Choice():
            pairs = zip(distribution.values, distribution.weights, strict=True)
            return sum(value * weight for value, weight in pairs)
    raise ParameterError("value", "must be a distribution that can be drawn", distribution)


def _chosen(out: torch.Tensor, choice: Choice, generator: torch.Generator | None) -> torch.Tensor:
    device = out.device if generator is None else generator.device
    values = torch.tensor(choice.values, dtype=out.dtype, device=out.device)
    limits = torch.tensor(choice.weights, dtype=torch.float64, device=device).cumsum(0)
    drawn = torch.rand(out.shape, generator=generator, dtype=torch.float64, device=device)
    # One bin per value; what lies on an edge belongs to the bin above it.
    index = torch.bucketize(drawn, limits[:-1], right=True)
    return out.copy_(values[index.to(out.device)])


def load_array(array: Array, base: str | Path | None = None) -> np.ndarray[Any, Any]:
    """Return the values of ``array``'s ``.npy`` file after checking its hash."""
    path = Path(base or ".") / array.path
    try:
        content = path.read_bytes()
        values = np.load(io.BytesIO(content), allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise FileError(path, f"cannot be read as an .npy array ({error})") from error
    if array.sha256 and hashlib.sha256(content).hexdigest() != array.sha256:
        hint = "choose the file again to accept its new content"
        raise FileError(path, "has changed since it was chosen", hint=hint)
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiub":
        raise FileError(path, "does not hold one array of numbers")
    return values
