"""Parts of pymonntorch and ours in one network: refused where they are joined, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pymonntorch
import pytest

import conex_core
from conex_core import (
    LIF,
    CorticalColumn,
    InputLayer,
    Layer,
    Neocortex,
    NeuronGroup,
    StructureError,
    SynapseGroup,
    Synapsis,
)

OURS_IN_THEIRS: dict[str, Callable[[Any], object]] = {
    "NeuronGroup": lambda net: NeuronGroup(net=net, size=3),
    "SynapseGroup": lambda net: SynapseGroup(net),
    "Layer": lambda net: Layer(net),
    "CorticalColumn": lambda net: CorticalColumn(net),
    "Synapsis": lambda net: Synapsis(net),
    "InputLayer": lambda net: InputLayer(net, []),
}
THEIRS_IN_OURS: dict[str, Callable[[Any, Any], object]] = {
    "NeuronGroup": lambda net, _: pymonntorch.NeuronGroup(3, net),
    "NeuronGroup with behaviors": lambda net, _: pymonntorch.NeuronGroup(3, net, {1: LIF()}),
    "SynapseGroup": lambda net, group: pymonntorch.SynapseGroup(net, group, group),
}


@pytest.mark.parametrize("kind", OURS_IN_THEIRS)
def test_ours_in_a_network_of_pymonntorch_say_which_network_to_make(kind: str) -> None:
    network = pymonntorch.Network()

    with pytest.raises(StructureError, match=rf"{kind}.+import Network.+Neocortex"):
        OURS_IN_THEIRS[kind](network)

    assert network.Structures == []


@pytest.mark.parametrize("make", [conex_core.Neocortex, conex_core.Network])
@pytest.mark.parametrize("kind", THEIRS_IN_OURS)
def test_theirs_in_a_network_of_ours_say_what_to_import(kind: str, make: Any) -> None:
    network = make()
    group = NeuronGroup(network, 3)

    with pytest.raises(StructureError, match=f"from conex_core import {kind.split()[0]}"):
        THEIRS_IN_OURS[kind](network, group)

    assert network.Structures == [group]
    assert [owner for _, owner, _ in network.sorted_behavior_execution_list] == [network]


@pytest.mark.parametrize("size", [None, 4])
def test_a_behavior_of_ours_in_a_network_all_of_pymonntorch_says_so(size: int | None) -> None:
    resolution = None if size else {1: conex_core.TimeResolution()}
    network = pymonntorch.Network(behavior=resolution)
    if size:
        pymonntorch.NeuronGroup(size, network, {260: LIF()})

    with pytest.raises(StructureError, match="from conex_core import Network, NeuronGroup"):
        network.initialize(info=False)


def test_synapses_between_groups_of_pymonntorch_say_which_group_it_is() -> None:
    theirs = pymonntorch.NeuronGroup(3, pymonntorch.Network(), {}, "mine")

    with pytest.raises(StructureError, match=r"mine.+from conex_core import NeuronGroup"):
        SynapseGroup(Neocortex(), theirs, theirs)
    with pytest.raises(StructureError, match=r"mine.+from conex_core import NeuronGroup"):
        Synapsis(Neocortex(), theirs, theirs)
