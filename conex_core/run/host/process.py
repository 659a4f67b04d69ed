"""The host in a process of its own: its steps never wait for a window that paints.

The process builds the network itself from the text of the document, and writes
what it samples into memory that both share. What comes back through the pipe is
how the run stands, answers, and log records.
"""

from __future__ import annotations

import logging
import math
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conex_core.errors import ProcessError, ProjectError
from conex_core.graph.files.project_file import to_text
from conex_core.graph.model.document import Document, new_id
from conex_core.run.host import messages
from conex_core.run.host.lookout import Patience, Silence
from conex_core.run.host.memory import RingMemory
from conex_core.run.host.status import (
    HostKind,
    RunState,
    RunStatus,
    Stall,
    failed_node,
    node_of,
)
from conex_core.run.run_warning import RunWarning

if TYPE_CHECKING:
    from conex_core.run.host.feeds import Feed
    from conex_core.run.host.protocol import Host
    from conex_core.run.host.worker import Worker

__all__ = ["ProcessHost"]

logger = logging.getLogger(__name__)

Report = Mapping[str, Any]

END_S = 1.5  # for the batch under way; whatever does not come back by then is killed

KEPT = "The drawing is as you left it; Run starts it again"
KILLED = "Often that means that the memory ran out: make the network smaller, or record less"
CRASHED = (
    "Compiled code or a library failed; with Run › Engine › Reference everything runs in Python"
)
CRASHES = ("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV")


