"""The raster: which neuron spikes when.

Many spikes are drawn as density (one count per cell, kept in a ring of
columns, so that a frame costs only its new spikes), few as exact points.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from conex_core.errors import ParameterError
from conex_core.helpers.visualization.over_time.bands import Band, lay_out
from conex_core.helpers.visualization.over_time.binning import DensityColumns
from conex_core.helpers.visualization.over_time.ticks import Label, nice_step, nice_ticks, thin
from conex_core.helpers.visualization.palette import on_paper
from conex_core.helpers.visualization.plot import PlotOverTime, Watch
from conex_core.run.ring import EventRing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from conex_core.helpers.visualization.over_time.dots import DotItem
    from conex_core.helpers.visualization.over_time.widget import TimePlot
    from conex_core.helpers.visualization.source import PlotData, PlotSource

__all__ = ["Raster", "raster"]

_MANY = 20_000  # points from which they are stored as an image inside the vector file
Spikes = tuple[ArrayLike, ArrayLike]


class Raster(PlotOverTime):
    """Show the spikes of the selected groups, or of all groups.

    Every group is a band of its colour; within it the neuron index grows upwards.
    """

    kind = "raster"
    title = "Raster"
    icon = "ph.dots-nine"
    shortcut = "Ctrl+Shift+R"
    sign = tuple(
        ((x, y - 1.5), (x, y + 1.5)) for x, y in ((0, 1), (5, 6), (9, 2), (3, 10), (11, 9))
    )
    empty = "Spikes appear here once the network runs"
    watches = (Watch("spikes", "events", of=("NeuronGroup", "InputLayer")),)
    order = 10
    usual = True
    unit = "neuron"

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.lanes: list[_Lane] = []
        self.dots: DotItem | None = None
        self._geometry: tuple[Any, ...] = ()

    def begin(self, view: TimePlot) -> None:
        """Make a lane for each source."""
        from conex_core.helpers.visualization.over_time.dots import DotItem

        if self.dots is None:
            self.dots = view.add_item(DotItem())
            view.show_range(1, 0)
        self.lanes = [_Lane(source, on_paper(source.colour, view.dark)) for source in view.sources]
        self._geometry = ()

    def forget(self) -> None:
        """Count all columns anew."""
        for lane in self.lanes:
            lane.density = None

    def draw(self, view: TimePlot, begin: float, end: float) -> None:
        """Bring the columns up to date and paint them."""
        steps = view.steps_per_column()
        first, last = view.columns(begin, end, steps)
        self._fit_bands(view, steps)
        for lane in self.lanes:
            if lane.read(first, last, steps, view.paused, view.now):
                self._geometry = ()
        if not self._geometry:
            self._fit_bands(view, steps)
            for lane in self.lanes:
                lane.read(first, last, steps, view.paused, view.now)
        if self.dots is not None:
            self.dots.show_lanes(self.lanes, first, last, steps, view.dt)

    def _fit_bands(self, view: TimePlot, steps: int) -> None:
        """Lay the bands out anew when the plot's size, groups or columns changed."""
        width, height = view.pixels
        geometry = (height, width, steps, *(lane.size for lane in self.lanes))
        if geometry == self._geometry:
            return
        self._geometry = geometry
        bands = lay_out([lane.size for lane in self.lanes], height) if self.lanes else []
        for lane, band in zip(self.lanes, bands, strict=True):
            lane.lie(band, width + 2, steps)
        self._label_bands(view, height)

    def _label_bands(self, view: TimePlot, height: float) -> None:
        names, ticks = [], []
        for lane in self.lanes:
            band = lane.band
            stretch = (band.top, band.bottom)
            names.append(
                Label((band.top + band.bottom) / 2, lane.source.name, lane.colour, stretch)
            )
            ticks += _index_ticks(band, (band.bottom - band.top) * height)
        bands = [lane.band for lane in self.lanes]
        borders = [(a.bottom + b.top) / 2 for a, b in itertools.pairwise(bands)]
        view.show_labels(names, ticks, levels=borders)

    def readout(self, view: TimePlot, time: float, y: float | None) -> str:
        """Return the group and neuron at a height."""
        for lane in self.lanes:
            neuron = None if y is None else lane.band.neuron_at(y)
            if neuron is not None:
                return f"{lane.source.name} {thin(neuron)}"
        return ""

    def figure(
        self, data: Sequence[PlotData], *, dt: float, span_ms: tuple[float, float], **page: Any
    ) -> Figure:
        """Return the spikes as a figure."""
        return raster(
            {one.name: (one.t, one.values) for one in data},
            dt=dt,
            sizes={one.name: one.size for one in data if one.size},
            colours={one.name: one.colour for one in data},
            span_ms=span_ms,
            **page,
        )


