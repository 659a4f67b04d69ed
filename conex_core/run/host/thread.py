"""The host in a thread of this process: right for batches that let go of Python's lock."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from conex_core.errors import ProjectError
from conex_core.graph.model.document import new_id
from conex_core.run.host.lookout import Lookout, Patience
from conex_core.run.host.loop import Opening, RunLoop
from conex_core.run.host.status import HostKind, RunStatus, failed_node, node_of

if TYPE_CHECKING:
    from conex_core.graph.model.document import Document
    from conex_core.run.host.feeds import Feed

__all__ = ["ThreadHost"]


class ThreadHost:
    """Run one session in a thread.

    Parameters
    ----------
    opening : callable
        Makes the session; called in the thread.
    dt : float, ms
    batch_s : float
        Seconds of stepping between two looks at the commands.
    note : str
        Why the run is here though it was wanted elsewhere; empty where it was not.
    patience : Patience, optional
        When the run counts as not answering.
    """

    kind: HostKind = "thread"

    def __init__(
        self,
        opening: Opening,
        dt: float,
        batch_s: float,
        feeds: Sequence[Feed] = (),
        note: str = "",
        patience: Patience | None = None,
    ) -> None:
        self.key, self.dt, self.note = new_id("run"), dt, note
        self.loop = RunLoop(batch_s)
        self._lookout = Lookout(self.loop, patience or Patience())
        self._thread = threading.Thread(
            target=self.loop.run, args=(opening,), name="conex-run", daemon=True
        )
        for feed in feeds:
            self.loop.attach(feed)

    def start(self) -> None:
        """Begin to build; then wait for steps."""
        self._thread.start()

    def go(self, steps: float) -> None:
        """Have ``steps`` more iterations done, from now; infinity means until told else."""
        self.loop.go(steps)

    def add(self, steps: int) -> None:
        """Add to the iterations that are still to do."""
        self.loop.add(steps)

    def set_speed(self, steps_per_s: float | None) -> None:
        """Limit the speed; None runs as fast as it goes."""
        self.loop.set_speed(steps_per_s)

    def end(self) -> None:
        """Leave after the batch that is under way."""
        self.loop.end()

    def join(self, timeout: float) -> None:
        """Wait until the thread has ended, at most ``timeout`` seconds."""
        self._thread.join(timeout)

    def is_alive(self) -> bool:
        """Tell whether the thread is still at work."""
        return self._thread.is_alive()

    def set_parameter(self, node_id: str, item_id: str, name: str, value: Any) -> None:
        """Change a live parameter between two steps; a value that is refused is logged."""
        self.loop.post(lambda session: session.set_parameter(node_id, item_id, name, value))

    def enable_behavior(self, node_id: str, item_id: str, enabled: bool) -> None:
        """Switch a behavior on or off between two steps."""
        self.loop.post(lambda session: session.enable_behavior(node_id, item_id, enabled))

    def attach(self, feed: Feed) -> None:
        """Write what ``feed`` asks for from now on."""
        self.loop.attach(feed)

    def detach(self, feed: Feed) -> None:
        """Write ``feed`` no longer."""
        self.loop.detach(feed)

    def ask(self, question: str, **facts: Any) -> Future[Any]:
        """Return the answer to one of the ``QUESTIONS``, given between two steps."""
        return self.loop.ask(question, facts)

    def status(self, document: Document | None) -> RunStatus:
        """Return how the run stands; ``document`` names the node that failed."""
        loop = self.loop
        error, iteration, stall = loop.error, loop.iteration, self._lookout.look()
        return RunStatus(
            state=loop.state,
            run=self.key,
            iteration=iteration,
            sim_ms=iteration * self.dt,
            steps_per_second=loop.steps_per_second,
            error=error,
            node=failed_node(error, document) or node_of(stall, document),
            problems=error.problems if isinstance(error, ProjectError) else (),
            progress=loop.progress[0],
            doing=loop.progress[1],
            spikes=loop.spikes,
            host=self.kind,
            note=self.note,
            stall=stall,
            warnings=loop.warnings,
        )
