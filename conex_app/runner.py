"""The thread around a Session: build, run, pause, step, stop; polled, never pushing.

A Runner knows no widget. Its owner calls ``status()`` from a timer and sends
commands; the thread steps the network in batches of a few milliseconds and
writes probes into rings. torch is first imported inside that thread. Nothing
is signalled per step, so hidden plots and an idle window cost nothing.

A stopped run is abandoned, not waited for: its thread ends after the batch it
is in, while the next run may already build.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from conex_app.run_thread import (
    Feed,
    Progress,
    RunState,
    RunStatus,
    RunThread,
    SpikeFeed,
    TraceFeed,
)
from conex_core.errors import ConexError
from conex_core.graph.state import Document

if TYPE_CHECKING:
    from conex_core.catalog import Catalog
    from conex_core.run.session import Session

__all__ = ["Feed", "RunState", "RunStatus", "Runner", "SpikeFeed", "TraceFeed"]

OpenSession = Callable[[Document, "Catalog", Path | None, Progress], "Session"]
Answer = TypeVar("Answer")

BATCH_S = 0.004  # long enough to pay for a batch, short enough for a click


class Runner:
    """Run one network at a time in a thread of its own.

    Parameters
    ----------
    open_session : callable, optional
        Makes the Session from (document, catalog, base folder, progress); called
        in the thread. The default plans and builds the document.
    batch_s : float
        Seconds of stepping between two looks at the commands.
    """

    def __init__(
        self, open_session: OpenSession | None = None, *, batch_s: float = BATCH_S
    ) -> None:
        self._open_session = open_session or _open_session
        self._batch_s = batch_s
        self._speed: float | None = None
        self._worker: RunThread | None = None
        self._ended: list[RunThread] = []
        self._document: Document | None = None

    @property
    def document(self) -> Document | None:
        """Return the document that the current run was made from, or None."""
        return self._document

    def start(
        self,
        document: Document,
        catalog: Catalog,
        base: Path | None = None,
        *,
        feeds: Sequence[Feed] = (),
    ) -> None:
        """Build ``document`` in a new thread and wait there for run or step."""
        self.stop()

        def opening(progress: Progress) -> Session:
            return self._open_session(document, catalog, base, progress)

        self._document = document
        self._worker = RunThread(opening, document.settings.dt, self._batch_s, feeds)
        self._worker.speed = self._speed
        self._worker.start()

    def run(self) -> None:
        """Go on until paused."""
        self._go(math.inf)

    def pause(self) -> None:
        """Hold after the batch that is under way."""
        self._go(0)

    def step(self, steps: int = 1) -> None:
        """Take ``steps`` more iterations, then hold."""
        if self._worker is not None:
            self._worker.add(steps)

    def run_for(self, ms: float) -> None:
        """Run for ``ms`` of simulated time from now, then hold."""
        dt = self._document.settings.dt if self._document is not None else 1.0
        self._go(max(1, math.ceil(ms / dt - 1e-9)))

    def stop(self) -> None:
        """End the run and forget its state."""
        if self._worker is not None:
            self._worker.end()
            self._ended.append(self._worker)
        self._ended = [worker for worker in self._ended if worker.is_alive()]
        self._worker, self._document = None, None

    def close(self, timeout: float = 1.0) -> bool:
        """Stop and wait for every thread; tell whether all of them ended."""
        self.stop()
        deadline = time.monotonic() + timeout
        for worker in self._ended:
            worker.join(max(0.0, deadline - time.monotonic()))
        self._ended = [worker for worker in self._ended if worker.is_alive()]
        return not self._ended

    def set_speed(self, steps_per_s: float | None) -> None:
        """Limit the speed; None runs as fast as it goes."""
        self._speed = steps_per_s
        if self._worker is not None:
            self._worker.speed = steps_per_s
            self._worker.wake.set()

    @property
    def speed(self) -> float | None:
        """Return the speed limit in steps per second, or None."""
        return self._speed

    def status(self) -> RunStatus:
        """Return where the run stands; cheap, for a timer."""
        if self._worker is None:
            return RunStatus()
        return self._worker.status(self._document)

    def attach(self, feed: Feed) -> None:
        """Write what ``feed`` asks for from now on."""
        if self._worker is not None:
            self._worker.attach(feed)

    def detach(self, feed: Feed) -> None:
        """Write ``feed`` no longer."""
        if self._worker is not None:
            self._worker.detach(feed)

    def set_parameter(self, node_id: str, item_id: str, name: str, value: Any) -> None:
        """Change a live parameter of the running network between two steps."""
        self._post(lambda session: session.set_parameter(node_id, item_id, name, value))

    def enable_behavior(self, node_id: str, item_id: str, enabled: bool) -> None:
        """Switch a behavior of the running network on or off between two steps."""
        self._post(lambda session: session.enable_behavior(node_id, item_id, enabled))

    def ask(self, question: Callable[[Session], Answer]) -> Future[Answer]:
        """Return the answer of the session, given between two steps."""
        answer: Future[Answer] = Future()

        def give(session: Session) -> None:
            try:
                answer.set_result(question(session))
            except ConexError as error:
                answer.set_exception(error)

        if not self._post(give):
            answer.cancel()
        return answer

    def _go(self, steps: float) -> None:
        if self._worker is not None:
            self._worker.go(steps)

    def _post(self, command: Callable[[Session], object]) -> bool:
        if self._worker is None:
            return False
        self._worker.post(command)
        return True


def _open_session(
    document: Document, catalog: Catalog, base: Path | None, progress: Progress
) -> Session:
    from conex_core.run.session import Session

    progress(0, 1, "")
    return Session.of(document, catalog, base=base, progress=progress)
