"""Where CoNeX kept its names: old module paths, names that are gone, arguments that are gone.

A script of CoNeX moves by writing ``conex_core`` for ``conex`` in its imports.
``MODULES`` is the whole map: each old path can be imported and holds the public
names of the modules that it maps to. Paths start below ``conex_core``; those
that are alike in both are not listed. ``SHOWN`` are paths of our own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from conex_core.errors import ReplacedName
from conex_core.star_names import LINES

__all__ = ["ARGUMENTS", "MODULES", "NAMES", "SHOWN", "OldPaths", "names_of", "rank", "unknown"]

_LIF = ("behaviors.neurons.lif", "behaviors.neurons.exponential")
_STRUCTURES = ("structures",)
_REPLICATION = ("structures.replication",)

MODULES: dict[str, tuple[str, ...]] = {
    "behaviors.layer": ("behaviors.layers.dataset",),
    "behaviors.layer.dataset": ("behaviors.layers.dataset",),
    "behaviors.network.neuromodulators": ("behaviors.network.reward",),
    "behaviors.network.payoff": ("behaviors.network.reward",),
    "behaviors.network.time_resolution": ("behaviors.network.resolution",),
    "behaviors.neurons.neuron_types": _LIF,
    "behaviors.neurons.neuron_types.lif_neurons": _LIF,
    "behaviors.neurons.specs": (
        "behaviors.neurons.competition",
        "behaviors.neurons.fire",
        "behaviors.neurons.noise",
    ),
    "behaviors.synapses.dendrites": (
        "behaviors.synapses.currents",
        "behaviors.synapses.spatial",
    ),
    "behaviors.synapses.learning": (
        "behaviors.synapses.bounds",
        "behaviors.synapses.istdp",
        "behaviors.synapses.rstdp",
        "behaviors.synapses.stdp",
    ),
    "behaviors.synapses.specs": (
        "behaviors.synapses.limits",
        "behaviors.synapses.setup",
        "behaviors.synapses.spikes",
        "behaviors.synapses.weights",
    ),
    "helpers.transforms.encoders": ("helpers.encoders",),
    "helpers.transforms.masks": ("helpers.masks",),
    "helpers.transforms.misc": ("helpers.transforms",),
    "nn": ("priorities", "structures"),
    "nn.priority": ("priorities",),
    "nn.structure": _STRUCTURES,
    "nn.structure.container": ("structures.container",),
    "nn.structure.cortical_column": ("structures.columns",),
    "nn.structure.cortical_layer_connection": ("structures.columns",),
    "nn.structure.io_layer": ("structures.io",),
    "nn.structure.layer": ("structures.layers",),
    "nn.structure.neocortex": ("structures.neocortex",),
    "nn.structure.port": ("structures.ports",),
    "nn.structure.synapsis": ("structures.synapsis",),
    "nn.utils": _REPLICATION,
    "nn.utils.replication": _REPLICATION,
}

# Paths that our own pages showed before the folders of ``graph``; their names may be imported
# from there still.
SHOWN: dict[str, tuple[str, ...]] = {
    "graph.comparison": ("graph.library.comparison",),
    "graph.file": ("graph.files.project_file",),
    "graph.learned": ("graph.files.learned_weights",),
    "graph.state": ("graph.model.document",),
    "graph.weightfiles": ("graph.files.weight_files",),
}

_PATHS = {**MODULES, **SHOWN}

_DATA_ONLY = "a file holds data and names no Python objects; use save_structure_dict_to_json"
_INNER = "it was a step of save_structure and create_structure_from_dict; use those"
_ON_SYNAPSES = "traces are on the synapse group: add PreTrace and PostTrace there"

NAMES: dict[str, str] = {
    "BaseLearning": "extend LearningRule, or Behavior with priority = 500 and your own forward",
    "ExtraCallableJSONEncoder": _DATA_ONLY,
    "SpikeTrace": f"{_ON_SYNAPSES}, after PreSpikeCatcher and PostSpikeCatcher",
    "behaviors_to_list": _INNER,
    "build_behavior_dict": _INNER,
    "build_ports": _INNER,
    "get_all_required_structures": _INNER,
    "object_hook": _DATA_ONLY,
    "save_ports": _INNER,
}

ARGUMENTS: dict[str, str] = {
    "all_structures_required": "save_structure finds everything inside by itself; leave it out",
    "built_structures": (
        "what lies inside is found and made by itself; "
        "create_structure_from_dict(..., outside={name: structure}) gives what lies outside"
    ),
    "have_trace": _ON_SYNAPSES,
    "location_trace": _ON_SYNAPSES,
    "motor_trace": _ON_SYNAPSES,
    "representation_trace": _ON_SYNAPSES,
    "sensory_trace": _ON_SYNAPSES,
    "settings": "write its entries as arguments, dtype=... and device=..., or make a Network",
}


class OldPaths(MetaPathFinder, Loader):
    """Find the modules of ``MODULES`` and ``SHOWN`` when Python has found no file for them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how to make the module, or None for every other name."""
        package, _, old = fullname.partition(".")
        if package != "conex_core" or old not in _PATHS:
            return None
        holds_others = any(name.startswith(f"{old}.") for name in _PATHS)
        return ModuleSpec(fullname, self, is_package=holds_others)

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to Python to make a plain module."""

    def exec_module(self, module: ModuleType) -> None:
        """Give the module the names of those it stands for, looked up on first use."""
        homes = _PATHS[module.__name__.partition(".")[2]]
        module.__doc__ = f"An older path of {', '.join(homes)}."
        vars(module)["__getattr__"] = names_of(module.__name__, *homes)


def names_of(module: str, *homes: str) -> Callable[[str], Any]:
    """Return a ``__getattr__`` that gives ``module`` the public names of ``homes``.

    Names that CoNeX had and that are gone raise ReplacedName, all others
    AttributeError.
    """

    def found(name: str) -> Any:
        if name == "__all__":
            return sorted({public for home in homes for public in _public(home)}, key=rank)
        if not name.startswith("__"):
            for home in homes:
                if name in _public(home):
                    return getattr(import_module(f"conex_core.{home}"), name)
        raise unknown(module, name)

    return found


def unknown(module: str, name: str) -> Exception:
    """Return the error for a name that ``module`` does not have."""
    if name in NAMES:
        return ReplacedName(name, NAMES[name])
    if name in LINES:
        return ReplacedName(name, f"write: {LINES[name]}")
    return AttributeError(f"module {module!r} has no attribute {name!r}")


def _public(home: str) -> list[str]:
    names: list[str] = import_module(f"conex_core.{home}").__all__
    return names


def rank(name: str) -> tuple[bool, bool, str]:
    """Sort constants first, then classes, then functions."""
    return (not name.isupper(), not name[0].isupper(), name)
