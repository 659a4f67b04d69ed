"""CoNeX rebuilt: spiking networks as groups, synapses and behaviors.

Importing this package imports no torch; each public name is loaded when it is
first touched.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from conex_core.moved import OldPaths, unknown

if TYPE_CHECKING:
    from conex_core.behavior import Behavior
    from conex_core.behaviors.layers import SpikeNdDataset
    from conex_core.behaviors.network import Dopamine, Payoff, TimeResolution
    from conex_core.behaviors.neurons import (
        AELIF,
        ELIF,
        KWTA,
        LIF,
        ActivityBaseHomeostasis,
        Fire,
        InherentNoise,
        LocationSetter,
        NeuronAxon,
        SensorySetter,
        SimpleDendriteComputation,
        SimpleDendriteStructure,
        VoltageBaseHomeostasis,
    )
    from conex_core.behaviors.synapses import (
        BOUNDS,
        AveragePool2D,
        BaseDendriticInput,
        Conv2dDendriticInput,
        Conv2dRSTDP,
        Conv2dSTDP,
        CurrentNormalization,
        DelayInitializer,
        LateralDendriticInput,
        LearningRule,
        Local2dDendriticInput,
        Local2dRSTDP,
        Local2dSTDP,
        One2OneDendriticInput,
        One2OneiSTDP,
        One2OneRSTDP,
        One2OneSTDP,
        PostSpikeCatcher,
        PostTrace,
        PreSpikeCatcher,
        PreTrace,
        SimpleDendriticInput,
        SimpleiSTDP,
        SimpleRSTDP,
        SimpleSTDP,
        SparseDendriticInput,
        SparseiSTDP,
        SparseRSTDP,
        SparseSTDP,
        SynapseInit,
        WeightClip,
        WeightInitializer,
        WeightNormalization,
    )
    from conex_core.distributions import (
        Array,
        Choice,
        Constant,
        Distribution,
        LogNormal,
        Normal,
        Uniform,
    )
    from conex_core.errors import (
        BehaviorError,
        ConexError,
        FileError,
        ParameterError,
        ProjectError,
        ShapeError,
        StructureError,
        UnknownName,
    )
    from conex_core.helpers import (
        AbsoluteTransform,
        Conv2dFilter,
        DeviceTransform,
        DivideSignPolarity,
        DoGFilter,
        EncodedDataset,
        GaborFilter,
        GridCropMask,
        GridEraseMask,
        GridKeepMask,
        Intensity2Latency,
        LocationDataset,
        Mask,
        MaskBuilder,
        Poisson,
        PoissonEncoder,
        SimplePoisson,
        SqueezeTransform,
        SwapTransform,
        UnsqueezeTransform,
        load_digits,
        normalize_tensor,
    )
    from conex_core.helpers.sampling import sample
    from conex_core.priorities import (
        ALL_PRIORITIES,
        LAYER_PRIORITIES,
        NETWORK_PRIORITIES,
        NEURON_PRIORITIES,
        SYNAPSE_PRIORITIES,
        prioritize_behaviors,
    )
    from conex_core.structures import (
        InputLayer,
        Neocortex,
        NeuronDimension,
        NeuronGroup,
        SynapseGroup,
    )

__all__ = [
    "AELIF",
    "ALL_PRIORITIES",
    "BOUNDS",
    "ELIF",
    "KWTA",
    "LAYER_PRIORITIES",
    "LIF",
    "NETWORK_PRIORITIES",
    "NEURON_PRIORITIES",
    "SYNAPSE_PRIORITIES",
    "AbsoluteTransform",
    "ActivityBaseHomeostasis",
    "Array",
    "AveragePool2D",
    "BaseDendriticInput",
    "Behavior",
    "BehaviorError",
    "Choice",
    "ConexError",
    "Constant",
    "Conv2dDendriticInput",
    "Conv2dFilter",
    "Conv2dRSTDP",
    "Conv2dSTDP",
    "CurrentNormalization",
    "DelayInitializer",
    "DeviceTransform",
    "Distribution",
    "DivideSignPolarity",
    "DoGFilter",
    "Dopamine",
    "EncodedDataset",
    "FileError",
    "Fire",
    "GaborFilter",
    "GridCropMask",
    "GridEraseMask",
    "GridKeepMask",
    "InherentNoise",
    "InputLayer",
    "Intensity2Latency",
    "LateralDendriticInput",
    "LearningRule",
    "Local2dDendriticInput",
    "Local2dRSTDP",
    "Local2dSTDP",
    "LocationDataset",
    "LocationSetter",
    "LogNormal",
    "Mask",
    "MaskBuilder",
    "Neocortex",
    "NeuronAxon",
    "NeuronDimension",
    "NeuronGroup",
    "Normal",
    "One2OneDendriticInput",
    "One2OneRSTDP",
    "One2OneSTDP",
    "One2OneiSTDP",
    "ParameterError",
    "Payoff",
    "Poisson",
    "PoissonEncoder",
    "PostSpikeCatcher",
    "PostTrace",
    "PreSpikeCatcher",
    "PreTrace",
    "ProjectError",
    "SensorySetter",
    "ShapeError",
    "SimpleDendriteComputation",
    "SimpleDendriteStructure",
    "SimpleDendriticInput",
    "SimplePoisson",
    "SimpleRSTDP",
    "SimpleSTDP",
    "SimpleiSTDP",
    "SparseDendriticInput",
    "SparseRSTDP",
    "SparseSTDP",
    "SparseiSTDP",
    "SpikeNdDataset",
    "SqueezeTransform",
    "StructureError",
    "SwapTransform",
    "SynapseGroup",
    "SynapseInit",
    "TimeResolution",
    "Uniform",
    "UnknownName",
    "UnsqueezeTransform",
    "VoltageBaseHomeostasis",
    "WeightClip",
    "WeightInitializer",
    "WeightNormalization",
    "load_digits",
    "normalize_tensor",
    "prioritize_behaviors",
    "sample",
]

_HOMES: dict[str, tuple[str, ...]] = {
    "behavior": ("Behavior",),
    "behaviors.layers": ("SpikeNdDataset",),
    "behaviors.network": (
        "Dopamine",
        "Payoff",
        "TimeResolution",
    ),
    "behaviors.neurons": (
        "AELIF",
        "ELIF",
        "KWTA",
        "LIF",
        "ActivityBaseHomeostasis",
        "Fire",
        "InherentNoise",
        "LocationSetter",
        "NeuronAxon",
        "SensorySetter",
        "SimpleDendriteComputation",
        "SimpleDendriteStructure",
        "VoltageBaseHomeostasis",
    ),
    "behaviors.synapses": (
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
    ),
    "distributions": (
        "Array",
        "Choice",
        "Constant",
        "Distribution",
        "LogNormal",
        "Normal",
        "Uniform",
    ),
    "errors": (
        "BehaviorError",
        "ConexError",
        "FileError",
        "ParameterError",
        "ProjectError",
        "ShapeError",
        "StructureError",
        "UnknownName",
    ),
    "helpers": (
        "AbsoluteTransform",
        "Conv2dFilter",
        "DeviceTransform",
        "DivideSignPolarity",
        "DoGFilter",
        "EncodedDataset",
        "GaborFilter",
        "GridCropMask",
        "GridEraseMask",
        "GridKeepMask",
        "Intensity2Latency",
        "LocationDataset",
        "Mask",
        "MaskBuilder",
        "Poisson",
        "PoissonEncoder",
        "SimplePoisson",
        "SqueezeTransform",
        "SwapTransform",
        "UnsqueezeTransform",
        "load_digits",
        "normalize_tensor",
    ),
    "helpers.sampling": ("sample",),
    "priorities": (
        "ALL_PRIORITIES",
        "LAYER_PRIORITIES",
        "NETWORK_PRIORITIES",
        "NEURON_PRIORITIES",
        "SYNAPSE_PRIORITIES",
        "prioritize_behaviors",
    ),
    "structures": (
        "InputLayer",
        "Neocortex",
        "NeuronDimension",
        "NeuronGroup",
        "SynapseGroup",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_PACKAGES = ("behaviors", "helpers", "nn", "structures")

# The paths of CoNeX's modules work too; see conex_core.moved.
sys.meta_path.append(OldPaths())


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    elif name in _PACKAGES:
        value = import_module(f"{__name__}.{name}")
    elif name[0].isupper():
        value = _behavior(name)
    else:
        raise unknown(__name__, name)
    globals()[name] = value
    return value


def _behavior(name: str) -> Any:
    """Return a behavior from a file of its own that is not listed above."""
    for cls in import_module(f"{__name__}.introspect").behavior_classes():
        if cls.__name__ == name:
            return cls
    raise unknown(__name__, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
