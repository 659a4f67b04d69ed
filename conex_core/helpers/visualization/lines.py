"""Many short lines in few colours, painted straight from numpy arrays.

pyqtgraph's curves build a path per trace; a thousand columns of ten noisy
traces take twice as long that way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

__all__ = ["LineItem", "Segments", "join_columns", "join_samples"]

Segments = NDArray[np.float64]  # (lines, 4): x, y, x, y


class LineItem(pg.GraphicsObject):
    """Paint segments given in the plot's coordinates, one px wide.

    Neither smooth nor wider: both leave Qt's quick way and cost threefold.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[tuple[str, Segments]] = ()
        self._array = PrimitiveArray(QLineF, 4)

    def boundingRect(self) -> QRectF:
        """Return the visible part."""
        return QRectF(self.viewRect())

    def viewRangeChanged(self) -> None:
        """Follow the view."""
        self.prepareGeometryChange()

    def show_lines(self, lines: Sequence[tuple[str, Segments]]) -> None:
        """Replace everything by (colour, segments)."""
        self._lines = lines
        self.update()

    def paint(self, p: QPainter, *args: Any) -> None:
        """Paint all segments in device coordinates."""
        place = p.worldTransform()
        scale = np.array([place.m11(), place.m22()] * 2)
        shift = np.array([place.dx(), place.dy()] * 2)
        p.save()
        p.resetTransform()
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for colour, segments in self._lines:
            if not len(segments):
                continue
            self._array.resize(len(segments))
            memory = self._array.ndarray()
            np.multiply(segments, scale, out=memory)
            memory += shift
            p.setPen(QPen(QColor(colour), 1))
            p.drawLines(*self._array.drawargs())
        p.restore()


def join_samples(
    x: NDArray[np.float64], y: NDArray[np.float32], _: NDArray[np.float32]
) -> Segments:
    """Return the lines from each sample to the next; none where one is missing."""
    v = y.astype(np.float64)
    both = np.stack((x[:-1], v[:-1], x[1:], v[1:]), axis=1)
    return _whole(both)


def join_columns(
    x: NDArray[np.float64], low: NDArray[np.float32], high: NDArray[np.float32]
) -> Segments:
    """Return one upright line per column, long enough to touch the column before."""
    bottom, top = low.astype(np.float64), high.astype(np.float64)
    bottom[1:] = np.fmin(bottom[1:], np.where(np.isnan(low[1:]), np.nan, high[:-1]))
    top[1:] = np.fmax(top[1:], np.where(np.isnan(high[1:]), np.nan, low[:-1]))
    lines = np.stack((x, bottom, x, top), axis=1)
    return _whole(lines)


def _whole(lines: Segments) -> Segments:
    kept: Segments = lines[~np.isnan(lines).any(axis=1)]
    return kept
