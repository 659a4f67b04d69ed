"""The thread of one run: build a session, step it in batches, write its feeds.

Used by ``conex_app.runner`` alone. Commands are applied between two batches;
what the window shows is read from plain attributes, which one writer sets.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from conex_core.errors import BehaviorError, ConexError, ProjectError
from conex_core.graph.flatten import flatten
from conex_core.graph.state import Document, new_id
from conex_core.run.ring import EventRing, TraceRing

if TYPE_CHECKING:
    from conex_core.run.session import Session

__all__ = ["Feed", "Progress", "RunState", "RunStatus", "RunThread", "SpikeFeed", "TraceFeed"]

logger = logging.getLogger(__name__)

RunState = Literal["idle", "building", "running", "paused", "failed"]
Progress = Callable[[int, int, str], None]

IDLE_S = 0.2
COUNT_S = 0.1
CATCH_UP_S = 0.25  # a throttled run that is later than this starts counting anew


@dataclass(frozen=True, eq=False)
class SpikeFeed:
    """Ask for the spikes of a node, written to ``ring``."""

    node: str
    ring: EventRing = field(default_factory=lambda: EventRing(1 << 20))


@dataclass(frozen=True, eq=False)
class TraceFeed:
    """Ask for ``variable`` of some neurons of a node, written to ``ring``."""

    node: str
    ring: TraceRing
    variable: str = "v"
    neurons: tuple[int, ...] = (0,)


Feed = SpikeFeed | TraceFeed


@dataclass(frozen=True)
class RunStatus:
    """Hold what the window shows of a run at one moment.

    ``node`` is the id of the node that failed, when one did. ``progress`` goes
    from 0 to 1 while building and ``doing`` says what is built. ``spikes`` counts
    those of each group, by name, since the start.
    """

    state: RunState = "idle"
    run: str = ""
    iteration: int = 0
    sim_ms: float = 0.0
    steps_per_second: float = 0.0
    error: Exception | None = None
    node: str | None = None
    problems: tuple[Any, ...] = ()
    progress: float = 0.0
    doing: str = ""
    spikes: Mapping[str, int] = field(default_factory=dict)


class Cancelled(Exception):
    """Leave a build that nobody waits for any more."""


class RunThread(threading.Thread):
    """Build one session and step it until told to end.

    ``opening`` makes the session; it is called in the thread. Everything public
    may be called from any thread.
    """

    def __init__(
        self,
        opening: Callable[[Progress], Session],
        dt: float,
        batch_s: float,
        feeds: Sequence[Feed],
    ) -> None:
        super().__init__(name="conex-run", daemon=True)
        self.key = new_id("run")
        self.opening, self.dt, self.batch_s = opening, dt, batch_s
        self.wake = threading.Event()
        self.speed: float | None = None
        self.iteration = 0
        self.error: Exception | None = None
        self.session: Session | None = None
        self.progress: tuple[float, str] = (0.0, "")
        self._lock = threading.Lock()
        self._todo: float = 0
        self._ending = False
        self._commands: list[Callable[[Session], object]] = []
        self._probes: dict[Feed, Any] = {}
        self._meter = _Meter()
        self._spikes: Mapping[str, int] = {}
        self._counted = 0.0
        for feed in feeds:
            self.attach(feed)

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

    def status(self, document: Document | None) -> RunStatus:
        """Return where the run stands; ``document`` names the node that failed."""
        if self.error is not None:
            state: RunState = "failed"
        elif self.session is None:
            state = "building"
        else:
            state = "running" if self._todo > 0 else "paused"
        return RunStatus(
            state=state,
            run=self.key,
            iteration=self.iteration,
            sim_ms=self.iteration * self.dt,
            steps_per_second=self._meter.rate if state == "running" else 0.0,
            error=self.error,
            node=_failed_node(self.error, document),
            problems=self.error.problems if isinstance(self.error, ProjectError) else (),
            progress=self.progress[0],
            doing=self.progress[1],
            spikes=self._spikes,
        )

    def run(self) -> None:
        """Do the work of the thread."""
        try:
            session = self.opening(self._report)
            self.session = session
            self._steps(session)
        except Cancelled:
            return
        except ConexError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 - the loop's door: reported, never lost
            self._fail(error)

    def _steps(self, session: Session) -> None:
        pace = Pace()
        while not self._ending:
            self.wake.clear()
            self._obey(session)
            todo = 0 if self.error is not None else self._todo
            due, pause = pace.due(self.speed, todo, self.iteration)
            if due:
                self._advance(session, due)
            else:
                self._rest(session, pause)

    def _advance(self, session: Session, due: int) -> None:
        done = session.advance(due, self.batch_s)
        self.iteration = session.iteration
        self._meter.count(done)
        now = time.monotonic()
        if now - self._counted > COUNT_S:
            self._count(session, now)
        with self._lock:
            self._todo = max(0, self._todo - done)
        if session.error is not None:
            self._fail(session.error)

    def _rest(self, session: Session, pause: float) -> None:
        if self._todo == 0 or self.error is not None:
            self._meter.rest()
            self._count(session, 0.0)
        self.wake.wait(pause)

    def _count(self, session: Session, now: float) -> None:
        self._spikes = {group.name: group.spikes for group in session.result().groups}
        self._counted = now

    def _obey(self, session: Session) -> None:
        with self._lock:
            commands, self._commands = self._commands, []
        for command in commands:
            try:
                command(session)
            except ConexError as error:
                logger.warning("%s", error)

    def _open_feed(self, session: Session, feed: Feed) -> None:
        probe = _probe_of(session, feed)
        if probe is not None:
            self._probes[feed] = probe
            session.attach(probe)

    def _close_feed(self, session: Session, feed: Feed) -> None:
        probe = self._probes.pop(feed, None)
        if probe is not None:
            session.detach(probe)

    def _report(self, done: int, of: int, doing: str) -> None:
        if self._ending:
            raise Cancelled
        self.progress = (done / max(of, 1), doing)

    def _fail(self, error: Exception) -> None:
        logger.error("the run failed: %s", error, exc_info=error)
        self.error = error


class Pace:
    """Say how many steps are due under a speed limit."""

    def __init__(self) -> None:
        self._speed: float | None = None
        self._origin = (0.0, 0)

    def due(self, speed: float | None, todo: float, iteration: int) -> tuple[int, float]:
        """Return the steps to take now and, when none, how long to wait."""
        if todo <= 0:
            self._speed = None
            return 0, IDLE_S
        most = 1 << 20 if math.isinf(todo) else int(todo)
        if not speed:
            return most, 0.0
        return self._limited(speed, most, iteration)

    def _limited(self, speed: float, most: int, iteration: int) -> tuple[int, float]:
        now = time.monotonic()
        start, first = self._origin
        late = (now - start) - (iteration - first) / speed
        if speed != self._speed or late > CATCH_UP_S:
            self._speed, self._origin = speed, (now, iteration)
            return 1, 0.0
        due = int(late * speed) + 1
        if late < 0:
            return 0, min(-late, IDLE_S)
        return min(due, most), 0.0


class _Meter:
    """Measure steps per second over the last quarter of a second."""

    def __init__(self) -> None:
        self.rate = 0.0
        self.rest()

    def rest(self) -> None:
        self._since, self._steps = 0.0, 0

    def count(self, steps: int) -> None:
        now = time.perf_counter()
        if not self._since:
            self._since = now
            return
        self._steps += steps
        elapsed = now - self._since
        if elapsed >= 0.25:
            self.rate, self._since, self._steps = self._steps / elapsed, now, 0


def _probe_of(session: Session, feed: Feed) -> Any:
    from conex_core.run.probe import SpikeProbe, TraceProbe

    found = session.objects.get(feed.node)
    group = getattr(found, "sensory_pop", None) or found  # an input layer spikes with it
    if group is None:
        logger.warning("nothing to show: the running network has no node %s", feed.node)
        return None
    if isinstance(feed, SpikeFeed):
        return SpikeProbe(group, ring=feed.ring)
    return TraceProbe(group, variable=feed.variable, neurons=feed.neurons, ring=feed.ring)


def _failed_node(error: Exception | None, document: Document | None) -> str | None:
    if not isinstance(error, BehaviorError) or document is None:
        return None
    nodes = flatten(document).document.network.nodes.values()
    return next((node.id for node in nodes if error.node in (node.id, node.name)), None)
