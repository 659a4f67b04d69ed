"""Runs that do not come back: told with their place, ended, and followed by others."""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from conex_core.run.host import EventFeed, RunStatus, Workers
from conex_core.run.host.lookout import Lookout, Patience, place_of
from tests.run.host import hanging
from tests.run.host.conftest import GROUP, Run, document, host_of, wait_for
from tests.run.host.hanging import HURRIED, hangs
from tests.run.host.test_process import is_running, memory_left, pid_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stops and kills by signals")


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers(hanging.main)
    yield made
    assert made.close(3.0)
    wait_for(lambda: not [t for t in threading.enumerate() if t.name.startswith("conex-worker")])


@pytest.fixture
def freed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let runs of this process hang, and none of them for longer than a test."""
    hanging.make_hanging(monkeypatch.setattr)
    hanging.free.clear()
    yield
    hanging.free.set()


def started(workers: Workers, k: int, *feeds: EventFeed) -> Run:
    doc = hangs(k)
    run = Run(host_of("process", workers, doc, feeds, HURRIED, "reference"), doc)
    run.host.start()
    run.host.go(math.inf)
    return run


def is_stalled(status: RunStatus) -> bool:
    return status.stall is not None


def hangs_in_kwta(status: RunStatus) -> bool:
    """Tell whether that is where it hangs; building on a busy machine may seem to, before."""
    return status.stall is not None and status.stall.behavior == "KWTA"


def ended_within(run: Run, seconds: float) -> float:
    began = time.monotonic()
    run.host.end()
    run.host.join(seconds)
    assert not run.host.is_alive()
    return time.monotonic() - began


def test_a_behavior_that_hangs_is_named_with_its_iteration_and_stop_ends_its_process(workers):
    run = started(workers, hanging.SWALLOWS, EventFeed(GROUP))

    status = run.until(hangs_in_kwta)
    process = pid_of(workers)
    ended_within(run, 3.0)

    assert (status.stall.behavior, status.stall.iteration) == ("KWTA", 4)
    assert (status.node, status.stall.where, status.state) == (GROUP, "step", "running")
    wait_for(lambda: not is_running(process))
    assert memory_left(os.getpid()) == set()


def test_an_initialize_that_hangs_is_named_and_the_next_run_works(workers):
    run = started(workers, hanging.LOOPS_AT_FIRST)
    status = run.until(hangs_in_kwta)
    ended_within(run, 3.0)

    doc = hangs(hanging.NEVER)
    again = Run(host_of("process", workers, doc, engine="reference"), doc)
    again.host.start()
    again.stepped(10)

    assert (status.state, status.stall.where) == ("building", "building")
    assert (status.stall.behavior, status.node) == ("KWTA", GROUP)
    again.host.end()


def test_a_process_that_keeps_the_lock_of_python_is_told_as_silent_and_closing_ends_it(workers):
    run = started(workers, hanging.KEEPS_THE_LOCK)
    status = run.until(lambda status: is_stalled(status) and status.stall.where == "silent")
    process = pid_of(workers)
    began = time.monotonic()

    run.host.end()
    closed = workers.close(1.0)

    assert status.state == "running"
    assert closed
    assert time.monotonic() - began < 3.0
    assert not is_running(process)


def test_a_stopped_process_is_told_as_silent_answers_again_and_can_be_ended(workers):
    run = started(workers, hanging.NEVER)
    run.until(lambda status: status.iteration > 100)
    process = pid_of(workers)

    os.kill(process, signal.SIGSTOP)
    silent = run.until(is_stalled)
    os.kill(process, signal.SIGCONT)
    run.until(lambda status: not is_stalled(status))
    went_on = run.until(lambda status: status.iteration > silent.iteration + 100)
    os.kill(process, signal.SIGSTOP)
    ended_within(run, 3.0)

    assert silent.stall.where == "silent"
    assert went_on.error is None
    wait_for(lambda: not is_running(process))


def test_a_process_that_was_stopped_while_it_waited_does_not_keep_the_next_run_up(workers):
    workers.warm()
    wait_for(lambda: workers.take().is_ready)
    process = pid_of(workers)
    os.kill(process, signal.SIGSTOP)

    run = started(workers, hanging.NEVER)
    run.until(is_stalled)
    ended_within(run, 3.0)
    run = started(workers, hanging.NEVER)
    run.until(lambda status: status.iteration > 10)

    run.host.end()
    assert not is_running(process)


@pytest.mark.parametrize("k", [hanging.LOOPS, hanging.WAITS, hanging.LOOPS_AT_FIRST])
def test_a_thread_that_hangs_is_named_as_well(freed, k):
    doc = hangs(k)
    run = Run(host_of("thread", Workers(), doc, patience=HURRIED, engine="reference"), doc)
    run.host.start()
    run.host.go(math.inf)

    status = run.until(hangs_in_kwta)
    run.host.end()
    run.host.join(0.3)

    assert (status.stall.behavior, status.node) == ("KWTA", GROUP)
    assert status.stall.iteration == (0 if k == hanging.LOOPS_AT_FIRST else 4)
    assert run.host.is_alive()
    hanging.free.set()
    run.host.join(5.0)
    assert not run.host.is_alive()


def test_a_run_that_waits_or_is_slow_throughout_answers(freed):
    doc = document()
    host = host_of("thread", Workers(), doc, patience=Patience(running_s=0.5), engine="reference")
    run = Run(host, doc)
    host.start()
    run.until_state("paused")

    ends = time.monotonic() + 1.0
    while time.monotonic() < ends:
        assert run.status.stall is None

    host.end()
    host.join(5.0)


class Turning:
    """Stand for a loop that somebody else turns."""

    turns, iteration, progress, is_obeying = 0, 7, (0.0, ""), False
    thread_id, state = threading.get_ident(), "running"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("conex_core.run.host.lookout.time.monotonic", lambda: now[0])
    return now


def looked(lookout: Lookout, clock: list[float], seconds: float) -> list[bool]:
    """Look ten times a second; tell at each look whether the loop hangs."""
    told = []
    for _ in range(round(seconds * 10)):
        clock[0] += 0.1
        told.append(lookout.look() is not None)
    return told


def test_a_run_whose_every_turn_is_slow_is_only_late_the_first_time(clock):
    loop = Turning()
    lookout = Lookout(loop, Patience(running_s=2.0))
    lookout.look()

    first = looked(lookout, clock, 3.0)
    loop.turns += 1
    lookout.look()
    second = looked(lookout, clock, 3.0)
    hanging_now = looked(lookout, clock, 8.0)

    assert any(first)
    assert not any(second)
    assert hanging_now[-1]


def test_who_was_not_looking_does_not_tell(clock):
    loop = Turning()
    lookout = Lookout(loop, Patience(running_s=2.0))
    lookout.look()

    clock[0] += 60.0

    assert lookout.look() is None


@pytest.mark.parametrize(
    ("change", "seconds"),
    [({"state": "building"}, 5.0), ({"is_obeying": True}, 30.0), ({}, 2.0)],
    ids=["building", "asked", "running"],
)
def test_what_may_take_longer_is_waited_for(clock, change, seconds):
    loop = Turning()
    vars(loop).update(change)
    lookout = Lookout(loop, Patience())
    lookout.look()

    told = looked(lookout, clock, 40.0)

    assert told.index(True) == pytest.approx(seconds * 10, abs=2)


def test_kernels_at_work_tell_which_behaviors_they_stand_for():
    from conex_core import catalog as catalogs
    from conex_core import examples
    from conex_core.run.session import Session

    session = Session.of(examples.load("smallest"), catalogs.load(), engine="fused")
    stop = threading.Event()
    seen: set[tuple[bool, bool, str]] = set()
    thread = threading.Thread(
        target=lambda: session.run(10**9, stop=stop.is_set), name="stepping", daemon=True
    )
    thread.start()

    def found() -> bool:
        place = place_of(thread.ident)
        seen.add((place.is_compiled, "LIF" in place.behavior, place.owner))
        return place.is_compiled and (place.iteration or 0) > 100

    wait_for(found)
    stop.set()
    thread.join(10.0)

    name = next(iter(session.groups))
    assert (True, True, name) in seen
