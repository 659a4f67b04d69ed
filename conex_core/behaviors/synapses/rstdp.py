"""Reward-modulated STDP: what STDP would do waits in an eligibility trace for dopamine."""

from __future__ import annotations

from typing import Any

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
        up, down = self.changes(owner)
        owner.c.mul_(1 - dt / self.tau_c).add_(up.sub_(down))
        self.stored(owner).addcmul_(owner.c, dopamine, value=dt)


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


class Conv2dRSTDP(RewardModulated, Conv2dSTDP):
    """Change convolution kernels by reward-modulated STDP."""

    catalogued = True
    requires = (*Conv2dSTDP.requires, _DOPAMINE)


class Local2dRSTDP(RewardModulated, Local2dSTDP):
    """Change local weights by reward-modulated STDP."""

    catalogued = True
    requires = (*Local2dSTDP.requires, _DOPAMINE)
