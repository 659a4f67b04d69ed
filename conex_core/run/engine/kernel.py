"""What every kernel is made of: its declaration, and a row whose arguments have names.

A kernel is a function of one row, ``row.v`` is an argument of it: a number, or an array
of the declared type and shape over the memory of a tensor. Nothing but the declaration
says where in a row it lies. A kernel returns 0, 1 to end the run after this iteration,
or REFUSES to end it at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from llvmlite import ir
from numba import carray, types
from numba import njit as _njit
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    models,
    register_model,
)
from numba.np.arrayobj import make_array, populate_array

from conex_core.run.engine.signature import Argument, Signature

__all__ = [
    "OPTIONS",
    "REFUSES",
    "Kernel",
    "Row",
    "bytes_at",
    "kernel",
    "longs_at",
    "njit",
    "octets_at",
    "prefetch",
    "start_of",
]

REFUSES = 2

# Division by zero gives infinity, as in torch; the check for it would keep loops scalar.
OPTIONS = {"error_model": "numpy"}

Row = Any  # what a kernel gets; its attributes are those of the declaration

_F = TypeVar("_F", bound=Callable[..., Any])

_TYPES = {
    "b1": types.uint8,
    "double": types.float64,
    "f4": types.float32,
    "f8": types.float64,
    "i4": types.int32,
    "i8": types.int64,
    "int": types.int64,
    "real": types.float32,
    "u4": types.uint32,
}


def njit(function: _F) -> _F:
    """Let kernels call ``function``, which is compiled with them."""
    compiled: _F = _njit(**OPTIONS)(function)
    return compiled


class Kernel:
    """Hold a function and the signature of its row; it is compiled when a network needs it."""

    def __init__(self, function: Callable[[Row], int], signature: Signature) -> None:
        self.name, self.function, self.signature = function.__name__, function, signature
        self.row = RowType(signature)

    def __repr__(self) -> str:
        return f"{self.name}({self.signature.text})"


def kernel(declaration: str) -> Callable[[Callable[[Row], int]], Kernel]:
    """Return what makes a kernel of a function; see ``signature`` for the declaration."""

    def made(function: Callable[[Row], int]) -> Kernel:
        return Kernel(function, Signature(function.__name__, declaration))

    return made


class RowType(types.Type):
    """Tell numba what the attributes of a row are; its value is the address of the row."""

    def __init__(self, signature: Signature) -> None:
        self.arguments = signature.arguments
        super().__init__(name=f"row({signature.text})")


@register_model(RowType)
class _RowModel(models.PrimitiveModel):
    def __init__(self, manager: Any, row: RowType) -> None:
        super().__init__(manager, row, ir.IntType(64))


@infer_getattr
class _RowAttributes(AttributeTemplate):
    key = RowType

    def generic_resolve(self, row: RowType, name: str) -> Any:
        argument = row.arguments.get(name)
        if argument is None:
            return types.int64 if name == "address" else None
        return _type_of(argument)


def _type_of(argument: Argument) -> Any:
    kind = _TYPES[argument.kind]
    return kind if argument.shape is None else types.Array(kind, len(argument.shape), "C")


@lower_getattr_generic(RowType)
def _attribute(context: Any, builder: Any, row: RowType, address: Any, name: str) -> Any:
    """Read an argument: a number from its cell, an array from its address and the sizes."""
    if name == "address":
        return address
    argument = row.arguments[name]
    if argument.shape is None:
        return _number(context, builder, argument, address)
    sizes = []
    for size, more in argument.shape:
        number = context.get_constant(types.intp, more)
        if size:
            number = builder.add(_cell(builder, address, row.arguments[size].cell), number)
        sizes.append(number)
    return _array(context, builder, argument, _cell(builder, address, argument.cell), sizes)


def _cell(builder: Any, address: Any, cell: int, kind: Any = None) -> Any:
    kind = kind or ir.IntType(64)
    place = builder.add(address, ir.Constant(ir.IntType(64), 8 * cell))
    return builder.load(builder.inttoptr(place, kind.as_pointer()))


def _number(context: Any, builder: Any, argument: Argument, address: Any) -> Any:
    if not argument.is_live:
        return _cell(builder, address, argument.cell)
    value = _cell(builder, address, argument.cell, ir.DoubleType())
    return builder.fptrunc(value, ir.FloatType()) if argument.kind == "real" else value


def _array(context: Any, builder: Any, argument: Argument, address: Any, sizes: Any) -> Any:
    kind = _type_of(argument)
    array = make_array(kind)(context, builder)
    itemsize = context.get_constant(types.intp, argument.itemsize)
    strides: list[Any] = []
    step = itemsize
    for size in reversed(sizes):
        strides.insert(0, step)
        step = builder.mul(step, size)
    data = builder.inttoptr(address, context.get_data_type(kind.dtype).as_pointer())
    populate_array(array, data, sizes, strides, itemsize, None)
    return array._getvalue()


@intrinsic
def _pointer(typingctx: Any, address: Any) -> Any:
    """Return a whole number as a pointer."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], context.get_value_type(signature.return_type))

    return types.voidptr(types.int64), codegen


@intrinsic
def prefetch(typingctx: Any, array: Any, place: Any) -> Any:
    """Have the line of memory of an element fetched; a hint, without effect on any value."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = make_array(signature.args[0])(context, builder, args[0]).data
        pointer, number = context.get_value_type(types.voidptr), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        fetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        element = builder.bitcast(builder.gep(data, [args[1]]), pointer)
        builder.call(fetch, [element, *map(number, (0, 3, 1))])
        return context.get_dummy_value()

    return types.void(array, types.int64), codegen


@intrinsic
def start_of(typingctx: Any, array: Any) -> Any:
    """Return where the first element of an array lies."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = make_array(signature.args[0])(context, builder, args[0]).data
        return builder.ptrtoint(data, ir.IntType(64))

    return types.int64(array), codegen


@njit
def bytes_at(address: Any, count: Any) -> Any:
    """Return ``count`` uint8 at ``address``."""
    return carray(_pointer(address), (count,), np.uint8)


@njit
def longs_at(address: Any, count: Any) -> Any:
    """Return ``count`` int64 at ``address``."""
    return carray(_pointer(address), (count,), np.int64)


@njit
def octets_at(flags: Any) -> Any:
    """Return the same bytes as uint64, eight at a time; those at the end are left out."""
    return carray(_pointer(start_of(flags)), (flags.size >> 3,), np.uint64)
