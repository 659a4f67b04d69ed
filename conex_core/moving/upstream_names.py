"""What CoNeX and pymonntorch called their things, and what of it is where here.

``tests/moving`` holds the tables of pymonntorch to the package itself.
"""

from __future__ import annotations

import difflib
from functools import lru_cache
from pathlib import Path

import conex_core
from conex_core.moved import MODULES, NAMES

__all__ = [
    "CONEX",
    "LEAKED",
    "PYMONNTORCH",
    "PYMONNTORCH_MODULES",
    "advice_for",
    "is_module",
    "public_names",
    "root_of",
]

_NEURONS = "Behavior NetworkObject NeuronGroup NeuronSubGroup TaggableObject"
_BASE = "NetworkObject TaggableObject"
_EQUATIONS = "NetworkBehavior.EulerEquationModules"

# What a star import of each module of pymonntorch gave, but for names of other packages.
PYMONNTORCH_MODULES: dict[str, tuple[str, ...]] = {
    path: tuple(names.split())
    for path, names in {
        "NetworkCore.AnalysisModule": f"AnalysisModule {_BASE}",
        "NetworkCore.Base": _BASE,
        "NetworkCore.Behavior": "Behavior TaggableObject is_number",
        "NetworkCore.Network": f"Behavior Network SynapseGroup {_BASE}",
        "NetworkCore.NeuronGroup": f"{_NEURONS} is_number",
        "NetworkCore.SynapseGroup": f"SynapseGroup {_BASE}",
        "NetworkCore.TaggableObject": "TaggableObject",
        "NetworkBehavior.Basics.BasicHomeostasis": (
            "Behavior InstantHomeostasis TimeIntegratedHomeostasis check_is_torch_tensor"
        ),
        "NetworkBehavior.Basics.Normalization": (
            "Behavior SynapticNormalization check_is_torch_tensor"
        ),
        f"{_EQUATIONS}.Equation": "Behavior Equation eq_split remove_units",
        f"{_EQUATIONS}.EulerClock": "Behavior Clock",
        f"{_EQUATIONS}.Helper": "eq_split myUnits remove_units",
        f"{_EQUATIONS}.VariableInitializer": (
            "Behavior SynapseVariable Variable eq_split remove_units"
        ),
        "NetworkBehavior.Structure.Structure": (
            "Behavior NeuronDimension get_squared_dim rotation_matrix vec_to_mat "
            "vec_to_mat_transposed"
        ),
        "NetworkBehavior.Recorder.Recorder": "Behavior EventRecorder Recorder get_Recorder",
        "utils": "check_is_torch_tensor is_number",
    }.items()
}

# What ``from pymonntorch import *`` gave, but for names of other packages.
PYMONNTORCH: frozenset[str] = frozenset().union(*PYMONNTORCH_MODULES.values())

# What ``from conex import *`` gave, but for names of other packages.
_CONEX = """
SpikeNdDataset Dopamine Payoff TimeResolution NeuronAxon SimpleDendriteStructure
SimpleDendriteComputation ActivityBaseHomeostasis VoltageBaseHomeostasis LIF ELIF AELIF
SensorySetter LocationSetter InherentNoise Fire KWTA BaseDendriticInput SimpleDendriticInput
SparseDendriticInput One2OneDendriticInput AveragePool2D LateralDendriticInput
Conv2dDendriticInput Local2dDendriticInput BOUNDS soft_bound hard_bound no_bound SimpleSTDP
SparseSTDP One2OneSTDP Conv2dSTDP Local2dSTDP SimpleiSTDP One2OneiSTDP SparseiSTDP
SimpleRSTDP One2OneRSTDP SparseRSTDP Conv2dRSTDP Local2dRSTDP SynapseInit DelayInitializer
WeightInitializer WeightNormalization CurrentNormalization WeightClip PreSpikeCatcher
PostSpikeCatcher PreTrace PostTrace NETWORK_PRIORITIES NEURON_PRIORITIES LAYER_PRIORITIES
SYNAPSE_PRIORITIES ALL_PRIORITIES prioritize_behaviors Container CorticalColumn
CorticalLayerConnection InputLayer OutputLayer Layer CorticalLayer Neocortex Port Synapsis
replicate save_structure create_structure_from_dict save_structure_dict_to_json
load_structure_dict_from_json Behavior Network NeuronGroup SynapseGroup NeuronDimension
"""
CONEX: frozenset[str] = frozenset(_CONEX.split()) | frozenset(NAMES)

_TYPING = ("Any", "Callable", "Dict", "Iterable", "List", "Optional", "Sequence", "Tuple", "Union")
_SYMPY_UNITS = ("convert_to", "second", "seconds")

# Names of other packages that came along with a star import, and the line that brings them.
LEAKED: dict[str, str] = {
    **{
        name: f"import {name}"
        for name in ("copy", "inspect", "json", "math", "random", "time", "torch", "warnings")
    },
    **{name: f"from typing import {name}" for name in _TYPING},
    **{name: f"from sympy.physics.units import {name}" for name in _SYMPY_UNITS},
    "F": "import torch.nn.functional as F",
    "nn": "from torch import nn",
    "np": "import numpy as np",
    "numpy": "import numpy",
    "plt": "import matplotlib.pyplot as plt",
    "symbols": "from sympy import symbols",
    "units": "import sympy.physics.units as units",
}

_ROOTS = {"conex": "conex", "pymonntorch": "pymonntorch"}


def root_of(module: str) -> str:
    """Return which of the two packages ``module`` is of; "" for any other."""
    return _ROOTS.get(module.partition(".")[0].casefold(), "")


@lru_cache(maxsize=1)
def public_names() -> frozenset[str]:
    """Return what ``from conex_core import *`` gives."""
    return frozenset(vars(conex_core)["__all__"])


@lru_cache(maxsize=256)
def is_module(path: str) -> bool:
    """Tell whether ``conex_core.path`` can be imported, by an old path or a new one."""
    if not path or path in MODULES:
        return True
    place = Path(conex_core.__file__).parent.joinpath(*path.split("."))
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def advice_for(name: str) -> str:
    """Return what to write for a name that conex_core does not have."""
    if name in NAMES:
        return NAMES[name]
    if name in PYMONNTORCH:
        return f"from pymonntorch import {name}"
    if name in LEAKED:
        return LEAKED[name]
    near = difflib.get_close_matches(name, public_names(), n=1)
    return f"{near[0]}, if that is meant" if near else ""
