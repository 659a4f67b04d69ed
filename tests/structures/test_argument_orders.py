"""The orders of arguments that pymonntorch had, and groups without a neuron."""

from __future__ import annotations

from typing import Any

import pymonntorch
import pytest

from conex_core import (
    LIF,
    Fire,
    InherentNoise,
    Layer,
    Neocortex,
    Network,
    NeuronAxon,
    NeuronDimension,
    NeuronGroup,
    ParameterError,
    Port,
    PreSpikeCatcher,
    Recorder,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    StructureError,
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


@pytest.mark.parametrize("places", [(3,), (3, {260: LIF()})])
def test_a_neuron_group_takes_its_network_by_name(places: tuple[Any, ...]) -> None:
    net = Network()

    group = NeuronGroup(*places, net=net, tag="mine")

    assert (group.network, group.size, list(group.behavior)) == (net, 3, [260] * (len(places) - 1))


@pytest.mark.parametrize("places", [1, 2])
def test_a_synapse_group_takes_its_network_by_name(places: int) -> None:
    net = Network()
    src, dst = NeuronGroup(3, net=net), NeuronGroup(2, net=net)

    synapses = SynapseGroup(*(src, dst)[:places], net=net, **({"dst": dst} if places == 1 else {}))

    assert (synapses.src, synapses.dst, synapses.network) == (src, dst, net)


def test_a_network_given_twice_is_refused() -> None:
    net = Network()

    with pytest.raises(TypeError, match="multiple values for argument 'net'"):
        NeuronGroup(net, 3, net=net)


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


def test_a_grid_moves_and_marks_its_neurons_as_in_pymonntorch() -> None:
    ours = NeuronGroup(Network(), NeuronDimension(width=3, height=2))
    theirs = pymonntorch.NeuronGroup(
        pymonntorch.NeuronDimension(width=3, height=2), pymonntorch.Network(), {}
    )

    for grid in (ours.shape, theirs.shape):
        grid.move(x=1, y=-2).scale(x=2, z=3)

    for axis in "xyz":
        assert getattr(ours, axis).tolist() == getattr(theirs, axis).tolist()
    for box in ({}, {"xmax": 2}, {"xmin": 1, "ymin": 1}, {"ymax": 1, "zmax": 1}):
        mask = ours.shape.get_area_mask(**box)
        assert mask.tolist() == theirs.shape.get_area_mask(**box).tolist()


def test_a_grid_is_stretched_to_another_ones_size() -> None:
    net = Network()
    small = NeuronGroup(net, NeuronDimension(width=2, height=2))
    NeuronDimension.stretch_to_equal_size(small.shape, NeuronGroup(net, (1, 2, 4)))

    assert (small.x.tolist(), small.y.tolist()) == ([-1, 1, -1, 1], [-0.5, -0.5, 0.5, 0.5])


def test_a_grid_without_coordinates_says_how_to_have_them() -> None:
    group = NeuronGroup(Neocortex(), (1, 2, 2))

    with pytest.raises(StructureError, match="index=True"):
        group.shape.move(x=1)


def test_switching_behaviors_of_a_group_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    group = NeuronGroup(Network(), 3, {260: LIF()})

    group.deactivate_behaviors("LIF")

    assert not group.LIF.behavior_enabled
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["iterations", "batch_size"])
def test_a_time_as_text_says_how_to_write_iterations(name: str) -> None:
    with pytest.raises(ParameterError, match=rf"{name} must be .+round\(10 / net.dt\)"):
        Network().simulate_iterations(**{"iterations": 1, name: "10*ms"})


@pytest.mark.parametrize("form", [lambda port: port, lambda port: [port], lambda port: [port] * 2])
def test_a_port_may_be_its_targets_alone(form: Any) -> None:
    net = Network()
    group = NeuronGroup(net, 3)

    layer = Layer(net, [group], output_ports={"out": form(Port(group))})

    assert {port.object for port in layer.output_ports["out"][1]} == {group}
