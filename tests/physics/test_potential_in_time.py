"""Potentials and adaptation approach their differential equations as dt shrinks."""

from __future__ import annotations

from math import exp, log
from typing import Any

import numpy as np
import pytest
import torch
from rig import Current, SpikesAt, neurons, run

from conex_core import AELIF, ELIF, LIF, Fire

halved = pytest.mark.parametrize("dt", [0.5, 0.25])


@pytest.mark.parametrize("dt", [1.0, 0.5, 0.25])
def test_a_potential_relaxes_exponentially(dt: float) -> None:
    group = run(neurons(LIF(init_v=-55.0, v_rest=-65.0, tau=20.0), dt=dt), 20)

    assert float(group.v) == pytest.approx(-65 + 10 * exp(-1), abs=0.1 * dt)


@pytest.mark.parametrize("dt", [1.0, 0.5, 0.25])
def test_a_constant_current_charges_the_membrane(dt: float) -> None:
    group = run(neurons(LIF(R=5.0, tau=10.0, v_rest=-65.0), Current(2.0), dt=dt), 10)

    assert float(group.v) == pytest.approx(-65 + 10 * (1 - exp(-1)), abs=0.2 * dt)


@pytest.mark.parametrize("dt", [0.2, 0.1])
def test_a_constant_current_gives_the_rate_of_theory(dt: float) -> None:
    neuron = LIF(R=1, threshold=15.0, tau=10.0, v_reset=0, v_rest=0)
    group, spikes = neurons(neuron, Current(20.0), Fire(), dt=dt), 0

    for _ in range(round(2000 / dt)):
        group.network.simulate_iteration()
        spikes += int(group.spikes.sum())

    assert spikes == pytest.approx(2000 / (10 * log(20 / (20 - 15))), rel=0.1 * dt)


def rk4(slope: Any, state: Any, duration: float, step: float = 0.01) -> Any:
    """Return ``state`` after ``duration`` ms, by a method and a step that leave no doubt."""
    state = np.array(state, dtype=float)
    for _ in range(round(duration / step)):
        a = slope(state)
        b = slope(state + step / 2 * a)
        c = slope(state + step / 2 * b)
        d = slope(state + step * c)
        state = state + step / 6 * (a + 2 * b + 2 * c + d)
    return state


@halved
def test_an_exponential_neuron_follows_its_equation(dt: float) -> None:
    neuron = ELIF(R=5.0, tau=10.0, v_rest=-65.0, init_v=-65.0, delta=2.0, theta_rh=-55.0)

    group = run(neurons(neuron, Current(1.6), dt=dt), 15)

    expected = rk4(lambda v: (-65 - v + 2 * np.exp((v + 55) / 2) + 5 * 1.6) / 10, [-65.0], 15)
    assert float(group.v) == pytest.approx(expected[0], abs=0.25 * dt)


@halved
def test_an_adapting_neuron_follows_its_equations(dt: float) -> None:
    neuron = AELIF(R=5.0, tau=10.0, v_rest=-65.0, delta=2.0, theta_rh=-55.0, alpha=0.1, w_tau=30.0)

    group = run(neurons(neuron, Current(2.0), Fire(), dt=dt), 30)

    def slope(state: Any) -> Any:
        v, omega = state
        upstroke = 2 * np.exp((v + 55) / 2)
        return np.array(
            [(-65 - v + upstroke + 5 * 2.0 - 5 * omega) / 10, (0.1 * (v + 65) - omega) / 30]
        )

    v, omega = rk4(slope, [-65.0, 0.0], 30)
    assert float(group.v) == pytest.approx(v, abs=0.2 * dt)
    assert float(group.omega) == pytest.approx(omega, abs=0.02 * dt)


@halved
def test_adaptation_decays_exponentially_after_a_spike(dt: float) -> None:
    neuron = AELIF(
        init_v=0.0, threshold=-50.0, v_reset=-65.0, v_rest=-65.0, alpha=0.0, beta=0.5, w_tau=20.0
    )
    group = neurons(neuron, Fire(), dt=dt)
    group.network.simulate_iteration()

    run(group, 20)

    assert float(group.omega) == pytest.approx(0.5 * exp(-1), rel=0.03 * dt)


@pytest.mark.parametrize("dt", [1.0, 0.5, 0.1])
def test_a_spike_adds_beta_whatever_dt_is(dt: float) -> None:
    neuron = AELIF(init_v=0.0, v_reset=-65.0, v_rest=-65.0, beta=0.5, w_tau=100.0)
    group = neurons(neuron, Fire(), dt=dt)

    group.network.simulate_iteration()

    assert group.spikes.tolist() == [True]
    assert float(group.omega) == pytest.approx(0.5)


@pytest.mark.parametrize("kind", [ELIF, AELIF])
@pytest.mark.parametrize("start", [-50.0, 1e3, 1e30])
@pytest.mark.parametrize("end", [Fire, SpikesAt], ids=["fires", "never resets"])
def test_an_upstroke_never_ends_in_nan(kind: type[LIF], start: float, end: Any) -> None:
    group = neurons(kind(init_v=start, delta=0.01), end(), dt=1.0, dtype=torch.float32)

    group.network.simulate_iterations(50)

    assert torch.isfinite(group.v).all()
