"""Many short lines in few colours, painted straight from numpy arrays.

pyqtgraph's curves build a path per trace; a thousand columns of ten noisy
traces take twice as long that way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from conex_core.helpers.visualization.over_time.segments import Segments

__all__ = ["LineItem"]


class LineItem(pg.GraphicsObject):
    """Paint segments given in the plot's coordinates, ``width`` px wide.

    Not smooth, and only few of them wider than 1: both leave Qt's quick way and
    cost threefold.
    """

    def __init__(self, width: int = 1) -> None:
        super().__init__()
        self._width = width
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
            p.setPen(QPen(QColor(colour), self._width))
            p.drawLines(*self._array.drawargs())
        p.restore()
