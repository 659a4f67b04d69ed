"""Network: what a script of pymonntorch writes to make one, works."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pymonntorch
import pytest
import torch

from conex_core import (
    Behavior,
    ConexError,
    Neocortex,
    Network,
    NeuronDimension,
    NeuronGroup,
    Payoff,
    TimeResolution,
    describe,
)


class Half(Behavior):
    """Set the time step, as scripts of pymonntorch do by themselves."""

    def initialize(self, network: Any) -> None:
        network.dt = 0.5


def test_arguments_come_in_the_order_of_pymonntorch() -> None:
    given = ("mine,other", {5: Payoff()}, torch.float64, "cpu", "SxD", False)

    ours, theirs = Network(*given), pymonntorch.Network(*given)

    assert ours.tags[:2] == theirs.tags[:2]
    assert ours.behavior[5] is theirs.behavior[5]
    assert ours.def_dtype is theirs.def_dtype
    assert ours.index_neurons is theirs.index_neurons


def test_groups_have_an_index_and_a_place_by_default() -> None:
    network = Network()
    grid = NeuronGroup(size=NeuronDimension(width=3, height=2), net=network)

    assert grid.x.tolist() == [-1, 0, 1, -1, 0, 1]
    assert grid.y.tolist() == [-0.5, -0.5, -0.5, 0.5, 0.5, 0.5]
    assert grid.z.tolist() == [0] * 6
    assert grid.id.tolist() == list(range(6))


@pytest.mark.parametrize("name", ["dtype", "def_dtype"])
def test_settings_count_as_the_arguments_that_they_name(name: str) -> None:
    network = Network(settings={name: torch.float64, "device": "cpu", "synapse_mode": "SxD"})

    assert network.def_dtype is torch.float64


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"settings": {"dtpye": torch.float64}}, "dtype"),
        ({"settings": "cpu"}, "settings must be a dict"),
        ({"tag": [Payoff()]}, r"Network\(behavior="),
        ({"tag": {1: Payoff()}}, r"Network\(behavior="),
    ],
)
def test_what_it_cannot_take_is_told_with_what_to_write(
    arguments: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConexError, match=told):
        Network(**arguments)


@pytest.mark.parametrize("make", [Network, Neocortex])
@pytest.mark.parametrize("behavior", [{1: Half()}, {0: Half()}, {7: Half()}, [Half(), Half()]])
def test_a_behavior_of_ones_own_stays_at_its_key_and_may_set_the_time_step(
    make: Any, behavior: Any
) -> None:
    network = make(behavior=behavior)

    network.initialize()
    network.simulate_iterations(2)

    assert network.dt == 0.5
    assert sum(isinstance(item, Half) for item in network.behavior.values()) == len(behavior)


def test_a_time_resolution_among_the_behaviors_is_the_only_one() -> None:
    network = Network(behavior={1: TimeResolution(dt=0.25)})

    network.initialize()

    assert (network.dt, list(network.behavior)) == (0.25, [1])


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_a_copy_is_one_too(copied: Any) -> None:
    network = Network("mine")
    NeuronGroup(network, 3, tag="cells")

    twin = copied(network)

    assert type(twin) is Network
    assert twin["cells", 0].id.tolist() == [0, 1, 2]


def test_it_is_called_by_its_name_where_it_is_shown() -> None:
    network = Network("mine")
    NeuronGroup(network, 3, tag="cells")

    assert repr(network) == "Network('mine', 1 groups, 0 synapse groups)"
    assert network["Network", 0] is network
    assert describe(network)[0].name == "mine"
    assert isinstance(network, Neocortex)
