"""One recorded variable: how it is read in each step, and where its rows go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import torch

from conex_core.behaviors.recording.rows import FileRows, Rows
from conex_core.errors import ParameterError, ShapeError, UnknownName
from conex_core.keywords import may_set_more
from conex_core.parameters import reduced

__all__ = ["EventTrack", "RowStorage", "Track", "owner_name"]

_NOTHING = object()
_AFTER_CHANGES = "call clear_recorder() before such a change"


@dataclass(frozen=True)
class RowStorage:
    """Say what part of each variable is recorded, and where the rows go."""

    keep: int | None = None
    picked: tuple[int, ...] | None = None  # indices along the first axis
    files: Mapping[str, Path] = field(default_factory=dict)

    def rows(self, name: str, shape: tuple[int, ...], like: torch.Tensor, **given: Any) -> Rows:
        """Return room for rows of ``shape``, of the type of ``like`` unless given."""
        dtype: torch.dtype = given.get("dtype", like.dtype)
        if name in self.files:
            return FileRows(shape, dtype, self.files[name])
        return Rows(shape, dtype, given.get("device", like.device), self.keep)


class Track:
    """Record one variable, a row at a time."""

    def __init__(self, name: str, read: Callable[[Any], Any] | None = None) -> None:
        self.name, self.rows = name, Rows((0,), torch.bool)
        self._is_function = read is not None
        self.variable, self._reduction = (name, "") if self._is_function else reduced(name)
        self._read: Callable[[Any], Any] = read or attrgetter(self.variable)
        self.is_awaited = False  # no behavior has made the variable so far
        self._missed: Any = None  # the object that did not have it when it was looked up
        self._storage, self._owner = RowStorage(), ""
        # The tensor that was found right before, and its memory as the rows take it: behaviors
        # change tensors in place, so that most steps need not look at it again.
        self._plain: Any = _NOTHING
        self._memory: Any = None
        self._address = 0
        self._picks: Any = None  # what is taken of that memory; None for all of it

    def __getstate__(self) -> dict[str, Any]:
        # The memory is that of a tensor; a copy finds its own with the next row.
        return {**vars(self), "_plain": None, "_memory": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._plain = _NOTHING

    def begin(self, owner: Any, storage: RowStorage) -> None:
        """Forget every row and make room for those of ``owner``."""
        self.rows, self._plain = Rows((0,), torch.bool), _NOTHING
        self._storage, self._owner = storage, owner_name(owner)
        if self._is_function:
            return  # it is first called after the first step, when everything is there
        self.is_awaited, self._missed = not hasattr(owner, self.variable), None
        if not self.is_awaited:
            self._accepted(self._read(owner))
        elif not _may_come(owner, self.variable):
            raise self.unknown(owner)

    @property
    def missing(self) -> UnknownName | None:
        """Return what is to be said of a variable that no step has made so far."""
        return None if self._missed is None else self.unknown(self._missed)

    def unknown(self, owner: Any) -> UnknownName:
        """Return the error that says that the variable is not there."""
        return UnknownName(f"variable of {self._owner}", self.variable, _known(owner))

    def ready(self, owner: Any) -> Any:
        """Return what :meth:`put` adds of the present value; whatever can fail does so here."""
        row = self._present(owner)
        if row is None:
            return None
        self.rows.make_room()
        return row if self._picks is None else row[self._picks]

    def put(self, row: Any) -> None:
        """Record what :meth:`ready` gave."""
        if row is not None:
            self.rows.put(row)

    def read(self) -> torch.Tensor:
        """Return every row."""
        if self.missing is not None:
            raise self.missing
        return self.rows.read()

    def clear(self) -> None:
        """Forget every row."""
        self.rows.clear()
        self._plain = _NOTHING

    def flush(self) -> None:
        """Bring every row to where it is kept."""
        self.rows.flush()

    def _present(self, owner: Any) -> Any:
        """Return the present value as the rows take it; None where there is none."""
        if self.is_awaited:
            if not hasattr(owner, self.variable):
                self._missed = owner
                return None
            self.is_awaited, self._missed = False, None
        value = self._read(owner)
        if value is self._plain and value.data_ptr() == self._address:
            return self._memory
        return self._accepted(value)

    def _accepted(self, value: Any) -> Any:
        """Return what is to be recorded of ``value``, after making sure that it fits."""
        self._plain = _NOTHING
        if value is None:
            return None
        tensor = self._tensor(value)
        if self._reduction:
            tensor = _reduced(tensor, self._reduction)
        self._fit(tensor, self._count(tensor))
        memory = self.rows.form(tensor)
        if tensor is value and tensor.device == self.rows.device:
            self._plain, self._memory, self._address = value, memory, value.data_ptr()
        return memory

    def _tensor(self, value: Any) -> torch.Tensor:
        if isinstance(value, bool):
            return torch.tensor(value)
        if isinstance(value, int | float):
            return torch.tensor(value, dtype=torch.float64)
        if not isinstance(value, torch.Tensor):
            rule = "must be names of tensors or numbers"
            hint = f"{self.name} of {self._owner} is of type {type(value).__name__}"
            raise ParameterError("variables", rule, self.name, hint=hint)
        if value.layout is torch.strided:
            return value.float() if value.dtype is torch.bfloat16 else value
        if self._storage.picked is not None:
            hint = f"{self.name} of {self._owner} is sparse; record all of it"
            raise ParameterError("neurons", "cannot be picked from sparse values", None, hint=hint)
        return value.coalesce().values() if value.layout is torch.sparse_coo else value.values()

    def _count(self, tensor: torch.Tensor) -> int | None:
        """Return how many entries of the first axis are taken; None for all of them."""
        picked = self._storage.picked
        if picked is None or not tensor.dim():
            return None
        if max(picked) >= len(tensor):
            rule = f"must be below {len(tensor)}, the length of {self.name}"
            raise ParameterError("neurons", rule, picked)
        return len(picked)

    def _fit(self, tensor: torch.Tensor, count: int | None) -> None:
        """Make room for rows such as ``tensor``; once there are rows, all must be alike."""
        shape = tuple(tensor.shape) if count is None else (count, *tensor.shape[1:])
        rows = self.rows
        if shape == rows.shape and torch.promote_types(tensor.dtype, rows.dtype) is rows.dtype:
            return
        if len(rows):
            before = _shown(rows.dtype, rows.shape)
            problem = f"{self.name} was {before} and is {_shown(tensor.dtype, shape)} now"
            raise ShapeError(self._owner, problem, hint=_AFTER_CHANGES)
        self.rows = self._storage.rows(self.name, shape, tensor)
        self._take_only(count)

    def _take_only(self, count: int | None) -> None:
        picked = None if count is None else torch.tensor(self._storage.picked)
        self._picks = None if picked is None else self.rows.form(picked.to(self.rows.device))


class EventTrack(Track):
    """Record where one variable is not zero. The events are on the CPU."""

    def ready(self, owner: Any) -> Any:
        """Return the present events, None without any."""
        values = self._present(owner)
        if values is None:
            return None
        found = values if self._picks is None else values[self._picks]
        axes = found.nonzero()  # one array of indices per axis
        count = len(axes[0])
        if not count:
            return None
        block = np.empty((count, 1 + len(axes)), dtype=np.int64)
        block[:, 0] = owner.iteration
        for column, indices in enumerate(axes, start=1):
            block[:, column] = indices
        if self._picks is not None:
            block[:, 1] = self._picks[block[:, 1]]
        self.rows.make_room(count)
        return block

    def put(self, row: Any) -> None:
        """Record the events that :meth:`ready` gave."""
        if row is not None:
            self.rows.extend(row)

    def _tensor(self, value: Any) -> torch.Tensor:
        tensor = super()._tensor(value)
        return tensor if tensor.dim() else tensor.reshape(1)

    def _fit(self, tensor: torch.Tensor, count: int | None) -> None:
        shape = (1 + tensor.dim(),)
        if shape == self.rows.shape:
            return
        if len(self.rows):
            problem = f"{self.name} has {tensor.dim()} axes now, {self.rows.shape[0] - 1} before"
            raise ShapeError(self._owner, problem, hint=_AFTER_CHANGES)
        self.rows = self._storage.rows(self.name, shape, tensor, dtype=torch.int64, device="cpu")
        self._take_only(count)


def owner_name(owner: Any) -> str:
    """Return the first tag of ``owner``."""
    return str(owner.tags[0])


def _may_come(owner: Any, variable: str) -> bool:
    """Tell whether a behavior of a script may make a variable in one of its steps."""
    told = [getattr(item, "provides", ()) for item in owner.behavior.values()]
    return any(f"own.{variable}" in names for names in told) or any(
        may_set_more(item) for item in owner.network.all_behaviors()
    )


def _reduced(values: torch.Tensor, reduction: str) -> torch.Tensor:
    """Return one number of many; spikes and whole numbers have a mean as well."""
    if reduction in ("mean", "std") and not values.is_floating_point():
        values = values.float()
    return _REDUCTIONS[reduction](values)


_REDUCTIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "mean": torch.mean,
    "sum": torch.sum,
    "std": torch.std,
    "min": torch.amin,
    "max": torch.amax,
}


def _known(owner: Any) -> list[str]:
    """Return the names of what can be recorded."""
    return [
        name
        for name, value in vars(owner).items()
        if isinstance(value, torch.Tensor | float) and not name.startswith("_")
    ]


def _shown(dtype: torch.dtype, shape: tuple[int, ...]) -> str:
    return f"{str(dtype).removeprefix('torch.')} of shape {shape}"
