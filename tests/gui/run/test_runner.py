from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator

import pytest

from conex_app.run.runner import EventFeed, Runner, TraceFeed
from conex_core import catalog as catalogs
from conex_core import examples
from conex_core.catalog import Catalog
from conex_core.errors import BehaviorError, ParameterError, ProjectError
from conex_core.graph import edits
from conex_core.graph.model.document import Document
from conex_core.run.host import pace
from conex_core.run.host.pace import Pace
from conex_core.run.ring import TraceRing
from tests.run.host.breakable import FATAL, make_breakable


@pytest.fixture
def catalog() -> Catalog:
    return catalogs.load()


@pytest.fixture
def smallest() -> Document:
    return examples.load("smallest")


@pytest.fixture
def runner() -> Iterator[Runner]:
    made = Runner()
    yield made
    assert made.close(5.0)


def settled(runner: Runner, qtbot, *states: str) -> None:
    qtbot.waitUntil(lambda: runner.status().state in states, timeout=20_000)


def answer_of(runner: Runner, question: str, **facts):
    return runner.ask(question, **facts).result(10)


def neurons_of(document: Document) -> str:
    return next(key for key, n in document.network.nodes.items() if n.kind == "NeuronGroup")


def item_of(document: Document, kind: str) -> tuple[str, str]:
    node = document.network.nodes[neurons_of(document)]
    return node.id, next(item.id for item in node.stack if item.kind == kind)


def test_a_runner_without_a_run_is_idle(runner):
    assert runner.status().state == "idle"
    assert runner.document is None


def test_a_started_run_waits_at_zero_for_run_or_step(runner, smallest, catalog, qtbot):
    runner.start(smallest, catalog)

    settled(runner, qtbot, "paused")

    assert runner.status().iteration == 0
    assert runner.document is smallest


def test_pause_holds_the_iteration(runner, smallest, catalog, qtbot):
    runner.start(smallest, catalog)
    runner.run()
    qtbot.waitUntil(lambda: runner.status().iteration > 20, timeout=20_000)

    runner.pause()
    first = answer_of(runner, "iteration")
    second = answer_of(runner, "iteration")

    assert first == second
    assert runner.status().state == "paused"


@pytest.mark.parametrize("steps", [1, 10])
def test_step_takes_exactly_so_many_iterations(runner, smallest, catalog, qtbot, steps):
    runner.start(smallest, catalog)

    runner.step(steps)

    qtbot.waitUntil(lambda: runner.status().iteration == steps, timeout=20_000)
    settled(runner, qtbot, "paused")
    assert runner.status().iteration == steps


def test_run_for_a_time_ends_there(runner, smallest, catalog, qtbot):
    runner.start(smallest, catalog)

    runner.run_for(50.0)

    qtbot.waitUntil(lambda: runner.status().sim_ms >= 50.0, timeout=20_000)
    settled(runner, qtbot, "paused")
    assert runner.status().sim_ms == pytest.approx(50.0)


@pytest.mark.parametrize("ms", [0.0, -5.0, math.nan, math.inf])
def test_a_time_that_is_none_is_refused_in_words(runner, smallest, catalog, ms):
    runner.start(smallest, catalog)

    with pytest.raises(ParameterError, match="Run for must be a time above 0 ms"):
        runner.run_for(ms)


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan, math.inf])
def test_a_limit_that_is_none_is_refused_in_words(runner, speed):
    with pytest.raises(ParameterError, match="Speed limit must be above 0"):
        runner.set_speed(speed)


@pytest.mark.parametrize("run_in", ["window", "process"])
def test_a_limit_chosen_before_the_run_counts(smallest, catalog, qtbot, run_in):
    runner = Runner(run_in=lambda: run_in, engine=lambda: "reference")
    runner.set_speed(20.0)
    runner.start(smallest, catalog)
    runner.run()
    qtbot.waitUntil(lambda: runner.status().iteration >= 2, timeout=30_000)
    first, began = runner.status().iteration, time.monotonic()

    qtbot.waitUntil(lambda: runner.status().iteration >= first + 10, timeout=20_000)
    took, steps = time.monotonic() - began, runner.status().iteration - first

    assert steps / took < 40.0
    assert runner.close(5.0)


def test_stop_forgets_the_run(runner, smallest, catalog, qtbot):
    runner.start(smallest, catalog)
    runner.run()
    settled(runner, qtbot, "running")

    runner.stop()

    assert runner.status().state == "idle"
    assert runner.status().iteration == 0


def test_close_in_the_middle_of_a_run_leaves_no_thread(smallest, catalog, qtbot):
    runner = Runner()
    runner.start(smallest, catalog)
    runner.run()
    settled(runner, qtbot, "running")

    closed = runner.close(1.0)

    assert closed
    assert not [thread for thread in threading.enumerate() if thread.name == "conex-run"]


def test_stop_cancels_a_build(smallest, catalog):
    entered = threading.Event()

    def build_without_end(_document, _catalog, _base, progress):
        while True:
            progress(0, 1, "Exc")
            entered.set()

    runner = Runner(build_without_end)
    runner.start(smallest, catalog)
    assert entered.wait(5)

    assert runner.status().state == "building"
    assert runner.close(5.0)


