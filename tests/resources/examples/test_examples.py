"""The shipped examples do what they promise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from conex_core import catalog, examples
from conex_core.graph import edits
from conex_core.graph.checks.check import check
from conex_core.graph.files import project_file
from conex_core.helpers.readout import accuracy, assign_labels, predict
from conex_core.run.probe import SampleCounts, SpikeRecord
from conex_core.run.session import Session
from tests.resources.examples.recipes import RECIPES

WARM_UP = 200
IMAGE = 80


@pytest.mark.parametrize("name", RECIPES)
def test_the_shipped_file_is_what_its_recipe_draws(name: str) -> None:
    assert project_file.to_text(RECIPES[name]()) == examples.text_of(name)


@pytest.mark.parametrize("name", examples.names())
def test_every_example_is_free_of_problems_and_explains_itself(name: str) -> None:
    doc = examples.load(name)

    assert check(doc, catalog.load()) == []
    assert examples.summary_of(name)
    assert {monitor.kind for monitor in doc.monitors} >= {"raster", "voltage"}
    assert any(node.kind == "Note" for node in doc.network.nodes.values())


def test_examples_come_in_order_of_size() -> None:
    assert examples.names()[:3] == ["smallest", "balanced", "digits"]


def test_the_smallest_network_spikes_in_every_neuron() -> None:
    session, records = recorded("smallest", 1000)

    (group,) = session.result().groups

    assert 5 < group.mean_rate_hz < 50
    assert len(np.unique(records["Neurons"].i)) == group.size


def test_the_balanced_network_fires_irregularly_and_asynchronously() -> None:
    session, records = recorded("balanced", 1500)

    for group in session.result().groups:
        t, i = after_warm_up(records[group.name])
        assert 2 < group.mean_rate_hz < 30
        assert 0.7 < mean_cv(t, i) < 1.2
        assert fano_factor(t, 1500) < 4  # N for a group that fires as one


def test_digits_learn_within_300_images() -> None:
    learner = digits_session("train")
    learner.run(300 * IMAGE)
    trained = learner.objects["n_learn"].weights

    before = readout(digits_session("train").objects["n_learn"].weights)
    after = readout(trained)

    assert after > 0.4  # chance is 0.1
    assert after > before + 0.15


def test_digits_keep_their_weights_in_proportion() -> None:
    learner = digits_session("train")
    learner.run(20 * IMAGE)
    weights = learner.objects["n_learn"].weights

    assert weights.min() >= 0
    assert weights.max() <= 1
    assert weights.sum(0).max() <= 6.001


def recorded(name: str, steps: int) -> tuple[Session, dict[str, SpikeRecord]]:
    session = Session.of(examples.load(name), catalog.load())
    records = {key: SpikeRecord(group) for key, group in session.groups.items()}
    for record in records.values():
        session.attach(record)
    session.run(steps)
    return session, records


def after_warm_up(record: SpikeRecord) -> tuple[Any, Any]:
    late = record.t > WARM_UP
    return record.t[late], record.i[late]


def mean_cv(t: Any, i: Any) -> float:
    """Return the mean coefficient of variation of the intervals between spikes."""
    intervals = (np.diff(t[i == neuron]) for neuron in np.unique(i))
    return float(np.mean([gaps.std() / gaps.mean() for gaps in intervals if len(gaps) >= 5]))


def fano_factor(t: Any, steps: int) -> float:
    """Return variance over mean of the number of spikes per iteration; 1 if independent."""
    counts = np.bincount(t, minlength=steps + 1)[WARM_UP + 1 :]
    return float(counts.var() / counts.mean())


def digits_session(split: str) -> Session:
    doc = edits.set_param(examples.load("digits"), "n_digits", "split", split)
    return Session.of(doc, catalog.load())


def readout(weights: Any) -> float:
    counts, labels = responses(weights, "train", 150)
    assigned = assign_labels(counts, labels)
    counts, labels = responses(weights, "test", 100)
    return accuracy(predict(counts, assigned), labels)


def responses(weights: Any, split: str, samples: int) -> tuple[Any, Any]:
    """Return spike counts and labels of the network with these weights, held fixed."""
    session = digits_session(split)
    for kind in ("simplestdp", "weightnormalization", "weightclip"):
        session.enable_behavior("n_learn", f"b_learn_{kind}", False)
    session.objects["n_learn"].weights.copy_(weights)
    counts = SampleCounts(session.objects["n_exc"], session.objects["n_digits"], IMAGE)
    session.attach(counts)
    session.run(samples * IMAGE)
    return counts.counts, counts.labels
