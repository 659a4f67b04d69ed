"""Weights that lie at their bounds: where learning has come to an end.

Only some weights of each synapse group are looked at, always the same ones, so
that a look costs the same however large the group is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch

from conex_core.behaviors.synapses.limits import WeightClip
from conex_core.behaviors.synapses.stdp import LearningRule
from conex_core.run import physics_words as words
from conex_core.run.run_warning import RunWarning, WarningKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Bounds", "Saturation", "WeightWatch", "bounds_of", "learning_rule", "stored_weights"]

LOOKED_AT = 4096  # weights of one group; their share is right within 2 %
MOST = 0.8  # of the weights: a rule that works leaves more than a fifth between its bounds
LEAST_MOVING = 0.1  # of the weights must have moved or be free to, or there is no learning to judge
AT_BOUND = 1e-3  # of the distance of the bounds: a soft bound is approached and never reached


class Bounds(NamedTuple):
    """Hold what keeps the weights of a synapse group within limits, and the rule that learns."""

    low: float
    high: float
    rule: Any


class WeightWatch(ABC):
    """Look at the weights of one synapse group now and then; ``items`` names its behaviors."""

    def __init__(self, synapse: Any, node: str, name: str, items: dict[int, str]) -> None:
        self.synapse, self.node, self.name = synapse, node, name
        self._items = [(each, items.get(id(each))) for each in synapse.behavior.values()]

    @abstractmethod
    def look(self, time: float) -> RunWarning | None:
        """Return a warning if there is one to give at ``time``, in ms."""

    def _warning(self, kind: WarningKind, time: float, text: str, rule: Any) -> RunWarning:
        item = next((item for behavior, item in self._items if behavior is rule), None)
        return RunWarning(kind, self.node, self.name, time, time, text, item)


class Saturation(WeightWatch):
    """Tell when most weights lie at a bound; those that began there do not count."""

    def __init__(self, synapse: Any, node: str, name: str, items: dict[int, str]) -> None:
        super().__init__(synapse, node, name, items)
        self._index: torch.Tensor | None = None
        self._begin = np.zeros(0, np.float32)
        self._count = -1
        self._begin = self._values()

    def look(self, time: float) -> RunWarning | None:
        """Return a warning if most weights have come to lie at a bound by ``time``, in ms."""
        found, values = bounds_of(self.synapse), self._values()
        if found is None or len(values) != len(self._begin):
            return None
        ends = self._at_ends(values, found.low, found.high)
        if ends is None or sum(part for _, _, part in ends) < MOST:
            return None
        text = words.saturated(self.name, time, ends)
        return self._warning("saturated", time, text, found.rule)

    def _at_ends(
        self, values: NDArray[np.float32], low: float, high: float
    ) -> list[tuple[str, float, float]] | None:
        """Return the part of the weights that has come to each bound."""
        near = AT_BOUND * (high - low)
        is_low, is_high = values <= low + near, values >= high - near
        stayed = (is_low & (self._begin <= low + near)) | (is_high & (self._begin >= high - near))
        moving = int(np.count_nonzero(~stayed))
        if moving < LEAST_MOVING * len(values) or not moving:
            return None
        ends = (("w_max", high, is_high), ("w_min", low, is_low))
        return [(end, at, np.count_nonzero(is_at & ~stayed) / moving) for end, at, is_at in ends]

    def _values(self) -> NDArray[np.float32]:
        """Return the weights that are looked at; asking for them brings them up to date."""
        flat = stored_weights(self.synapse)
        if self._index is None or self._count != len(flat):
            self._count, self._index = len(flat), _some_of(len(flat), flat.device)
        found: NDArray[np.float32] = flat[self._index].float().cpu().numpy()
        return found


def stored_weights(synapse: Any) -> torch.Tensor:
    """Return every weight that there is, in one row; asking brings them up to date."""
    weights = synapse.weights
    stored = weights if weights.layout is torch.strided else weights.values()
    flat: torch.Tensor = stored.detach().reshape(-1)
    return flat


def learning_rule(synapse: Any) -> Any:
    """Return the first enabled behavior that changes the weights by learning; None without."""
    acting = (item for item in synapse.behavior.values() if item.behavior_enabled)
    return next((item for item in acting if "weight_learning" in item.tags), None)


def bounds_of(synapse: Any) -> Bounds | None:
    """Return the limits that act on weights which learn; None where there are none."""
    acting = [item for item in synapse.behavior.values() if item.behavior_enabled]
    rule = learning_rule(synapse)
    limiting = [
        item
        for item in acting
        if isinstance(item, WeightClip)
        or (isinstance(item, LearningRule) and (item.clip or item.is_bounded))
    ]
    if rule is None or not limiting:
        return None
    low = max(float(item.w_min) for item in limiting)
    high = min(float(item.w_max) for item in limiting)
    return Bounds(low, high, rule) if low < high else None


def _some_of(count: int, device: torch.device) -> torch.Tensor:
    """Return places of some weights, spread over all; torch's random numbers stay as they are."""
    if count <= LOOKED_AT:
        return torch.arange(count, device=device)
    places = np.random.default_rng(0).integers(0, count, LOOKED_AT)
    return torch.from_numpy(np.sort(places)).to(device)
