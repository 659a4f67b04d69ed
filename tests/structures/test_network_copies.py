"""A copy of a network, by deepcopy or pickle, is apart from it and goes on as it does."""

from __future__ import annotations

import copy
import io
import multiprocessing
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.data import DataLoader, TensorDataset

from conex_core import (
    LIF,
    CorticalColumn,
    Fire,
    InherentNoise,
    InputLayer,
    Layer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    Recorder,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
)
from conex_core.behaviors.synapses.spikes import PreSpikeCatcher
from conex_core.errors import FileError, StructureError
from tests.run.engine.nets import Recipe, grids, made, recipes, same
from tests.tiny_network import CLASSES, network_with

Way = Callable[[Any], Any]


def by_pickle(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


def by_torch(value: Any) -> Any:
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return torch.load(file, weights_only=False)


WAYS = (copy.deepcopy, by_pickle)


def goes_on_alike(network: Any, way: Way, steps: int = 9) -> Any:
    """Return a copy after so many iterations; it left the original alone, which did the same."""
    twin = way(network)
    before = way(network)

    twin.simulate_iterations(steps)

    same(network, before)
    network.simulate_iterations(steps)
    same(twin, network)
    return twin


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_copy_of_every_behavior_goes_on_alike(name: str, way: Way) -> None:
    network, _, _ = network_with(CLASSES[name])
    network.initialize(warnings=False)
    network.simulate_iterations(7)

    goes_on_alike(network, way)


@settings(max_examples=15, deadline=None)
@given(recipe=recipes(), engine=st.sampled_from(["fused", "reference"]), way=st.sampled_from(WAYS))
def test_any_copy_goes_on_alike_after_any_run(recipe: Recipe, engine: str, way: Way) -> None:
    network = made(recipe, engine)
    network.simulate_iterations(11)

    twin = goes_on_alike(network, way)

    goes_on_alike(twin, way, steps=4)


@settings(max_examples=8, deadline=None)
@given(recipe=grids(), way=st.sampled_from(WAYS))
def test_copies_of_grids_go_on_alike(recipe: Recipe, way: Way) -> None:
    network = made(recipe, "auto")
    network.simulate_iterations(11)

    goes_on_alike(network, way)


def noisy(engine: str = "auto", *more: Any) -> Any:
    net = Neocortex(seed=2, engine=engine)
    NeuronGroup(net, 30, [LIF(), InherentNoise(scale=3.5), Fire(), *more], "a")
    net.initialize()
    net.simulate_iterations(50)
    return net


@pytest.mark.parametrize("way", [*WAYS, by_torch])
@pytest.mark.parametrize("engine", ["fused", "reference"])
def test_training_a_copy_leaves_the_original_alone(way: Way, engine: str) -> None:
    net = noisy(engine)
    v, kept = net.a.v, net.a.v.clone()

    twin = way(net)
    twin.simulate_iterations(20)

    assert (twin.iteration, net.iteration) == (70, 50)
    assert net.a.v is v
    assert torch.equal(v, kept)
    assert twin.a.v.data_ptr() != v.data_ptr()
    assert list(vars(twin.a)) == list(vars(net.a))


@pytest.mark.parametrize("way", WAYS)
def test_what_is_copied_together_stays_together(way: Way) -> None:
    net = noisy()
    net.a.view = net.a.v[3:7]

    twin, group, listed = way((net, net.a, [net.NeuronGroups]))

    assert twin.a is group is listed[0][0]
    assert group.network is twin
    assert group.view.data_ptr() == group.v[3:].data_ptr()
    assert twin.sorted_behavior_execution_list[0][1] in twin.all_objects()


@pytest.mark.parametrize("way", WAYS)
def test_a_group_brings_its_network(way: Way) -> None:
    net = noisy()

    group = way(net.a)

    assert group is group.network.a
    assert group.network is not net
    group.network.simulate_iterations(3)


def test_half_a_network_is_no_copy() -> None:
    net = noisy()

    for part in (net, net.a):
        with pytest.raises(StructureError, match=r"cannot be copied alone.*deepcopy"):
            copy.copy(part)


@pytest.mark.parametrize("way", WAYS)
def test_a_chain_of_many_groups_can_be_copied(way: Way) -> None:
    net = Neocortex(seed=1, engine="reference")
    groups = [NeuronGroup(net, 2, [LIF(), Fire()], f"g{k}") for k in range(300)]
    for k, group in enumerate(groups[1:]):
        SynapseGroup(net, groups[k], group, f"s{k},Proximal", [SynapseInit()])

    twin = way(net)

    assert len(twin.all_objects()) == 600
    assert twin.SynapseGroups[-1].dst is twin.NeuronGroups[-1]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("engine", ["fused", "reference"])
def test_recorders_go_on_apart(way: Way, engine: str) -> None:
    net = noisy(engine, Recorder(variables="v"), Recorder(variables="v", max_length=20))
    twin = way(net)

    twin.simulate_iterations(30)
    net.simulate_iterations(30)
    net.simulate_iterations(5)

    ours, theirs = (list(each.a.behavior.values())[-2:] for each in (net, twin))
    assert torch.equal(theirs[0].variables["v"], ours[0].variables["v"][:80])
    assert len(ours[0].variables["v"]) == 85
    assert torch.equal(theirs[1].variables["v"], ours[0].variables["v"][60:80])


@pytest.mark.parametrize("way", WAYS)
def test_a_file_that_is_recorded_to_has_one_writer(way: Way, tmp_path: Any) -> None:
    net = noisy("auto", Recorder(variables="v", path=str(tmp_path)))

    with pytest.raises(FileError, match=r"is being recorded to.*remove the recorder"):
        way(net)

    net.simulate_iterations(5)
    assert len(net["v", 0]) == 55


FRAMES = torch.rand(12, 3, 2, 2, generator=torch.Generator().manual_seed(3)) > 0.5


def shuffled() -> Any:
    draws = torch.Generator().manual_seed(7)
    data = TensorDataset(FRAMES, torch.arange(12))
    return DataLoader(data, batch_size=2, shuffle=True, generator=draws)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "loader", [shuffled, lambda: iter([(FRAMES[k], torch.tensor([k])) for k in range(12)])]
)
@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_data_go_on_where_they_were(loader: Any, way: Way, engine: str) -> None:
    net = Neocortex(seed=1, engine=engine)
    InputLayer(net, loader(), sensory_size=4)
    net.initialize()
    net.simulate_iterations(10)
    states = torch.get_rng_state()

    twin = way(net)

    assert torch.equal(torch.get_rng_state(), states)
    shown = [each_frame(each, 25) for each in (twin, net)]
    assert shown[0] == shown[1]


