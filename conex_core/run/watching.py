"""Watching: how any variable of any object of a running network is read.

An object, a variable and a form say what is wanted; :func:`probe_for` gives the
probe that writes it into a ring. Spikes go through the group's tap, which all
share; other events and snapshots have probes of their own here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from conex_core.behaviors.synapses.storage import sources_of
from conex_core.run.probe import (
    Probe,
    SpikeProbe,
    SpikeTap,
    Tapped,
    TraceProbe,
    is_population,
    see_variable,
    value_of,
)
from conex_core.run.ring import EventRing, Ring, SnapshotRing, TraceRing

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    _Thinned: TypeAlias = tuple[NDArray[np.float32], tuple[int, int], int]

__all__ = ["EventProbe", "SnapshotProbe", "holder_of", "probe_for"]


class EventProbe:
    """Write when which unit of a variable was true, or not 0, into a ring."""

    def __init__(self, owner: Any, variable: str, ring: EventRing | None = None) -> None:
        self.owner, self.variable, self.ring = owner, variable, ring or EventRing()
        self._tap: SpikeTap | None = None

    def attach(self, session: Tapped) -> None:
        """See that there is such a variable, or raise UnknownName."""
        see_variable(self.owner, self.variable)

    def start_over(self) -> None:
        """Forget what was seen."""
        self.ring.clear()

    def leap(self, iteration: int) -> None:
        """Forget what was seen where time goes back."""
        self.ring.leap(iteration)

    def sample(self, iteration: int) -> None:
        """Copy this iteration's values, once there are some."""
        if self._tap is None and getattr(self.owner, self.variable) is not None:
            self._tap = SpikeTap(self.owner, self.variable)
        if self._tap is not None:
            self._tap.sample(iteration)

    def flush(self, iteration: int) -> None:
        """Find the events of the batch."""
        if self._tap is None:
            self.ring.push(np.zeros(0, np.int64), np.zeros(0, np.int32), iteration)
        else:
            self._tap.flush()
            self.ring.push(self._tap.t, self._tap.i, iteration)


class SnapshotProbe:
    """Write all values of a variable into a ring whenever a reader asked for them.

    Between two readings it costs nothing: no iteration is sampled, and a batch
    that nobody asked about only notes its time.
    """

    is_idle = True

    def __init__(self, owner: Any, variable: str, ring: SnapshotRing | None = None) -> None:
        self.owner, self.variable, self.ring = owner, variable, ring or SnapshotRing()

    def attach(self, session: Tapped) -> None:
        """See that there is such a variable, or raise UnknownName."""
        see_variable(self.owner, self.variable)

    def start_over(self) -> None:
        """Forget what was seen."""
        self.ring.clear()

    def leap(self, iteration: int) -> None:
        """Forget what was seen where time goes back."""
        self.ring.leap(iteration)

    def sample(self, iteration: int) -> None:
        """Do nothing: only the end of a batch is looked at."""

    def flush(self, iteration: int) -> None:
        """Write the values as they are now, if somebody waits for them and there are any."""
        value = getattr(self.owner, self.variable, None) if self.ring.is_asked else None
        if value is None:
            self.ring.pass_by(iteration)
        elif isinstance(value, torch.Tensor) and value.layout is not torch.strided:
            self.ring.push(iteration, *_thinned_sparse(value, self.ring))
        else:
            self.ring.push(iteration, *_thinned(value_of(self.owner, self.variable), self.ring))


def holder_of(found: Any, variable: str) -> Any:
    """Return the object that has a variable: an input layer spikes with its population."""
    population = getattr(found, "sensory_pop", None)
    return population if population is not None and not hasattr(found, variable) else found


def probe_for(found: Any, variable: str, ring: Ring, units: tuple[int, ...] = ()) -> Probe:
    """Return what writes ``variable`` of an object into ``ring``, in the ring's form.

    ``units`` are those of a trace.
    """
    owner = holder_of(found, variable)
    if isinstance(ring, TraceRing):
        return TraceProbe(owner, variable, units, ring)
    if isinstance(ring, SnapshotRing):
        return SnapshotProbe(owner, variable, ring)
    if variable == "spikes" and is_population(owner):
        return SpikeProbe(owner, ring)
    return EventProbe(owner, variable, ring)


def _thinned(value: torch.Tensor, ring: SnapshotRing) -> _Thinned:
    """Return what a ring has room for; a vector is one row, more axes lie beside each other."""
    matrix = value.detach()
    if matrix.ndim != 2:
        matrix = matrix.reshape(matrix.shape[0] if matrix.ndim > 2 else 1, -1)
    shape = (matrix.shape[0], matrix.shape[1])
    step = ring.step_for(shape)
    return matrix[::step, ::step].float().cpu().numpy(), shape, step


def _thinned_sparse(value: torch.Tensor, ring: SnapshotRing) -> _Thinned:
    """Return the same of a sparse matrix, which as a dense one may fit nowhere."""
    rows, columns, values = _entries(value.detach())
    shape = (value.shape[0], value.shape[1])
    step = ring.step_for(shape)
    kept = (rows % step == 0) & (columns % step == 0)
    matrix = np.zeros((-(-shape[0] // step), -(-shape[1] // step)), np.float32)
    matrix[rows[kept] // step, columns[kept] // step] = values[kept]
    return matrix, shape, step


def _entries(value: torch.Tensor) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return row, column and value of every stored element of a sparse matrix."""
    if value.layout is torch.sparse_csr:
        rows, columns, values = sources_of(value), value.col_indices(), value.values()
    else:
        found = value.coalesce()
        (rows, columns), values = found.indices(), found.values()
    return rows.cpu().numpy(), columns.cpu().numpy(), values.float().cpu().numpy()
