"""Cortical columns: layers by name, their connections, and one that runs."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from conex_core import (
    LIF,
    Fire,
    InputLayer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PreSpikeCatcher,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SynapseInit,
    WeightInitializer,
    prioritize_behaviors,
)
from conex_core.errors import StructureError, UnknownName
from conex_core.structures import (
    CorticalColumn,
    CorticalLayer,
    CorticalLayerConnection,
    Port,
    Synapsis,
)

FEEDFORWARD = ("exc_pop", "exc_pop", None, "Proximal")


def sending() -> Any:
    weights = WeightInitializer(mode="ones")
    return prioritize_behaviors([SynapseInit(), weights, SimpleDendriticInput(), PreSpikeCatcher()])


def population(network: Neocortex, size: int, tag: str) -> NeuronGroup:
    cell = LIF(tau=5.0, R=10.0, threshold=-50.0, v_rest=-65.0, v_reset=-70.0)
    dendrite = [SimpleDendriteStructure(), SimpleDendriteComputation()]
    stack = prioritize_behaviors([*dendrite, cell, Fire(), NeuronAxon()])
    return NeuronGroup(network, size, stack, tag)


def layer(network: Neocortex, name: str, **ports: Any) -> CorticalLayer:
    """Return a layer of 8 and 2 neurons, joined both ways."""
    exc = population(network, 8, f"{name} exc")
    inh = population(network, 2, f"{name} inh,inh")
    pairs = ((exc, inh), (inh, exc))
    within = [Synapsis(network, *pair, None, None, sending(), "Proximal") for pair in pairs]
    synapses = [item for synapsis in within for item in synapsis.synapses]
    return CorticalLayer(network, exc, inh, synapses, tag=name, **ports)


def plain(network: Neocortex, name: str) -> CorticalLayer:
    return CorticalLayer(network, NeuronGroup(network, 2, tag=f"{name} exc"), tag=name)


def test_a_column_of_three_layers_spikes_in_each() -> None:
    network = Neocortex(seed=1)
    frames = torch.ones(1, 50, 2, 3, dtype=torch.bool)
    shown = InputLayer(network, [(frames, torch.tensor([1]))], sensory_size=6)
    layers = {name: layer(network, name) for name in ("L4", "L23", "L5")}
    joining = [("exc_pop", "exc_pop", sending(), "Proximal")]
    connections = [
        (src, dst, CorticalLayerConnection(network, connections=joining))
        for src, dst in (("L4", "L23"), ("L23", "L5"))
    ]
    entry = {"in": (None, [Port(layers["L4"], "exc"), Port(layers["L4"], "inh")])}
    column = CorticalColumn(network, layers, connections, input_ports=entry)
    Synapsis(network, shown, column, "sensory", "in", sending(), "Proximal")
    network.initialize()

    spiked = dict.fromkeys(layers, 0)
    for _ in range(50):
        network.simulate_iteration()
        for name, found in column.layers.items():
            spiked[name] += int(found.exc_pop.spikes.sum())

    # 3 layers of two groups and one of input; 2 inside each layer, 2 between, 2 from outside.
    assert len(network.NeuronGroups) == 3 * 2 + 1
    assert len(network.SynapseGroups) == 3 * 2 + 2 + 2
    assert sum(item.weights.numel() for item in network.SynapseGroups) == 3 * 32 + 2 * 64 + 60
    assert min(spiked.values()) > 0
    assert network.cortical_columns == [column]


def test_a_column_gives_its_connections_the_ends_they_lack() -> None:
    network = Neocortex()
    first, second = plain(network, "first"), plain(network, "second")
    open_one = CorticalLayerConnection(network, connections=[FEEDFORWARD])
    half = CorticalLayerConnection(network, src=second, connections=[FEEDFORWARD])

    column = CorticalColumn(
        network, {"a": first, "b": second}, [("a", "b", open_one), ("b", "a", half)]
    )

    assert [item.name for item in open_one.synapses] == ["first exc => second exc"]
    assert [item.name for item in half.synapses] == ["second exc => first exc"]
    assert column.sub_structures == [first, second, open_one, half]
    assert column.layers["a"] is first


def test_a_connection_between_other_layers_is_refused() -> None:
    network = Neocortex()
    first, second, third = (plain(network, name) for name in ("first", "second", "third"))
    made = CorticalLayerConnection(network, first, second, [FEEDFORWARD], tag="made")

    with pytest.raises(
        StructureError, match="column: cannot join 'b' by made, whose dst is second"
    ):
        CorticalColumn(network, {"a": first, "b": third}, [("a", "b", made)], tag="column")


def test_an_unknown_layer_is_refused_with_the_known_ones() -> None:
    network = Neocortex()
    connection = CorticalLayerConnection(network)

    with pytest.raises(UnknownName, match=r"layer of column 'z'.*a"):
        CorticalColumn(
            network, {"a": plain(network, "first")}, [("a", "z", connection)], tag="column"
        )


def test_a_group_that_is_not_there_makes_no_synapse_at_all() -> None:
    network = Neocortex()
    ends = plain(network, "first"), plain(network, "second")
    wanted = [FEEDFORWARD, ("inh_pop", "exc_pop", None, "Proximal")]

    with pytest.raises(
        StructureError, match=r"no neuron group 'inh_pop' in first\. first has exc_pop"
    ):
        CorticalLayerConnection(network, *ends, wanted)
    assert network.SynapseGroups == []


@pytest.mark.parametrize("layers", [[1], {"a": 5}, {"a": "nobody"}, {"a": CorticalLayer}])
def test_what_is_no_layer_is_refused(layers: Any) -> None:
    with pytest.raises(StructureError, match="column: "):
        CorticalColumn(Neocortex(), layers, tag="column")


@pytest.mark.parametrize("wrong", [5, [5], [("a", "b")], [("a", "b", 5)]])
def test_what_is_no_connection_of_a_column_is_refused(wrong: Any) -> None:
    with pytest.raises(StructureError, match="column: "):
        CorticalColumn(Neocortex(), {}, wrong, tag="column")


@pytest.mark.parametrize("wrong", [5, FEEDFORWARD, [(1, 2, None, "x")], [("a", "b", LIF)]])
def test_what_is_no_connection_of_groups_is_refused(wrong: Any) -> None:
    with pytest.raises(StructureError, match="joining: "):
        CorticalLayerConnection(Neocortex(), connections=wrong, tag="joining")
