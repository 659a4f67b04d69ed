"""The items of the scene: one for a node with its ports, one for a wire.

Light stand-ins for NodeGraphQt's: no child items, no ``itemChange`` in Python,
no cached pixmaps, so that a thousand nodes open in a fraction of a second.
Importing this module imports NodeGraphQt.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from NodeGraphQt.constants import Z_VAL_NODE, Z_VAL_PIPE, PortTypeEnum
from NodeGraphQt.qgraphics.node_abstract import AbstractNodeItem
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from conex_app.canvas.painting.node_face import Face, PortFace
from conex_app.canvas.painting.nodes import MARGIN, NodeState, paint_node
from conex_app.canvas.painting.pens import Style
from conex_app.canvas.scene.routes import WireEnd, route
from conex_core.graph.model.document import Link

__all__ = ["NodeCard", "PortDot", "Wire"]


_PROPERTIES = {"id": None, "name": "node", "type_": "", "selected": False, "layout_direction": 0}
_PORT_TYPES = {"in": PortTypeEnum.IN.value, "out": PortTypeEnum.OUT.value}


class PortDot:
    """Stand for a port where NodeGraphQt expects a port item; its node draws it."""

    locked = False
    visible = True

    def __init__(self, node: NodeCard, face: PortFace) -> None:
        self.node, self.face = node, face
        self.name, self.multi_connection = face.name, True
        self.port_type = _PORT_TYPES[face.direction]
        self.connected_pipes: list[Wire] = []

    @property
    def connected_ports(self) -> list[PortDot]:
        """Return the ports at the other ends of the wires here."""
        return [wire.other(self) for wire in self.connected_pipes]

    def point(self) -> QPointF:
        """Return where the port is in the scene."""
        return self.node.pos() + QPointF(self.face.x, self.face.y)

    def end(self) -> WireEnd:
        """Return the port as the end of a wire."""
        place = self.node.pos()
        x, y = place.x() + self.face.x, place.y() + self.face.y
        return WireEnd(x, y, self.face.facing, place.y())

    def connect_to(self, port: PortDot) -> None:
        """Draw a wire to ``port``; NodeGraphQt calls this."""
        self.node.scene().viewer().establish_connection(self, port)

    def disconnect_from(self, port: PortDot) -> None:
        """Take the wire to ``port`` away; NodeGraphQt calls this."""
        for wire in self.connected_pipes:
            if wire.other(self) is port:
                wire.delete()
                return


class NodeCard(AbstractNodeItem):
    """Draw one node. ``face`` is what it shows, ``state`` what comes and goes."""

    def __init__(self, face: Face, style: Style) -> None:
        # Not AbstractNodeItem's, which sets flags and a cache that are not wanted here.
        QGraphicsItem.__init__(self)
        self.setZValue(Z_VAL_NODE)
        self._properties = dict(_PROPERTIES)
        self.style, self.state = style, NodeState()
        self._inputs: dict[str, PortDot] = {}
        self._outputs: dict[str, PortDot] = {}
        self.set_face(face)

    @property
    def name(self) -> str:
        """Return the name that NodeGraphQt knows the node by."""
        return str(self._properties["name"])

    @name.setter
    def name(self, name: str) -> None:
        self._properties["name"] = name

    @property
    def inputs(self) -> list[PortDot]:
        """Return the input ports, top to bottom."""
        return list(self._inputs.values())

    @property
    def outputs(self) -> list[PortDot]:
        """Return the output ports, top to bottom."""
        return list(self._outputs.values())

    @property
    def ports(self) -> list[PortDot]:
        """Return every port."""
        return [*self._inputs.values(), *self._outputs.values()]

    def port(self, name: str) -> PortDot | None:
        """Return the port called ``name``."""
        return self._inputs.get(name) or self._outputs.get(name)

    def area(self) -> QRectF:
        """Return where the node's body is in the scene."""
        return QRectF(self.pos().x(), self.pos().y(), self.face.width, self.face.height)

    def set_face(self, face: Face) -> None:
        """Show ``face`` from now on; wires keep to ports of the same name."""
        self.prepareGeometryChange()
        self.face = face
        self._width, self._height = face.width, face.height
        self._bounds = QRectF(-MARGIN, -MARGIN, face.width + 2 * MARGIN, face.height + 2 * MARGIN)
        for port in face.ports:
            dots = self._inputs if port.direction == "in" else self._outputs
            if port.name in dots:
                dots[port.name].face = port
        self.update()

    def drop_port(self, name: str, direction: str) -> None:
        """Forget a port that the node no longer has."""
        (self._inputs if direction == "in" else self._outputs).pop(name, None)
        self.state.wired.discard(name)

    def add_input(self, name: str, *_: Any) -> PortDot:
        """Make the input that ``face`` has under this name; NodeGraphQt calls this."""
        return self._inputs.setdefault(name, PortDot(self, self._port_face(name, "in")))

    def add_output(self, name: str, *_: Any) -> PortDot:
        """Make the output that ``face`` has under this name; NodeGraphQt calls this."""
        return self._outputs.setdefault(name, PortDot(self, self._port_face(name, "out")))

    def wires(self) -> Iterator[Wire]:
        """Yield the wires of every port."""
        for port in self.ports:
            yield from port.connected_pipes

    def change(self, **changes: Any) -> None:
        """Change fields of ``state`` and repaint if that makes a difference."""
        before = {name: getattr(self.state, name) for name in changes}
        if before != changes:
            vars(self.state).update(changes)
            self.update()

    def select(self, selected: bool) -> None:
        """Show the node as selected, above the others."""
        self.change(selected=selected)
        self.setZValue(Z_VAL_NODE + (0.5 if selected else 0))

    def boundingRect(self) -> QRectF:
        """Return the body with room for marks around it."""
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw in the detail that the zoom deserves."""
        paint_node(painter, self.face, self.state, self.style, painter.worldTransform().m11())

    def _port_face(self, name: str, direction: Literal["in", "out"]) -> PortFace:
        for port in self.face.ports:
            if (port.name, port.direction) == (name, direction):
                return port
        side, facing = (0.0, (-1, 0)) if direction == "in" else (self.face.width, (1, 0))
        y = self.face.height - 12
        return PortFace(name, direction, "spikes", True, name, side, y, facing)


class Wire(QGraphicsPathItem):
    """Draw one wire from an output to an input; Qt paints it without Python."""

    def __init__(self, style: Style, one: PortDot, other: PortDot) -> None:
        super().__init__()
        self.style = style
        self.selected = self.thin = False
        out, into = (one, other) if one.face.direction == "out" else (other, one)
        self.output_port, self.input_port = out, into
        self.link = Link(out.node.id, out.name, into.node.id, into.name)
        for port in (out, into):
            port.connected_pipes.append(self)
            port.node.state.wired.add(port.name)
            port.node.update()

    def other(self, port: PortDot) -> PortDot:
        """Return the port at the other end."""
        return self.output_port if port is self.input_port else self.input_port

    def redraw(self) -> None:
        """Follow the ports."""
        self.setPath(route(self.output_port.end(), self.input_port.end()))

    def restyle(self) -> None:
        """Take colour, dash and width from the ends, the zoom and the selection."""
        self.setPen(_pen(self, self.style))
        self.setZValue(Z_VAL_PIPE + (1 if self.selected else 0))

    def select(self, selected: bool) -> None:
        """Show the wire as selected."""
        self.selected = selected
        self.restyle()

    def delete(self) -> None:
        """Leave the ports and the scene; NodeGraphQt calls this."""
        for port in (self.input_port, self.output_port):
            if self in port.connected_pipes:
                port.connected_pipes.remove(self)
                if not port.connected_pipes:
                    port.node.state.wired.discard(port.name)
                    port.node.update()
        scene: Any = self.scene()
        if scene:
            scene.viewer().wires.pop(self.link, None)
            scene.removeItem(self)

    def shape(self) -> Any:
        """Return a band around the line, wide enough to click."""
        stroker = QPainterPathStroker(QPen(Qt.GlobalColor.black, 8.0))
        return stroker.createStroke(self.path())


def _pen(wire: Wire, style: Style) -> QPen:
    faces = [port.node.face for port in (wire.output_port, wire.input_port)]
    synapse = next((face for face in faces if face.shape == "synapse"), None)
    colour = synapse.colour if synapse else "unknown"
    if not synapse and any(face.colour == "block" for face in faces):
        colour = "block"
    if wire.output_port.face.signal == "behaviors":
        colour = "faint"
    dash = synapse.compartment if synapse else ""
    return style.wire(colour, dash, selected=wire.selected, thin=wire.thin)
