"""The guard: a kernel that looks whether memory still is where the rows after it expect it.

It asks torch, by the C functions that torch offers to compiled code, so that a look at
a tensor takes some tens of nanoseconds. Where these are missing, Python looks instead.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from conex_core.run.engine.kernel import REFUSES, Row, kernel, longs_at, njit, start_of
from conex_core.run.engine.taken import Cell, Taken

__all__ = ["NEAR", "Guard", "finite", "questions", "unmoved"]

_NULL = np.float32(0.0)
_DIMENSIONS = 5
NEAR = 5 + 2 * _DIMENSIONS  # handle, address, room, type, dimensions; sizes, strides
_FAR = 3
_ASKED = ("data_ptr", "storage_size", "dtype", "dim", "sizes", "strides")
_FILES = {"darwin": "libtorch_cpu.dylib", "win32": "torch_cpu.dll"}


@cache
def questions() -> tuple[int, ...]:
    """Return the addresses of the functions that tell of a tensor; none where they are missing."""
    path = Path(torch.__file__).parent / "lib" / _FILES.get(sys.platform, "libtorch_cpu.so")
    try:
        library = ctypes.CDLL(str(path))
        found = [getattr(library, f"aoti_torch_get_{name}") for name in _ASKED]
    except (AttributeError, OSError):
        return ()
    return tuple(int(ctypes.cast(item, ctypes.c_void_p).value or 0) for item in found)


@cache
def _number_of(dtype: torch.dtype) -> int:
    """Return the number by which torch's functions call a type."""
    answer, tensor = ctypes.c_int32(), torch.zeros(1, dtype=dtype)
    handle = ctypes.c_void_p(tensor._cdata)
    ask = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p)(questions()[2])
    ask(ctypes.addressof(handle), ctypes.addressof(answer))
    return answer.value


class Guard:
    """Say what one guard looks at: the form of what is ``near``, the memory of the rest.

    Near is what the behaviors that Python called before it may be expected to change.
    """

    def __init__(self, near: Sequence[Taken], far: Sequence[Taken]) -> None:
        self.near, self.far = Cell(size=NEAR * len(near)), Cell(size=_FAR * len(far))
        self._near = self.near.array[: NEAR * len(near)].reshape(-1, NEAR)
        self._far = self.far.array[: _FAR * len(far)].reshape(-1, _FAR)
        self._places: dict[int, tuple[Any, int]] = {}
        for table, items in ((self._near, near), (self._far, far)):
            for place, taken in enumerate(items):
                self._places[id(taken)] = (table, place)
                self.note(taken)

    @property
    def sizes(self) -> dict[str, int]:
        """Return how many tensors there are."""
        return {"many": len(self._near), "others": len(self._far)}

    def note(self, taken: Taken) -> None:
        """Write down where ``taken`` is now."""
        table, place = self._places[id(taken)]
        handle = int(taken.handles.ctypes.data)
        if table is self._far:
            table[place] = handle + 8, taken.address, taken.room
            return
        row, dims = table[place], len(taken.shape)
        row[:5] = handle, taken.address, taken.room, _number_of(taken.tensor.dtype), dims
        row[5 : 5 + dims] = taken.shape
        row[5 + _DIMENSIONS : 5 + _DIMENSIONS + dims] = taken.tensor.stride()


@intrinsic
def _ask(typingctx: Any, function: Any, handle: Any, answer: Any) -> Any:
    """Let torch write at ``answer`` what it knows of the tensor at ``handle``."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        number = ir.IntType(64)
        kind = ir.FunctionType(ir.IntType(32), [number, number]).as_pointer()
        builder.call(builder.inttoptr(args[0], kind), args[1:])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), codegen


@njit
def _is_formed(expected, asked, handle, said, answer):
    """Tell whether a tensor has the type, sizes and strides that are expected."""
    said[0] = 0  # a type is four bytes
    _ask(asked[2], handle, answer)
    if said[0] != expected[3]:
        return False
    _ask(asked[3], handle, answer)
    if said[0] != expected[4]:
        return False
    for question in range(4, 6):
        _ask(asked[question], handle, answer)
        found, first = longs_at(said[0], expected[4]), 5 + (question - 4) * 5
        for k in range(expected[4]):
            if found[k] != expected[first + k]:
                return False
    return True


@njit
def _is_there(asked, handle, said, answer, address, room):
    """Tell whether memory is where it was, and as much."""
    _ask(asked[0], handle, answer)
    if said[0] != address:
        return False
    _ask(asked[1], handle, answer)
    return said[0] == room


@kernel("near: i8[many, 15]; far: i8[others, 3]; asked: i8[6]; said: i8[1]")
def unmoved(row: Row) -> int:
    """Refuse where a tensor has moved or changed its form."""
    near, far, asked, said = row.near, row.far, row.asked, row.said
    answer = start_of(said)
    for k in range(row.many):
        handle = near[k, 0]
        if not _is_there(asked, handle, said, answer, near[k, 1], near[k, 2]):
            return REFUSES
        if not _is_formed(near[k], asked, handle, said, answer):
            return REFUSES
    for k in range(row.others):
        if not _is_there(asked, far[k, 0], said, answer, far[k, 1], far[k, 2]):
            return REFUSES
    return 0


@kernel("values: f4[n]")
def finite(row: Row) -> int:
    """Refuse values that are no numbers, or infinite."""
    values, sound = row.values, True
    for j in range(row.n):
        sound &= values[j] - values[j] == _NULL
    return 0 if sound else REFUSES
