"""Tensors whose memory kernels use, and whether they still lie where they lay.

A tensor can change under the same name: another one may be put in its place, and its
shape, its memory or both can be exchanged while it stays the same object. Kernels know
nothing but an address, so that all of this is looked at before they use it.
"""

from __future__ import annotations

import ctypes
import math
import weakref
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import torch

from conex_core.run.engine.signature import Argument

__all__ = ["Cell", "Given", "NotFused", "Taken", "check_apart", "fit"]

# Arguments by name: tensors, cells and numbers. Any, as there may be other arguments beside them.
Given = dict[str, Any]

_KINDS = {
    "b1": torch.bool,
    "f4": torch.float32,
    "f8": torch.float64,
    "i4": torch.int32,
    "i8": torch.int64,
    "u4": torch.int32,
}


class NotFused(Exception):
    """Say why a behavior stays with Python."""


class Cell:
    """Hold numbers that belong to the engine alone, such as the place in a ring."""

    def __init__(self, *values: int, size: int | None = None, dtype: Any = np.int64) -> None:
        self.array = np.zeros(len(values) if size is None else max(size, 1), dtype)
        self.array[: len(values)] = values
        self.address = int(self.array.ctypes.data)
        self._view = memoryview(self.array)  # type: ignore[arg-type]  # quicker for one number

    @property
    def value(self) -> int:
        """Return the first number."""
        return self._view[0]

    @value.setter
    def value(self, number: int) -> None:
        self._view[0] = number


class Taken:
    """Hold a tensor of ``owner`` as it was when kernels took its memory.

    ``host`` is the object of the network that it belongs to, ``owner`` itself or what
    has it. The memory is not freed before this is, whatever becomes of the attribute;
    but a tensor that is resized takes its memory along.
    """

    def __init__(self, tensor: torch.Tensor, name: str, owner: Any = None, host: Any = None):
        self.name, self.owner, self.host = name, owner, owner if host is None else host
        self.is_movable = True  # another tensor of the same form may take its place
        self.handles = np.zeros(2, np.int64)
        self.hold(tensor)

    def hold(self, tensor: torch.Tensor) -> None:
        """Take ``tensor``, which must be of the form of the one before."""
        _check_plain(tensor, self.name)
        # Shares the memory, and nobody else can change its form.
        self.tensor, self.alias = tensor, tensor.detach()
        self.weak = weakref.ref(tensor)  # torch exchanges the insides of no tensor that has one
        self.address, self.shape = int(tensor.data_ptr()), tuple(tensor.shape)
        self.form = (self.address, tensor.dtype, tensor.shape, tensor.stride())
        self.nbytes = tensor.numel() * tensor.element_size()
        self.storage = tensor.untyped_storage()
        self.room = self.storage.nbytes()
        if self.address + self.nbytes > self.storage.data_ptr() + self.room:
            raise NotFused(f"{self.name} has lost its memory")
        self.handles[:] = tensor._cdata, self.alias._cdata

    def flags_set(self) -> np.ndarray[Any, Any]:
        """Return the places of the set values of a bool vector that is where it was."""
        # Not by an array of the tensor itself, which could not be resized ever after.
        flags = (ctypes.c_uint8 * self.nbytes).from_address(self.address)
        return np.flatnonzero(np.frombuffer(memoryview(flags), np.uint8))

    def is_kept(self) -> bool:
        """Tell whether the tensor still has its memory and its form."""
        found = self.tensor
        form = (found.data_ptr(), found.dtype, found.shape, found.stride())
        return form == self.form and self.is_held() and not found.requires_grad

    def is_held(self) -> bool:
        """Tell whether the memory still is what kernels may use."""
        return self.alias.data_ptr() == self.address and self.storage.nbytes() == self.room

    def follow(self) -> bool:
        """Go where the memory went; return whether there is enough of it."""
        place, start = self.alias.data_ptr(), self.storage.data_ptr()
        self.address, self.room = place, self.storage.nbytes()
        return place + self.nbytes <= start + self.room


def fit(value: Taken | Cell, argument: Argument, sizes: dict[str, int]) -> None:
    """Check ``value`` against what was declared; sizes that are not known yet are noted.

    Raises
    ------
    NotFused
        If the tensor is of another type or shape.
    """
    if isinstance(value, Cell):
        _fit_cell(value, argument, sizes)
        return
    tensor, shape = value.tensor, argument.shape or ()
    if tensor.dtype is not _KINDS[argument.kind]:
        kinds = [str(item).removeprefix("torch.") for item in (tensor.dtype, _KINDS[argument.kind])]
        raise NotFused(f"{value.name} is {kinds[0]}, kernels take {kinds[1]}")
    lengths = (tensor.numel(),) if argument.is_flat else value.shape
    if len(shape) == len(lengths):
        for (name, more), found in zip(shape, lengths, strict=True):
            if name:
                sizes.setdefault(name, found - more)
        if lengths == shaped(argument, sizes):
            return
    wanted = " × ".join(str(sizes.get(name, name) or more) for name, more in shape) or "one number"
    raise NotFused(f"{value.name} has the shape {value.shape}, the kernel takes {wanted}")


def shaped(argument: Argument, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """Return the shape of an argument where sizes are known."""
    return tuple(sizes[name] + more if name else more for name, more in argument.shape or ())


def check_apart(values: list[Taken]) -> None:
    """Raise NotFused where two tensors share memory: a kernel reads one while it writes the other.

    Python finishes reading before it writes.
    """
    ends = sorted((item.address, item.address + item.nbytes, item.name) for item in values)
    for (_, end, name), (begin, _, other) in pairwise(ends):
        if begin < end:
            raise NotFused(f"{name} and {other} share memory")


def _fit_cell(cell: Cell, argument: Argument, sizes: Mapping[str, int]) -> None:
    count = math.prod(shaped(argument, sizes))
    kind = argument.kind.replace("u", "i").replace("b1", "b1" if cell.array.dtype == bool else "u1")
    if cell.array.dtype.str[1:] not in (kind, argument.kind) or cell.array.size < count:
        raise TypeError(f"{argument.name} takes {count} {argument.kind}, not {cell.array.dtype}")


def _check_plain(tensor: torch.Tensor, name: str) -> None:
    """Raise NotFused unless ``tensor`` is memory on the CPU, in one piece, and nothing more."""
    if type(tensor) is not torch.Tensor or tensor.layout is not torch.strided:
        raise NotFused(f"{name} is no plain tensor")
    if tensor.device.type != "cpu" or not tensor.is_contiguous():
        raise NotFused(f"{name} does not lie in one piece on the CPU")
    if tensor.requires_grad or tensor.is_inference() or tensor.is_neg():
        raise NotFused(f"torch keeps account of what is done to {name}")
    if tensor.data_ptr() % max(tensor.element_size(), 1):
        raise NotFused(f"{name} does not begin at a whole number")
