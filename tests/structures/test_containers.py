"""Containers and layers: what they hold, and what they refuse to."""

from __future__ import annotations

from typing import Any

import pytest

from conex_core import Behavior, Neocortex, NeuronGroup, SynapseGroup
from conex_core.errors import StructureError
from conex_core.structures import Container, CorticalLayer, Layer


class Counting(Behavior):
    """Count the iterations."""

    priority = 100

    def initialize(self, owner: Any) -> None:
        owner.counted = 0

    def forward(self, owner: Any) -> None:
        owner.counted += 1


def world() -> tuple[Neocortex, NeuronGroup, NeuronGroup, SynapseGroup]:
    network = Neocortex()
    ends = [NeuronGroup(network, 2, tag=tag) for tag in ("e", "i,inh")]
    return network, *ends, SynapseGroup(network, *ends, "Proximal")


@pytest.mark.parametrize("by_tag", [False, True])
def test_members_are_given_as_objects_or_by_tag(by_tag: bool) -> None:
    network, exc, inh, synapses = world()
    given: Any = (["e", "i"], ["Proximal"]) if by_tag else ([exc, inh], [synapses])

    layer = Layer(network, *given)

    assert layer.neurongroups == [exc, inh]
    assert layer.synapsegroups == [synapses]
    assert layer.sub_structures == [exc, inh, synapses]
    assert exc.parent_structure is layer


def test_a_cortical_layer_names_its_groups() -> None:
    network, exc, inh, synapses = world()

    layer = CorticalLayer(network, exc, inh, [synapses], tag="L4")

    assert (layer.exc_pop, layer.inh_pop) == (exc, inh)
    assert layer.sub_structures == [exc, inh, synapses]
    assert network.L4 is layer
    assert repr(layer) == "CorticalLayer('L4')"


@pytest.mark.parametrize("form", [lambda item: [item], lambda item: {100: item}])
def test_containers_run_their_behaviors(form: Any) -> None:
    network = Neocortex()
    container = Container(network, behavior=form(Counting()))
    network.initialize()

    network.simulate_iterations(3)

    assert container.counted == 3


def test_what_is_added_twice_is_held_once() -> None:
    network, exc, *_ = world()
    container = Container(network, [exc, exc])

    container.add_sub_structure(exc)

    assert container.sub_structures == [exc]


@pytest.mark.parametrize("cls", [Container, Layer])
@pytest.mark.parametrize("pick", [lambda group: group, lambda group: "e", lambda group: 5])
def test_one_thing_in_place_of_a_list_is_refused(cls: Any, pick: Any) -> None:
    network, exc, *_ = world()

    with pytest.raises(StructureError, match=r"area: needs a list, got .*\[ \]"):
        cls(network, pick(exc), tag="area")


@pytest.mark.parametrize("item", [5, None, NeuronGroup, object()])
def test_what_is_no_structure_is_refused(item: Any) -> None:
    container = Container(Neocortex(), tag="area")

    with pytest.raises(StructureError, match="area: cannot hold"):
        container.add_sub_structure(item)


def test_an_unknown_tag_is_refused_with_the_known_ones() -> None:
    network, *_ = world()

    with pytest.raises(StructureError, match=r"area: finds no structure 'x'.*e, i"):
        Container(network, ["x"], tag="area")


def test_structures_of_another_network_are_refused() -> None:
    stranger = NeuronGroup(Neocortex(), 2, tag="stranger")

    with pytest.raises(StructureError, match=r"area.*stranger, of another network"):
        Container(Neocortex(), [stranger], tag="area")


@pytest.mark.parametrize("pick", [lambda area, whole: area, lambda area, whole: whole])
def test_nothing_holds_what_it_is_in(pick: Any) -> None:
    network = Neocortex()
    area = Container(network, tag="area")
    whole = Container(network, [area], tag="whole")

    with pytest.raises(StructureError, match=r"area: cannot hold .*, which holds it"):
        area.add_sub_structure(pick(area, whole))


def test_nothing_holds_the_network() -> None:
    network = Neocortex()

    with pytest.raises(StructureError, match="area: cannot hold"):
        Container(network, [network], tag="area")


@pytest.mark.parametrize("arguments", [(5,), (None, 5), (None, None, ["e"])])
def test_a_cortical_layer_takes_only_what_fits(arguments: Any) -> None:
    network, *_ = world()

    with pytest.raises(StructureError, match="L4: "):
        CorticalLayer(network, *arguments, tag="L4")
