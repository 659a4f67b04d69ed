"""What every kernel is made of: its declaration, and arrays over memory by address.

A kernel is a function of two addresses, those of a row of whole numbers and of
a row of real numbers. It returns 0, 1 to end the run after this iteration, or
REFUSES to end it at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import carray, types
from numba import njit as _njit
from numba.core import cgutils
from numba.extending import intrinsic

# Division by zero gives infinity, as in torch; the check for it would keep loops scalar.
WIDTH = 24  # whole numbers in a row, the address of its kernel first
REALS = 8  # real numbers in a row
REFUSES = 2

OPTIONS = {"error_model": "numpy"}
KERNELS: dict[str, Callable[[int, int], int]] = {}

njit = _njit(**OPTIONS)

__all__ = [
    "KERNELS",
    "OPTIONS",
    "REALS",
    "REFUSES",
    "WIDTH",
    "bytes_at",
    "floats",
    "integers",
    "kernel",
    "longs",
    "njit",
    "octets",
    "prefetch",
    "reals",
    "words",
]


def kernel(function: Callable[[int, int], int]) -> Callable[[int, int], int]:
    """Enter ``function`` under its name; it is compiled when a network needs it."""
    KERNELS[function.__name__] = function
    return function


@intrinsic
def _pointer(typingctx: Any, address: Any) -> Any:
    """Return a whole number as a pointer."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], context.get_value_type(signature.return_type))

    return types.voidptr(types.int64), codegen


@intrinsic
def prefetch(typingctx: Any, address: Any) -> Any:
    """Have the line of memory at an address fetched; a hint, without effect on any value."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer, number = context.get_value_type(types.voidptr), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        fetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(fetch, [builder.inttoptr(args[0], pointer), *map(number, (0, 3, 1))])
        return context.get_dummy_value()

    return types.void(types.int64), codegen


@njit
def floats(address, count):
    """Return ``count`` float32 at ``address``."""
    return carray(_pointer(address), (count,), np.float32)


@njit
def integers(address, count):
    """Return ``count`` int32 at ``address``."""
    return carray(_pointer(address), (count,), np.int32)


@njit
def longs(address, count):
    """Return ``count`` int64 at ``address``."""
    return carray(_pointer(address), (count,), np.int64)


@njit
def words(address, count):
    """Return ``count`` uint32 at ``address``."""
    return carray(_pointer(address), (count,), np.uint32)


@njit
def bytes_at(address, count):
    """Return ``count`` uint8 at ``address``; a bool tensor is such bytes."""
    return carray(_pointer(address), (count,), np.uint8)


@njit
def octets(address, count):
    """Return ``count`` uint64 at ``address``: eight bytes at a time."""
    return carray(_pointer(address), (count,), np.uint64)


@njit
def reals(address, count):
    """Return ``count`` float64 at ``address``."""
    return carray(_pointer(address), (count,), np.float64)
