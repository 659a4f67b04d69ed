"""Each rule of the check: what it says, where, and that its fixes mend it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conex_core.catalog import BehaviorSpec, Catalog
from conex_core.distributions import Uniform
from conex_core.graph import edits
from conex_core.graph.checks.check import Problem, check, nothing_to_run
from conex_core.graph.model.document import NETWORK, BehaviorItem, Document, Link, Node


def item_id(doc: Document, node_id: str, kind: str) -> str:
    return next(item.id for item in doc.network.node(node_id).stack if item.kind == kind)


def with_value(doc: Document, node_id: str, kind: str, **values: Any) -> Document:
    for name, value in values.items():
        item = item_id(doc, node_id, kind)
        doc = edits.set_behavior_param(doc, node_id, item, name, value)
    return doc


def without(doc: Document, node_id: str, kind: str) -> Document:
    return edits.remove_behavior(doc, node_id, item_id(doc, node_id, kind))


def the_one(doc: Document, catalog: Catalog, code: str) -> Problem:
    """Return the only problem, after seeing that each of its fixes leaves none like it."""
    problems = check(doc, catalog)
    assert [problem.code for problem in problems] == [code]
    for fix in problems[0].fixes:
        assert code not in [problem.code for problem in check(fix.apply(doc), catalog)], fix.title
    return problems[0]


def test_a_sound_network_has_no_problems(network: Document, catalog: Catalog) -> None:
    assert check(network, catalog) == []


def test_an_empty_document_is_a_problem_only_when_it_is_to_run(catalog: Catalog) -> None:
    assert check(Document(), catalog) == []
    assert [problem.code for problem in nothing_to_run(Document())] == ["empty"]


def test_a_missing_axon_is_told_in_the_names_of_the_user(
    network: Document, catalog: Catalog
) -> None:
    doc = edits.rename(without(network, "exc", "NeuronAxon"), "drive", "Synapses")

    problem = the_one(doc, catalog, "requires")

    assert problem.message == (
        "Exc has no axon, so Synapses cannot see its spikes. Add NeuronAxon to Exc."
    )
    assert problem.where(doc) == "Synapses › PreSpikeCatcher"
    assert str(problem).startswith("error: Exc has no axon")


def test_a_disabled_behavior_provides_nothing_and_can_be_switched_on(
    network: Document, catalog: Catalog
) -> None:
    axon = item_id(network, "exc", "NeuronAxon")
    doc = edits.enable_behavior(network, "exc", axon, False)

    problem = the_one(doc, catalog, "requires")

    assert problem.fixes[0].title == "Switch NeuronAxon on Exc on"
    assert problem.fixes[0].apply(doc) == network


def test_a_behavior_stack_provides_for_the_groups_it_feeds(
    network: Document, catalog: Catalog
) -> None:
    axon = network.network.node("exc").item(item_id(network, "exc", "NeuronAxon"))
    doc = without(network, "exc", "NeuronAxon")
    doc = edits.add_node(doc, "BehaviorStack", node_id="shared", stack=[axon])
    doc = edits.add_link(doc, Link("shared", "behaviors", "exc", "behaviors"))

    assert check(doc, catalog) == []


def test_an_unknown_behavior_is_kept_and_the_nearest_is_offered(
    network: Document, catalog: Catalog
) -> None:
    doc = edits.replace_behavior(network, "exc", item_id(network, "exc", "LIF"), "LIFF")

    problem = next(found for found in check(doc, catalog) if found.code == "unknown-behavior")

    assert "Did you mean 'LIF'?" in problem.message
    assert problem.fixes[0].apply(doc) == network


def test_an_unknown_parameter_can_be_renamed(network: Document, catalog: Catalog) -> None:
    doc = with_value(network, "exc", "LIF", tua=12.0)

    problem = the_one(doc, catalog, "unknown-parameter")

    assert problem.where(doc) == "Exc › LIF › tua"
    mended = problem.fixes[0].apply(doc)
    assert mended.network.node("exc").item(item_id(doc, "exc", "LIF")).params == {"tau": 12.0}


def test_an_unknown_kind_of_node_can_be_removed(network: Document, catalog: Catalog) -> None:
    nodes = {**network.network.nodes, "x": Node("x", "NeuronGrup", "Odd")}
    doc = network.with_network(replace(network.network, nodes=nodes))

    problem = the_one(doc, catalog, "unknown-node")

    assert "Did you mean 'NeuronGroup'?" in problem.message


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (-5, "must be above 0 ms"),
        (float("nan"), "not NaN"),
        (float("inf"), "must be finite"),
        ("twenty", "must be one of"),
        (None, "needs a value"),
        ({"$": "Uniform", "low": 3, "high": 1}, "must be at least low"),
        ({"$": "Gamma"}, "unknown distribution"),
        (Uniform(-1.0, 1.0), "must be above 0 ms"),
    ],
)
def test_a_value_that_breaks_its_rule_is_told_with_its_place(
    network: Document, catalog: Catalog, value: Any, rule: str
) -> None:
    doc = with_value(network, "exc", "LIF", tau=value)

    problem = the_one(doc, catalog, "value")

    assert problem.message.startswith("Exc › LIF › tau")
    assert rule in problem.message


def test_a_group_of_no_neurons_is_an_error(network: Document, catalog: Catalog) -> None:
    doc = edits.set_param(network, "exc", "size", -3)

    assert the_one(doc, catalog, "value").where(doc) == "Exc › size"


def test_a_required_value_is_asked_for(network: Document, catalog: Catalog) -> None:
    from conex_core.parameters import REQUIRED, Number

    spec = BehaviorSpec(
        "Odd", "x", "neurons", 270, parameters=(Number(name="a", default=REQUIRED),)
    )
    wider = Catalog({**catalog.behaviors, "Odd": spec})
    doc = edits.add_behavior(network, "exc", "Odd", catalog=wider)

    assert the_one(doc, wider, "missing-value").where(doc) == "Exc › Odd › a"


def test_two_nodes_of_one_name_can_be_told_apart_by_a_fix(
    network: Document, catalog: Catalog
) -> None:
    doc = edits.rename(network, "inh", "Exc")

    problem = the_one(doc, catalog, "name")

    assert problem.message == "Two nodes are called Exc. Rename it to Exc 2."


def test_a_synapse_group_without_ends_is_an_error(network: Document, catalog: Catalog) -> None:
    doc = edits.remove(network, ["inh"])

    problem = the_one(doc, catalog, "no-target")

    assert problem.fixes[0].title == "Connect Exc"


def test_a_wire_to_nowhere_is_kept_and_reported(network: Document, catalog: Catalog) -> None:
    odd = {Link("exc", "spikes", "gone", "source"), Link("exc", "axon", "drive", "source")}
    doc = network.with_network(replace(network.network, links=network.network.links | odd))

    codes = [problem.code for problem in check(doc, catalog)]

    assert codes == ["wire", "wire"]


def test_two_neuron_models_are_an_error(network: Document, catalog: Catalog) -> None:
    doc = edits.duplicate_behavior(network, "exc", item_id(network, "exc", "LIF"))

    assert "two neuron models, LIF and LIF" in the_one(doc, catalog, "two-makers").message


def test_a_neuron_model_without_fire_is_a_warning(network: Document, catalog: Catalog) -> None:
    doc = without(network, "exc", "Fire")

    problem = the_one(doc, catalog, "no-fire")

    assert problem.severity == "warning"
    assert "Add Fire to Exc." in problem.message


def test_distal_input_without_provocativeness_is_a_warning(
    network: Document, catalog: Catalog
) -> None:
    doc = edits.set_param(network, "drive", "compartment", "Distal")

    problem = the_one(doc, catalog, "silent-compartment")

    assert problem.severity == "warning"
    assert len(problem.fixes) == 2


def test_a_target_without_dendrites_is_a_warning(network: Document, catalog: Catalog) -> None:
    doc = without(without(network, "inh", "SimpleDendriteComputation"), "inh", "LIF")
    doc = without(without(doc, "inh", "SimpleDendriteStructure"), "inh", "Fire")
    doc = without(doc, "inh", "NeuronAxon")

    codes = {problem.code for problem in check(doc, catalog)}

    assert codes == {"no-behaviors", "no-dendrite"}


def test_sparse_weights_need_an_input_that_takes_them(network: Document, catalog: Catalog) -> None:
    doc = with_value(network, "drive", "WeightInitializer", density=0.1)

    problem = the_one(doc, catalog, "sparse-weights")

    assert [fix.title for fix in problem.fixes] == [
        "Use SparseDendriticInput",
        "Store the weights dense",
    ]


def test_dense_weights_do_not_suit_a_sparse_input(network: Document, catalog: Catalog) -> None:
    current = item_id(network, "drive", "SimpleDendriticInput")
    doc = edits.replace_behavior(network, "drive", current, "SparseDendriticInput")

    the_one(doc, catalog, "dense-weights")


def test_weights_need_a_mode(network: Document, catalog: Catalog) -> None:
    item = item_id(network, "drive", "WeightInitializer")
    doc = edits.reset_behavior_param(network, "drive", item, "mode")

    the_one(doc, catalog, "no-weights")


@pytest.mark.parametrize(
    ("mode", "destination", "longest"),
    [(3, False, 3), (Uniform(0.0, 4.0), False, 3), ("uniform(0, 4.5)", True, 4)],
)
def test_a_delay_beyond_its_buffer_widens_the_buffer(
    network: Document, catalog: Catalog, mode: Any, destination: bool, longest: int
) -> None:
    values = {"mode": mode, "destination": destination}
    doc = edits.add_behavior(network, "drive", "DelayInitializer", catalog=catalog, params=values)

    problem = the_one(doc, catalog, "long-delay")

    assert f"reach {longest} steps" in problem.message


def test_delays_in_ms_are_held_against_buffers_in_iterations(
    network: Document, catalog: Catalog
) -> None:
    values = {"mode": Uniform(0.0, 2.0), "unit": "ms"}
    doc = edits.set_settings(network, dt=0.5)
    doc = edits.add_behavior(doc, "drive", "DelayInitializer", catalog=catalog, params=values)

    problem = the_one(doc, catalog, "long-delay")

    assert "reach 4 steps" in problem.message
    assert [fix.title for fix in problem.fixes] == [
        "Set max_delay of NeuronAxon on Exc to 5",
        "Set max_delay of NeuronAxon on Exc to automatic",
    ]


def test_an_empty_buffer_length_follows_the_delays(network: Document, catalog: Catalog) -> None:
    doc = edits.add_behavior(
        network, "drive", "DelayInitializer", catalog=catalog, params={"mode": 40}
    )

    assert check(with_value(doc, "exc", "NeuronAxon", max_delay=None), catalog) == []


def test_negative_delays_are_an_error(network: Document, catalog: Catalog) -> None:
    values = {"mode": Uniform(-3.0, 0.0)}
    doc = with_value(network, "exc", "NeuronAxon", max_delay=None)
    doc = edits.add_behavior(doc, "drive", "DelayInitializer", catalog=catalog, params=values)

    assert "down to -3 iterations" in the_one(doc, catalog, "negative-delay").message


def test_a_behavior_that_another_hides_is_a_warning(network: Document, catalog: Catalog) -> None:
    doc = edits.duplicate_behavior(network, "exc", item_id(network, "exc", "NeuronAxon"))

    assert the_one(doc, catalog, "hidden").severity == "warning"


def test_one_to_one_synapses_join_groups_of_one_size(network: Document, catalog: Catalog) -> None:
    doc = edits.set_param(without(network, "drive", "SimpleDendriticInput"), "inh", "size", 40)
    doc = edits.add_behavior(doc, "drive", "One2OneDendriticInput", catalog=catalog)

    assert "Exc has 100 and Inh 40" in the_one(doc, catalog, "ends").message


def test_more_winners_than_neurons_are_a_warning(network: Document, catalog: Catalog) -> None:
    doc = edits.add_behavior(network, "exc", "KWTA", catalog=catalog, params={"k": 100})

    assert the_one(doc, catalog, "winners").where(doc) == "Exc › KWTA › k"


def test_a_contest_across_a_grid_that_is_not_there_is_a_warning(
    network: Document, catalog: Catalog
) -> None:
    doc = edits.add_behavior(network, "exc", "KWTA", catalog=catalog, params={"dimension": 1})

    assert "1 of 1 neurons" in the_one(doc, catalog, "winners").message


def test_a_compartment_that_is_left_out_is_a_warning(network: Document, catalog: Catalog) -> None:
    doc = with_value(network, "inh", "SimpleDendriteStructure", Proximal_max_delay=0)

    the_one(doc, catalog, "silent-compartment")


def test_a_provocativeness_needs_a_neuron_model(network: Document, catalog: Catalog) -> None:
    doc = with_value(network, "inh", "SimpleDendriteComputation", distal_provocativeness=1.0)
    doc = without(without(doc, "inh", "LIF"), "inh", "Fire")

    told = [problem.message for problem in check(doc, catalog)]

    assert any(text.startswith("SimpleDendriteComputation on Inh needs a mem") for text in told)


def convolution(network: Document, catalog: Catalog, size: Any, kernel: Any) -> Document:
    doc = without(edits.set_param(network, "exc", "size", size), "feed", "SimpleDendriticInput")
    doc = edits.add_behavior(doc, "feed", "Conv2dDendriticInput", catalog=catalog)
    return with_value(doc, "feed", "WeightInitializer", weight_shape=kernel)


def test_a_convolution_that_fits_has_no_problems(network: Document, catalog: Catalog) -> None:
    for kernel in ((4, 1, 3, 3), None):
        assert check(convolution(network, catalog, (4, 6, 6), kernel), catalog) == []


@pytest.mark.parametrize(
    ("size", "kernel", "code"),
    [
        (100, (4, 1, 3, 3), "requires"),
        ((4, 5, 5), (4, 1, 3, 3), "convolution"),
        ((4, 6, 6), (2, 1, 3, 3), "convolution-kernel"),
        ((4, 6, 6), (4, 3, 3), "convolution-kernel"),
        ((4, 9, 9), None, "convolution-kernel"),
        ((4, 6, 6), (4, 1, 9, 9), "convolution-kernel"),
    ],
)
def test_a_convolution_that_cannot_meet_is_an_error(
    network: Document, catalog: Catalog, size: Any, kernel: Any, code: str
) -> None:
    the_one(convolution(network, catalog, size, kernel), catalog, code)


def test_an_input_layer_has_the_size_of_its_data(network: Document, catalog: Catalog) -> None:
    doc = edits.set_param(network, "input", "size", (1, 28, 28))

    assert "digits are 8 × 8" in the_one(doc, catalog, "input").message


def test_a_file_input_needs_a_path(network: Document, catalog: Catalog) -> None:
    doc = edits.set_param(network, "input", "source", "npz")

    assert the_one(doc, catalog, "input").field == "path"


def test_an_input_gives_one_spike_per_step_at_most(network: Document, catalog: Catalog) -> None:
    doc = edits.set_param(edits.set_settings(network, dt=3.0), "input", "rate", 400.0)

    problem = the_one(doc, catalog, "input")

    assert problem.field == "rate"
    assert problem.message.endswith("Set its rate to 333.333 Hz.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dt", 1e-300),
        ("dt", 0),
        ("dt", -1.0),
        ("duration", 0),
        ("seed", -1),
        ("device", "gpu"),
        ("dtype", "int8"),
    ],
)
def test_settings_that_cannot_be_used_are_errors(
    network: Document, catalog: Catalog, name: str, value: Any
) -> None:
    doc = edits.set_settings(network, **{name: value})

    problem = the_one(doc, catalog, "settings")

    assert (problem.node, problem.field) == (NETWORK, name)
    assert problem.where(doc) == f"Network › {name}"


def test_a_network_too_large_for_this_machine_is_an_error(
    network: Document, catalog: Catalog
) -> None:
    doc = edits.set_param(network, "exc", "size", 10**7)
    doc = edits.set_param(doc, "inh", "size", 10**7)

    assert "needs about" in the_one(doc, catalog, "memory").message


def test_a_monitor_of_a_lost_node_is_a_warning(network: Document, catalog: Catalog) -> None:
    doc = edits.add_monitor(network, "raster", targets=["exc", "inh"], monitor_id="m")
    monitor = replace(doc.monitors[0], targets=("exc", "gone"))
    doc = replace(doc, monitors=(monitor,))

    problem = the_one(doc, catalog, "monitor")

    assert problem.fixes[0].apply(doc).monitors[0].targets == ("exc",)


def test_a_behavior_of_another_kind_of_object_is_an_error(
    network: Document, catalog: Catalog
) -> None:
    node = network.network.node("exc")
    odd = replace(node, stack=(*node.stack, BehaviorItem("b", "SynapseInit")))
    doc = network.with_network(
        replace(network.network, nodes={**network.network.nodes, "exc": odd})
    )

    the_one(doc, catalog, "wrong-host")
