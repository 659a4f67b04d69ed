"""Names that star imports of CoNeX and pymonntorch gave by the way, and the lines that give them.

Those packages put ``np``, ``torch`` and their own inner names into every script that
imported all of them; ``from conex_core import *`` gives its public names only.
"""

from __future__ import annotations

import sys
import typing
from importlib import import_module

__all__ = ["LINES", "advice", "line_for"]

_PYMONNTORCH = (
    "AnalysisModule",
    "Clock",
    "Equation",
    "InstantHomeostasis",
    "NetworkObject",
    "NeuronSubGroup",
    "SynapseVariable",
    "SynapticNormalization",
    "TaggableObject",
    "TimeIntegratedHomeostasis",
    "Variable",
    "eq_split",
    "get_Recorder",
    "get_squared_dim",
    "myUnits",
    "remove_units",
    "rotation_matrix",
    "vec_to_mat",
    "vec_to_mat_transposed",
)
_MODULES = ("copy", "inspect", "math", "random", "time", "torch")

# The lines for names that scripts use without importing them, by name.
LINES: dict[str, str] = {
    **{name: f"import {name}" for name in _MODULES},
    **{name: f"from pymonntorch import {name}" for name in _PYMONNTORCH},
    "F": "import torch.nn.functional as F",
    "check_is_torch_tensor": (
        "from pymonntorch.NetworkBehavior.Basics.BasicHomeostasis import check_is_torch_tensor"
    ),
    "convert_to": "from sympy.physics.units import convert_to",
    "is_number": "from pymonntorch.utils import is_number",
    "nn": "from torch import nn",
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "plt": "import matplotlib.pyplot as plt",
    "second": "from sympy.physics.units import second",
    "seconds": "from sympy.physics.units import seconds",
    "sns": "import seaborn as sns",
    "symbols": "from sympy import symbols",
    "tqdm": "from tqdm import tqdm",
    "units": "import sympy.physics.units as units",
}


def line_for(name: str) -> str:
    """Return the import that gives ``name``; empty where nobody can know it."""
    if name in LINES:
        return LINES[name]
    if name in import_module("conex_core").__all__:
        return f"from conex_core import {name}"
    if name in typing.__all__:
        return f"from typing import {name}"
    return f"import {name}" if name in sys.stdlib_module_names else ""


def advice(error: BaseException) -> str:
    """Return which line a script lacks that has raised ``error``; empty for other errors."""
    if not isinstance(error, NameError) or isinstance(error, UnboundLocalError):
        return ""
    line = line_for(str(getattr(error, "name", None) or ""))
    return f"Add this line to the top of the script: {line}" if line else ""
