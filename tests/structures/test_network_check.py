"""What is wrong with a network of objects is told before its first iteration."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import torch
from hypothesis import given, reject, settings
from pymonntorch import Behavior as Foreign

from conex_core import (
    KWTA,
    LIF,
    AveragePool2D,
    Behavior,
    Conv2dDendriticInput,
    DelayInitializer,
    Fire,
    InputLayer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    One2OneDendriticInput,
    PostSpikeCatcher,
    PreSpikeCatcher,
    PreTrace,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SimpleSTDP,
    SparseSTDP,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
    catalog,
    examples,
)
from conex_core.errors import FileError, NetworkError, StructureError
from conex_core.graph.checks.check import check
from conex_core.graph.model.document import Document
from conex_core.run.build import build
from conex_core.run.planning import plan
from tests.graph.edits.test_histories import HISTORIES, replay


def neurons(*more: Any, axon: int | None = 1, dendrite: int | None = 1) -> list[Any]:
    structure = SimpleDendriteStructure(Proximal_max_delay=dendrite)
    stack = [structure, SimpleDendriteComputation(), LIF(), Fire(), NeuronAxon(max_delay=axon)]
    return [*stack, *more]


def pair(
    *behaviors: Any,
    tag: str = "drive,Proximal",
    sizes: tuple[Any, Any] = (4, 4),
    weights: Behavior | None = None,
    current: Behavior | None = None,
    **stacks: Any,
) -> SynapseGroup:
    """Return synapses from exc to out, with which nothing is wrong by itself."""
    network = Neocortex()
    source = NeuronGroup(network, sizes[0], neurons(**stacks), "exc")
    target = NeuronGroup(network, sizes[1], neurons(**stacks), "out")
    own = [weights or WeightInitializer(mode="rand"), current or SimpleDendriticInput()]
    stack = [SynapseInit(), *own, PreSpikeCatcher(), *behaviors]
    return SynapseGroup(network, source, target, tag, stack)


def codes(network: Neocortex) -> list[str]:
    return [problem.code for problem in network.check()]


def the_one(network: Neocortex) -> Any:
    (problem,) = network.check()
    return problem


def test_a_sound_network_has_no_problems_before_and_after_initialize() -> None:
    network = pair().network

    assert network.check() == []
    network.initialize()
    assert network.check() == []


def test_an_error_names_object_behavior_attribute_and_mend() -> None:
    synapses = pair()
    synapses.src.remove_behavior(380)

    problem = the_one(synapses.network)

    assert problem.message == (
        "exc has no axon ('axon'), so drive cannot see its spikes. Add NeuronAxon to exc."
    )
    assert (problem.node, problem.behavior) == ("drive", "PreSpikeCatcher")
    assert problem.fixes == ()


def test_initialize_refuses_a_network_with_errors_and_lists_them_all() -> None:
    synapses = pair(PostSpikeCatcher())
    synapses.src.remove_behavior(380)
    synapses.dst.remove_behavior(380)

    with pytest.raises(NetworkError) as caught:
        synapses.network.initialize()

    assert isinstance(caught.value, StructureError)
    assert caught.value.node == "drive"
    assert len(caught.value.problems) == 2
    assert "Add NeuronAxon to exc." in str(caught.value)
    assert "Add NeuronAxon to out." in str(caught.value)


def test_warnings_are_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    network = Neocortex()
    NeuronGroup(network, 2, [LIF()], "exc")

    with caplog.at_level(logging.WARNING):
        network.initialize()
        network.initialize()

    assert caplog.messages == ["exc has LIF but never spikes. Add Fire to exc."]


def test_warnings_can_be_left_out(caplog: pytest.LogCaptureFixture) -> None:
    network = Neocortex()
    NeuronGroup(network, 2, [LIF()], "exc")

    network.initialize(warnings=False)

    assert caplog.messages == []


def test_what_a_project_told_is_not_logged_again(caplog: pytest.LogCaptureFixture) -> None:
    network = Neocortex()
    NeuronGroup(network, 2, [LIF()], "exc")
    network.told.update(problem.message for problem in network.check())

    network.initialize()

    assert caplog.messages == []


def test_a_behavior_that_is_added_later_is_checked_too() -> None:
    network = Neocortex()
    group = NeuronGroup(network, 2, [Fire(), LIF()], "exc")
    network.initialize()
    group.add_behavior(300, KWTA(k=1))

    with pytest.raises(NetworkError, match="Add SimpleDendriteStructure to exc"):
        group.add_behavior(240, SimpleDendriteComputation())


def test_an_attribute_that_a_script_has_set_counts() -> None:
    network = Neocortex()
    group = NeuronGroup(network, 2, [KWTA(k=1)], "exc")
    group.v = group.threshold = group.v_reset = torch.zeros(2)

    assert network.check() == []


def test_a_foreign_behavior_may_make_anything() -> None:
    class Model(Foreign):  # type: ignore[misc]  # pymonntorch has no types
        pass

    synapses = pair()
    synapses.dst.behavior.clear()
    synapses.dst.behavior[1] = Model()

    assert synapses.network.check() == []


def test_a_behavior_that_is_switched_off_is_set_up_all_the_same() -> None:
    synapses = pair()
    synapses.src.behavior[380].behavior_enabled = False

    assert synapses.network.check() == []
    synapses.network.initialize()


def test_a_setter_works_in_its_layer_only() -> None:
    network = Neocortex()
    layer = InputLayer(network, [], sensory_size=4)
    assert network.check() == []

    layer.sensory_pop.input_layer = layer.sensory_pop.parent_structure = None

    assert "works inside an input layer only" in the_one(network).message


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: pair(SimpleDendriticInput()), "two-makers"),
        (lambda: pair(PreTrace(), PreTrace()), "hidden"),
        (lambda: pair(DelayInitializer(delays=2)), "long-delay"),
        (lambda: pair(DelayInitializer(delays=torch.tensor([0, 0, 0, 9]))), "long-delay"),
        (lambda: pair(DelayInitializer(delays=1, destination=True)), "long-delay"),
        (lambda: pair(DelayInitializer(mode="uniform(-4, 4)"), axon=9), "negative-delay"),
        (lambda: pair(tag="drive,Distal"), "silent-compartment"),
        (lambda: pair(tag="drive,Apical"), "silent-compartment"),
        (lambda: pair(dendrite=0), "silent-compartment"),
        (lambda: pair(tag="drive"), "no-compartment"),
        (lambda: pair(tag="drive,inh,Proximal"), "sign"),
        (lambda: pair(weights=WeightInitializer(mode="rand", density=0.5)), "sparse-weights"),
        (
            lambda: pair(weights=WeightInitializer(weights=torch.eye(4).to_sparse())),
            "sparse-weights",
        ),
        (lambda: pair(current=One2OneDendriticInput(), sizes=(4, 5)), "ends"),
        (lambda: pair(current=AveragePool2D(), sizes=((2, 4, 4), (1, 2, 2))), "ends"),
        (
            lambda: pair(current=Conv2dDendriticInput(), sizes=((1, 4, 4), (1, 5, 5))),
            "convolution-kernel",
        ),
        (
            lambda: pair(
                current=Conv2dDendriticInput(),
                weights=WeightInitializer(weights=torch.ones(1, 1, 2, 2)),
                sizes=((1, 4, 4), (1, 2, 2)),
            ),
            "convolution",
        ),
    ],
)
def test_each_rule_of_documents_holds_for_objects(make: Any, code: str) -> None:
    network = make().network

    assert codes(network) == [code]


@pytest.mark.parametrize(
    ("tag", "advice"),
    [
        ("proximal", "Write 'Proximal'."),
        ("PROXIMAL", "Write 'Proximal'."),
        ("Distl", "Write 'Distal'."),
        ("top", "Tag it Proximal, Distal or Apical."),
    ],
)
def test_a_compartment_that_nothing_reads_is_a_warning(tag: str, advice: str) -> None:
    problem = the_one(pair(tag=f"drive,{tag}").network)

    assert problem.severity == "warning"
    assert problem.message.endswith(advice)


@pytest.mark.parametrize("tag", ["pop_inh", "INH", "inhibitory", "exc,gaba"])
def test_a_sign_that_nothing_reads_is_a_warning(tag: str) -> None:
    network = Neocortex()
    NeuronGroup(network, 2, [LIF(), Fire()], tag)

    problem = the_one(network)

    assert (problem.severity, problem.code) == ("warning", "sign")
    assert "polarity='inhibitory'" in problem.message


@pytest.mark.parametrize("tag", ["inh", "GABA", "exc,inh", "inherited", "Thin"])
def test_a_sign_that_is_read_is_no_problem(tag: str) -> None:
    network = Neocortex()
    NeuronGroup(network, 2, [LIF(), Fire()], tag)

    assert network.check() == []


def test_more_winners_than_neurons_are_a_warning() -> None:
    network = Neocortex()
    NeuronGroup(network, 3, [LIF(), Fire(), KWTA(k=3)], "exc")

    assert the_one(network).code == "winners"


def test_a_synapse_group_needs_both_ends() -> None:
    network = Neocortex()
    group = NeuronGroup(network, 2, neurons(), "exc")
    SynapseGroup(network, group, None, "drive", [SynapseInit(), PostSpikeCatcher()])

    problem = network.check()[0]

    assert problem.message == (
        "drive has no target group, which PostSpikeCatcher needs. Pass dst, or remove it."
    )


def test_groups_of_another_network_are_refused() -> None:
    network = Neocortex()
    group = NeuronGroup(network, 2, neurons(), "exc")
    far = NeuronGroup(Neocortex(), 2, neurons(), "far")
    SynapseGroup(network, far, group, "drive", [SynapseInit()])

    problem = network.check()[0]

    assert (problem.code, problem.severity) == ("another-network", "error")
    assert "far of another network" in problem.message


@pytest.mark.parametrize("end", ["source", "destination"])
def test_the_target_axon_counts_for_those_who_look_back(end: str) -> None:
    delays = DelayInitializer(delays=2, destination=end == "destination")

    found = codes(pair(delays, PostSpikeCatcher(), axon=1, dendrite=9).network)

    assert found == ["long-delay"]


def test_delays_in_ms_are_held_against_the_buffers_in_iterations() -> None:
    delays = DelayInitializer(delays=1.0, unit="ms")
    synapses = pair(delays, axon=10)
    synapses.network.behavior[1].dt = 0.1

    problem = the_one(synapses.network)

    assert "reach 10 steps" in problem.message


def test_a_rule_for_dense_weights_names_its_twin() -> None:
    rules = [PreTrace(), PostSpikeCatcher(), SimpleSTDP()]
    synapses = pair(*rules, weights=WeightInitializer(mode="rand", density=0.5))

    told = [problem.message for problem in synapses.network.check()]

    assert any("SimpleSTDP on drive" in text and "Use SparseSTDP" in text for text in told)


def test_a_rule_for_sparse_weights_names_its_twin() -> None:
    told = [problem.message for problem in pair(SparseSTDP()).network.check()]

    assert "SparseSTDP on drive needs sparse weights. Use SimpleSTDP." in told


def test_synapses_that_are_only_tagged_with_a_compartment_go_by_their_ends() -> None:
    synapses = pair(SimpleDendriticInput(), tag="Proximal")

    problem = the_one(synapses.network)

    assert problem.message.startswith("exc => out has two behaviors")
    assert problem.node == "Proximal"


def test_objects_of_one_key_are_told_apart() -> None:
    synapses = pair(tag="Proximal")
    network = synapses.network
    second = SynapseGroup(network, synapses.src, synapses.dst, "Proximal", [PreSpikeCatcher()])

    assert {problem.node for problem in network.check()} == {network.key_of(second)}


@pytest.mark.parametrize("name", examples.names())
def test_a_shipped_example_built_gives_what_its_drawing_gives(name: str) -> None:
    drawn = examples.load(name)
    built = build(plan(drawn, catalog.load()))

    told = [(problem.severity, problem.message) for problem in built.network.check()]

    assert told == [(item.severity, item.message) for item in check(drawn, catalog.load())]


@settings(max_examples=20)
@given(HISTORIES)
def test_a_document_without_errors_is_a_network_without_errors(history: Any) -> None:
    known = catalog.load()
    plans = (plan(doc, known) for doc in reversed(replay(history)))
    sound = next(found for found in plans if not found.errors)

    try:
        problems = build(sound).network.check()
    except FileError:
        reject()  # it names a file that is not there

    assert [problem for problem in problems if problem.severity == "error"] == []


def test_an_empty_document_has_no_problems() -> None:
    assert check(Document(), catalog.load()) == Neocortex().check() == []
