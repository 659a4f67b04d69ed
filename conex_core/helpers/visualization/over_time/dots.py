"""Spikes of several groups, painted as points when they are few, else as density."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyqtgraph as pg
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from conex_core.helpers.visualization.over_time.bands import Band
    from conex_core.helpers.visualization.over_time.binning import DensityColumns

__all__ = ["DotItem", "Lane"]

FEW = 12_000  # visible spikes up to which each is drawn as a point
_AGAIN = 0.75  # points come back below this share of FEW, so that nothing flickers


class Lane(Protocol):
    """Name what is known of the spikes of one group."""

    band: Band
    colour: str
    density: DensityColumns | None

    def visible(self, first: int) -> int:
        """Return how many spikes the columns from ``first`` on hold."""

    def points(self, first: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return (iteration, neuron) of the spikes in the columns from ``first`` on."""


@dataclass(frozen=True)
class _Frame:
    """Hold what one paint needs."""

    lanes: Sequence[Lane]
    first: int
    last: int
    steps: int
    dt: float


class DotItem(pg.GraphicsObject):
    """Paint all lanes, as points when they are few, else as density."""

    def __init__(self) -> None:
        super().__init__()
        self._frame = _Frame([], 0, 0, 1, 1.0)
        self._array = PrimitiveArray(QPointF, 2)
        self.as_points = True

    def boundingRect(self) -> QRectF:
        """Return the visible part."""
        return QRectF(self.viewRect())

    def viewRangeChanged(self) -> None:
        """Follow the view."""
        self.prepareGeometryChange()

    def show_lanes(
        self, lanes: Sequence[Lane], first: int, last: int, steps: int, dt: float
    ) -> None:
        """Show the columns from ``first`` to ``last`` of all groups."""
        self._frame = _Frame(lanes, first, last, steps, dt)
        visible = sum(lane.visible(first) for lane in lanes)
        self.as_points = visible <= (FEW if self.as_points else _AGAIN * FEW)
        self.update()

    def paint(self, p: QPainter, *args: Any) -> None:
        """Paint all spikes."""
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for lane in self._frame.lanes:
            if lane.density is None:
                continue
            if self.as_points:
                self._paint_points(p, lane)
            else:
                self._paint_density(p, lane, lane.density)

    def _paint_points(self, p: QPainter, lane: Lane) -> None:
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

    def _paint_density(self, p: QPainter, lane: Lane, density: DensityColumns) -> None:
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
