"""What a run promises, in a thread as in a process of its own."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from conex_core import catalog, examples
from conex_core.errors import BehaviorError, FileError, ProjectError, UnknownName
from conex_core.graph import edits
from conex_core.graph.model.document import NETWORK, Document
from conex_core.run.compiled import Report
from conex_core.run.engine.report import report
from conex_core.run.host import EventFeed, TraceFeed, new_feed
from conex_core.run.probe import SpikeRecord, TraceProbe
from conex_core.run.ring import TraceRing
from conex_core.run.session import Session
from tests.run.host.breakable import FATAL, RESHAPING, SPOILING
from tests.run.host.conftest import GROUP, document

LIF, FIRE = "b_neurons_lif", "b_neurons_fire"


def test_a_started_run_waits_at_zero(started):
    status = started().until_state("paused")

    assert (status.iteration, status.sim_ms, status.error) == (0, 0.0, None)


def test_a_run_says_where_it_takes_place(started, kind):
    assert started().until_state("paused").host == kind


def test_steps_are_taken_exactly(started):
    run = started()

    run.stepped(1)
    status = run.stepped(150)

    assert status.iteration == run.asked("iteration") == 151


def test_a_pause_holds(started):
    run = started()
    run.host.go(math.inf)
    run.until(lambda status: status.iteration > 20)

    run.host.go(0)
    first = run.asked("iteration")

    assert run.status.state == "paused"
    assert run.asked("iteration") == first


def test_a_command_shows_at_once(started):
    run = started()
    run.until_state("paused")

    run.host.go(math.inf)

    assert run.status.state == "running"


def test_a_speed_limit_is_kept(started):
    run = started()
    run.until_state("paused")

    run.host.set_speed(100.0)
    run.host.go(math.inf)
    status = run.until(lambda status: status.steps_per_second > 0)

    assert status.steps_per_second < 1000


@pytest.mark.parametrize("name", examples.names())
def test_results_are_those_of_the_command_line(started, name):
    doc = examples.load(name)
    expected = Session.of(doc, catalog.load()).run(60)
    run = started(doc)

    run.stepped(25)
    run.stepped(35)

    found = run.asked("result")
    assert found["spike_hash"] == expected.spike_hash == run.asked("spike_hash")
    assert found["steps"] == 60
    counted = {group.name: group.spikes for group in expected.groups}
    assert run.until(lambda status: status.spikes == counted)


def test_feeds_hold_the_very_spikes_and_voltages(started):
    session = Session.of(document(), catalog.load())
    record = SpikeRecord(session.objects[GROUP])
    voltage = TraceProbe(session.objects[GROUP], neurons=(0, 7))
    session.attach(record)
    session.attach(voltage)
    session.run(90)
    spikes, trace = EventFeed(GROUP), TraceFeed(GROUP, TraceRing(2, 1024), neurons=(0, 7))

    started(feeds=(spikes, trace)).stepped(90)

    events = spikes.ring.since()
    np.testing.assert_array_equal(events.t, record.t)
    np.testing.assert_array_equal(events.i, record.i)
    np.testing.assert_array_equal(trace.ring.since().values, voltage.ring.since().values)
    assert spikes.ring.now == trace.ring.now == 90


def test_a_feed_joined_later_is_written_from_there_on(started):
    run, feed = started(), TraceFeed(GROUP, TraceRing(1, 1024))
    run.stepped(10)

    run.host.attach(feed)
    run.stepped(10)

    np.testing.assert_array_equal(feed.ring.since().t, np.arange(11, 21))


def looped() -> Document:
    """Return the smallest example with synapses from its group to itself."""
    return edits.connect_groups(document(), GROUP, GROUP, catalog=catalog.load(), node_id="loop")


def test_a_snapshot_of_a_matrix_is_there_after_it_was_asked_for(started):
    weights = Session.of(looped(), catalog.load()).objects["loop"].weights
    feed = new_feed("loop", "weights", "snapshot")
    run = started(looped(), feeds=(feed,))
    run.stepped(5)
    unasked = feed.ring.total

    feed.ring.latest()
    run.stepped(5)

    found = feed.ring.latest()
    assert unasked == 0
    assert (found.t, found.shape, found.step) == (10, (100, 100), 1)
    np.testing.assert_array_equal(found.values, weights.numpy())
    assert feed.ring.total == 1


@pytest.mark.parametrize(
    ("node", "variable", "form", "units"),
    [
        (GROUP, "I", "trace", (3,)),
        (GROUP, "spikes", "snapshot", ()),
        ("loop", "weights", "trace", (0, 9999)),
        ("loop", "pre_spike", "events", ()),
        (NETWORK, "dt", "trace", (0,)),
    ],
)
def test_any_variable_of_any_object_can_be_asked_for(started, node, variable, form, units):
    feed = new_feed(node, variable, form, units)
    run = started(looped(), feeds=(feed,))

    if form == "snapshot":
        feed.ring.latest()
    run.stepped(50)

    assert feed.ring.now == 50
    assert feed.ring.total > 0


def test_a_feed_of_what_is_not_there_stays_empty_and_the_run_goes_on(started):
    feed = new_feed(GROUP, "volts", "snapshot")

    status = started(feeds=(feed,)).stepped(5)

    assert (status.state, feed.ring.total) == ("paused", 0)


def test_a_feed_that_left_keeps_what_it_has(started):
    feed = TraceFeed(GROUP, TraceRing(1, 1024))
    run = started(feeds=(feed,))
    run.stepped(10)

    run.host.detach(feed)
    run.stepped(10)

    assert feed.ring.now == feed.ring.total == 10


def test_feeds_outlive_their_run(started):
    feed = EventFeed(GROUP)
    run = started(feeds=(feed,))
    run.stepped(100)
    total = feed.ring.total

    run.host.end()
    run.host.join(10.0)

    assert feed.ring.total == len(feed.ring.since().t) == total > 0


def test_a_live_parameter_arrives(started):
    run = started()
    run.until_state("paused")

    run.host.set_parameter(GROUP, LIF, "tau", 7.5)

    assert run.asked("parameter", node=GROUP, item=LIF, name="tau") == 7.5


def test_a_value_that_is_refused_changes_nothing(started, caplog):
    run = started()
    before = run.asked("parameter", node=GROUP, item=LIF, name="tau")

    run.host.set_parameter(GROUP, LIF, "tau", -1.0)

    assert run.asked("parameter", node=GROUP, item=LIF, name="tau") == before
    assert "tau" in caplog.text
    assert run.status.error is None


def test_a_behavior_switched_off_stays_off(started):
    run = started()
    run.until_state("paused")

    run.host.enable_behavior(GROUP, FIRE, False)

    assert sum(run.stepped(80).spikes.values()) == 0


def test_a_failing_behavior_is_named_and_the_state_can_be_read(started, caplog):
    run = started()
    run.stepped(6)

    run.host.set_parameter(GROUP, "b_kwta", "k", FATAL)
    run.host.go(math.inf)
    status = run.until_state("failed")

    error = status.error
    assert isinstance(error, BehaviorError)
    assert (error.behavior, error.iteration, status.node) == ("KWTA", 7, GROUP)
    assert "thirteen cannot win" in str(error)
    assert run.asked("parameter", node=GROUP, item="b_kwta", name="k") == FATAL
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("k", "problem"),
    [(SPOILING, "no numbers in Neurons.v"), (RESHAPING, "changed v from the shape (100,) to (5,)")],
)
def test_what_spoils_a_fused_run_is_named_and_the_state_can_be_saved(
    started, k, problem, tmp_path: Path
):
    feed = EventFeed(GROUP)
    run = started(feeds=(feed,))
    run.stepped(60)
    spikes = feed.ring.total

    run.host.set_parameter(GROUP, "b_kwta", "k", k)
    run.host.go(math.inf)
    status = run.until_state("failed")

    error = status.error
    assert isinstance(error, BehaviorError)
    assert (error.behavior, error.iteration, status.node) == ("KWTA", 61, GROUP)
    assert problem in str(error)
    run.asked("save_state", path=str(tmp_path / "here.safetensors"))
    assert (tmp_path / "here.safetensors").stat().st_size > 0
    assert feed.ring.total == spikes > 0


def test_a_network_with_errors_fails_with_its_problems(started, caplog):
    run = started(edits.set_param(document(), GROUP, "size", -5))

    status = run.until_state("failed")

    assert isinstance(status.error, ProjectError)
    assert status.problems


def test_a_state_is_saved_and_goes_on_in_another_run(started, tmp_path: Path):
    place = str(tmp_path / "here.safetensors")
    first = started()
    first.stepped(40)
    first.asked("save_state", path=place)
    first.stepped(30)
    expected = first.asked("spike_hash")
    first.host.end()
    second = started()
    second.stepped(40)

    at = second.asked("load_state", path=place)
    second.stepped(30)

    assert at == 40
    assert second.asked("spike_hash") == expected


def test_a_question_that_cannot_be_answered_says_why(started, tmp_path: Path):
    run = started()

    with pytest.raises(FileError, match="no such file"):
        run.asked("load_state", path=str(tmp_path / "nothing.safetensors"))
    with pytest.raises(UnknownName, match="nothing"):
        run.asked("parameter", node=GROUP, item="nothing", name="tau")

    assert run.stepped(3).iteration == 3


def test_a_run_that_is_over_answers_nobody(started):
    run = started()
    run.until_state("paused")
    run.host.end()
    run.host.join(10.0)

    assert run.host.ask("iteration").cancelled()


def test_an_end_cancels_a_build(started):
    run = started(edits.set_param(document(), GROUP, "size", 200_000))

    run.host.end()
    run.host.join(30.0)

    assert not run.host.is_alive()


@pytest.mark.parametrize("name", examples.names())
def test_a_run_says_what_is_compiled_as_the_command_line_does(started, name):
    doc = examples.load(name)
    expected = report(Session.of(doc, catalog.load()).network)

    found = Report.from_data(started(doc).asked("compiled"))

    assert found.summary() == expected.summary()
    assert [line.reason for line in found.lines] == [line.reason for line in expected.lines]
    assert {line.node for line in found.lines} <= {NETWORK, *doc.network.nodes}
