"""A node of the document where NodeGraphQt expects its own kind of node.

Ports are made without NodeGraphQt's search through all ports of the node, so
that hundreds of nodes open at once. Importing this module imports NodeGraphQt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from NodeGraphQt import BaseNode, Port

from conex_app.canvas.scene.items import NodeCard

if TYPE_CHECKING:
    from conex_app.canvas.painting.node_face import Face
    from conex_app.canvas.painting.pens import Style
    from conex_core.graph.model.document import Node

__all__ = ["DisplayNode"]


class DisplayNode(BaseNode):
    """Hold one node of the document; its item draws it."""

    __identifier__ = "conex"
    NODE_NAME = "Node"

    def __init__(self, node: Node, face: Face, style: Style) -> None:
        super().__init__(lambda: NodeCard(face, style))
        self.model.id = self.view.id = node.id
        self.NODE_NAME = self.model.name = self.view.name = node.name
        self._known: dict[tuple[str, str], Port] = {}  # by direction and name
        for port in face.ports:
            self._make_port(port.name, port.direction)

    def update(self) -> None:
        """Leave the item alone; the display keeps it up to date."""

    def need_port(self, name: str, direction: str) -> Port:
        """Return the port, made if a wire uses one that the kind does not have."""
        return self._known.get((direction, name)) or self._make_port(name, direction)

    def keep_ports(self, face: Face) -> None:
        """Have the ports of ``face``, and besides them only those that wires still use."""
        for port in face.ports:
            self.need_port(port.name, port.direction)
        wanted = {(port.direction, port.name) for port in face.ports}
        for key, port in list(self._known.items()):
            if key not in wanted and not port.view.connected_pipes:
                self._drop_port(*key)

    def _make_port(self, name: str, direction: str) -> Port:
        ports, models = self._side(direction)
        add = self.view.add_input if direction == "in" else self.view.add_output
        port = Port(self, add(name))
        model = port.model
        model.name, model.type_, model.multi_connection = name, port.view.port_type, True
        ports.append(port)
        models[name] = model
        self._known[direction, name] = port
        return port

    def _drop_port(self, direction: str, name: str) -> None:
        ports, models = self._side(direction)
        ports.remove(self._known.pop((direction, name)))
        models.pop(name)
        self.view.drop_port(name, direction)

    def _side(self, direction: str) -> tuple[list[Port], dict[str, object]]:
        if direction == "in":
            return self._inputs, self.model.inputs
        return self._outputs, self.model.outputs
