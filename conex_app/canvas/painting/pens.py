"""The pens, brushes and fonts of one theme, made once and shared by all items."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPen

from conex_app.look.plain_text import plain_line
from conex_app.look.theme import Theme

__all__ = ["Style"]

_SOLID = Qt.PenStyle.SolidLine
_DASHES = {"Distal": Qt.PenStyle.DashLine, "Apical": Qt.PenStyle.DotLine}


class Style:
    """Hold the pens, brushes and fonts of one theme, made once."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.title = _font(13, QFont.Weight.DemiBold)
        self.words = _font(12, QFont.Weight.Normal)
        self.struck = _font(12, QFont.Weight.Normal)
        self.struck.setStrikeOut(True)
        self.badge = _font(11, QFont.Weight.Bold)
        self.overview = _font(26, QFont.Weight.DemiBold)
        self.on_badge = _colour("#14151F" if theme.is_dark else "#FFFFFF")
        self.border = QPen(self.colour("node_border"), 1.0)
        self.accent = _steady(self.colour("accent"), 2.0)
        self.ring = _steady(self.colour("accent"), 1.0, Qt.PenStyle.DashLine)
        self.error = _steady(self.colour("error"), 2.5)
        self._wires: dict[tuple[str, str, bool, bool], QPen] = {}
        self._elided: dict[tuple[str, bool, int], str] = {}

    def colour(self, name: str) -> QColor:
        """Return the colour that the theme calls ``name``."""
        return _colour(getattr(self.theme, name))

    def on(self, name: str) -> QColor:
        """Return the colour of words on ``name``."""
        return _colour("#10222E" if name in ("input", "stack", "apical", "block") else "#FFFFFF")

    def wire(self, colour: str, compartment: str, *, selected: bool, thin: bool) -> QPen:
        """Return the pen of a wire; ``thin`` ones are a pixel wide at every zoom."""
        key = (colour, compartment, selected, thin)
        if key not in self._wires:
            shade = self.colour("accent" if selected else colour)
            width = 0.0 if thin else 3.0 if selected else 1.4 if colour == "faint" else 2.0
            dash = Qt.PenStyle.SolidLine if thin else _DASHES.get(compartment, _SOLID)
            pen = QPen(shade, width, dash)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap if thin else Qt.PenCapStyle.RoundCap)
            self._wires[key] = pen
        return self._wires[key]

    def fit(self, text: str, width: float, *, title: bool = False) -> str:
        """Return ``text`` cut at the right so that it fits."""
        key = (text, title, int(width))
        if key not in self._elided:
            metrics = QFontMetricsF(self.title if title else self.words)
            self._elided[key] = metrics.elidedText(
                plain_line(text), Qt.TextElideMode.ElideRight, width
            )
        return self._elided[key]


def _steady(colour: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """Return a pen that stays as wide at every zoom."""
    pen = QPen(colour, width, style)
    pen.setCosmetic(True)
    return pen


def _font(pixels: int, weight: QFont.Weight) -> QFont:
    font = QFont(QGuiApplication.font())
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


@lru_cache(maxsize=256)
def _colour(name: str) -> QColor:
    return QColor(name)
