"""Names of variables in the inspector: typed with commas, explained when they are no names."""

import pytest
from PySide6.QtCore import Qt

from conex_app.inspector.inspector import Inspector
from conex_app.project.document import ProjectDocument
from conex_core.catalog import load
from conex_core.graph import edits
from conex_core.graph.model.document import Document


@pytest.fixture
def document():
    state = edits.add_node(Document(), "NeuronGroup", name="Exc", node_id="exc")
    state = edits.add_behavior(state, "exc", "Recorder", catalog=load(), item_id="rec")
    return ProjectDocument(state)


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


def type_into(qtbot, inspector, name, text):
    row = inspector.page.row("rec", name)
    row.focus_field()
    edit = row.field.focus_target()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    return row


def params(document):
    return document.state.network.node("exc").item("rec").params


def test_names_are_typed_with_commas(inspector, document, qtbot):
    row = type_into(qtbot, inspector, "variables", "n.v,I ,  spikes,")

    assert params(document)["variables"] == ("v", "I", "spikes")
    assert row.field.edit.text() == "v, I, spikes"


@pytest.mark.parametrize("text", ["torch.mean(n.v * 2)", "v I", "1v"])
def test_what_is_no_name_is_explained_and_kept_as_typed(inspector, document, qtbot, text):
    row = type_into(qtbot, inspector, "variables", text)

    assert "variables" not in params(document)
    assert row.field.edit.text() == text
    assert row.reason.isVisible()
    assert "Nothing is evaluated" in row.reason.text()


def test_indices_stand_with_commas(inspector, document, qtbot):
    row = type_into(qtbot, inspector, "neurons", "0, 5 7")

    assert params(document)["neurons"] == (0, 5, 7)
    assert row.field.edit.text() == "0, 5, 7"


def test_the_help_shows_the_default_as_it_is_typed(inspector):
    assert "Default v<" in inspector.page.row("rec", "variables").toolTip()
