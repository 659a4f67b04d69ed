"""Spike-timing dependent plasticity, for every way that weights are stored.

All rules read the spikes and traces of this iteration, after their decay: a
source and a target spike that are caught together count both ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conex_core.behavior import Behavior
from conex_core.behaviors.synapses.bounds import BOUNDS, depression, potentiation
from conex_core.behaviors.synapses.connections import (
    Connection,
    Dense,
    Kernels,
    Local,
    OneToOne,
    Sparse,
)
from conex_core.behaviors.synapses.events import add_to_columns, add_to_rows, few, spiking
from conex_core.behaviors.synapses.storage import sources_at
from conex_core.errors import ParameterError
from conex_core.parameters import Flag, Number, Option

if TYPE_CHECKING:
    import torch

__all__ = [
    "Conv2dSTDP",
    "LearningRule",
    "Local2dSTDP",
    "One2OneSTDP",
    "SimpleSTDP",
    "SparseSTDP",
]


_BOUNDED = ("hard_bound", "soft_bound")
_WHERE_READ: Any = (
    ("clip", (True,)),
    ("positive_bound", _BOUNDED),
    ("negative_bound", _BOUNDED),
)


class LearningRule(Connection, Behavior):
    """Change weights by pair-based STDP; a ``Connection`` says how they are stored."""

    host = "synapses"
    priority = 500
    requires: tuple[str, ...] = (
        "own.weights",
        "own.pre_spike",
        "own.post_spike",
        "own.pre_trace",
        "own.post_trace",
    )
    source = "Morrison, Diesmann & Gerstner 2008, doi:10.1007/s00422-008-0233-1; CoNeX"
    catalogued = False
    remembers = ()

    a_plus = Number(
        default=0.01, live=True, symbol="A₊", help="Growth per target spike and unit of pre-trace."
    )
    a_minus = Number(
        default=0.012, live=True, symbol="A₋", help="Loss per source spike and unit of post-trace."
    )
    w_min = Number(
        default=0.0,
        unit="nA",
        live=True,
        acts_if=_WHERE_READ,
        help="Lower limit that the bounds read.",
    )
    w_max = Number(
        default=1.0,
        unit="nA",
        live=True,
        acts_if=_WHERE_READ,
        help="Upper limit that the bounds read.",
    )
    positive_bound = Option(
        default=None,
        optional=True,
        options=tuple(sorted(BOUNDS)),
        custom=True,
        help="How growth depends on the weight; empty for not at all.",
    )
    negative_bound = Option(
        default=None,
        optional=True,
        options=tuple(sorted(BOUNDS)),
        custom=True,
        help="How loss depends on the weight; empty for not at all.",
    )
    clip = Flag(
        default=False, live=True, help="Keep the weights within the limits after every change."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_tag("weight_learning")

    def check_together(self) -> None:
        """Refuse limits in the wrong order."""
        if self.w_max <= self.w_min:
            raise ParameterError("w_max", f"must be above w_min ({self.w_min:g})", self.w_max)

    def initialize(self, owner: Any) -> None:
        """Check that the weights are of the right kind."""
        super().initialize(owner)
        self.check_weights(owner)

    def forward(self, owner: Any) -> None:
        """Change the weights in place."""
        self.learn(owner)
        if self.clip:
            self.stored(owner).clamp_(self.w_min, self.w_max)

    def learn(self, owner: Any) -> None:
        """Add this iteration's change to the weights."""
        up, down = self.changes(owner)
        self.stored(owner).add_(up).sub_(down)

    def changes(self, owner: Any) -> tuple[torch.Tensor, torch.Tensor]:
        """Return by how much this iteration lets every weight grow, and shrink."""
        weights = self.stored(owner)
        up = self.combine(owner, owner.pre_trace, owner.post_spike)
        down = self.combine(owner, owner.pre_spike, owner.post_trace)
        return up.mul_(self.growth(weights)), down.mul_(self.loss(weights))

    @property
    def is_bounded(self) -> bool:
        """Tell whether growth or loss depends on the weight."""
        bounds = (self.positive_bound, self.negative_bound)
        return any(bound not in (None, "no_bound") for bound in bounds)

    def growth(self, weights: torch.Tensor) -> torch.Tensor | float:
        """Return the factor of growth: a_plus, shaped like ``weights`` where bounded."""
        factor = potentiation(self.positive_bound or "no_bound", weights, self.w_min, self.w_max)
        return float(self.a_plus) if factor is None else factor.mul(self.a_plus)

    def loss(self, weights: torch.Tensor) -> torch.Tensor | float:
        """Return the factor of loss: a_minus, shaped like ``weights`` where bounded."""
        factor = depression(self.negative_bound or "no_bound", weights, self.w_min, self.w_max)
        return float(self.a_minus) if factor is None else factor.mul(self.a_minus)


