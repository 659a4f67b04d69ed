"""Sparse weights (S, D) stored by source: source after source, targets in ascending order.

``crow_indices`` (S + 1) says where each source starts, ``col_indices`` the target
of each stored value. Both are int32 while there are fewer than 2³¹ values, so that
one synapse takes 8 bytes; the sources of the values are computed when asked for.
"""

from __future__ import annotations

import warnings

import torch
from torch.nn.functional import pad

__all__ = [
    "BySource",
    "ByTarget",
    "by_source",
    "entries_of",
    "index_type",
    "is_by_source",
    "source_values",
    "sources_at",
    "sources_of",
    "stored",
    "turned",
]


def index_type(count: int) -> torch.dtype:
    """Return the type of the indices of ``count`` stored values."""
    return torch.int32 if count < 1 << 31 else torch.int64


def is_by_source(weights: object) -> bool:
    """Tell whether ``weights`` are a sparse tensor stored by source."""
    return isinstance(weights, torch.Tensor) and weights.layout is torch.sparse_csr


def stored(
    starts: torch.Tensor, targets: torch.Tensor, values: torch.Tensor, shape: tuple[int, ...]
) -> torch.Tensor:
    """Return the sparse tensor of these parts, which it keeps where their types fit."""
    kind = index_type(values.numel())
    with warnings.catch_warnings():
        # Torch calls this layout a beta; what is used of it has been the same for years.
        warnings.filterwarnings("ignore", "Sparse CSR tensor support is in beta", UserWarning)
        return torch.sparse_csr_tensor(
            starts.to(kind), targets.to(kind), values, size=shape, check_invariants=False
        )


def by_source(weights: torch.Tensor) -> torch.Tensor:
    """Return any sparse ``weights`` as a fresh tensor stored by source."""
    shape = tuple(weights.shape)
    if weights.layout is torch.sparse_csc:
        targets = torch.arange(shape[1], device=weights.device)
        targets = targets.repeat_interleave(weights.ccol_indices().diff())
        return turned(weights.row_indices(), targets, weights.values(), shape)
    if weights.layout is torch.sparse_csr:
        ends = torch.stack([sources_of(weights), weights.col_indices()])
        weights = torch.sparse_coo_tensor(ends, weights.values(), shape, check_invariants=False)
    found = weights.to_sparse(layout=torch.sparse_coo).coalesce()  # sorted by source, then target
    sources, targets = found.indices()
    starts = _starts(torch.bincount(sources, minlength=shape[0]))
    return stored(starts, targets, found.values().clone(), shape)


def turned(
    sources: torch.Tensor, targets: torch.Tensor, values: torch.Tensor, shape: tuple[int, ...]
) -> torch.Tensor:
    """Return the sparse tensor of ``values`` that are listed target after target."""
    order = sources.argsort(stable=True)
    starts = _starts(torch.bincount(sources, minlength=shape[0]))
    return stored(starts, targets[order], values[order], shape)


def sources_of(weights: torch.Tensor) -> torch.Tensor:
    """Return the source of each stored value; takes as much memory as the targets do."""
    starts = weights.crow_indices()
    sources = torch.arange(weights.shape[0], dtype=starts.dtype, device=starts.device)
    return source_values(weights, sources)


def source_values(weights: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """Return the one of ``values`` (S) that belongs to the source of each stored value."""
    lengths, count = weights.crow_indices().diff(), weights.values().numel()
    # The size is given, or a GPU would have to be asked for it.
    return values.repeat_interleave(lengths, output_size=count)


def sources_at(weights: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Return the sources of the stored values at ``places``."""
    starts = weights.crow_indices()
    return torch.searchsorted(starts, places, right=True, out_int32=_is_short(starts)).sub_(1)


def entries_of(starts: torch.Tensor, neurons: torch.Tensor) -> torch.Tensor:
    """Return the places from ``starts[n]`` to before ``starts[n + 1]``, neuron after neuron."""
    if not neurons.numel():
        return starts[:0]
    first, last = starts.unfold(0, 2, 1).index_select(0, neurons).unbind(1)
    lengths = last - first
    ends = lengths.cumsum(0, dtype=starts.dtype)
    count = int(ends[-1])
    shift = (last - ends).repeat_interleave(lengths, output_size=count)
    return torch.arange(count, dtype=starts.dtype, device=starts.device).add_(shift)


class BySource:
    """Find what sources send; quickly where there are few enough to keep a view for each."""

    MOST = 10_000  # a view takes some hundred bytes, more than many a source's values do

    def __init__(self, weights: torch.Tensor) -> None:
        self.weights = weights
        self._views: tuple[tuple[torch.Tensor, ...], ...] | None = None
        if len(weights) <= self.MOST:
            lengths = weights.crow_indices().diff().tolist()
            targets, values = weights.col_indices(), weights.values()
            self._views = torch.split(targets, lengths), torch.split(values, lengths)

    def sent_by(self, sources: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return targets and values of ``sources``, of which there is one at least, in order."""
        if self._views is not None:
            rows = sources.tolist()
            targets, values = ([views[row] for row in rows] for views in self._views)
            return torch.cat(targets), torch.cat(values)
        entries = entries_of(self.weights.crow_indices(), sources)
        held = self.weights.col_indices(), self.weights.values()
        return held[0].index_select(0, entries), held[1].index_select(0, entries)


class ByTarget:
    """Find the stored values of targets; takes one index per stored value."""

    def __init__(self, weights: torch.Tensor) -> None:
        targets = weights.col_indices()
        self.weights = weights
        # Stable, so that the sources of each target are in ascending order.
        self.order = targets.argsort(stable=True).to(targets.dtype)
        self.starts = _starts(torch.bincount(targets, minlength=weights.shape[1])).to(targets.dtype)

    def entries_of(self, targets: torch.Tensor) -> torch.Tensor:
        """Return the places of all stored values of ``targets``, target after target."""
        return self.order.index_select(0, entries_of(self.starts, targets))


def _starts(counts: torch.Tensor) -> torch.Tensor:
    return pad(counts.cumsum(0), (1, 0))


def _is_short(indices: torch.Tensor) -> bool:
    return indices.dtype is torch.int32
