"""Behaviors of synapse groups."""

from conex_core.behaviors.synapses.bounds import BOUNDS
from conex_core.behaviors.synapses.currents import (
    BaseDendriticInput,
    One2OneDendriticInput,
    SimpleDendriticInput,
    SparseDendriticInput,
)
from conex_core.behaviors.synapses.istdp import One2OneiSTDP, SimpleiSTDP, SparseiSTDP
from conex_core.behaviors.synapses.limits import (
    CurrentNormalization,
    WeightClip,
    WeightNormalization,
)
from conex_core.behaviors.synapses.rstdp import (
    Conv2dRSTDP,
    Local2dRSTDP,
    One2OneRSTDP,
    SimpleRSTDP,
    SparseRSTDP,
)
from conex_core.behaviors.synapses.setup import DelayInitializer, SynapseInit
from conex_core.behaviors.synapses.spatial import (
    AveragePool2D,
    Conv2dDendriticInput,
    LateralDendriticInput,
    Local2dDendriticInput,
)
from conex_core.behaviors.synapses.spikes import (
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
)
from conex_core.behaviors.synapses.stdp import (
    Conv2dSTDP,
    LearningRule,
    Local2dSTDP,
    One2OneSTDP,
    SimpleSTDP,
    SparseSTDP,
)
from conex_core.behaviors.synapses.weights import WeightInitializer
from conex_core.moved import names_of

__all__ = [
    "BOUNDS",
    "AveragePool2D",
    "BaseDendriticInput",
    "Conv2dDendriticInput",
    "Conv2dRSTDP",
    "Conv2dSTDP",
    "CurrentNormalization",
    "DelayInitializer",
    "LateralDendriticInput",
    "LearningRule",
    "Local2dDendriticInput",
    "Local2dRSTDP",
    "Local2dSTDP",
    "One2OneDendriticInput",
    "One2OneRSTDP",
    "One2OneSTDP",
    "One2OneiSTDP",
    "PostSpikeCatcher",
    "PostTrace",
    "PreSpikeCatcher",
    "PreTrace",
    "SimpleDendriticInput",
    "SimpleRSTDP",
    "SimpleSTDP",
    "SimpleiSTDP",
    "SparseDendriticInput",
    "SparseRSTDP",
    "SparseSTDP",
    "SparseiSTDP",
    "SynapseInit",
    "WeightClip",
    "WeightInitializer",
    "WeightNormalization",
]

# Names of CoNeX that are gone say here what took their place.
__getattr__ = names_of(__name__)
