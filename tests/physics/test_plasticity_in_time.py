"""Traces, STDP windows and rewards approach their closed forms as dt shrinks."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest
import torch
from rig import changes, plastic, run

from conex_core import (
    Behavior,
    Conv2dDendriticInput,
    Conv2dRSTDP,
    Conv2dSTDP,
    Dopamine,
    Local2dDendriticInput,
    Local2dRSTDP,
    Local2dSTDP,
    One2OneDendriticInput,
    One2OneiSTDP,
    One2OneRSTDP,
    One2OneSTDP,
    Payoff,
    SimpleiSTDP,
    SimpleRSTDP,
    SimpleSTDP,
    SparseiSTDP,
    SparseRSTDP,
    SparseSTDP,
)

# What each way to store weights needs beside the rule.
SPARSE: dict[str, Any] = {"density": 0.5}
PAIRS: dict[str, Any] = {"extra": (One2OneDendriticInput,)}
KERNELS: dict[str, Any] = {"extra": (Conv2dDendriticInput,)}
LOCAL: dict[str, Any] = {"extra": (Local2dDendriticInput,)}
STDP = [
    (SimpleSTDP, {}),
    (One2OneSTDP, PAIRS),
    (SparseSTDP, SPARSE),
    (Conv2dSTDP, KERNELS),
    (Local2dSTDP, LOCAL),
]
RSTDP = [
    (SimpleRSTDP, {}),
    (One2OneRSTDP, PAIRS),
    (SparseRSTDP, SPARSE),
    (Conv2dRSTDP, KERNELS),
    (Local2dRSTDP, LOCAL),
]
ISTDP = [(SimpleiSTDP, {}), (One2OneiSTDP, PAIRS), (SparseiSTDP, SPARSE)]

steps = pytest.mark.parametrize("dt", [1.0, 0.5, 0.25])


def joined(rule: Behavior, needs: dict[str, Any], **changed: Any) -> Any:
    extra = tuple(cls() for cls in needs.get("extra", ()))
    return plastic(rule, extra=extra, density=needs.get("density", 1.0), **changed)


def equal_to(expected: float, synapses: Any, rel: float) -> None:
    found = changes(synapses)
    assert found.numel() > 0
    torch.testing.assert_close(found, torch.full_like(found, expected), rtol=rel, atol=0.0)


@steps
@pytest.mark.parametrize("name", ["pre_trace", "post_trace"])
def test_traces_decay_exponentially(name: str, dt: float) -> None:
    synapses = plastic(SimpleSTDP(), pre=(5.0,), post=(5.0,), dt=dt)

    run(synapses, 25)

    assert getattr(synapses, name)[0] == pytest.approx(exp(-1), rel=0.08 * dt)


@steps
@pytest.mark.parametrize(("rule", "needs"), STDP, ids=lambda value: getattr(value, "__name__", ""))
@pytest.mark.parametrize(("lag", "amplitude"), [(10.0, 0.1), (30.0, 0.1), (-10.0, -0.05)])
def test_a_pair_of_spikes_gives_the_window_of_theory(
    rule: type[Behavior], needs: dict[str, Any], lag: float, amplitude: float, dt: float
) -> None:
    pre, post = (5.0, 5 + lag) if lag > 0 else (5 - lag, 5.0)
    synapses = joined(rule(a_plus=0.1, a_minus=0.05), needs, pre=(pre,), post=(post,), dt=dt)

    run(synapses, 45)

    equal_to(amplitude * exp(-abs(lag) / 20), synapses, rel=0.1 * dt)


@steps
def test_spikes_at_once_count_both_ways(dt: float) -> None:
    synapses = plastic(SimpleSTDP(a_plus=0.1, a_minus=0.04), pre=(5.0,), post=(5.0,), dt=dt)

    run(synapses, 10)

    equal_to(0.1 - 0.04, synapses, rel=0.06 * dt)


@steps
@pytest.mark.parametrize(("rule", "needs"), RSTDP, ids=lambda value: getattr(value, "__name__", ""))
def test_a_reward_turns_a_pair_into_the_weight_of_theory(
    rule: type[Behavior], needs: dict[str, Any], dt: float
) -> None:
    reward = [Payoff(), Dopamine(tau_dopamine=40.0, initial_dopamine_concentration=1.0)]
    plain = rule(a_plus=0.1, a_minus=0.05, tau_c=25.0)
    synapses = joined(plain, needs, pre=(5.0,), post=(15.0,), dt=dt, network=reward)

    run(synapses, 250)

    eligibility, dopamine = 0.1 * exp(-10 / 20), exp(-15 / 40)
    equal_to(eligibility * dopamine / (1 / 25 + 1 / 40), synapses, rel=0.1 * dt)


@steps
def test_an_eligibility_decays_exponentially(dt: float) -> None:
    reward = [Payoff(), Dopamine()]
    rule = SimpleRSTDP(tau_c=20.0, init_c_mode=0.3)
    synapses = plastic(rule, pre=(), post=(), dt=dt, network=reward)

    run(synapses, 20)

    assert float(synapses.c[0, 0]) == pytest.approx(0.3 * exp(-1), rel=0.03 * dt)


@steps
@pytest.mark.parametrize(("rule", "needs"), ISTDP, ids=lambda value: getattr(value, "__name__", ""))
@pytest.mark.parametrize(("pre", "post"), [(5.0, 15.0), (15.0, 5.0)])
def test_an_inhibitory_pair_counts_by_its_lag_and_its_source_spike(
    rule: type[Behavior], needs: dict[str, Any], pre: float, post: float, dt: float
) -> None:
    plain = rule(lr=0.1, alpha=0.2)
    synapses = joined(plain, needs, pre=(pre,), post=(post,), dt=dt)

    run(synapses, 20)

    equal_to(0.1 * (exp(-10 / 20) - 0.2), synapses, rel=0.12 * dt)


@pytest.mark.parametrize("dt", [0.5, 0.25])
def test_inhibition_rests_where_the_target_has_its_rate(dt: float) -> None:
    # 50 source spikes meet a target of 20 Hz once at every lag, -24.5 to 24.5 ms; so many
    # of its spikes lie before and after that the traces have forgotten the ends.
    post = tuple(50.0 * k for k in range(1, 71))
    pre = tuple(500.5 + 51.0 * k for k in range(50))
    synapses = plastic(SimpleiSTDP(lr=0.1, rho=20.0), pre=pre, post=post, dt=dt)

    run(synapses, 3500)

    aim = 2 * 20 * 20 / 1000
    assert float(changes(synapses)[0, 0]) == pytest.approx(0.0, abs=0.1 * 50 * aim * 0.08 * dt)
