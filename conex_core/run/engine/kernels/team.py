"""A team: further threads run some rows while the first one runs others.

Each further thread has eight numbers of its own: which job it is given and which it
has done, what its rows said, whether it is to stop, the addresses of rows and parameters,
and the rows of the job.
"""

from __future__ import annotations

import os
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from conex_core.run.engine.kernels.drive import PARAMETER_BYTES, ROW_BYTES, invoke
from conex_core.run.engine.kernels.memory import WIDTH, kernel, longs, njit

__all__ = ["CELLS", "fork", "join", "serve"]

CELLS = 8
_DONE, _STOP = 8, 24  # bytes
_SPINS = 2000  # looks at a number before the processor is offered to others
_YIELD = "SwitchToThread" if os.name == "nt" else "sched_yield"


@intrinsic
def _seen(typingctx: Any, address: Any) -> Any:
    """Return the number at an address, with all that was written before it."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = builder.inttoptr(args[0], ir.IntType(64).as_pointer())
        return builder.load_atomic(pointer, "acquire", 8)

    return types.int64(types.int64), codegen


@intrinsic
def _tell(typingctx: Any, address: Any, number: Any) -> Any:
    """Write a number for other threads, after all that was written before it."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = builder.inttoptr(args[0], ir.IntType(64).as_pointer())
        builder.store_atomic(args[1], pointer, "release", 8)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


@intrinsic
def _give_way(typingctx: Any) -> Any:
    """Offer the processor to other threads."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.FunctionType(ir.IntType(32), [])
        builder.call(cgutils.get_or_insert_function(builder.module, kind, _YIELD), [])
        return context.get_dummy_value()

    return types.void(), codegen


@njit
def _wait(address, number, stop):
    """Wait until the number at ``address`` is another one, or that at ``stop`` is set."""
    spins = 0
    while _seen(address) == number:
        if stop and _seen(stop):
            return False
        spins += 1
        if spins > _SPINS:
            _give_way()
    return True


@kernel
def fork(rows, parameters):
    """Give a thread its job: cells, first row, last row, the place of this row."""
    p = longs(rows, WIDTH)
    cells = longs(p[1], CELLS)
    cells[4], cells[5] = rows - p[4] * ROW_BYTES, parameters - p[4] * PARAMETER_BYTES
    cells[6], cells[7] = p[2], p[3]
    _tell(p[1], cells[0] + 1)
    return 0


@kernel
def join(rows, parameters):
    """Wait until a thread has done its job, and leave out its rows: cells, how many rows."""
    p = longs(rows, WIDTH)
    cells = longs(p[1], CELLS)
    _wait(p[1] + _DONE, cells[0] - 1, 0)
    return (p[2] << 2) | cells[2]


def serve(team):
    """Do every job that the cells at ``team`` are given, until they say stop."""
    cells = longs(team, CELLS)
    done = cells[1]
    while _wait(team, done, team + _STOP):
        said = 0
        for k in range(cells[6], cells[7]):
            row = cells[4] + k * ROW_BYTES
            address = longs(row, 1)[0]
            if address:
                said |= invoke(address, row, cells[5] + k * PARAMETER_BYTES)
        done += 1
        cells[2] = said
        _tell(team + _DONE, done)
    return 0
