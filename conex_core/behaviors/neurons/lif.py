"""The leaky integrate-and-fire neuron.

Not here: noise, competition, spiking itself (``Fire`` calls the method below at
its own priority). Without a dendrite the input current is zero.
"""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behavior import Behavior
from conex_core.behaviors.timing import time_step
from conex_core.parameters import Initializer

__all__ = ["LIF"]


class LIF(Behavior):
    """Integrate the input current with a leak towards rest.

    Every parameter is one value or one per neuron. The potential starts at
    rest unless ``init_v`` is given. There is no refractory period.

    A subclass of a script changes the equation by overriding ``_Fu`` (the leak) or
    ``_RIu`` (the input), as in CoNeX; both return mV per neuron, (N,).
    """

    priority = 260
    provides: tuple[str, ...] = (
        "own.v",
        "own.spikes",
        "own.threshold",
        "own.v_rest",
        "own.v_reset",
        "own.tau",
        "own.R",
        "own.spiking_neuron",
    )
    recordable = ("own.I",)  # zero where no dendrite sums the currents
    equation = r"\tau \frac{dv}{dt} = v_{rest} - v + R I"
    source = "Gerstner et al. 2014, Neuronal Dynamics, section 1.3; CoNeX"
    remembers = ()

    R = Initializer(
        default=5.0, unit="MΩ", live=True, symbol="R", help="Membrane resistance: mV per nA."
    )
    threshold = Initializer(
        default=-50.0, unit="mV", live=True, symbol="θ", help="Potential at which a neuron spikes."
    )
    tau = Initializer(
        default=10.0, unit="ms", above=0.0, live=True, symbol="τ", help="Membrane time constant."
    )
    v_reset = Initializer(
        default=-70.0, unit="mV", live=True, symbol="v_reset", help="Potential after a spike."
    )
    v_rest = Initializer(
        default=-65.0, unit="mV", live=True, symbol="v_rest", help="Potential without input."
    )
    init_v = Initializer(
        default=None, optional=True, unit="mV", help="Potential at the start; empty for v_rest."
    )
    init_s = Initializer(
        default=None,
        optional=True,
        help="Spikes at the start (0 or 1); empty for those at or above threshold.",
    )

    _is_plain = False  # the equation is that of ``slope``, which makes no tensors
    _tensors: tuple[str, ...] = ("R", "threshold", "tau", "v_reset", "v_rest")

    def initialize(self, owner: Any) -> None:
        """Make the state of ``owner``: ``v`` (N) mV and ``spikes`` (N) bool."""
        super().initialize(owner)
        for name in self._tensors:
            setattr(owner, name, self.vector(owner, name))
        owner.v = owner.v_rest.clone() if self.init_v is None else self.vector(owner, "init_v")
        owner.spikes = self._first_spikes(owner)
        owner.spiking_neuron = self
        if not any("own.I" in getattr(item, "provides", ()) for item in owner.behavior.values()):
            owner.I = torch.zeros_like(owner.v)  # (N,) nA, for groups without a dendrite
        self._change = torch.empty_like(owner.v)  # (N,) mV, reused by every step
        self._is_plain = not self.is_overridden("_Fu", "_RIu")

    def forward(self, owner: Any) -> None:
        """Advance ``owner.v`` by dt (forward Euler)."""
        slope = self.slope(owner) if self._is_plain else self._Fu(owner) + self._RIu(owner)
        owner.v.addcdiv_(slope, owner.tau, value=time_step(owner))

    def slope(self, owner: Any) -> torch.Tensor:
        """Return τ · dv/dt in mV; valid until the next call."""
        # Plain products and sums: a fused multiply-add rounds differently from machine to machine.
        return torch.mul(owner.R, owner.I, out=self._change).add_(owner.v_rest).sub_(owner.v)

    def _Fu(self, owner: Any) -> torch.Tensor:
        """Return the part of τ · dv/dt that depends on the potential, mV."""
        return owner.v_rest - owner.v  # type: ignore[no-any-return]  # a tensor

    def _RIu(self, owner: Any) -> torch.Tensor:
        """Return the part of τ · dv/dt that currents make, mV."""
        return owner.R * owner.I  # type: ignore[no-any-return]  # a tensor

    def is_overridden(self, *names: str) -> bool:
        """Tell whether one of these methods was written outside conex_core."""
        return any(not getattr(self, name).__module__.startswith("conex_core.") for name in names)

    def Fire(self, owner: Any) -> None:
        """Set ``owner.spikes`` where v reaches the threshold, and reset v there."""
        torch.ge(owner.v, owner.threshold, out=owner.spikes)
        torch.where(owner.spikes, owner.v_reset, owner.v, out=owner.v)

    def parameter_changed(self, owner: Any, name: str) -> None:
        """Write a changed parameter into the group's tensor."""
        if name in self._tensors:
            getattr(owner, name).copy_(self.vector(owner, name))

    def _first_spikes(self, owner: Any) -> torch.Tensor:
        if self.init_s is None:
            return owner.v >= owner.threshold  # type: ignore[no-any-return]  # a BoolTensor
        return self.vector(owner, "init_s").bool()
