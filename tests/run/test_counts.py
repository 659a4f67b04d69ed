"""What a session counts: the iterations that it claims, whatever was done to the network."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conex_core import LIF, Fire, InherentNoise, InputLayer, Neocortex, NeuronGroup
from conex_core.errors import BehaviorError
from conex_core.run.probe import SampleCounts, SpikeProbe, SpikeRecord, TraceProbe
from conex_core.run.results import RunResult
from conex_core.run.session import Session
from tests.tiny_network import FRAMES

ENGINES = pytest.mark.parametrize("engine", ["reference", "auto"])
Act = Callable[[Session], object]


def network(engine: str = "auto") -> Neocortex:
    net = Neocortex(seed=2, engine=engine)
    NeuronGroup(net, 30, [LIF(), InherentNoise(scale=9.0), Fire()], "exc")
    net.initialize()
    return net


def told(result: RunResult) -> tuple[object, ...]:
    return result.steps, result.iterations, result.groups, result.spike_hash


@ENGINES
@pytest.mark.parametrize("begin", ["reset", "initialize"])
def test_a_network_that_starts_over_is_counted_from_its_start(engine: str, begin: str) -> None:
    fresh = Session(network(engine)).run(60)
    session = Session(network(engine))
    record = SpikeRecord(session.groups["exc"])
    session.attach(record)
    session.run(100)

    getattr(session.network, begin)()
    nothing = session.result()
    result = session.run(60)

    assert (nothing.steps, nothing.groups[0].spikes, nothing.iterations) == (0, 0, ())
    assert told(result) == told(fresh)
    assert len(record.t) == fresh.groups[0].spikes
    assert record.t.max() <= 60


class Asks:
    """Do something with the session in the middle of its batches, as a live figure would."""

    def __init__(self, act: Act) -> None:
        self.act, self.answers = act, list[object]()

    def attach(self, session: Session) -> None:
        self.session = session

    def sample(self, iteration: int) -> None:
        if iteration % 7 == 0:
            self.answers.append(self.act(self.session))

    def flush(self, iteration: int) -> None:
        pass


@ENGINES
@pytest.mark.parametrize("ask", [Session.result, Session.spike_hash, Session.status])
def test_a_probe_that_asks_while_a_session_steps_changes_no_count(engine: str, ask: Act) -> None:
    session, probe = Session(network(engine)), Asks(ask)
    session.attach(probe)

    assert told(session.run(60)) == told(Session(network(engine)).run(60))
    assert len(probe.answers) == 8


@ENGINES
def test_a_probe_cannot_run_the_session_that_asks_it(engine: str) -> None:
    session = Session(network(engine))
    session.attach(Asks(lambda session: session.run(1)))

    with pytest.raises(BehaviorError, match="cannot be run while it runs"):
        session.run(60)

    assert session.result().iterations == ((1, 7),)


@ENGINES
def test_iterations_that_others_ran_are_not_counted(engine: str) -> None:
    whole = SpikeRecord(network(engine).exc)
    full = Session(whole.group.network)
    full.attach(whole)
    full.run(90)
    session = Session(network(engine))
    record = SpikeRecord(session.groups["exc"])
    session.attach(record)

    session.run(20)
    session.network.simulate_iterations(40)
    session.network.simulate_iteration()
    result = session.run(29)

    mine = (whole.t <= 20) | (whole.t > 61)
    assert (result.steps, result.iterations) == (49, ((1, 20), (62, 90)))
    np.testing.assert_array_equal(record.t, whole.t[mine])
    np.testing.assert_array_equal(record.i, whole.i[mine])
    assert result.groups[0].mean_rate_hz == pytest.approx(mine.sum() / 30 / 0.049)


def test_a_script_s_iterations_are_all_run_after_a_session_s() -> None:
    session = Session(network())
    session.run(20)

    session.network.simulate_iterations(50_000)

    assert session.network.iteration == 50_020


@ENGINES
def test_two_sessions_of_a_network_count_their_own(engine: str) -> None:
    whole = Session(network(engine)).run(60)
    first = Session(network(engine))
    second = Session(first.network)

    first.run(20)
    second.run(30)
    first.run(10)

    mine, theirs = first.result(), second.result()
    assert (mine.iterations, theirs.iterations) == (((1, 20), (51, 60)), ((21, 50),))
    assert mine.groups[0].spikes + theirs.groups[0].spikes == whole.groups[0].spikes


@ENGINES
@pytest.mark.parametrize("by", ["session", "network"])
def test_a_restored_state_is_a_stretch_of_its_own(engine: str, by: str) -> None:
    session = Session(network(engine))
    session.run(30)
    state = session.network.state()
    then = SpikeRecord(session.groups["exc"])
    session.attach(then)
    session.run(20)
    count = len(then.t)

    (session if by == "session" else session.network).restore(state)
    result = session.run(20)

    assert (result.steps, result.iterations) == (70, ((1, 50), (31, 50)))
    assert len(then.t) == 2 * count
    np.testing.assert_array_equal(then.t[:count], then.t[count:])


def test_rings_are_in_the_order_of_time_after_time_went_back() -> None:
    session = Session(network())
    spikes, trace = SpikeProbe(session.groups["exc"]), TraceProbe(session.groups["exc"])
    session.attach(spikes)
    session.attach(trace)
    session.run(30)
    state = session.network.state()
    session.run(20)

    session.restore(state)
    session.run(5)

    assert set(trace.ring.since(0).t.tolist()) == set(range(31, 36))
    assert spikes.ring.now == 35
    assert spikes.ring.since(0).t.min() > 30


def test_a_sample_that_was_cut_is_not_counted() -> None:
    net = Neocortex(seed=2)
    layer = InputLayer(
        net, [(FRAMES, [3])], sensory_size=4, sensory_data_dim=2, instance_duration=2
    )
    session = Session(net)
    counts = SampleCounts(layer.sensory_pop, layer, 2)
    session.attach(counts)
    session.run(3)

    net.simulate_iterations(1)
    session.run(4)

    assert len(counts.labels) == len(counts.counts) == 3
    assert {tuple(row) for row in counts.counts.tolist()} == {(2, 1, 0, 1)}


@settings(max_examples=30, deadline=None)
@given(
    acts=st.lists(st.sampled_from(["run", "steps", "reset", "keep", "back", "other"]), max_size=9)
)
def test_any_order_of_acts_leaves_rates_of_the_iterations_named(acts: list[str]) -> None:
    net = network("reference")
    session, other = Session(net), Session(net)
    record = SpikeRecord(session.groups["exc"])
    session.attach(record)
    state = net.state()

    for act in acts:
        match act:
            case "run":
                session.run(7)
            case "steps":
                net.simulate_iterations(3)
            case "reset":
                net.reset()
            case "keep":
                state = net.state()
            case "back":
                net.restore(state)
            case "other":
                other.run(2)
        result = session.result()

        named = [t for first, last in result.iterations for t in range(first, last + 1)]
        assert result.steps == len(named)
        assert set(record.t.tolist()) <= set(named)
        assert result.groups[0].spikes == len(record.t)
        seconds = result.steps / 1000
        rate = len(record.t) / 30 / seconds if seconds else 0.0
        assert result.groups[0].mean_rate_hz == pytest.approx(rate)
