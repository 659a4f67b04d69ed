"""The order of behaviors inside one iteration, by the numbers of the field.

The numbers live on the classes (``priority``, inherited by subclasses); the
dicts here list them by class name for scripts that look them up. Smaller runs
first, across all objects of the network.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from conex_core.errors import StructureError

if TYPE_CHECKING:
    from conex_core.behavior import Behavior

__all__ = [
    "ALL_PRIORITIES",
    "LAYER_PRIORITIES",
    "NETWORK_PRIORITIES",
    "NEURON_PRIORITIES",
    "SYNAPSE_PRIORITIES",
    "prioritize_behaviors",
]

NETWORK_PRIORITIES: dict[str, int] = {"TimeResolution": 1, "Payoff": 100, "Dopamine": 120}

NEURON_PRIORITIES: dict[str, int] = {
    "NeuronDimension": 0,
    "SimpleDendriteStructure": 220,
    "SimpleDendriteComputation": 240,
    "NeuronDynamic": 260,
    "LIF": 260,
    "ELIF": 260,
    "AELIF": 260,
    "InherentNoise": 280,
    "KWTA": 300,
    "VoltageBaseHomeostasis": 301,
    "Fire": 340,
    "SensorySetter": 340,
    "LocationSetter": 340,
    "ActivityBaseHomeostasis": 341,
    "NeuronAxon": 380,
}

LAYER_PRIORITIES: dict[str, int] = {"SpikeNdDataset": 320}

SYNAPSE_PRIORITIES: dict[str, int] = {
    "SynapseInit": 2,
    "WeightInitializer": 3,
    "DelayInitializer": 4,
    "BaseDendriticInput": 180,
    "SimpleDendriticInput": 180,
    "SparseDendriticInput": 180,
    "One2OneDendriticInput": 180,
    "AveragePool2D": 180,
    "LateralDendriticInput": 180,
    "Conv2dDendriticInput": 180,
    "Local2dDendriticInput": 180,
    "CurrentNormalization": 200,
    "PreSpikeCatcher": 420,
    "PostSpikeCatcher": 440,
    "PreTrace": 460,
    "PostTrace": 480,
    "LearningRule": 500,
    "BaseLearning": 500,
    "SimpleSTDP": 500,
    "SparseSTDP": 500,
    "One2OneSTDP": 500,
    "Conv2dSTDP": 500,
    "Local2dSTDP": 500,
    "SimpleRSTDP": 500,
    "SparseRSTDP": 500,
    "One2OneRSTDP": 500,
    "Conv2dRSTDP": 500,
    "Local2dRSTDP": 500,
    "SimpleiSTDP": 500,
    "SparseiSTDP": 500,
    "One2OneiSTDP": 500,
    "WeightNormalization": 520,
    "WeightClip": 540,
}

# On any object, after everything that it could record.
_RECORDER_PRIORITIES: dict[str, int] = {"Recorder": 600, "EventRecorder": 600}

ALL_PRIORITIES: dict[str, int] = {
    **NETWORK_PRIORITIES,
    **NEURON_PRIORITIES,
    **LAYER_PRIORITIES,
    **SYNAPSE_PRIORITIES,
    **_RECORDER_PRIORITIES,
}

# Far below the distance of two priorities, and exact in binary for a million of them.
_STEP = 2.0**-20


def prioritize_behaviors(behaviors: Iterable[Behavior]) -> dict[int, Behavior]:
    """Return ``behaviors`` keyed by their priorities, all of them kept.

    The first behavior of a priority has the whole number as its key
    (``result[260]``); later ones of the same priority follow it in the given
    order, on keys a tiny fraction above it.

    Raises
    ------
    StructureError
        If a class has no priority; the message names it.
    """
    counts: dict[int, int] = {}
    found: dict[Any, Behavior] = {}
    for behavior in behaviors:
        priority = priority_of(behavior)
        nth = counts.get(priority, 0)
        found[priority + nth * _STEP if nth else priority] = behavior
        counts[priority] = nth + 1
    return {key: found[key] for key in sorted(found)}


def priority_of(behavior: Any) -> int:
    """Return the priority of ``behavior``, or raise StructureError."""
    name = type(behavior).__name__
    priority = getattr(behavior, "priority", None)
    if priority is None:
        priority = ALL_PRIORITIES.get(name)
    if isinstance(behavior, type) or not isinstance(priority, int):
        hint = "give the class an attribute priority, such as priority = 260"
        if isinstance(behavior, type):
            name, hint = behavior.__name__, f"pass an object: {behavior.__name__}(...)"
        raise StructureError(name, "has no place in the order of behaviors", hint=hint)
    return priority
