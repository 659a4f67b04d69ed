"""What is being typed is committed, or refused with its reason, before a command acts."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit

from conex_app.look.typing import Typed, held_back, typed_now
from conex_core.graph import edits
from conex_core.graph.files import project_file
from tests.gui.window.conftest import _BUTTON, item_of, neurons_of, press

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def open_window(smallest, qtbot):
    """Return the window with the keyboard, and the group of the example selected."""
    smallest.activateWindow()
    smallest.workspace.canvas.select([neurons_of(smallest.document.state)])
    QApplication.processEvents()
    return smallest


def row_of(window, kind="LIF", name="tau"):
    _node, item = item_of(window.document.state, kind)
    return window.workspace.inspector.page.row(item, name)


def type_tau(window, qtbot, text):
    """Type without Enter, the keyboard still in the field."""
    row = row_of(window)
    row.focus_field()
    qtbot.keyClicks(row.field.focus_target(), text)
    return row


def tau(window):
    node, item = item_of(window.document.state, "LIF")
    return window.document.state.network.node(node).item(item).params.get("tau")


WRITING = ("file.save", "file.save_as", "file.script")
COMMANDS = (*WRITING, "run.toggle", "run.step", "edit.select_all")
LEAVING = ("file.new", "file.close")


@pytest.fixture
def dialogs(open_window, monkeypatch, tmp_path):
    """Answer every question for the name of a file."""
    monkeypatch.setattr(open_window.files, "ask_save", lambda *_: tmp_path / "typed.conex")


def test_it_is_known_what_is_being_typed(open_window, qtbot):
    assert typed_now(open_window) is None

    type_tau(open_window, qtbot, "33")

    typed = typed_now(open_window)
    name = open_window.document.state.network.node(neurons_of(open_window.document.state)).name
    assert (typed.label, typed.text) == ("tau of LIF", "33")
    assert typed.where[:4] == ("inspector", "0", "1", neurons_of(open_window.document.state))
    assert name


@pytest.mark.parametrize("command", [*WRITING, "edit.select_all"])
def test_a_command_acts_on_what_was_typed(open_window, qtbot, dialogs, command):
    type_tau(open_window, qtbot, "33")

    press(open_window, command)

    assert tau(open_window) == 33


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_waits_while_the_text_is_refused(open_window, qtbot, dialogs, command, tmp_path):
    row = type_tau(open_window, qtbot, "-5")
    before = open_window.document.state

    press(open_window, command)

    assert open_window.document.state is before
    assert open_window.runner.status().state == "idle"
    assert not (tmp_path / "typed.conex").exists()
    assert row.field.focus_target().text() == "-5"
    assert row.field.focus_target().hasFocus()
    assert row.reason.isVisible()
    assert "tau of LIF" in open_window.status.state.text()


@pytest.mark.parametrize("command", LEAVING)
def test_leaving_a_project_asks_with_what_was_typed(open_window, qtbot, answer, command):
    type_tau(open_window, qtbot, "33")

    press(open_window, command)

    assert len(answer) == 1
    assert tau(open_window) == 33


@pytest.mark.parametrize("command", LEAVING)
def test_leaving_a_project_waits_while_the_text_is_refused(open_window, qtbot, answer, command):
    type_tau(open_window, qtbot, "-5")

    press(open_window, command)

    assert answer == []
    assert open_window.files.is_open


def test_closing_the_window_asks_with_what_was_typed(open_window, qtbot, answer):
    type_tau(open_window, qtbot, "33")

    event = QCloseEvent()
    open_window.closeEvent(event)

    assert (len(answer), event.isAccepted()) == (1, False)


def test_the_window_stays_while_a_text_is_refused_unless_it_must_go(open_window, qtbot, answer):
    type_tau(open_window, qtbot, "-5")

    assert not open_window.close()
    open_window.close_now()

    assert answer == []
    assert not open_window.isVisible()


def test_a_dropped_file_waits_while_the_text_is_refused(open_window, qtbot, answer, tmp_path):
    type_tau(open_window, qtbot, "-5")
    path = project_file.save(open_window.document.whole, tmp_path / "dropped.conex")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "dropped.conex"))])

    open_window.dropEvent(
        QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier(0))
    )

    assert open_window.document.path is None
    assert path is None or Path(path).exists()


def test_undo_by_menu_takes_back_what_was_typed(open_window, qtbot):
    before, document = tau(open_window), open_window.document
    document.edit("Describe", edits.set_document(document.state, description="so that it can"))
    type_tau(open_window, qtbot, "33")

    press(open_window, "edit.undo")

    assert tau(open_window) == before
    assert open_window.document.stack.redoText() == "Change tau of LIF"


def test_undo_by_key_is_of_the_typing_first(open_window, qtbot):
    row = type_tau(open_window, qtbot, "33")

    qtbot.keyClick(row.field.focus_target(), Qt.Key.Key_Z, CTRL)

    assert row.field.focus_target().text() != "33"
    assert open_window.document.is_clean


def click_on_canvas(window):
    surface = window.workspace.canvas.view.viewport()
    at = surface.mapTo(window, QPoint(surface.width() - 12, surface.height() // 2))
    QTest.mouseClick(window.windowHandle(), LEFT, Qt.KeyboardModifier.NoModifier, at)
    QApplication.processEvents()


def test_a_click_on_the_canvas_commits_first(open_window, qtbot):
    type_tau(open_window, qtbot, "33")

    click_on_canvas(open_window)

    assert tau(open_window) == 33
    assert open_window.workspace.inspector.selection == ()


def test_a_click_on_the_canvas_waits_while_the_text_is_refused(open_window, qtbot):
    row = type_tau(open_window, qtbot, "-5")
    chosen = open_window.workspace.inspector.selection

    click_on_canvas(open_window)

    assert open_window.workspace.inspector.selection == chosen
    assert row.field.focus_target().text() == "-5"
    assert row.field.focus_target().hasFocus()


def test_any_other_change_of_selection_tells_what_it_could_not_take(open_window, qtbot):
    type_tau(open_window, qtbot, "-5")

    open_window.workspace.canvas.select([])

    assert "Not taken over: tau of LIF" in open_window.status.state.text()


def test_a_text_goes_back_into_its_field(open_window, qtbot):
    type_tau(open_window, qtbot, "33")
    typed = typed_now(open_window)
    row_of(open_window).field.focus_target().setModified(False)
    open_window.workspace.canvas.select([])
    QApplication.processEvents()

    assert open_window.workspace.inspector.retype(typed)

    assert typed_now(open_window) == typed
    assert tau(open_window) != 33


@pytest.mark.parametrize("chosen", ["group", "network"])
def test_a_text_that_came_back_is_undone_by_key(open_window, qtbot, chosen):
    window = open_window
    if chosen == "network":
        window.workspace.canvas.select([])
        QApplication.processEvents()
    for field in [*fields_of(window), window.run_bar.duration]:
        before = field.typed_text()
        field.type_again("7")

        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, CTRL)

        assert (before, field.typed_text()) == (None, None), field
    assert window.document.is_clean


def every_place_to_type(window):
    """Return each widget of the window that takes text and edits, a page of fields open."""
    fields_of(window)
    QApplication.processEvents()
    kinds = (QLineEdit, QPlainTextEdit, QAbstractSpinBox)
    found = [edit for kind in kinds for edit in window.findChildren(kind)]
    inner = {edit.lineEdit() for edit in window.findChildren(QAbstractSpinBox)}
    return [edit for edit in found if edit.isVisible() and edit not in inner]


@pytest.mark.parametrize("chosen", ["group", "network"])
def test_undo_by_key_is_of_the_project_where_nothing_is_typed(open_window, qtbot, chosen):
    window = open_window
    if chosen == "network":
        window.workspace.canvas.select([])
        QApplication.processEvents()
    for edit in every_place_to_type(window):
        if edit.isReadOnly():
            continue
        before = window.document.whole
        window.document.edit_whole("Rename", edits.set_document(before, name="another"))
        edit.setFocus()

        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, CTRL)

        assert window.document.whole is before, edit


def plot_field(window):
    return next(
        dock.bar.fields["neurons"]
        for dock in window.workspace.monitors.docks.values()
        if "neurons" in dock.bar.fields
    )


def neurons_shown(window):
    monitors = window.document.whole.monitors
    return next(one.params["neurons"] for one in monitors if "neurons" in one.params)


def test_what_is_typed_in_the_header_of_a_plot_is_saved_with_it(open_window, qtbot, dialogs):
    field = plot_field(open_window)
    field.type_again("0, 7")

    press(open_window, "file.save")

    assert neurons_shown(open_window) == (0, 7)
    assert open_window.document.is_clean
    assert typed_now(open_window) is None


def test_what_is_refused_in_the_header_of_a_plot_holds_a_command_back(open_window, qtbot, dialogs):
    field = plot_field(open_window)
    field.type_again("none of them")

    press(open_window, "file.save")

    assert open_window.document.path is None
    assert "Neurons:" in open_window.status.state.text()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert typed_now(open_window) is None


def test_a_text_goes_back_into_the_header_of_its_plot(open_window, qtbot):
    plot_field(open_window).type_again("0, 7")
    typed = typed_now(open_window)
    qtbot.keyClick(plot_field(open_window), Qt.Key.Key_Escape)

    open_window.workspace.recovery.retype_wanted.emit(typed)

    assert typed.where[0] == "plot"
    assert typed_now(open_window) == typed


def test_a_text_whose_node_is_gone_goes_nowhere(open_window):
    where = ("inspector", "0", "1", "gone", "behavior", "b", "tau")

    assert not open_window.workspace.inspector.retype(Typed("tau", "1", where))
    assert not open_window.workspace.inspector.retype(Typed("x", "1", ("elsewhere",)))


@pytest.mark.parametrize(
    "where",
    [(), ("inspector",), ("inspector", "x"), ("inspector", "9", "a"), ("inspector", "-7", "1")],
    ids=str,
)
def test_a_place_that_nobody_wrote_moves_nothing(open_window, where):
    before = open_window.workspace.inspector.selection

    assert not open_window.workspace.inspector.retype(Typed("x", "1", where))

    assert open_window.workspace.inspector.selection == before


def fields_of(window):
    """Return a way to type into one field of every kind of row on every page."""
    page = window.workspace.inspector.page
    for stack_row in (page.stack.rows if page.stack else {}).values():
        stack_row.set_open(True)
    return page.typing_fields()


@pytest.mark.parametrize("chosen", ["group", "network", "note"])
def test_no_field_writes_into_a_project_that_is_gone(open_window, qtbot, chosen):
    window = open_window
    nodes = window.document.state.network.nodes.values()
    ids = {
        "group": [neurons_of(window.document.state)],
        "network": [],
        "note": [node.id for node in nodes if node.kind == "Note"],
    }[chosen]
    window.workspace.canvas.select(ids)
    QApplication.processEvents()
    fields = fields_of(window)
    same = window.document.whole
    window.document.new(edits.set_document(same, description="another project"))
    other = window.document.whole

    for field in fields:
        field.type_again("7")
        field.commit_typed()

    assert fields
    assert window.document.whole is other
    window.document.stack.setClean()


def test_no_field_writes_to_a_node_that_is_not_selected_any_more(open_window, qtbot):
    fields = fields_of(open_window)
    open_window.workspace.inspector.set_selection(())
    before = open_window.document.whole

    for field in fields:
        field.type_again("7")
        field.commit_typed()

    assert open_window.document.whole is before


def test_long_text_commits_as_one_types_as_one_step(open_window, qtbot):
    window = open_window
    window.workspace.canvas.select([])
    QApplication.processEvents()
    row = window.workspace.inspector.page.row(None, "description")
    before = window.document.state.description
    row.focus_field()
    count = window.document.stack.count()

    for word in ("one", " two", " three"):
        qtbot.keyClicks(row.field.edit, word)
        wanted = row.field.edit.toPlainText()
        qtbot.waitUntil(lambda text=wanted: window.document.state.description == text)

    assert window.document.stack.count() == count + 1
    window.document.undo()
    assert window.document.state.description == before


# The run bar


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0", "must be above 0 ms"),
        ("-5", "must be above 0 ms"),
        ("soon", "must be a number"),
        ("nan", "must be above 0 ms"),
        ("1e12", "must be from"),
        ("1,250", "1.25 or 1250"),
    ],
)
def test_what_is_no_time_to_run_for_is_refused_in_words(open_window, qtbot, text, words):
    field = open_window.run_bar.duration
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)

    press(open_window, "run.for")

    assert words in open_window.status.state.text()
    assert field.value() == 1000
    assert open_window.runner.status().state == "idle"
    assert held_back(open_window)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not held_back(open_window)


def test_the_time_typed_is_the_time_run(open_window, qtbot):
    field = open_window.run_bar.duration
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "1 250")

    assert not held_back(open_window)
    assert open_window.workspace.run.duration_ms == 1250


def test_nothing_is_pending_in_a_search_field(open_window, qtbot):
    search = open_window.workspace.palette.search
    search.setFocus()
    qtbot.keyClicks(search, "li")

    assert isinstance(search, QLineEdit)
    assert typed_now(open_window) is None
    assert _BUTTON
