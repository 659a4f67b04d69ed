"""A program: rows of addresses and numbers that the compiled loop runs.

It keeps alive what the rows point at, and knows which attribute of which object
each tensor was, so that a tensor which Python replaced can be told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch

from conex_core.run.engine import forge
from conex_core.run.engine.kernels.memory import REALS, WIDTH

__all__ = ["Cell", "NotFused", "Program", "Reals", "Row", "Watched"]

Reals = Callable[[], Sequence[float]]


class NotFused(Exception):
    """Say why a behavior stays with Python."""


class Cell:
    """Hold whole numbers that kernels change, such as the place in a ring."""

    def __init__(self, *values: int, size: int | None = None, dtype: Any = np.int64) -> None:
        self.array = np.zeros(size or len(values), dtype)
        self.array[: len(values)] = values
        self.address = int(self.array.ctypes.data)
        self._view = memoryview(self.array)  # type: ignore[arg-type]  # quicker for one number

    @property
    def value(self) -> int:
        """Return the first number."""
        return self._view[0]

    @value.setter
    def value(self, number: int) -> None:
        self._view[0] = number


@dataclass(frozen=True)
class Watched:
    """Name the tensor that an attribute held when the program was made."""

    owner: Any
    name: str
    tensor: torch.Tensor


@dataclass
class Row:
    """Hold one call of a kernel; ``reals`` gives its parameters as they are now."""

    kernel: str
    numbers: tuple[int, ...]
    reals: Reals
    behavior: Any = None  # that has to be enabled
    is_chosen: Callable[[], bool] | None = None  # a further condition
    key: float | None = None  # the place of its behavior in the order, and the object that has it
    owner: Any = None

    def is_on(self) -> bool:
        """Tell whether the row takes part at present."""
        enabled = self.behavior is None or bool(self.behavior.behavior_enabled)
        return enabled and (self.is_chosen is None or self.is_chosen())


def _nothing() -> Sequence[float]:
    return ()


class Program:
    """Collect rows, then run parts of them."""

    def __init__(self, network: Any) -> None:
        self.network = network
        self.iteration = Cell(0)
        self.rows: list[Row] = []
        self.watched: dict[tuple[int, str], Watched] = {}
        self._kept: list[Any] = []
        self._numbers = np.zeros((0, WIDTH), np.int64)
        self._reals = np.zeros((0, REALS), np.float64)

    def add(self, kernel: str, *numbers: int, reals: Reals = _nothing, **given: Any) -> Row:
        """Append a call of ``kernel``."""
        row = Row(kernel, tuple(int(number) for number in numbers), reals, **given)
        self.rows.append(row)
        return row

    def cell(self, *values: int, size: int | None = None, dtype: Any = np.int64) -> Cell:
        """Return memory for whole numbers."""
        made = Cell(*values, size=size, dtype=dtype)
        self._kept.append(made)
        return made

    def tensor(self, tensor: torch.Tensor, dtype: torch.dtype = torch.float32) -> int:
        """Return the address of ``tensor``, which must lie in one piece on the CPU.

        Raises
        ------
        NotFused
            If it does not, or is of another type.
        """
        if tensor.dtype is not dtype:
            kinds = [str(item).removeprefix("torch.") for item in (tensor.dtype, dtype)]
            raise NotFused(f"its values are {kinds[0]}, kernels take {kinds[1]}")
        if tensor.device.type != "cpu" or not tensor.is_contiguous():
            raise NotFused("its values do not lie in one piece on the CPU")
        self._kept.append(tensor)
        return int(tensor.data_ptr())

    def watch(self, owner: Any, name: str) -> torch.Tensor:
        """Return a tensor of ``owner``, which must stay the same one from now on."""
        tensor = getattr(owner, name, None)
        if not isinstance(tensor, torch.Tensor):
            raise NotFused(f"{name} is no tensor")
        self.watched[id(owner), name] = Watched(owner, name, tensor)
        return tensor

    def attribute(self, owner: Any, name: str, dtype: torch.dtype = torch.float32) -> int:
        """Return the address of a tensor of ``owner``, which is watched from now on."""
        return self.tensor(self.watch(owner, name), dtype)

    def finish(self, laid: Sequence[Row] = ()) -> None:
        """Compile what the rows call, and write them down; ``laid`` says in which order."""
        self._laid = laid or self.rows
        self._places = {id(row): place for place, row in enumerate(self._laid)}
        self._numbers = np.zeros((len(self._laid), WIDTH), np.int64)
        self._reals = np.zeros((len(self._laid), REALS), np.float64)
        for place, row in enumerate(self._laid):
            self._numbers[place, 1 : 1 + len(row.numbers)] = row.numbers
        self._addresses = [self._address(place) for place in range(len(self._laid))]
        at = int(self._numbers.ctypes.data), int(self._reals.ctypes.data)
        self._run = partial(forge.driver(), *at)

    @property
    def is_shared(self) -> bool:
        """Tell whether further threads have anything to do."""
        return len(self._laid) > len(self.rows)

    def _address(self, place: int) -> int:
        tell = self.network.progress
        if tell is not None:
            tell(place, len(self._laid), "Compiling")
        return forge.address_of(self._laid[place].kernel)

    def refresh(self) -> None:
        """Read anew what is enabled and which value each parameter has."""
        for place, row in enumerate(self._laid):
            self._numbers[place, 0] = self._addresses[place] if row.is_on() else 0
            values = row.reals()
            self._reals[place, : len(values)] = values

    def call(self, number: int) -> None:
        """Run one row by itself, whether or not it is on."""
        place = self._places[id(self.rows[number])]
        kept = self._numbers[place, 0]
        self._numbers[place, 0] = self._addresses[place]
        self._run(place, place + 1, 0, self.iteration.address)
        self._numbers[place, 0] = kept

    def run_all(self, steps: int) -> int:
        """Run ``steps`` iterations of all rows; return how many: fewer where a row asks for it."""
        return self._run(0, len(self._laid), steps, self.iteration.address)

    def run(self, first: int, last: int) -> int:
        """Run the rows from ``first`` to before ``last`` once, without further threads.

        Returns a number below 0, minus 1 minus the row, where one refuses.
        """
        return self._run(first, last, 0, self.iteration.address)
