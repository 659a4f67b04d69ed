"""Which windows live, and whose journals are left by a kill."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from conex_app.recovery import locks
from conex_app.recovery.folder import left_work
from conex_core.graph.files import project_file
from conex_core.graph.model.document import Document


def test_a_lock_tells_a_window_that_lives_from_one_that_does_not(tmp_path):
    own = locks.started(os.getpid()) or ""
    held = locks.take_lock(tmp_path / "a.lock")

    assert locks.is_alive(tmp_path / "a.lock", locks.here(), os.getpid(), own)
    assert locks.take_lock(tmp_path / "a.lock") is None
    held.release(remove=False)
    assert not locks.is_alive(tmp_path / "a.lock", locks.here(), os.getpid(), own)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_without_locks_a_number_given_again_is_another_process(tmp_path):
    lock = tmp_path / "missing" / "a.lock"
    own = locks.started(os.getpid())

    assert locks.is_alive(lock, locks.here(), os.getpid(), own)
    assert not locks.is_alive(lock, locks.here(), os.getpid(), "another boot 1")
    assert not locks.is_alive(lock, locks.here(), 2**22 + 1, own)


def test_a_window_of_another_machine_lives_while_it_is_heard_of(tmp_path):
    lock = locks.take_lock(tmp_path / "a.lock")
    os.utime(lock.path, (0, 0))
    is_old_alive = locks.is_alive(lock.path, "elsewhere", 1, "x")

    lock.beat()

    assert not is_old_alive
    assert locks.is_alive(lock.path, "elsewhere", 1, "x")
    lock.release(remove=True)


def test_a_file_open_in_another_window_is_told_and_not_in_ones_own(bench, tmp_path):
    path = tmp_path / "net.conex"
    project_file.save(Document(), path)
    one, two = bench(), bench()
    one.files.open(path)
    one.recovery.flush()

    two.files.open(tmp_path / "." / "net.conex")

    assert not one.said
    assert "net.conex is also open in another window, since today" in two.said[0]
    one.crash()
    assert two.recovery.others_with(path) == []


KILLED = """
import os, signal, sys, time
from pathlib import Path
from conex_app.recovery.history import JournalEdit
from conex_app.recovery.writer import JournalWriter
from conex_core.graph.model.document import Document
folder = Path(sys.argv[1])
writer = JournalWriter(folder, print, print)
writer.start()
writer.begin(Document(name="0"), None, time.time())
for number in range(1, 10_000):
    writer.add(JournalEdit("edit", time.time(), "Edit", Document(name=str(number))))
    if number == 200:
        writer.flush()
        print(number, flush=True)
    time.sleep(0.0005)
"""


def test_a_kill_in_the_middle_of_edits_loses_none_that_was_synced(journals):
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(journals)], stdout=subprocess.PIPE, text=True
    )
    synced = int(child.stdout.readline())
    assert not left_work([journals])

    child.kill()
    child.wait()
    child.stdout.close()

    (found,) = left_work([journals]).found
    assert int(found.journal.history.now.name) >= synced
    assert not found.journal.damage
