"""The cursor of a plot over time: a line under the mouse, and what lies there in words."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel

__all__ = ["Cursor"]

_BESIDE = 6  # px between the line and the words


class Cursor:
    """Follow the mouse over ``canvas``, whose data are drawn in ``box``."""

    def __init__(self, canvas: pg.PlotWidget, box: pg.ViewBox) -> None:
        self._canvas, self._box = canvas, box
        self.y: float | None = None  # where the mouse points, in data; None outside
        self._line = pg.InfiniteLine(angle=90, movable=False)
        self._line.setVisible(False)
        box.addItem(self._line, ignoreBounds=True)
        self._label = QLabel(canvas)
        self._label.setObjectName("readout")
        self._label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.hide()

    def set_colour(self, colour: str) -> None:
        """Draw the line in another colour."""
        self._line.setPen(pg.mkPen(colour, width=1))

    def point(self, position: QPointF) -> float | None:
        """Return the time under the mouse, in ms; None outside the data."""
        inside = self._box.sceneBoundingRect().contains(position)
        place = self._box.mapSceneToView(position)
        self.y = place.y() if inside else None
        return float(place.x()) if inside and place.x() >= 0 else None

    def leave(self) -> None:
        """Point nowhere."""
        self.y = None

    def hide(self) -> None:
        """Show neither line nor words."""
        self._line.setVisible(False)
        self._label.hide()

    def show(self, time: float, words: str) -> None:
        """Show the line at ``time``, in ms, and words on that side of it that has room."""
        self._line.setValue(time)
        self._line.setVisible(True)
        self._label.setText(words)
        self._label.adjustSize()
        area = self._box.sceneBoundingRect()
        x = self._canvas.mapFromScene(self._box.mapViewToScene(QPointF(time, 0))).x()
        width = self._label.width()
        fits = x + _BESIDE + width <= area.right()
        beside = x + _BESIDE if fits else x - _BESIDE - width
        self._label.move(max(int(beside), int(area.left())), int(area.top()) + 4)
        self._label.setVisible(area.left() <= x <= area.right())
