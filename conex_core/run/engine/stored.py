"""Sparse weights as kernels see them: the values of torch, and indices of the engine's own.

Indices are places in memory. Whoever changes those of a tensor, or reads wrong ones
from a file, cannot reach what kernels read; the copy takes four bytes a synapse.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import torch

from conex_core.behaviors.synapses.storage import ByTarget
from conex_core.run.engine.taken import Cell, Given, NotFused, Taken

__all__ = ["Stored"]


class Stored:
    """Hold weights (S, D) that are stored by source.

    Raises
    ------
    NotFused
        If they are not, or if an index leads outside.
    """

    def __init__(self, weights: object, sources: int, targets: int) -> None:
        if not isinstance(weights, torch.Tensor) or weights.layout is not torch.sparse_csr:
            raise NotFused("its weights are not stored by source")
        self.weights, self.sources, self.width = weights, sources, targets
        starts, columns = weights.crow_indices(), weights.col_indices()
        if starts.dtype is not torch.int32 or tuple(weights.shape) != (sources, targets):
            raise NotFused("its weights are not stored by source")
        self.values = Taken(weights.values(), "weights")
        self.count = self.values.tensor.numel()
        _check(starts, columns, self.values.shape, (sources, targets))
        self._form = self._found_form()
        self.starts, self.targets = _own(starts), _own(columns)

    def is_kept(self) -> bool:
        """Tell whether the tensor still holds these values and has not changed its indices."""
        return self._found_form() == self._form

    @cached_property
    def by_target(self) -> tuple[Cell, Cell]:
        """Return where each target starts, and the places of its values in the order of sources."""
        found = ByTarget(self.weights)
        return _own(found.starts), _own(found.order)

    def given(self) -> Given:
        """Return the arguments of a kernel that goes by source."""
        sizes = {"sources": self.sources, "width": self.width, "stored": self.count}
        return {**sizes, "starts": self.starts, "targets": self.targets, "weights": self.values}

    def given_by_target(self) -> Given:
        """Return the arguments of a kernel that goes by source and by target."""
        firsts, places = self.by_target
        return {**self.given(), "firsts": firsts, "places": places}

    def _found_form(self) -> tuple[object, ...]:
        starts, columns, values = (
            self.weights.crow_indices(),
            self.weights.col_indices(),
            self.weights.values(),
        )
        kept = (starts.data_ptr(), starts._version, columns.data_ptr(), columns._version)
        return (*kept, values.data_ptr(), values.shape, values.dtype, self.weights.shape)


def _own(indices: torch.Tensor) -> Cell:
    made = Cell(size=indices.numel(), dtype=np.int32)
    torch.from_numpy(made.array)[: indices.numel()].copy_(indices)
    return made


def _check(
    starts: torch.Tensor, columns: torch.Tensor, values: tuple[int, ...], ends: tuple[int, int]
) -> None:
    """Raise NotFused unless every index leads to a weight and to a target."""
    count, (sources, targets) = columns.numel(), ends
    lengths_fit = tuple(starts.shape) == (sources + 1,) and values == (count,)
    if not (lengths_fit and columns.dtype is torch.int32 and columns.dim() == 1):
        raise NotFused("its weights are not stored by source")
    inside = not count or 0 <= int(columns.min()) <= int(columns.max()) < targets
    ends_fit = int(starts[0]) == 0 and int(starts[-1]) == count
    if not (inside and ends_fit and bool((starts.diff() >= 0).all())):
        raise NotFused("an index of its weights leads nowhere")
