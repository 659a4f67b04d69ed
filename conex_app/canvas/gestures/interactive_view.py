"""What mouse, keys and drops do on the scene; the drags of the mouse are ``mouse_tools``.

NodeViewer's own gestures are all replaced: they delete wires on press, zoom
without end and cannot be cancelled. What a gesture means is decided by
``Gestures``; the view only says where it happened.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsView, QWidget

from conex_app.canvas.gestures.dropping import DropZone
from conex_app.canvas.gestures.gestures import Gestures
from conex_app.canvas.gestures.mouse_tools import (
    BandDrag,
    Drag,
    MoveDrag,
    PanDrag,
    WireDrag,
)
from conex_app.canvas.painting.pens import Style
from conex_app.canvas.scene.items import NodeCard
from conex_app.canvas.scene.view import SceneView
from conex_app.look.labels import show_tip

__all__ = ["InteractiveView"]

_ADDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class InteractiveView(SceneView):
    """Turn the events of the scene into gestures."""

    activated = Signal(str)  # the id of a node that was double-clicked or entered
    menu_wanted = Signal(QPoint, QPointF)  # where, on the screen and in the scene
    example_dropped = Signal(str)  # the name of an example
    key_typed = Signal(QKeyEvent)  # a key that no drag wanted

    def __init__(self, gestures: Gestures, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._gestures = gestures
        self.drag: Drag | None = None
        self.is_panning_by_key = False
        self._drops = DropZone(self, gestures, self.example_dropped.emit)

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag, or select."""
        place, button = event.position().toPoint(), event.button()
        self.bubble.hide()
        if self.drag:
            return
        if button == Qt.MouseButton.MiddleButton or self.is_panning_by_key:
            self._start(PanDrag(self, place, by_key=self.is_panning_by_key))
        elif button == Qt.MouseButton.LeftButton:
            self._press(place, bool(event.modifiers() & _ADDING))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow a drag; show where a wire may start."""
        if self.drag:
            self.drag.move(event.position().toPoint())
        elif not self.is_panning_by_key:
            port = self.port_at(self.mapToScene(event.position().toPoint()))
            shape = Qt.CursorShape.CrossCursor if port else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish the drag."""
        if self.drag and event.button() == self.drag.button:
            drag, self.drag = self.drag, None
            drag.release(event.position().toPoint())
            self.viewport().unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Activate a node."""
        card = self.node_at(self.mapToScene(event.position().toPoint()))
        if card and event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit(card.id)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the mouse; pan sideways with Shift."""
        delta = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(QPoint(delta.y() or delta.x(), 0) / 2)
        else:
            about = event.position().toPoint()
            self.zoom_to(self.zoom() * 1.0015 ** (delta.y() or delta.x()), about)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cancel a drag, pan with Space, or pass the key on."""
        if event.key() == Qt.Key.Key_Escape and self.drag:
            self.cancel_drag()
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.is_panning_by_key = True
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif not self.drag:
            self.key_typed.emit(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End panning with Space."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.is_panning_by_key = False
            self.viewport().unsetCursor()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go to the next node; leave the canvas after the last."""
        card = self.selection.step(forward)
        self.selection.ring(self.hasFocus())
        if card is None:
            return QGraphicsView.focusNextPrevChild(self, forward)
        self.ensureVisible(card.area(), 40, 40)
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which node the keys act on."""
        QGraphicsView.focusInEvent(self, event)
        self.selection.ring(self.hasFocus())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide which node the keys act on."""
        self.is_panning_by_key = False
        QGraphicsView.focusOutEvent(self, event)
        self.selection.ring(self.hasFocus())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Select what is under the mouse and ask for the menu."""
        place = self.mapToScene(event.pos())
        card = self.node_at(place)
        if card and card.id not in self.selection:
            self.selection.set([card.id])
        self.menu_wanted.emit(event.globalPos(), place)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what the palette and the library offer."""
        self._drops.consider(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would go."""
        self._drops.consider(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget it."""
        self._drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        """Turn it into an edit."""
        self._drops.drop(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what the mouse rests on."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            show_tip(event, self.tip_at(self.mapToScene(event.pos())), self)
            return True
        return QGraphicsView.viewportEvent(self, event)

    # Gestures

    def cancel_drag(self) -> None:
        """Put everything back as it was before the drag under way."""
        if self.drag:
            drag, self.drag = self.drag, None
            drag.cancel()
            self.viewport().unsetCursor()

    def _press(self, place: QPoint, adding: bool) -> None:
        where = self.mapToScene(place)
        port = self.port_at(where)
        card = None if port else self.node_at(where)
        wire = None if port or card else self.wire_at(where)
        if port:
            self._start(WireDrag(self, self._gestures, port, place))
        elif card:
            self._press_card(card, place, adding)
        elif wire:
            self.selection.set(self.selection.nodes if adding else (), {wire.link})
        else:
            self._start(BandDrag(self, place, adding))

    def _press_card(self, card: NodeCard, place: QPoint, adding: bool) -> None:
        if adding:
            self.selection.toggle(card.id)
        elif card.id not in self.selection:
            self.selection.set([card.id])
        if card.id in self.selection:
            self.selection.current = card.id
        self.selection.ring(self.hasFocus())
        if card.id in self.selection:
            self._start(MoveDrag(self, self._gestures, card, place))

    def _start(self, drag: Drag) -> None:
        self.drag = drag