def raster(
    spikes: Mapping[str, Spikes],
    *,
    dt: float = 1.0,
    sizes: Mapping[str, int] | None = None,
    colours: Mapping[str, str] | None = None,
    span_ms: tuple[float, float] | None = None,
    width: float = 7.0,
    height: float | None = None,
) -> Figure:
    """Return a raster: one band per group, the first on top.

    Parameters
    ----------
    spikes : mapping of group name to (t, i)
    dt : float, ms
    sizes : mapping of group name to number of neurons, optional
        The largest index seen if not given.
    colours : mapping of group name to ``#RRGGBB``, optional
    span_ms : (float, float), ms, optional
        What to show; all if not given.
    width, height : float, inch
    """
    from conex_core.helpers.visualization import figures

    groups = {name: figures.arrays_of(name, *pair) for name, pair in spikes.items()}
    counts = [figures.size_of(name, i, sizes) for name, (_, i) in groups.items()]
    shares = [max(count / max(sum(counts), 1), 0.12) for count in counts] or [1.0]
    with figures.style():
        figure, axes = figures.stacked(shares, width, height)
        crowded = sum(len(t) for t, _ in groups.values()) > _MANY
        for k, (name, (t, i)) in enumerate(groups.items()):
            colour = figures.colour_of(name, k, colours)
            _draw_band(axes[k, 0], t * dt, i, 1.0 if counts[k] > 200 else 1.6, colour, crowded)
            figures.number_neurons(axes[k, 0], counts[k])
            figures.name_beside(axes[k, 0], name, colour)
        span = span_ms or figures.span_of([t for t, _ in groups.values()], dt)
        figures.finish_time(list(axes[:, 0]), span)
        figure.supylabel("neuron", fontsize=8)
    return figure


class _Lane:
    """Keep what is known of one source: its band, its columns, how far it was read."""

    def __init__(self, source: PlotSource, colour: str) -> None:
        if not isinstance(source.ring, EventRing):
            raise ParameterError("sources", "of a raster need an EventRing", source.ring)
        self.source, self.ring, self.colour = source, source.ring, colour
        self.size = max(source.size, 1)
        self.band = Band(0.0, 1.0, self.size, 1)
        self.density: DensityColumns | None = None
        self.cursor = 0
        self._width, self._steps = 1, 1

    def lie(self, band: Band, width: int, steps: int) -> None:
        """Take a new place; the columns are counted anew at the next read."""
        self.band, self._width, self._steps = band, width, steps
        self.density = None

    def read(self, first: int, last: int, steps: int, standing: bool, now: int) -> bool:
        """Bring the columns up to date, until iteration ``now``.

        True if a neuron beyond the band turned up.
        """
        density = self.density
        if density is None or standing or density.newest > last or self.ring.total < self.cursor:
            return self._recount(first, last, steps, standing, now)
        if last - density.newest >= density.width:
            return self._recount(first, last, steps, standing, now)
        return self._add(density, self.cursor, now)

    def _recount(self, first: int, last: int, steps: int, standing: bool, now: int) -> bool:
        self.density = DensityColumns(self.band.rows, max(self._width, last - first + 1), steps)
        start = self.ring.seek(first * steps + 1)
        self.density.restart(first, start)
        until = min((last + 1) * steps, now) if standing else now
        return self._add(self.density, start, until)

    def _add(self, density: DensityColumns, cursor: int, now: int) -> bool:
        known = min(now, self.ring.now)  # before the events: none of it is missing
        until = max(self.ring.seek(now + 1), cursor)  # the others do not know more yet
        events = self.ring.since(cursor, until)
        self.cursor = events.cursor
        count = len(events.t)
        known = max(known, int(events.t[-1])) if count else known
        density.add(events.t, self.band.row(events.i), events.cursor - count, known)
        return self._grow(events.i)

    def _grow(self, neurons: NDArray[np.int32]) -> bool:
        if self.source.size or not len(neurons) or int(neurons.max()) < self.size:
            return False
        self.size = int(nice_step(float(neurons.max()) + 1, 1))
        return True

    def visible(self, first: int) -> int:
        """Return how many spikes the columns from ``first`` on hold."""
        if self.density is None or first > self.density.newest:
            return 0
        return max(self.cursor - self.density.start_of(first), 0)

    def points(self, first: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return (iteration, neuron) of the spikes in the columns from ``first`` on."""
        if self.density is None or first > self.density.newest:
            return np.empty(0, np.int64), np.empty(0, np.int32)
        events = self.ring.since(self.density.start_of(first), self.cursor)
        return events.t, events.i


def _index_ticks(band: Band, height: float) -> list[Label]:
    if height < 30:
        return []
    step = max(nice_step(band.size, height / 36), 1)
    ticks = [int(tick) for tick in nice_ticks(0, band.size - 1, step)]
    return [Label(float(band.height(tick)), thin(tick)) for tick in ticks]


def _draw_band(
    axes: Axes,
    time: NDArray[np.float64],
    neuron: NDArray[np.float64],
    mark: float,
    colour: str,
    crowded: bool,
) -> None:
    axes.plot(
        time,
        neuron,
        linestyle="none",
        marker="s",
        markersize=mark,
        markeredgewidth=0,
        color=colour,
        alpha=0.5 if crowded else 1.0,
        rasterized=crowded,
        clip_on=True,
    )
