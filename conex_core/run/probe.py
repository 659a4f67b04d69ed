"""Probes: what is read off a running network, step by step, and handed on in batches.

Sampling copies one row into a buffer that exists already; everything dearer
(finding the spikes, hashing, filling rings) happens once per batch. A
:class:`SpikeTap` reads a group's spikes once for all probes that want them.
"""

from __future__ import annotations

import copy
import hashlib
import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch

from conex_core.errors import ParameterError, UnknownName
from conex_core.run.ring import EventRing, TraceRing

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "Probe",
    "SampleCounts",
    "SpikeDigest",
    "SpikeProbe",
    "SpikeRecord",
    "SpikeTap",
    "Tapped",
    "TraceProbe",
    "is_population",
    "see_variable",
    "value_of",
]

_BUFFER_CELLS = 1 << 20
_MOST_ROWS = 256


class Tapped(Protocol):
    """Offer what a probe may ask of the session that it is attached to."""

    def tap(self, group: Any) -> SpikeTap:
        """Return the one tap of a group's spikes."""


class Probe(Protocol):
    """Read something off a session; all calls come from the thread that steps it.

    Two more methods are called where a probe has them: ``start_over()`` when the
    network was reset or initialised, and ``leap(iteration)`` when what follows is
    not the next iteration: a state was restored, or others have stepped the
    network, which stands at the end of ``iteration`` now.
    """

    def attach(self, session: Tapped) -> None:
        """Get ready; called once before the first sample."""

    def sample(self, iteration: int) -> None:
        """Take what is needed of this iteration."""

    def flush(self, iteration: int) -> None:
        """Hand on everything up to ``iteration``; called at the end of a batch."""


