"""A project with a block, copies of it, and the inspector beside it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from conex_app.inspector.inspector import Inspector
from conex_app.project.document import ProjectDocument
from conex_core.catalog import load
from conex_core.graph import edits
from conex_core.graph.model.document import Document, Link, Target

LEFT = Qt.MouseButton.LeftButton
TAU = Target("exc", "excLIF", "tau")


def project():
    """Return a layer of two groups in three copies, two of them inside a column."""
    catalog, document = load(), Document()
    for node_id, name in (("exc", "Exc"), ("inh", "Inh"), ("out", "Readout")):
        document = edits.add_node(document, "NeuronGroup", name=name, node_id=node_id)
        for kind in ("LIF", "InherentNoise"):
            document = edits.add_behavior(
                document, node_id, kind, catalog=catalog, item_id=f"{node_id}{kind}"
            )
    document = edits.add_node(document, "SynapseGroup", name="Syn", node_id="syn")
    document = edits.add_link(document, Link("exc", "spikes", "syn", "source"))
    document = edits.add_link(document, Link("syn", "target", "out", "synapses"))
    document = edits.group(
        document, ["exc", "inh"], name="Layer", node_id="L1", definition_id="layer"
    )
    document = edits.promote(document, ["layer"], TAU, catalog=catalog, promoted_id="p")
    document = edits.add_instance(document, "layer", node_id="L2")
    document = edits.add_instance(document, "layer", node_id="L3")
    return edits.group(document, ["L2", "L3"], name="Column", node_id="C", definition_id="column")


@pytest.fixture
def document():
    return ProjectDocument(project())


@pytest.fixture
def inspector(qtbot, document):
    widget = Inspector(document, load())
    document.setParent(widget)
    qtbot.addWidget(widget)
    widget.resize(320, 900)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def copy(inspector):
    inspector.set_selection(["L1"])
    return inspector.page


@pytest.fixture
def block(inspector, document):
    document.go(("L1",))
    return inspector.page


@pytest.fixture
def deep(inspector, document):
    document.go(("C", "L2"))
    inspector.set_selection(["exc"])
    return inspector.page


def type_over(qtbot, edit, text, key=Qt.Key.Key_Return):
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, key)


def type_into(qtbot, row, text):
    type_over(qtbot, row.field.focus_target(), text)


def words(menu):
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def pick(menu, text):
    next(action for action in menu.actions() if action.text() == text).trigger()


def values(document, node_id="L1"):
    return document.whole.network.node(node_id).params


def face(document, definition_id="layer"):
    return document.whole.definition(definition_id).promoted


def texts(page):
    return [label.text() for label in page.findChildren(QLabel)]
