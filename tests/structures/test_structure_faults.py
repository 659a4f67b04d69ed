"""Faults of CoNeX in containers, layers, columns and what joins them, and what replaces them."""

from __future__ import annotations

from typing import Any

import pytest
from fault_networks import Table

from conex_core import (
    Behavior,
    Neocortex,
    NeuronAxon,
    NeuronDimension,
    NeuronGroup,
    PreSpikeCatcher,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SynapseInit,
    WeightInitializer,
    prioritize_behaviors,
)
from conex_core.errors import ConexError
from conex_core.structures import (
    CorticalColumn,
    CorticalLayer,
    CorticalLayerConnection,
    OutputLayer,
    Port,
    Synapsis,
)


def population(network: Neocortex, name: str, *rows: list[int], size: int = 2) -> NeuronGroup:
    """Return a group that spikes by a table, with an axon and a dendrite."""
    stack = [Table(*(rows or [[0] * size])), NeuronAxon(), SimpleDendriteStructure()]
    return NeuronGroup(network, size, stack, name)


def sending() -> dict[Any, Behavior]:
    """Return what a synapse needs to send one spike as 1 nA."""
    weights = WeightInitializer(mode="ones")
    return prioritize_behaviors([SynapseInit(), weights, SimpleDendriticInput(), PreSpikeCatcher()])


@pytest.mark.parametrize("size", [3, (1, 2, 2), NeuronDimension(height=2, width=2)])
def test_fault_30_an_output_layer_may_have_any_size(size: Any) -> None:
    """CoNeX swapped two arguments: "'dict' object has no attribute 'device'"."""
    network = Neocortex()
    layer = OutputLayer(network, representation_size=size, motor_size=2)

    network.initialize()

    assert layer.representation_pop.size in (3, 4)
    assert layer.motor_pop.size == 2
    assert network.output_layers == [layer]


def test_fault_31_a_layer_needs_no_inhibitory_group() -> None:
    """CoNeX failed with "'NoneType' has no attribute 'network'"."""
    network = Neocortex()
    exc = population(network, "exc")

    layer = CorticalLayer(network, exc)
    network.initialize()

    assert layer.exc_pop is exc
    assert layer.inh_pop is None


def test_fault_31_a_column_needs_no_connections() -> None:
    """CoNeX failed because None cannot be iterated."""
    network = Neocortex()
    layer = CorticalLayer(network, population(network, "exc"))

    column = CorticalColumn(network, layers={"L4": layer})
    network.initialize()

    assert network.cortical_columns == [column]


def test_fault_31_a_synapsis_needs_no_behaviors_of_its_own() -> None:
    """CoNeX failed with a TypeError without synapsis_behavior."""
    network = Neocortex()
    ends = [population(network, name) for name in ("src", "dst")]

    Synapsis(network, *ends, synaptic_tag="Proximal")

    assert len(network.SynapseGroups) == 1


def test_fault_31_ends_may_be_set_in_any_order() -> None:
    """CoNeX failed with an AttributeError for connect_dst before connect_src."""
    network = Neocortex()
    layers = [CorticalLayer(network, population(network, name)) for name in ("a", "b")]
    joining = ("exc_pop", "exc_pop", sending(), "Proximal")
    connection = CorticalLayerConnection(network, connections=[joining])

    connection.connect_dst(layers[1])
    connection.connect_src(layers[0])

    assert [(item.src.name, item.dst.name) for item in network.SynapseGroups] == [("a", "b")]


def test_fault_32_an_unknown_port_is_refused_with_those_that_exist() -> None:
    """CoNeX made no synapse at all, silently."""
    network = Neocortex()
    exc = population(network, "exc")
    layer = CorticalLayer(network, exc, output_ports={"output": (None, [Port(exc)])})

    with pytest.raises(ConexError, match=r"(?s)outptu.*output"):
        Synapsis(network, layer, exc, "outptu", synapsis_behavior=sending())


def test_fault_33_every_synapse_has_its_own_behaviors() -> None:
    """CoNeX shared them: an excitatory and an inhibitory source both got the last one's sign."""
    network = Neocortex()
    exc, inh = (population(network, name, [1, 1]) for name in ("exc", "pop,inh"))
    target = population(network, "dst")
    ports = {"output": (None, [Port(exc), Port(inh)])}
    layer = CorticalLayer(network, exc, inh, output_ports=ports)
    Synapsis(network, layer, target, "output", synapsis_behavior=sending(), synaptic_tag="Proximal")
    network.initialize()

    network.simulate_iterations(2)

    currents = {item.src.name: item.I.tolist() for item in network.SynapseGroups}
    assert currents == {"exc": [2.0, 2.0], "pop": [-2.0, -2.0]}
