"""A process of its own, seen from the window: started, listened to, reused, let go.

Two threads of this process belong to each worker, both asleep nearly always: one
starts it and sends, so that no order ever blocks whoever gives it; the other hears
what it tells.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from conex_core.run.host import child, messages

__all__ = ["Worker", "Workers"]

logger = logging.getLogger(__name__)

Hear = Callable[[Mapping[str, Any]], None]
Message = Mapping[str, Any] | Callable[[], Mapping[str, Any]]

REUSE_S = 0.3  # how long a run that just ended may take to make room for the next
FAREWELL_S = 1.0


class Worker:
    """Start one process and serve one run at a time in it.

    ``hear`` is called in a thread of the worker with every report on the run
    that it serves, and with ``{"tell": "died"}`` when the process has ended.

    Parameters
    ----------
    main : callable, optional
        What the process runs; ``child.main`` by default.
    """

    def __init__(self, main: Callable[..., None] = child.main) -> None:
        context = multiprocessing.get_context("spawn")
        theirs, self._orders = context.Pipe(duplex=False)
        self._reports, also_theirs = context.Pipe(duplex=False)
        level = logging.getLogger().getEffectiveLevel()
        self.process = context.Process(
            target=main, args=(theirs, also_theirs, level), name="conex-run", daemon=True
        )
        self._given = (theirs, also_theirs)
        self._outbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._hear: Hear | None = None
        self.is_ready = self.is_dead = False
        self.is_leaving = False  # told to; nobody may count on it any more
        self.reason = ""  # why no process could be started
        self.idle, self.gone = threading.Event(), threading.Event()
        self._threads = [
            threading.Thread(target=work, name=f"conex-worker-{what}", daemon=True)
            for what, work in (("out", self._work), ("in", self._listen))
        ]
        self._threads[0].start()

    def serve(self, hear: Hear) -> None:
        """Give what is told from now on to ``hear``; the worker is busy until it says so."""
        self.idle.clear()
        self._hear = hear

    def send(self, message: Message) -> None:
        """Send an order, or what a function then returns; never waits."""
        self._outbox.put(message)

    def end_within(self, seconds: float) -> None:
        """Kill the process unless the run that it serves is over by then."""
        self._see_to_it(self.idle, seconds)

    def leave(self) -> None:
        """Have the process leave at once; kill it if it does not, whatever it does."""
        self.is_leaving = True
        self._outbox.put(None)
        self._see_to_it(self.gone, FAREWELL_S)

    def kill(self) -> None:
        """End the process and all that it started now, stopped or not."""
        if not self.gone.is_set() and self.process.pid is not None:
            _kill_family(self.process.pid)
            self.process.kill()

    def join(self, timeout: float) -> bool:
        """Wait for the end; kill what does not leave in time; tell whether all is gone."""
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, deadline - time.monotonic()))
        if not self.is_dead:
            self.kill()
            for thread in self._threads:
                if thread.ident is not None:
                    thread.join(FAREWELL_S)
        return not any(thread.is_alive() for thread in self._threads)

    def _see_to_it(self, done: threading.Event, seconds: float) -> None:
        """Wait in a thread, which lives no longer than what it waits for."""
        if done.is_set():
            return

        def wait() -> None:
            if not done.wait(seconds):
                logger.info("a process did not end by itself and was killed")
                self.kill()

        threading.Thread(target=wait, name="conex-worker-end", daemon=True).start()

    def _work(self) -> None:
        """Start the process, then send; at the end close the pipe, which ends the process."""
        try:
            with _plain_main():
                self.process.start()
        except (OSError, RuntimeError, ValueError, AttributeError) as error:
            self.reason = str(error) or type(error).__name__
        for end in self._given:
            end.close()
        self._threads[1].start()
        with contextlib.suppress(OSError), self._orders:
            while (message := self._outbox.get()) is not None:
                self._orders.send_bytes(
                    messages.encoded(message() if callable(message) else message)
                )

    def _listen(self) -> None:
        with self._reports:
            while True:
                try:
                    report = messages.decoded(self._reports.recv_bytes())
                except (EOFError, OSError):
                    break
                self._take(report)
        self.is_dead = True
        self._outbox.put(None)
        code = None
        if not self.reason:
            self.process.join(FAREWELL_S)
            code = self.process.exitcode
        self.gone.set()
        self.idle.set()  # nobody need wait for it
        self._tell({"tell": "died", "code": code})

    def _take(self, report: Mapping[str, Any]) -> None:
        if report["tell"] == "log":
            _log(report)
        elif report["tell"] == "ready":
            self.is_ready = True
            self._tell(report)
        else:
            self._tell(report)
            if report["tell"] == "over":
                self._hear = None
                self.idle.set()

    def _tell(self, report: Mapping[str, Any]) -> None:
        hear = self._hear
        if hear is not None:
            hear(report)


class Workers:
    """Keep at most one process ready for the next run, and none left behind.

    ``main`` is what each :class:`Worker` runs.
    """

    def __init__(self, main: Callable[..., None] = child.main) -> None:
        self._main = main
        self._workers: list[Worker] = []

    def warm(self) -> None:
        """Have a process ready before it is asked for."""
        if not self._staying():
            self._new().idle.set()

    def take(self) -> Worker:
        """Return a process for a run: the one that is ready, or a new one."""
        for worker in self._staying():
            if worker.idle.wait(REUSE_S) and not worker.is_dead:
                return worker
            worker.leave()  # it is stuck in a step that nobody waits for, or in a process that died
        return self._new()

    def cool(self) -> None:
        """Let go of a process that only waits."""
        for worker in self._workers:
            if worker.idle.is_set():
                worker.leave()

    def close(self, timeout: float) -> bool:
        """Let go of every process; tell whether all of them ended."""
        deadline = time.monotonic() + timeout
        for worker in self._workers:
            worker.leave()
        self._workers = [
            worker
            for worker in self._workers
            if not worker.join(max(0.0, deadline - time.monotonic()))
        ]
        return not self._workers

    def _new(self) -> Worker:
        worker = Worker(self._main)
        self._workers.append(worker)
        return worker

    def _staying(self) -> list[Worker]:
        """Return the processes that a run can be given to."""
        self._sift()
        return [worker for worker in self._workers if not worker.is_leaving]

    def _sift(self) -> None:
        self._workers = [worker for worker in self._workers if not worker.is_dead]


def _kill_family(pid: int) -> None:
    """Kill the group that ``pid`` leads; none where it leads none, as right after its start."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getpgid(pid) == pid:
                os.killpg(pid, signal.SIGKILL)


def _log(report: Mapping[str, Any]) -> None:
    origin = logging.getLogger(report["name"])
    level, text = report["level"], report["text"]
    record = origin.makeRecord(report["name"], level, "(process)", 0, text, (), None)
    record.exc_text = report["trace"] or None
    if origin.isEnabledFor(level):
        origin.handle(record)


@contextlib.contextmanager
def _plain_main() -> Iterator[None]:
    """Keep the new process from running the program's main module again.

    It needs nothing of it, and the main module of the window would import Qt there.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
