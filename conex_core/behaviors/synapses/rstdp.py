"""Reward-modulated STDP: what STDP would do waits in an eligibility trace for dopamine."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behaviors.synapses.stdp import (
    Conv2dSTDP,
    LearningRule,
    Local2dSTDP,
    One2OneSTDP,
    SimpleSTDP,
    SparseSTDP,
)
from conex_core.behaviors.timing import time_step
from conex_core.parameters import Initializer, Number

__all__ = ["Conv2dRSTDP", "Local2dRSTDP", "One2OneRSTDP", "SimpleRSTDP", "SparseRSTDP"]

_DOPAMINE = "network.dopamine_concentration"
_ELIGIBILITY = r"c \leftarrow c\,(1 - \Delta t/\tau_c) + \Delta w_{STDP};\quad "
_REWARD = r"w \leftarrow w + c\,d\,\Delta t"


class RewardModulated(LearningRule):
    """Keep an eligibility per weight, and change the weights by it where there is dopamine."""

    source = "Izhikevich 2007, doi:10.1093/cercor/bhl152; CoNeX"
    equation = _ELIGIBILITY + _REWARD
    provides = ("own.c",)

    tau_c = Number(
        default=200.0,
        unit="ms",
        above=0.0,
        live=True,
        symbol="τ_c",
        help="Time constant of the eligibility.",
    )
    init_c_mode = Initializer(default=0.0, help="Eligibility at the start.")
    w_min = LearningRule.w_min
    w_max = LearningRule.w_max
    positive_bound = LearningRule.positive_bound
    negative_bound = LearningRule.negative_bound
    clip = LearningRule.clip

    def initialize(self, owner: Any) -> None:
        """Start the eligibility ``owner.c``, shaped like the weights (sparse: stored ones)."""
        super().initialize(owner)
        owner.c = self.values(
            owner, self.init_c_mode, tuple(self.stored(owner).shape), name="init_c_mode"
        )

    def learn(self, owner: Any) -> None:
        """Update the eligibility and let dopamine turn it into weight."""
        dt, dopamine = time_step(owner), owner.network.dopamine_concentration
        owner.c.mul_(1 - dt / self.tau_c).add_(self.change(owner))
        self.stored(owner).add_(owner.c * (dopamine * dt))

    def change(self, owner: Any) -> torch.Tensor:
        """Return what plain STDP would add to the weights."""
        up, down = self.changes(owner)
        return up.sub_(down)


class SimpleRSTDP(RewardModulated, SimpleSTDP):
    """Change dense weights by reward-modulated STDP."""

    catalogued = True
    requires = (*SimpleSTDP.requires, _DOPAMINE)


class One2OneRSTDP(RewardModulated, One2OneSTDP):
    """Change one-to-one weights by reward-modulated STDP."""

    catalogued = True
    requires = (*One2OneSTDP.requires, _DOPAMINE)


class SparseRSTDP(RewardModulated, SparseSTDP):
    """Change stored sparse weights by reward-modulated STDP."""

    catalogued = True
    requires = (*SparseSTDP.requires, _DOPAMINE)

    def change(self, owner: Any) -> torch.Tensor:
        """Return what plain STDP would add to the stored weights."""
        entries = self.touched(owner)
        if entries is None:
            return super().change(owner)
        up, down = self.changes_of(owner, *entries)
        change = torch.zeros_like(owner.c)
        return change.index_add_(0, entries[0], up).index_add_(0, entries[1], down, alpha=-1)

    def of_targets(self, owner: Any, targets: torch.Tensor) -> torch.Tensor:
        """Return the places of the stored weights of ``targets``."""
        # The eligibility of every weight decays in every step: beside that, looking at
        # every target is little, and keeping the places by target would be much.
        spikes: torch.Tensor = owner.post_spike
        there = spikes.index_select(0, owner.weights.col_indices())
        return there.nonzero().view(-1)


class Conv2dRSTDP(RewardModulated, Conv2dSTDP):
    """Change convolution kernels by reward-modulated STDP."""

    catalogued = True
    requires = (*Conv2dSTDP.requires, _DOPAMINE)


class Local2dRSTDP(RewardModulated, Local2dSTDP):
    """Change local weights by reward-modulated STDP."""

    catalogued = True
    requires = (*Local2dSTDP.requires, _DOPAMINE)
