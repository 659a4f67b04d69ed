"""VoltagePlot: membrane potentials of chosen neurons over time, live.

Samples are reduced to the smallest and largest value of each px column as
they arrive; a frame draws one line per trace and column, whatever the window's length.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from conex_core.errors import ParameterError
from conex_core.helpers.visualization.binning import RangeColumns
from conex_core.helpers.visualization.lines import (
    LineItem,
    Segments,
    join_columns,
    join_samples,
)
from conex_core.helpers.visualization.palette import Paper, shades
from conex_core.helpers.visualization.source import PlotSource
from conex_core.helpers.visualization.surface import Label, nice_step, nice_ticks, thin
from conex_core.helpers.visualization.timeplot import TimePlot
from conex_core.run.ring import TraceRing

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["VoltagePlot"]

MOST = 20  # traces that are drawn
_TICK = 0.08  # height of a spike's tick as a share of the value axis
_LINE = 17.0  # px between names at the left


class VoltagePlot(TimePlot):
    """Show the traces of each source in tones of its colour."""

    unit = "mV"

    def _adopt_sources(self) -> None:
        if not hasattr(self, "_lines"):
            self._lines = LineItem()
            self._box.addItem(self._lines, ignoreBounds=True)
        room = MOST
        self._strands: list[_Strand] = []
        for source in self.sources:
            strand = _Strand(source, self.dark, room)
            room -= strand.channels
            self._strands.append(strand)
        self._range: tuple[float, float] = (math.inf, -math.inf)
        self._mark_thresholds()
        self._geometry: tuple[Any, ...] = ()

    def _forget(self) -> None:
        for strand in self._strands:
            strand.columns = None
        self._range = (math.inf, -math.inf)

    def _view_changed(self) -> None:
        self._range = (math.inf, -math.inf)
        super()._view_changed()

    def _draw(self, begin: float, end: float) -> None:
        steps = self._steps_per_column()
        first, last = self._columns(begin, end, steps)
        for strand in self._strands:
            strand.read(first, last, steps, self._time.paused)
        self._fit_range(first, last)
        lines = [strand.lines(first, last, self.dt, self._range) for strand in self._strands]
        self._lines.show_lines(list(chain.from_iterable(lines)))

    def _fit_range(self, first: int, last: int) -> None:
        """Widen the value axis at once, narrow it only when the view changes."""
        low, high = self._range
        extents = [strand.extent(first, last) for strand in self._strands]
        lowest = min((lower for lower, _ in extents), default=math.inf)
        highest = max((upper for _, upper in extents), default=-math.inf)
        if not lowest <= highest:
            lowest, highest = -80.0, -40.0
        if lowest < low or highest > high:
            lowest, highest = min(low, lowest), max(high, highest)
            step = nice_step(max(highest - lowest, 1.0), 20)
            low, high = math.floor(lowest / step) * step, math.ceil(highest / step) * step
            self._range = (low, max(high, low + step))
        self._label_values()

    def _label_values(self) -> None:
        low, high = self._range
        height = max(self._box.height(), 1)
        if self._geometry == (low, high, height):
            return
        self._geometry = (low, high, height)
        room = _TICK * 1.4 if any(source.spikes for source in self.sources) else 0.04
        self._box.setYRange(low - 0.04 * (high - low), high + room * (high - low), padding=0)
        bottom, top = self._box.viewRange()[1]
        step = nice_step(top - bottom, height / 40)
        levels = [v for v in nice_ticks(bottom, top, step) if low <= v <= high]
        digits = max(0, math.ceil(-math.log10(step) - 1e-9))
        ticks = tuple(Label((top - v) / (top - bottom), thin(v, digits)) for v in levels)
        self._gutter.show_labels(self._names(height), ticks)
        self._grid.levels = tuple(levels)
        self._ask_for_gutter()

    def _names(self, height: float) -> tuple[Label, ...]:
        entries = [entry for strand in self._strands for entry in strand.names]
        line = min(_LINE, height / max(len(entries), 1))
        start = (height - line * (len(entries) - 1)) / 2
        return tuple(
            Label((start + k * line) / height, name, colour)
            for k, (name, colour) in enumerate(entries)
        )

    def _mark_thresholds(self) -> None:
        line = Paper.of(self.dark).line
        values = {
            value
            for source in self.sources
            for value in (source.threshold, source.reset)
            if value is not None and math.isfinite(value)
        }
        self._grid.marks = tuple((value, line) for value in sorted(values))

    def _readout(self, time: float, y: float | None) -> str:
        values = [entry for strand in self._strands for entry in strand.values_at(time, self.dt)]
        if 0 < len(values) <= 4:
            return "   ".join(f"{name}  {thin(value, 1)}" for name, value in values)
        return "" if y is None else f"{thin(y, 1)} mV"

    def _figure(self) -> object:
        from conex_core.helpers.visualization import static

        begin, end = self._box.viewRange()[0]
        traces, colours = {}, {}
        for strand in self._strands:
            t, values = strand.between(begin, end, self.dt)
            for k, (name, _) in enumerate(strand.names):
                traces[name] = (t, values[:, k])
                colours[name] = shades(strand.source.colour, strand.channels, dark=False)[k]
        lines = {s.threshold for s in self.sources} | {s.reset for s in self.sources}
        return static.voltage(
            traces,
            dt=self.dt,
            colours=colours,
            lines=sorted(line for line in lines if line is not None),
            span_ms=(max(begin, 0.0), end),
        )


class _Strand:
    """Keep the columns of one source's traces."""

    def __init__(self, source: PlotSource, dark: bool, room: int) -> None:
        if not isinstance(source.ring, TraceRing):
            raise ParameterError("sources", "of a voltage plot need a TraceRing", source.ring)
        self.source, self.ring = source, source.ring
        self.channels = min(self.ring.channels, max(room, 0))
        colours = shades(source.colour, self.channels, dark)
        self.names = [
            (f"{source.name} {label}".strip(), colour)
            for label, colour in zip(self._labels(), colours, strict=True)
        ]
        self.columns: RangeColumns | None = None
        self.cursor = 0

    def read(self, first: int, last: int, steps: int, standing: bool) -> None:
        """Bring the columns up to date."""
        columns, width = self.columns, last - first + 3
        fresh = columns is None or columns.steps != steps or columns.width < width
        if fresh or standing or self.ring.total < self.cursor:
            self.columns = RangeColumns(self.channels, width, steps)
            self.columns.restart(first - 1)
            self.cursor = self.ring.seek(first * steps + 1)
        elif columns is not None and last - columns.newest > columns.width:
            self.cursor = max(self.cursor, self.ring.seek(first * steps + 1))
        until = self.ring.seek((last + 1) * steps + 1) if standing else None
        trace = self.ring.since(self.cursor, until)
        self.cursor = trace.cursor
        if self.columns is not None:
            self.columns.add(trace.t, trace.values[:, : self.channels])

    def extent(self, first: int, last: int) -> tuple[float, float]:
        """Return the smallest and largest value to show."""
        marks = [m for m in (self.source.threshold, self.source.reset) if m is not None]
        if self.columns is not None and self.channels:
            low, high = self.columns.window(first, last)
            marks += [float(v) for v in low[np.isfinite(low)].min(keepdims=True, initial=np.inf)]
            marks += [float(v) for v in high[np.isfinite(high)].max(keepdims=True, initial=-np.inf)]
        marks = [mark for mark in marks if math.isfinite(mark)]
        return (min(marks), max(marks)) if marks else (math.inf, -math.inf)

    def lines(
        self, first: int, last: int, dt: float, limits: tuple[float, float]
    ) -> Iterator[tuple[str, Segments]]:
        """Return the visible part as (colour, segments), spikes after the traces."""
        if self.columns is None:
            return
        low, high = self.columns.window(first, last)
        steps = self.columns.steps
        middle = (np.arange(first, last + 1, dtype=np.float64) * steps + (steps + 1) / 2) * dt
        for k, (_, colour) in enumerate(self.names):
            whole = join_samples if steps == 1 else join_columns
            yield colour, whole(middle, low[:, k], high[:, k])
        yield from self._ticks((first * steps + 1, (last + 1) * steps), dt, limits)

    def _ticks(
        self, iterations: tuple[int, int], dt: float, limits: tuple[float, float]
    ) -> Iterator[tuple[str, Segments]]:
        spikes = self.source.spikes
        if spikes is None:
            return
        start, until = spikes.seek(iterations[0]), spikes.seek(iterations[1] + 1)
        events = spikes.since(start, until)
        foot = self.source.threshold if self.source.threshold is not None else limits[1]
        head = foot + _TICK * (limits[1] - limits[0])
        for neuron, (_, colour) in zip(self.source.neurons, self.names, strict=False):
            x = events.t[events.i == neuron] * dt
            yield colour, np.stack((x, np.full_like(x, foot), x, np.full_like(x, head)), axis=1)

    def values_at(self, time: float, dt: float) -> list[tuple[str, float]]:
        """Return (name, value) of each trace at ``time``."""
        wanted = round(time / dt)
        start = self.ring.seek(wanted)
        trace = self.ring.since(start, start + 1)
        if not len(trace.t) or trace.t[0] != wanted:
            return []
        return [(name, float(v)) for (name, _), v in zip(self.names, trace.values[0], strict=False)]

    def between(
        self, begin: float, end: float, dt: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return iterations and values in a span of time in ms."""
        start = self.ring.seek(math.ceil(begin / dt))
        trace = self.ring.since(start, self.ring.seek(math.floor(end / dt) + 1))
        return trace.t, trace.values

    def _labels(self) -> list[str]:
        given = list(self.source.labels) or [str(n) for n in self.source.neurons]
        missing = [str(k) for k in range(len(given), self.channels)]
        return (given + missing)[: self.channels]
