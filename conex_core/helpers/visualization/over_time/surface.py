"""The drawn parts that all live plots share: time box, axes, grid.

Everything is painted by hand in few calls: a frame moves the time axis, so
whatever stands here is paid 30 times a second.
"""

from __future__ import annotations

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from conex_core.helpers.visualization.over_time.ticks import Label, nice_step, nice_ticks, thin
from conex_core.helpers.visualization.palette import Paper

__all__ = ["STYLE", "Grid", "Gutter", "TimeAxis", "TimeBox"]

STYLE = """
TimePlot, RasterPlot, VoltagePlot {{ background: {ground}; }}
QLabel {{ color: {muted}; background: transparent; }}
QLabel#readout {{ color: {text}; background: {ground}; border: 1px solid {grid};
    border-radius: 4px; padding: 2px 6px; }}
QLabel#past {{ color: {text}; background: {grid}; border-radius: 4px; padding: 2px 8px; }}
QScrollBar:horizontal {{ height: 8px; background: transparent; border: none; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {line}; border-radius: 3px; min-width: 24px;
    margin: 1px; }}
QScrollBar::handle:horizontal:hover {{ background: {muted}; }}
QScrollBar::handle:horizontal:disabled {{ background: transparent; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


_LEFT_OF_AXIS, _RIGHT_OF_AXIS = 15, 6  # px beside the axis where it may write, too
_BESIDE_GUTTER = 12  # px


class TimeBox(pg.ViewBox):
    """Turn mouse gestures into requests about time instead of moving by itself."""

    dragged = Signal(float)  # by how many px since the last event
    wheeled = Signal(float, float)  # notches, x as a share of the width
    scrolled = Signal(float)  # sideways notches
    released = Signal()  # double click: follow the present

    def __init__(self) -> None:
        super().__init__(enableMenu=False, enableMouse=False)
        self.setDefaultPadding(0)
        self.disableAutoRange()

    def mouseDragEvent(self, event: Any, axis: Any = None) -> None:
        """Scroll with the left button."""
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        event.accept()
        self.dragged.emit(event.pos().x() - event.lastPos().x())

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """Go back to the present."""
        event.accept()
        self.released.emit()

    def wheelEvent(self, event: Any, axis: Any = None) -> None:
        """Zoom; scroll with Shift or a sideways wheel."""
        event.accept()
        notches = event.delta() / 120
        sideways = event.orientation() == Qt.Orientation.Horizontal
        if sideways or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.scrolled.emit(notches)
        else:
            self.wheeled.emit(notches, event.pos().x() / max(self.width(), 1))


class TimeAxis(pg.AxisItem):
    """Show simulated time in ms; nothing is written before the run began."""

    def __init__(self) -> None:
        super().__init__("bottom", maxTickLength=0)
        self.enableAutoSIPrefix(False)
        self.setHeight(max(22, math.ceil(QFontMetricsF(self.font()).height()) + 6))

    def setRange(self, mn: float, mx: float) -> None:
        """Show the times from ``mn`` to ``mx``; pyqtgraph's own costs half a frame."""
        if [mn, mx] != getattr(self, "range", None):  # called before there is one
            self.range = [mn, mx]
            self.update()

    def boundingRect(self) -> QRectF:
        """Return all that is painted on; what reached beyond stayed when the times moved on."""
        return QRectF(self.rect()).adjusted(-_LEFT_OF_AXIS, 0, _RIGHT_OF_AXIS, 0)

    def paint(self, p: QPainter, opt: Any, widget: Any) -> None:
        """Paint the base line and round times with thin thousands separators."""
        (begin, end), width = self.range, self.size().width()
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        p.setPen(self.pen())
        p.drawLine(QPointF(0, 0), QPointF(width, 0))
        p.setPen(self.textPen())
        step = nice_step(end - begin, width / 90)
        digits = max(0, math.ceil(-math.log10(step))) if step < 1 else 0
        metrics = QFontMetricsF(p.font())
        for tick in nice_ticks(max(begin, 0.0), end, step):
            x, text = (tick - begin) / (end - begin) * width, thin(tick, digits)
            half = metrics.horizontalAdvance(text) / 2
            if x - half >= -_LEFT_OF_AXIS and x + half <= width + _RIGHT_OF_AXIS:  # whole, or not
                p.drawText(QPointF(x - half, 5 + metrics.ascent()), text)


