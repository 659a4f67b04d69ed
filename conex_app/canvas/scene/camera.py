"""Looking at the scene: zoom within bounds, pan, fit, and the dotted paper.

NodeViewer keeps a scene rectangle of its own and refits it at every change,
so that resizing zooms; here the extent is fixed and the scale is the view's.
"""

from __future__ import annotations

from functools import reduce

from NodeGraphQt.widgets.viewer import NodeViewer
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from conex_app.canvas.painting.nodes import BLOCKS_BELOW, NAMES_BELOW
from conex_app.canvas.painting.pens import Style
from conex_app.canvas.scene.items import NodeCard, Wire
from conex_core.graph.model.document import Link

__all__ = ["LARGEST", "SMALLEST", "Camera"]

SMALLEST, LARGEST = 0.05, 4.0
EXTENT = 100_000.0
DOT_STEP = 24.0
_Mode = QGraphicsView.ViewportUpdateMode


class Camera(NodeViewer):
    """Show part of the scene."""

    travelled = Signal()  # another part of the scene is shown

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.style = style
        self.wires: dict[Link, Wire] = {}
        self._fitted: tuple[float, int, int] | None = None  # where everything was shown last

    @property
    def wires_are_thin(self) -> bool:
        """Tell whether wires are drawn a pixel wide."""
        return self.zoom() < NAMES_BELOW

    def cards(self) -> dict[str, NodeCard]:
        """Return the item of every node by its id."""
        raise NotImplementedError

    def settle(self) -> None:
        """Take over the scene from NodeViewer."""
        self.setSceneRect(-EXTENT, -EXTENT, 2 * EXTENT, 2 * EXTENT)
        self.setViewportUpdateMode(_Mode.SmartViewportUpdate)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.resetTransform()
        self.centerOn(0, 0)

    def zoom(self) -> float:
        """Return the scale, 1 for life size."""
        return self.transform().m11()

    def zoom_to(self, zoom: float, about: QPoint | None = None) -> None:
        """Set the scale, within its bounds, so that the point ``about`` stays in place."""
        pivot = about if about is not None else self.viewport().rect().center()
        place = self.mapToScene(pivot)
        zoom = min(max(zoom, SMALLEST), LARGEST)
        self.resetTransform()
        QGraphicsView.scale(self, zoom, zoom)
        shift = self.mapFromScene(place) - pivot
        self.pan(-shift)
        self._follow_zoom()
        self.travelled.emit()

    def middle(self) -> QPointF:
        """Return the place of the scene in the middle of what is shown."""
        return self.mapToScene(self.viewport().rect().center())

    def pan(self, by: QPoint) -> None:
        """Move what is shown by so many pixels."""
        for bar, step in ((self.horizontalScrollBar(), by.x()), (self.verticalScrollBar(), by.y())):
            bar.setValue(bar.value() - step)

    def fit(self, area: QRectF | None = None) -> None:
        """Show everything, or ``area``, never larger than life."""
        everything = area is None
        if area is None:
            areas = [card.area() for card in self.cards().values()]
            areas += [wire.path().boundingRect() for wire in self.wires.values()]
            area = reduce(QRectF.united, areas) if areas else None
        if area is None:
            area = QRectF(0, 0, 0, 0)
        area = area.adjusted(-48, -48, 48, 48)
        room = self.size()
        self.zoom_to(min(room.width() / area.width(), room.height() / area.height(), 1.0))
        self.centerOn(area.center())
        if everything:
            self._fitted = self._stand()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Tell the minimap."""
        QGraphicsView.scrollContentsBy(self, dx, dy)
        self.travelled.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the zoom and the middle; NodeViewer would change them.

        Where all was shown and nobody moved the view since, all stays shown. Else what
        was seen stays in view: where no node is any more, the nearest comes back.
        """
        is_fitted = self._fitted == self._stand()
        before = self._seen(QRect(QPoint(), event.oldSize()))
        QGraphicsView.resizeEvent(self, event)
        if is_fitted:
            self.fit()
        elif before and not self._seen(self.viewport().rect()):
            middle = self.middle()
            areas = [card.area() for card in before]
            near = min(areas, key=lambda area: (area.center() - middle).manhattanLength())
            self.ensureVisible(near, 40, 40)
        self.travelled.emit()

    def _stand(self) -> tuple[float, int, int]:
        return self.zoom(), self.horizontalScrollBar().value(), self.verticalScrollBar().value()

    def _seen(self, room: QRect) -> list[NodeCard]:
        """Return the nodes of which something lies in ``room``, a part of the viewport."""
        part = self.mapToScene(room).boundingRect() if room.isValid() else QRectF()
        return [card for card in self.cards().values() if card.area().intersects(part)]

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the paper with its dots."""
        painter.fillRect(rect, self.style.colour("canvas"))
        zoom = self.zoom()
        if zoom < NAMES_BELOW / 2:
            return
        step = DOT_STEP if zoom >= 0.6 else 4 * DOT_STEP
        columns = range(int(rect.left() // step), int(rect.right() // step) + 1)
        rows = range(int(rect.top() // step), int(rect.bottom() // step) + 1)
        pen = QPen(self.style.colour("grid"), 2.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawPoints([QPointF(x * step, y * step) for x in columns for y in rows])

    def _update_scene(self) -> None:
        """Leave the scene's extent alone; NodeViewer would refit it at each change."""

    def _follow_zoom(self) -> None:
        thin = self.wires_are_thin
        self.setRenderHint(QPainter.RenderHint.Antialiasing, self.zoom() >= BLOCKS_BELOW)
        for wire in self.wires.values():
            if wire.thin != thin:
                wire.thin = thin
                wire.restyle()
