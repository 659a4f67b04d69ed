"""Sharing: in which order the rows of a program lie, and which of them run side by side.

Rows of different synapse groups at one place in the order of an iteration do not
touch each other's memory. Where they have much to do, further threads take a
part of them; the sums, and so the numbers, stay the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import torch

from conex_core.run.engine.kernel import Kernel
from conex_core.run.engine.program import Row
from conex_core.run.engine.taken import Cell
from conex_core.run.engine.threads import fork, join

__all__ = ["laid_out"]

# Weights of a stretch from which on a thread gains more than the handing over costs.
_WORTH = 200_000

Unit = tuple[list[Row], int]  # the rows of one synapse group, and how many weights it has


def laid_out(rows: Sequence[Row], threads: Sequence[Cell]) -> list[Row]:
    """Return the rows as they are to lie, with those that hand over to further threads.

    ``threads`` are where the further threads find their jobs.
    """
    laid: list[Row] = []
    for key, stretch in groupby(rows, key=lambda row: row.key):
        found = list(stretch)
        units = _units(found) if key is not None else []
        if len(units) > 1 and sum(work for _, work in units) >= _WORTH:
            _share(laid, units, threads)
        else:
            laid += found
    return laid


def _units(rows: list[Row]) -> list[Unit]:
    """Return what may run side by side; nothing where groups share memory or lie mixed."""
    units: list[Unit] = []
    seen: set[int] = set()
    for owner, part in groupby(rows, key=lambda row: row.owner):
        memory = _memory(owner)
        if memory is None or {id(owner), memory.data_ptr()} & seen:
            return []
        seen |= {id(owner), memory.data_ptr()}
        units.append((list(part), memory.numel()))
    return units


def _memory(owner: Any) -> torch.Tensor | None:
    """Return the stored weights of a synapse group."""
    weights = vars(owner).get("weights", getattr(owner, "weights", None))
    if not hasattr(owner, "src") or not isinstance(weights, torch.Tensor):
        return None
    return weights if weights.layout is torch.strided else weights.values()


def _share(laid: list[Row], units: list[Unit], threads: Sequence[Cell]) -> None:
    """Append the rows of ``units``: those of the first thread, and behind them the others'."""
    shares = _fair(units, 1 + len(threads))
    busy = [(jobs, rows) for jobs, rows in zip(threads, shares[1:], strict=True) if rows]
    behind = len(laid) + 2 * len(busy) + len(shares[0])
    for jobs, rows in busy:
        laid.append(_row(fork, jobs=jobs, first=behind, last=behind + len(rows), place=len(laid)))
        behind += len(rows)
    laid += shares[0]
    over = sum(len(rows) for _, rows in busy)
    for number, (jobs, _) in enumerate(busy, start=1):
        laid.append(_row(join, jobs=jobs, over=over if number == len(busy) else 0))
    for _, rows in busy:
        laid += rows


def _row(kernel: Kernel, **given: int | Cell) -> Row:
    return Row(kernel, {**given}, dict)


def _fair(units: list[Unit], threads: int) -> list[list[Row]]:
    """Return the rows of each thread: the next largest unit goes to whom has least to do."""
    shares: list[list[Row]] = [[] for _ in range(threads)]
    work = [0] * threads
    for rows, weights in sorted(units, key=lambda unit: -unit[1]):
        least = work.index(min(work))
        shares[least] += rows
        work[least] += weights
    return shares
