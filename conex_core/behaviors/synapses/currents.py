"""From spikes to current: what a synapse group sends to its target's dendrite.

Each step writes I = current_coef · σ · f(spikes, weights), (D,) nA, where σ is
-1 when the source group is inhibitory and +1 otherwise. The classes differ in f.
I is what the spikes of this iteration cause, whatever dt is: the dendrite lets it
flow for 1 ms, or decay.
"""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behavior import Behavior, name_of
from conex_core.behaviors.synapses.events import spiking, sum_of_rows
from conex_core.behaviors.synapses.storage import BySource, is_by_source, source_values
from conex_core.errors import ShapeError
from conex_core.parameters import Number

__all__ = [
    "BaseDendriticInput",
    "One2OneDendriticInput",
    "SimpleDendriticInput",
    "SparseDendriticInput",
]


class BaseDendriticInput(Behavior):
    """Send a current for every spike; subclasses say how in ``current``."""

    host = "synapses"
    priority = 180
    requires: tuple[str, ...] = ("own.weights", "own.pre_spike")
    provides: tuple[str, ...] = ("own.I",)
    source = "CoNeX, behaviors.synapses"
    catalogued = False
    remembers = ()

    current_coef = Number(default=1.0, live=True, help="Factor of the current.")

    def initialize(self, owner: Any) -> None:
        """Start with no current, and read the sign off the source group."""
        super().initialize(owner)
        owner.add_tag(type(self).__name__)
        owner.I = torch.zeros(owner.dst.size, dtype=owner.network.def_dtype, device=owner.device)
        self.sign = -1.0 if _is_inhibitory(owner.src) else 1.0

    def forward(self, owner: Any) -> None:
        """Write this iteration's current into ``owner.I``."""
        self.current(owner, owner.I)
        coefficient = self.current_coef * self.sign
        if coefficient != 1.0:
            owner.I.mul_(coefficient)

    def current(self, owner: Any, out: torch.Tensor) -> None:
        """Write f(spikes, weights) into ``out`` (D,)."""
        raise NotImplementedError(f"{type(self).__name__} does not say what its current is")

    def refused(self, owner: Any, problem: str, hint: str = "") -> ShapeError:
        """Return the error that says why weights or groups do not fit."""
        return ShapeError(name_of(owner), f"{type(self).__name__}: {problem}", hint=hint)


class SimpleDendriticInput(BaseDendriticInput):
    """Send each target the sum of its weights from spiking sources."""

    catalogued = True
    weight_kind = "dense"
    equation = r"I_j = c\,\sigma \sum_i w_{ij}\, s_i"

    def initialize(self, owner: Any) -> None:
        """Check that the weights are a dense (S, D) matrix."""
        super().initialize(owner)
        matrix = (owner.src.size, owner.dst.size)
        if owner.weights.layout is not torch.strided:
            hint = "use SparseDendriticInput, or set true_sparsity to False"
            raise self.refused(owner, "the weights are sparse", hint)
        if tuple(owner.weights.shape) != matrix:
            shape = tuple(owner.weights.shape)
            raise self.refused(owner, f"the weights are {shape}, needed are {matrix}")

    def current(self, owner: Any, out: torch.Tensor) -> None:
        """Sum the rows of the sources that spiked."""
        sum_of_rows(owner.weights, owner.pre_spike, out)


class One2OneDendriticInput(BaseDendriticInput):
    """Send each target the weight of its own source."""

    catalogued = True
    weight_kind = "pairs"
    equation = r"I_i = c\,\sigma\, w_i\, s_i"

    def initialize(self, owner: Any) -> None:
        """Check that both groups have one size and one weight per pair."""
        super().initialize(owner)
        size = owner.src.size
        if owner.dst.size != size:
            raise self.refused(owner, f"it joins {size} neurons to {owner.dst.size}")
        if tuple(owner.weights.shape) != (size,):
            shape = tuple(owner.weights.shape)
            raise self.refused(owner, f"the weights are {shape}, needed are {(size,)}")

    def default_weight_shape(self, owner: Any) -> tuple[int, ...]:
        """Return (N,)."""
        return (owner.src.size,)

    def current(self, owner: Any, out: torch.Tensor) -> None:
        """Take the weights of the sources that spiked."""
        torch.mul(owner.weights, owner.pre_spike, out=out)


class SparseDendriticInput(BaseDendriticInput):
    """Send each target the sum of its weights from spiking sources, stored sparse."""

    catalogued = True
    weight_kind = "sparse"
    equation = r"I_j = c\,\sigma \sum_{i \in \mathrm{conn}(j)} w_{ij}\, s_i"

    _by_source: BySource | None = None

    def initialize(self, owner: Any) -> None:
        """Check that the weights are sparse."""
        super().initialize(owner)
        if not is_by_source(owner.weights):
            hint = "use SimpleDendriticInput, or set a density below 1"
            raise self.refused(owner, "the weights are dense", hint)

    def current(self, owner: Any, out: torch.Tensor) -> None:
        """Add up the stored weights of the sources that spiked, source after source."""
        weights, sources = owner.weights, spiking(owner.pre_spike)
        out.zero_()
        if sources is None:
            sent = source_values(weights, owner.pre_spike).mul(weights.values())
            out.index_add_(0, weights.col_indices(), sent)
        elif sources.numel():
            # A state may have brought other connections since the last time.
            if self._by_source is None or self._by_source.weights is not weights:
                self._by_source = BySource(weights)
            out.index_add_(0, *self._by_source.sent_by(sources))


def _is_inhibitory(group: Any) -> bool:
    polarity = getattr(group, "polarity", None)
    if polarity is None:
        return bool({"inh", "GABA"} & set(group.tags))
    return bool(polarity == "inhibitory")
