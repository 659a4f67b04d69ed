"""Curves: plots that draw one stepped curve per object, worked out by one function.

A subclass writes ``curve``, numbers in and numbers out; the same function makes
the live plot, where it is asked only for what is new, and the figure.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from conex_core.helpers.visualization.over_time.segments import Segments, join_columns, join_steps
from conex_core.helpers.visualization.over_time.ticks import thin
from conex_core.helpers.visualization.over_time.value_axis import ValueAxis
from conex_core.helpers.visualization.palette import on_paper
from conex_core.helpers.visualization.plot import PlotOverTime

if TYPE_CHECKING:
    from typing import TypeAlias

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from conex_core.helpers.visualization.over_time.lines import LineItem
    from conex_core.helpers.visualization.over_time.widget import TimePlot
    from conex_core.helpers.visualization.source import PlotData, PlotSource

    Floats: TypeAlias = NDArray[np.float64]

__all__ = ["Curves"]

_MOST = 1 << 17  # bins that are kept of each curve


class Curves(PlotOverTime):
    """Draw what ``curve`` returns, from 0 upwards, in the colours of the objects.

    ``usual_top`` is the top of the axis before there are values, ``axis`` what
    stands beside it in a figure.
    """

    usual_top: ClassVar[float] = 1.0
    axis: ClassVar[str] = ""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.lines: LineItem | None = None
        self.known: list[_Curve] = []
        self._values = ValueAxis((0.0, self.usual_top), least=self.usual_top / 2, loose=0.4)

    @abstractmethod
    def curve(self, data: PlotData, begin: float, end: float, dt: float) -> tuple[Floats, Floats]:
        """Return bins that lie wholly between ``begin`` and ``end`` (ms), and a value of each.

        The borders of the bins, in ms, are one more than the values. The next
        call begins at the last border.
        """

    def begin(self, view: TimePlot) -> None:
        """Begin a curve for each source."""
        from conex_core.helpers.visualization.over_time.lines import LineItem

        if self.lines is None:
            self.lines = view.add_item(LineItem(width=2))
        self.known = [_Curve(source, on_paper(source.colour, view.dark)) for source in view.sources]
        self._values.relabel()

    def forget(self) -> None:
        """Work everything out anew."""
        for curve in self.known:
            curve.forget()

    def resized(self) -> None:
        """Let the axis fit what is shown now."""
        self._values.forget()

    def draw(self, view: TimePlot, begin: float, end: float) -> None:
        """Work out what is new and paint what shows."""
        lines, tops = [], [-np.inf]
        for one in self.known:
            known = min(view.now, one.source.now) * view.dt  # later bins may miss spikes yet
            one.read(self, begin, min(end, known), view.dt)
            first, last = one.visible(begin, end)
            tops.append(float(np.nanmax(one.values[first:last], initial=-np.inf)))
            lines.append((one.colour, one.segments(first, last, view.pixels[0])))
        names = [(one.source.name, one.colour) for one in self.known]
        top = max(tops)
        extent = (0.0, max(top, self.usual_top / 2)) if top > -np.inf else (0.0, -1.0)
        self._values.fit(view, extent, names)
        if self.lines is not None:
            self.lines.show_lines(lines)

    def readout(self, view: TimePlot, time: float, y: float | None) -> str:
        """Return the values of all curves at a time."""
        values = ((one.source.name, one.at(time)) for one in self.known)
        parts = [f"{name}  {thin(value, 1)}" for name, value in values if value is not None]
        return "   ".join([*parts[:6], self.axis_name()]) if parts else ""

    def figure(
        self, data: Sequence[PlotData], *, dt: float, span_ms: tuple[float, float], **page: Any
    ) -> Figure:
        """Return the curves as a figure."""
        from conex_core.helpers.visualization import figures

        colours = {one.name: one.colour for one in data}
        with figures.style():
            figure, axes = figures.single(**page)
            for k, one in enumerate(data):
                edges, values = self.curve(one, *span_ms, dt)
                colour = figures.colour_of(one.name, k, colours)
                axes.stairs(values, edges, color=colour, label=one.name, baseline=None)
            axes.set_ylabel(self.axis or self.axis_name())
            axes.set_ylim(bottom=0)
            figures.finish_time([axes], span_ms)
            figures.legend(figure, [one.name for one in data])
        return figure


class _Curve:
    """Keep what is known of one source's curve: borders of bins, and their values."""

    def __init__(self, source: PlotSource, colour: str) -> None:
        self.source, self.colour = source, colour
        self.edges: Floats = np.zeros(0)
        self.values: Floats = np.zeros(0)

    def forget(self) -> None:
        """Know nothing."""
        self.edges, self.values = np.zeros(0), np.zeros(0)

    def read(self, plot: Curves, begin: float, end: float, dt: float) -> None:
        """Know the curve from ``begin`` to ``end``, as far as the ring reaches back."""
        start = max(2 * begin - end, self._oldest(dt), 0.0)
        if self._misses(start, begin):
            self.forget()
        since = float(self.edges[-1]) if len(self.edges) else start
        if since >= end:
            return
        edges, values = plot.curve(self.source.between(since, end, dt), since, end, dt)
        if len(values):
            held = self.edges[:-1] if len(self.edges) else self.edges
            self.edges = np.concatenate((held, edges))[-_MOST - 1 :]
            self.values = np.concatenate((self.values, values))[-_MOST:]

    def visible(self, begin: float, end: float) -> tuple[int, int]:
        """Return the first bin that shows and the one after the last."""
        first = int(np.searchsorted(self.edges, begin, "right")) - 1
        last = int(np.searchsorted(self.edges, end, "left"))
        return max(first, 0), min(max(last, 0), len(self.values))

    def segments(self, first: int, last: int, width: int) -> Segments:
        """Return the lines of some bins; of many in a px the smallest and the largest value."""
        many = (last - first) // max(width, 1)
        if many < 2:
            return join_steps(self.edges[first : last + 1], self.values[first:last])
        first -= first % many  # the same bins share a px in every frame
        parts = np.arange(first, last, many)
        low = np.minimum.reduceat(self.values[:last], parts)
        high = np.maximum.reduceat(self.values[:last], parts)
        return join_columns(self.edges[parts], low, high)

    def at(self, time: float) -> float | None:
        """Return the value at a time; None where it is not known."""
        place = int(np.searchsorted(self.edges, time, "right")) - 1
        return float(self.values[place]) if 0 <= place < len(self.values) else None

    def _misses(self, start: float, begin: float) -> bool:
        """Tell whether what is known ends before ``start``, or begins too late for ``begin``."""
        if not len(self.edges):
            return False
        first, second = self.edges[:2]
        late = begin < first and start < first - (second - first)
        return bool(late or self.edges[-1] < start)

    def _oldest(self, dt: float) -> float:
        """Return from when on the ring holds everything, in ms."""
        ring = self.source.ring
        return ring.oldest * dt if ring.total > ring.capacity else 0.0
