"""Ports: names that lead to neuron groups, at any depth."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conex_core import Behavior, InputLayer, Neocortex, NeuronGroup, SynapseInit
from conex_core.errors import StructureError, UnknownName
from conex_core.structures import Container, CorticalLayer, OutputLayer, Port
from conex_core.structures.ports import resolve

# A tree of ports: a leaf is a group, a branch a container; the number is its own behavior key.
TREES = st.recursive(
    st.integers(0, 3),
    lambda children: st.lists(st.tuples(st.integers(1, 4), children), max_size=3),
    max_leaves=12,
)


def group(network: Neocortex, name: str = "a") -> NeuronGroup:
    return NeuronGroup(network, 2, tag=name)


def holding(network: Neocortex, *targets: Any, tag: str | None = None) -> Container:
    """Return a container with the input port "in" that leads to ``targets``."""
    return Container(network, input_ports={"in": (None, list(targets))}, tag=tag)


def names(structure: Any, port: str | None = None, side: Any = "input_ports") -> list[str]:
    return [end.group.name for end in resolve(structure, port, side)]


def built(network: Neocortex, tree: Any) -> Any:
    if isinstance(tree, int):
        return NeuronGroup(network, tree + 1)
    targets = []
    for number, child in tree:
        inner = built(network, child)
        label = "in" if isinstance(inner, Container) else None
        targets.append(Port(inner, label, {number: SynapseInit()}))
    return holding(network, *targets)


def flat(structure: Any, outer: dict[Any, Behavior]) -> list[tuple[Any, dict[Any, Behavior]]]:
    """Return the groups of a tree and their behaviors, by walking along the ports."""
    if isinstance(structure, NeuronGroup):
        return [(structure, outer)]
    targets = structure.input_ports["in"][1]
    return [pair for port in targets for pair in flat(port.object, {**outer, **port.behavior})]


@given(TREES)
def test_a_port_leads_to_what_a_walk_along_it_finds(tree: Any) -> None:
    structure = built(Neocortex(), tree)

    found = resolve(structure, "in", "input_ports")

    assert [(end.group, dict(end.behavior)) for end in found] == flat(structure, {})


def test_behaviors_of_inner_ports_take_the_place_of_outer_ones() -> None:
    network = Neocortex()
    outer, inner, other = (SynapseInit() for _ in range(3))
    layer = holding(network, Port(group(network), None, {2: inner}))
    area = holding(network, Port(layer, "in", {2: outer, 3: other}))

    (end,) = resolve(area, "in", "input_ports")

    assert dict(end.behavior) == {2: inner, 3: other}


def test_a_group_stands_for_itself() -> None:
    assert names(group(Neocortex())) == ["a"]


def test_the_only_port_needs_no_name() -> None:
    network = Neocortex()

    assert names(holding(network, group(network))) == ["a"]


def test_one_of_many_ports_must_be_named() -> None:
    network = Neocortex()
    exc, inh = group(network, "e"), group(network, "i,inh")
    layer = CorticalLayer(network, exc, inh, tag="L4")

    with pytest.raises(StructureError, match=r"L4.*2 input ports.*exc, inh"):
        resolve(layer, None, "input_ports")


@pytest.mark.parametrize("port", ["ouptut", 5, ["exc"]])
def test_an_unknown_port_is_refused_with_the_known_ones(port: Any) -> None:
    network = Neocortex()
    layer = CorticalLayer(network, group(network), tag="L4")

    with pytest.raises(UnknownName, match=r"input port of L4.*exc"):
        resolve(layer, port, "input_ports")


def test_ports_in_a_circle_are_shown() -> None:
    network = Neocortex()
    first = holding(network, group(network), tag="first")
    second = holding(network, Port(first, "in"), tag="second")
    first.input_ports["in"] = (None, [Port(second, "in")])

    with pytest.raises(StructureError, match=r"second\.in › first\.in › second\.in"):
        resolve(second, "in", "input_ports")


def test_plain_tuples_are_ports_even_when_added_later() -> None:
    network = Neocortex()
    area = holding(network, tag="area")
    area.input_ports["late"] = (None, [(group(network), None, None)])

    assert names(area, "late") == ["a"]


def test_a_group_of_another_network_is_refused() -> None:
    network = Neocortex()
    area = holding(network, group(Neocortex(), "stranger"), tag="area")

    with pytest.raises(StructureError, match=r"area.*stranger, of another network.*in one network"):
        resolve(area, "in", "input_ports")


def test_a_port_that_leads_to_no_structure_is_named() -> None:
    area = holding(Neocortex(), Port(7), tag="area")

    with pytest.raises(StructureError, match=r"area: its port 'in' leads to 7"):
        resolve(area, "in", "input_ports")


@pytest.mark.parametrize(
    "ports",
    [
        [1],
        {"in": "group"},
        {"in": (None, "group")},
        {"in": (None, [Port(NeuronGroup)])},
        {"in": (None, [Port(None)])},
        {"in": (None, [(1, None, {}, 2)])},
        {"in": (None, [Port("exc_pop", 3)])},
        {"in": (None, [Port("exc_pop", None, 7)])},
        {"in": (None, [Port("exc_pop", None, {2: SynapseInit})])},
    ],
    ids=str,
)
def test_what_is_no_port_is_refused_at_once(ports: Any) -> None:
    with pytest.raises(StructureError, match="area"):
        Container(Neocortex(), input_ports=ports, tag="area")


def test_layers_offer_their_populations() -> None:
    network = Neocortex()
    shown = InputLayer(network, [], have_location=True, sensory_size=2, location_size=2)
    read = OutputLayer(network, 2, 2)
    layer = CorticalLayer(network, group(network, "e"), group(network, "i,inh"))

    assert names(shown, "sensory", "output_ports") == ["Sensory"]
    assert names(shown, "location", "output_ports") == ["Location"]
    assert names(read, "representation") == ["Representation"]
    assert names(read, "motor") == ["Motor"]
    assert names(layer, "exc") == ["e"]
    assert names(layer, "inh", "output_ports") == ["i"]


def test_a_population_that_is_not_there_is_not_suggested() -> None:
    ports = {"out": (None, [("motor_pop", {})])}
    layer = OutputLayer(Neocortex(), 2, input_ports=ports)

    with pytest.raises(UnknownName, match=r"'motor_pop'\. Known: representation_pop"):
        resolve(layer, "out", "input_ports")
