"""A script of CoNeX finds its modules and names after ``conex`` became ``conex_core``."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import conex_core
from conex_core import moved
from conex_core.errors import ConexError, ReplacedName

PAGE = Path(__file__).parents[1] / "resources" / "docs" / "coming-from-conex.md"

# What the modules of CoNeX define, by path below the package.
UPSTREAM = {
    "behaviors.layer.dataset": "SpikeNdDataset",
    "behaviors.network.neuromodulators": "Dopamine",
    "behaviors.network.payoff": "Payoff",
    "behaviors.network.time_resolution": "TimeResolution",
    "behaviors.neurons.axon": "NeuronAxon",
    "behaviors.neurons.dendrite": "SimpleDendriteStructure SimpleDendriteComputation",
    "behaviors.neurons.homeostasis": "ActivityBaseHomeostasis VoltageBaseHomeostasis",
    "behaviors.neurons.neuron_types.lif_neurons": "LIF ELIF AELIF",
    "behaviors.neurons.setters": "SensorySetter LocationSetter",
    "behaviors.neurons.specs": "InherentNoise Fire KWTA",
    "behaviors.synapses.dendrites": (
        "BaseDendriticInput SimpleDendriticInput SparseDendriticInput One2OneDendriticInput "
        "AveragePool2D LateralDendriticInput Conv2dDendriticInput Local2dDendriticInput"
    ),
    "behaviors.synapses.learning": (
        "BOUNDS soft_bound hard_bound no_bound SimpleSTDP SparseSTDP One2OneSTDP Conv2dSTDP "
        "Local2dSTDP SimpleiSTDP One2OneiSTDP SparseiSTDP SimpleRSTDP One2OneRSTDP SparseRSTDP "
        "Conv2dRSTDP Local2dRSTDP"
    ),
    "behaviors.synapses.specs": (
        "SynapseInit DelayInitializer WeightInitializer WeightNormalization "
        "CurrentNormalization WeightClip PreSpikeCatcher PostSpikeCatcher PreTrace PostTrace"
    ),
    "helpers.data": "LocationDataset",
    "helpers.filters": "DoGFilter GaborFilter",
    "helpers.transforms.encoders": "SimplePoisson Poisson Intensity2Latency",
    "helpers.transforms.masks": "GridEraseMask GridKeepMask GridCropMask",
    "helpers.transforms.misc": (
        "UnsqueezeTransform SqueezeTransform SwapTransform DeviceTransform Conv2dFilter "
        "AbsoluteTransform DivideSignPolarity"
    ),
    "nn.priority": (
        "NETWORK_PRIORITIES NEURON_PRIORITIES LAYER_PRIORITIES SYNAPSE_PRIORITIES "
        "ALL_PRIORITIES prioritize_behaviors"
    ),
    "nn.structure.container": "Container",
    "nn.structure.cortical_column": "CorticalColumn",
    "nn.structure.cortical_layer_connection": "CorticalLayerConnection",
    "nn.structure.io_layer": "InputLayer OutputLayer",
    "nn.structure.layer": "Layer CorticalLayer",
    "nn.structure.neocortex": "Neocortex",
    "nn.structure.port": "Port",
    "nn.structure.synapsis": "Synapsis",
    "nn.utils.replication": (
        "replicate save_structure create_structure_from_dict save_structure_dict_to_json "
        "load_structure_dict_from_json"
    ),
}
NAMES = [(path, name) for path, names in UPSTREAM.items() for name in names.split()]
PACKAGES = ["", "behaviors", "helpers", "helpers.transforms", "nn", "nn.structure", "nn.utils"]
GONE_FROM = ["conex_core", "conex_core.behaviors", "conex_core.behaviors.neurons"]


def module(path: str) -> Any:
    return importlib.import_module(f"conex_core.{path}".rstrip("."))


@pytest.mark.parametrize(("path", "name"), NAMES)
def test_every_name_of_conex_is_at_its_old_path_and_at_the_top(path: str, name: str) -> None:
    assert getattr(module(path), name) is getattr(conex_core, name, getattr(module(path), name))
    assert name in module(path).__all__


@pytest.mark.parametrize("path", moved.MODULES)
def test_every_old_path_leads_to_modules_that_exist(path: str) -> None:
    assert module(path).__all__
    assert all(module(home).__all__ for home in moved.MODULES[path])


@pytest.mark.parametrize("path", PACKAGES)
def test_a_star_import_gives_the_public_names_and_nothing_else(path: str) -> None:
    space: dict[str, Any] = {}

    exec(f"from {module(path).__name__} import *", space)  # the statement is what is tested

    assert set(space) - {"__builtins__"} == set(module(path).__all__)
    assert {"torch", "F", "Dict", "Any", "axon"}.isdisjoint(space)


@pytest.mark.parametrize("package", GONE_FROM)
def test_a_name_that_is_gone_says_what_to_write(package: str) -> None:
    with pytest.raises(ReplacedName, match="PreTrace and PostTrace") as caught:
        exec(f"from {package} import SpikeTrace")

    assert isinstance(caught.value, ImportError)
    assert isinstance(caught.value, ConexError)


@pytest.mark.parametrize("path", ["nothing", "nn.nothing", "nn.structure.nothing", "helpers.cli"])
def test_any_other_path_is_a_missing_module(path: str) -> None:
    with pytest.raises(ModuleNotFoundError, match=path.rpartition(".")[2]):
        module(path)


@pytest.mark.parametrize("package", ["behaviors", "nn", "nn.structure", "behaviors.neurons.specs"])
def test_any_other_name_is_an_attribute_error(package: str) -> None:
    assert not hasattr(module(package), "nothing")


def test_old_paths_are_attributes_of_the_package_as_in_conex() -> None:
    assert conex_core.nn.structure.Neocortex is conex_core.Neocortex
    assert conex_core.behaviors.LIF is conex_core.LIF


def test_the_page_for_users_of_conex_has_the_whole_map() -> None:
    text = PAGE.read_text(encoding="utf-8")

    rows = [
        f"| `conex.{old}` | {', '.join(f'`conex_core.{home}`' for home in homes)} |"
        for old, homes in moved.MODULES.items()
    ]
    assert "\n".join(rows) in text
    assert all(f"`{name}`" in text for name in [*moved.NAMES, *moved.ARGUMENTS])


def test_the_page_for_users_of_conex_links_to_what_exists() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE.read_text(encoding="utf-8"))

    assert links
    assert [link for link in links if not (PAGE.parent / link).is_file()] == []


def test_looking_up_an_old_path_loads_no_torch() -> None:
    code = "import sys, conex_core.nn.structure.layer; assert 'torch' not in sys.modules"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_a_behavior_of_pymonntorch_runs_beside_ours() -> None:
    from pymonntorch import Behavior

    class Lift(Behavior):  # type: ignore[misc]  # pymonntorch has no types
        def initialize(self, neurons: Any) -> None:
            self.gain = self.parameter("gain", 0.5)

        def forward(self, neurons: Any) -> None:
            neurons.v += self.gain

    network = conex_core.Neocortex()
    stack = conex_core.prioritize_behaviors([conex_core.LIF(), conex_core.Fire()])
    group = conex_core.NeuronGroup(network, 3, {**stack, 270: Lift(gain=2.0)})
    network.initialize()

    network.simulate_iteration()

    assert group.v.tolist() == [-63.0] * 3
