"""Small line drawings for buttons and rows, in the colour of the text around them.

One family on a grid of 16, drawn as lines, so that they are crisp at every scale and
need no icon font (loading one would cost half a second before the first paint).
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QToolButton, QWidget

from conex_app.look import plain_text

__all__ = ["IconButton", "draw_line_icon", "line_path", "soft"]

QUIET = ("distribution",)  # stands in many rows, so it steps back until it is wanted

_LINES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "right": (((6, 4), (10, 8), (6, 12)),),
    "down": (((4, 6), (8, 10), (12, 6)),),
    "up": (((4, 10), (8, 6), (12, 10)),),
    "into": (((2.5, 8), (9, 8)), ((6, 5), (9, 8), (6, 11)), ((12.5, 3), (12.5, 13))),
    "out": (((3.5, 3), (3.5, 13)), ((6.5, 8), (13, 8)), ((10, 5), (13, 8), (10, 11))),
    "promote": (
        ((5, 7), (3, 7), (3, 13.5), (13, 13.5), (13, 7), (11, 7)),
        ((8, 10.5), (8, 2.5)),
        ((5.5, 5), (8, 2.5), (10.5, 5)),
    ),
    "plus": (((8, 3.5), (8, 12.5)), ((3.5, 8), (12.5, 8))),
    "close": (((4.5, 4.5), (11.5, 11.5)), ((11.5, 4.5), (4.5, 11.5))),
    "check": (((3.5, 8.5), (6.5, 11.5), (12.5, 4.5)),),
    "bar": (((4.5, 8), (11.5, 8)),),
    "distribution": (
        ((2.5, 13), (13.5, 13)),
        ((4, 13), (4, 10.5)),
        ((6.67, 13), (6.67, 6)),
        ((9.33, 13), (9.33, 3)),
        ((12, 13), (12, 8.5)),
    ),
    "error": (((8, 4.8), (8, 8.8)), ((8, 11), (8, 11.2))),
    "play": (((5, 3.5), (12, 8), (5, 12.5), (5, 3.5)),),
    "warning": (((8, 6), (8, 9.4)), ((8, 11.6), (8, 11.8))),
}


def soft(palette: QPalette) -> QColor:
    """Return the colour of second words: units, meanings. Readable, but quiet."""
    colour = QColor(palette.color(QPalette.ColorRole.WindowText))
    colour.setAlphaF(0.64)
    return colour


def line_path(name: str) -> QPainterPath:
    """Return the lines of an icon on a grid of 16."""
    path = QPainterPath()
    for line in _LINES.get(name, ()):
        path.moveTo(*line[0])
        for point in line[1:]:
            path.lineTo(*point)
    if name == "reset":
        path.arcMoveTo(QRectF(3.5, 3.5, 9, 9), 160)
        path.arcTo(QRectF(3.5, 3.5, 9, 9), 160, -290)
        path.moveTo(3.2, 3.2)
        path.lineTo(3.6, 6.9)
        path.lineTo(7.2, 6.4)
    elif name == "search":
        path.addEllipse(QRectF(3, 3, 7, 7))
        path.moveTo(9.2, 9.2)
        path.lineTo(13, 13)
    elif name == "error":
        path.addEllipse(QRectF(1.8, 1.8, 12.4, 12.4))
    elif name == "warning":
        path.addPolygon(QPolygonF([QPointF(8, 2), QPointF(14.4, 13.6), QPointF(1.6, 13.6)]))
        path.closeSubpath()
    return path


def draw_line_icon(
    painter: QPainter, name: str, place: QRectF, colour: QColor, width: float = 1.4
) -> None:
    """Draw an icon into ``place``, which should be square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(place.topLeft())
    painter.scale(place.width() / 16, place.height() / 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if name == "bolt":
        points = [(9.5, 1), (3.5, 9), (7.5, 9), (6.5, 15), (12.5, 7), (8.5, 7)]
        painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))
    elif name in ("grip", "menu"):
        for centre in _dots(name):
            painter.drawEllipse(centre, 1.1, 1.1)
    else:
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(line_path(name))
    painter.restore()


def _dots(name: str) -> list[QPointF]:
    if name == "menu":
        return [QPointF(x, 8) for x in (3.5, 8, 12.5)]
    return [QPointF(x, y) for x in (6, 10) for y in (4, 8, 12)]


class IconButton(QToolButton):
    """A flat button with a line icon; the tooltip is its accessible name too."""

    def __init__(self, name: str, tip: str, parent: QWidget | None = None, size: int = 20) -> None:
        super().__init__(parent)
        self.icon_name = name
        self.setToolTip(plain_text.tip(tip))
        self.setAccessibleName(tip)
        self.setProperty("bare", True)
        self.setFixedSize(size, size)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_icon(self, name: str, tip: str) -> None:
        """Show another icon."""
        self.icon_name = name
        self.setToolTip(plain_text.tip(tip))
        self.setAccessibleName(tip)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the fixed size."""
        return self.size()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaint in the stronger colour."""
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the styled button, then the icon in its middle."""
        super().paintEvent(event)
        strong = self.underMouse() or self.hasFocus()
        role = QPalette.ColorRole.WindowText if strong else QPalette.ColorRole.PlaceholderText
        colour = self.palette().color(role)
        if not self.isEnabled():
            colour.setAlphaF(0.3)
        elif self.icon_name in QUIET and not strong:
            colour.setAlphaF(0.55)
        side = min(self.width(), self.height(), 20) - 4
        place = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        draw_line_icon(QPainter(self), self.icon_name, place, colour)
