"""InherentNoise: random fluctuation of the membrane potential."""

from __future__ import annotations

import math
from typing import Any

import torch

from conex_core.behavior import Behavior
from conex_core.behaviors.timing import time_step
from conex_core.distributions import Array, Constant, Distribution, Uniform
from conex_core.helpers.sampling import draw, mean_of
from conex_core.parameters import Initializer, Number

__all__ = ["InherentNoise"]


class InherentNoise(Behavior):
    """Add a random value to the potential in every iteration.

    The default draws from [0, 1), whose mean of 0.5 lifts the potential; a
    zero-mean noise is ``InherentNoise(mode="normal(0, 1)")``. Scale and offset
    are per millisecond: the mean grows with dt, the fluctuation with its root.
    """

    priority = 280
    requires = ("own.v",)
    equation = (
        r"v \leftarrow v + (\mathrm{scale}\,\bar\xi + \mathrm{offset})\,\Delta t"
        r" + \mathrm{scale}\,(\xi - \bar\xi)\,\sqrt{\Delta t}"
    )
    source = "CoNeX, behaviors.neurons; Gerstner et al. 2014, Neuronal Dynamics, section 8.1"
    remembers = ()

    mode = Initializer(
        default=Uniform(0.0, 1.0),
        symbol="ξ",
        help="What is drawn, per neuron; fixed values are a drift.",
    )
    scale = Number(default=1.0, unit="mV", live=True, help="Factor of what is drawn for one ms.")
    offset = Number(
        default=0.0, unit="mV/ms", live=True, help="Added to the potential as well, per ms."
    )

    def initialize(self, owner: Any) -> None:
        """Prepare the random numbers of one iteration."""
        super().initialize(owner)
        mode = self.mode
        fixed = not isinstance(mode, Distribution) or isinstance(mode, Array | Constant)
        self._drawn: Distribution | None = None if fixed else mode
        self._values = self.vector(owner, "mode") if fixed else torch.zeros(owner.size)
        self._values = self._values.to(owner.device, owner.network.def_dtype)  # (N,)

    def forward(self, owner: Any) -> None:
        """Add this iteration's noise to ``owner.v``."""
        dt = time_step(owner)
        if self._drawn is None:
            owner.v.add_(self._values * (self.scale * dt)).add_(self.offset * dt)
            return
        owner.v.add_(self.draw_into(owner, self._values))
        shift = self.offset * dt + self.scale * mean_of(self._drawn) * (dt - math.sqrt(dt))
        if shift:
            owner.v.add_(shift)

    def draw_into(self, owner: Any, values: torch.Tensor) -> torch.Tensor:
        """Fill ``values`` (N,) with the fluctuation of one iteration, in mV; return it."""
        factor = self.scale * math.sqrt(time_step(owner))
        self._draw(values)
        return values if factor == 1 else values.mul_(factor)

    def _draw(self, values: torch.Tensor) -> None:
        if not isinstance(self._drawn, Uniform):
            draw(values, self._drawn, self.generator)  # type: ignore[arg-type]  # it is drawn
            return
        low, span = self._drawn.low, self._drawn.high - self._drawn.low
        values.uniform_(generator=self.generator)
        # Stretched here, because torch's own stretching rounds differently from machine to machine.
        if (low, span) != (0.0, 1.0):
            values.mul_(span).add_(low)
