"""What all side panels share: their style sheet, swatches of kinds, check boxes.

Colours come from ``conex_app.look.theme``; sizes follow a grid of 8 px.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from conex_app.look.line_icons import draw_line_icon
from conex_app.look.theme import Theme, theme_palette
from conex_core.graph.blocks.definitions import BLOCK_KINDS
from conex_core.graph.model.kinds import (
    BEHAVIOR_STACK,
    INPUT_LAYER,
    INPUT_PORT,
    INSTANCE,
    NEURON_GROUP,
    NOTE,
    OUTPUT_PORT,
    SYNAPSE_GROUP,
)

__all__ = [
    "CheckBox",
    "ComboBox",
    "Panel",
    "kind_colour",
    "panel_sheet",
    "set_panel_style",
    "swatch",
]

_SHEET = """
QWidget#panel, QWidget#page {{ background: {window}; }}
QLineEdit, QPlainTextEdit, QComboBox {{ background: {surface}; color: {text};
    border: 1px solid {border}; border-radius: 4px; padding: 2px 6px;
    selection-background-color: {accent}; selection-color: {on_accent}; }}
QLineEdit, QComboBox {{ min-height: 18px; }}
QPlainTextEdit {{ padding: 2px; }}
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover {{ border-color: {faint}; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{ border-color: {accent}; }}
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"] {{ border-color: {error}; }}
QLineEdit[quiet="true"] {{ background: transparent; color: {muted}; }}
QLineEdit[title="true"] {{ background: transparent; border-color: transparent;
    font-size: 13pt; font-weight: 600; padding: 2px 4px; min-height: 24px; }}
QLineEdit[title="true"]:hover {{ border-color: {border}; }}
QLineEdit[title="true"]:focus {{ background: {surface}; border-color: {accent}; }}
QLineEdit[title="true"][invalid="true"] {{ border-color: {error}; }}
QLineEdit:disabled, QComboBox:disabled {{ background: {window}; color: {muted}; }}
QComboBox::drop-down {{ border: 0; width: 20px; }}
QComboBox::down-arrow {{ image: none; }}
QComboBox QAbstractItemView {{ border: 1px solid {border}; padding: 4px; }}
QToolButton[bare="true"] {{ padding: 0; }}
QToolButton[segment] {{ background: {surface}; color: {muted}; border: 1px solid {border};
    border-radius: 0; padding: 2px 4px; min-height: 16px; max-height: 18px; }}
QToolButton[segment="mid"], QToolButton[segment="last"] {{ border-left-width: 0; }}
QToolButton[segment="first"] {{ border-top-left-radius: 4px; border-bottom-left-radius: 4px; }}
QToolButton[segment="last"] {{ border-top-right-radius: 4px; border-bottom-right-radius: 4px; }}
QToolButton[segment]:hover {{ background: {raised}; }}
QToolButton[segment]:checked {{ background: {accent_soft}; color: {text}; }}
QToolButton[segment]:focus {{ border: 1px solid {accent}; }}
QPushButton[small="true"] {{ padding: 2px 8px; min-height: 18px; }}
QLabel[role="section"] {{ color: {muted}; font-weight: 600; }}
QLabel[role="caption"], QLabel[role="unit"], QLabel[role="kind"] {{ color: {muted}; }}
QLabel[role="caption"], QLabel[role="hint"], QLabel[role="reason"] {{ font-size: 9pt; }}
QLabel[role="hint"] {{ color: {muted}; }}
QLabel[role="reason"] {{ color: {error}; }}
QLabel[role="reason"][severity="warning"] {{ color: {warning}; }}
QLabel[role="reason"][severity="idle"] {{ color: {muted}; }}
QFrame#rule {{ background: {border}; border: 0; max-height: 1px; min-height: 1px; }}
QFrame#popup {{ background: {surface}; border: 1px solid {border}; border-radius: 4px; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: {window}; border: 0; }}
QTreeView#entries, QListView#entries {{ background: {window}; border: 1px solid transparent; }}
QTreeView#entries:focus, QListView#entries:focus {{ border-color: transparent; }}
QTreeView#entries::item {{ padding: 0; }}
QTreeView#entries::item:hover, QTreeView#entries::item:selected {{ background: transparent; }}
QFrame#popup QListView#entries {{ background: {surface}; }}
"""


def panel_sheet(theme: Theme) -> str:
    """Return the style sheet of the panels."""
    return _SHEET.format(**vars(theme))


def set_panel_style(panel: QWidget, theme: Theme) -> None:
    """Use the colours of ``theme`` in one panel and all that it holds, now and later."""
    panel.setPalette(theme_palette(theme))
    panel.setStyleSheet(panel_sheet(theme))


class Panel(QWidget):
    """A panel of the window; the base of all that docks hold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        set_panel_style(self, theme)


_BLOCKS = (INSTANCE.name, *BLOCK_KINDS)


def kind_colour(kind: str, theme: Theme, params: Any = None) -> QColor:
    """Return the colour of a kind of node, by its polarity or compartment."""
    given = params or {}
    if kind == NEURON_GROUP.name:
        return QColor(theme.polarity(given.get("polarity", "excitatory")))
    if kind == SYNAPSE_GROUP.name:
        return QColor(theme.compartment(given.get("compartment", "Proximal")))
    known = {
        BEHAVIOR_STACK.name: theme.stack,
        INPUT_LAYER.name: theme.input,
        INPUT_PORT.name: theme.input,
        OUTPUT_PORT.name: theme.input,
        **dict.fromkeys(_BLOCKS, theme.block),
        NOTE.name: theme.faint,
    }
    return QColor(known.get(kind, theme.unknown))


def swatch(painter: QPainter, kind: str, place: QRectF, colour: QColor, edge: QColor) -> None:
    """Draw the shape of a kind of node: the canvas in miniature."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1) if kind in (BEHAVIOR_STACK.name, NOTE.name) else Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPath(_shape(kind, place))
    painter.restore()


def _shape(kind: str, place: QRectF) -> QPainterPath:
    path = QPainterPath()
    x, y, w, h = place.x(), place.y(), place.width(), place.height()
    if kind == NEURON_GROUP.name:
        path.addRoundedRect(place.adjusted(1, 2, -1, -2), 4, 4)
    elif kind == SYNAPSE_GROUP.name:
        path.addRoundedRect(QRectF(x + 1, y + h / 2 - 3.5, w - 2, 7), 3.5, 3.5)
    elif kind == INPUT_LAYER.name:
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addRoundedRect(place.adjusted(1, 2, -1, -2), 4, 4)
        path.addRect(QRectF(x + 1, y + 2, w / 2, h - 4))
    elif kind in _BLOCKS:
        path.addRoundedRect(place.adjusted(1, 2, -1, -2), 4, 4)
        path.addRoundedRect(place.adjusted(3, 4, -3, -4), 2, 2)
        path.addRoundedRect(place.adjusted(4.5, 5.5, -4.5, -5.5), 1, 1)
    elif kind in (INPUT_PORT.name, OUTPUT_PORT.name):
        path.addPolygon(_flag(place, to_right=kind == INPUT_PORT.name))
        path.closeSubpath()
    elif kind in (BEHAVIOR_STACK.name, NOTE.name):
        inner, cut = place.adjusted(2.5, 1.5, -2.5, -1.5), 4.0
        path.moveTo(inner.topLeft())
        path.lineTo(inner.topRight() - QPointF(cut, 0))
        path.lineTo(inner.topRight() + QPointF(0, cut))
        path.lineTo(inner.bottomRight())
        path.lineTo(inner.bottomLeft())
        path.closeSubpath()
    else:
        path.addEllipse(QRectF(x + w / 2 - 3, y + h / 2 - 3, 6, 6))
    return path


def _flag(place: QRectF, *, to_right: bool) -> QPolygonF:
    """Return a tag that points into the block, or out of it, from its flat side."""
    x, y, w, h = place.x(), place.y(), place.width(), place.height()
    points = [(0.1, 0.25), (0.6, 0.25), (0.9, 0.5), (0.6, 0.75), (0.1, 0.75)]
    if not to_right:
        points = [(0.1, 0.25), (0.9, 0.25), (0.9, 0.75), (0.1, 0.75), (0.35, 0.5)]
    return QPolygonF([QPointF(x + a * w, y + b * h) for a, b in points])


class CheckBox(QCheckBox):
    """A check box in the colours of the theme, with a clear focus ring."""

    def sizeHint(self) -> QSize:
        """Return room for the box and its text."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(18 + (8 + words if self.text() else 0), 24)

    def hitButton(self, place: Any) -> bool:
        """Take clicks anywhere on the widget."""
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, its mark and the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, role = self.palette(), QPalette.ColorRole
        box = QRectF(1, (self.height() - 16) / 2, 16, 16)
        state = self.checkState()
        accent = palette.color(role.Accent)
        filled = state != Qt.CheckState.Unchecked and self.isEnabled()
        edge = accent if filled or self.hasFocus() else palette.color(role.PlaceholderText)
        painter.setPen(QPen(edge, 1.2))
        painter.setBrush(accent if filled else palette.color(role.Base))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.color(role.WindowText), 1))
            painter.drawRoundedRect(box.adjusted(-0.5, -0.5, 0.5, 0.5), 4, 4)
        marks = {Qt.CheckState.Checked: "check", Qt.CheckState.PartiallyChecked: "bar"}
        if state in marks:
            ink = palette.color(role.HighlightedText if filled else role.WindowText)
            draw_line_icon(painter, marks[state], box.adjusted(2, 2, -2, -2), ink, 2.2)
        if self.text():
            painter.setPen(palette.color(role.WindowText))
            words = self.rect().adjusted(26, 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())


class ComboBox(QComboBox):
    """A combo box that leaves the wheel to the panel and draws its own arrow."""

    def wheelEvent(self, event: Any) -> None:
        """Let the panel scroll."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the styled box, then the arrow."""
        super().paintEvent(event)
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
        place = QRectF(self.width() - 19, (self.height() - 14) / 2, 14, 14)
        draw_line_icon(QPainter(self), "down", place, colour)
