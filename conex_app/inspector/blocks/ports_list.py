"""The ports of a block as a list: add, rename, reorder, remove.

All of it changes the block itself, so every copy follows; wires outside that
lead to a removed port go with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from conex_app.inspector.blocks.editable_lines import EditableLine, chain, fill_lines
from conex_app.inspector.sections import NameText, section_label
from conex_app.look.counts import count
from conex_app.project.document import ProjectDocument
from conex_core.errors import ConexError
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import port_nodes, signal_of, wires_outside, within
from conex_core.graph.model.document import Definition, Document, Node, new_id
from conex_core.graph.model.kinds import INPUT_PORT, OUTPUT_PORT, PORT_KINDS
from conex_core.graph.model.kinds import Signal as PortSignal

__all__ = ["PortList"]

SIGNALS: tuple[PortSignal, ...] = ("spikes", "synapses", "behaviors")
_SIDES = {INPUT_PORT.name: ("input", "into"), OUTPUT_PORT.name: ("output", "out")}


class PortList(QWidget):
    """Show and edit the ports of one block."""

    refused = Signal(str)  # why a change was not possible
    told = Signal(str)  # what else a change has done

    def __init__(
        self, document: ProjectDocument, definition_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.document, self.definition_id = document, definition_id
        self.lines: dict[str, dict[str, EditableLine]] = {kind: {} for kind in PORT_KINDS}
        self.boxes = {kind: QVBoxLayout() for kind in PORT_KINDS}
        self.add_buttons: dict[str, QPushButton] = {}
        self._order: list[str] = []  # in which Tab goes through the lines
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 8)
        box.setSpacing(0)
        box.addWidget(section_label("Ports"))
        for kind in PORT_KINDS:
            self.boxes[kind].setSpacing(0)
            box.addLayout(self.boxes[kind])
        box.addLayout(self._make_buttons())
        self.refresh()

    def refresh(self) -> None:
        """Show the ports of the block, by difference."""
        block, wires = self._block(), wires_outside(self.document.whole, self.definition_id)
        for kind, lines in self.lines.items():
            nodes = {node.id: node for node in port_nodes(block, kind)}
            fill_lines(self.boxes[kind], lines, list(nodes), partial(self._make_line, kind))
            for place, (key, node) in enumerate(nodes.items()):
                lines[key].show_line(node.name, signal_of(node), place, len(nodes))
                lines[key].remove.show_icon("close", _warning(node, wires[key]))
        self._order_tabs(block)

    def line(self, node_id: str) -> EditableLine | None:
        """Return the line of a port."""
        return next((held[node_id] for held in self.lines.values() if node_id in held), None)

    def add(self, kind: str, signal: PortSignal) -> None:
        """Add a port for a signal and give its name the keyboard."""
        node_id, name = new_id(), _name_for(signal, kind)
        self._edit(
            f"Add {_SIDES[kind][0]} port to {self._block().name}",
            lambda doc: edits.add_port(doc, kind, signal, name=name, node_id=node_id),
        )
        if node_id in self.lines[kind]:
            edit = self.lines[kind][node_id].name.edit
            edit.setFocus(Qt.FocusReason.OtherFocusReason)
            edit.selectAll()

    def rename(self, node_id: str, name: str) -> None:
        """Give a port another name; no wire moves."""
        self._edit(f"Rename port to {name}", lambda doc: edits.rename(doc, node_id, name))

    def shift(self, node_id: str, step: int) -> None:
        """Move a port up (-1) or down (1) among those of its side."""
        block = self._block()
        nodes = port_nodes(block, block.node(node_id).kind)
        place = [node.id for node in nodes].index(node_id)
        if 0 <= place + step < len(nodes):
            label = f"Move port {block.node(node_id).name}"
            self._edit(label, lambda doc: edits.move_port(doc, node_id, place + step))

    def remove(self, node_id: str) -> None:
        """Take a port out of the block, with the wires to it inside and outside."""
        node = self._block().node(node_id)
        wires = wires_outside(self.document.whole, self.definition_id)[node_id]
        self._edit(f"Remove port {node.name}", lambda doc: edits.remove(doc, [node_id]))
        if wires:
            self.told.emit(f"Removed port {node.name} and {count(wires, 'wire')} outside.")

    def menu_of(self, kind: str) -> QMenu:
        """Return the menu that asks what is to flow through a new port."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for signal in SIGNALS:
            menu.addAction(signal.capitalize(), partial(self.add, kind, signal))
        return menu

    def _order_tabs(self, block: Definition) -> None:
        order = [node.id for kind in PORT_KINDS for node in port_nodes(block, kind)]
        if order != self._order:
            self._order = order
            lines = [line for line in map(self.line, order) if line is not None]
            chain([*(part for line in lines for part in line.parts()), *self.add_buttons.values()])

    def _block(self) -> Definition:
        return self.document.whole.definition(self.definition_id)

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 4, 8, 0)
        row.setSpacing(8)
        for kind, (side, _icon) in _SIDES.items():
            button = self.add_buttons[kind] = QPushButton(f"+ {side.capitalize()}")
            button.setProperty("small", True)
            button.setToolTip(f"Add an {side} port to the block")
            button.clicked.connect(partial(self._ask_signal, kind))
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _ask_signal(self, kind: str) -> None:
        button = self.add_buttons[kind]
        self.menu_of(kind).popup(button.mapToGlobal(QPoint(0, button.height() + 2)))

    def _make_line(self, kind: str, node_id: str) -> EditableLine:
        parameter = NameText(taken=partial(self._other_names, node_id))
        line = EditableLine(parameter, _SIDES[kind][1], self)
        line.renamed.connect(partial(self.rename, node_id))
        line.moved.connect(partial(self.shift, node_id))
        line.removed.connect(partial(self.remove, node_id))
        return line

    def _other_names(self, node_id: str) -> list[str]:
        return [node.name for node in self._block().nodes.values() if node.id != node_id]

    def _edit(self, label: str, change: Callable[[Document], Document]) -> None:
        whole = self.document.whole
        try:
            self.document.edit_whole(label, within(whole, self.definition_id, change))
        except ConexError as error:
            self.refused.emit(str(error))


def _name_for(signal: str, kind: str) -> str:
    return signal if signal != "spikes" else "in" if kind == INPUT_PORT.name else "out"


def _warning(node: Node, wires: int) -> str:
    outside = f" and {count(wires, 'wire')} outside" if wires else ""
    return f"Remove port {node.name}{outside}"
