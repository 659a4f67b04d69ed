"""The scene as it is seen: what is where, what is selected, and a word beside the mouse.

What mouse and keys do to it is told by ``gestures.interactive_view``. Importing
this module imports NodeGraphQt.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QGraphicsView, QWidget

from conex_app.canvas.painting.node_face import PortFace
from conex_app.canvas.painting.pens import Style
from conex_app.canvas.scene.bubble import Bubble
from conex_app.canvas.scene.camera import Camera
from conex_app.canvas.scene.items import NodeCard, PortDot, Wire
from conex_app.canvas.scene.selection import Selection
from conex_app.look.theme import RADIUS

__all__ = ["SceneView"]


class SceneView(Camera):
    """Show the scene and say what lies at a place of it."""

    refused = Signal(str)  # why the last gesture did nothing
    nodes_dragged = Signal(tuple)  # ids of nodes under way, before the document knows

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self.cards_of: Callable[[], dict[str, NodeCard]] = dict
        self.tip_of: Callable[[str, PortFace | None], str] | None = None
        self.selection = Selection(self.cards, self.wires, self)
        self.bubble = Bubble(self.viewport())
        self._search_widget.setParent(self)
        self._search_widget.hide()
        self._prepare()

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

    def refuse(self, reason: str, at: QPoint) -> None:
        """Say beside the mouse why nothing happened."""
        self.bubble.say(reason, at, seconds=4)
        self.refused.emit(reason)

    def set_style(self, style: Style) -> None:
        """Use the pens and colours of ``style``."""
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
