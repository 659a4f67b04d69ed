"""RasterPlot: spikes of several groups over time, live.

Many spikes are drawn as density (one count per cell, kept in a ring of
columns, so that a frame costs only its new spikes), few as exact points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from conex_core.errors import ParameterError
from conex_core.helpers.visualization.bands import Band, lay_out
from conex_core.helpers.visualization.binning import DensityColumns
from conex_core.helpers.visualization.palette import on_paper
from conex_core.helpers.visualization.source import PlotSource
from conex_core.helpers.visualization.surface import Label, nice_step, nice_ticks, thin
from conex_core.helpers.visualization.timeplot import TimePlot
from conex_core.run.ring import EventRing

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["RasterPlot"]

FEW = 12_000  # visible spikes up to which each is drawn as a point
_AGAIN = 0.75  # points come back below this share of FEW, so that nothing flickers


class RasterPlot(TimePlot):
    """Show the spikes of each source as a band of its colour."""

    unit = "neuron"

    def _adopt_sources(self) -> None:
        if not hasattr(self, "_spikes"):
            self._spikes = _SpikeItem()
            self._box.addItem(self._spikes, ignoreBounds=True)
            self._box.invertY(True)
            self._box.setYRange(0, 1, padding=0)
        self._lanes = [_Lane(source, on_paper(source.colour, self.dark)) for source in self.sources]
        self._geometry: tuple[Any, ...] = ()

    def _forget(self) -> None:
        for lane in self._lanes:
            lane.density = None

    def _draw(self, begin: float, end: float) -> None:
        steps = self._steps_per_column()
        first, last = self._columns(begin, end, steps)
        self._fit_bands(steps)
        for lane in self._lanes:
            if lane.read(first, last, steps, self._time.paused):
                self._geometry = ()
        if not self._geometry:
            self._fit_bands(steps)
            for lane in self._lanes:
                lane.read(first, last, steps, self._time.paused)
        self._spikes.show_lanes(self._lanes, first, last, steps, self.dt)

    def _fit_bands(self, steps: int) -> None:
        """Lay the bands out anew when the plot's size, groups or columns changed."""
        height, width = self._box.height(), max(round(self._box.width()), 1)
        geometry = (height, width, steps, *(lane.size for lane in self._lanes))
        if geometry == self._geometry:
            return
        self._geometry = geometry
        bands = lay_out([lane.size for lane in self._lanes], height) if self._lanes else []
        for lane, band in zip(self._lanes, bands, strict=True):
            lane.lie(band, width + 2, steps)
        self._label_bands(height)

    def _label_bands(self, height: float) -> None:
        names, ticks = [], []
        for lane in self._lanes:
            band = lane.band
            stretch = (band.top, band.bottom)
            names.append(
                Label((band.top + band.bottom) / 2, lane.source.name, lane.colour, stretch)
            )
            ticks += _index_ticks(band, (band.bottom - band.top) * height)
        self._gutter.show_labels(tuple(names), tuple(ticks))
        self._grid.levels = tuple(
            (lower.bottom + upper.top) / 2
            for lower, upper in zip(
                [lane.band for lane in self._lanes],
                [lane.band for lane in self._lanes[1:]],
                strict=False,
            )
        )
        self._ask_for_gutter()

    def _readout(self, time: float, y: float | None) -> str:
        for lane in self._lanes:
            neuron = None if y is None else lane.band.neuron_at(y)
            if neuron is not None:
                return f"{lane.source.name} {thin(neuron)}"
        return ""

    def _figure(self) -> object:
        from conex_core.helpers.visualization import static

        begin, end = self._box.viewRange()[0]
        spikes = {lane.source.name: lane.between(begin, end, self.dt) for lane in self._lanes}
        return static.raster(
            spikes,
            dt=self.dt,
            sizes={lane.source.name: lane.size for lane in self._lanes},
            colours={lane.source.name: lane.source.colour for lane in self._lanes},
            span_ms=(max(begin, 0.0), end),
        )


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

    def read(self, first: int, last: int, steps: int, standing: bool) -> bool:
        """Bring the columns up to date; True if a neuron beyond the band turned up."""
        density = self.density
        if density is None or standing or density.newest > last or self.ring.total < self.cursor:
            return self._recount(first, last, steps, standing)
        if last - density.newest >= density.width:
            return self._recount(first, last, steps, standing)
        return self._add(density, self.cursor, None)

    def _recount(self, first: int, last: int, steps: int, standing: bool) -> bool:
        self.density = DensityColumns(self.band.rows, max(self._width, last - first + 1), steps)
        start = self.ring.seek(first * steps + 1)
        self.density.restart(first, start)
        until = self.ring.seek((last + 1) * steps + 1) if standing else None
        return self._add(self.density, start, until, (last + 1) * steps if standing else None)

    def _add(
        self, density: DensityColumns, cursor: int, until: int | None, now: int | None = None
    ) -> bool:
        known = self.ring.now if now is None else now  # before the events: none of it is missing
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

    def between(
        self, begin: float, end: float, dt: float
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return (iteration, neuron) of the spikes in a span of time in ms."""
        start = self.ring.seek(math.ceil(begin / dt))
        events = self.ring.since(start, self.ring.seek(math.floor(end / dt) + 1))
        return events.t, events.i


@dataclass(frozen=True)
class _Frame:
    """Hold what one paint needs."""

    lanes: list[_Lane]
    first: int
    last: int
    steps: int
    dt: float


class _SpikeItem(pg.GraphicsObject):
    """Paint all lanes, as points when they are few, else as density."""

    def __init__(self) -> None:
        super().__init__()
        self._frame = _Frame([], 0, 0, 1, 1.0)
        self._array = PrimitiveArray(QPointF, 2)
        self.as_points = True

    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()

    def show_lanes(self, lanes: list[_Lane], first: int, last: int, steps: int, dt: float) -> None:
        self._frame = _Frame(lanes, first, last, steps, dt)
        visible = sum(lane.visible(first) for lane in lanes)
        self.as_points = visible <= (FEW if self.as_points else _AGAIN * FEW)
        self.update()

    def paint(self, p: QPainter, *args: Any) -> None:
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for lane in self._frame.lanes:
            if lane.density is None:
                continue
            if self.as_points:
                self._paint_points(p, lane)
            else:
                self._paint_density(p, lane, lane.density)

    def _paint_points(self, p: QPainter, lane: _Lane) -> None:
        t, i = lane.points(self._frame.first)
        if not len(t):
            return
        place = p.worldTransform()
        self._array.resize(len(t))
        memory = self._array.ndarray()
        np.multiply(t, self._frame.dt * place.m11(), out=memory[:, 0])
        memory[:, 0] += place.dx()
        memory[:, 1] = lane.band.height(i) * place.m22() + place.dy()
        px_per_neuron = (lane.band.bottom - lane.band.top) * abs(place.m22()) / lane.band.size
        pen = QPen(QColor(lane.colour), min(max(px_per_neuron * 0.7, 2.0), 4.0))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        p.save()
        p.resetTransform()
        p.setPen(pen)
        p.drawPoints(*self._array.drawargs())
        p.restore()

    def _paint_density(self, p: QPainter, lane: _Lane, density: DensityColumns) -> None:
        frame, band = self._frame, lane.band
        first, last = frame.first, min(frame.last, density.newest)
        count = last - first + 1
        if count < 1 or count > density.width:
            return
        image = QImage(
            density.cells.reshape(-1)[density.place_of(first) :].data,
            count,
            band.rows,
            2 * density.width,
            QImage.Format.Format_Indexed8,
        )
        spikes_per_cell = lane.visible(first) / (count * band.rows)
        image.setColorTable(_colour_table(lane.colour, spikes_per_cell))
        left = (first * frame.steps + 0.5) * frame.dt
        width = count * frame.steps * frame.dt
        area = QRectF(left, band.image_top, width, band.bottom - band.image_top)
        p.drawImage(area, image)


def _colour_table(colour: str, spikes_per_cell: float) -> list[int]:
    """Return colours for counts 0 to 255; crowded plots need more spikes to be opaque."""
    red, green, blue = QColor(colour).red(), QColor(colour).green(), QColor(colour).blue()
    scale = 0.7 + 2.0 * spikes_per_cell
    opacity = np.round(255 * (1 - np.exp(-np.arange(256) / scale))).astype(np.int64)
    return [int(a) << 24 | red << 16 | green << 8 | blue for a in opacity]


def _index_ticks(band: Band, height: float) -> list[Label]:
    if height < 30:
        return []
    step = max(nice_step(band.size, height / 36), 1)
    ticks = [int(tick) for tick in nice_ticks(0, band.size - 1, step)]
    return [Label(float(band.height(tick)), thin(tick)) for tick in ticks]