class Gutter(pg.AxisItem):
    """Paint what stands left of the data: unit, names in colour, numbers."""

    def __init__(self, unit: str) -> None:
        super().__init__("left", maxTickLength=0)
        self.unit, self.paper = unit, Paper.of(False)
        self.names: tuple[Label, ...] = ()
        self.ticks: tuple[Label, ...] = ()
        self._small = QFont()
        self._small.setPointSizeF(max(self._small.pointSizeF() - 1.5, 7.0))

    def show_labels(self, names: tuple[Label, ...], ticks: tuple[Label, ...]) -> None:
        """Replace names and numbers."""
        if (names, ticks) != (self.names, self.ticks):
            self.names, self.ticks = names, ticks
            self.update()

    def needed_width(self) -> int:
        """Return the room that unit, names and numbers take, in px."""
        small, normal = QFontMetricsF(self._small), QFontMetricsF(self.font())
        names = max((normal.horizontalAdvance(label.text) for label in self.names), default=0)
        ticks = max((small.horizontalAdvance(label.text) for label in self.ticks), default=0)
        return math.ceil(20 + min(names, 120) + 12 + max(ticks, 28) + 12)

    def linkedViewChanged(self, view: Any, newRange: Any = None) -> None:
        """Stay: nothing here follows the view."""

    def boundingRect(self) -> QRectF:
        """Return all that is painted on: numbers at the ends reach a little beyond."""
        return QRectF(self.rect()).adjusted(0, -_BESIDE_GUTTER, 0, _BESIDE_GUTTER)

    def paint(self, p: QPainter, opt: Any, widget: Any) -> None:
        """Paint all labels."""
        width, height = self.size().width(), self.size().height()
        p.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._paint_unit(p, height)
        self._paint_ticks(p, width, height)
        self._paint_names(p, width, height)

    def _paint_unit(self, p: QPainter, height: float) -> None:
        p.save()
        p.setFont(self._small)
        p.setPen(QColor(self.paper.muted))
        p.translate(2, height / 2)
        p.rotate(-90)
        p.drawText(QRectF(-80, 0, 160, 16), Qt.AlignmentFlag.AlignCenter, self.unit)
        p.restore()

    def _paint_ticks(self, p: QPainter, width: float, height: float) -> None:
        p.setFont(self._small)
        p.setPen(QColor(self.paper.muted))
        alignment = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        alignment |= Qt.TextFlag.TextDontClip
        edge = QFontMetricsF(self._small).height() / 2 - 1
        for label in self.ticks:
            middle = min(max(label.y * height, edge - 6), height - edge + 4)
            p.drawText(QRectF(0, middle - 8, width - 11, 16), alignment, label.text)

    def _paint_names(self, p: QPainter, width: float, height: float) -> None:
        p.setFont(self.font())
        metrics = QFontMetricsF(self.font())
        numbers = QFontMetricsF(self._small)
        ticks = max((numbers.horizontalAdvance(label.text) for label in self.ticks), default=0)
        room = width - 20 - 12 - max(ticks, 28) - 12
        for label in self.names:
            colour = QColor(label.colour)
            # Of a group inside blocks the end of the name tells it from the others.
            inside = " / " in label.text
            side = Qt.TextElideMode.ElideLeft if inside else Qt.TextElideMode.ElideRight
            text = metrics.elidedText(label.text, side, room + 1)
            p.setPen(colour)
            area = QRectF(20, label.y * height - 10, room + 4, 20)
            p.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
            if label.bar is not None:
                top, bottom = (share * height for share in label.bar)
                p.fillRect(QRectF(width - 6, top, 3, max(bottom - top, 1)), colour)


class Grid(pg.GraphicsObject):
    """Paint thin lines at round times and values, and faint dashed marks."""

    def __init__(self, box: TimeBox) -> None:
        super().__init__()
        self.box, self.paper = box, Paper.of(False)
        self.levels: tuple[float, ...] = ()
        self.marks: tuple[tuple[float, str], ...] = ()
        self.setZValue(-10)

    def boundingRect(self) -> QRectF:
        """Return the visible part."""
        return QRectF(self.viewRect())

    def viewRangeChanged(self) -> None:
        """Follow the view."""
        self.prepareGeometryChange()

    def paint(self, p: QPainter, *args: Any) -> None:
        """Paint the lines, one px each whatever the scale."""
        view = self.viewRect()
        step = nice_step(view.width(), self.box.width() / 90)
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        p.setPen(_thin_pen(self.paper.grid))
        for x in nice_ticks(view.left(), view.right(), step):
            if x >= 0:
                p.drawLine(QPointF(x, view.top()), QPointF(x, view.bottom()))
        for y in self.levels:
            p.drawLine(QPointF(view.left(), y), QPointF(view.right(), y))
        for y, colour in self.marks:
            p.setPen(_thin_pen(colour, dashed=True))
            p.drawLine(QPointF(view.left(), y), QPointF(view.right(), y))


def _thin_pen(colour: str, dashed: bool = False) -> QPen:
    pen = QPen(QColor(colour), 0)
    pen.setCosmetic(True)
    if dashed:
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 4])
    return pen
