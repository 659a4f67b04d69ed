"""OutputLayer: two populations to read out."""

from __future__ import annotations

from typing import Any

import pytest

from conex_core import (
    KWTA,
    LIF,
    Neocortex,
    NeuronGroup,
    SimpleDendriteStructure,
    SynapseInit,
)
from conex_core.errors import StructureError
from conex_core.structures import OutputLayer, Synapsis


def test_populations_have_a_dendrite_at_its_priority() -> None:
    network = Neocortex()

    layer = OutputLayer(network, 3, 2, tag="out", representation_tag="what")

    assert layer.representation_pop.tags[:2] == ["what", "Representation"]
    assert layer.motor_pop.tags[0] == "Motor"
    assert list(layer.motor_pop.behavior) == [220]
    assert isinstance(layer.motor_pop.behavior[220], SimpleDendriteStructure)
    assert layer.sub_structures == [layer.representation_pop, layer.motor_pop]
    assert network.output_layers == [layer]


def test_no_size_means_no_population() -> None:
    layer = OutputLayer(Neocortex(), motor_size=2)

    assert layer.representation_pop is None
    assert layer.motor_pop.size == 2


@pytest.mark.parametrize("form", [list, dict])
def test_behaviors_of_the_user_are_added(form: Any) -> None:
    given = {list: [KWTA(k=1), LIF()], dict: {260: LIF(), 300: KWTA(k=1)}}[form]

    layer = OutputLayer(Neocortex(), 3, representation_user_defined=given)

    kinds = {type(item) for item in layer.representation_pop.behavior.values()}
    assert kinds == {SimpleDendriteStructure, KWTA, LIF}


def test_declared_ports_lead_to_its_populations() -> None:
    network = Neocortex()
    ports = {"read": (None, [("representation_pop", {2: SynapseInit()}), ("motor_pop", {})])}
    layer = OutputLayer(network, 3, 2, input_ports=ports)

    joined = Synapsis(network, NeuronGroup(network, 2), layer, output_port="read")

    assert [item.dst.size for item in joined.synapses] == [3, 2]
    assert [list(item.behavior) for item in joined.synapses] == [[2], []]


@pytest.mark.parametrize(
    "wrong",
    [
        {"representation_dendrite_structure": SimpleDendriteStructure()},
        {"representation_dendrite_structure_params": 5},
        {"representation_user_defined": 5},
        {"representation_user_defined": [LIF]},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_makes_no_population_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(StructureError, match="out: "):
        OutputLayer(Neocortex(), 3, tag="out", **wrong)