def test_the_spikes_are_those_of_the_session(runner, smallest, catalog, qtbot):
    from conex_core.run.session import Session

    expected = Session.of(smallest, catalog).run(120).spike_hash
    runner.start(smallest, catalog)

    runner.step(120)
    qtbot.waitUntil(lambda: runner.status().iteration == 120, timeout=20_000)

    assert answer_of(runner, "spike_hash") == expected


def test_feeds_are_written_up_to_the_last_iteration(runner, smallest, catalog, qtbot):
    node = neurons_of(smallest)
    spikes, trace = EventFeed(node), TraceFeed(node, TraceRing(2, 1024), neurons=(0, 1))
    runner.start(smallest, catalog, feeds=[spikes, trace])

    runner.step(80)
    qtbot.waitUntil(lambda: runner.status().iteration == 80, timeout=20_000)

    assert spikes.ring.now == 80
    assert trace.ring.now == 80
    assert trace.ring.total == 80


def test_a_detached_feed_is_written_no_longer(runner, smallest, catalog, qtbot):
    feed = EventFeed(neurons_of(smallest))
    runner.start(smallest, catalog, feeds=[feed])
    runner.step(10)
    qtbot.waitUntil(lambda: runner.status().iteration == 10, timeout=20_000)

    runner.detach(feed)
    runner.step(10)
    qtbot.waitUntil(lambda: runner.status().iteration == 20, timeout=20_000)

    assert feed.ring.now == 10


def test_a_live_parameter_reaches_the_behavior(runner, smallest, catalog, qtbot):
    node, item = item_of(smallest, "LIF")
    runner.start(smallest, catalog)
    settled(runner, qtbot, "paused")

    runner.set_parameter(node, item, "tau", 7.5)

    assert answer_of(runner, "parameter", node=node, item=item, name="tau") == 7.5


def test_a_behavior_switched_off_stays_off(runner, smallest, catalog, qtbot):
    node, item = item_of(smallest, "Fire")
    runner.start(smallest, catalog)
    settled(runner, qtbot, "paused")

    runner.enable_behavior(node, item, False)
    runner.step(100)
    qtbot.waitUntil(lambda: runner.status().iteration == 100, timeout=20_000)

    assert sum(runner.status().spikes.values()) == 0


@pytest.fixture
def doomed(smallest, catalog) -> Document:
    """Return a network that fails in its first iteration where KWTA is breakable."""
    params = {"k": FATAL}
    return edits.add_behavior(
        smallest, neurons_of(smallest), "KWTA", params=params, catalog=catalog
    )


def test_a_failing_behavior_is_reported_with_its_node(
    runner, doomed, catalog, qtbot, monkeypatch, caplog
):
    make_breakable(monkeypatch.setattr)
    runner.start(doomed, catalog)

    runner.run()
    settled(runner, qtbot, "failed")

    status = runner.status()
    assert isinstance(status.error, BehaviorError)
    assert status.node == neurons_of(doomed)
    assert status.error.iteration == 1


def test_after_a_failure_the_next_run_is_clean(runner, doomed, catalog, qtbot, monkeypatch):
    with monkeypatch.context() as patch:
        make_breakable(patch.setattr)
        runner.start(doomed, catalog)
        runner.run()
        settled(runner, qtbot, "failed")

    runner.start(doomed, catalog)
    runner.step(3)

    qtbot.waitUntil(lambda: runner.status().iteration == 3, timeout=20_000)
    assert runner.status().error is None


def test_a_network_with_errors_fails_with_its_problems(runner, smallest, catalog, qtbot):
    broken = edits.set_param(smallest, neurons_of(smallest), "size", -5)

    runner.start(broken, catalog)
    settled(runner, qtbot, "failed")

    assert isinstance(runner.status().error, ProjectError)
    assert runner.status().problems


def test_an_unexpected_error_while_building_is_reported(smallest, catalog, qtbot):
    def explode(*_args):
        raise MemoryError("no room")

    runner = Runner(explode)
    runner.start(smallest, catalog)
    settled(runner, qtbot, "failed")

    assert isinstance(runner.status().error, MemoryError)
    assert runner.close(5.0)


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    return now


def test_without_a_limit_all_steps_are_due():
    assert Pace().due(None, float("inf"), 0)[0] > 1000
    assert Pace().due(None, 3, 0) == (3, 0.0)


def test_nothing_is_due_while_paused():
    assert Pace().due(None, 0, 10)[0] == 0


def test_a_limit_spreads_the_steps_over_time(clock):
    pace = Pace()
    pace.due(100.0, float("inf"), 0)

    clock[0] += 0.1
    due, _ = pace.due(100.0, float("inf"), 1)

    assert due in (9, 10)


def test_a_limited_run_waits_for_the_next_step(clock):
    pace = Pace()
    pace.due(10.0, float("inf"), 0)

    due, wait = pace.due(10.0, float("inf"), 1)

    assert due == 0
    assert wait == pytest.approx(0.1)


def test_a_run_that_is_far_behind_its_limit_does_not_race(clock):
    pace = Pace()
    pace.due(100.0, float("inf"), 0)

    clock[0] += 5.0
    due, _ = pace.due(100.0, float("inf"), 1)

    assert due == 1
