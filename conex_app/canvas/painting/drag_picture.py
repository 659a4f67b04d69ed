"""A pale picture of what is dragged, under the mouse, before it is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from conex_app.canvas.painting.node_face import Face
from conex_app.canvas.painting.nodes import MARGIN, NodeState, paint_node
from conex_app.canvas.painting.pens import Style

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

__all__ = ["Ghost"]

_PALE, _ABOVE = 0.55, 1000.0


class Ghost(QGraphicsItem):
    """Draw a face where it would go."""

    def __init__(self, face: Face, style: Style) -> None:
        super().__init__()
        self.face, self._style, self._state = face, style, NodeState()
        self.setOpacity(_PALE)
        self.setZValue(_ABOVE)

    def follow(self, mouse: QPointF, scene: QGraphicsScene) -> None:
        """Stand around the mouse."""
        if self.scene() is None:
            scene.addItem(self)
        self.setPos(mouse.x() - self.face.width / 2, mouse.y() - self.face.height / 2)

    def vanish(self) -> None:
        """Leave the scene."""
        if self.scene() is not None:
            self.scene().removeItem(self)

    def boundingRect(self) -> QRectF:
        """Return the body with room for its ports."""
        size = QRectF(0, 0, self.face.width, self.face.height)
        return size.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw it as the node that it would be."""
        zoom = painter.worldTransform().m11()
        paint_node(painter, self.face, self._state, self._style, zoom)
