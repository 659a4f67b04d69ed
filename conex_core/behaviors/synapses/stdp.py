"""Spike-timing dependent plasticity of dense and convolutional weights.

All rules read the spikes and traces of this iteration, after their decay: a
source and a target spike that are caught together count both ways.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import unfold

from conex_core.behavior import Behavior
from conex_core.behaviors.synapses.bounds import BOUNDS, depression, potentiation
from conex_core.behaviors.synapses.events import add_to_columns, add_to_rows, few, spiking
from conex_core.errors import ParameterError, ShapeError
from conex_core.parameters import Choice, Flag, Number

__all__ = ["Conv2dSTDP", "LearningRule", "SimpleSTDP"]


class LearningRule(Behavior):
    """Change weights by the timing of spikes; subclasses say which shape they have."""

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

    a_plus = Number(
        default=0.01, live=True, symbol="A₊", help="Growth per target spike and unit of pre-trace."
    )
    a_minus = Number(
        default=0.012, live=True, symbol="A₋", help="Loss per source spike and unit of post-trace."
    )
    w_min = Number(default=0.0, unit="nA", live=True, help="Lower limit that the bounds read.")
    w_max = Number(default=1.0, unit="nA", live=True, help="Upper limit that the bounds read.")
    positive_bound = Choice(
        default=None,
        optional=True,
        options=tuple(sorted(BOUNDS)),
        custom=True,
        help="How growth depends on the weight; empty for not at all.",
    )
    negative_bound = Choice(
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
        if self.w_max <= self.w_min:
            rule = f"must be above w_min ({self.w_min:g})"
            raise ParameterError("w_max", rule, self.w_max, behavior=type(self).__name__)

    def forward(self, owner: Any) -> None:
        """Change ``owner.weights`` in place."""
        self.learn(owner)
        if self.clip:
            owner.weights.clamp_(self.w_min, self.w_max)

    def learn(self, owner: Any) -> None:
        """Add this iteration's change to the weights."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it learns")

    @property
    def is_bounded(self) -> bool:
        """Tell whether growth or loss depends on the weight."""
        bounds = (self.positive_bound, self.negative_bound)
        return any(bound not in (None, "no_bound") for bound in bounds)

    def growth(self, weights: torch.Tensor) -> torch.Tensor | float:
        """Return the factor of growth: a_plus, shaped like ``weights`` where bounded."""
        factor = potentiation(self.positive_bound or "no_bound", weights, self.w_min, self.w_max)
        return self.a_plus if factor is None else factor.mul_(self.a_plus)

    def loss(self, weights: torch.Tensor) -> torch.Tensor | float:
        """Return the factor of loss: a_minus, shaped like ``weights`` where bounded."""
        factor = depression(self.negative_bound or "no_bound", weights, self.w_min, self.w_max)
        return self.a_minus if factor is None else factor.mul_(self.a_minus)


class SimpleSTDP(LearningRule):
    """Change dense weights by pair-based STDP with traces.

    A target spike strengthens its weights by the sources' traces, a source
    spike weakens its weights by the targets' traces. The limits bound nothing
    unless a bound, ``clip`` or WeightClip says so.
    """

    catalogued = True
    equation = r"\Delta w_{ij} = A_+ x_i q_j B_+(w_{ij}) - A_- p_i y_j B_-(w_{ij})"

    def initialize(self, owner: Any) -> None:
        """Check that the weights are a dense (S, D) matrix."""
        super().initialize(owner)
        matrix = (owner.src.size, owner.dst.size)
        if owner.weights.layout is not torch.strided or tuple(owner.weights.shape) != matrix:
            problem = f"SimpleSTDP needs dense weights of {matrix}, got {_described(owner.weights)}"
            raise ShapeError(owner.tags[0], problem)

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
        if (
            targets is None
            or sources is None
            or not (few(targets, owner.dst.size) and few(sources, owner.src.size))
        ):
            self._learn_everywhere(owner)
            return
        # Both changes read the weights from before either.
        growth = self.growth(weights.index_select(1, targets))  # (S, spiking targets)
        loss = self.loss(weights.index_select(0, sources))  # (spiking sources, D)
        up = (owner.pre_trace[:, None] * growth).expand(-1, targets.numel())
        down = (owner.post_trace * loss).expand(sources.numel(), -1)
        weights.index_add_(1, targets, up).index_add_(0, sources, down, alpha=-1)

    def _learn_everywhere(self, owner: Any) -> None:
        weights = owner.weights
        growth, loss = self.growth(weights), self.loss(weights)
        up = torch.outer(owner.pre_trace, owner.post_spike.to(weights.dtype)).mul_(growth)
        down = torch.outer(owner.pre_spike.to(weights.dtype), owner.post_trace).mul_(loss)
        weights.add_(up).sub_(down)


class Conv2dSTDP(LearningRule):
    """Change convolution kernels by STDP, averaged over all positions."""

    catalogued = True
    requires = (*LearningRule.requires, "own.stride", "own.padding")
    equation = (
        r"\Delta w_{o,i,q} = \frac{1}{HW}\sum_p \left(A_+ x_{i,p+q}\, q_{o,p} B_+"
        r" - A_- p_{i,p+q}\, y_{o,p} B_-\right)"
    )
    source = "CoNeX, behaviors.synapses"

    def initialize(self, owner: Any) -> None:
        """Check that the weights are (out, in, height, width) kernels."""
        super().initialize(owner)
        if owner.weights.dim() != 4:
            problem = f"Conv2dSTDP needs 4-D kernels, got {_described(owner.weights)}"
            raise ShapeError(owner.tags[0], problem)

    def learn(self, owner: Any) -> None:
        """Add the mean change over the positions of each kernel."""
        weights, target = owner.weights, owner.dst
        planes = (target.depth, target.height * target.width)
        spikes = owner.post_spike.to(weights.dtype).view(planes)
        up = spikes @ self._patches(owner, owner.pre_trace)
        down = owner.post_trace.view(planes) @ self._patches(owner, owner.pre_spike)
        growth, loss = self.growth(weights), self.loss(weights)
        change = up.view_as(weights) * growth - down.view_as(weights) * loss
        weights.add_(change, alpha=1 / planes[1])

    def _patches(self, owner: Any, values: torch.Tensor) -> torch.Tensor:
        """Return what each position of the kernel sees, (positions, in·height·width)."""
        source, weights = owner.src, owner.weights
        frame = values.to(weights.dtype).view(1, source.depth, source.height, source.width)
        kernel = tuple(weights.shape[2:])
        return unfold(frame, kernel, padding=owner.padding, stride=owner.stride)[0].t()


def _described(weights: torch.Tensor) -> str:
    kind = "dense" if weights.layout is torch.strided else "sparse"
    return f"{kind} ones of {tuple(weights.shape)}"
