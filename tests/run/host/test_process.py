"""What only a process of its own can go through: deaths, refusals, and what they leave."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from conex_core.errors import ProcessError
from conex_core.run.host import EventFeed, ProcessHost, Workers
from conex_core.run.host import memory as memories
from tests.run.host import breakable
from tests.run.host.conftest import GROUP, Run, document, host_of, wait_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by POSIX signals")


def started(workers: Workers, *feeds: EventFeed) -> Run:
    run = Run(host_of("process", workers, document(), feeds), document())
    run.host.start()
    return run


def pid_of(workers: Workers) -> int:
    """Return the process that is busy."""
    (worker,) = workers._workers
    return int(worker.process.pid or 0)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def memory_left(by: int) -> set[str]:
    """Return the shared memory that still has the name that process ``by`` gave it."""
    folder = Path("/dev/shm")
    return {each.name for each in folder.glob(f"conex-{by}-*")} if folder.is_dir() else set()


def test_memory_has_no_name_once_both_hold_it(workers):
    run = started(workers, EventFeed(GROUP))

    run.stepped(5)

    assert memory_left(os.getpid()) == set()
    run.host.end()
    run.host.join(10.0)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="only Linux shows shared memory")
def test_memory_that_still_has_its_name_tells_who_made_it():
    memory = memories.RingMemory.made(64)
    before = memory_left(os.getpid())

    memory.forget_name()

    assert before == {memory.name}
    assert memory_left(os.getpid()) == set()
    memory.close()


def test_a_worker_serves_one_run_after_the_other(workers):
    first = workers.take()
    run = started(workers)
    run.stepped(1)
    run.host.end()
    run.host.join(10.0)

    assert workers.take() is first


def test_after_a_kill_nothing_is_lost_and_the_next_run_works(caplog):
    workers, feed = Workers(), EventFeed(GROUP)
    run = started(workers, feed)
    run.stepped(100)
    total = feed.ring.total
    run.host.go(math.inf)

    os.kill(pid_of(workers), signal.SIGKILL)
    status = run.until_state("failed")
    answer = run.host.ask("iteration")
    run.host.end()
    again = started(workers)
    again.stepped(3)
    again.host.go(math.inf)
    process = pid_of(workers)

    assert isinstance(status.error, ProcessError)
    assert "was killed (SIGKILL)" in str(status.error)
    assert status.iteration >= 100
    assert feed.ring.total == len(feed.ring.since().t) >= total
    assert answer.cancelled()
    again.host.end()
    assert workers.close(10.0)  # in the middle of the second run
    assert not is_running(process)
    assert memory_left(os.getpid()) == set()


def test_a_process_that_cannot_begin_refuses():
    workers = Workers(breakable.main_that_fails)
    run = started(workers, EventFeed(GROUP))

    host = run.host
    assert isinstance(host, ProcessHost)
    host.join(20.0)

    assert "exit code 3" in host.refused
    host.end()
    assert workers.close(10.0)


def test_a_process_that_the_system_denies_refuses(monkeypatch):
    def denied(_self) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("multiprocessing.process.BaseProcess.start", denied)
    workers = Workers()
    run = started(workers)
    run.host.join(20.0)

    assert run.host.refused == "no more processes"
    assert workers.close(10.0)


def test_memory_without_room_is_refused_before_anything_lies_there(workers, monkeypatch):
    feed = EventFeed(GROUP)
    monkeypatch.setattr(memories.shutil, "disk_usage", lambda _: type("U", (), {"free": 1000}))

    with pytest.raises(OSError, match="no room for 12 MB"):
        host_of("process", workers, document(), (feed,))

    feed.ring.push([1], [2], 1)
    assert feed.ring.total == 1


def test_what_was_told_before_a_refusal_goes_to_the_host_that_takes_over(workers):
    refusing = Workers(breakable.main_that_fails)
    host = host_of("process", refusing, document())
    host.set_parameter(GROUP, "b_neurons_lif", "tau", 6.5)
    host.go(30)
    host.start()
    host.join(20.0)
    other = started(workers)

    host.hand_over(other.host)

    status = other.until(lambda status: (status.iteration, status.state) == (30, "paused"))
    assert status.error is None
    assert other.asked("parameter", node=GROUP, item="b_neurons_lif", name="tau") == 6.5
    other.host.end()
    other.host.join(10.0)
    assert refusing.close(10.0)


def test_a_cooled_worker_leaves():
    workers = Workers()
    workers.warm()
    worker = workers.take()

    workers.cool()

    assert worker.join(20.0)
    assert workers.close(5.0)


def test_no_run_is_given_to_a_worker_that_was_told_to_leave():
    workers = Workers()
    workers.warm()
    told = workers.take()

    workers.cool()  # the user chose the window's process, and at once another
    workers.warm()

    assert workers.take() is not told
    assert workers.close(20.0)


def test_the_process_leaves_when_its_parent_is_killed(tmp_path):
    told = tmp_path / "pid"
    code = f"""
        import time, pathlib
        from tests.run.host.conftest import *
        workers = Workers()
        run = Run(host_of("process", workers, document(), (EventFeed(GROUP),)), document())
        run.host.start()
        run.stepped(5)
        run.host.go(float("inf"))
        pathlib.Path({str(told)!r}).write_text(str(workers._workers[0].process.pid))
        time.sleep(60)
    """
    code = "from conex_core.run.host import EventFeed\n" + textwrap.dedent(code)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE)
    wait_for(lambda: told.exists() and told.read_text())
    child = int(told.read_text())

    parent.kill()
    _, complaints = parent.communicate()

    wait_for(lambda: not is_running(child))
    assert memory_left(parent.pid) == set()
    assert complaints == b""
