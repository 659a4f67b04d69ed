"""Runs in a thread and in a process, for tests that hold for both."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from conex_core import catalog, examples
from conex_core.graph import edits
from conex_core.graph.model.document import Document
from conex_core.run.compiled import EngineName
from conex_core.run.host import Feed, Host, ProcessHost, RunStatus, ThreadHost, Workers
from conex_core.run.host.lookout import Patience
from conex_core.run.session import Session
from tests.run.host import breakable

GROUP = "n_neurons"
WAIT_S = 30.0


def document() -> Document:
    """Return the smallest example, with a competition that lets everybody win."""
    doc = examples.load("smallest")
    return edits.add_behavior(
        doc, GROUP, "KWTA", params={"k": 100}, catalog=catalog.load(), item_id="b_kwta"
    )


@dataclass
class Run:
    """Hold a host and ask it until it has come so far."""

    host: Host
    document: Document

    @property
    def status(self) -> RunStatus:
        return self.host.status(self.document)

    def until(self, reached: Callable[[RunStatus], bool]) -> RunStatus:
        wait_for(lambda: reached(self.status))
        return self.status

    def until_state(self, *states: str) -> RunStatus:
        return self.until(lambda status: status.state in states)

    def stepped(self, steps: int) -> RunStatus:
        """Take steps from here and return where that led."""
        end = self.status.iteration + steps
        self.host.add(steps)
        return self.until(lambda status: (status.iteration, status.state) == (end, "paused"))

    def asked(self, question: str, **facts: Any) -> Any:
        return self.host.ask(question, **facts).result(WAIT_S)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Lend one process to all tests of a module."""
    made = Workers(breakable.main)
    made.warm()
    wait_for(lambda: made.take().is_ready)
    yield made
    assert made.close(10.0)


@pytest.fixture(params=["thread", "process"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


Started = Callable[..., Run]


@pytest.fixture
def started(kind: str, workers: Workers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    """Return a function that starts a run of either kind; all end with the test."""
    breakable.make_breakable(monkeypatch.setattr)
    runs: list[Run] = []

    def start(doc: Document | None = None, feeds: tuple[Feed, ...] = ()) -> Run:
        doc = doc or document()
        runs.append(Run(host_of(kind, workers, doc, feeds), doc))
        runs[-1].host.start()
        return runs[-1]

    yield start
    for run in runs:
        run.host.end()
        run.host.join(WAIT_S)
        assert not run.host.is_alive()


def wait_for(reached: Callable[[], object]) -> None:
    """Look again and again, for half a minute at most."""
    deadline = time.monotonic() + WAIT_S
    while not reached():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)


def host_of(
    kind: str,
    workers: Workers,
    doc: Document,
    feeds: tuple[Feed, ...] = (),
    patience: Patience | None = None,
    engine: EngineName | None = None,
) -> Host:
    """Return a host that is not started yet."""
    if kind == "process":
        return ProcessHost(
            workers.take(),
            doc,
            lambda _doc: ("a problem",),
            None,
            0.005,
            feeds,
            {"engine": engine},
            patience=patience,
        )

    def opening(progress: Any) -> Session:
        return Session.of(doc, catalog.load(), engine=engine, progress=progress)

    return ThreadHost(opening, doc.settings.dt, 0.005, feeds, patience=patience)
