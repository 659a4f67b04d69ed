"""The shape of a distribution, drawn a few pixels high beside its name."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from conex_app.look.plain_text import tip
from conex_core.distributions import Choice, Constant, Distribution, LogNormal, Normal, Uniform

__all__ = ["Histogram", "density"]

BARS = 13
WIDTH, HEIGHT = 39, 24


def density(value: Distribution | None, bars: int = BARS) -> list[float]:
    """Return the heights, 0 to 1, of a histogram of ``value``; empty if unknown."""
    centres = [(index + 0.5) / bars for index in range(bars)]
    if isinstance(value, Uniform):
        heights = [1.0 if 0.15 < x < 0.85 else 0.0 for x in centres]
    elif isinstance(value, Normal):
        heights = [math.exp(-0.5 * ((x - 0.5) * 6) ** 2) for x in centres]
    elif isinstance(value, LogNormal):
        width = min(max(value.std, 0.2), 2.0)
        heights = [math.exp(-0.5 * (math.log(x * 4) / width) ** 2) / x for x in centres]
    elif isinstance(value, Choice):
        heights = _spread_out(value.weights, bars)
    elif isinstance(value, Constant):
        heights = [1.0 if index == bars // 2 else 0.0 for index in range(bars)]
    else:
        return []
    top = max(heights)
    return [height / top for height in heights]


def _spread_out(weights: tuple[float, ...], bars: int) -> list[float]:
    """Return one bar per weight with gaps between, or as many of them as there is room for."""
    shown = weights[:bars]
    heights = [0.0] * bars
    for index, weight in enumerate(shown):
        heights[round((index + 0.5) * bars / len(shown) - 0.5)] = weight
    return heights


class Histogram(QWidget):
    """Show the name of a distribution and its shape."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ""
        self.heights: list[float] = []
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_shape(self, value: Distribution | None, title: str = "") -> None:
        """Draw ``value``, or only ``title`` when there is none."""
        self.heights = density(value)
        self.title = title or (value.title if value is not None else "")
        self.setToolTip(tip(self.title))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the least that is readable."""
        return QSize(WIDTH + 64, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the name at the left, draw thin bars on a base line at the right."""
        painter = QPainter(self)
        palette = self.palette()
        room = self.width() - (WIDTH + 4 if self.heights else 0)
        role = QPalette.ColorRole.WindowText if self.heights else QPalette.ColorRole.PlaceholderText
        if painter.fontMetrics().horizontalAdvance(self.title) <= room:
            painter.setPen(palette.color(role))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(self.rect(), flags, self.title)
        if not self.heights:
            return
        left, base = self.width() - WIDTH, HEIGHT - 4
        painter.fillRect(
            QRectF(left, base, WIDTH, 1), palette.color(QPalette.ColorRole.PlaceholderText)
        )
        accent = palette.color(QPalette.ColorRole.Accent)
        for index, height in enumerate(self.heights):
            tall = round(height * (base - 3))
            painter.fillRect(QRectF(left + 3 * index, base - tall, 2, tall), accent)
