"""An iteration in the behaviors' own code, and where it stands when one of them fails.

This is the reference that kernels have to equal. An iteration that stops half-way
is not lost: the behaviors before the one that stopped have run and will not run
again, and the next call goes on from there.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from conex_core.errors import BehaviorError, StructureError
from conex_core.star_names import advice
from conex_core.structures.base import name_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Iteration", "Ordered", "Step", "Unfinished", "ask", "failure", "is_in_given_code"]


class Ordered(Protocol):
    """What has a behavior and its key, in an order: a step, or a part of a plan."""

    @property
    def behavior(self) -> Any:
        """Return the behavior."""

    @property
    def key(self) -> float:
        """Return its place in the stack."""


class Step(NamedTuple):
    """Name one behavior in its place; its ``forward`` is bound once."""

    behavior: Any
    forward: Callable[[Any], Any]
    owner: Any
    key: float


@dataclass(frozen=True)
class Unfinished:
    """Say where an iteration stopped: ``behavior`` of ``node`` is the next to run in it."""

    iteration: int
    node: str
    behavior: str

    def __str__(self) -> str:
        return f"inside iteration {self.iteration}, at {self.behavior} of {self.node}"


class _Stop(NamedTuple):
    """Keep where an iteration stopped: which behavior is next, its key, and which ran last."""

    at: Any
    key: float
    after: Any


class Iteration:
    """Run the behaviors of a network in order, all of one iteration or what is left of it."""

    def __init__(self, network: Any) -> None:
        self.network = network
        self.running: Any = None  # the behavior whose code runs now
        self._order: Sequence[Step] | None = None
        self._stopped: _Stop | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy needs: it finds out its own order.

        One that is made while a behavior runs goes on with the behavior after it.
        """
        stopped = self._stopped
        if self.running is not None:
            step = self.next_step()
            stopped = None if step is None else _Stop(step.behavior, step.key, self.running)
        return vars(self) | {"_order": None, "_stopped": stopped, "running": None}

    @property
    def is_unfinished(self) -> bool:
        """Tell whether an iteration stopped half-way."""
        return self._stopped is not None

    def next_step(self) -> Step | None:
        """Return what the iteration goes on with that a state would be of; None between two.

        It stopped half-way, or the behavior that is running asks in the middle of it.
        """
        if self.running is None and self._stopped is None:
            return None
        order = self._order or self._prepared()
        if self.running is not None:
            if all(step.behavior is not self.running for step in order):
                problem = (
                    f"cannot tell what follows {type(self.running).__name__}, which was removed"
                )
                hint = "save or copy it before that, or between two iterations"
                raise StructureError(self.network.name, problem, hint=hint)
            place = _place_of(self.running, order) + 1
        else:
            place = self._place()
        return order[place] if place < len(order) else None

    def unfinished(self) -> Unfinished | None:
        """Return where an iteration stopped; None between two iterations."""
        if self._stopped is None:
            return None
        step = self.next_step()
        named = (name_of(step.owner), type(step.behavior).__name__) if step else ("network", "end")
        return Unfinished(int(self.network.iteration), *named)

    def forget_order(self) -> None:
        """Find out anew which behaviors there are."""
        self._order = None

    def leave(self) -> None:
        """Stand between two iterations, whatever was left of one."""
        self._stopped = None

    def stop_at(self, behavior: Any, order: Sequence[Ordered] | None = None) -> None:
        """Stand inside the iteration that the network counts, before ``behavior``.

        ``order`` is that of the iteration, where behaviors may have been removed in it.
        """
        self._stop(order or self._order or self._prepared(), behavior)

    def check_rests(self, wanted: str) -> None:
        """Raise StructureError where a behavior asks for what has to wait for its iteration."""
        if self.running is not None:
            problem = f"cannot {wanted} while {type(self.running).__name__} runs"
            raise StructureError(self.network.name, problem, hint="do it between two iterations")

    def call(self, behavior: Any, owner: Any) -> None:
        """Run one behavior; a second Ctrl-C may break it."""
        self.running = behavior
        try:
            behavior.forward(owner)
        finally:
            self.running = None

    def run(self) -> None:
        """Run one iteration, or finish the one that stopped half-way.

        Raises
        ------
        BehaviorError
            If a behavior fails; the iteration stays unfinished, at that behavior.
        """
        self._run(self._order or self._prepared())

    def run_before(self, behavior: Any) -> None:
        """Begin an iteration and stop before ``behavior``."""
        order = self._order or self._prepared()
        place = _place_of(behavior, order)
        self._run(order[:place])
        self._stop(order, behavior)

    def measure(self) -> dict[float, float]:
        """Do what :meth:`run` does; return the milliseconds spent per priority."""
        spent: dict[float, float] = {}
        self._run([_timed(step, spent) for step in self._order or self._prepared()])
        return spent

    def _run(self, order: Sequence[Step]) -> None:
        begin = 0
        if self._stopped is None:
            self.network._iteration += 1
        else:
            begin = self._place()
        step = None
        try:
            for step in order[begin:] if begin else order:
                behavior, forward, owner, _ = step
                if behavior.__dict__["behavior_enabled"]:  # the property takes longer
                    self.running = behavior
                    forward(owner)
        except BaseException as error:
            if step is not None:
                self._stop(order, step.behavior)
            if step is None or not isinstance(error, Exception):
                raise
            raise failure(step, int(self.network._iteration), error) from error
        finally:
            self.running = None
        self._stopped = None

    def _prepared(self) -> Sequence[Step]:
        """Return the bound steps of one iteration, in order."""
        network = self.network
        network.refuse_late_objects()
        self._order = [
            Step(behavior, behavior.forward, owner, key)
            for key, owner, behavior in network.sorted_behavior_execution_list
            if not behavior.empty_iteration_function
        ]
        return self._order

    def _stop(self, order: Sequence[Ordered], behavior: Any) -> None:
        place = _place_of(behavior, order)
        after = order[place - 1].behavior if place else None
        self._stopped = _Stop(behavior, order[place].key, after)

    def _place(self) -> int:
        """Return the place of the step to go on with; behaviors may have been exchanged since."""
        assert self._stopped is not None
        stop, order = self._stopped, self._order or self._prepared()
        for place, step in enumerate(order):
            if step.behavior is stop.at:
                return place
        for place, step in enumerate(order):
            if stop.after is not None and step.behavior is stop.after:
                return place + 1
        return sum(step.key < stop.key for step in order)


