"""Copies of sessions: they go on apart, and count what they say."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import signal
from typing import Any

import numpy as np
import pytest

from conex_core import catalog, examples
from conex_core.errors import StructureError
from conex_core.run.probe import SpikeProbe, SpikeRecord, TraceProbe
from conex_core.run.session import Session
from conex_core.run.watching import EventProbe, SnapshotProbe
from tests.run.engine.nets import same
from tests.run.learning_nets import learner

WAYS = (copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value)))


def session_of(name: str, engine: str | None = None) -> Session:
    doc = learner() if name == "learner" else examples.load(name)
    return Session.of(doc, catalog.load(), engine=engine)


@pytest.mark.parametrize("engine", ["fused", "reference"])
@pytest.mark.parametrize("name", ["smallest", "learner"])
def test_a_copy_goes_on_as_the_session_does(name: str, engine: str) -> None:
    session = session_of(name, engine)
    session.run(60)

    twin = copy.deepcopy(session)
    theirs, before = twin.run(40), session.spike_hash()
    ours = session.run(40)

    assert before != ours.spike_hash == theirs.spike_hash
    assert (theirs.steps, theirs.groups) == (ours.steps, ours.groups)
    same(twin.network, session.network)


def test_a_copy_made_while_a_session_runs_runs_by_itself() -> None:
    session, twins = session_of("smallest", "reference"), list[Session]()

    def fork(done: int, steps: int) -> None:
        if not twins:
            signal.raise_signal(signal.SIGINT)  # which is held, and not the copy's
            twins.append(copy.deepcopy(session))

    with pytest.raises(KeyboardInterrupt):
        session.run(10**9, progress=fork)
    session.run(20)
    (twin,) = twins
    twin.run(20)

    assert twin.spike_hash() == session.spike_hash()
    with pytest.raises(KeyboardInterrupt):
        twin.run(10**9, progress=lambda done, steps: signal.raise_signal(signal.SIGINT))
    assert twin.result().steps == twin.network.completed


@pytest.mark.parametrize("engine", ["fused", "reference"])
@pytest.mark.parametrize("name", ["smallest", "learner"])
def test_a_pickled_session_counts_from_where_it_went_on(name: str, engine: str) -> None:
    session = session_of(name, engine)
    session.run(60)

    twin = pickle.loads(pickle.dumps(session))
    second = Session(copy.deepcopy(session.network))
    result, expected = twin.run(40), second.run(40)
    session.run(40)

    assert (result.steps, twin.iteration) == (40, 100)
    assert (result.spike_hash, result.groups) == (expected.spike_hash, expected.groups)
    same(twin.network, session.network)


@pytest.mark.parametrize("way", WAYS)
def test_probes_of_a_copy_write_into_rings_of_its_own(way: Any) -> None:
    session = session_of("smallest")
    group = next(iter(session.groups.values()))
    probes = [
        SpikeProbe(group),
        SpikeRecord(group),
        TraceProbe(group, "v", (0, 1)),
        EventProbe(group, "spikes"),
        SnapshotProbe(group, "v"),
    ]
    for probe in probes:
        session.attach(probe)
    session.run(60)

    twin, (spikes, record, trace, events, snapshot) = way((session, probes))
    written = probes[0].ring.total
    snapshot.ring.latest()
    twin.run(40)

    assert probes[0].ring.total == written
    session.run(40)
    assert np.array_equal(record.t, probes[1].t)
    assert np.array_equal(spikes.ring.since().t, probes[0].ring.since().t)
    assert np.array_equal(events.ring.since().i, probes[3].ring.since().i)
    assert np.array_equal(trace.ring.since().values, probes[2].ring.since().values)
    assert snapshot.ring.latest().t == 100


@pytest.mark.parametrize("way", WAYS)
def test_commands_to_a_copy_reach_the_copy_alone(way: Any) -> None:
    session = session_of("smallest")
    key = next(key for key, item in session.behaviors.items() if type(item).__name__ == "LIF")
    twin = way(session)

    twin.post(lambda each: each.set_parameter(*key, "threshold", 1000.0))
    twin.run(20)
    session.run(20)

    assert float(next(iter(twin.groups.values())).threshold[0]) == 1000.0
    assert float(next(iter(session.groups.values())).threshold[0]) < 0


@pytest.mark.parametrize("way", WAYS)
def test_what_a_copy_learns_the_session_does_not(way: Any) -> None:
    session = session_of("learner")
    session.watch_learning()
    twin = way(session)

    twin.run(200)

    assert twin.learning.unsaved()
    assert not session.learning.unsaved()


def test_two_sessions_do_not_share_their_probes() -> None:
    with pytest.raises(StructureError, match="deepcopy copies the network"):
        copy.copy(session_of("smallest"))


def hash_of(session: Session) -> str:
    """Return the hash of 30 more iterations, in a worker."""
    return session.run(30).spike_hash


def test_a_session_goes_to_another_process() -> None:
    session = session_of("smallest")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        there = pool.apply_async(hash_of, (session,)).get(120)

    assert there == session.run(30).spike_hash
