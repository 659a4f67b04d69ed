"""The process of its own: what runs there, from its first to its last instruction.

It reads orders from one pipe and tells how things stand through another. Runs
follow one after the other, so that a second run finds everything imported. When
the orders end, because the window closed or died, it leaves at once.
"""

from __future__ import annotations

import gc
import logging
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conex_core.errors import ConexError
from conex_core.run.host import messages
from conex_core.run.host.feeds import Feed
from conex_core.run.host.lookout import Lookout, Patience
from conex_core.run.host.loop import Progress, RunLoop
from conex_core.run.host.memory import RingMemory

if TYPE_CHECKING:
    from conex_core.run.session import Session

__all__ = ["main"]

Order = Mapping[str, Any]
Tell = Callable[[Mapping[str, Any]], None]

REPORT_S = 0.015
LOOK_S = 0.25  # between two looks at whether the loop still comes round


def main(orders: Connection, reports: Connection, log_level: int) -> None:
    """Serve one run after the other until the orders end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the window, which ends us
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)  # whoever kills this process kills what it started as well
    teller = _Teller(reports)
    logging.getLogger().addHandler(_LogTeller(teller.tell))
    logging.getLogger().setLevel(log_level)
    runs: queue.SimpleQueue[_ChildRun] = queue.SimpleQueue()
    listener = threading.Thread(
        target=_listen, args=(orders, teller.tell, runs), name="conex-orders", daemon=True
    )
    listener.start()
    from conex_core.run.session import Session

    teller.tell({"tell": "ready"})
    while True:
        runs.get().serve(Session.of)
        gc.collect()  # before the next network needs the room


def _listen(orders: Connection, tell: Tell, runs: queue.SimpleQueue[_ChildRun]) -> None:
    """Hand every order to its run; leave with the one who gives them."""
    current: _ChildRun | None = None
    while True:
        try:
            order = messages.decoded(orders.recv_bytes())
        except (EOFError, OSError):
            os._exit(0)
        if order["do"] == "open":
            current = _ChildRun(order, tell)
            runs.put(current)
        elif current is not None and order["run"] == current.key:
            current.obey(order)


class _Teller:
    """Send reports from any thread; without a reader there is nobody to work for."""

    def __init__(self, reports: Connection) -> None:
        self._reports, self._lock = reports, threading.Lock()

    def tell(self, report: Mapping[str, Any]) -> None:
        """Send one report."""
        data = messages.encoded(report)
        try:
            with self._lock:
                self._reports.send_bytes(data)
        except OSError:
            os._exit(0)


class _LogTeller(logging.Handler):
    """Send log records to the window, whose log shows them."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record as text."""
        trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        facts = {"name": record.name, "level": record.levelno, "text": record.getMessage()}
        self._tell({"tell": "log", **facts, "trace": trace})


