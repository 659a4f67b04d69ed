"""A behavior that never comes back, here or in a process of its own."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

from conex_core.graph import edits
from conex_core.graph.model.document import Document
from conex_core.run.host import child
from conex_core.run.host.lookout import Patience
from tests.run.host.conftest import GROUP, document

HURRIED = Patience(running_s=0.4, building_s=0.6, silent_s=0.8)

free = threading.Event()  # lets loops of this process end, so that no test leaves a thread


def loop() -> None:
    while not free.is_set():
        pass


def wait_for_itself() -> None:
    lock = threading.Lock()
    lock.acquire()
    while not lock.acquire(timeout=0.05):
        if free.is_set():
            return


def swallow_everything() -> None:
    while not free.is_set():
        with contextlib.suppress(BaseException):  # as bad plugins do
            time.sleep(0.01)


def keep_the_lock() -> None:
    sum(range(10**13))  # one call that never lets go of Python's lock


NEVER, LOOPS, WAITS, SWALLOWS, KEEPS_THE_LOCK, LOOPS_AT_FIRST = 100, 16, 17, 18, 19, 20

# By the k of a KWTA: what its forward does, and what its initialize does.
IN_FORWARD: dict[int, Callable[[], None]] = {
    LOOPS: loop,
    WAITS: wait_for_itself,
    SWALLOWS: swallow_everything,
    KEEPS_THE_LOCK: keep_the_lock,
}
IN_INITIALIZE: dict[int, Callable[[], None]] = {LOOPS_AT_FIRST: loop}


def make_hanging(setter: Any = setattr) -> None:
    """Let KWTA hang where its ``k`` says so, in iteration 4 or while it is initialised."""
    from conex_core.behaviors.neurons.competition import KWTA

    forward, initialize = KWTA.forward, KWTA.initialize

    def hanging_forward(self: KWTA, owner: Any) -> None:
        if self.k in IN_FORWARD and owner.network.iteration == 4:
            IN_FORWARD[self.k]()
        forward(self, owner)

    def hanging_initialize(self: KWTA, owner: Any) -> None:
        if self.k in IN_INITIALIZE:
            IN_INITIALIZE[self.k]()
        initialize(self, owner)

    setter(KWTA, "forward", hanging_forward)
    setter(KWTA, "initialize", hanging_initialize)


def main(*pipes: Any) -> None:
    """Serve runs in which KWTA can hang."""
    make_hanging()
    child.main(*pipes)


def hangs(k: int) -> Document:
    """Return the smallest example with a KWTA that hangs as ``k`` says."""
    return edits.set_behavior_param(document(), GROUP, "b_kwta", "k", k)
