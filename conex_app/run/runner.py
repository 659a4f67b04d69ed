"""The one run of the window: started, paused, stepped, stopped; polled, never pushing.

A Runner knows no widget. Its owner calls ``status()`` from a timer and sends
commands; a host steps the network and fills rings, in a thread or in a process of
its own (``conex_core.run.host``). Nothing is signalled per step, so hidden plots
and an idle window cost nothing.

A stopped run is abandoned, not waited for: it ends after the batch it is in,
while the next run may already build.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conex_core.counting import iterations_of
from conex_core.errors import ParameterError
from conex_core.graph.model.document import Document
from conex_core.run.host import (
    EventFeed,
    Feed,
    Host,
    Patience,
    ProcessHost,
    RunIn,
    RunState,
    RunStatus,
    ThreadHost,
    TraceFeed,
    Workers,
)
from conex_core.run.host.loop import Progress
from conex_core.run.planning import plan

if TYPE_CHECKING:
    from conex_core.catalog import Catalog
    from conex_core.run.compiled import EngineName
    from conex_core.run.session import Session

__all__ = [
    "EventFeed",
    "Feed",
    "RunState",
    "RunStatus",
    "Runner",
    "TraceFeed",
    "checked_duration",
    "checked_speed",
    "checked_steps",
]

logger = logging.getLogger(__name__)

OpenSession = Callable[[Document, "Catalog", Path | None, Progress], "Session"]

BATCH_S = 0.004  # long enough to pay for a batch, short enough for a click
PROCESS_BATCH_S = 0.012  # nobody waits for the lock there
STUCK_S = 2.0  # a thread that was told to end and is there after that hangs
ELSEWHERE = "because an earlier run in the window's process cannot be ended"


class Runner:
    """Run one network at a time, beside the thread that paints.

    Parameters
    ----------
    open_session : callable, optional
        Makes the Session from (document, catalog, base folder, progress); called
        in the thread, so such a run needs the window's process. The default plans
        and builds the document.
    batch_s : float
        Seconds of stepping in a thread between two looks at the commands.
    run_in : callable, optional
        Returns where the user wants runs to take place, asked at every start; by
        default that is the window's process.
    engine : callable, optional
        Returns who is to run the iterations, as ``Session.of`` takes it, asked at
        every start; None leaves it to the network.
    patience : Patience, optional
        When a run counts as not answering.
    """

    def __init__(
        self,
        open_session: OpenSession | None = None,
        *,
        batch_s: float = BATCH_S,
        run_in: Callable[[], RunIn] = lambda: "window",
        engine: Callable[[], EngineName | None] = lambda: None,
        patience: Patience | None = None,
    ) -> None:
        self._open_session = open_session
        self._run_in: Callable[[], RunIn] = run_in if open_session is None else lambda: "window"
        self._batch_s, self._engine, self._patience = batch_s, engine, patience
        self._speed: float | None = None
        self._host: Host | None = None
        self._until = 0.0  # the iteration that was asked for
        self._ended: list[tuple[Host, float]] = []  # and from when on each is stuck
        self._workers = Workers()
        self._project: tuple[Document, Catalog, Path | None] | None = None

    @property
    def document(self) -> Document | None:
        """Return the document that the current run was made from, or None."""
        return self._project[0] if self._project is not None else None

    def warm(self, document: Document, catalog: Catalog) -> None:
        """Have a process ready where a run of ``document`` would take place in one."""
        if self._host is None and self._run_in() == "process":
            self._workers.warm()

    def cool(self) -> None:
        """Let go of a process that only waits for the next run."""
        self._workers.cool()

    def start(
        self,
        document: Document,
        catalog: Catalog,
        base: Path | None = None,
        *,
        feeds: Sequence[Feed] = (),
    ) -> None:
        """Build ``document`` in the background and wait there for run or step."""
        self.stop()
        self._until = 0.0
        self._project = (document, catalog, base)
        if self._run_in() == "process":
            self._host = self._in_process(feeds)
        elif self.is_stuck and self._open_session is None:
            self._host = self._in_process(feeds, f"Runs in a process of its own, {ELSEWHERE}.")
        else:
            self._host = self._in_thread(feeds)
        self._host.set_speed(self._speed)
        self._host.start()

    def run(self) -> None:
        """Go on until paused."""
        self._go(math.inf)

    def pause(self) -> None:
        """Hold after the batch that is under way."""
        self._go(0)

    def hold(self) -> Callable[[], None]:
        """Pause, and return what goes on to where the run was meant to go."""
        if self.status().state != "running":
            return lambda: None
        until = self._until
        self.pause()
        return lambda: self._go(max(until - self.status().iteration, 0))

    def step(self, steps: int = 1) -> None:
        """Take ``steps`` more iterations, then hold; ParameterError where there are none."""
        checked_steps(steps)
        if self._host is not None:
            here = self.status().iteration
            left = 0.0 if math.isinf(self._until) else max(self._until - here, 0)
            self._until = here + left + steps
            self._host.add(steps)

    def run_for(self, ms: float) -> None:
        """Run for ``ms`` of simulated time from now, then hold; ParameterError where it is none."""
        checked_duration(ms)
        dt = self.document.settings.dt if self.document is not None else 1.0
        self._go(iterations_of(ms, dt))

    def stop(self) -> None:
        """End the run and forget its state."""
        if self._host is not None:
            stuck_from = time.monotonic() + (0.0 if self.status().stall is not None else STUCK_S)
            self._host.end()
            self._ended.append((self._host, stuck_from))
        self._sift()
        self._host = self._project = None

    @property
    def is_stuck(self) -> bool:
        """Tell whether a thread of this process runs on that nobody waits for or can end."""
        self._sift()
        now = time.monotonic()
        return any(host.kind == "thread" and now >= late for host, late in self._ended)

    def close(self, timeout: float = 1.0) -> bool:
        """Stop and wait for every thread and process; tell whether all of them ended."""
        self.stop()
        deadline = time.monotonic() + timeout
        gone = self._workers.close(timeout)
        for host, _ in self._ended:
            host.join(max(0.0, deadline - time.monotonic()))
        self._sift()
        return gone and not self._ended

    def set_speed(self, steps_per_s: float | None) -> None:
        """Limit the speed; None runs as fast as it goes; ParameterError where it is no speed."""
        checked_speed(steps_per_s)
        self._speed = steps_per_s
        if self._host is not None:
            self._host.set_speed(steps_per_s)

    @property
    def speed(self) -> float | None:
        """Return the speed limit in steps per second, or None."""
        return self._speed

    def status(self) -> RunStatus:
        """Return where the run stands; cheap, for a timer."""
        if isinstance(self._host, ProcessHost) and self._host.refused:
            self._fall_back(self._host)
        return RunStatus() if self._host is None else self._host.status(self.document)

    def attach(self, feed: Feed) -> None:
        """Write what ``feed`` asks for from now on."""
        if self._host is not None:
            self._host.attach(feed)

    def detach(self, feed: Feed) -> None:
        """Write ``feed`` no longer."""
        if self._host is not None:
            self._host.detach(feed)

    def set_parameter(self, node_id: str, item_id: str, name: str, value: Any) -> None:
        """Change a live parameter of the running network between two steps."""
        if self._host is not None:
            self._host.set_parameter(node_id, item_id, name, value)

    def enable_behavior(self, node_id: str, item_id: str, enabled: bool) -> None:
        """Switch a behavior of the running network on or off between two steps."""
        if self._host is not None:
            self._host.enable_behavior(node_id, item_id, enabled)

    def ask(self, question: str, **facts: Any) -> Future[Any]:
        """Return the answer to one of ``run.host.questions``; cancelled without a run."""
        if self._host is not None:
            return self._host.ask(question, **facts)
        answer: Future[Any] = Future()
        answer.cancel()
        return answer

    def _sift(self) -> None:
        self._ended = [(host, late) for host, late in self._ended if host.is_alive()]

    def _go(self, steps: float) -> None:
        if self._host is not None:
            self._until = self.status().iteration + steps
            self._host.go(steps)

    def _in_thread(self, feeds: Sequence[Feed], note: str = "") -> ThreadHost:
        assert self._project is not None
        document, catalog, base = self._project

        open_session = self._open_session or partial(_open_session, self._engine())

        def opening(progress: Progress) -> Session:
            return open_session(document, catalog, base, progress)

        dt, patience = document.settings.dt, self._patience
        return ThreadHost(opening, dt, self._batch_s, feeds, note, patience)

    def _in_process(self, feeds: Sequence[Feed], note: str = "") -> Host:
        assert self._project is not None
        document, catalog, base = self._project

        def problems_of(failed: Document) -> Sequence[Any]:
            return plan(failed, catalog).errors

        worker, batch, options = self._workers.take(), PROCESS_BATCH_S, {"engine": self._engine()}
        try:
            return ProcessHost(
                *(worker, document, problems_of, base, batch, feeds, options),
                note=note,
                patience=self._patience,
            )
        except OSError as error:
            worker.leave()
            return self._in_thread(feeds, _told(error.strerror or str(error)))

    def _fall_back(self, refusing: ProcessHost) -> None:
        """Go on in a thread where no process could be started."""
        host = self._in_thread(refusing.feeds, _told(refusing.refused))
        refusing.hand_over(host)
        self._host = host
        host.start()


def checked_duration(ms: float) -> float:
    """Return a simulated time to run for; ParameterError where it is none."""
    if not (math.isfinite(ms) and ms > 0):
        raise ParameterError("Run for", "must be a time above 0 ms", ms)
    return ms


def checked_steps(steps: int) -> int:
    """Return how many iterations to take; ParameterError where it is no such number."""
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise ParameterError("Step", "must be a whole number of iterations, 1 or above", steps)
    return steps


def checked_speed(steps_per_s: float | None) -> float | None:
    """Return a limit of the speed; ParameterError where it is none."""
    if steps_per_s is not None and not (math.isfinite(steps_per_s) and steps_per_s > 0):
        raise ParameterError("Speed limit", "must be above 0 steps per second", steps_per_s)
    return steps_per_s


def _told(reason: str) -> str:
    note = f"Runs in the window's process, because one of its own could not be used: {reason}"
    logger.warning("%s", note)
    return note


def _open_session(
    engine: EngineName | None,
    document: Document,
    catalog: Catalog,
    base: Path | None,
    progress: Progress,
) -> Session:
    from conex_core.run.session import Session

    progress(0, 1, "Building")
    session = Session.of(document, catalog, engine=engine, base=base, progress=progress)
    session.watch_learning()
    return session
