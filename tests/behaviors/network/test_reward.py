"""Dopamine and reward-modulated plasticity, in time and with clear refusals."""

from __future__ import annotations

from math import exp

import pytest
import torch

from conex_core import Dopamine, Neocortex, Payoff, SimpleRSTDP
from conex_core.errors import ParameterError, StructureError


@pytest.mark.parametrize("dt", [1.0, 0.1])
def test_dopamine_decays_in_milliseconds(dt: float) -> None:
    stack = [Payoff(), Dopamine(tau_dopamine=50.0, initial_dopamine_concentration=1.0)]
    network = Neocortex(dt=dt, behavior=stack)
    network.initialize()

    network.simulate_iterations(round(50 / dt))

    assert float(network.dopamine_concentration) == pytest.approx(exp(-1), rel=0.015 * dt)


def test_dopamine_starts_at_the_payoff_and_leaves_it_alone() -> None:
    network = Neocortex(behavior=[Payoff(initial_payoff=2.0), Dopamine()])
    network.initialize()
    network.payoff = torch.tensor(1.0)

    network.simulate_iteration()

    assert float(network.payoff) == 1.0
    assert float(network.dopamine_concentration) == pytest.approx(2 * (1 - 1 / 200) + 1)


def test_dopamine_without_payoff_names_the_mend() -> None:
    with pytest.raises(StructureError, match="Add Payoff to the network"):
        Neocortex(behavior=[Dopamine()]).initialize()


def test_an_instant_decay_is_refused() -> None:
    with pytest.raises(ParameterError, match="above 0 ms"):
        Dopamine(tau_dopamine=0.0)


def test_positions_are_those_of_conex() -> None:
    rule = SimpleRSTDP(0.1, 0.2, 30.0, 0.5, -1.0, 2.0, "soft_bound", "hard_bound")

    assert (rule.tau_c, rule.init_c_mode, rule.w_min, rule.w_max) == (30.0, 0.5, -1.0, 2.0)
    assert (rule.positive_bound, rule.negative_bound) == ("soft_bound", "hard_bound")
