"""Further threads change how long a run takes, and nothing else."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from conex_core.errors import ParameterError
from conex_core.run.engine import sharing
from tests.run.engine.nets import Recipe, made, recipes, same


@pytest.fixture(autouse=True)
def every_stretch_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "_WORTH", 0)


def is_shared(net: Any) -> bool:
    engine = net.fast_engine()
    return bool(engine.plan.program.is_shared)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(recipe=recipes(), threads=st.integers(2, 4))
def test_the_numbers_stay_the_same(recipe: Recipe, threads: int) -> None:
    assume(len(recipe.synapses) > 1)
    recipe = replace(recipe, shoved=frozenset())
    several, reference = made(recipe, "fused", threads), made(recipe, "reference")

    for steps in (1, 7, 12):
        several.simulate_iterations(steps)
        reference.simulate_iterations(steps)

        same(several, reference)


_STACK = [
    *(("SimpleDendriteStructure", {}), ("SimpleDendriteComputation", {}), ("LIF", {})),
    *(("InherentNoise", {"scale": 6.0}), ("Fire", {}), ("NeuronAxon", {})),
]
_JOINED = [
    *(("SynapseInit", {}), ("WeightInitializer", {"mode": "uniform(0, 1)"})),
    *(("SimpleDendriticInput", {}), ("PreSpikeCatcher", {})),
]
_TWICE = Recipe(((20, _STACK), (20, _STACK)), ((0, 1, _JOINED), (1, 0, _JOINED)))


def test_groups_of_one_priority_are_shared_out() -> None:
    assert is_shared(made(_TWICE, "fused", threads=2))
    assert not is_shared(made(_TWICE, "fused"))


def test_a_single_synapse_group_is_left_to_one_thread() -> None:
    assert not is_shared(made(replace(_TWICE, synapses=_TWICE.synapses[:1]), "fused", threads=2))


def test_groups_that_share_their_weights_are_left_to_one_thread() -> None:
    net = made(_TWICE, "fused", threads=2)
    one, other = net.SynapseGroups
    other.weights = one.weights

    assert not is_shared(net)


def test_small_groups_are_left_to_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "_WORTH", 10_000)

    assert not is_shared(made(_TWICE, "fused", threads=2))


def test_no_thread_is_left_after_a_run() -> None:
    before = threading.active_count()

    made(_TWICE, "fused", threads=3).simulate_iterations(5)

    assert threading.active_count() == before


@pytest.mark.parametrize("threads", [0, -1, 1.5, "many"])
def test_a_number_of_threads_is_at_least_one(threads: Any) -> None:
    with pytest.raises(ParameterError, match="threads"):
        made(_TWICE, "fused", threads)
