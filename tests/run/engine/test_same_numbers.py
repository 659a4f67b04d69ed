"""Both engines give the same numbers, step by step, whatever is mixed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conex_core import Neocortex, catalog
from conex_core.examples import load, names
from conex_core.run.engine.report import report
from conex_core.run.session import Session
from tests.run.engine.nets import Recipe, grids, made, recipes, same


@settings(max_examples=60, deadline=None)
@given(recipe=recipes(), batches=st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_kernels_and_forwards_agree_on_every_value(recipe: Recipe, batches: list[int]) -> None:
    fused, reference = made(recipe, "fused"), made(recipe, "reference")

    for steps in batches:
        fused.simulate_iterations(steps)
        reference.simulate_iterations(steps)

        same(fused, reference)


@settings(max_examples=40, deadline=None)
@given(recipe=grids())
def test_kernels_and_forwards_agree_on_grids(recipe: Recipe) -> None:
    fused, reference = made(recipe, "fused"), made(recipe, "reference")

    fused.simulate_iterations(40)
    reference.simulate_iterations(40)

    same(fused, reference)
    assert report(fused).is_batched


@settings(max_examples=20, deadline=None)
@given(recipe=recipes())
def test_a_state_goes_on_under_the_other_engine(recipe: Recipe) -> None:
    fused, reference = made(recipe, "fused"), made(recipe, "reference")
    fused.simulate_iterations(11)

    reference.restore(fused.state())
    fused.simulate_iterations(9)
    reference.simulate_iterations(9)

    same(fused, reference)


@pytest.mark.parametrize("name", names())
def test_the_examples_spike_alike(name: str) -> None:
    doc, known = load(name), catalog.load()
    fused = Session.of(doc, known, engine="fused")
    reference = Session.of(doc, known, engine="reference")

    assert report(fused.network).kernels
    assert fused.run(150).spike_hash == reference.run(150).spike_hash


def test_reset_begins_anew_under_kernels() -> None:
    recipe = Recipe(((30, _EXCITED),), ((0, 0, _LEARNING),))
    net, fresh = made(recipe, "fused"), made(recipe, "fused")
    net.simulate_iterations(40)

    net.reset()
    net.simulate_iterations(25)
    fresh.simulate_iterations(25)

    same(net, fresh)


@pytest.mark.parametrize("rule", ["One2OneSTDP", "One2OneiSTDP", "One2OneRSTDP"])
@pytest.mark.parametrize("bound", [None, "soft_bound", "hard_bound"])
def test_pairs_learn_alike(rule: str, bound: str | None) -> None:
    given = {"a_plus": 0.05, "positive_bound": bound, "negative_bound": bound, "clip": True}
    learning = (rule, {"lr": 0.03, "alpha": 0.4} if rule == "One2OneiSTDP" else given)
    stack = [*_LEARNING[:2], ("One2OneDendriticInput", {}), *_LEARNING[3:7], learning]
    recipe = Recipe(((30, _EXCITED), (30, _EXCITED)), ((0, 1, stack),))
    fused, reference = made(recipe, "fused"), made(recipe, "reference")

    fused.simulate_iterations(60)
    reference.simulate_iterations(60)

    same(fused, reference)
    assert report(fused).is_batched


@pytest.mark.parametrize("end", ["PreSpikeCatcher", "PostSpikeCatcher"])
def test_what_changes_between_runs_is_seen(end: str) -> None:
    """Spikes on their way are kept from run to run, but not longer than they are true."""
    far = [
        ("DelayInitializer", {"mode": "uniform(0, 4.9)", "destination": side})
        for side in (False, True)
    ]
    axon = ("NeuronAxon", {"max_delay": 5})
    dendrite = ("SimpleDendriteStructure", {"Proximal_max_delay": 5})
    recipe = Recipe(((30, [dendrite, *_EXCITED[1:-1], axon]),), ((0, 0, [*_LEARNING, *far]),))
    fused, reference = made(recipe, "fused"), made(recipe, "reference")

    for change in (_nothing, _switch, _switch, _old_state, _full_history):
        for net in (fused, reference):
            change(net, end)
            net.simulate_iterations(4)
        same(fused, reference)

    assert report(fused).is_batched


def _nothing(_net: Neocortex, _end: str) -> None:
    """Go on as it was."""


def _switch(net: Neocortex, end: str) -> None:
    for behavior in net.SynapseGroups[0].behavior.values():
        if type(behavior).__name__ == end:
            behavior.behavior_enabled = not behavior.behavior_enabled


def _old_state(net: Neocortex, _end: str) -> None:
    state = net.state()
    net.simulate_iterations(3)
    net.restore(state)


def _full_history(net: Neocortex, _end: str) -> None:
    net.SynapseGroups[0].src.axon._history.rows.fill_(True)


_EXCITED = [
    ("SimpleDendriteStructure", {}),
    ("SimpleDendriteComputation", {}),
    ("LIF", {"threshold": -60.0}),
    ("InherentNoise", {"scale": 6.0}),
    ("Fire", {}),
    ("NeuronAxon", {}),
]
_LEARNING = [
    ("SynapseInit", {}),
    ("WeightInitializer", {"mode": "uniform(0, 1)"}),
    ("SimpleDendriticInput", {}),
    ("PreSpikeCatcher", {}),
    ("PostSpikeCatcher", {}),
    ("PreTrace", {}),
    ("PostTrace", {}),
    ("SimpleSTDP", {}),
    ("WeightClip", {}),
]
