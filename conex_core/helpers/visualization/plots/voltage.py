"""Membrane potentials, or another variable, of chosen neurons over time.

Samples are reduced to the smallest and largest value of each px column as
they arrive; a frame draws one line per trace and column, whatever the window's length.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from conex_core.counting import iterations_of
from conex_core.errors import ParameterError
from conex_core.helpers.visualization.over_time.binning import RangeColumns
from conex_core.helpers.visualization.over_time.segments import Segments, join_columns, join_samples
from conex_core.helpers.visualization.over_time.ticks import thin
from conex_core.helpers.visualization.over_time.value_axis import ValueAxis
from conex_core.helpers.visualization.palette import shades
from conex_core.helpers.visualization.plot import PlotOverTime, Watch
from conex_core.parameters import Integers, Text
from conex_core.run.ring import EventRing, TraceRing

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

    from conex_core.helpers.visualization.over_time.lines import LineItem
    from conex_core.helpers.visualization.over_time.widget import TimePlot
    from conex_core.helpers.visualization.source import PlotData, PlotSource

__all__ = ["Voltage", "voltage"]

MOST = 20  # traces that are drawn
_TICK = 0.08  # height of a spike's tick as a share of the value axis


class Voltage(PlotOverTime):
    """Show the membrane potential of some neurons of the selected group.

    Neurons of a group have tones of its colour. Spikes stand as ticks above the
    threshold; threshold and reset are marked where a behavior declares them.
    """

    kind = "voltage"
    title = "Voltage"
    icon = "ph.activity"
    shortcut = "Ctrl+Shift+V"
    sign = (((0, 8), (3, 8), (5, 1), (7, 11), (9, 8), (13, 8)),)
    empty = "Potentials appear here once the network runs"
    watches = (
        Watch("v", "trace", named_by="variable", units="neurons"),
        Watch("spikes", "events", needed=False),
    )
    levels = ("threshold", "v_reset")
    order = 20
    usual = True

    neurons = Integers(
        default=(0, 1, 2), low=0, listed=True, live=True, help="Neurons to show, such as 0, 1, 2."
    )
    variable = Text(default="v", live=True, help="What to show of each neuron, such as v or I.")

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.strands: list[_Strand] = []
        self.axis = ValueAxis((-80.0, -40.0))
        self.lines: LineItem | None = None

    def axis_name(self) -> str:
        """Return the unit of the potential, or the name of another variable."""
        return "mV" if self.variable == "v" else str(self.variable)

    def begin(self, view: TimePlot) -> None:
        """Make room for the traces of each source."""
        from conex_core.helpers.visualization.over_time.lines import LineItem

        if self.lines is None:
            self.lines = view.add_item(LineItem())
        room, self.strands = MOST, []
        for source in view.sources:
            strand = _Strand(source, view.dark, room)
            room -= strand.channels
            self.strands.append(strand)
        self.axis.forget()
        self.axis.relabel()
        view.show_marks(value for source in view.sources for value in self._levels(source))

    def forget(self) -> None:
        """Reduce all samples anew."""
        for strand in self.strands:
            strand.columns = None
        self.axis.forget()

    def resized(self) -> None:
        """Let the axis fit what is shown now."""
        self.axis.forget()

    def draw(self, view: TimePlot, begin: float, end: float) -> None:
        """Bring the columns up to date and paint them."""
        steps = view.steps_per_column()
        first, last = view.columns(begin, end, steps)
        for strand in self.strands:
            strand.read(first, last, steps, view.paused, view.now)
        extents = [
            strand.extent(first, last, self._levels(strand.source)) for strand in self.strands
        ]
        lowest = min((low for low, _ in extents), default=math.inf)
        highest = max((high for _, high in extents), default=-math.inf)
        ticks = any(source.more for source in view.sources)
        names = [name for strand in self.strands for name in strand.names]
        self.axis.fit(view, (lowest, highest), names, _TICK * 1.4 if ticks else 0.04)
        lines = [
            strand.lines(first, last, view.dt, self._tick(strand.source)) for strand in self.strands
        ]
        if self.lines is not None:
            self.lines.show_lines(list(chain.from_iterable(lines)))

    def readout(self, view: TimePlot, time: float, y: float | None) -> str:
        """Return the values at a time, or the height under the mouse where they are many."""
        values = [entry for strand in self.strands for entry in strand.values_at(time, view.dt)]
        if 0 < len(values) <= 4:
            return "   ".join(f"{name}  {thin(value, 1)}" for name, value in values)
        return "" if y is None else f"{thin(y, 1)} {self.axis_name()}"

    def figure(
        self, data: Sequence[PlotData], *, dt: float, span_ms: tuple[float, float], **page: Any
    ) -> Figure:
        """Return the traces as a figure."""
        traces: dict[str, tuple[Any, Any]] = {}
        colours: dict[str, str] = {}
        for one in data:
            tones = shades(one.colour, one.values.shape[1], dark=False) if one.colour else []
            for k, label in enumerate(one.labels or map(str, one.neurons)):
                traces[f"{one.name} {label}"] = (one.t, one.values[:, k])
                if tones:
                    colours[f"{one.name} {label}"] = tones[k]
        levels = {value for one in data for value in self._levels(one)}
        axis = "membrane potential (mV)" if self.variable == "v" else self.axis_name()
        return voltage(
            traces,
            dt=dt,
            colours=colours,
            lines=sorted(levels),
            span_ms=span_ms,
            axis=axis,
            **page,
        )

    def _tick(self, source: PlotSource) -> tuple[float, float]:
        """Return foot and head of a spike's tick: on the threshold, else above everything."""
        low, high = self.axis.range
        foot = source.levels.get("threshold", high) if self.variable == "v" else high
        return foot, foot + _TICK * (high - low)

    def _levels(self, source: PlotSource | PlotData) -> list[float]:
        """Return what to mark: it is in mV, so only beside a potential."""
        values = source.levels.values() if self.variable == "v" else ()
        return [value for value in values if math.isfinite(value)]


