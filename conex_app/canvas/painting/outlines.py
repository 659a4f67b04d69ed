"""What painters of nodes share: the outlines of shapes, shadows, the words of a header."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from conex_app.canvas.painting.node_face import HEADER, NOTCH, Face
from conex_app.canvas.painting.pens import Style
from conex_app.look.theme import RADIUS

__all__ = [
    "CORNER",
    "LEFT",
    "NO_PEN",
    "RIGHT",
    "header",
    "outline",
    "paint_header_words",
    "paint_shadow",
]

CORNER = 14.0  # how much a stack is cut off at its corner
NO_PEN = QPen(Qt.PenStyle.NoPen)
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def outline(face: Face) -> QPainterPath:
    """Return the outline of a node."""
    return _outline_of(face.shape, face.width, face.height)


@lru_cache(maxsize=32)
def header(shape: str, width: float) -> QPainterPath:
    """Return the band at the top of a shape."""
    whole = _outline_of(shape, width, 4 * HEADER)
    band = QPainterPath()
    band.addRect(QRectF(0, 0, width, HEADER))
    return whole.intersected(band)


def paint_shadow(painter: QPainter, path: QPainterPath, style: Style) -> None:
    """Draw the shadow of a node."""
    painter.setPen(NO_PEN)
    painter.setBrush(QColor(0, 0, 0, 60 if style.theme.is_dark else 18))
    painter.translate(0, 2)
    painter.drawPath(path)
    painter.translate(0, -2)


def paint_header_words(
    painter: QPainter, face: Face, style: Style, colour: QColor, top: float = 0.0
) -> None:
    """Draw the name of a node at the left and its detail at the right."""
    inner = face.width - 28
    painter.setPen(colour)
    painter.setFont(style.words)
    detail = style.fit(face.detail, inner / 2)
    painter.drawText(QRectF(14, top, inner, HEADER - top), int(RIGHT), detail)
    room = inner - QFontMetricsF(style.words).horizontalAdvance(detail) - 8
    painter.setFont(style.title)
    name = style.fit(face.title, room, title=True)
    painter.drawText(QRectF(14, top, inner, HEADER - top), int(LEFT), name)


@lru_cache(maxsize=256)
def _outline_of(shape: str, width: float, height: float) -> QPainterPath:
    path = QPainterPath()
    if shape == "synapse":
        path.addRoundedRect(QRectF(0, 0, width, height), height / 2, height / 2)
    elif shape == "stack":
        corners = [(CORNER, 0), (width, 0), (width, height), (0, height), (0, CORNER)]
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        path.closeSubpath()
    elif shape in ("way in", "way out"):
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in _flag(shape, width, height)]))
        path.closeSubpath()
    elif shape == "input":
        path.addPath(_flat_left(width, height, RADIUS * 3))
    else:
        path.addRoundedRect(QRectF(0, 0, width, height), RADIUS, RADIUS)
    return path


def _flag(shape: str, width: float, height: float) -> list[tuple[float, float]]:
    """Return the corners of an arrow that points to the right."""
    middle = height / 2
    if shape == "way in":
        tip = width - middle * 0.75
        return [(0, 0), (tip, 0), (width, middle), (tip, height), (0, height)]
    return [(0, 0), (width, 0), (width, height), (0, height), (NOTCH, middle)]


def _flat_left(width: float, height: float, radius: float) -> QPainterPath:
    path = QPainterPath(QPointF(0, 0))
    path.lineTo(width - radius, 0)
    path.arcTo(QRectF(width - 2 * radius, 0, 2 * radius, 2 * radius), 90, -90)
    path.lineTo(width, height - radius)
    path.arcTo(QRectF(width - 2 * radius, height - 2 * radius, 2 * radius, 2 * radius), 0, -90)
    path.lineTo(0, height)
    path.closeSubpath()
    return path
