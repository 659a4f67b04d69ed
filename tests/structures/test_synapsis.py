"""Synapsis: every group behind one port joined to every group behind another."""

from __future__ import annotations

from typing import Any

import pytest

from conex_core import (
    Neocortex,
    NeuronGroup,
    PostSpikeCatcher,
    PreSpikeCatcher,
    SimpleDendriticInput,
    SynapseInit,
)
from conex_core.errors import StructureError, UnknownName
from conex_core.structures import Container, Port, Synapsis


def area(network: Neocortex, *tags: str, name: str = "area", behavior: Any = None) -> Container:
    """Return a container of new groups, with the ports "in" and "out"."""
    groups = [NeuronGroup(network, 2, tag=tag) for tag in tags]
    ports = (None, [Port(group, None, behavior) for group in groups])
    return Container(
        network, groups, input_ports={"in": ports}, output_ports={"out": ports}, tag=name
    )


def test_every_source_is_joined_to_every_target() -> None:
    network = Neocortex()

    joined = Synapsis(network, area(network, "a", "b"), area(network, "c", "d"), tag="S")

    pairs = [(item.src.name, item.dst.name) for item in joined.synapses]
    assert pairs == [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]
    assert [item.key for item in joined.synapses][:2] == ["S/a to c", "S/a to d"]
    assert joined.synapses == network.SynapseGroups


def test_later_behaviors_take_the_place_of_earlier_ones() -> None:
    network = Neocortex()
    source, target, own = PreSpikeCatcher(), PostSpikeCatcher(), SimpleDendriticInput()
    src = area(network, "a", behavior={2: SynapseInit(), 3: source, 4: source})
    dst = area(network, "b", name="other", behavior={3: target, 4: target})

    (synapse,) = Synapsis(network, src, dst, synapsis_behavior={4: own}).synapses

    kinds = {key: type(item) for key, item in synapse.behavior.items()}
    assert kinds == {2: SynapseInit, 3: PostSpikeCatcher, 4: SimpleDendriticInput}


def test_every_synapse_group_has_copies() -> None:
    network = Neocortex()
    shared = SynapseInit()

    joined = Synapsis(network, area(network, "a", "b"), area(network, "c"), None, None, [shared])

    found = [next(iter(item.behavior.values())) for item in joined.synapses]
    assert found[0] is not found[1]
    assert shared not in found


def test_a_tag_that_is_but_a_compartment_is_no_name() -> None:
    network = Neocortex()

    joined = Synapsis(network, area(network, "a"), area(network, "b"), synaptic_tag="Proximal")

    assert joined.synapses[0].name == "a => b"
    assert joined.synapses[0].compartment == "Proximal"


@pytest.mark.parametrize("order", [("connect_src", "connect_dst"), ("connect_dst", "connect_src")])
def test_ends_are_set_in_any_order(order: tuple[str, str]) -> None:
    network = Neocortex()
    groups = {f"connect_{end}": NeuronGroup(network, 2, tag=end) for end in ("src", "dst")}
    joined = Synapsis(network)

    for name in order:
        getattr(joined, name)(groups[name])

    assert [(item.src.name, item.dst.name) for item in joined.synapses] == [("src", "dst")]


def test_an_end_that_does_not_fit_can_be_replaced() -> None:
    network = Neocortex()
    joined = Synapsis(network, NeuronGroup(network, 2, tag="a"), output_port="nope")

    with pytest.raises(UnknownName, match="input port of area 'nope'"):
        joined.connect_dst(area(network, "b"))
    joined.connect_dst(NeuronGroup(network, 2, tag="c"))

    assert [item.name for item in joined.synapses] == ["a to c"]


def test_an_end_is_set_once() -> None:
    network = Neocortex()
    joined = Synapsis(network, NeuronGroup(network, 2, tag="a"), tag="S")

    with pytest.raises(StructureError, match="S: has a as its source already"):
        joined.connect_src("a")


def test_no_groups_are_an_error() -> None:
    network = Neocortex()

    with pytest.raises(StructureError, match="S: finds no neuron group in empty"):
        Synapsis(network, NeuronGroup(network, 2), area(network, name="empty"), tag="S")


@pytest.mark.parametrize("wrong", [5, "nobody", NeuronGroup])
def test_what_is_no_structure_is_refused(wrong: Any) -> None:
    network = Neocortex()

    with pytest.raises(StructureError, match="S: "):
        Synapsis(network, NeuronGroup(network, 2), wrong, tag="S")


def test_a_structure_without_ports_is_named() -> None:
    network = Neocortex()
    synapses = Synapsis(network, area(network, "a"), area(network, "b"), synaptic_tag="s").synapses

    with pytest.raises(StructureError, match="s: has no output ports"):
        Synapsis(network, synapses[0], "a")


def test_a_group_of_another_network_makes_no_synapse() -> None:
    network = Neocortex()
    src = Container(network, output_ports={"out": (None, [Port(NeuronGroup(Neocortex(), 2))])})

    with pytest.raises(StructureError, match="of another network"):
        Synapsis(network, src, NeuronGroup(network, 2))
    assert network.SynapseGroups == []
