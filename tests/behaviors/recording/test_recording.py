"""Recorders: the whole history at a constant cost, by name only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from conex_core import Neocortex, NeuronGroup, SynapseGroup, WeightInitializer
from conex_core.behaviors.recording import EventRecorder, Recorder
from conex_core.errors import BehaviorError, ParameterError, UnknownName
from tests.behaviors.counting_group import Counting, N, group_with, naive, steps

DOCS = Path(__file__).parents[3] / "resources" / "docs" / "recording.md"


# What is recorded


@given(
    gap=st.integers(0, 5),
    keep=st.none() | st.integers(1, 40),
    neurons=st.none() | st.lists(st.integers(0, N - 1), min_size=1, max_size=5),
    count=st.integers(0, 60),
)
def test_the_history_is_what_a_list_would_hold(
    gap: int, keep: int | None, neurons: list[int] | None, count: int
) -> None:
    recorder = Recorder("v", gap_width=gap, max_length=keep, neurons=neurons)

    steps(group_with(recorder), count)

    iterations = [t for t in range(1, count + 1) if t % max(1, gap) == 0][-(keep or count) :]
    assert torch.equal(recorder.variables["v"], naive(iterations, neurons))
    assert recorder.iterations.tolist() == iterations


def test_events_are_rows_of_iteration_and_index() -> None:
    recorder = EventRecorder("spikes")

    group = steps(group_with(recorder), 3)

    expected = [[1, 1], [2, 2], [3, 0], [3, 3]]
    assert recorder.variables["spikes"].tolist() == expected
    assert group["spikes.t", 0].tolist() == [1, 2, 3, 3]
    assert group["spikes.i", 0].tolist() == [1, 2, 0, 3]


def test_events_of_picked_neurons_keep_their_index() -> None:
    recorder = EventRecorder("spikes", neurons=[3, 2], max_length=2)

    steps(group_with(recorder), 6)

    assert recorder.variables["spikes"].tolist() == [[5, 2], [6, 3]]


def test_events_of_a_matrix_have_a_column_per_axis() -> None:
    recorder = EventRecorder("matrix", neurons=[1])

    steps(group_with(recorder), 1)

    assert recorder.variables["matrix"].tolist() == [[1, 1, 0], [1, 1, 1]]


def test_numbers_and_flags_are_recorded() -> None:
    recorder = Recorder("payoff, is_on")

    steps(group_with(recorder), 3)

    assert recorder.variables["payoff"].tolist() == [0.5, 1.0, 1.5]
    assert recorder.variables["is_on"].tolist() == [False, True, False]


def test_a_variable_without_a_value_gives_no_row() -> None:
    recorder = Recorder("label")
    group = steps(group_with(recorder), 2)

    group.label = torch.tensor(7)
    steps(group, 1)

    assert recorder.variables["label"].tolist() == [7]


def test_functions_are_recorded_by_their_name() -> None:
    recorder = Recorder(functions={"mean": lambda neurons: neurons.v.mean()})

    group = steps(group_with(recorder), 2)

    assert group["mean", 0].tolist() == [11.5, 21.5]
    assert set(recorder.copy().variables) == {"v", "mean"}


def test_a_variable_that_is_replaced_is_still_followed() -> None:
    group = steps(free_group(), 1)

    group.free = torch.ones(2)
    steps(group, 1)

    assert group["free", 0].tolist() == [[0, 0], [1, 1]]


def free_group() -> NeuronGroup:
    group = NeuronGroup(Neocortex(), N, [Counting(), Recorder("free")], "cells")
    group.free = torch.zeros(2)
    group.network.initialize()
    return group


def test_the_network_and_synapses_are_recorded_too() -> None:
    network = Neocortex(behavior=[Recorder("dt")])
    group = NeuronGroup(network, N, [Counting()], "cells")
    weights = WeightInitializer(weights=torch.eye(N).to_sparse())
    stack = [weights, Recorder("synapse.weights")]
    synapses = SynapseGroup(network, group, group, "loop,Proximal", stack)
    network.initialize()

    steps(group, 2)

    assert network["dt", 0].tolist() == [1.0, 1.0]
    assert synapses["weights", 0].tolist() == [[1.0] * N] * 2


# Looking up


@pytest.mark.parametrize("name", ["v", "n.v", "neurons.v", "s.v", "synapse.v", " v "])
def test_names_of_conex_mean_the_attribute(name: str) -> None:
    recorder = Recorder([name], gap_width=0, max_length=None, auto_annotate=True, tag="rec")

    group = steps(group_with(recorder), 2)

    assert torch.equal(recorder.variables[name], naive([1, 2]))
    assert torch.equal(group["v", 0], naive([1, 2]))
    assert group["rec", 0] is recorder


def test_every_lookup_gives_all_that_was_recorded() -> None:
    recorder = Recorder("v")
    group = group_with(recorder)
    places = (group.network, group, recorder)
    lengths = [[len(place["v", 0]) for place in places]]

    for _ in range(2):
        steps(group, 3)
        lengths.append([len(place["v"][0]) for place in places])

    assert lengths == [[0, 0, 0], [3, 3, 3], [6, 6, 6]]


def test_what_was_read_does_not_change_with_later_steps() -> None:
    group = steps(group_with(Recorder("v", max_length=2)), 2)
    before = group["v", 0]

    steps(group, 2)

    assert torch.equal(before, naive([1, 2]))


def test_swapped_has_the_neurons_first() -> None:
    recorder = Recorder("v")

    steps(group_with(recorder), 3)

    assert torch.equal(recorder.swapped("v"), naive([1, 2, 3]).t())


# Pausing, clearing, starting over


def test_recording_pauses_and_resumes() -> None:
    recorder = Recorder("v")
    group = steps(group_with(recorder), 2)

    group.network.simulate_iterations(3, disable_recording=True)
    steps(group, 2)

    assert recorder.iterations.tolist() == [1, 2, 6, 7]
    assert torch.equal(recorder.variables["v"], naive([1, 2, 6, 7]))


def test_clearing_forgets_and_goes_on() -> None:
    recorders = Recorder("v"), EventRecorder("spikes")
    group = steps(group_with(*recorders), 3)

    group.network.clear_recorder()
    steps(group, 1)

    assert torch.equal(group["v", 0], naive([4]))
    assert recorders[0].iterations.tolist() == [4]
    assert recorders[1].variables["spikes"].tolist() == [[4, 1]]


def test_initializing_again_starts_over() -> None:
    group = steps(group_with(Recorder("v")), 3)

    group.network.initialize()
    steps(group, 1)

    assert torch.equal(group["v", 0], naive([1]))


def test_a_restored_network_goes_on_recording() -> None:
    group = steps(group_with(Recorder("v")), 3)
    state = group.network.state()
    steps(group, 2)

    group.network.restore(state)
    steps(group, 1)

    assert group["Recorder", 0].iterations.tolist() == [1, 2, 3, 4, 5, 4]
    assert torch.equal(group["v", 0], naive([1, 2, 3, 4, 5, 4]))


def test_a_variable_can_be_added_later() -> None:
    recorder = Recorder(None)
    group = steps(group_with(recorder), 1)

    recorder.add_variable("v")
    steps(group, 1)

    assert torch.equal(group["v", 0], naive([2]))


# What is refused


@pytest.mark.parametrize(
    "name",
    [
        "torch.mean(n.v, 0)",
        "torch.mean(n.v * 2)",
        "torch.median(n.v)",
        "torch.mean(n.__class__)",
        "mean(mean(v))",
        "n.v.mean().item()",
        "np.std(n.v)",
        "torch.mean()",
        "n.v*2",
        "__import__('os')",
        "a.b",
        "n.__class__",
        "_secret",
        "1v",
    ],
)
def test_expressions_are_refused_and_never_run(name: str) -> None:
    with pytest.raises(ParameterError, match="Nothing is evaluated") as caught:
        Recorder(name)

    assert (caught.value.behavior, caught.value.field) == ("Recorder", "variables")


def test_an_unknown_variable_is_told_before_the_first_step() -> None:
    with pytest.raises(UnknownName, match="cells 'vv'") as caught:
        group_with(Recorder("vv"))

    assert {"v", "spikes"} <= set(caught.value.known)


def test_what_is_no_number_is_told() -> None:
    with pytest.raises(ParameterError, match="names of tensors or numbers") as caught:
        group_with(Recorder("tags"))

    assert "list" in caught.value.hint


def test_a_neuron_that_is_not_there_is_told() -> None:
    with pytest.raises(ParameterError, match=f"below {N}") as caught:
        group_with(Recorder("v", neurons=[0, N]))

    assert (caught.value.node, caught.value.field) == ("cells", "neurons")


@pytest.mark.parametrize(
    ("value", "words"),
    [(torch.zeros(3), r"float32 of shape \(3,\) now"), (torch.zeros(2).double(), "float64")],
)
def test_a_variable_that_changes_its_kind_is_told(value: torch.Tensor, words: str) -> None:
    group = steps(free_group(), 1)
    group.free = value

    with pytest.raises(BehaviorError, match=words):
        steps(group, 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"max_length": 5, "path": "here"}, "max_length"),
        ({"functions": {"mean": 3}}, "functions"),
        ({"functions": {"a mean": len}}, "functions"),
        ({"neurons": []}, "neurons"),
    ],
)
def test_parameters_that_make_no_sense_are_told(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ParameterError) as caught:
        Recorder("v", **given)

    assert caught.value.field == field


def test_the_page_about_recording_runs() -> None:
    page = DOCS.read_text(encoding="utf-8")
    script = page.split("```python")[2].split("```")[0]

    names: dict[str, Any] = {}
    exec(compile(script, str(DOCS), "exec"), names)

    assert names["group"]["v", 0].shape == (1000, 100)
