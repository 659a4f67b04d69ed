"""LIF against closed forms, and the faults of CoNeX that it must not have."""

from __future__ import annotations

from math import exp, log
from typing import Any

import pytest
import torch

from conex_core import LIF, Behavior, Fire, InherentNoise, Neocortex, NeuronGroup
from conex_core.errors import ParameterError


class Current(Behavior):
    """Hold the input current at a value."""

    priority = 250

    def __init__(self, value: float) -> None:
        super().__init__()
        self.value = value

    def forward(self, owner: Any) -> None:
        owner.I.fill_(self.value)


def group_of(*behaviors: Behavior, size: int = 1, dt: float = 1.0) -> NeuronGroup:
    group = NeuronGroup(Neocortex(dt=dt, seed=1), size, list(behaviors))
    group.network.initialize()
    return group


@pytest.mark.parametrize("dt", [0.1, 0.05])
def test_rate_matches_theory(dt: float) -> None:
    tau, drive, threshold = 10.0, 20.0, 15.0
    neuron = LIF(R=1, threshold=threshold, tau=tau, v_reset=0, v_rest=0)
    group = group_of(neuron, Fire(), Current(drive), dt=dt)
    steps, spikes = int(2000 / dt), 0

    for _ in range(steps):
        group.network.simulate_iteration()
        spikes += int(group.spikes.sum())

    expected = 1000 / (tau * log(drive / (drive - threshold)))
    assert spikes / 2 == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("dt", [0.5, 0.25])
def test_relaxation_approaches_the_exponential(dt: float) -> None:
    group = group_of(LIF(init_v=-55.0, tau=20.0), dt=dt)

    group.network.simulate_iterations(int(20 / dt))

    assert float(group.v) == pytest.approx(-65 + 10 * exp(-1), abs=0.1 * dt)


def test_potential_starts_at_rest_and_nobody_spikes() -> None:
    group = group_of(LIF(v_rest=torch.tensor([-65.0, -60.0])), Fire(), size=2)

    group.network.simulate_iteration()

    assert group.v.tolist() == [-65.0, -60.0]
    assert not group.spikes.any()


def test_default_stack_runs_alone_and_settles_near_minus_60() -> None:
    group = group_of(LIF(), InherentNoise(), Fire(), size=1000)

    group.network.simulate_iterations(200)

    assert float(group.v.mean()) == pytest.approx(-60, abs=0.2)
    assert not group.spikes.any()


def test_reaching_the_threshold_exactly_fires() -> None:
    group = group_of(LIF(init_v=-50.0, v_rest=-50.0), Fire())

    group.network.simulate_iteration()

    assert group.spikes.tolist() == [True]
    assert group.v.tolist() == [-70.0]


def test_reset_may_differ_per_neuron() -> None:
    group = group_of(LIF(init_v=0.0, v_reset=torch.tensor([-70.0, -60.0])), Fire(), size=2)

    group.network.simulate_iteration()

    assert group.v.tolist() == [-70.0, -60.0]


def test_given_tensors_are_not_touched() -> None:
    start, threshold = torch.zeros(2), torch.tensor([-50.0, -40.0])
    network = Neocortex()
    first, second = (
        NeuronGroup(network, 2, [LIF(init_v=start, threshold=threshold), Fire()]) for _ in range(2)
    )
    network.initialize()

    network.simulate_iteration()
    first.threshold.add_(5)

    assert start.tolist() == [0.0, 0.0]
    assert threshold.tolist() == second.threshold.tolist() == [-50.0, -40.0]


def test_wrong_length_names_group_behavior_and_parameter() -> None:
    with pytest.raises(ParameterError) as caught:
        group_of(LIF(tau=torch.ones(3)), size=2)

    assert (caught.value.node, caught.value.behavior, caught.value.field) == (
        "NeuronGroup_1",
        "LIF",
        "tau",
    )


def test_a_changed_parameter_acts_in_the_next_step() -> None:
    group = group_of(LIF(), size=2)
    tensor, neuron = group.threshold, group.spiking_neuron

    neuron.threshold = -40.0
    neuron.parameter_changed(group, "threshold")

    assert group.threshold is tensor
    assert tensor.tolist() == [-40.0, -40.0]


@pytest.mark.parametrize("dt", [1.0, 0.25])
def test_noise_keeps_its_mean_and_spread_per_millisecond(dt: float) -> None:
    noise = InherentNoise(mode="uniform(0, 2)", scale=1.5, offset=0.25)
    group = group_of(LIF(tau=1e9, init_v=0.0, v_rest=0.0), noise, size=20000, dt=dt)

    group.network.simulate_iterations(int(10 / dt))

    assert float(group.v.mean()) == pytest.approx(10 * 1.75, rel=0.01)
    assert float(group.v.var()) == pytest.approx(10 * 1.5**2 / 3, rel=0.05)
