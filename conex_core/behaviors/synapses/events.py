"""Sums over spiking neurons only: what makes sparse activity cheap.

On a CPU the few spiking rows are found and touched; elsewhere finding them
would wait for the device, so dense products are used. Both give the same sums.
"""

from __future__ import annotations

import torch

__all__ = ["EntriesBySource", "spiking", "sum_of_rows"]


def spiking(spikes: torch.Tensor) -> torch.Tensor | None:
    """Return the indices of the set elements on a CPU; None on other devices."""
    return spikes.nonzero().view(-1) if spikes.device.type == "cpu" else None


def sum_of_rows(weights: torch.Tensor, spikes: torch.Tensor, out: torch.Tensor) -> torch.Tensor:
    """Write the sum of the rows of ``weights`` (S, D) where ``spikes`` (S) into ``out`` (D)."""
    rows = spiking(spikes)
    if rows is None:
        return torch.mv(weights.t(), spikes.to(weights.dtype), out=out)
    if not rows.numel():
        return out.zero_()
    return torch.sum(weights.index_select(0, rows), dim=0, out=out)


class EntriesBySource:
    """Find the stored values of sparse weights that leave spiking sources."""

    def __init__(self, src_idx: torch.Tensor, sources: int) -> None:
        self._order = src_idx.argsort(stable=True)  # (nnz,) entries, source by source
        self._counts = torch.bincount(src_idx, minlength=sources)  # (S,)
        self._ends = self._counts.cumsum(0)  # (S,)

    def of(self, sources: torch.Tensor) -> torch.Tensor:
        """Return the positions in CSC order of all entries of ``sources``."""
        counts, ends = self._counts[sources], self._ends[sources]
        total = counts.cumsum(0)
        shift = (ends - total).repeat_interleave(counts)
        return self._order[torch.arange(shift.numel()) + shift]
