"""Plan: which steps of an iteration kernels take over, which Python goes on calling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch

from conex_core.run.engine.builder import FLAGS, ProgramBuilder
from conex_core.run.engine.copies import Place, Ring
from conex_core.run.engine.guard import Guard, finite, questions, unmoved
from conex_core.run.engine.lowering import is_ours, lower
from conex_core.run.engine.program import Attributes, Program, Row
from conex_core.run.engine.taken import Cell, Given, NotFused, Taken

__all__ = ["Called", "EnginePlan", "Fused", "Part", "plan"]

_CHECKED = ("v", "I")  # what must stay finite after Python had its way


@dataclass(frozen=True)
class Part:
    """Say who runs one behavior; ``reason`` is empty where a kernel does."""

    owner: Any
    behavior: Any
    key: float
    reason: str = ""


@dataclass
class Fused:
    """Hold the rows from ``first`` to before ``last``."""

    first: int
    last: int


@dataclass
class Called:
    """Hold a behavior that Python calls, and what it may be expected to change."""

    part: Part
    number: int  # its place among the parts of the plan
    touched: tuple[Any, ...]
    is_ours: bool
    attributes: Attributes = field(default_factory=lambda: Attributes(()))
    conditions: tuple[Callable[[], bool], ...] = ()
    places: tuple[Place, ...] = ()
    taken: tuple[Taken, ...] = ()

    def complete(self, program: Program, places: Iterable[Place]) -> None:
        """Note which attributes and rings it may reach."""
        own = {id(item) for item in self.touched}
        watched = program.watched.values()
        self.attributes = Attributes(item for item in watched if id(item.host) in own)
        self.taken = tuple(item for item in program.taken.values() if id(item.host) in own)
        self.places = tuple(place for place in places if place.depth > 1)
        conditions = [holds for host, holds in program.conditions if id(host) in own]
        listed = [place for place in places if place.depth > 1 or isinstance(place, Ring)]
        self.conditions = (*(place.is_followed for place in listed), *conditions)

    def has_disturbed(self) -> bool:
        """Tell whether it changed what no attribute shows: a place in a ring, an index."""
        for holds in self.conditions:  # noqa: SIM110  # all() of a generator takes longer
            if not holds():
                return True
        return False


@dataclass
class EnginePlan:
    """Hold a finished program and the pieces of an iteration, in order.

    ``checks`` maps a row that refused to the call of Python before it, ``guards``
    the same for rows that found memory moved.
    """

    program: Program
    builder: ProgramBuilder
    parts: tuple[Part, ...]
    pieces: list[Fused | Called]
    checks: dict[int, Called] = field(default_factory=dict)
    guards: dict[int, list[Called]] = field(default_factory=dict)
    looks: dict[int, Guard] = field(default_factory=dict)
    entry: int = 0  # the row that looks at all memory at once
    attributes: Attributes = field(default_factory=lambda: Attributes(()))

    @property
    def is_pure(self) -> bool:
        """Tell whether no iteration needs Python."""
        return all(isinstance(piece, Fused) for piece in self.pieces)

    def complete(self) -> None:
        """Note, for every call, what it may reach, and tell the guards what to look at."""
        watched, missed = self.program.watched.values(), self.program.missed
        self.attributes = Attributes((*watched, *missed))
        for piece in self.pieces:
            if isinstance(piece, Called):
                piece.complete(self.program, self.builder.places())
        for number, calls in self.guards.items():
            near = {id(item): item for called in calls for item in called.taken}
            far = [item for item in self.program.taken.values() if id(item) not in near]
            self._aim(number, Guard(list(near.values()), far))
        if questions():
            self._aim(self.entry, Guard(list(self.program.taken.values()), []))

    def is_unmoved(self) -> bool:
        """Tell whether all memory is where rows expect it."""
        if questions():
            return self.program.call(self.entry)
        return all(taken.is_kept() for taken in self.program.taken.values())

    def _aim(self, number: int, guard: Guard) -> None:
        self.looks[number] = guard
        row: Row = self.program.rows[number]
        row.given.update(near=guard.near, far=guard.far, **guard.sizes)

    def note(self, taken: Taken) -> None:
        """Let rows and guards count on where ``taken`` is now."""
        self.program.move(taken)
        for guard in self.looks.values():
            guard.note(taken)


def plan(network: Any) -> EnginePlan:
    """Return the plan for ``network``, which is initialised; its program is to be finished."""
    steps = [
        (key, owner, behavior)
        for key, owner, behavior in network.sorted_behavior_execution_list
        if not behavior.empty_iteration_function
    ]
    made = _Planning(network, mixed=False, stale=set()).run(steps)
    if not made.is_pure:
        # Once more, with Python in between, until what it leaves stale is known.
        made = _Planning(network, mixed=True, stale=set()).run(steps)
        made = _Planning(network, mixed=True, stale=made.builder.stale).run(steps)
    return made


class _Planning:
    """Go through the steps of an iteration, in order."""

    def __init__(self, network: Any, mixed: bool, stale: set[tuple[int, str]]) -> None:
        self.network = network
        self.builder = ProgramBuilder(network, mixed, stale)
        self.program = self.builder.program
        self.plan = EnginePlan(self.program, self.builder, (), [])
        self._unguarded: list[Called] = []

    def run(self, steps: Iterable[Any]) -> EnginePlan:
        parts = []
        if questions():
            self._add_look().is_chosen = lambda: False  # it is called by itself
        for number, (key, owner, behavior) in enumerate(steps):
            begin = len(self.program.rows)
            part = self._step(number, key, owner, behavior, begin)
            parts.append(part)
            for row in self.program.rows[begin:]:
                row.key, row.owner = key, owner
            self._extend(begin, len(self.program.rows))
        begin = len(self.program.rows)
        self._guard()
        self._extend(begin, len(self.program.rows))
        self.plan.parts = tuple(parts)
        return self.plan

    def _step(self, number: int, key: float, owner: Any, behavior: Any, begin: int) -> Part:
        pending, before = self._unguarded, self.builder.bookmark()
        try:
            self._guard()
            first = len(self.program.rows)
            lower(behavior, owner, self.builder)
            if len(self.program.rows) == first:  # nothing to run: the next rows are guarded
                self._take_back(begin, pending)
            return Part(owner, behavior, key)
        except NotFused as why:
            self._take_back(begin, pending)
            self.builder.go_back(before)
            part = Part(owner, behavior, key, str(why))
            self._call(part, number)
            return part

    def _take_back(self, begin: int, pending: list[Called]) -> None:
        del self.program.rows[begin:]
        self._unguarded = pending
        self.plan.guards.pop(begin, None)

    def _call(self, part: Part, number: int) -> None:
        touched = tuple(_reach(self.network, part.owner))
        called = Called(part, number, touched, is_ours(part.behavior))
        self.plan.pieces.append(called)
        self._unguarded.append(called)
        for item in touched:
            for name in FLAGS:
                if name in vars(item):
                    self.builder.spoil(item, name)
        if not called.is_ours:  # what ours leave is what they leave without kernels
            self._check(called)

    def _check(self, called: Called) -> None:
        """Let a kernel look at what a behavior of a user may have spoilt."""
        for item in called.touched:
            for name in _CHECKED:
                values = vars(item).get(name)
                if isinstance(values, torch.Tensor) and values.dtype is torch.float32:
                    self._check_one(called, item, name)

    def _check_one(self, called: Called, item: Any, name: str) -> None:
        try:
            taken = self.program.take(item, name)
        except NotFused:
            return  # no kernel reads it either
        if len(taken.shape) == 1:
            begin = len(self.program.rows)
            self._guard()
            self.plan.checks[len(self.program.rows)] = called
            self.program.add(finite, behavior=called.part.behavior, values=taken)
            self._extend(begin, len(self.program.rows))

    def _guard(self) -> None:
        """Have the rows that follow guarded against what Python did before them."""
        if self._unguarded and questions():
            self.plan.guards[len(self.program.rows)] = self._unguarded
            self._add_look()
            self._unguarded = []

    def _add_look(self) -> Row:
        """Append a guard, which is told later what to look at."""
        empty: Given = {"near": Cell(0), "far": Cell(0), "many": 0, "others": 0}
        return self.program.add(unmoved, asked=Cell(*questions()), said=Cell(0), **empty)

    def _extend(self, begin: int, end: int) -> None:
        pieces = self.plan.pieces
        last = pieces[-1] if pieces else None
        if begin == end:
            return
        if isinstance(last, Fused):
            last.last = max(last.last, end)
        else:
            pieces.append(Fused(begin, end))


def _reach(network: Any, owner: Any) -> Iterator[Any]:
    """Yield the objects that a behavior of ``owner`` may be expected to change."""
    if owner is network or (not hasattr(owner, "afferent_synapses") and not hasattr(owner, "src")):
        yield from network.all_objects()
        return
    yield owner
    for end in (getattr(owner, "src", None), getattr(owner, "dst", None)):
        if end is not None and end is not owner:
            yield end
    yield network  # a reward is often told by a group
