"""How blocks look, and the ports inside them."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from conex_app.canvas.painting.node_face import HEADER, LINE, Face, PortFace
from conex_app.canvas.painting.outlines import (
    LEFT,
    RIGHT,
    outline,
    paint_header_words,
    paint_shadow,
)
from conex_app.canvas.painting.pens import Style
from conex_app.look.theme import RADIUS

__all__ = ["paint_block", "paint_flag"]


def paint_block(painter: QPainter, face: Face, style: Style) -> None:
    """Draw a block: two borders, a band with its name, and a name beside each port."""
    path = outline(face)
    paint_shadow(painter, path, style)
    colour = style.colour(face.colour)
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(style.colour("node"))
    painter.drawPath(path)
    inner = QRectF(4, 4, face.width - 8, face.height - 8)
    painter.setPen(QPen(colour, 1.0))
    painter.drawRoundedRect(inner, RADIUS - 1, RADIUS - 1)
    painter.fillRect(QRectF(4, 4, face.width - 8, HEADER - 4), colour)
    paint_header_words(painter, face, style, style.on(face.colour), top=2)
    _paint_contents(painter, face, style)
    for port in face.ports:
        _paint_port_name(painter, port, face, style)


def _paint_contents(painter: QPainter, face: Face, style: Style) -> None:
    room = QRectF(14, HEADER + 8, face.width - 28, LINE)
    painter.setFont(style.words)
    taken = 0.0
    if face.mark:
        taken = QFontMetricsF(style.words).horizontalAdvance(face.mark) + 8
        painter.setPen(style.colour("accent"))
        painter.drawText(room, int(RIGHT), face.mark)
    painter.setPen(style.colour("muted"))
    for line in face.lines:
        painter.drawText(room, int(LEFT), style.fit(line.text, room.width() - taken))


def _paint_port_name(painter: QPainter, port: PortFace, face: Face, style: Style) -> None:
    other = "out" if port.direction == "in" else "in"
    shared = any(abs(one.y - port.y) < 1 for one in face.ports if one.direction == other)
    width = (face.width - 36) / 2 if shared else face.width - 28
    at_left = port.direction == "in"
    area = QRectF(14 if at_left else face.width - 14 - width, port.y - LINE / 2, width, LINE)
    painter.setFont(style.words)
    painter.setPen(style.colour("text"))
    painter.drawText(area, int(LEFT if at_left else RIGHT), style.fit(port.title, width))


def paint_flag(painter: QPainter, face: Face, style: Style) -> None:
    """Draw a port of the block around: flat at its outer side, the way of the spikes ahead."""
    path = outline(face)
    paint_shadow(painter, path, style)
    painter.setPen(QPen(style.colour(face.colour), 1.5))
    painter.setBrush(style.colour("node"))
    painter.drawPath(path)
    leads_in = face.shape == "way in"
    edge = (
        QRectF(1, 1, 4, face.height - 2)
        if leads_in
        else QRectF(face.width - 5, 1, 4, face.height - 2)
    )
    painter.fillRect(edge, style.colour(face.colour))
    area = QRectF(14 if leads_in else 24, 0, face.width - 42, face.height)
    painter.setFont(style.title)
    painter.setPen(style.colour("text"))
    name = style.fit(face.title, area.width(), title=True)
    painter.drawText(area, int(LEFT if leads_in else RIGHT), name)
