"""Integrate-and-fire neurons with an exponential upstroke, without and with adaptation."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behaviors.neurons.lif import LIF
from conex_core.behaviors.timing import time_step
from conex_core.parameters import Initializer

__all__ = ["AELIF", "ELIF"]

# e^50 mV is far beyond any threshold, and far from what a float32 can hold: a potential that
# nothing resets grows no further, instead of becoming infinite and then not a number.
_STEEPEST = 50.0


class ELIF(LIF):
    """Integrate with a leak and an exponential upstroke above the rheobase threshold.

    The exponent of the upstroke never exceeds 50, so that no potential becomes
    infinite.
    """

    equation = r"\tau\frac{dv}{dt} = v_{rest} - v + \Delta\,e^{(v - \vartheta_{rh})/\Delta} + R I"
    source = "Fourcaud-Trocme et al. 2003, doi:10.1523/JNEUROSCI.23-37-11628.2003; CoNeX"

    delta = Initializer(
        default=2.0, unit="mV", above=0.0, live=True, symbol="Δ", help="Sharpness of the upstroke."
    )
    theta_rh = Initializer(
        default=-55.0, unit="mV", live=True, symbol="ϑ_rh", help="Where the upstroke begins."
    )
    init_v = LIF.init_v
    init_s = LIF.init_s

    _tensors = (*LIF._tensors, "delta", "theta_rh")

    def initialize(self, owner: Any) -> None:
        """Make the state of ``owner``."""
        super().initialize(owner)
        self._upstroke = torch.empty_like(owner.v)  # (N,) mV, reused by every step

    def slope(self, owner: Any) -> torch.Tensor:
        """Return τ · dv/dt in mV; valid until the next call."""
        return super().slope(owner).add_(self._upstroke_of(owner))

    def _Fu(self, owner: Any) -> torch.Tensor:
        return super()._Fu(owner) + self._upstroke_of(owner)

    def _upstroke_of(self, owner: Any) -> torch.Tensor:
        upstroke = torch.sub(owner.v, owner.theta_rh, out=self._upstroke)
        exponent = upstroke.div_(owner.delta).clamp_(max=_STEEPEST)
        # In double precision, so that every library gives the same float32.
        return exponent.copy_(exponent.double().exp_()).mul_(owner.delta)


class AELIF(ELIF):
    """Integrate with an exponential upstroke and an adaptation current.

    Each spike adds ``beta`` to the adaptation, whatever dt is; between spikes it
    follows its equation (forward Euler).
    """

    provides = (*ELIF.provides, "own.omega")
    equation = ELIF.equation + (
        r" - R\omega;\quad \tau_w\frac{d\omega}{dt} = \alpha (v - v_{rest}) - \omega"
        r" + \beta\tau_w \sum_f \delta(t - t_f)"
    )
    source = "Brette & Gerstner 2005, doi:10.1152/jn.00686.2005; CoNeX"

    alpha = Initializer(
        default=0.1, unit="µS", live=True, symbol="α", help="Adaptation per potential above rest."
    )
    beta = Initializer(
        default=0.5, unit="nA", live=True, symbol="β", help="Adaptation that one spike adds."
    )
    w_tau = Initializer(
        default=100.0,
        unit="ms",
        above=0.0,
        live=True,
        symbol="τ_w",
        help="Time constant of the adaptation.",
    )
    init_v = LIF.init_v
    init_s = LIF.init_s
    omega = Initializer(default=0.0, unit="nA", symbol="ω", help="Adaptation at the start.")

    _tensors = (*ELIF._tensors, "alpha", "beta", "w_tau")

    def initialize(self, owner: Any) -> None:
        """Make the state of ``owner``, with the adaptation ``omega`` (N) nA."""
        super().initialize(owner)
        owner.omega = self.vector(owner, "omega")

    def slope(self, owner: Any) -> torch.Tensor:
        """Return τ · dv/dt in mV; valid until the next call."""
        return super().slope(owner).sub_(torch.mul(owner.R, owner.omega, out=self._upstroke))

    def _RIu(self, owner: Any) -> torch.Tensor:
        return super()._RIu(owner).sub_(owner.R * owner.omega)

    def domega_dt(self, owner: Any) -> torch.Tensor:
        """Return by how much the adaptation changes in this iteration, nA; for subclasses."""
        drift = (owner.v - owner.v_rest) * owner.alpha - owner.omega
        change: torch.Tensor = drift / owner.w_tau * time_step(owner) + owner.beta * owner.spikes
        return change

    def Fire(self, owner: Any) -> None:
        """Spike and reset as LIF does, then update the adaptation."""
        super().Fire(owner)
        if self.is_overridden("domega_dt"):
            owner.omega += self.domega_dt(owner)
            return
        drift = (owner.v - owner.v_rest).mul_(owner.alpha).sub_(owner.omega)
        owner.omega.addcdiv_(drift, owner.w_tau, value=time_step(owner))
        owner.omega.addcmul_(owner.beta, owner.spikes)
