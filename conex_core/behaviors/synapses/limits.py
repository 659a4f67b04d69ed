"""Normalisation and clipping: what keeps weights and currents in proportion and range."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import embedding_bag

from conex_core.behavior import Behavior
from conex_core.errors import ParameterError
from conex_core.parameters import Number

__all__ = ["CurrentNormalization", "WeightClip", "WeightNormalization", "weight_sums"]


class WeightNormalization(Behavior):
    """Scale the weights so that those of each target sum to ``norm``.

    Where a sum is negative, absolute values are summed instead, so that no
    weight changes its sign. Convolution kernels are scaled per output plane.
    Targets without weights stay as they are.
    """

    host = "synapses"
    priority = 520
    requires = ("own.weights",)
    equation = r"w_{ij} \leftarrow w_{ij}\,\frac{\mathrm{norm}}{\sum_k w_{kj}}"
    source = "CoNeX, behaviors.synapses; Goodhill & Barrow 1994, doi:10.1162/neco.1994.6.2.255"
    remembers = ()

    norm = Number(default=1.0, unit="nA", above=0.0, live=True, help="Sum of a target's weights.")

    def forward(self, owner: Any) -> None:
        """Scale ``owner.weights`` in place."""
        factors = self.norm / weight_sums(owner)
        if owner.weights.layout is torch.strided:
            owner.weights.mul_(factors)
        else:
            targets = owner.weights.col_indices()
            owner.weights.values().mul_(factors.index_select(0, targets))


class CurrentNormalization(Behavior):
    """Scale the current as if the weights of each target summed to ``norm``.

    The weights stay as they are. Sums are those of WeightNormalization.
    """

    host = "synapses"
    priority = 200
    requires = ("own.weights", "own.I")
    equation = r"I_j \leftarrow I_j\,\frac{\mathrm{norm}}{\sum_k w_{kj}}"
    source = "CoNeX, behaviors.synapses"
    remembers = ()

    norm = Number(default=1.0, unit="nA", above=0.0, live=True, help="Sum of a target's weights.")

    def forward(self, owner: Any) -> None:
        """Scale ``owner.I`` in place."""
        factors = self.norm / weight_sums(owner).view(-1)
        # A kernel's factor holds for all positions of its plane.
        owner.I.view(factors.numel(), -1).mul_(factors[:, None])


class WeightClip(Behavior):
    """Keep the weights within limits, at the end of every iteration."""

    host = "synapses"
    priority = 540
    requires = ("own.weights",)
    equation = r"w \leftarrow \min(\max(w, w_{min}), w_{max})"
    source = "CoNeX, behaviors.synapses"
    remembers = ()

    w_min = Number(default=0.0, unit="nA", live=True, help="Smallest weight.")
    w_max = Number(default=1.0, unit="nA", live=True, help="Largest weight.")

    def check_together(self) -> None:
        """Refuse limits in the wrong order."""
        if self.w_max <= self.w_min:
            raise ParameterError("w_max", f"must be above w_min ({self.w_min:g})", self.w_max)

    def forward(self, owner: Any) -> None:
        """Clamp ``owner.weights`` in place."""
        weights = owner.weights
        values = weights if weights.layout is torch.strided else weights.values()
        values.clamp_(self.w_min, self.w_max)


def weight_sums(owner: Any) -> torch.Tensor:
    """Return Σw per target, shaped to broadcast with the weights; never 0 or below.

    Where Σw is not positive Σ|w| stands in, and 1 where that is 0. (S, D) is
    summed over sources, local weights (out, position, cell) over cells, kernels
    over all but the output plane, one-to-one not at all. For sparse weights
    the shape is (D,).
    """
    sums = _summed(owner, owner.weights)
    # Asking makes a GPU wait; there the second sum is the cheaper way.
    if sums.device.type != "cpu" or bool((sums <= 0).any()):
        sums = torch.where(sums > 0, sums, _summed(owner, owner.weights.abs()))
        sums.masked_fill_(sums == 0, 1.0)
    return sums


def _summed(owner: Any, weights: torch.Tensor) -> torch.Tensor:
    if weights.layout is not torch.strided:
        values = weights.values()
        sums = values.new_zeros(owner.dst.size)
        return sums.index_add_(0, owner.weights.col_indices(), values)
    if weights.dim() == 2 and weights.device.type == "cpu" and len(weights):
        # Source after source; a sum over an axis adds in an order of its own.
        rows = torch.arange(len(weights))
        return embedding_bag(rows, weights, rows.new_zeros(1), mode="sum")
    axes = {1: (), 2: (0,), 3: (2,)}.get(weights.dim(), tuple(range(1, weights.dim())))
    # An empty tuple of axes would mean "all of them" to torch.
    return weights.sum(dim=axes, keepdim=True) if axes else weights.clone()
