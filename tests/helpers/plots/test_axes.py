"""The axes of plots over time paint on their own ground only, so that nothing stays behind."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from conex_core.helpers.visualization.over_time.surface import Gutter, TimeAxis
from conex_core.helpers.visualization.over_time.ticks import Label

AROUND = 60  # px of the picture around the axis


def painted(axis) -> QRectF:
    """Return the smallest area that holds all that ``axis`` paints."""
    size = axis.size().toSize()
    picture = QImage(
        size.width() + 2 * AROUND, size.height() + 2 * AROUND, QImage.Format.Format_ARGB32
    )
    picture.fill(0)
    painter = QPainter(picture)
    painter.translate(QPointF(AROUND, AROUND))
    axis.paint(painter, None, None)
    painter.end()
    used = [
        (x, y)
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).alpha()
    ]
    columns, rows = zip(*used, strict=True)
    left, top = min(columns) - AROUND, min(rows) - AROUND
    return QRectF(QRect(left, top, max(columns) - AROUND - left, max(rows) - AROUND - top))


@pytest.mark.parametrize("begin", [-500, 0, 190, 410, 41_000, 422_190, 422_999])
def test_times_are_painted_where_the_axis_says(qapp, begin):
    axis = TimeAxis()
    axis.resize(240, 26)
    axis.setRange(begin, begin + 1000)

    assert axis.boundingRect().contains(painted(axis))


def test_numbers_at_both_ends_are_painted_where_the_axis_says(qapp):
    gutter = Gutter("mV")
    gutter.resize(120, 90)
    ends = tuple(Label(y, "-100") for y in (0.0, 1.0))
    gutter.show_labels(tuple(Label(y, "Group", "#0072B2") for y in (0.05, 0.95)), ends)

    assert gutter.boundingRect().contains(painted(gutter))
