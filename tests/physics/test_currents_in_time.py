"""One spike carries the same charge whatever dt is, by every way to the soma."""

from __future__ import annotations

from math import exp, tanh
from typing import Any

import pytest
import torch
from rig import driven, run

from conex_core import (
    AveragePool2D,
    Behavior,
    Conv2dDendriticInput,
    CurrentNormalization,
    LateralDendriticInput,
    Local2dDendriticInput,
    One2OneDendriticInput,
    SimpleDendriticInput,
    SparseDendriticInput,
)

steps = pytest.mark.parametrize("dt", [1.0, 0.5, 0.25])


@steps
def test_one_spike_lifts_the_potential_by_the_charge_of_one_ms(dt: float) -> None:
    group = driven(One2OneDendriticInput(), dt=dt, weights=2.0)

    run(group, 10 + dt)

    torch.testing.assert_close(group.v, torch.full((4,), 5 * 2 / 10, dtype=torch.float64))


@steps
def test_the_potential_of_one_spike_decays_with_the_membrane(dt: float) -> None:
    group = driven(One2OneDendriticInput(), dt=dt, weights=2.0)

    run(group, 20 + dt)

    assert float(group.v[0]) == pytest.approx(exp(-1), rel=0.06 * dt)


@steps
def test_a_lasting_current_gives_the_potential_of_theory(dt: float) -> None:
    group = driven(One2OneDendriticInput(), dt=dt, weights=2.0, dendrite={"I_tau": 5.0})

    run(group, 20)

    expected = 5 * 2 * 5 / (10 - 5) * (exp(-10 / 10) - exp(-10 / 5))
    assert float(group.v[0]) == pytest.approx(expected, rel=0.1 * dt)


@steps
def test_a_train_of_spikes_has_the_mean_of_its_rate(dt: float) -> None:
    times = tuple(range(5, 301, 5))
    group = driven(One2OneDendriticInput(), dt=dt, weights=2.0, times=times)
    run(group, 200)
    total = 0.0

    for _ in range(round(100 / dt)):
        group.network.simulate_iteration()
        total += float(group.v[0]) * dt

    assert total / 100 == pytest.approx(5 * 2 / 5, rel=1e-6)


WAYS: dict[str, tuple[list[type[Behavior]], dict[str, Any]]] = {
    "simple": ([SimpleDendriticInput], {}),
    "one to one": ([One2OneDendriticInput], {}),
    "sparse": ([SparseDendriticInput], {"density": 0.5}),
    "convolution": ([Conv2dDendriticInput], {}),
    "local": ([Local2dDendriticInput], {}),
    "lateral": ([LateralDendriticInput], {"to_itself": True}),
    "pooling": ([AveragePool2D], {}),
    "normalised": ([SimpleDendriticInput, CurrentNormalization], {}),
}


@pytest.mark.parametrize(("inputs", "changed"), WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize("dt", [0.5, 0.1])
def test_every_way_to_the_soma_keeps_the_jump_of_a_spike(
    inputs: list[type[Behavior]], changed: dict[str, Any], dt: float
) -> None:
    usual = driven(*(one() for one in inputs), dt=1.0, weights="rand", **changed)
    finer = driven(*(one() for one in inputs), dt=dt, weights="rand", **changed)

    run(usual, 11), run(finer, 10 + dt)

    assert float(usual.v.abs().sum()) > 0
    torch.testing.assert_close(finer.v, usual.v)


@steps
@pytest.mark.parametrize("name", ["Distal", "Apical"])
def test_one_spike_pulls_by_the_same_part_of_the_way(name: str, dt: float) -> None:
    dendrite = {f"{name.lower()}_provocativeness": 0.5}
    group = driven(One2OneDendriticInput(), dt=dt, weights=0.8, compartment=name, dendrite=dendrite)

    run(group, 10 + dt)

    assert float(group.v[0]) == pytest.approx(tanh(0.8) * 0.5 * 20)


@steps
def test_a_pull_never_goes_past_its_goal(dt: float) -> None:
    dendrite = {"distal_provocativeness": 0.5}
    times = tuple(1 + 0.5 * k for k in range(80))
    group = driven(
        One2OneDendriticInput(),
        dt=dt,
        weights=50.0,
        compartment="Distal",
        dendrite=dendrite,
        times=times,
    )

    run(group, 30)

    assert float(group.v.max()) <= 10 + 1e-9


@steps
def test_a_lasting_pull_decays_as_the_current_does(dt: float) -> None:
    dendrite = {"distal_provocativeness": 0.5, "I_tau": 5.0}
    group = driven(
        One2OneDendriticInput(), dt=dt, weights=0.1, compartment="Distal", dendrite=dendrite
    )

    run(group, 20)

    jump = 10 / 5 * tanh(0.1) * 0.5 * 20
    expected = 5 * jump * 5 / (10 - 5) * (exp(-10 / 10) - exp(-10 / 5))
    assert float(group.v[0]) == pytest.approx(expected, rel=0.1 * dt)
