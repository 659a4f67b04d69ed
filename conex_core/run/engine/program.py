"""A program: rows of addresses and numbers that the compiled loop runs.

Every row is checked against the declaration of its kernel before an address is
taken. A program keeps alive what the rows point at, and knows where each tensor
came from, so that one that was replaced can be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import is_
from typing import Any

import numpy as np
import torch

from conex_core.run.engine import compiling
from conex_core.run.engine.driving import drive
from conex_core.run.engine.kernel import Kernel
from conex_core.run.engine.signature import WIDTH
from conex_core.run.engine.taken import Cell, Given, NotFused, Taken, check_apart, fit

__all__ = ["Attributes", "Live", "Program", "Row", "Watched", "nothing", "taken_of"]

Live = Callable[[], Mapping[str, float]]  # tells arguments as they are now


@dataclass(frozen=True)
class Watched:
    """Name what an attribute held when the program was made; ``host`` is the object it is of."""

    owner: Any
    name: str
    value: Any
    host: Any


class Attributes:
    """Look at many attributes at once, as often as Python takes part in an iteration."""

    def __init__(self, watched: Iterable[Watched]) -> None:
        self.watched = list(watched)
        # In dicts, because a property may have more to do than to tell.
        self._held = [vars(item.owner) for item in self.watched]
        self._names = [item.name for item in self.watched]
        self._values = [item.value for item in self.watched]

    def are_kept(self) -> bool:
        """Tell whether all hold what they held."""
        return all(map(is_, map(dict.get, self._held, self._names), self._values))

    def count_on(self, item: Watched) -> None:
        """Expect another value of an attribute from now on."""
        for place, known in enumerate(self.watched):
            if known.owner is item.owner and known.name == item.name:
                self.watched[place], self._values[place] = item, item.value


@dataclass(eq=False)
class Row:
    """Hold one call of a kernel, with its arguments by name."""

    kernel: Kernel
    given: Given
    live: Live
    behavior: Any = None  # that has to be enabled
    is_chosen: Callable[[], bool] | None = None  # a further condition
    key: float | None = None  # the place of its behavior in the order, and the object that has it
    owner: Any = None

    def is_on(self) -> bool:
        """Tell whether the row takes part at present."""
        enabled = self.behavior is None or bool(self.behavior.behavior_enabled)
        return enabled and (self.is_chosen is None or self.is_chosen())

    def is_apart(self) -> bool:
        """Tell whether none of its tensors share memory."""
        try:
            check_apart(self.memory)
        except NotFused:
            return False
        return True

    @property
    def memory(self) -> list[Taken]:
        """Return the tensors that it works on."""
        return [value for value in self.given.values() if isinstance(value, Taken)]


def nothing() -> Mapping[str, float]:
    """Return no arguments."""
    return {}


class Program:
    """Collect rows, then run parts of them."""

    def __init__(self, network: Any) -> None:
        self.network = network
        self.iteration = Cell(0)
        self.rows: list[Row] = []
        self.watched: dict[tuple[int, str], Watched] = {}
        self.taken: dict[tuple[int, str], Taken] = {}
        self.missed: list[Watched] = []  # what kept behaviors from being fused
        self.conditions: list[tuple[Any, Callable[[], bool]]] = []  # of an object, beside tensors
        self._table = np.zeros((0, WIDTH), np.int64)
        self._uses: dict[int, list[tuple[int, int]]] = {}

    def add(
        self,
        kernel: Kernel,
        *,
        live: Live = nothing,
        behavior: Any = None,
        is_chosen: Callable[[], bool] | None = None,
        **given: int | Taken | Cell,
    ) -> Row:
        """Append a call of ``kernel``, with all of its arguments by name.

        Sizes that a tensor tells need not be given.

        Raises
        ------
        NotFused
            If a tensor is not what the kernel takes.
        """
        _check(kernel, given, live)
        row = Row(kernel, given, live, behavior, is_chosen)
        check_apart(row.memory)
        self.rows.append(row)
        return row

    def watch(self, owner: Any, name: str, host: Any = None) -> Any:
        """Return an attribute of ``owner``, which must stay the same object from now on."""
        value = vars(owner).get(name)
        host = owner if host is None else host
        self.watched[id(owner), name] = Watched(owner, name, value, host)
        return value

    def take(self, owner: Any, name: str, host: Any = None) -> Taken:
        """Return a tensor of ``owner``, which is watched from now on."""
        key = (id(owner), name)
        if key not in self.taken:
            self.taken[key] = taken_of(self.watch(owner, name, host), name, owner, host)
        return self.taken[key]

    def finish(self, laid: Sequence[Row] = ()) -> None:
        """Compile what the rows call, and write them down; ``laid`` says in which order."""
        self._laid = laid or self.rows
        self._places = {id(row): place for place, row in enumerate(self._laid)}
        self._table = _aligned(len(self._laid))
        self._reals = self._table.view(np.float64)
        self._uses = {}
        for place, row in enumerate(self._laid):
            self._write(place, row)
        self._addresses = [self._address(place) for place in range(len(self._laid))]
        self._run = partial(compiling.loop_of(drive, 5), int(self._table.ctypes.data))

    @property
    def is_shared(self) -> bool:
        """Tell whether further threads have anything to do."""
        return len(self._laid) > len(self.rows)

    def move(self, taken: Taken) -> None:
        """Let the rows work on the memory that ``taken`` has now."""
        for place, cell in self._uses.get(id(taken), ()):
            self._table[place, cell] = taken.address

    def rows_of(self, taken: Taken) -> list[Row]:
        """Return the rows that work on ``taken``."""
        return [self._laid[place] for place, _ in self._uses.get(id(taken), ())]

    def refresh(self) -> None:
        """Read anew what is enabled and which value each live argument has."""
        for place, row in enumerate(self._laid):
            self._table[place, 0] = self._addresses[place] if row.is_on() else 0
            live = row.kernel.signature.live
            if live:
                values = row.live()
                first = live[0].cell
                self._reals[place, first : first + len(live)] = [values[a.name] for a in live]

    def call(self, number: int) -> bool:
        """Run one row by itself, whether or not it is on; return whether it did not refuse.

        Where its memory is gone, there is nothing to do.
        """
        row = self.rows[number]
        for taken in row.memory:
            if not taken.is_held():
                if not taken.follow():
                    return False
                self.move(taken)
        place = self._places[id(row)]
        kept = self._table[place, 0]
        self._table[place, 0] = self._addresses[place]
        said = self._run(place, place + 1, 0, self.iteration.address)
        self._table[place, 0] = kept
        return said >= 0

    def run_all(self, steps: int) -> int:
        """Run ``steps`` iterations of all rows; return how many: fewer where a row asks for it."""
        return self._run(0, len(self._laid), steps, self.iteration.address)

    def run(self, first: int, last: int) -> int:
        """Run the rows from ``first`` to before ``last`` once, without further threads.

        Returns a number below 0, minus 1 minus the row, where one refuses.
        """
        return self._run(first, last, 0, self.iteration.address)

    def _write(self, place: int, row: Row) -> None:
        for argument in row.kernel.signature.fixed:
            value = row.given[argument.name]
            if isinstance(value, Taken):
                self._uses.setdefault(id(value), []).append((place, argument.cell))
            number = value if isinstance(value, int) else value.address
            self._table[place, argument.cell] = number

    def _address(self, place: int) -> int:
        tell = self.network.progress
        if tell is not None:
            tell(place, len(self._laid), "Compiling")
        return compiling.address_of(self._laid[place].kernel)


def _aligned(rows: int) -> np.ndarray[Any, Any]:
    """Return room for rows, each of which begins with a line of the cache."""
    room = np.zeros(rows * WIDTH + 8, np.int64)
    first = -(int(room.ctypes.data) // 8) % 8
    return room[first : first + rows * WIDTH].reshape(rows, WIDTH)


def taken_of(value: Any, name: str, owner: Any = None, host: Any = None) -> Taken:
    """Return ``value`` as memory for kernels.

    Raises
    ------
    NotFused
        If it is no tensor, or none that kernels can work on.
    """
    if not isinstance(value, torch.Tensor):
        raise NotFused(f"{name} is no tensor")
    return Taken(value, name, owner, host)


def _check(kernel: Kernel, given: Given, live: Live) -> None:
    signature = kernel.signature
    sizes = {name: value for name, value in given.items() if isinstance(value, int)}
    arrays = [(a, given[a.name]) for a in signature.fixed if a.shape is not None]
    # Tensors first: they may tell the sizes of what belongs to the engine.
    for argument, value in sorted(arrays, key=lambda pair: isinstance(pair[1], Cell)):
        if isinstance(value, int):
            raise TypeError(f"{kernel}: {argument.name} is an array")
        fit(value, argument, sizes)
    given.update(sizes)
    told = live()
    if signature.names != given.keys() or {a.name for a in signature.live} != told.keys():
        raise TypeError(f"{kernel} was given {sorted(given)} and {sorted(told)}")
