"""The loop of one run: open a session, step it in batches, do what it is told between them.

One thread calls ``run``; everything else may be called from any thread. Commands
are applied between two batches, and how things stand is read from plain
attributes that the loop alone sets.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from conex_core.errors import ConexError
from conex_core.run.host.feeds import Feed, probe_of
from conex_core.run.host.pace import Meter, Pace
from conex_core.run.host.questions import QUESTIONS

if TYPE_CHECKING:
    from conex_core.run.host.status import RunState
    from conex_core.run.run_warning import RunWarning
    from conex_core.run.session import Session

__all__ = ["Opening", "Progress", "RunLoop"]

logger = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]
Opening = Callable[[Progress], "Session"]

COUNT_S = 0.1


class Cancelled(BaseException):
    """Leave a build that nobody waits for any more; no behavior's own handler may stop it."""


class RunLoop:
    """Step one session as it is told.

    Parameters
    ----------
    batch_s : float
        Seconds of stepping between two looks at the commands.
    turned : callable
        Called by the loop whenever something may have changed.
    """

    def __init__(self, batch_s: float, turned: Callable[[], None] = lambda: None) -> None:
        self.batch_s, self._turned = batch_s, turned
        self.wake = threading.Event()
        self.speed: float | None = None
        self.iteration = 0
        self.error: Exception | None = None
        self.session: Session | None = None
        self.progress: tuple[float, str] = (0.0, "")
        self.spikes: Mapping[str, int] = {}
        self.warnings: tuple[RunWarning, ...] = ()
        self.turns = 0  # how often it came round; a lookout sees by that whether it hangs
        self.thread_id: int | None = None  # of who steps, as long as it does
        self.is_obeying = False
        self._lock = threading.Lock()
        self._todo: float = 0
        self._ending = self._over = False
        self._commands: list[Callable[[Session], object]] = []
        self._unanswered: set[Future[Any]] = set()
        self._probes: dict[Feed, Any] = {}
        self._meter = Meter()
        self._counted = 0.0

    # Told from anywhere

    def go(self, steps: float) -> None:
        """Have ``steps`` more iterations done, from now; infinity means until told else."""
        with self._lock:
            self._todo = steps
        self.wake.set()

    def add(self, steps: int) -> None:
        """Add to the iterations that are still to do."""
        with self._lock:
            self._todo = steps if math.isinf(self._todo) else self._todo + steps
        self.wake.set()

    def set_speed(self, steps_per_s: float | None) -> None:
        """Limit the speed; None runs as fast as it goes."""
        self.speed = steps_per_s
        self.wake.set()

    def end(self) -> None:
        """Leave after the batch that is under way."""
        self._ending = True
        self.wake.set()

    def post(self, command: Callable[[Session], object]) -> None:
        """Have ``command`` called between two steps."""
        with self._lock:
            self._commands.append(command)
        self.wake.set()

    def attach(self, feed: Feed) -> None:
        """Write ``feed`` from the next batch on."""
        self.post(lambda session: self._open_feed(session, feed))

    def detach(self, feed: Feed) -> None:
        """Write ``feed`` no longer."""
        self.post(lambda session: self._close_feed(session, feed))

    def ask(self, question: str, facts: Mapping[str, Any]) -> Future[Any]:
        """Return the answer to one of the ``QUESTIONS``; cancelled where the run is over."""
        answer: Future[Any] = Future()
        asked = QUESTIONS[question]

        def give(session: Session) -> None:
            try:
                answer.set_result(asked(session, **facts))
            except ConexError as error:
                answer.set_exception(error)
            self._unanswered.discard(answer)

        with self._lock:
            if self._over:
                answer.cancel()
                return answer
            self._unanswered.add(answer)
        self.post(give)
        return answer

    def forget(self) -> None:
        """Let go of the network of a run that is over."""
        self.session = self.error = None
        self._probes.clear()
        self._commands.clear()

    # How it stands

    @property
    def state(self) -> RunState:
        """Return what the loop does."""
        if self.error is not None:
            return "failed"
        if self.session is None:
            return "building"
        return "running" if self._todo > 0 else "paused"

    @property
    def steps_per_second(self) -> float:
        """Return how fast it went lately; 0 where it rests."""
        return self._meter.rate if self.state == "running" else 0.0

    # The loop

    def run(self, opening: Opening) -> None:
        """Open a session and step it until told to end."""
        self.thread_id = threading.get_ident()
        try:
            _leave_a_core()
            self.session = opening(self._report)
            self._turned()  # before the first batch, which may hang
            self._steps(self.session)
        except Cancelled:
            pass
        except ConexError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 - the loop's door: reported, never lost
            self._fail(error)
        self._leave()

    def _steps(self, session: Session) -> None:
        pace = Pace()
        while not self._ending:
            self.turns += 1
            self.wake.clear()
            todo = self._obey(session)
            due, pause = pace.due(self.speed, todo, self.iteration)
            if due:
                self._advance(session, due)
            else:
                self._rest(session, pause)

    def _advance(self, session: Session, due: int) -> None:
        done = session.advance(due, self.batch_s)
        self.iteration, self.warnings = session.iteration, session.warnings
        self._meter.count(done)
        now = time.monotonic()
        if now - self._counted > COUNT_S:
            self._count(session, now)
        with self._lock:
            self._todo = max(0, self._todo - done)
        if session.error is not None:
            self._fail(session.error)
        else:
            self._turned()

    def _rest(self, session: Session, pause: float) -> None:
        self.iteration = session.iteration
        if self._todo == 0 or self.error is not None:
            self._meter.rest()
            self._count(session, 0.0)
        self._turned()
        self.wake.wait(pause)

    def _count(self, session: Session, now: float) -> None:
        self.spikes = {group.name: group.spikes for group in session.result().groups}
        self._counted = now

    def _obey(self, session: Session) -> float:
        """Call what was posted; return how many iterations were to be done by then.

        Both are taken at once: what was posted before the word to go comes first.
        """
        with self._lock:
            commands, self._commands, todo = self._commands, [], self._todo
        self.is_obeying = bool(commands)
        for command in commands:
            try:
                command(session)
            except ConexError as error:
                logger.warning("%s", error)
        self.is_obeying = False
        return 0 if self.error is not None else todo

    def _open_feed(self, session: Session, feed: Feed) -> None:
        probe = probe_of(session, feed)
        if probe is not None:
            session.attach(probe)
            self._probes[feed] = probe

    def _close_feed(self, session: Session, feed: Feed) -> None:
        probe = self._probes.pop(feed, None)
        if probe is not None:
            session.detach(probe)

    def _report(self, done: int, of: int, doing: str) -> None:
        if self._ending:
            raise Cancelled
        self.turns += 1
        self.progress = (done / max(of, 1), doing)
        self._turned()

    def _fail(self, error: Exception) -> None:
        logger.error("the run failed: %s", error, exc_info=error)
        self.error = error
        self._turned()

    def _leave(self) -> None:
        self.thread_id = None
        with self._lock:
            self._over = True
            unanswered, self._unanswered = self._unanswered, set()
        for answer in unanswered:
            answer.cancel()


def _leave_a_core() -> None:
    """Let torch compute on one core less than there are: the window paints on that one.

    Threads that share an operation wait for the slowest of them, and the one that
    shares its core with the window is slow: on two cores that costs most of the speed.
    """
    import torch

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    torch.set_num_threads(max(1, min(torch.get_num_threads(), (cores or 1) - 1)))
