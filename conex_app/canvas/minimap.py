"""A small map of the network, shown only while part of it is out of sight."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from conex_app.look.theme import GRID, RADIUS, Theme

__all__ = ["Minimap"]

SIZE = QSize(168, 112)
DELAY = 120  # ms

Blocks = list[tuple[QRectF, str]]  # where each node is, and the name of its colour


class Minimap(QWidget):
    """Draw every node as a block of its colour, and a frame around what is seen."""

    wanted = Signal(QPointF)  # the place of the scene to bring to the middle

    def __init__(self, theme: Theme, blocks_of: Callable[[], Blocks], parent: QWidget) -> None:
        super().__init__(parent)
        self._blocks_of = blocks_of
        self._delay = QTimer(self, singleShot=True, interval=DELAY)
        self._delay.timeout.connect(self.catch_up)
        self._around = parent
        self.theme = theme
        self._blocks: Blocks = []
        self._extent = QRectF()
        self._seen = QRectF()
        self._picture: QPixmap | None = None
        self.setFixedSize(SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("The whole network; click to go there")
        self.hide()

    def touch(self) -> None:
        """Catch up with the network in a moment; many calls cost as much as one."""
        self._delay.start()

    def catch_up(self) -> None:
        """Draw the nodes as they are now."""
        self._blocks = self._blocks_of()
        self._extent = QRectF()
        for area, _ in self._blocks:
            self._extent = self._extent.united(area)
        self._picture = None
        self.show_seen(self._seen)

    def show_seen(self, seen: QRectF) -> None:
        """Frame what the view shows; hide while that is everything."""
        self._seen = seen
        needed = not self._extent.isEmpty() and not seen.contains(self._extent)
        self.setVisible(needed and self._around.width() > 3 * SIZE.width())
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self.theme, self._picture = theme, None
        self.update()

    def place(self, below: int = 0) -> None:
        """Move to the upper right corner of the parent, ``below`` what is at its top."""
        self.move(self._around.width() - self.width() - 2 * GRID, below + 2 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture of the nodes and the frame."""
        if self._picture is None:
            self._picture = self._drawn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._picture)
        painter.setPen(QPen(QColor(self.theme.accent), 1.5))
        frame = self._on_map(self._seen).intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.drawRoundedRect(frame, 2, 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the place under the mouse."""
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        self._go(event)

    def _go(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            at, scale = event.position(), self._scale()
            offset = at - QRectF(self.rect()).center()
            self.wanted.emit(self._extent.center() + offset / scale)

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatio()
        picture = QPixmap(SIZE * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.theme.border), 1))
        painter.setBrush(QColor(self.theme.surface))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, RADIUS, RADIUS)
        for block, colour in self._blocks:
            painter.fillRect(self._on_map(block), QColor(getattr(self.theme, colour)))
        painter.end()
        return picture

    def _scale(self) -> float:
        width, height = max(self._extent.width(), 1.0), max(self._extent.height(), 1.0)
        return min((SIZE.width() - 2 * GRID) / width, (SIZE.height() - 2 * GRID) / height)

    def _on_map(self, area: QRectF) -> QRectF:
        scale, middle = self._scale(), QRectF(self.rect()).center()
        corner = (area.topLeft() - self._extent.center()) * scale + middle
        return QRectF(corner, area.size() * scale)
