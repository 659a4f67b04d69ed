"""Homeostasis counts in windows of ms, and its exhaustion follows its equation."""

from __future__ import annotations

from math import exp

import pytest
from rig import SpikesAt, neurons, run

from conex_core import LIF, ActivityBaseHomeostasis, VoltageBaseHomeostasis
from conex_core.errors import ParameterError

steps = pytest.mark.parametrize("dt", [1.0, 0.5, 0.25])


@steps
@pytest.mark.parametrize("times", [(), (5.0,), (5.0, 15.0, 20.0, 40.0)])
def test_thresholds_move_by_the_spikes_too_many(times: tuple[float, ...], dt: float) -> None:
    rule = ActivityBaseHomeostasis(activity_rate=2, window_size=50, updating_rate=0.5)
    group = neurons(LIF(threshold=-50.0), SpikesAt(*times), rule, dt=dt)

    run(group, 50)

    change = float(group.threshold) + 50
    assert change == pytest.approx(0.5 * (len(times) - 2), rel=0.05 * dt)


@steps
def test_a_window_ends_after_its_milliseconds(dt: float) -> None:
    rule = ActivityBaseHomeostasis(activity_rate=1, window_size=20, updating_rate=0.5)
    group = neurons(LIF(threshold=-50.0), SpikesAt(), rule, dt=dt)

    run(group, 20 - dt)
    before = float(group.threshold)
    run(group, dt)

    assert before == -50.0
    assert float(group.threshold) < -50.0


def test_a_window_below_one_iteration_is_one() -> None:
    rule = ActivityBaseHomeostasis(activity_rate=0.2, window_size=0.4, updating_rate=0.5)
    group = neurons(LIF(threshold=-50.0), SpikesAt(), rule, dt=1.0)

    run(group, 2)

    assert float(group.threshold) == pytest.approx(-50 - 2 * 0.5 * 0.2 / 0.8)


def test_a_rate_that_the_iterations_cannot_hold_is_refused() -> None:
    rule = ActivityBaseHomeostasis(activity_rate=6, window_size=10)

    with pytest.raises(ParameterError, match="below 5, the iterations in a window") as caught:
        neurons(LIF(), SpikesAt(), rule, dt=2.0)

    assert (caught.value.node, caught.value.behavior) == ("group", "ActivityBaseHomeostasis")


@steps
def test_exhaustion_pulls_the_potential_back_as_its_equation_says(dt: float) -> None:
    # x = v - max obeys x'' + x' / tau + eta x = 0 while it is above; with these
    # numbers its roots are -0.02 and -0.08 per ms.
    rule = VoltageBaseHomeostasis(max_ta=-60.0, min_ta=-70.0, eta_ip=0.0016)
    group = neurons(LIF(v_rest=-55.0, threshold=0.0, tau=10.0), rule, SpikesAt(), dt=dt)

    run(group, 25)

    distance = 5 * (0.08 * exp(-0.02 * 25) - 0.02 * exp(-0.08 * 25)) / 0.06
    assert float(group.v) == pytest.approx(-60 + distance, abs=0.1 * dt)
    speed = 5 * 0.08 * 0.02 * (exp(-0.08 * 25) - exp(-0.02 * 25)) / 0.06
    exhaustion = (-55 - (-60 + distance)) / 10 - speed
    assert float(group.exhaustion) == pytest.approx(exhaustion, rel=0.04 * dt)
