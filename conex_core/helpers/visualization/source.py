"""What a plot shows of one object: rings that fill while it runs, or arrays. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from conex_core.counting import first_step, last_step
from conex_core.helpers.visualization.palette import EXCITATORY
from conex_core.run.ring import EventRing, Ring, SnapshotRing

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Series: TypeAlias = tuple[NDArray[Any], NDArray[Any]]  # times and values

__all__ = ["PlotData", "PlotSource", "series"]


@dataclass(frozen=True)
class PlotData:
    """Hold what a plot shows of one object, as arrays.

    Parameters
    ----------
    name : str
        The object's name.
    t : array of int
        Iterations, counted from 1.
    values : array
        Of events the neuron of each; of a trace (T, channels); of a snapshot
        (rows, columns).
    size : int
        Number of neurons.
    colour : str
        ``#RRGGBB``; empty for the one of its place.
    neurons : tuple of int
        The neuron behind each channel of a trace.
    levels : mapping of name to value
        What behaviors declare, such as the threshold.
    more : mapping of variable to (t, values)
        What else the plot watches.
    """

    name: str
    t: NDArray[Any]
    values: NDArray[Any]
    size: int = 0
    colour: str = ""
    labels: tuple[str, ...] = ()
    neurons: tuple[int, ...] = ()
    levels: Mapping[str, float] = field(default_factory=dict)
    more: Mapping[str, Series] = field(default_factory=dict)


@dataclass(frozen=True)
class PlotSource:
    """Tell a plot what to read of one object and how to show it.

    Parameters
    ----------
    name : str
        The group's name, shown at the left of its data.
    ring : EventRing, TraceRing or SnapshotRing
        What the plot's first watch asks for: spikes for a raster, sampled
        values for a voltage plot.
    size : int
        Number of neurons; 0 grows with the largest index seen.
    colour : str
        ``#RRGGBB``.
    labels : tuple of str
        One label per channel of a TraceRing, such as the neuron's index.
    neurons : tuple of int
        The neuron behind each channel.
    levels : mapping of name to value
        What behaviors declare and the plot marks, such as the threshold.
    more : mapping of variable to ring
        What else the plot watches.
    """

    name: str
    ring: Ring
    size: int = 0
    colour: str = EXCITATORY
    labels: tuple[str, ...] = ()
    neurons: tuple[int, ...] = ()
    levels: Mapping[str, float] = field(default_factory=dict)
    more: Mapping[str, Ring] = field(default_factory=dict)

    @property
    def rings(self) -> tuple[Ring, ...]:
        """Return all that is read of the object."""
        return (self.ring, *self.more.values())

    @property
    def now(self) -> int:
        """Return the last iteration of which everything is there."""
        return min(ring.now for ring in self.rings)

    def between(self, begin: float, end: float, dt: float) -> PlotData:
        """Return what the rings still hold of a span of time in ms."""
        t, values = series(self.ring, begin, end, dt)
        more = {name: series(ring, begin, end, dt) for name, ring in self.more.items()}
        facts = {name: getattr(self, name) for name in _SHARED}
        return PlotData(self.name, t, values, more=more, **facts)


_SHARED = ("size", "colour", "labels", "neurons", "levels")


def series(ring: Ring, begin: float, end: float, dt: float) -> Series:
    """Return times and values of a span of time in ms; of snapshots the last one."""
    if isinstance(ring, SnapshotRing):
        found = ring.latest()
        empty = np.zeros((0, 0), np.float32)
        return np.array([found.t if found else 0]), found.values if found else empty
    start, until = ring.seek(first_step(begin, dt)), ring.seek(last_step(end, dt) + 1)
    if isinstance(ring, EventRing):
        events = ring.since(start, until)
        return events.t, events.i
    trace = ring.since(start, until)
    return trace.t, trace.values
