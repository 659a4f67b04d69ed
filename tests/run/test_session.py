"""The session: the same spikes every time, live edits, failures that can be read."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
import torch

from conex_core import catalog, examples
from conex_core.behavior import Behavior
from conex_core.errors import BehaviorError, ParameterError, ProjectError, UnknownName
from conex_core.graph import edits
from conex_core.graph.model.document import Document
from conex_core.run.probe import SampleCounts, SpikeProbe, SpikeRecord, TraceProbe
from conex_core.run.session import Session

NOISE = "b_neurons_inherentnoise"


@pytest.fixture
def smallest() -> Session:
    return Session.of(examples.load("smallest"), catalog.load())


class Breaks(Behavior):
    """Fail in iteration 5."""

    priority = 290
    catalogued = False

    def forward(self, owner: Any) -> None:
        if owner.network.iteration == 5:
            raise ZeroDivisionError("there is no fifth time")


@pytest.mark.parametrize("name", ["smallest", "balanced", "digits"])
def test_the_same_project_gives_the_same_spikes(name: str) -> None:
    doc = examples.load(name)

    first = Session.of(doc, catalog.load()).run(150)
    second = Session.of(doc, catalog.load()).run(150)

    assert first.spike_hash == second.spike_hash
    assert sum(group.spikes for group in first.groups) > 0


def test_the_size_of_batches_changes_no_spike(smallest: Session) -> None:
    whole = Session.of(examples.load("smallest"), catalog.load()).run(200)

    for _ in range(200):
        smallest.advance(1, 1.0)

    assert smallest.spike_hash() == whole.spike_hash


def test_another_seed_gives_other_spikes() -> None:
    doc = examples.load("smallest")

    hashes = {Session.of(doc, catalog.load(), seed=seed).run(200).spike_hash for seed in (1, 2)}

    assert len(hashes) == 2


def test_a_node_elsewhere_leaves_the_spikes_of_a_group_alone() -> None:
    doc = examples.load("smallest")
    more = edits.add_node(doc, "NeuronGroup", name="Another", node_id="a_first")
    for kind in ("LIF", "InherentNoise", "Fire"):
        more = edits.add_behavior(more, "a_first", kind, catalog=catalog.load())

    alone, together = spikes_of(doc), spikes_of(more)

    np.testing.assert_array_equal(alone, together)


def test_the_hash_is_the_documented_one(smallest: Session) -> None:
    import hashlib

    record = SpikeRecord(smallest.groups["Neurons"])
    smallest.attach(record)
    result = smallest.run(300)

    pairs = np.stack([record.t, record.i], axis=1).astype("<i8").tobytes()
    expected = hashlib.sha256(b"Neurons\0" + hashlib.sha256(pairs).digest()).hexdigest()
    assert result.spike_hash == expected
    assert record.t[0] >= 1


def test_a_project_with_errors_is_refused() -> None:
    with pytest.raises(ProjectError, match="nothing to run"):
        Session.of(Document(), catalog.load())


def test_a_live_parameter_acts_during_the_run(smallest: Session) -> None:
    smallest.set_parameter("n_neurons", NOISE, "scale", 0.0)

    result = smallest.run(300)

    assert result.groups[0].spikes == 0


def test_commands_from_another_thread_run_before_the_next_step(smallest: Session) -> None:
    thread = threading.Thread(
        target=smallest.post, args=(lambda s: s.enable_behavior("n_neurons", NOISE, False),)
    )
    thread.start()
    thread.join()

    assert smallest.run(300).groups[0].spikes == 0


def test_a_wrong_live_value_is_refused_with_its_place(smallest: Session) -> None:
    with pytest.raises(ParameterError, match=r"Neurons › LIF › tau must be above 0 ms"):
        smallest.set_parameter("n_neurons", "b_neurons_lif", "tau", -5)


def test_a_parameter_that_is_not_live_is_refused(smallest: Session) -> None:
    with pytest.raises(ParameterError, match="cannot change during a run"):
        smallest.set_parameter("n_neurons", NOISE, "mode", 0.0)


def test_an_unknown_behavior_is_named(smallest: Session) -> None:
    with pytest.raises(UnknownName):
        smallest.set_parameter("n_neurons", "b_nothing", "tau", 5)


def test_a_failure_names_group_behavior_and_iteration(smallest: Session) -> None:
    smallest.network.Neurons.add_behavior(290, Breaks())

    with pytest.raises(BehaviorError, match=r"Neurons › Breaks .* iteration 5") as caught:
        smallest.run(100)

    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert smallest.status().error is caught.value


def test_after_a_failure_the_state_can_be_read_and_nothing_moves(smallest: Session) -> None:
    smallest.network.Neurons.add_behavior(290, Breaks())

    smallest.advance(100, 60.0)

    assert smallest.advance(10, 1.0) == 0
    assert smallest.result().steps == 4
    assert torch.isfinite(smallest.groups["Neurons"].v).all()


def test_a_run_can_be_stopped(smallest: Session) -> None:
    calls: list[int] = []

    result = smallest.run(
        10**9, progress=lambda done, _: calls.append(done), stop=lambda: bool(calls)
    )

    assert result.interrupted
    assert result.steps == calls[-1]


@pytest.mark.parametrize("steps", [-1, 1.5, True])
def test_a_wrong_number_of_steps_is_refused(smallest: Session, steps: Any) -> None:
    with pytest.raises(ParameterError, match="steps"):
        smallest.run(steps)


def test_probes_fill_rings_and_let_go(smallest: Session) -> None:
    group = smallest.groups["Neurons"]
    spikes, trace = SpikeProbe(group), TraceProbe(group, "v", (0, 7))
    smallest.attach(spikes)
    smallest.attach(trace)
    smallest.run(700)
    smallest.detach(spikes)
    smallest.detach(trace)
    smallest.run(100)

    assert spikes.ring.now == 700
    assert spikes.ring.total > 0
    values = trace.ring.since(0)
    assert values.t.tolist() == list(range(1, 701))
    assert values.values.shape == (700, 2)


def test_a_trace_of_a_missing_neuron_or_variable_is_refused(smallest: Session) -> None:
    group = smallest.groups["Neurons"]

    with pytest.raises(ParameterError, match="0 to 99"):
        TraceProbe(group, "v", (100,))
    with pytest.raises(UnknownName, match="volts"):
        smallest.attach(TraceProbe(group, "volts"))


def test_counts_per_sample_follow_the_labels() -> None:
    session = Session.of(examples.load("digits"), catalog.load())
    counts = SampleCounts(session.groups["Digits"], session.objects["n_digits"], 80)
    session.attach(counts)

    session.run(80 * 5 + 30)

    assert counts.counts.shape == (5, 64)
    assert len(counts.labels) == 5
    assert counts.counts.sum() > 0


def test_a_session_takes_a_network_made_by_hand() -> None:
    from conex_core import LIF, Fire, InherentNoise, Neocortex, NeuronGroup, prioritize_behaviors

    net = Neocortex(seed=1)
    stack = prioritize_behaviors([LIF(), InherentNoise(mode="normal(1, 2)"), Fire()])
    NeuronGroup(net, size=20, behavior=stack, tag="Cells")

    result = Session(net).run(200)

    assert [group.name for group in result.groups] == ["Cells"]
    assert "Cells" in result.summary()


def spikes_of(doc: Document) -> np.ndarray[Any, Any]:
    session = Session.of(doc, catalog.load())
    record = SpikeRecord(session.groups["Neurons"])
    session.attach(record)
    session.run(300)
    return np.stack([record.t, record.i])
