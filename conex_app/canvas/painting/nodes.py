"""How nodes look: plain painter functions, one a shape, no item and no document.

Three depths of detail: everything, names and colours only (below 0.4x zoom),
and blocks of colour (below 0.15x).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QPainter,
    QPen,
    QPolygonF,
)

from conex_app.canvas.painting.blocks import paint_block, paint_flag
from conex_app.canvas.painting.node_face import HEADER, LINE, Face, PortFace
from conex_app.canvas.painting.outlines import (
    CORNER,
    LEFT,
    NO_PEN,
    header,
    outline,
    paint_header_words,
    paint_shadow,
)
from conex_app.canvas.painting.pens import Style
from conex_app.look.theme import RADIUS
from conex_core.plot_specs import Sign

__all__ = ["MARGIN", "PORT_RADIUS", "NodeState", "paint_node"]

NAMES_BELOW, BLOCKS_BELOW = 0.4, 0.15
MARGIN = 16.0
PORT_RADIUS = 5.0


@dataclass
class NodeState:
    """Hold what a node shows beside its face: things that come and go.

    ``legal`` maps port names to whether a wire being drawn may end there; None
    while no wire is drawn. ``glow`` goes from 0 to 1. ``signs`` are the strokes of
    the kinds of plot in ``monitors``.
    """

    selected: bool = False
    current: bool = False
    target: bool = False
    failed: bool = False
    errors: int = 0
    warnings: int = 0
    glow: float = 0.0
    newer: bool = False
    monitors: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    wired: set[str] = field(default_factory=set)
    legal: dict[str, bool] | None = None


def paint_node(painter: QPainter, face: Face, state: NodeState, style: Style, zoom: float) -> None:
    """Draw a node at its own origin, in the detail that ``zoom`` deserves."""
    if zoom < BLOCKS_BELOW:
        painter.fillRect(QRectF(0, 0, face.width, face.height), _block(face, state, style))
        return
    if state.glow > 0:
        _paint_glow(painter, face, state.glow, style)
    if zoom < NAMES_BELOW:
        _paint_overview(painter, face, state, style)
    else:
        _BODIES[face.shape](painter, face, style)
        _paint_monitors(painter, face, state, style)
    _paint_outline(painter, face, state, style)
    for port in face.ports if zoom >= NAMES_BELOW else ():
        _paint_port(painter, port, face, state, style)
    _paint_badge(painter, face, state, style, zoom)
    if state.newer:
        _paint_newer(painter, style, zoom)


def _block(face: Face, state: NodeState, style: Style) -> QColor:
    if state.failed:
        return style.colour("error")
    return style.colour("accent" if state.selected else face.colour)


def _paint_overview(painter: QPainter, face: Face, state: NodeState, style: Style) -> None:
    colour = style.colour(face.colour)
    painter.setPen(NO_PEN)
    painter.setBrush(colour)
    painter.drawPath(outline(face))
    painter.setPen(style.on(face.colour))
    painter.setFont(style.overview)
    area = QRectF(8, 0, face.width - 16, face.height)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(area, int(flags), style.fit(face.title, face.width / 2 - 14, title=True))


def _paint_group(painter: QPainter, face: Face, style: Style) -> None:
    path = outline(face)
    paint_shadow(painter, path, style)
    painter.setPen(NO_PEN)
    painter.setBrush(style.colour("node"))
    painter.drawPath(path)
    painter.setBrush(style.colour(face.colour))
    painter.drawPath(header(face.shape, face.width))
    painter.setPen(style.border)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    paint_header_words(painter, face, style, style.on(face.colour))
    _paint_lines(painter, face, style, HEADER + 8)


def _paint_synapse(painter: QPainter, face: Face, style: Style) -> None:
    path = outline(face)
    paint_shadow(painter, path, style)
    painter.setPen(QPen(style.colour(face.colour), 2.0))
    painter.setBrush(style.colour("node"))
    painter.drawPath(path)
    inner = face.width - 44
    painter.setPen(style.colour("text"))
    painter.setFont(style.title)
    painter.drawText(QRectF(22, 7, inner, 18), int(LEFT), style.fit(face.title, inner, title=True))
    painter.setPen(style.colour("muted"))
    painter.setFont(style.words)
    painter.drawText(QRectF(22, 24, inner, 17), int(LEFT), style.fit(face.detail, inner))


def _paint_stack(painter: QPainter, face: Face, style: Style) -> None:
    path = outline(face)
    paint_shadow(painter, path, style)
    painter.setPen(style.border)
    painter.setBrush(style.colour("node"))
    painter.drawPath(path)
    painter.fillRect(QRectF(CORNER, 1, face.width - CORNER - RADIUS, 3), style.colour("stack"))
    painter.fillRect(QRectF(10, HEADER, face.width - 20, 1), style.colour("border"))
    paint_header_words(painter, face, style, style.colour("text"))
    _paint_lines(painter, face, style, HEADER + 8)


def _paint_note(painter: QPainter, face: Face, style: Style) -> None:
    painter.setPen(NO_PEN)
    painter.setBrush(style.colour("raised"))
    painter.drawPath(outline(face))
    painter.fillRect(QRectF(0, RADIUS, 3, face.height - 2 * RADIUS), style.colour("faint"))
    painter.setPen(style.colour("text"))
    painter.setFont(style.title)
    painter.drawText(
        QRectF(14, 4, face.width - 28, 26), int(LEFT), style.fit(face.title, 180, title=True)
    )
    _paint_lines(painter, face, style, HEADER, left=14)


def _paint_unknown(painter: QPainter, face: Face, style: Style) -> None:
    path = outline(face)
    painter.setPen(QPen(style.colour("unknown"), 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(style.colour("node"))
    painter.drawPath(path)
    painter.setBrush(QBrush(style.colour("unknown"), Qt.BrushStyle.BDiagPattern))
    painter.drawPath(path)
    painter.fillRect(QRectF(8, 6, face.width - 16, face.height - 12), style.colour("node"))
    paint_header_words(painter, face, style, style.colour("text"))
    _paint_lines(painter, face, style, HEADER + 8)


_BODIES = {
    "group": _paint_group,
    "input": _paint_group,
    "synapse": _paint_synapse,
    "stack": _paint_stack,
    "note": _paint_note,
    "block": paint_block,
    "way in": paint_flag,
    "way out": paint_flag,
    "unknown": _paint_unknown,
}


def _paint_lines(
    painter: QPainter, face: Face, style: Style, top: float, left: float = 14.0
) -> None:
    width = face.width - left - 14
    for row, line in enumerate(face.lines):
        painter.setFont(style.struck if line.off else style.words)
        painter.setPen(style.colour("faint" if line.off or line.text[:1] == "+" else "text"))
        area = QRectF(left, top + row * LINE, width, LINE)
        painter.drawText(area, int(LEFT), style.fit(line.text, width))
    if not face.lines and face.shape in ("group", "stack"):
        painter.setFont(style.words)
        painter.setPen(style.colour("faint"))
        painter.drawText(QRectF(left, top, width, LINE), int(LEFT), "no behaviors yet")


def _paint_port(
    painter: QPainter, port: PortFace, face: Face, state: NodeState, style: Style
) -> None:
    colour = _port_colour(port, face, style)
    wired, radius = port.name in state.wired, PORT_RADIUS
    if state.legal is not None:
        if state.legal.get(port.name):
            colour, wired, radius = style.colour("accent"), True, PORT_RADIUS + 2
        else:
            colour = style.colour("border")
    painter.setPen(QPen(colour, 1.8))
    painter.setBrush(colour if wired else style.colour("node"))
    if radius > PORT_RADIUS:
        halo = QColor(colour)
        halo.setAlpha(70)
        painter.setPen(QPen(halo, 6.0))
        painter.drawEllipse(QPointF(port.x, port.y), radius + 2, radius + 2)
        painter.setPen(QPen(colour, 1.8))
    if port.signal == "behaviors":
        side = radius - 0.8
        painter.drawRect(QRectF(port.x - side, port.y - side, 2 * side, 2 * side))
    else:
        painter.drawEllipse(QPointF(port.x, port.y), radius, radius)


def _port_colour(port: PortFace, face: Face, style: Style) -> QColor:
    if port.signal == "behaviors":
        return style.colour("faint")
    if face.shape in ("group", "input", "block") and port.direction == "in":
        return style.colour("muted")
    return style.colour(face.colour)


def _paint_outline(painter: QPainter, face: Face, state: NodeState, style: Style) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state.failed:
        painter.setPen(style.error)
        painter.drawPath(outline(face))
    if state.selected or state.target:
        painter.setPen(style.accent)
        _draw_around(painter, face, 3)
    if state.current:
        painter.setPen(style.ring)
        _draw_around(painter, face, 7)


def _draw_around(painter: QPainter, face: Face, gap: float) -> None:
    area = QRectF(-gap, -gap, face.width + 2 * gap, face.height + 2 * gap)
    radius = area.height() / 2 if face.shape == "synapse" else RADIUS + gap
    painter.drawRoundedRect(area, radius, radius)


def _paint_badge(
    painter: QPainter, face: Face, state: NodeState, style: Style, zoom: float
) -> None:
    count = state.errors or state.warnings
    if not count:
        return
    scale = 1.0 if zoom >= NAMES_BELOW else 1.8
    centre, radius = QPointF(face.width - 4, 0), 9 * scale
    painter.setPen(QPen(style.colour("canvas"), 2.0))
    painter.setBrush(style.colour("error" if state.errors else "warning"))
    painter.drawEllipse(centre, radius, radius)
    if zoom >= NAMES_BELOW:
        painter.setPen(style.on_badge)
        painter.setFont(style.badge)
        area = QRectF(centre.x() - 9, centre.y() - 9, 18, 18)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), str(min(count, 99)))


def _paint_newer(painter: QPainter, style: Style, zoom: float) -> None:
    """Draw the sign that the library has a newer version: an arrow up, at the left corner."""
    scale = 1.0 if zoom >= NAMES_BELOW else 1.8
    centre, radius = QPointF(4, 0), 9 * scale
    painter.setPen(QPen(style.colour("canvas"), 2.0))
    painter.setBrush(style.colour("accent"))
    painter.drawEllipse(centre, radius, radius)
    if zoom >= NAMES_BELOW:
        painter.setPen(QPen(style.on_badge, 1.8))
        painter.drawLine(QPointF(4, 4.5), QPointF(4, -4.5))
        painter.drawPolyline([QPointF(0.5, -1), QPointF(4, -4.5), QPointF(7.5, -1)])


def _paint_glow(painter: QPainter, face: Face, glow: float, style: Style) -> None:
    colour = QColor(style.colour(face.colour))
    painter.setPen(NO_PEN)
    for ring in range(2, 15, 2):
        colour.setAlphaF(0.09 * glow)
        painter.setBrush(colour)
        area = QRectF(-ring, -ring, face.width + 2 * ring, face.height + 2 * ring)
        painter.drawRoundedRect(area, RADIUS + ring, RADIUS + ring)


def _paint_monitors(painter: QPainter, face: Face, state: NodeState, style: Style) -> None:
    """Draw a small sign under the node for each kind of plot that shows it."""
    painter.setPen(QPen(style.colour("muted"), 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for place, sign in enumerate(state.signs):
        x, y = face.width - 16 - 20 * place, face.height + 4
        for stroke in sign:
            painter.drawPolyline(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in stroke]))
