"""Neuron and synapse groups: arguments, sizes, polarity, and clear refusals."""

from __future__ import annotations

from typing import Any

import pytest

from conex_core import (
    LIF,
    Fire,
    InherentNoise,
    Neocortex,
    NeuronAxon,
    NeuronDimension,
    NeuronGroup,
    PreSpikeCatcher,
    SimpleDendriticInput,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
    prioritize_behaviors,
)
from conex_core.errors import ParameterError, StructureError


def test_the_documented_call_works() -> None:
    network = Neocortex()
    stack = prioritize_behaviors([LIF(), InherentNoise(), Fire()])

    group = NeuronGroup(network, size=100, behavior=stack)
    network.initialize()
    network.simulate_iterations(3)

    assert group.size == group.v.numel() == 100


def test_both_argument_orders_work() -> None:
    network = Neocortex()

    sizes = [
        NeuronGroup(network, 3).size,
        NeuronGroup(3, network).size,
        NeuronGroup(size=3, net=network, behavior={}, tag="x").size,
    ]

    assert sizes == [3, 3, 3]


@pytest.mark.parametrize("size", [(2, 3, 4), [2, 3, 4], NeuronDimension(2, 3, 4)])
def test_a_grid_sets_shape_and_size(size: Any) -> None:
    group = NeuronGroup(Neocortex(), size)

    assert (group.size, group.depth, group.height, group.width) == (24, 2, 3, 4)
    assert group.shape.depth == 2


def test_the_callers_dict_is_left_alone() -> None:
    stack = {260: LIF()}

    NeuronGroup(Neocortex(), (1, 2, 2), stack)

    assert list(stack) == [260]


@pytest.mark.parametrize("size", [-3, 1.5, float("nan"), "many", (1, 2), (1, 0, 2), None])
def test_impossible_sizes_are_refused(size: Any) -> None:
    with pytest.raises(ParameterError, match="exc › size"):
        NeuronGroup(Neocortex(), size, tag="exc")


def test_no_network_is_refused() -> None:
    with pytest.raises(StructureError, match="needs a network"):
        NeuronGroup(3, 4)


@pytest.mark.parametrize("behavior", [[LIF], 5, {260: "LIF"}])
def test_what_is_no_behavior_is_refused(behavior: Any) -> None:
    with pytest.raises(StructureError):
        NeuronGroup(Neocortex(), 3, behavior)


@pytest.mark.parametrize(
    ("tag", "polarity", "sign"),
    [
        ("pop", None, 1.0),
        ("pop,inh", None, -1.0),
        ("pop,GABA", None, -1.0),
        ("pop", "inhibitory", -1.0),
        ("inh", "excitatory", 1.0),
    ],
)
def test_polarity_sets_the_sign_of_the_current(tag: str, polarity: str | None, sign: float) -> None:
    network = Neocortex()
    source = NeuronGroup(
        network, 1, [LIF(init_v=0.0), Fire(), NeuronAxon()], tag, polarity=polarity
    )
    target = NeuronGroup(network, 1, [LIF(), Fire(), NeuronAxon()], "target")
    stack = [SynapseInit(), WeightInitializer(mode="ones"), SimpleDendriticInput()]
    synapses = SynapseGroup(network, source, target, "s,Proximal", [*stack, PreSpikeCatcher()])
    network.initialize()

    network.simulate_iterations(2)

    assert synapses.I.tolist() == [sign]
    assert source.name == tag.partition(",")[0]


def test_an_unknown_polarity_is_refused() -> None:
    with pytest.raises(ParameterError, match="exc › polarity must be one of"):
        NeuronGroup(Neocortex(), 3, tag="exc", polarity="inhibitroy")


def test_synapses_are_found_from_both_ends() -> None:
    network = Neocortex()
    source, target = NeuronGroup(network, 2, tag="a"), NeuronGroup(network, 3, tag="b")

    synapses = SynapseGroup(network, "a", target, "s,Proximal")

    assert synapses.tags == ["s", "Proximal", "SynapseGroup", "syn", "a => b"]
    assert target.afferent_synapses["Proximal"] == [synapses]
    assert source.efferent_synapses["All"] == source.efferent_synapses["a => b"] == [synapses]
    assert network.s is synapses
    assert synapses.matrix_dim() == (2, 3)


@pytest.mark.parametrize("end", ["nobody", 3])
def test_an_end_that_is_no_group_is_refused(end: Any) -> None:
    with pytest.raises(StructureError, match="s: "):
        SynapseGroup(Neocortex(), end, None, "s")


def test_a_missing_end_is_named() -> None:
    network = Neocortex()
    group = NeuronGroup(network, 2, [LIF(), Fire(), NeuronAxon()])
    SynapseGroup(network, None, group, "s", [SynapseInit(), PreSpikeCatcher()])

    with pytest.raises(StructureError, match="s has no source group, which PreSpikeCatcher needs"):
        network.initialize()


def test_a_name_of_the_network_is_not_hidden_by_a_group() -> None:
    network = Neocortex()

    NeuronGroup(network, 2, tag="initialize")

    assert callable(network.initialize)
    assert network["initialize", 0].size == 2


def test_an_indexed_network_gives_coordinates() -> None:
    group = NeuronGroup(Neocortex(index=True), NeuronDimension(1, 2, 2, centered=False))

    assert group.id.tolist() == [0, 1, 2, 3]
    assert (group.x.tolist(), group.y.tolist()) == ([0, 1, 0, 1], [0, 0, 1, 1])
