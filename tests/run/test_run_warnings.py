"""What a session says of its physics: once, where it is so, and never where it is not."""

from __future__ import annotations

import logging

import pytest
import torch

from conex_core import InherentNoise, catalog, examples
from conex_core.run import physics_probe
from conex_core.run.session import Session
from tests.run.warning_nets import clockwork, joined, network, swelling

ENGINES = ["auto", "reference"]
LEARNS = {"a_plus": 0.01, "a_minus": 0.0, "w_min": 0.0, "w_max": 1.0, "clip": True}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rate_close_to_what_the_step_allows_is_told_with_both(engine: str) -> None:
    net = network(engine=engine)
    clockwork(net, 1, "Busy")

    (warning,) = Session(net).run(100).warnings

    assert (warning.kind, warning.name, warning.begin_ms, warning.end_ms) == (
        "fast",
        "Busy",
        0,
        100,
    )
    assert warning.message == (
        "Busy fires at 1,000 Hz (mean of its 8 neurons between 0 ms and 100 ms), close to the"
        " 1,000 Hz that a step of 1 ms allows. Lower its input or weights, raise its threshold,"
        " or take a smaller step."
    )


def test_a_coarse_step_counts_as_its_own_limit() -> None:
    net = network(dt=5.0)
    clockwork(net, 1, "Busy")  # 200 Hz, in every iteration

    assert [one.kind for one in Session(net).run(20).warnings] == ["fast"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("period", "told"), [(16, ["fast"]), (21, [])])  # 625 and 476 Hz
def test_more_than_500_hz_is_told_whatever_the_step(
    engine: str, period: int, told: list[str]
) -> None:
    net = network(dt=0.1, engine=engine)
    clockwork(net, period, "Busy", size=1)

    warnings = Session(net).run(2000).warnings

    assert [one.kind for one in warnings] == told
    assert all("Hz (its one neuron between 0 ms and 100 ms)" in one.message for one in warnings)


def test_a_run_shorter_than_a_window_says_nothing() -> None:
    net = network()
    clockwork(net, 1, "Busy")

    assert Session(net).run(99).warnings == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_group_that_is_silent_beside_spiking_sources_is_told(engine: str) -> None:
    net = network(engine=engine)
    source, target = clockwork(net, 10, "Source"), clockwork(net, 0, "Target")
    joined(net, source, target, 0.0)

    (warning,) = Session(net).run(2500).warnings

    assert (warning.kind, warning.name, warning.end_ms) == ("silent", "Target", 2000)
    assert warning.message == (
        "Target did not fire between 0 ms and 2,000 ms, although Source fired 1,600 spikes."
        " Raise its input or weights, or lower its threshold."
    )


def test_noise_that_is_too_weak_is_told() -> None:
    net = network()
    clockwork(net, 10**9, "Weak")  # a drift that leads nowhere

    (warning,) = Session(net).run(2000).warnings

    assert "although it has noise of its own" in warning.message


def test_groups_that_nothing_drives_may_be_silent() -> None:
    net = network()
    source, target = clockwork(net, 0, "Source"), clockwork(net, 0, "Target")
    joined(net, source, target, 1.0)

    assert Session(net).run(5000).warnings == ()


def test_what_only_inhibits_does_not_make_silence_strange() -> None:
    net = network()
    source, target = clockwork(net, 10, "inh"), clockwork(net, 0, "Target")
    joined(net, source, target, 1.0)

    assert Session(net).run(3000).warnings == ()


def test_a_group_that_falls_silent_is_told_and_a_rare_one_is_not() -> None:
    net = network()
    steady, rare = clockwork(net, 10, "Steady"), clockwork(net, 2100, "Rare", size=1)
    session = Session(net)
    session.run(2200)

    for group in (steady, rare):
        noise = next(item for item in group.behavior.values() if isinstance(item, InherentNoise))
        noise.offset = 1e-12
    warnings = session.run(4000).warnings

    assert [(one.name, one.begin_ms) for one in warnings if one.begin_ms] == [("Steady", 2200)]


def test_a_rate_that_grows_and_grows_is_told() -> None:
    net = network()
    swelling(net, 10.0, 1.6)

    (warning,) = Session(net).run(700).warnings

    assert (warning.kind, warning.begin_ms, warning.end_ms) == ("growing", 0, 600)
    assert warning.message.startswith(
        "Swelling fires more and more: from 10 Hz to 105 Hz (mean of its 1,000 neurons"
        " between 0 ms and 600 ms)."
    )


def test_a_slow_growth_is_seen_over_seconds() -> None:
    net = network()
    swelling(net, 40.0, 1.05)  # 1.28 in half a second

    (warning,) = Session(net).run(3000).warnings

    assert (warning.kind, warning.begin_ms, warning.end_ms) == ("growing", 0, 3000)


