"""Tell when a run does not come round any more, and where it is then.

Looked at from another thread than the one that steps. Nothing is noted while all
goes well but that the loop came round: where a thread hangs is read from its
frames once it is late.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any, Protocol

from conex_core.run.host.status import RunState, Stall

__all__ = ["Lookout", "Patience", "Silence", "Whereabouts", "place_of"]

LAPSE_S = 1.0  # whoever did not look for so long knows nothing of what happened meanwhile
SLOW = 3.0  # a run whose last turn took long is late after so many times of that
MOST_S = 30.0


@dataclass(frozen=True)
class Patience:
    """Say for how many seconds a run may be busy before it counts as not answering.

    Building is slow here and there, compiling one kernel may be slow, and so is what
    somebody asked for between two steps, such as saving. ``silent_s`` is for a process
    that tells nothing at all, ``starting_s`` for one that has yet to import everything.
    """

    running_s: float = 2.0
    building_s: float = 5.0
    compiling_s: float = 120.0
    asked_s: float = 30.0
    silent_s: float = 2.5
    starting_s: float = 30.0


class TurningLoop(Protocol):
    """What a lookout looks at: a loop that counts how often it came round."""

    turns: int
    iteration: int
    progress: tuple[float, str]
    thread_id: int | None
    is_obeying: bool

    @property
    def state(self) -> RunState:
        """Return what the loop does."""


@dataclass(frozen=True)
class Whereabouts:
    """Hold where a thread is: in a behavior of an object, in kernels, or compiling one."""

    behavior: str = ""
    owner: str = ""
    key: str = ""
    iteration: int | None = None
    compiling: str = ""
    is_compiled: bool = False


class Silence:
    """Measure for how long nothing was heard, as long as somebody listened."""

    def __init__(self) -> None:
        self._heard = self._listened = time.monotonic()

    def hear(self) -> None:
        """Take note that something was heard."""
        self._heard = time.monotonic()

    def seconds(self) -> float:
        """Return for how long nothing was heard; to be asked often."""
        now = time.monotonic()
        if now - self._listened > LAPSE_S:
            self._heard = now
        self._listened = now
        return now - self._heard


class Lookout:
    """Look at a loop several times a second and tell where it is stuck."""

    def __init__(self, loop: TurningLoop, patience: Patience) -> None:
        self._loop, self._patience = loop, patience
        self._silence = Silence()
        self._turns, self._slowest = -1, 0.0

    def look(self) -> Stall | None:
        """Return where the loop is, if it has not come round for too long."""
        loop, late = self._loop, self._silence.seconds()
        if loop.turns != self._turns:
            self._turns, self._slowest = loop.turns, late
            self._silence.hear()
            return None
        thread = loop.thread_id
        if thread is None or late < min(self._patience.running_s, self._patience.building_s):
            return None
        place = place_of(thread)
        return self._stall(place, late) if late >= self._limit(place) else None

    def _limit(self, place: Whereabouts) -> float:
        patience, loop = self._patience, self._loop
        if place.compiling:
            return patience.compiling_s
        if loop.state == "building":
            return patience.building_s
        if loop.is_obeying:
            return patience.asked_s
        return max(patience.running_s, min(SLOW * self._slowest, MOST_S))

    def _stall(self, place: Whereabouts, late: float) -> Stall:
        is_building = self._loop.state == "building"
        iteration = self._loop.iteration if place.iteration is None else place.iteration
        return Stall(
            seconds=int(late),
            iteration=0 if is_building else iteration,
            behavior=place.behavior,
            owner=place.owner,
            key=place.key,
            where="building" if is_building else "compiled" if place.is_compiled else "step",
            doing=self._loop.progress[1] if is_building else "",
        )


def place_of(thread_id: int) -> Whereabouts:
    """Return where a thread of this process is now; the outermost behavior counts."""
    frames = list(_outwards(sys._current_frames().get(thread_id)))
    found = (_place_in(frame, _argument(frame, 0)) for frame in reversed(frames))
    return next((place for place in found if place is not None), Whereabouts())


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _place_in(frame: FrameType, first: Any) -> Whereabouts | None:
    """Return the place that a frame with this first argument stands for, if any."""
    name = frame.f_code.co_name
    if isinstance(first, _class_of("pymonntorch.NetworkCore.Behavior", "Behavior")):
        owner = _argument(frame, 1)
        now = getattr(getattr(owner, "network", None), "_iteration", None)
        return Whereabouts(type(first).__name__, _name(owner), _key(owner), now)
    if isinstance(first, _class_of("conex_core.run.engine.program", "Program")):
        if name == "run_all":
            return _compiled(first, first.rows)
        if name == "run":
            return _compiled(first, first.rows[_argument(frame, 1) : _argument(frame, 2)])
    if frame.f_globals.get("__name__") == "conex_core.run.engine.compiling":
        return Whereabouts(compiling=str(getattr(first, "name", "") or name))
    return None


def _compiled(program: Any, rows: Sequence[Any]) -> Whereabouts:
    """Return which behaviors kernels stand for, and whose they are if all have one owner."""
    told = [row for row in rows if row.behavior is not None]
    owners = {id(row.owner): row.owner for row in told}
    owner = next(iter(owners.values())) if len(owners) == 1 else None
    behaviors = ", ".join(dict.fromkeys(type(row.behavior).__name__ for row in told))
    now = int(program.iteration.value)
    return Whereabouts(behaviors, _name(owner), _key(owner), now, is_compiled=True)


def _key(owner: Any) -> str:
    key = getattr(owner, "key", "")
    return key if isinstance(key, str) else ""


def _name(owner: Any) -> str:
    naming: Any = getattr(sys.modules.get("conex_core.behavior"), "name_of", None)
    has_name = naming is not None and bool(getattr(owner, "tags", None))
    return str(naming(owner)) if has_name else ""


def _class_of(module: str, name: str) -> type[Any] | tuple[()]:
    """Return a class where it is loaded; importing here could wait for who hangs."""
    found = getattr(sys.modules.get(module), name, ())
    return found if isinstance(found, type) else ()


def _argument(frame: FrameType, place: int) -> Any:
    code = frame.f_code
    if place >= code.co_argcount:
        return None
    return frame.f_locals.get(code.co_varnames[place])
