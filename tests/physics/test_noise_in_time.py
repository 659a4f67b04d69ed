"""Noise has the same mean and spread whatever dt is, alone and in a leaky neuron."""

from __future__ import annotations

import pytest
from rig import neurons, run

from conex_core import LIF, InherentNoise


@pytest.mark.parametrize("dt", [1.0, 0.5, 0.25])
@pytest.mark.parametrize("mode", ["normal(0.2, 1)", "uniform(-1.53205, 1.93205)"])
def test_noise_makes_a_leaky_neuron_an_ornstein_uhlenbeck_process(dt: float, mode: str) -> None:
    noise = InherentNoise(mode=mode, scale=1.5, offset=-0.1)
    group = neurons(LIF(v_rest=-65.0, tau=10.0), noise, dt=dt, size=20000)

    run(group, 80)

    drift, spread = 1.5 * 0.2 - 0.1, 1.5
    assert float(group.v.mean()) == pytest.approx(-65 + 10 * drift, abs=0.1)
    assert float(group.v.var()) == pytest.approx(spread**2 * 10 / 2, rel=0.06 * dt + 0.03)


@pytest.mark.parametrize("dt", [1.0, 0.5, 0.25])
def test_fixed_values_are_a_drift_per_ms(dt: float) -> None:
    group = neurons(LIF(tau=1e12, v_rest=0.0), InherentNoise(mode=0.3, offset=0.1), dt=dt)

    run(group, 10)

    assert float(group.v) == pytest.approx(10 * 0.4)
