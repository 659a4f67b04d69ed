"""The ports of a block in the inspector."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from conex_core.graph.blocks.definitions import port_nodes, signal_of
from tests.gui.inspector.blocks.conftest import (
    LEFT,
    pick,
    type_over,
)

# ---- ports


def port_names(document, kind):
    return [node.name for node in port_nodes(document.whole.definition("layer"), kind)]


def the_port(document):
    return port_nodes(document.whole.definition("layer"), "OutputPort")[0]


def test_a_port_is_renamed_from_outside_and_its_wires_stay(copy, document, qtbot):
    before = document.whole.network.links

    type_over(qtbot, copy.ports.line(the_port(document).id).name.edit, "spikes out")

    assert port_names(document, "OutputPort") == ["spikes out"]
    assert document.whole.network.links == before


def test_a_port_is_added_for_a_signal_and_named_at_once(copy, document, qtbot):
    menu = copy.ports.menu_of("InputPort")

    pick(menu, "Synapses")
    edit = QApplication.focusWidget()
    qtbot.keyClicks(edit, "afferents")
    qtbot.keyClick(edit, Qt.Key.Key_Return)

    (port,) = port_nodes(document.whole.definition("layer"), "InputPort")
    assert (port.name, signal_of(port)) == ("afferents", "synapses")

    document.stack.undo()
    document.stack.undo()

    assert port_names(document, "InputPort") == []


def test_ports_are_reordered(block, document, qtbot):
    block.ports.add("OutputPort", "spikes")
    new = port_nodes(document.whole.definition("layer"), "OutputPort")[1]

    qtbot.mouseClick(block.ports.line(new.id).up, LEFT)

    assert port_names(document, "OutputPort") == ["out", "Exc"]
    order = [line.name.edit.text() for line in lines_in_order(block.ports.boxes["OutputPort"])]
    assert order == ["out", "Exc"]


def lines_in_order(box):
    return [box.itemAt(index).widget() for index in range(box.count())]


def test_removing_a_port_says_how_many_wires_outside_go(copy, inspector, document, qtbot):
    told, port = [], the_port(document)
    inspector.told.connect(told.append)
    remove = copy.ports.line(port.id).remove
    assert remove.toolTip() == "Remove port Exc and 1 wire outside"

    qtbot.mouseClick(remove, LEFT)

    assert port_names(document, "OutputPort") == []
    assert len(document.whole.network.links) == 1
    assert told == ["Removed port Exc and 1 wire outside."]

    document.stack.undo()

    assert len(document.whole.network.links) == 2


def test_a_port_node_tells_its_wires_and_keeps_its_signal_while_they_are_drawn(
    block, inspector, document
):
    inspector.set_selection([the_port(document).id])
    page = inspector.page

    assert page.wires.text() == "Inside: Exc\nOutside: Syn at Layer"
    assert not page.row(None, "signal").field.isEnabled()
    assert "2 wires are drawn" in page.reason.text()


def test_the_signal_of_a_port_without_wires_can_be_chosen(block, inspector, document):
    block.ports.add("InputPort", "spikes")
    (port,) = port_nodes(document.whole.definition("layer"), "InputPort")
    inspector.set_selection([port.id])
    row = inspector.page.row(None, "signal")

    row.field.combo.activated.emit(2)

    assert signal_of(document.whole.definition("layer").node(port.id)) == "behaviors"
    assert not row.can_be_shown or not row.slot.targets
