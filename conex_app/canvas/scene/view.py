"""The view of the scene: what is where, mouse, keys and drops; tools do the dragging.

NodeViewer's own gestures are all replaced: they delete wires on press, zoom
without end and cannot be cancelled. What a gesture means is decided by
``gestures.Gestures``; the view only says where it happened.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
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
from PySide6.QtWidgets import QGraphicsView, QToolTip, QWidget

from conex_app.canvas.gestures.dropping import DropZone
from conex_app.canvas.gestures.gestures import Gestures
from conex_app.canvas.gestures.mouse_tools import (
    BandDrag,
    Bubble,
    Drag,
    MoveDrag,
    PanDrag,
    WireDrag,
)
from conex_app.canvas.painting.node_face import PortFace
from conex_app.canvas.painting.pens import Style
from conex_app.canvas.scene.camera import Camera
from conex_app.canvas.scene.items import NodeCard, PortDot, Wire
from conex_app.canvas.scene.selection import Selection
from conex_app.look.theme import RADIUS

__all__ = ["View"]

_ADDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class View(Camera):
    """Show the scene and turn events into gestures."""

    refused = Signal(str)  # why the last gesture did nothing
    activated = Signal(str)  # the id of a node that was double-clicked or entered
    menu_wanted = Signal(QPoint, QPointF)  # where, on the screen and in the scene
    example_dropped = Signal(str)  # the name of an example
    key_typed = Signal(QKeyEvent)  # a key that no drag wanted
    nodes_dragged = Signal(tuple)  # ids of nodes under way, before the document knows

    def __init__(self, gestures: Gestures, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self.gestures = gestures
        self.cards_of: Callable[[], dict[str, NodeCard]] = dict
        self.tip_of: Callable[[str, PortFace | None], str] | None = None
        self.selection = Selection(self.cards, self.wires, self)
        self.drag: Drag | None = None
        self.bubble = Bubble(self.viewport())
        self.is_panning_by_key = False
        self._drops = DropZone(self)
        self._search_widget.setParent(self)
        self._search_widget.hide()
        self._prepare()

    # What is where

    def node_at(self, place: QPointF) -> NodeCard | None:
        """Return the topmost node at a place of the scene."""
        for item in self.scene().items(place):
            if isinstance(item, NodeCard) and item.area().contains(place):
                return item
        return None

    def port_at(self, place: QPointF) -> PortDot | None:
        """Return the port within reach of a place of the scene."""
        reach = max(9.0, 7.0 / self.zoom())
        near = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        found = [
            ((port.point() - place).manhattanLength(), id(port), port)
            for item in self.scene().items(near)
            if isinstance(item, NodeCard)
            for port in item.ports
            if near.contains(port.point())
        ]
        return min(found)[2] if found else None

    def wire_at(self, place: QPointF) -> Wire | None:
        """Return the wire at a place of the scene."""
        near = QRectF(place.x() - 3, place.y() - 3, 6, 6)
        return next((item for item in self.scene().items(near) if isinstance(item, Wire)), None)

    def tip_at(self, place: QPointF) -> str:
        """Return what to say about the thing at a place of the scene."""
        port = self.port_at(place)
        card = port.node if port else self.node_at(place)
        return self.tip_of(card.id, port.face if port else None) if card and self.tip_of else ""

    def cards(self) -> dict[str, NodeCard]:
        """Return the item of every node by its id."""
        return self.cards_of()

    def all_pipes(self) -> list[Wire]:
        """Return every wire; NodeGraphQt asks for them."""
        return list(self.wires.values())

    def establish_connection(self, start_port: PortDot, end_port: PortDot) -> None:
        """Draw a wire; NodeGraphQt calls this. The display gives it its path."""
        wire = Wire(self.style, start_port, end_port)
        wire.thin = self.wires_are_thin
        self.wires[wire.link] = wire
        self.scene().addItem(wire)

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag, or select."""
        place, button = event.position().toPoint(), event.button()
        self.bubble.hide()
        if self.drag:
            return
        if button == Qt.MouseButton.MiddleButton or self.is_panning_by_key:
            self._start(PanDrag(self, place))
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
            QToolTip.showText(event.globalPos(), self.tip_at(self.mapToScene(event.pos())), self)
            return True
        return QGraphicsView.viewportEvent(self, event)

    # Gestures

    def cancel_drag(self) -> None:
        """Put everything back as it was before the drag under way."""
        if self.drag:
            drag, self.drag = self.drag, None
            drag.cancel()
            self.viewport().unsetCursor()

    def refuse(self, reason: str, at: QPoint) -> None:
        """Say beside the mouse why nothing happened."""
        self.bubble.say(reason, at, seconds=4)
        self.refused.emit(reason)

    def set_style(self, style: Style) -> None:
        """Wear another set of colours."""
        self.style = style
        theme = style.theme
        self.bubble.setStyleSheet(
            f"#bubble {{ background: {theme.surface}; color: {theme.text}; padding: 6px 8px;"
            f" border: 1px solid {theme.border}; border-radius: {RADIUS}px; }}"
        )
        self.scene().update()

    def _prepare(self) -> None:
        self.set_style(self.style)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Network")
        self.viewport().setMouseTracking(True)
        self.settle()

    def _press(self, place: QPoint, adding: bool) -> None:
        where = self.mapToScene(place)
        port = self.port_at(where)
        card = None if port else self.node_at(where)
        wire = None if port or card else self.wire_at(where)
        if port:
            self._start(WireDrag(self, port, place))
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
            self._start(MoveDrag(self, card, place))

    def _start(self, drag: Drag) -> None:
        self.drag = drag
