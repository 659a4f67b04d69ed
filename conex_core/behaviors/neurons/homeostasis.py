"""Homeostasis: neurons that keep their activity or potential near a set point."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behavior import Behavior
from conex_core.behaviors.timing import iterations_in, time_step
from conex_core.errors import ParameterError
from conex_core.parameters import Initializer, Number

__all__ = ["ActivityBaseHomeostasis", "VoltageBaseHomeostasis"]

_ONCE = "It counts spikes in a window, and a neuron fires at most once an iteration"


class ActivityBaseHomeostasis(Behavior):
    """Raise the threshold of neurons that spike too often, lower it of those that do not.

    A window of w ms has n = w / Δt iterations, rounded. Thresholds change at its
    end, by η per spike above or below ``activity_rate`` (by n / (n - r) as much,
    to be exact: CoNeX counts silent iterations, whose share vanishes with dt).
    """

    priority = 341
    requires = ("own.threshold", "own.spikes")
    equation = (
        r"a \leftarrow a + s - (1 - s)\frac{r}{n - r},\ n = w/\Delta t;\quad"
        r" \theta \leftarrow \theta + \eta a \text{ every } w"
    )
    source = "CoNeX, behaviors.neurons"
    learns = ("own.threshold",)
    remembers = ("_activity", "_rate")

    activity_rate = Number(
        default=1.0, above=0.0, symbol="r", help="Spikes per window that are right."
    )
    window_size = Number(
        default=100.0, above=0.0, unit="ms", symbol="w", help="How often thresholds change."
    )
    updating_rate = Number(
        default=0.1, unit="mV", symbol="η", help="Change of threshold per spike too many."
    )
    decay_rate = Number(
        default=1.0, low=0.0, help="Factor of the updating rate after every window."
    )

    def check_together(self) -> None:
        """Refuse a rate that a window cannot hold."""
        if self.activity_rate >= self.window_size:
            rule = f"must be below window_size ({self.window_size:g})"
            raise ParameterError("activity_rate", rule, self.activity_rate, hint=_ONCE)

    def initialize(self, owner: Any) -> None:
        """Start with no activity counted."""
        super().initialize(owner)
        self._activity = torch.zeros_like(owner.threshold)  # (N,)
        self._window = iterations_in(self.window_size, owner)
        if self.activity_rate >= self._window:
            rule = f"must be below {self._window}, the iterations in a window"
            raise ParameterError("activity_rate", rule, self.activity_rate, hint=_ONCE)
        self._silence = self.activity_rate / (self._window - self.activity_rate)
        self._rate = self.updating_rate

    def forward(self, owner: Any) -> None:
        """Count this iteration, and move the thresholds at the end of a window."""
        # s - (1 - s) · silence = (1 + silence) · s - silence
        self._activity.add_(owner.spikes, alpha=1 + self._silence).sub_(self._silence)
        if owner.iteration % self._window == 0:
            owner.threshold.add_(self._activity * self._rate)
            self._activity.zero_()
            self._rate *= self.decay_rate


class VoltageBaseHomeostasis(Behavior):
    """Push the potential back into a range by an exhaustion that builds up outside it.

    Exhaustion does not decay within the range; only time beyond the other end
    takes it away.
    """

    priority = 301
    requires = ("own.v",)
    provides = ("own.exhaustion",)
    equation = (
        r"e \leftarrow e + \eta\left((v - v_{max})_+ - (v_{min} - v)_+\right)\Delta t;\quad"
        r" v \leftarrow v - e\,\Delta t"
    )
    source = "CoNeX, behaviors.neurons"
    learns = ("own.exhaustion",)
    remembers = ("_highest", "_lowest")

    target_voltage = Initializer(
        default=None, optional=True, unit="mV", help="Used for the limits that are empty."
    )
    max_ta = Initializer(
        default=None, optional=True, unit="mV", help="Upper end of the range; empty for target."
    )
    min_ta = Initializer(
        default=None, optional=True, unit="mV", help="Lower end of the range; empty for target."
    )
    eta_ip = Number(
        default=0.001, unit="1/ms²", live=True, symbol="η", help="How fast exhaustion builds up."
    )

    def check_together(self) -> None:
        """Refuse a range without ends, or with the upper one below the lower one."""
        if self.target_voltage is None and (self.max_ta is None or self.min_ta is None):
            rule = "or both max_ta and min_ta must be given"
            raise ParameterError("target_voltage", rule, None)
        ends = [self.target_voltage if end is None else end for end in (self.min_ta, self.max_ta)]
        if all(isinstance(end, float) for end in ends) and ends[1] < ends[0]:
            raise ParameterError("max_ta", f"must be at least min_ta ({ends[0]:g} mV)", ends[1])

    def initialize(self, owner: Any) -> None:
        """Start without exhaustion: ``owner.exhaustion`` (N) mV/ms."""
        super().initialize(owner)
        owner.exhaustion = torch.zeros_like(owner.v)
        names = [
            name if getattr(self, name) is not None else "target_voltage"
            for name in ("max_ta", "min_ta")
        ]
        self._highest, self._lowest = (self.vector(owner, name) for name in names)  # (N,) mV

    def forward(self, owner: Any) -> None:
        """Build up exhaustion outside the range and subtract it."""
        dt = time_step(owner)
        above = (owner.v - self._highest).clamp_(min=0)
        below = (owner.v - self._lowest).clamp_(max=0)
        owner.exhaustion.add_(above.add_(below).mul_(self.eta_ip * dt))
        owner.v.sub_(owner.exhaustion * dt)
