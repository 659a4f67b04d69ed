"""The stacks that new nodes start with. Plain data; a user may change all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conex_core.distributions import Uniform
from conex_core.graph.model.document import BehaviorItem, Node, new_id
from conex_core.graph.model.kinds import NEURON_GROUP
from conex_core.graph.model.sizes import neuron_count

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DENDRITE",
    "HARD_BOUNDS",
    "NEURON_STACK",
    "STARTING_VALUES",
    "SYNAPSE_STACK",
    "stack_for",
    "synapse_stack",
]

DENDRITE = ("SimpleDendriteStructure", "SimpleDendriteComputation")
NEURON_STACK = (*DENDRITE, "LIF", "InherentNoise", "Fire", "NeuronAxon")
SYNAPSE_STACK = ("SynapseInit", "WeightInitializer", "SimpleDendriticInput", "PreSpikeCatcher")

HARD_BOUNDS: Mapping[str, Any] = {
    "w_min": 0.0,
    "w_max": 1.0,
    "positive_bound": "hard_bound",
    "negative_bound": "hard_bound",
    "clip": True,  # a bound alone lets the last change go beyond it
}
_OTHER_RULES = (
    "Conv2dRSTDP",
    "Local2dRSTDP",
    "Local2dSTDP",
    "One2OneRSTDP",
    "One2OneSTDP",
    "SimpleRSTDP",
    "SparseRSTDP",
    "SparseSTDP",
)

STARTING_VALUES: Mapping[str, Mapping[str, Any]] = {
    "InherentNoise": {"scale": 3.5},
    "KWTA": {"k": 1},
    "PostTrace": {"tau_s": 20.0},
    "PreTrace": {"tau_s": 20.0},
    "SimpleSTDP": {"a_plus": 0.01, "a_minus": 0.012, **HARD_BOUNDS},
    "Conv2dSTDP": {"a_plus": 0.01, "a_minus": 0.012, **HARD_BOUNDS},
    **dict.fromkeys(_OTHER_RULES, HARD_BOUNDS),
    "WeightInitializer": {"mode": Uniform(0.0, 1.0)},
}
"""Values where the class's own would leave a new group silent, missing one or without bounds."""

_TYPICAL_INPUT = 100.0  # sum of the weights (nA, twice the mean) that a neuron starts with


def stack_for(kind: str) -> tuple[BehaviorItem, ...]:
    """Return fresh behaviors for a new node of this kind; empty where it has none."""
    return _items(NEURON_STACK) if kind == NEURON_GROUP.name else ()


def synapse_stack(source: Node) -> tuple[BehaviorItem, ...]:
    """Return fresh behaviors for the synapses that leave ``source``.

    Weights are uniform and shrink with the number of source neurons, so that
    the total input of a target neuron does not depend on it.
    """
    scale = _rounded(_TYPICAL_INPUT / max(1, neuron_count(source)))
    given = {"WeightInitializer": {"mode": Uniform(0.0, 1.0), "scale": scale}}
    return _items(SYNAPSE_STACK, given)


def _items(
    kinds: tuple[str, ...], given: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[BehaviorItem, ...]:
    values = {**STARTING_VALUES, **(given or {})}
    return tuple(BehaviorItem(new_id("b"), kind, values.get(kind, {})) for kind in kinds)


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")
