"""A network is described as the document that draws it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from pymonntorch import Behavior as Foreign

from conex_core import (
    KWTA,
    LIF,
    Behavior,
    Fire,
    InputLayer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    Payoff,
    SynapseGroup,
    SynapseInit,
    TimeResolution,
    catalog,
    examples,
)
from conex_core.graph.checks.check import check
from conex_core.graph.model.document import Link
from conex_core.run.build import build
from conex_core.run.planning import plan
from conex_core.structures.describe import describe


class Leaky(LIF):
    """Stand for a model of a script."""


def loop() -> tuple[Neocortex, NeuronGroup, SynapseGroup]:
    network = Neocortex(dt=0.5, behavior=[Payoff(initial_payoff=2.0)], seed=7)
    stack = [Leaky(tau=12.0), Fire(), NeuronAxon(), KWTA(k=1), KWTA(k=2)]
    group = NeuronGroup(network, (1, 2, 3), stack, "exc", polarity="inhibitory")
    return network, group, SynapseGroup(network, group, group, "rec,Distal", [SynapseInit()])


def test_groups_and_synapses_are_nodes_with_the_keys_and_names_of_the_objects() -> None:
    network, group, synapses = loop()

    document, _ = describe(network)

    nodes = document.network.nodes
    assert list(nodes) == [network.key_of(group), network.key_of(synapses)]
    assert nodes["exc"].params == {"size": (1, 2, 3), "polarity": "inhibitory"}
    assert nodes["rec"].params == {"compartment": "Distal"}
    assert document.network.links == {
        Link("exc", "spikes", "rec", "source"),
        Link("rec", "target", "exc", "synapses"),
    }


def test_stacks_hold_what_was_given_in_order() -> None:
    document, _ = describe(loop()[0])

    stack = document.network.nodes["exc"].stack

    assert [item.id for item in stack] == ["Leaky", "KWTA", "KWTA 2", "Fire", "NeuronAxon"]
    assert [dict(item.params) for item in stack[:3]] == [{"tau": 12.0}, {"k": 1}, {"k": 2}]


def test_values_that_were_set_later_and_switches_are_told() -> None:
    network, group, _ = loop()
    group.behavior[260].tau = 30.0
    group.behavior[340].behavior_enabled = False

    stack = describe(network)[0].network.nodes["exc"].stack

    assert stack[0].params == {"tau": 30.0}
    assert [item.kind for item in stack if not item.enabled] == ["Fire"]


def test_settings_are_those_of_the_network() -> None:
    settings = describe(loop()[0])[0].settings

    assert (settings.dt, settings.seed, settings.device) == (0.5, 7, "cpu")
    assert settings.dtype == "float32"
    assert [item.kind for item in settings.stack] == ["Payoff"]


def test_a_time_step_given_as_a_behavior_is_known_before_initialize() -> None:
    network = Neocortex(behavior=[TimeResolution(dt=0.25)])

    assert describe(network)[0].settings.dt == 0.25


def test_classes_of_scripts_are_in_the_catalog() -> None:
    _, known = describe(loop()[0])

    assert known.behaviors["Leaky"].is_a("LIF")
    assert known.behaviors.keys() > catalog.load().behaviors.keys()


def test_a_class_that_is_called_like_another_keeps_apart() -> None:
    class LIF(Behavior):
        """Do nothing."""

        priority = 260

    network = Neocortex()
    NeuronGroup(network, 2, [LIF()], "exc")

    document, known = describe(network)

    assert document.network.nodes["exc"].stack[0].kind == "LIF 2"
    assert known.behaviors["LIF 2"].provides == ()
    assert "own.v" in known.behaviors["LIF"].provides


def test_a_foreign_behavior_is_described_and_not_catalogued() -> None:
    class Fire(Foreign):  # type: ignore[misc]  # pymonntorch has no types
        pass

    network = Neocortex()
    NeuronGroup(network, 2, {1: Fire(gain=3)}, "exc")

    document, known = describe(network)

    (item,) = document.network.nodes["exc"].stack
    assert (item.kind, dict(item.params)) == ("Fire 2", {"gain": 3})
    assert "Fire 2" not in known.behaviors


def test_an_input_layer_and_its_population_are_two_nodes_of_one_name() -> None:
    network = Neocortex()
    layer = InputLayer(network, [], sensory_size=4, tag="Digits")

    nodes = describe(network)[0].network.nodes

    assert nodes[network.key_of(layer)].kind == "InputLayer"
    assert nodes[network.key_of(layer.sensory_pop)].kind == "NeuronGroup"
    assert {node.name for node in nodes.values()} == {"Digits"}


def test_an_end_in_another_network_is_a_wire_to_a_node_that_is_not_there() -> None:
    network, group, _ = loop()
    far = NeuronGroup(Neocortex(), 2, tag="far")
    SynapseGroup(network, far, group, "bridge")

    links = describe(network)[0].network.links

    assert Link("far of another network", "spikes", "bridge", "source") in links


def test_tensors_stay_the_same_objects() -> None:
    threshold = torch.tensor([1.0, 2.0])
    network = Neocortex()
    NeuronGroup(network, 2, [LIF(threshold=threshold)], "exc")

    (item,) = describe(network)[0].network.nodes["exc"].stack

    assert item.params["threshold"] is threshold


def test_describing_changes_nothing() -> None:
    network, group, _ = loop()
    before = dict(vars(group))

    describe(network)

    assert vars(group) == before


@pytest.mark.parametrize("name", ["smallest", "balanced"])
def test_a_built_example_is_described_by_the_document_it_was_built_from(name: str) -> None:
    drawn = examples.load(name)
    built = build(plan(drawn, catalog.load()))

    document, known = describe(built.network)

    found = document.network.nodes
    wanted = {key: node for key, node in drawn.network.nodes.items() if node.kind != "Note"}
    assert found.keys() == wanted.keys()
    assert [kinds(node) for node in found.values()] == [kinds(wanted[key]) for key in found]
    assert check(document, known) == check(drawn, catalog.load()) == []


def kinds(node: Any) -> Any:
    return node.name, sorted(item.kind for item in node.stack)