def test_a_rate_that_grows_and_comes_to_rest_is_not_told() -> None:
    net = network()
    swelling(net, 40.0, 1.02)  # 1.1 in half a second

    assert Session(net).run(3000).warnings == ()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("began", "told"), [(0.5, ["saturated"]), (1.0, [])])
def test_weights_that_came_to_a_bound_are_told_once(
    engine: str, began: float, told: list[str]
) -> None:
    net = network(engine=engine)
    source, target = clockwork(net, 10, "Source"), clockwork(net, 10, "Target")
    joined(net, source, target, began, **LEARNS)

    warnings = Session(net).run(5000).warnings

    assert [one.kind for one in warnings] == told
    assert all(
        one.message.startswith(
            "Most weights of Joined have reached a bound by 2,000 ms: 100% to w_max (1 nA)."
        )
        for one in warnings
    )


def test_weights_without_bounds_are_never_saturated() -> None:
    net = network()
    source, target = clockwork(net, 10, "Source"), clockwork(net, 10, "Target")
    joined(net, source, target, 0.5, **LEARNS | {"clip": False})

    assert Session(net).run(2000).warnings == ()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("began", "tag", "told"), [(0.5, "Source", 1), (-1, "Source", 0), (0.5, "inh", 0)]
)
def test_weights_that_cross_zero_are_told_once(
    engine: str, began: float, tag: str, told: int
) -> None:
    net = network(engine=engine)
    source, target = clockwork(net, 10, tag), clockwork(net, 10, "Target")
    joined(net, source, target, began, a_plus=0.0, a_minus=0.1)

    warnings = Session(net).run(1200).warnings

    assert [one.kind for one in warnings] == told * ["crossed"]
    assert all(one.end_ms == 500 for one in warnings)
    assert all("went below zero by 500 ms (lowest -" in one.message for one in warnings)


def test_nothing_is_told_twice_in_a_session_and_again_in_the_next(
    caplog: pytest.LogCaptureFixture,
) -> None:
    net = network()
    clockwork(net, 1, "Busy")
    session = Session(net)
    caplog.set_level(logging.WARNING, "conex_core.run")

    for _ in range(3):
        session.run(200)
    net.reset()
    session.run(200)
    net.reset()
    Session(net).run(200)

    assert len(session.warnings) == 1
    assert [record.getMessage() for record in caplog.records] == 2 * [str(session.warnings[0])]


def test_batches_do_not_decide_what_is_told() -> None:
    def told(batch: int) -> list[str]:
        net = network()
        source, target = clockwork(net, 10, "Source"), clockwork(net, 0, "Target")
        joined(net, source, target, 0.0, **LEARNS)
        clockwork(net, 1, "Busy")
        swelling(net, 5.0, 1.5)
        session = Session(net)
        while session.iteration < 2600:
            session.advance(min(batch, 2600 - session.iteration), 60.0)
        return [str(warning) for warning in session.warnings]

    assert told(7) == told(100) == told(2600)
    assert len(told(2600)) == 4


def test_after_a_jump_in_time_windows_begin_anew() -> None:
    net = network()
    clockwork(net, 1, "Busy")
    session = Session(net)

    session.run(60)
    net.simulate_iterations(500)
    (warning,) = session.run(100).warnings

    assert (warning.begin_ms, warning.end_ms) == (560, 660)


@pytest.mark.parametrize("engine", ENGINES)
def test_watching_changes_no_number(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOK_MS", "SOON_MS"):  # four looks in a short run
        monkeypatch.setattr(physics_probe, name, 25.0)
    doc = examples.load("digits")
    watched = Session.of(doc, catalog.load(), engine=engine)
    alone = Session.of(doc, catalog.load(), engine=engine)

    watched.run(250)
    alone.network.simulate_iterations(250)

    pairs = zip(watched.network.SynapseGroups, alone.network.SynapseGroups, strict=True)
    assert all(torch.equal(one.weights, other.weights) for one, other in pairs)
    assert torch.equal(watched.groups["Excitatory"].v, alone.groups["Excitatory"].v)


@pytest.mark.parametrize("name", ["smallest", "balanced", "digits"])
def test_shipped_examples_are_quiet(name: str) -> None:
    session = Session.of(examples.load(name), catalog.load())

    assert session.run(4000).warnings == ()


def test_a_result_has_the_warnings_as_data() -> None:
    net = network()
    clockwork(net, 1, "Busy")

    data = Session(net).run(100).to_data()

    assert [one["kind"] for one in data["warnings"]] == ["fast"]
