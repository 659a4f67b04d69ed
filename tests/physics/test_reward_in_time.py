"""Dopamine: a reward is an event, a constant payoff is a rate."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest
import torch
from rig import run

from conex_core import Dopamine, Neocortex, Payoff

steps = pytest.mark.parametrize("dt", [1.0, 0.5, 0.25])


class RewardAt(Payoff):
    """Give one reward at a time in ms."""

    time = 10.0

    def forward(self, owner: Any) -> None:
        owner.payoff = 2.0 if owner.iteration == round(self.time / owner.dt) else 0.0


def network(*stack: Any, dt: float) -> Neocortex:
    whole = Neocortex(dt=dt, dtype=torch.float64, behavior=list(stack))
    whole.initialize()
    return whole


@steps
def test_a_reward_raises_dopamine_by_itself_whatever_dt_is(dt: float) -> None:
    whole = network(RewardAt(), Dopamine(tau_dopamine=50.0), dt=dt)

    run(whole, 10)

    assert float(whole.dopamine_concentration) == pytest.approx(2.0)


@steps
def test_dopamine_decays_exponentially_after_a_reward(dt: float) -> None:
    whole = network(RewardAt(), Dopamine(tau_dopamine=50.0), dt=dt)

    run(whole, 60)

    assert float(whole.dopamine_concentration) == pytest.approx(2 * exp(-1), rel=0.012 * dt)


@steps
def test_a_constant_payoff_is_a_rate(dt: float) -> None:
    payoff = Payoff(initial_payoff=0.02)
    reward = Dopamine(tau_dopamine=50.0, initial_dopamine_concentration=0.0)
    whole = network(payoff, reward, dt=dt)

    run(whole, 50)

    expected = 0.02 * 50 * (1 - exp(-1))
    assert float(whole.dopamine_concentration) == pytest.approx(expected, rel=0.012 * dt)


@steps
def test_a_payoff_changed_while_running_is_a_rate_as_well(dt: float) -> None:
    payoff = Payoff()
    whole = network(payoff, Dopamine(tau_dopamine=50.0), dt=dt)

    payoff.initial_payoff = 0.02
    payoff.parameter_changed(whole, "initial_payoff")
    run(whole, 50)

    expected = 0.02 * 50 * (1 - exp(-1))
    assert float(whole.dopamine_concentration) == pytest.approx(expected, rel=0.012 * dt)


@steps
def test_dopamine_starts_at_the_payoff_of_one_ms(dt: float) -> None:
    whole = network(Payoff(initial_payoff=0.5), Dopamine(), dt=dt)

    assert float(whole.dopamine_concentration) == 0.5