class _ChildRun:
    """One run here: orders come from the listener, steps from the main thread."""

    def __init__(self, order: Order, tell: Tell) -> None:
        self.key, self._order, self._send = order["run"], order, tell
        self.loop = RunLoop(order["batch_s"], self._report)
        self.loop.speed = order["speed"]
        self._lookout = Lookout(self.loop, Patience(**order["patience"]))
        self._over = threading.Event()
        self._heard = 0  # the number of the last order that set how many steps to take
        self._feeds: dict[str, tuple[Feed, RingMemory]] = {}
        self._told: tuple[Any, ...] = ()
        self._told_at = 0.0
        self._told_spikes: Mapping[str, int] = {}
        self._told_warnings = 0

    def obey(self, order: Order) -> None:
        """Carry out an order; called by the listener."""
        _ORDERS[order["do"]](self, order)

    def serve(self, open_session: Callable[..., Session]) -> None:
        """Build and step until told to end; called by the main thread."""

        def opening(progress: Progress) -> Session:
            from conex_core import catalog
            from conex_core.graph.files.project_file import from_text

            document = from_text(self._order["document"])
            base = None if self._order["base"] is None else Path(self._order["base"])
            options = self._order["options"]
            made = open_session(document, catalog.load(), base=base, progress=progress, **options)
            made.watch_learning()
            return made

        alive = threading.Thread(target=self._look, name="conex-lookout", daemon=True)
        alive.start()
        self.loop.run(opening)
        self._over.set()
        alive.join()
        self.loop.forget()
        for feed, memory in list(self._feeds.values()):
            _let_go(feed, memory)
        self._feeds.clear()
        self._tell("over")

    def _look(self) -> None:
        """Say again and again that this process is alive, and where its run hangs."""
        while not self._over.wait(LOOK_S):
            stall = self._lookout.look()
            self._tell("alive", stall=None if stall is None else vars(stall))

    def _tell(self, what: str, **facts: Any) -> None:
        self._send({"tell": what, "run": self.key, **facts})

    def _report(self) -> None:
        """Say how things stand, unless that was said a moment ago."""
        loop, heard = self.loop, self._heard
        now, spikes, state = time.monotonic(), loop.spikes, loop.state
        warnings = loop.warnings
        hurried = state in ("building", "running") and now - self._told_at < REPORT_S
        if hurried and self._told[:2] == (state, heard):
            return
        stand = (state, heard, loop.iteration, loop.progress, spikes, len(warnings))
        if stand == self._told:
            return
        new: dict[str, Any] = {} if spikes is self._told_spikes else {"spikes": dict(spikes)}
        if len(warnings) > self._told_warnings:
            new["warnings"] = [warning.to_data() for warning in warnings]
            self._told_warnings = len(warnings)
        if state == "failed" and self._told[:1] != ("failed",) and loop.error is not None:
            new["error"] = messages.error_to(loop.error)
        self._told, self._told_at, self._told_spikes = stand, now, spikes
        self._tell(
            "status",
            state=state,
            heard=heard,
            iteration=loop.iteration,
            steps_per_second=loop.steps_per_second,
            progress=loop.progress,
            **new,
        )

    # Orders

    def _go(self, order: Order) -> None:
        self.loop.go(float("inf") if order["steps"] is None else order["steps"])
        self._heard = order["number"]

    def _add(self, order: Order) -> None:
        self.loop.add(order["steps"])
        self._heard = order["number"]

    def _speed(self, order: Order) -> None:
        self.loop.set_speed(order["steps_per_s"])

    def _set(self, order: Order) -> None:
        node, item, name = order["node"], order["item"], order["name"]
        value = messages.value_from(order["value"])
        self.loop.post(lambda session: session.set_parameter(node, item, name, value))

    def _enable(self, order: Order) -> None:
        node, item, enabled = order["node"], order["item"], order["enabled"]
        self.loop.post(lambda session: session.enable_behavior(node, item, enabled))

    def _attach(self, order: Order) -> None:
        try:
            memory = RingMemory.named(order["memory"])
        except OSError as error:
            logging.getLogger(__name__).warning("a plot stays empty: %s", error)
        else:
            feed = messages.feed_from(order["facts"], memory.view)
            self._feeds[order["feed"]] = feed, memory
            self.loop.attach(feed)
        self._tell("attached", feed=order["feed"])

    def _detach(self, order: Order) -> None:
        if order["feed"] in self._feeds:
            feed, memory = self._feeds.pop(order["feed"])
            self.loop.detach(feed)
            self.loop.post(lambda _session: _let_go(feed, memory))

    def _ask(self, order: Order) -> None:
        facts = {name: messages.value_from(value) for name, value in order["facts"].items()}
        answer = self.loop.ask(order["question"], facts)
        answer.add_done_callback(lambda done: self._answer(order["number"], done))

    def _answer(self, number: int, done: Future[Any]) -> None:
        if done.cancelled():
            self._tell("answer", number=number, cancelled=True)
            return
        error = done.exception()
        if isinstance(error, ConexError):
            self._tell("answer", number=number, error=messages.error_to(error))
        else:
            self._tell("answer", number=number, value=messages.value_to(done.result()))

    def _end(self, _order: Order) -> None:
        self.loop.end()


_ORDERS: Mapping[str, Callable[[_ChildRun, Order], None]] = {
    "add": _ChildRun._add,
    "ask": _ChildRun._ask,
    "attach": _ChildRun._attach,
    "detach": _ChildRun._detach,
    "enable": _ChildRun._enable,
    "end": _ChildRun._end,
    "go": _ChildRun._go,
    "set": _ChildRun._set,
    "speed": _ChildRun._speed,
}


def _let_go(feed: Feed, memory: RingMemory) -> None:
    feed.ring.move()
    memory.close()
