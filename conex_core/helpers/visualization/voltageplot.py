"""VoltagePlot: membrane potentials of chosen neurons over time, live.

Samples are reduced to the smallest and largest value of each px column as
they arrive; a frame draws one curve per trace, whatever the window's length.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from conex_core.errors import ParameterError
from conex_core.helpers.visualization.binning import RangeColumns
from conex_core.helpers.visualization.palette import Paper, shades
from conex_core.helpers.visualization.source import PlotSource
from conex_core.helpers.visualization.surface import Label, nice_step, nice_ticks, thin
from conex_core.helpers.visualization.timeplot import TimePlot
from conex_core.run.ring import TraceRing

__all__ = ["VoltagePlot"]

MOST = 20  # traces that are drawn
_LINE = 17.0  # px between names at the left


class VoltagePlot(TimePlot):
    """Show the traces of each source in tones of its colour."""

    unit = "mV"

    def _adopt_sources(self) -> None:
        for strand in getattr(self, "_strands", []):
            strand.remove()
        room = MOST
        self._strands: list[_Strand] = []
        for source in self.sources:
            strand = _Strand(source, self._box, self.dark, room)
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
        for strand in self._strands:
            strand.draw(first, last, self.dt, self._range)

    def _fit_range(self, first: int, last: int) -> None:
        """Widen the value axis at once, narrow it only when the view changes."""
        low, high = self._range
        for strand in self._strands:
            lower, upper = strand.extent(first, last)
            low, high = min(low, lower), max(high, upper)
        if not low <= high:
            low, high = -80.0, -40.0
        step = nice_step(max(high - low, 1.0), 4) / 2
        if (low, high) != self._range or not self._geometry:
            low, high = math.floor(low / step) * step, math.ceil(high / step) * step
            high += step if high == low else 0
            self._range = (low, high)
        self._label_values()

    def _label_values(self) -> None:
        low, high = self._range
        height = max(self._box.height(), 1)
        if self._geometry == (low, high, height):
            return
        self._geometry = (low, high, height)
        self._box.setYRange(low, high, padding=0.04)
        bottom, top = self._box.viewRange()[1]
        step = nice_step(top - bottom, height / 40)
        levels = nice_ticks(bottom, top, step)
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
    """Keep the curves and columns of one source."""

    def __init__(self, source: PlotSource, box: pg.ViewBox, dark: bool, room: int) -> None:
        if not isinstance(source.ring, TraceRing):
            raise ParameterError("sources", "of a voltage plot need a TraceRing", source.ring)
        self.source, self.ring, self._box = source, source.ring, box
        self.channels = min(self.ring.channels, max(room, 0))
        colours = shades(source.colour, self.channels, dark)
        self.names = [
            (f"{source.name} {label}".strip(), colour)
            for label, colour in zip(self._labels(), colours, strict=True)
        ]
        self.columns: RangeColumns | None = None
        self.cursor = 0
        self._curves = [self._curve(colour) for colour in colours]
        self._ticks = [self._curve(colour) for colour in colours] if source.spikes else []

    def remove(self) -> None:
        """Take the curves off the plot."""
        for curve in (*self._curves, *self._ticks):
            self._box.removeItem(curve)

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

    def draw(self, first: int, last: int, dt: float, limits: tuple[float, float]) -> None:
        """Give the curves their visible part."""
        if self.columns is None:
            return
        low, high = self.columns.window(first, last)
        steps = self.columns.steps
        middle = (np.arange(first, last + 1) * steps + (steps + 1) / 2) * dt
        for k, curve in enumerate(self._curves):
            x, y = _polyline(middle, low[:, k], high[:, k], steps)
            curve.setData(x, y, connect="finite" if np.isnan(y).any() else "all")
        if self._ticks:
            self._draw_ticks((first * steps + 1, (last + 1) * steps), dt, limits)

    def _draw_ticks(
        self, iterations: tuple[int, int], dt: float, limits: tuple[float, float]
    ) -> None:
        spikes = self.source.spikes
        if spikes is None:
            return
        start, until = spikes.seek(iterations[0]), spikes.seek(iterations[1] + 1)
        events = spikes.since(start, until)
        foot = self.source.threshold if self.source.threshold is not None else limits[1]
        for neuron, curve in zip(self.source.neurons, self._ticks, strict=False):
            x = np.repeat(events.t[events.i == neuron] * dt, 2)
            y = np.tile([foot, foot + 0.14 * (limits[1] - limits[0])], len(x) // 2)
            curve.setData(x, y, connect="pairs")

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

    def _curve(self, colour: str) -> Any:
        curve = pg.PlotCurveItem(pen=pg.mkPen(colour, width=1), antialias=False)
        self._box.addItem(curve, ignoreBounds=True)
        return curve


def _polyline(
    x: NDArray[np.float64], low: NDArray[np.float32], high: NDArray[np.float32], steps: int
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return one point per column, or two when a column holds several samples."""
    if steps == 1:
        return x, low
    return np.repeat(x, 2), np.stack((low, high), axis=1).reshape(-1)