class ProcessHost:
    """Run one document in a worker.

    ``refused`` says why the process could not be started or joined to memory;
    nothing was built then, and another host can take over.

    Parameters
    ----------
    worker : Worker
        Is busy until this run is over.
    problems_of : callable
        Returns the problems of a document that cannot run.
    base : path, optional
        The project's folder.
    batch_s : float
        Seconds of stepping between two looks at the orders.
    options : mapping, optional
        What else the process passes to ``Session.of``, as plain values.
    note : str
        Why the run is here though it was wanted elsewhere; empty where it was not.
    patience : Patience, optional
        When the run counts as not answering.

    Raises
    ------
    OSError
        If there is no shared memory for ``feeds``.
    """

    kind: HostKind = "process"

    def __init__(
        self,
        worker: Worker,
        document: Document,
        problems_of: Callable[[Document], Sequence[Any]],
        base: Path | None,
        batch_s: float,
        feeds: Sequence[Feed] = (),
        options: Mapping[str, Any] | None = None,
        note: str = "",
        patience: Patience | None = None,
    ) -> None:
        self.key, self.refused, self.note = new_id("run"), "", note
        self._patience = patience or Patience()
        self._silence = Silence()
        self._stall: Stall | None = None
        self._worker, self._document, self._problems_of = worker, document, problems_of
        self._opening = {
            "base": None if base is None else str(base),
            "batch_s": batch_s,
            "options": dict(options or {}),
            "patience": vars(self._patience),
        }
        self._speed: float | None = None
        self._stand: Report = {"state": "building", "heard": 0, "iteration": 0}
        self._spikes: Mapping[str, int] = {}
        self._warnings: tuple[RunWarning, ...] = ()
        self._error: Exception | None = None
        self._ending, self._over = False, threading.Event()
        self._number = self._asked = 0
        self._wished = 0.0
        self._changes: list[Callable[[Host], None]] = []  # until the process is there
        self._answers: dict[int, Future[Any]] = {}
        self._feeds: dict[Feed, tuple[str, RingMemory]] = {}
        self._unjoined: dict[str, RingMemory] = {}  # by feed: what still needs its name
        try:
            for feed in feeds:
                self._share(feed)
        except OSError:
            self._bring_home()
            raise

    def start(self) -> None:
        """Begin to build; then wait for steps."""
        self._silence.hear()
        self._worker.serve(self._hear)
        self._worker.send(self._open_order)
        for feed in self._feeds:
            self._send_feed(feed)
        if self._worker.is_dead:
            self._lose(None)

    def go(self, steps: float) -> None:
        """Have ``steps`` more iterations done, from now; infinity means until told else."""
        self._wished = steps
        self._send_steps("go", None if math.isinf(steps) else steps)

    def add(self, steps: int) -> None:
        """Add to the iterations that are still to do."""
        self._wished += steps
        self._send_steps("add", steps)

    def set_speed(self, steps_per_s: float | None) -> None:
        """Limit the speed; None runs as fast as it goes."""
        self._speed = steps_per_s
        self._send("speed", steps_per_s=steps_per_s)

    def end(self) -> None:
        """Leave after the batch that is under way; what feeds hold stays there."""
        self._ending = True
        self._send("end")
        self._worker.end_within(END_S)
        self._bring_home()

    @property
    def feeds(self) -> list[Feed]:
        """Return what is written now."""
        return list(self._feeds)

    def join(self, timeout: float) -> None:
        """Wait until the run is over, at most ``timeout`` seconds."""
        self._over.wait(timeout)

    def is_alive(self) -> bool:
        """Tell whether the process is still busy with this run."""
        return not self._over.is_set()

    def set_parameter(self, node_id: str, item_id: str, name: str, value: Any) -> None:
        """Change a live parameter between two steps; a value that is refused is logged."""
        self._remember(lambda host: host.set_parameter(node_id, item_id, name, value))
        plain = messages.value_to(value)
        self._send("set", node=node_id, item=item_id, name=name, value=plain)

    def enable_behavior(self, node_id: str, item_id: str, enabled: bool) -> None:
        """Switch a behavior on or off between two steps."""
        self._remember(lambda host: host.enable_behavior(node_id, item_id, enabled))
        self._send("enable", node=node_id, item=item_id, enabled=enabled)

    def attach(self, feed: Feed) -> None:
        """Write what ``feed`` asks for from now on."""
        try:
            self._share(feed)
        except OSError as error:
            logger.warning("a plot stays empty: %s", error)
        else:
            self._send_feed(feed)

    def detach(self, feed: Feed) -> None:
        """Write ``feed`` no longer."""
        if feed in self._feeds:
            key, memory = self._feeds.pop(feed)
            self._send("detach", feed=key)
            _bring_home(feed, memory)

    def ask(self, question: str, **facts: Any) -> Future[Any]:
        """Return the answer to one of the ``QUESTIONS``, given between two steps."""
        answer: Future[Any] = Future()
        if self._over.is_set():
            answer.cancel()
            return answer
        self._number += 1
        self._answers[self._number] = answer
        plain = {name: messages.value_to(value) for name, value in facts.items()}
        self._send("ask", number=self._number, question=question, facts=plain)
        return answer

    def status(self, document: Document | None) -> RunStatus:
        """Return how the run stands; ``document`` names the node that failed."""
        stand, error = self._stand, self._error
        state, stall = self._state(stand), self._stalled()
        done, doing = stand.get("progress") or (0.0, "")
        return RunStatus(
            state=state,
            run=self.key,
            iteration=stand["iteration"],
            sim_ms=stand["iteration"] * self._document.settings.dt,
            steps_per_second=stand["steps_per_second"] if state == "running" else 0.0,
            error=error,
            node=failed_node(error, document) or node_of(stall, document),
            problems=error.problems if isinstance(error, ProjectError) else (),
            progress=done,
            doing=doing,
            spikes=self._spikes,
            host=self.kind,
            note=self.note,
            stall=stall,
            warnings=self._warnings,
        )

    def hand_over(self, host: Host) -> None:
        """Tell another host, which takes over, everything that this one was told."""
        self._ending = True
        self._bring_home()
        host.set_speed(self._speed)
        for change in self._changes:
            change(host)
        host.go(self._wished)

    # Orders

    def _open_order(self) -> Report:
        text = to_text(self._document)  # here, because it takes long where much is drawn
        speed = self._speed  # what is told before this order is there meets no run
        return {"do": "open", "run": self.key, "document": text, "speed": speed} | self._opening

    def _send(self, what: str, **facts: Any) -> None:
        self._worker.send({"do": what, "run": self.key, **facts})

    def _send_steps(self, what: str, steps: float | None) -> None:
        self._number += 1
        self._asked = self._number
        self._send(what, steps=steps, number=self._number)

    def _share(self, feed: Feed) -> None:
        promised = sum(each.ring.nbytes for each in self._feeds)
        memory = RingMemory.made(feed.ring.nbytes, promised=promised)
        feed.ring.move(memory.view)
        key = new_id("feed")
        self._feeds[feed], self._unjoined[key] = (key, memory), memory

    def _send_feed(self, feed: Feed) -> None:
        key, memory = self._feeds[feed]
        self._send("attach", feed=key, memory=memory.name, facts=messages.feed_to(feed))

    def _remember(self, change: Callable[[Host], None]) -> None:
        if not self._worker.is_ready:
            self._changes.append(change)

    def _bring_home(self) -> None:
        """Let every ring keep what it holds in memory of this process alone."""
        while self._feeds:
            feed, (_, memory) = self._feeds.popitem()
            _bring_home(feed, memory)

    # Reports; these run in a thread of the worker

    def _hear(self, report: Report) -> None:
        self._silence.hear()
        what = report["tell"]
        if what == "died":
            self._lose(report["code"])
        elif report.get("run") == self.key:
            _REPORTS[what](self, report)

    def _take_status(self, report: Report) -> None:
        self._spikes = report.get("spikes", self._spikes)
        if "warnings" in report:
            self._warnings = tuple(map(RunWarning.from_data, report["warnings"]))
        if "error" in report:
            self._error = self._error_from(report["error"])
        self._stand, self._stall = report, None

    def _take_sign(self, report: Report) -> None:
        self._stall = None if report["stall"] is None else Stall(**report["stall"])

    def _take_joined(self, report: Report) -> None:
        self._unjoined.pop(report["feed"]).forget_name()

    def _take_answer(self, report: Report) -> None:
        answer = self._answers.pop(report["number"])
        with suppress(InvalidStateError):  # whoever asked gave up meanwhile
            if "error" in report:
                answer.set_exception(messages.error_from(report["error"]))
            elif "value" in report:
                answer.set_result(messages.value_from(report["value"]))
            else:
                answer.cancel()

    def _take_over(self, _report: Report) -> None:
        self._over.set()

    def _lose(self, code: int | None) -> None:
        """Take note that the process has ended."""
        if not self._over.is_set():
            if not self._worker.is_ready:
                self.refused = self._worker.reason or f"it {_ending_of(code)}"
            elif not self._ending:
                problem = f"The process that ran this network {_ending_of(code)}"
                self._error = ProcessError(problem, hint=_hint_of(code))
                logger.error("%s", self._error)
        while self._unjoined:
            self._unjoined.popitem()[1].forget_name()
        while self._answers:
            self._answers.popitem()[1].cancel()
        self._over.set()

    def _stalled(self) -> Stall | None:
        """Return where the run hangs, or that the process has gone silent altogether."""
        silent = self._silence.seconds()
        if self._over.is_set() or self._error is not None:
            return None
        patience = self._patience
        if silent < (patience.silent_s if self._worker.is_ready else patience.starting_s):
            return self._stall
        known = self._stall or Stall(0, self._stand["iteration"])
        return replace(known, seconds=known.seconds + int(silent), where="silent")

    def _state(self, stand: Report) -> RunState:
        """Return what the run does; what it was told last counts before it was heard."""
        if self._error is not None:
            return "failed"
        state: RunState = stand["state"]
        if state in ("running", "paused") and stand["heard"] != self._asked:
            return "running" if self._wished > 0 else "paused"
        return state

    def _error_from(self, data: Report) -> Exception:
        if data["kind"] == ProjectError.__name__:
            return ProjectError(self._problems_of(self._document))
        return messages.error_from(data)


_REPORTS: Mapping[str, Callable[[ProcessHost, Report], None]] = {
    "alive": ProcessHost._take_sign,
    "answer": ProcessHost._take_answer,
    "attached": ProcessHost._take_joined,
    "over": ProcessHost._take_over,
    "status": ProcessHost._take_status,
}


def _bring_home(feed: Feed, memory: RingMemory) -> None:
    feed.ring.move()
    memory.close()


def _ending_of(code: int | None) -> str:
    if code is None or code >= 0:
        return "ended unexpectedly" + (f" with exit code {code}" if code else "")
    name = signal.Signals(-code).name
    return f"{'crashed' if name in CRASHES else 'was killed'} ({name})"


def _hint_of(code: int | None) -> str:
    """Return what to do about a process that ended like that."""
    if code is None or code >= 0:
        return KEPT
    name = signal.Signals(-code).name
    reason = KILLED if name == "SIGKILL" else CRASHED if name in CRASHES else ""
    return f"{reason}. {KEPT}" if reason else KEPT
