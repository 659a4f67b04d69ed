"""Weights of an excitatory group that go below zero: its spikes inhibit then."""

from __future__ import annotations

from typing import Any

from conex_core.behaviors.synapses.signs import crossed_zero
from conex_core.run import physics_words as words
from conex_core.run.run_warning import RunWarning
from conex_core.run.saturation import WeightWatch, bounds_of, learning_rule, stored_weights

__all__ = ["Crossing", "may_cross"]


class Crossing(WeightWatch):
    """Tell when a synapse group that learns has come to have weights below zero."""

    def look(self, time: float) -> RunWarning | None:
        """Return a warning if weights are below zero at ``time``, in ms."""
        if not crossed_zero(self.synapse):
            return None
        text = words.crossed(self.name, time, float(stored_weights(self.synapse).min()))
        return self._warning("crossed", time, text, learning_rule(self.synapse))


def may_cross(synapse: Any) -> bool:
    """Tell whether nothing keeps weights above zero that are there now and that learn."""
    if learning_rule(synapse) is None or crossed_zero(synapse):
        return False
    bounds = bounds_of(synapse)
    return bounds is None or bounds.low < 0