def _place_of(behavior: Any, order: Sequence[Ordered]) -> int:
    return next(k for k, step in enumerate(order) if step.behavior is behavior)


def _timed(step: Step, spent: dict[float, float]) -> Step:
    def forward(owner: Any) -> None:
        begin = time.perf_counter()
        step.forward(owner)
        spent[step.key] = spent.get(step.key, 0.0) + (time.perf_counter() - begin) * 1000

    return step._replace(forward=forward)


def failure(step: Step, iteration: int, error: Exception | str) -> BehaviorError:
    """Return what to raise for ``error`` of a behavior; iteration 0 is its initialisation."""
    problem = _missing(error, step.owner) or str(error) or type(error).__name__
    if isinstance(error, Exception) and (line := advice(error)):
        problem = f"{problem}. {line}"
    kind = type(step.behavior).__name__
    return BehaviorError(name_of(step.owner), kind, int(step.key), iteration, problem)


def _missing(error: Exception | str, owner: Any) -> str:
    """Return who sets what a behavior looked for; the catalog that knows loads here only."""
    if not isinstance(error, AttributeError):
        return ""
    from conex_core.structures.missing import words_for

    return words_for(error, owner)


def is_in_given_code(frame: FrameType | None) -> bool:
    """Tell whether ``frame`` runs code that a run was given: a behavior's or a callback's."""
    while frame is not None and frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code in _CALLING:
            return True
    return False


def ask(call: Callable[..., Any], *facts: object) -> Any:
    """Call what a run was given, such as a progress bar; a second Ctrl-C may break it."""
    return call(*facts)


_CALLING = {Iteration._run.__code__, Iteration.call.__code__, ask.__code__}
