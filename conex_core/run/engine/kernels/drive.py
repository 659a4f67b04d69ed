"""The loop: so many iterations of a program, without Python."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from conex_core.run.engine.kernels.memory import REALS, REFUSES, WIDTH, longs

__all__ = ["drive"]

_ROW, _REALS = 8 * WIDTH, 8 * REALS  # bytes


@intrinsic
def _invoke(typingctx: Any, address: Any, rows: Any, parameters: Any) -> Any:
    """Call the kernel at ``address``."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        number = ir.IntType(64)
        kind = ir.FunctionType(number, [number, number]).as_pointer()
        return builder.call(builder.inttoptr(args[0], kind), args[1:])

    return types.int64(types.int64, types.int64, types.int64), codegen


def drive(rows, parameters, first, last, steps, iteration):
    """Run ``steps`` iterations of the rows from ``first`` to before ``last``.

    ``rows``, ``parameters`` and ``iteration`` are addresses; the latter counts
    on. With 0 steps it stays, and the rows run once: a part of an iteration.
    Ends early where a kernel asks for it, and at once where one refuses. Returns
    how many passes were done; below 0, minus 1 minus the row that refused.
    """
    now, done, ending = longs(iteration, 1), 0, 0
    while True:
        if steps:
            now[0] += 1
        for k in range(first, last):
            row = rows + k * _ROW
            address = longs(row, 1)[0]
            if address:
                said = _invoke(address, row, parameters + k * _REALS)
                if said == REFUSES:
                    return -1 - k
                ending |= said
        done += 1
        if done >= steps or ending:
            return done
