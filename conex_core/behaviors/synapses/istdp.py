"""Inhibitory STDP: weights that bring the target's rate to a set point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conex_core.behavior import Behavior, name_of
from conex_core.behaviors.synapses.connections import Connection, Dense, OneToOne, Sparse
from conex_core.behaviors.synapses.spikes import PostTrace, PreTrace
from conex_core.behaviors.synapses.storage import sources_at
from conex_core.errors import ParameterError, StructureError
from conex_core.parameters import Flag, Number

if TYPE_CHECKING:
    import torch

__all__ = ["One2OneiSTDP", "SimpleiSTDP", "SparseiSTDP"]


class InhibitoryRule(Connection, Behavior):
    """Change weights towards a target rate; a ``Connection`` says how they are stored."""

    host = "synapses"
    priority = 500
    requires: tuple[str, ...] = (
        "own.weights",
        "own.pre_spike",
        "own.post_spike",
        "own.pre_trace",
        "own.post_trace",
    )
    equation = r"\Delta w_{ij} = \eta\,\left(p_i\, s\,(\alpha - y_j) + x_i q_j\right)"
    source = "Vogels et al. 2011, doi:10.1126/science.1211095; CoNeX"
    catalogued = False
    remembers = ("_aim",)

    lr = Number(default=1e-5, live=True, symbol="η", help="Learning rate.")
    rho = Number(
        default=10.0,
        optional=True,
        low=0.0,
        unit="Hz",
        symbol="ρ",
        help="Rate of the target that the rule aims at; gives alpha where that is empty.",
    )
    alpha = Number(
        default=None,
        optional=True,
        symbol="α",
        help="Trace of the target that the rule aims at; empty for 2 · rho · tau / 1000.",
    )
    is_inhibitory = Flag(default=True, help="Weights of an inhibitory source: s = -1, else +1.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_tag("weight_learning")

    def check_together(self) -> None:
        """Refuse a rule without an aim."""
        if self.rho is None and self.alpha is None:
            raise ParameterError("rho", "or alpha must be given", None)

    def initialize(self, owner: Any) -> None:
        """Find the set point from the time constant of the traces."""
        super().initialize(owner)
        self.check_weights(owner)
        self._aim = self.alpha if self.alpha is not None else self._from_rate(owner)
        self._sign = -1.0 if self.is_inhibitory else 1.0

    def forward(self, owner: Any) -> None:
        """Change the weights in place."""
        self.learn(owner, (self._aim - owner.post_trace).mul_(self._sign))

    def learn(self, owner: Any, distance: torch.Tensor) -> None:
        """Add this iteration's change; ``distance`` (D) is what a source spike brings."""
        weights = self.stored(owner)
        weights.add_(self.combine(owner, owner.pre_spike, distance.mul_(self.lr)))
        weights.add_(self.combine(owner, owner.pre_trace * self.lr, owner.post_spike))

    def _from_rate(self, owner: Any) -> float:
        taus = {
            behavior.tau_s
            for behavior in owner.behavior.values()
            if isinstance(behavior, PreTrace | PostTrace)
        }
        if len(taus) != 1:
            problem = f"{type(self).__name__} needs one time constant of both traces, not {taus}"
            hint = "give PreTrace and PostTrace the same tau_s, or give alpha"
            raise StructureError(name_of(owner), problem, hint=hint)
        return float(2 * self.rho * taus.pop() / 1000)


class SimpleiSTDP(Dense, InhibitoryRule):
    """Change dense weights towards a target rate."""

    catalogued = True


class One2OneiSTDP(OneToOne, InhibitoryRule):
    """Change one-to-one weights towards a target rate."""

    catalogued = True


class SparseiSTDP(Sparse, InhibitoryRule):
    """Change stored sparse weights towards a target rate."""

    catalogued = True

    def learn(self, owner: Any, distance: torch.Tensor) -> None:
        """Change the stored weights of spiking sources and targets."""
        entries = self.touched(owner)
        if entries is None:
            super().learn(owner, distance)
            return
        weights, (paired, sent) = owner.weights, entries
        values, targets = weights.values(), weights.col_indices().index_select(0, sent)
        traces = owner.pre_trace.index_select(0, sources_at(weights, paired))
        values.index_add_(0, sent, distance.index_select(0, targets).mul_(self.lr))
        values.index_add_(0, paired, traces.mul_(self.lr))
