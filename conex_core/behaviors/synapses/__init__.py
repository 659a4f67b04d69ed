"""Behaviors of synapse groups."""

from conex_core.behaviors.synapses.bounds import BOUNDS
from conex_core.behaviors.synapses.convolution import Conv2dDendriticInput
from conex_core.behaviors.synapses.currents import (
    BaseDendriticInput,
    SimpleDendriticInput,
    SparseDendriticInput,
)
from conex_core.behaviors.synapses.limits import WeightClip, WeightNormalization
from conex_core.behaviors.synapses.setup import DelayInitializer, SynapseInit
from conex_core.behaviors.synapses.spikes import (
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
)
from conex_core.behaviors.synapses.stdp import Conv2dSTDP, LearningRule, SimpleSTDP
from conex_core.behaviors.synapses.weights import WeightInitializer

__all__ = [
    "BOUNDS",
    "BaseDendriticInput",
    "Conv2dDendriticInput",
    "Conv2dSTDP",
    "DelayInitializer",
    "LearningRule",
    "PostSpikeCatcher",
    "PostTrace",
    "PreSpikeCatcher",
    "PreTrace",
    "SimpleDendriticInput",
    "SimpleSTDP",
    "SparseDendriticInput",
    "SynapseInit",
    "WeightClip",
    "WeightInitializer",
    "WeightNormalization",
]