def voltage(
    traces: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    dt: float = 1.0,
    colours: Mapping[str, str] | None = None,
    lines: Iterable[float] = (),
    axis: str = "membrane potential (mV)",
    span_ms: tuple[float, float] | None = None,
    width: float = 7.0,
    height: float | None = None,
) -> Figure:
    """Return membrane potentials over time.

    Parameters
    ----------
    traces : mapping of name to (t, v)
        Iterations and potentials in mV.
    lines : floats, mV
        Values to mark, such as threshold and reset.
    axis : str
        What stands beside the values.
    """
    from conex_core.helpers.visualization import figures

    with figures.style():
        figure, axes = figures.single(width, height)
        for k, (name, (t, v)) in enumerate(traces.items()):
            x, y = figures.arrays_of(name, t, v)
            axes.plot(x * dt, y, color=figures.colour_of(name, k, colours), label=name)
        for value in lines:
            axes.axhline(value, color="#9AA3AD", linewidth=0.6, dashes=(4, 4), zorder=0)
        axes.set_ylabel(axis)
        times = [np.asarray(t) for t, _ in traces.values()]
        figures.finish_time([axes], span_ms or figures.span_of(times, dt))
        figures.legend(figure, list(traces))
    return figure


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

    def read(self, first: int, last: int, steps: int, standing: bool, now: int) -> None:
        """Bring the columns up to date, until iteration ``now``."""
        columns, width = self.columns, last - first + 3
        fresh = columns is None or columns.steps != steps or columns.width < width
        if fresh or standing or self.ring.total < self.cursor:
            self.columns = RangeColumns(self.channels, width, steps)
            self.columns.restart(first - 1)
            self.cursor = self.ring.seek(first * steps + 1)
        elif columns is not None and last - columns.newest > columns.width:
            self.cursor = max(self.cursor, self.ring.seek(first * steps + 1))
        until = self.ring.seek(min((last + 1) * steps, now) + 1 if standing else now + 1)
        trace = self.ring.since(self.cursor, max(until, self.cursor))
        self.cursor = trace.cursor
        if self.columns is not None:
            self.columns.add(trace.t, trace.values[:, : self.channels])

    def extent(self, first: int, last: int, marks: list[float]) -> tuple[float, float]:
        """Return the smallest and largest value to show."""
        marks = list(marks)
        if self.columns is not None and self.channels:
            low, high = self.columns.window(first, last)
            marks += [float(v) for v in low[np.isfinite(low)].min(keepdims=True, initial=np.inf)]
            marks += [float(v) for v in high[np.isfinite(high)].max(keepdims=True, initial=-np.inf)]
        marks = [mark for mark in marks if math.isfinite(mark)]
        return (min(marks), max(marks)) if marks else (math.inf, -math.inf)

    def lines(
        self, first: int, last: int, dt: float, ticks: tuple[float, float]
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
        yield from self._ticks((first * steps + 1, (last + 1) * steps), dt, ticks)

    def _ticks(
        self, iterations: tuple[int, int], dt: float, ticks: tuple[float, float]
    ) -> Iterator[tuple[str, Segments]]:
        spikes = self.source.more.get("spikes")
        if not isinstance(spikes, EventRing):
            return
        start, until = spikes.seek(iterations[0]), spikes.seek(iterations[1] + 1)
        events = spikes.since(start, until)
        foot, head = ticks
        for neuron, (_, colour) in zip(self.source.neurons, self.names, strict=False):
            x = events.t[events.i == neuron] * dt
            yield colour, np.stack((x, np.full_like(x, foot), x, np.full_like(x, head)), axis=1)

    def values_at(self, time: float, dt: float) -> list[tuple[str, float]]:
        """Return (name, value) of each trace at ``time``."""
        wanted = iterations_of(time, dt, least=0)
        start = self.ring.seek(wanted)
        trace = self.ring.since(start, start + 1)
        if not len(trace.t) or trace.t[0] != wanted:
            return []
        return [(name, float(v)) for (name, _), v in zip(self.names, trace.values[0], strict=False)]

    def _labels(self) -> list[str]:
        given = list(self.source.labels) or [str(n) for n in self.source.neurons]
        missing = [str(k) for k in range(len(given), self.channels)]
        return (given + missing)[: self.channels]