def each_frame(net: Any, steps: int) -> list[Any]:
    """Return label and spikes of each of the next iterations."""
    found = []
    for _ in range(steps):
        net.simulate_iteration()
        layer = net.input_layers[0]
        found.append((layer.y, layer.sensory_pop.spikes.tolist()))
    return found


@pytest.mark.parametrize("way", WAYS)
def test_columns_and_layers_are_copied_with_their_ports(way: Way) -> None:
    net = Neocortex(seed=4)
    stack = lambda: [SimpleDendriteStructure(), SimpleDendriteComputation(), LIF(), Fire()]  # noqa: E731
    groups = [NeuronGroup(net, 5, [*stack(), NeuronAxon()], name) for name in ("e", "i")]
    weights = [SynapseInit(), WeightInitializer(mode="rand"), PreSpikeCatcher()]
    inside = SynapseGroup(net, *groups, "ei,Proximal", [*weights, SimpleDendriticInput()])
    layer = Layer(net, groups, [inside], tag="L4")
    CorticalColumn(net, layers={"L4": layer}, tag="column")
    net.initialize()
    net.simulate_iterations(5)

    twin = goes_on_alike(net, way)

    inner = twin.cortical_columns[0].layers["L4"]
    assert inner.synapsegroups[0].src is inner.neurongroups[0] is twin.e


def test_a_function_without_a_name_is_copied_and_not_pickled() -> None:
    net = noisy("auto", Recorder(functions={"mean": lambda group: group.v.mean()}))

    goes_on_alike(net, copy.deepcopy)

    with pytest.raises(StructureError, match=r"cannot be pickled.*at the top of a module"):
        pickle.dumps(net)


def gone_on(net: Any) -> Any:
    """Return a network after twenty iterations, in a worker."""
    net.simulate_iterations(20)
    return net


def test_a_network_goes_to_another_process_and_comes_back() -> None:
    net = noisy()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        twin = pool.apply_async(gone_on, (net,)).get(120)

    net.simulate_iterations(20)

    same(twin, net)
    goes_on_alike(twin, copy.deepcopy)
