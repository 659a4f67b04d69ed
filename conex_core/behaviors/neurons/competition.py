"""KWTA: of all neurons about to spike, only the strongest do."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behavior import Behavior, name_of
from conex_core.errors import StructureError
from conex_core.parameters import Integer

__all__ = ["KWTA"]


class KWTA(Behavior):
    """Let at most k neurons reach their threshold at once (winner take all).

    The winners are those furthest above their own threshold; the others that
    reached it go to their reset potential without a spike; of equals the first
    neuron wins. With ``dimension`` the contest is held separately along each line
    of that axis of the grid.
    """

    priority = 300
    requires = ("own.v", "own.threshold", "own.v_reset")
    equation = (
        r"v_i \leftarrow v_{reset}\ \text{if}\ v_i\ge\theta_i\ \text{and not among the k best}"
    )
    source = "CoNeX, behaviors.neurons; Maass 2000, doi:10.1162/089976600300014827"
    remembers = ()

    k = Integer(default=1, low=1, live=True, help="Most spikes per iteration (and line).")
    dimension = Integer(
        default=None,
        optional=True,
        low=0,
        high=2,
        help="Axis of the contest: 0 depth, 1 height, 2 width; empty for the whole group.",
    )

    def initialize(self, owner: Any) -> None:
        """Find the grid of ``owner``: (N,) or (depth, height, width)."""
        super().initialize(owner)
        self._shape: tuple[int, ...] = (owner.size,)
        if self.dimension is not None:
            names = ("depth", "height", "width")
            shape = tuple(getattr(owner, name, 0) for name in names)
            self._shape = shape if all(shape) else (owner.size, 1, 1)
        if owner.v.numel() != torch.Size(self._shape).numel():
            raise StructureError(name_of(owner), f"has no grid {self._shape} for KWTA")

    def forward(self, owner: Any) -> None:
        """Reset the losers among the neurons at or above threshold."""
        candidates = owner.v >= owner.threshold
        # Most iterations have no contest; asking costs nothing on a CPU and a wait elsewhere.
        if candidates.device.type == "cpu" and int(candidates.sum()) <= 1:
            return
        margin = torch.where(candidates, owner.v - owner.threshold, -torch.inf)
        axis = self.dimension or 0
        count = min(self.k, self._shape[axis])
        # Of equals the first ones win: a stable order, which topk does not promise.
        order = margin.view(self._shape).sort(dim=axis, descending=True, stable=True).indices
        best = order.narrow(axis, 0, count)
        losers = candidates.view(self._shape).scatter(axis, best, False).view(-1)
        torch.where(losers, owner.v_reset, owner.v, out=owner.v)
