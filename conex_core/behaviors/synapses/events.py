"""Sums over spiking neurons only: what makes sparse activity cheap.

On a CPU the few spiking rows are found and touched; elsewhere finding them
would wait for the device, so dense products are used. Both give the same sums.
"""

from __future__ import annotations

from typing import TypeGuard

import torch
from torch.nn.functional import embedding_bag

__all__ = ["add_to_columns", "add_to_rows", "few", "spiking", "sum_of_rows"]

# Below one spike in so many neurons, touching single rows beats a pass over the matrix.
_FEW = 32
# Up to so many rows are added one by one: each is a call, but the call for many costs more.
_SINGLE = 8


def spiking(spikes: torch.Tensor) -> torch.Tensor | None:
    """Return the indices of the set elements on a CPU; None on other devices."""
    return spikes.nonzero().view(-1) if spikes.device.type == "cpu" else None


def sum_of_rows(weights: torch.Tensor, spikes: torch.Tensor, out: torch.Tensor) -> torch.Tensor:
    """Write the sum of the rows of ``weights`` (S, D) where ``spikes`` (S) into ``out`` (D)."""
    rows = spiking(spikes)
    if rows is None:
        return torch.mv(weights.t(), spikes.to(weights.dtype), out=out)
    if rows.numel() <= _SINGLE:
        return _sum_of_single(weights, rows.tolist(), out)
    # Adds row after row, in order; a sum over an axis adds in an order of its own.
    return out.copy_(embedding_bag(rows, weights, rows.new_zeros(1), mode="sum")[0])


def _sum_of_single(weights: torch.Tensor, rows: list[int], out: torch.Tensor) -> torch.Tensor:
    if not rows:
        return out.zero_()
    out.copy_(weights[rows[0]])
    for row in rows[1:]:
        out.add_(weights[row])
    return out


def few(indices: torch.Tensor | None, size: int) -> TypeGuard[torch.Tensor]:
    """Tell whether touching ``indices`` of ``size`` rows is cheaper than touching all."""
    return indices is not None and indices.numel() * _FEW <= size


def add_to_columns(
    weights: torch.Tensor, values: torch.Tensor, spikes: torch.Tensor, scale: float
) -> None:
    """Add ``scale`` · ``values`` (S) to each column of ``weights`` (S, D) where ``spikes`` (D)."""
    columns, added = spiking(spikes), values * scale  # scaled first: then every sum is exact
    if columns is None or not few(columns, spikes.numel()):
        weights.addr_(added, spikes.to(weights.dtype))
    elif columns.numel():
        weights.index_add_(1, columns, added[:, None].expand(-1, columns.numel()))


def add_to_rows(
    weights: torch.Tensor, values: torch.Tensor, spikes: torch.Tensor, scale: float
) -> None:
    """Add ``scale`` · ``values`` (D) to each row of ``weights`` (S, D) where ``spikes`` (S)."""
    rows, added = spiking(spikes), values * scale
    if rows is None or not few(rows, spikes.numel()):
        weights.addr_(spikes.to(weights.dtype), added)
    else:
        for row in rows.tolist():  # a call for each, and still cheaper than one for all
            weights[row].add_(added)
