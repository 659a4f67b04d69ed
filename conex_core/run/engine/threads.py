"""Further threads: they run some rows while the first one runs others.

Each has eight numbers of its own: which job it is given and which it has done, what its
rows said, whether it is to stop, the address of the rows, nothing, and the rows of the job.
"""

from __future__ import annotations

import os
from threading import Thread
from types import TracebackType
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from conex_core.run.engine import compiling
from conex_core.run.engine.driving import ROW_BYTES, invoke
from conex_core.run.engine.kernel import Row, kernel, longs_at, njit, start_of
from conex_core.run.engine.taken import Cell

__all__ = ["Threads", "fork", "join", "serve"]

_CELLS = 8
_STOPPING = 3
_DONE, _STOP = 8, 8 * _STOPPING  # bytes
_SPINS = 2000  # looks at a number before the processor is offered to others
_YIELD = "SwitchToThread" if os.name == "nt" else "sched_yield"


class Threads:
    """Keep further threads at work inside a ``with``.

    Each keeps a processor busy all the while, so that a job begins at once.
    """

    def __init__(self, count: int) -> None:
        self.jobs = [Cell(size=_CELLS) for _ in range(count)]
        self._serve = compiling.loop_of(serve, 1)
        self._threads: list[Thread] = []

    def __enter__(self) -> None:
        for cell in self.jobs:
            cell.array[_STOPPING] = 0
            thread = Thread(target=self._serve, args=(cell.address,), name="kernels", daemon=True)
            self._threads.append(thread)
            thread.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for cell in self.jobs:
            cell.array[_STOPPING] = 1
        while self._threads:
            self._threads.pop().join()


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


@kernel("jobs: i8[8]; first, last, place: int")
def fork(row: Row) -> int:
    """Give a thread its job, the rows from ``first`` to before ``last``; this one is ``place``."""
    jobs = row.jobs
    jobs[4] = row.address - row.place * ROW_BYTES
    jobs[6], jobs[7] = row.first, row.last
    _tell(start_of(jobs), jobs[0] + 1)
    return 0


@kernel("jobs: i8[8]; over: int")
def join(row: Row) -> int:
    """Wait until a thread has done its job, and leave out ``over`` rows, which threads ran."""
    jobs = row.jobs
    _wait(start_of(jobs) + _DONE, jobs[0] - 1, 0)
    return (row.over << 2) | jobs[2]  # type: ignore[no-any-return]  # an int64


def serve(address):
    """Do every job that the numbers at ``address`` give, until they say stop."""
    jobs = longs_at(address, 8)
    done = jobs[1]
    while _wait(address, done, address + _STOP):
        said = 0
        for k in range(jobs[6], jobs[7]):
            row = jobs[4] + k * ROW_BYTES
            kernel_at = longs_at(row, 1)[0]
            if kernel_at:
                said |= invoke(kernel_at, row)
        done += 1
        jobs[2] = said
        _tell(address + _DONE, done)
    return 0
