"""Exponential neurons: adaptation that does not depend on dt, and CoNeX's positions."""

from __future__ import annotations

import pytest

from conex_core import AELIF, ELIF, Fire, Neocortex, NeuronGroup


@pytest.mark.parametrize("dt", [1.0, 0.1])
def test_one_spike_adds_beta_to_the_adaptation(dt: float) -> None:
    neuron = AELIF(init_v=0.0, v_reset=-65.0, v_rest=-65.0, beta=0.5, w_tau=1e9)
    group = NeuronGroup(Neocortex(dt=dt), 1, [neuron, Fire()])
    group.network.initialize()

    group.network.simulate_iteration()

    assert group.spikes.tolist() == [True]
    assert float(group.omega) == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("dt", [0.1, 0.05])
def test_adaptation_settles_at_its_fixed_point(dt: float) -> None:
    neuron = AELIF(R=1.0, init_v=-60.0, v_rest=-65.0, theta_rh=0.0, alpha=0.5, w_tau=20.0, tau=10.0)
    group = NeuronGroup(Neocortex(dt=dt), 1, [neuron, Fire()])
    group.network.initialize()

    group.network.simulate_iterations(round(400 / dt))

    assert float(group.v) == pytest.approx(-65.0, abs=1e-3)
    assert float(group.omega) == pytest.approx(0.0, abs=1e-3)


def test_positions_are_those_of_conex() -> None:
    neuron = ELIF(5.0, -40.0, 10.0, -70.0, -65.0, 3.0, -54.0, -60.0)

    assert (neuron.delta, neuron.theta_rh, neuron.init_v) == (3.0, -54.0, -60.0)
    assert list(AELIF.declared)[5:11] == ["delta", "theta_rh", "alpha", "beta", "w_tau", "init_v"]
