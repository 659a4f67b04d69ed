"""Plan: which steps of an iteration kernels take over, which Python goes on calling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter, is_
from typing import Any

import torch

from conex_core.run.engine.draft import Draft
from conex_core.run.engine.lowering import lower
from conex_core.run.engine.mirrors import Place
from conex_core.run.engine.program import NotFused, Program, Watched

__all__ = ["Called", "Fused", "Part", "Plan", "plan"]

_CHECKED = ("v", "I")  # what must stay finite after Python had its way
_FLAGS = ("spikes", "pre_spike", "post_spike")


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
    """Hold a behavior that Python calls, and what it may reach."""

    part: Part
    touched: tuple[Any, ...]
    watched: tuple[Watched, ...] = ()
    places: tuple[Place, ...] = ()
    _holders: tuple[_Holder, ...] = ()

    def watch(self, watched: Iterable[Watched], places: Iterable[Place]) -> None:
        """Note which tensors and rings it may reach."""
        own = {id(item): item for item in self.touched}
        self.watched = tuple(item for item in watched if id(item.owner) in own)
        self.places = tuple(place for place in places if place.ring.depth > 1)
        found = ([item for item in self.watched if item.owner is owner] for owner in own.values())
        self._holders = tuple(_Holder(items) for items in found if items)

    def has_replaced(self) -> bool:
        """Tell whether an attribute no longer holds the tensor that kernels work on."""
        return not all(holder.is_kept() for holder in self._holders)


class _Holder:
    """Look at many attributes of one object at once: this is done in every iteration."""

    def __init__(self, watched: Sequence[Watched]) -> None:
        self._owner = watched[0].owner
        # The first one twice: the getter of a single name would give no tuple.
        twice = [watched[0], *watched]
        self._get = attrgetter(*(item.name for item in twice))
        self._tensors = [item.tensor for item in twice]

    def is_kept(self) -> bool:
        try:
            return all(map(is_, self._get(self._owner), self._tensors))
        except AttributeError:  # it was deleted
            return False


@dataclass
class Plan:
    """Hold a finished program and the pieces of an iteration, in order.

    ``checks`` maps a row that refused to the call of Python before it.
    """

    program: Program
    draft: Draft
    parts: tuple[Part, ...]
    pieces: list[Fused | Called]
    checks: dict[int, Called] = field(default_factory=dict)

    @property
    def is_pure(self) -> bool:
        """Tell whether no iteration needs Python."""
        return all(isinstance(piece, Fused) for piece in self.pieces)


def plan(network: Any) -> Plan:
    """Return the plan for ``network``, which is initialised."""
    steps = [
        (key, owner, behavior)
        for key, owner, behavior in network.sorted_behavior_execution_list
        if not behavior.empty_iteration_function
    ]
    made = _planned(network, steps, mixed=False, stale=set())
    if not made.is_pure:
        # Once more, with Python in between, until what it leaves stale is known.
        made = _planned(network, steps, mixed=True, stale=set())
        made = _planned(network, steps, mixed=True, stale=made.draft.stale)
    return made


def _planned(network: Any, steps: Iterable[Any], mixed: bool, stale: set[int]) -> Plan:
    draft = Draft(network, mixed, stale)
    made = Plan(draft.program, draft, (), [])
    parts = []
    for key, owner, behavior in steps:
        begin = len(draft.program.rows)
        try:
            lower(behavior, owner, draft)
            parts.append(Part(owner, behavior, key))
        except NotFused as why:
            del draft.program.rows[begin:]
            parts.append(Part(owner, behavior, key, str(why)))
            _call(made, parts[-1])
            begin = len(draft.program.rows)
            _check(made)
        for row in draft.program.rows[begin:]:
            row.key, row.owner = key, owner
        _extend(made.pieces, begin, len(draft.program.rows))
    made.parts = tuple(parts)
    _complete(made)
    return made


def _extend(pieces: list[Fused | Called], begin: int, end: int) -> None:
    if begin == end:
        return
    last = pieces[-1] if pieces else None
    if isinstance(last, Fused):
        last.last = end
    else:
        pieces.append(Fused(begin, end))


def _call(made: Plan, part: Part) -> None:
    touched = tuple(_reach(made.draft.network, part.owner))
    made.pieces.append(Called(part, touched))
    for item in touched:
        for name in _FLAGS:
            flags = getattr(item, name, None)
            if isinstance(flags, torch.Tensor):
                made.draft.spoil(flags)


def _check(made: Plan) -> None:
    """Let a kernel look at what Python may have spoilt."""
    called = made.pieces[-1]
    assert isinstance(called, Called)
    for item in called.touched:
        for name in _CHECKED:
            values = getattr(item, name, None)
            if isinstance(values, torch.Tensor) and values.dtype is torch.float32:
                made.checks[len(made.program.rows)] = called
                made.program.add(
                    "finite",
                    values.numel(),
                    made.program.attribute(item, name),
                    behavior=called.part.behavior,
                )


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


def _complete(made: Plan) -> None:
    """Note, for every call, the tensors and rings that it may reach."""
    watched = list(made.program.watched.values())
    for piece in made.pieces:
        if isinstance(piece, Called):
            piece.watch(watched, made.draft.places())
