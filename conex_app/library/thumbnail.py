"""The thumbnail of a block: its nodes and wires in miniature, painted into a small card."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from conex_app.look.panel_style import kind_colour
from conex_app.look.theme import RADIUS, Theme
from conex_core.graph.library.outlines import Outline, OutlineBox

__all__ = ["paint_broken", "paint_picture"]

_ROOM = 6.0  # between the edge of the card and what is drawn
_LEAST = 7.0  # px that a node keeps, however many there are
_MOST, _FLAT = 0.26, 0.62  # of the width of the card; height by width


def paint_picture(painter: QPainter, picture: Outline, place: QRectF, theme: Theme) -> None:
    """Draw the nodes and wires of a block, spread over the card."""
    painter.save()
    _card(painter, place, theme)
    painter.setClipRect(place)
    room = place.adjusted(_ROOM, _ROOM, -_ROOM, -_ROOM)
    areas = [_area(box, room) for box in picture.boxes]
    painter.setPen(QPen(QColor(theme.faint), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for start, end in picture.wires:
        painter.drawPath(_wire(areas[start], areas[end]))
    for box, area in zip(picture.boxes, areas, strict=True):
        _node(painter, box, area, theme)
    painter.restore()


def paint_broken(painter: QPainter, place: QRectF, theme: Theme) -> None:
    """Draw the card of a file that cannot be read: crossed out, in grey."""
    painter.save()
    _card(painter, place, theme)
    painter.setPen(QPen(QColor(theme.faint), 1.4))
    centre = place.center()
    painter.drawEllipse(centre, 8, 8)
    painter.drawLine(centre + QPointF(0, -4), centre + QPointF(0, 1))
    painter.drawPoint(centre + QPointF(0, 4))
    painter.restore()


def _card(painter: QPainter, place: QRectF, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.setBrush(QColor(theme.canvas))
    painter.drawRoundedRect(place, RADIUS, RADIUS)


def _area(box: OutlineBox, room: QRectF) -> QRectF:
    """Return where a node is drawn; few nodes do not fill the card, many stay visible."""
    width = min(max(box.width * room.width(), _LEAST), room.width() * _MOST)
    height = min(max(box.height * room.height(), _LEAST * _FLAT), width * _FLAT)
    area = QRectF(0, 0, width, height)
    centre_x = room.x() + (box.x + box.width / 2) * room.width()
    centre_y = room.y() + (box.y + box.height / 2) * room.height()
    area.moveCenter(QPointF(centre_x, centre_y))
    return area


def _wire(start: QRectF, end: QRectF) -> QPainterPath:
    """Return the way of a wire; one that goes back passes above both nodes."""
    out = QPointF(start.right(), start.center().y())
    into = QPointF(end.left(), end.center().y())
    path = QPainterPath(out)
    if into.x() >= out.x():
        bend = QPointF((into.x() - out.x()) / 2, 0)
        path.cubicTo(out + bend, into - bend, into)
    else:
        top = min(start.top(), end.top()) - 4
        path.cubicTo(QPointF(out.x() + 6, top), QPointF(into.x() - 6, top), into)
    return path


def _node(painter: QPainter, box: OutlineBox, area: QRectF, theme: Theme) -> None:
    params = {"polarity": box.role, "compartment": box.role} if box.role else None
    colour = kind_colour(box.kind, theme, params)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    round_by = area.height() / 2 if box.is_synapse_group else 1.5
    painter.drawRoundedRect(area, round_by, round_by)
    if box.is_instance and min(area.width(), area.height()) > 6:
        painter.setBrush(QColor(theme.canvas))
        painter.drawRoundedRect(area.adjusted(1.5, 1.5, -1.5, -1.5), 1, 1)
        painter.setBrush(colour)
        painter.drawRoundedRect(area.adjusted(3, 3, -3, -3), 1, 1)
