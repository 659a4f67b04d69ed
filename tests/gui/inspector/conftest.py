"""A project with two groups, and the inspector beside it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from conex_app.inspector.inspector import Inspector
from conex_app.project.document import ProjectDocument
from conex_core.catalog import load
from conex_core.graph import edits
from conex_core.graph.model.document import Document

LEFT = Qt.MouseButton.LeftButton


def project():
    catalog, document = load(), Document()
    for node_id, name in (("exc", "Exc"), ("inh", "Inh")):
        document = edits.add_node(document, "NeuronGroup", name=name, node_id=node_id)
        for kind in ("LIF", "InherentNoise", "Fire"):
            document = edits.add_behavior(
                document, node_id, kind, catalog=catalog, item_id=f"{node_id}{kind}"
            )
    return document


@pytest.fixture
def document():
    return ProjectDocument(project())


@pytest.fixture
def inspector(qtbot, document):
    widget = Inspector(document, load())
    document.setParent(widget)
    qtbot.addWidget(widget)
    widget.resize(320, 800)
    widget.show()
    qtbot.waitExposed(widget)
    widget.set_selection(["exc"])
    return widget


@pytest.fixture
def tau(inspector):
    return inspector.page.row("excLIF", "tau")


def params(document, node_id="exc", item_id="excLIF"):
    return document.state.network.node(node_id).item(item_id).params


def kinds(document, node_id="exc"):
    return [item.kind for item in document.state.network.node(node_id).stack]


def type_into(qtbot, row, text, key=Qt.Key.Key_Return):
    row.focus_field()
    edit = row.field.focus_target()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, key)
    return edit
