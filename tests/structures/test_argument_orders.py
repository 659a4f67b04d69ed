"""The orders of arguments that pymonntorch had, and groups without a neuron."""

from __future__ import annotations

from typing import Any

import pymonntorch
import pytest

from conex_core import (
    LIF,
    Fire,
    InherentNoise,
    Neocortex,
    Network,
    NeuronAxon,
    NeuronGroup,
    PreSpikeCatcher,
    Recorder,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
    create_structure_from_dict,
    prioritize_behaviors,
    replicate,
    save_structure,
)
from conex_core.run.session import Session

ORDERS = ["net src dst", "src dst net", "src net dst"]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("ends", ["objects", "names"])
def test_a_synapse_group_finds_its_network_at_any_place(order: str, ends: str) -> None:
    net = Network()
    src, dst = NeuronGroup(net, 3, tag="src"), NeuronGroup(net, 2, tag="dst")
    given: dict[str, Any] = {"net": net, "src": "src", "dst": "dst"}
    given |= {"src": src, "dst": dst} if ends == "objects" else {}

    synapses = SynapseGroup(*(given[name] for name in order.split()), "mine", {})

    assert (synapses.src, synapses.dst, synapses.network) == (src, dst, net)
    assert synapses.tags[0] == "mine"


@pytest.mark.parametrize("order", ["net size behavior", "size net behavior", "size behavior net"])
def test_a_neuron_group_finds_its_network_at_any_place(order: str) -> None:
    given: dict[str, Any] = {"net": Network(), "size": 3, "behavior": {260: LIF()}}

    group = NeuronGroup(*(given[name] for name in order.split()), "mine")

    assert (group.size, list(group.behavior), group.tags[0]) == (3, [260], "mine")


def test_a_grid_of_pymonntorch_is_a_size(capsys: pytest.CaptureFixture[str]) -> None:
    group = NeuronGroup(Network(), pymonntorch.get_squared_dim(12))

    assert (group.size, type(group.size), int(group.height)) == (12, int, 4)


def stack() -> dict[Any, Any]:
    items = [SimpleDendriteStructure(), SimpleDendriteComputation(), LIF(), InherentNoise()]
    return {**prioritize_behaviors([*items, Fire(), NeuronAxon()]), 600: Recorder(["v"])}


@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_a_group_without_neurons_runs_beside_others(engine: str) -> None:
    net = Neocortex(engine=engine, seed=1)
    nobody, some = NeuronGroup(net, 0, stack(), "nobody"), NeuronGroup(net, 3, stack(), "some")
    for src, dst in ((nobody, some), (some, nobody), (nobody, nobody)):
        items = [SynapseInit(), WeightInitializer(mode="ones"), PreSpikeCatcher()]
        SynapseGroup(
            net, src, dst, "Proximal", prioritize_behaviors([*items, SimpleDendriticInput()])
        )

    result = Session(net).run(4)

    assert net["v", 0].shape == (4, 0)
    assert [group.size for group in result.groups] == [0, 3]
    assert result.summary()


def test_a_group_without_neurons_is_saved_and_copied() -> None:
    net = Neocortex()
    nobody = NeuronGroup(net, 0, [LIF(), Fire()], "nobody")

    assert create_structure_from_dict(net, save_structure(nobody)).size == 0
    assert replicate(nobody, net)[0].size == 0
