"""The plan: pure, ordered, and the same however a document was drawn."""

from __future__ import annotations

import subprocess
import sys

import pytest

from conex_core import catalog, examples
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.graph.files.weight_files import StoredWeights
from conex_core.graph.model.document import MAIN, Document, Learned, Link
from conex_core.run.plan import SynapseStep
from conex_core.run.planning import plan


@pytest.fixture
def digits() -> Document:
    return examples.load("digits")


def test_the_schedule_is_in_the_order_of_the_built_network(digits: Document) -> None:
    from conex_core.run.build import build

    planned = plan(digits, catalog.load())

    network = build(planned).network
    built = [
        (int(priority), type(behavior).__name__)
        for priority, _, behavior in network.sorted_behavior_execution_list
        if type(behavior).__name__ not in ("TimeResolution", "NeuronDimension")
    ]
    assert [(row.priority, row.behavior) for row in planned.schedule] == built


def test_planning_needs_no_torch() -> None:
    code = (
        "import sys; from conex_core import catalog, examples\n"
        "from conex_core.run.planning import plan\n"
        "plan(examples.load('digits'), catalog.load())\n"
        "sys.exit('torch' in sys.modules or 'pymonntorch' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)

    assert done.returncode == 0, done.stderr


def test_a_disabled_behavior_is_planned_but_not_scheduled(digits: Document) -> None:
    item = digits.network.node("n_learn").stack[7]

    doc = edits.enable_behavior(digits, "n_learn", item.id, False)
    planned = plan(doc, catalog.load())

    (step,) = (step for step in planned.synapses if step.node_id == "n_learn")
    assert item.kind in [behavior.kind for behavior in step.stack]
    assert item.id not in [row.item_id for row in planned.schedule]


def test_an_empty_document_says_that_there_is_nothing_to_run() -> None:
    planned = plan(Document(), catalog.load())

    assert [problem.code for problem in planned.errors] == ["empty"]


def test_saving_and_loading_changes_no_plan(digits: Document) -> None:
    again = project_file.from_text(project_file.to_text(digits))

    first, second = plan(digits, catalog.load()), plan(again, catalog.load())

    assert first.schedule == second.schedule
    assert first.groups == second.groups


def test_the_behaviors_of_a_wired_stack_reach_every_group() -> None:
    doc = edits.add_node(Document(), "BehaviorStack", node_id="n_stack")
    for kind in ("LIF", "InherentNoise", "Fire"):
        doc = edits.add_behavior(doc, "n_stack", kind, catalog=catalog.load())
    for node_id in ("n_a", "n_b"):
        doc = edits.add_node(doc, "NeuronGroup", node_id=node_id)
        doc = edits.add_link(doc, Link("n_stack", "behaviors", node_id, "behaviors"))

    planned = plan(doc, catalog.load())

    assert [len(group.stack) for group in planned.groups] == [3, 3]
    assert not planned.errors


def test_counts_tell_neurons_and_stored_synapses() -> None:
    planned = plan(examples.load("balanced"), catalog.load())

    assert planned.neuron_count == 1000
    assert planned.synapse_count == 100_000
    assert planned.memory_bytes > 0


@pytest.mark.parametrize("name", ["digits", "balanced", "smallest"])
def test_counts_are_the_same_when_the_next_run_starts_from_what_was_learned(name: str) -> None:
    doc = examples.load(name)
    groups = tuple(step.node_id for step in plan(doc, catalog.load()).synapses)
    learned = Learned("w.safetensors", "0" * 64, groups=groups)

    before = plan(doc, catalog.load())
    after = plan(edits.set_definition(doc, MAIN, learned=learned), catalog.load())

    assert all(starts_from_stored(step) for step in after.synapses)
    assert after.synapse_count == before.synapse_count
    assert after.memory_bytes == before.memory_bytes


def starts_from_stored(step: SynapseStep) -> bool:
    return any(isinstance(item.params.get("weights"), StoredWeights) for item in step.stack)