class SimpleSTDP(Dense, LearningRule):
    """Change dense weights by pair-based STDP with traces.

    A target spike strengthens its weights by the sources' traces, a source
    spike weakens its weights by the targets' traces. The limits bound nothing
    unless a bound, ``clip`` or WeightClip says so.
    """

    catalogued = True
    equation = r"\Delta w_{ij} = A_+ x_i q_j B_+(w_{ij}) - A_- p_i y_j B_-(w_{ij})"

    def learn(self, owner: Any) -> None:
        """Change the columns of spiking targets and the rows of spiking sources."""
        if self.is_bounded:
            self._learn_bounded(owner)
            return
        add_to_columns(owner.weights, owner.pre_trace, owner.post_spike, self.a_plus)
        add_to_rows(owner.weights, owner.post_trace, owner.pre_spike, -self.a_minus)

    def _learn_bounded(self, owner: Any) -> None:
        weights = owner.weights
        targets, sources = spiking(owner.post_spike), spiking(owner.pre_spike)
        if not (few(targets, owner.dst.size) and few(sources, owner.src.size)):
            super().learn(owner)
            return
        # Both changes read the weights from before either.
        growth = self.growth(weights.index_select(1, targets))  # (S, spiking targets)
        loss = self.loss(weights.index_select(0, sources))  # (spiking sources, D)
        up = (owner.pre_trace[:, None] * growth).expand(-1, len(targets))
        down = (owner.post_trace * loss).expand(len(sources), -1)
        weights.index_add_(1, targets, up).index_add_(0, sources, down, alpha=-1)


class One2OneSTDP(OneToOne, LearningRule):
    """Change one-to-one weights by pair-based STDP with traces."""

    catalogued = True
    equation = r"\Delta w_i = A_+ x_i q_i B_+(w_i) - A_- p_i y_i B_-(w_i)"


class SparseSTDP(Sparse, LearningRule):
    """Change stored sparse weights by pair-based STDP with traces."""

    catalogued = True
    equation = SimpleSTDP.equation

    def learn(self, owner: Any) -> None:
        """Change the stored weights of spiking sources and targets."""
        entries = self.touched(owner)
        if entries is None:
            super().learn(owner)
            return
        values = self.stored(owner)
        up, down = self.changes_of(owner, *entries)
        values.index_add_(0, entries[0], up).index_add_(0, entries[1], down, alpha=-1)

    def changes_of(
        self, owner: Any, grown: torch.Tensor, shrunk: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return by how much the entries of spiking targets grow and those of sources shrink."""
        weights, values = owner.weights, self.stored(owner)
        # Both changes read the weights from before either.
        growth = self.growth(values.index_select(0, grown))
        loss = self.loss(values.index_select(0, shrunk))
        up = owner.pre_trace.index_select(0, sources_at(weights, grown)).mul_(growth)
        targets = weights.col_indices().index_select(0, shrunk)
        return up, owner.post_trace.index_select(0, targets).mul_(loss)


class Conv2dSTDP(Kernels, LearningRule):
    """Change convolution kernels by STDP, averaged over all positions."""

    catalogued = True
    requires = (*LearningRule.requires, "own.stride", "own.padding")
    equation = (
        r"\Delta w_{o,i,q} = \frac{1}{HW}\sum_p \left(A_+ x_{i,p+q}\, q_{o,p} B_+"
        r" - A_- p_{i,p+q}\, y_{o,p} B_-\right)"
    )
    source = "CoNeX, behaviors.synapses"


class Local2dSTDP(Local, LearningRule):
    """Change local weights by STDP, at each position by itself."""

    catalogued = True
    requires = (*LearningRule.requires, "own.stride", "own.padding")
    equation = (
        r"\Delta w_{o,p,q} = A_+ x_{p+q}\, q_{o,p} B_+(w_{o,p,q})"
        r" - A_- p_{p+q}\, y_{o,p} B_-(w_{o,p,q})"
    )
    source = "CoNeX, behaviors.synapses"