class SpikeTap:
    """Collect one group's spikes; ``t`` and ``i`` hold those since the batch before.

    ``variable`` is any other tensor whose units are true, or not 0, at events.
    """

    def __init__(self, group: Any, variable: str = "spikes") -> None:
        self.group, self.variable = group, variable
        self.size = max(value_of(group, variable).numel(), 1)
        rows = max(1, min(_MOST_ROWS, _BUFFER_CELLS // max(self.size, 1)))
        self._buffer = torch.zeros(rows, self.size, dtype=torch.bool, device=group.device)
        self._rows = list(self._buffer.unbind(0))
        self._times = np.zeros(rows, np.int64)
        self._filled = 0
        self._parts: list[tuple[NDArray[np.int64], NDArray[np.int32]]] = []
        self.t, self.i = _no_events()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_rows"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._rows = list(self._buffer.unbind(0))

    def sample(self, iteration: int) -> None:
        """Copy this iteration's spikes."""
        value = getattr(self.group, self.variable)
        if not isinstance(value, torch.Tensor):
            value = torch.tensor(0 if value is None else value)
        self._rows[self._filled].copy_(value.reshape(-1))
        self._times[self._filled] = iteration
        self._filled += 1
        if self._filled == len(self._rows):
            self._find()

    def take(self, t: NDArray[np.int64], i: NDArray[np.int32]) -> None:
        """Add spikes that were found elsewhere, in time order, then by neuron."""
        if len(t):
            self._find()
            self._parts.append((t, i))

    def flush(self) -> None:
        """Renew ``t`` and ``i``: in time order, then by neuron."""
        self._find()
        if not self._parts:
            self.t, self.i = _no_events()
        else:
            self.t = np.concatenate([t for t, _ in self._parts])
            self.i = np.concatenate([i for _, i in self._parts])
        self._parts = []

    def _find(self) -> None:
        if not self._filled:
            return
        cells = self._buffer[: self._filled].cpu().numpy()
        row, neuron = np.divmod(np.flatnonzero(cells), self.size)
        if len(row):
            self._parts.append((self._times[row], neuron.astype(np.int32)))
        self._filled = 0


class _SpikeReader(ABC):
    """Share the tap of one group; ``is_idle`` says that ``sample`` has nothing to do."""

    is_idle = True

    def __init__(self, group: Any) -> None:
        self.group = group
        self._tap: SpikeTap | None = None

    def attach(self, session: Tapped) -> None:
        """Join the group's tap."""
        self._tap = session.tap(self.group)

    def sample(self, iteration: int) -> None:  # noqa: B027  # nothing to do is an answer
        """Do nothing: the tap samples once for all."""

    def flush(self, iteration: int) -> None:
        """Hand on the batch."""
        if self._tap is not None:
            self._receive(self._tap.t, self._tap.i, iteration)

    @abstractmethod
    def _receive(self, t: NDArray[np.int64], i: NDArray[np.int32], now: int) -> None:
        """Take the spikes of one batch."""


class SpikeProbe(_SpikeReader):
    """Write a group's spikes into a ring that plots read."""

    def __init__(self, group: Any, ring: EventRing | None = None) -> None:
        super().__init__(group)
        self.ring = ring or EventRing()

    def start_over(self) -> None:
        """Forget every spike."""
        self.ring.clear()

    def leap(self, iteration: int) -> None:
        """Forget every spike where time goes back: a ring is in the order of time."""
        self.ring.leap(iteration)

    def _receive(self, t: NDArray[np.int64], i: NDArray[np.int32], now: int) -> None:
        self.ring.push(t, i, now)


class SpikeRecord(_SpikeReader):
    """Keep all spikes of a group: ``t`` (iterations) and ``i`` (neurons).

    They stand as they came: after a state was restored, times may go back.
    """

    def __init__(self, group: Any) -> None:
        super().__init__(group)
        self._parts: list[tuple[NDArray[np.int64], NDArray[np.int32]]] = []

    def start_over(self) -> None:
        """Forget every spike."""
        self._parts = []

    @property
    def t(self) -> NDArray[np.int64]:
        """Return the iteration of every spike."""
        return np.concatenate([_no_events()[0], *(t for t, _ in self._parts)])

    @property
    def i(self) -> NDArray[np.int32]:
        """Return the neuron of every spike."""
        return np.concatenate([_no_events()[1], *(i for _, i in self._parts)])

    def _receive(self, t: NDArray[np.int64], i: NDArray[np.int32], now: int) -> None:
        if len(t):
            self._parts.append((t, i))


class SpikeDigest(_SpikeReader):
    """Count and hash a group's spikes while they come.

    The hash is SHA-256 over little-endian int64 pairs (iteration, neuron).
    """

    def __init__(self, group: Any) -> None:
        super().__init__(group)
        self.start_over()

    def start_over(self) -> None:
        """Count and hash from nothing."""
        self.count = 0
        self._hash = hashlib.sha256()

    def __deepcopy__(self, memo: dict[int, Any]) -> SpikeDigest:
        new = memo[id(self)] = SpikeDigest(copy.deepcopy(self.group, memo))
        new._tap = copy.deepcopy(self._tap, memo)
        new.count, new._hash = self.count, self._hash.copy()
        return new

    def digest(self) -> bytes:
        """Return the hash of all spikes so far."""
        return self._hash.digest()

    def _receive(self, t: NDArray[np.int64], i: NDArray[np.int32], now: int) -> None:
        if len(t):
            pairs = np.stack([t, i.astype(np.int64)], axis=1)  # (spikes, 2)
            self._hash.update(pairs.astype("<i8").tobytes())
            self.count += len(t)


class SampleCounts(_SpikeReader):
    """Count a group's spikes per sample that an input layer shows.

    ``period`` is the number of iterations from one sample to the next, and
    iteration 1 must be the first of a sample. ``counts`` is (samples, N),
    ``labels`` (samples,), of the samples that were seen from their first iteration
    to their last.
    """

    is_idle = False

    def __init__(self, group: Any, layer: Any, period: int) -> None:
        super().__init__(group)
        self.layer, self.period = layer, period
        self.start_over()

    def start_over(self) -> None:
        """Forget every sample."""
        self._labels: list[int] = []
        self._rows: list[NDArray[np.int64]] = []
        self._leapt, self._first, self._now = 0, 0, 0  # rows before; then iterations

    def leap(self, iteration: int) -> None:
        """Forget the sample that is being shown."""
        del self._labels[self._complete() :], self._rows[self._complete() :]
        self._leapt, self._first, self._now = len(self._rows), 0, 0

    @property
    def labels(self) -> NDArray[np.int64]:
        """Return the label of every sample."""
        return np.array(self._labels[: self._complete()], np.int64)

    @property
    def counts(self) -> NDArray[np.int64]:
        """Return the spikes of every neuron during every sample."""
        shape = (self._complete(), int(self.group.size))
        return np.array(self._rows[: shape[0]], np.int64).reshape(shape)

    def sample(self, iteration: int) -> None:
        """Note the label where a sample begins."""
        if (iteration - 1) % self.period == 0:
            self._first = self._first or iteration
            self._labels.append(int(self.layer.y))
        self._now = iteration

    def _complete(self) -> int:
        seen = (self._now - self._first + 1) // self.period if self._first else 0
        return self._leapt + seen

    def _receive(self, t: NDArray[np.int64], i: NDArray[np.int32], now: int) -> None:
        size = int(self.group.size)
        while len(self._rows) < len(self._labels):
            self._rows.append(np.zeros(size, np.int64))
        if not self._first:
            return
        row = (t - self._first) // self.period
        for number in np.unique(row[row >= 0]):
            counts = np.bincount(i[row == number], minlength=size)
            self._rows[self._leapt + number] += counts


class TraceProbe:
    """Write a variable of some units into a ring, one sample per iteration.

    Units are neurons, or flat indices into a variable of any other shape; a
    plain number has the unit 0.

    Raises
    ------
    ParameterError
        If the group has no such neuron, or the variable no such unit.
    UnknownName
        If there is no such variable when the probe is attached.
    """

    def __init__(
        self,
        group: Any,
        variable: str = "v",
        neurons: tuple[int, ...] = (0, 1, 2),
        ring: TraceRing | None = None,
    ) -> None:
        self.group, self.variable, self.neurons = group, variable, tuple(neurons)
        if is_population(group):
            self._see_that_units_are(group.size)
        self.ring = ring or TraceRing(len(neurons))
        self._index = torch.tensor(self.neurons, dtype=torch.int64, device=group.device)
        self._times = np.zeros(_MOST_ROWS, np.int64)
        self._buffer = torch.zeros(0)
        self._filled = 0
        self._last = max(self.neurons, default=-1)

    def attach(self, session: Tapped) -> None:
        """Make a buffer; what is None as yet is not a number until it has a value."""
        see_variable(self.group, self.variable)
        if getattr(self.group, self.variable) is not None:
            self._see_that_units_are(value_of(self.group, self.variable).numel())
        shape, kind = (_MOST_ROWS, len(self.neurons)), torch.float32
        self._buffer = torch.zeros(shape, dtype=kind, device=self.group.device)

    def sample(self, iteration: int) -> None:
        """Copy the chosen values."""
        value, row = getattr(self.group, self.variable), self._buffer[self._filled]
        if not isinstance(value, torch.Tensor):
            row.fill_(math.nan if value is None else value)
        else:
            self._copy(value if value.layout is torch.strided else _stored(value), row)
        self._times[self._filled] = iteration
        self._filled += 1
        if self._filled == _MOST_ROWS:
            self.flush(iteration)

    def _copy(self, values: torch.Tensor, row: torch.Tensor) -> None:
        if self._last >= values.numel():  # it was None when the probe was attached
            row.fill_(math.nan)
        elif values.dtype is torch.float32:
            torch.take(values, self._index, out=row)
        else:
            row.copy_(torch.take(values, self._index))

    def start_over(self) -> None:
        """Forget every sample."""
        self.ring.clear()

    def leap(self, iteration: int) -> None:
        """Forget every sample where time goes back."""
        self.ring.leap(iteration)

    def take(self, t: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Add samples that were taken elsewhere, (T,) and (T, neurons)."""
        if len(t):
            self.ring.push(t, values)

    def flush(self, iteration: int) -> None:
        """Push the samples of the batch."""
        if self._filled:
            values = self._buffer[: self._filled].cpu().numpy()
            self.ring.push(self._times[: self._filled], values)
            self._filled = 0

    def _see_that_units_are(self, size: int) -> None:
        for unit in self.neurons:
            if not 0 <= unit < size:
                raise ParameterError("neurons", f"must be 0 to {size - 1}", unit)


def is_population(owner: Any) -> bool:
    """Tell whether ``owner`` is a group of neurons."""
    return hasattr(owner, "afferent_synapses")


def see_variable(owner: Any, variable: str) -> None:
    """Raise UnknownName unless ``owner`` has such a variable; it may be None as yet."""
    if getattr(owner, variable, "") is not None:
        value_of(owner, variable)


def value_of(owner: Any, variable: str) -> torch.Tensor:
    """Return a variable of any object as a dense tensor, or raise UnknownName.

    Of a sparse one it is the stored values.
    """
    value = getattr(owner, variable, None)
    if isinstance(value, int | float):
        return torch.tensor(float(value))
    if not isinstance(value, torch.Tensor) or not value.numel():
        raise UnknownName(f"variable of {owner.tags[0]}", variable, _variables(owner))
    return _stored(value)


def _stored(value: torch.Tensor) -> torch.Tensor:
    if value.layout is torch.strided:
        return value
    return value.values() if value.layout is torch.sparse_csr else value.coalesce().values()


def _no_events() -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    return np.zeros(0, np.int64), np.zeros(0, np.int32)


def _variables(owner: Any) -> list[str]:
    return [
        name
        for name, value in vars(owner).items()
        if isinstance(value, torch.Tensor | float) and not name.startswith("_")
    ]
