"""The loop: so many iterations of a program, without Python."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from conex_core.run.engine.kernel import REFUSES, longs_at
from conex_core.run.engine.signature import WIDTH

__all__ = ["ROW_BYTES", "drive", "invoke"]

ROW_BYTES = 8 * WIDTH


@intrinsic
def invoke(typingctx: Any, address: Any, row: Any) -> Any:
    """Call the kernel at ``address``."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        number = ir.IntType(64)
        kind = ir.FunctionType(number, [number]).as_pointer()
        return builder.call(builder.inttoptr(args[0], kind), args[1:])

    return types.int64(types.int64, types.int64), codegen


def drive(rows, first, last, steps, iteration):
    """Run ``steps`` iterations of the rows from ``first`` to before ``last``.

    ``rows`` and ``iteration`` are addresses; the latter counts on. With 0 steps it
    stays, and the rows run once: a part of an iteration. Ends early where a kernel
    asks for it, and at once where one refuses. Returns how many passes were done;
    below 0, minus 1 minus the row that refused.
    """
    now, done, ending = longs_at(iteration, 1), 0, 0
    while True:
        if steps:
            now[0] += 1
        k = first
        while k < last:
            row = rows + k * ROW_BYTES
            address = longs_at(row, 1)[0]
            if address:
                said = invoke(address, row)
                if said == REFUSES:
                    return -1 - k
                ending |= said & 1
                k += said >> 2  # rows that another thread has run
            k += 1
        done += 1
        if done >= steps or ending:
            return done
