"""Fields of the inspector: typing, stepping, resetting, choosing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from conex_core.distributions import Choice, Normal, Uniform
from conex_core.graph import edits
from tests.gui.inspector.conftest import LEFT, params, type_into


def test_typing_a_value_changes_the_document_and_undo_is_shown(inspector, document, tau, qtbot):
    edit = type_into(qtbot, tau, "25")

    assert params(document)["tau"] == 25
    assert tau.is_changed
    assert document.stack.undoText() == "Change tau of LIF"

    document.stack.undo()

    assert "tau" not in params(document)
    assert edit.text() == "10"
    assert not tau.is_changed


def test_a_wrong_value_keeps_the_text_says_why_and_changes_nothing(document, tau, qtbot):
    before = document.state

    edit = type_into(qtbot, tau, "-5")

    assert document.state is before
    assert edit.text() == "-5"
    assert edit.property("invalid") is True
    assert tau.reason.text() == "Must be above 0 ms. 10 ms is usual."


def test_the_reason_goes_as_soon_as_the_text_is_good(tau, qtbot):
    edit = type_into(qtbot, tau, "-5")

    edit.selectAll()
    qtbot.keyClicks(edit, "5")

    assert not tau.reason.isVisible()
    assert edit.property("invalid") is False


def test_escape_restores_the_value(document, tau, qtbot):
    edit = type_into(qtbot, tau, "abc")

    qtbot.keyClick(edit, Qt.Key.Key_Escape)

    assert edit.text() == "10"
    assert not tau.field.is_invalid


def test_leaving_a_field_commits_it(inspector, document, tau, qtbot):
    type_into(qtbot, tau, "30", key=Qt.Key.Key_Tab)

    assert params(document)["tau"] == 30


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1 000", 1000),
        ("1,000,000", 1e6),
        ("1,250.5", 1250.5),
        ("1.250,5", 1250.5),
        ("0,250", 0.25),
        ("1000,250", 1000.25),
        ("0,5", 0.5),
        ("12.5 ms", 12.5),
        ("2e3", 2000),
    ],
)
def test_numbers_are_read_as_people_write_them(document, tau, qtbot, text, value):
    type_into(qtbot, tau, text)

    assert params(document)["tau"] == value


@pytest.mark.parametrize("text", ["nan", "inf", "1.2.3", "", "__import__('os')", "1/0"])
def test_what_is_no_number_is_refused(document, tau, qtbot, text):
    before = document.state
    tau.focus_field()
    qtbot.keyClick(tau.field.focus_target(), Qt.Key.Key_Backspace)

    qtbot.keyClicks(tau.field.focus_target(), text)
    qtbot.keyClick(tau.field.focus_target(), Qt.Key.Key_Return)

    assert document.state is before
    assert tau.field.focus_target().text() == text
    assert tau.reason.isVisible()


@pytest.mark.parametrize(
    ("text", "small", "large"), [("1,250", "1.25", "1250"), ("-12,000 ms", "-12", "-12000")]
)
def test_a_comma_that_may_mean_two_things_is_asked_about(document, tau, qtbot, text, small, large):
    before = document.state

    edit = type_into(qtbot, tau, text)

    assert document.state is before
    assert edit.text() == text
    assert tau.reason.text() == f"Can mean {small} or {large}. Write {small} or {large}."


def test_arrow_keys_step_and_make_one_undo_step(document, tau, qtbot):
    tau.focus_field()

    for _ in range(3):
        qtbot.keyClick(tau.field.focus_target(), Qt.Key.Key_Up)

    assert params(document)["tau"] == 13
    assert document.stack.count() == 1


def test_the_reset_arrow_brings_the_default_back(document, tau, qtbot):
    type_into(qtbot, tau, "25")

    qtbot.mouseClick(tau.reset, LEFT)

    assert "tau" not in params(document)
    assert not tau.reset.isVisible()


def test_the_wheel_changes_nothing(inspector, document, qtbot):
    before = document.state
    combo = inspector.page.row(None, "polarity").field.combo

    for target in (combo, inspector.page.row("excLIF", "tau").field.focus_target()):
        turn_wheel(target)

    assert document.state is before


def turn_wheel(target):
    place, down = QPointF(4, 4), QPoint(0, -120)
    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        place, place, down, down, Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(target, event)


def test_typing_survives_changes_elsewhere(inspector, document, tau, qtbot):
    tau.focus_field()
    edit = tau.field.focus_target()
    qtbot.keyClicks(edit, "77")

    document.edit("Rename", edits.rename(document.state, "inh", "Other"))
    document.edit("R", edits.set_behavior_param(document.state, "exc", "excLIF", "R", 2.0))

    assert edit.text() == "77"
    assert edit.hasFocus()
    assert inspector.page.row("excLIF", "R").field.focus_target().text() == "2"


def test_a_node_can_be_renamed_but_not_to_a_taken_name(inspector, document, qtbot):
    title = inspector.page.title
    title.name.edit.selectAll()
    qtbot.keyClicks(title.name.edit, "Inh")
    qtbot.keyClick(title.name.edit, Qt.Key.Key_Return)

    assert document.state.network.node("exc").name == "Exc"
    assert "“Inh”" in title.reason.text()
    assert title.reason.isVisible()

    title.name.edit.selectAll()
    qtbot.keyClicks(title.name.edit, "Pyramidal")
    qtbot.keyClick(title.name.edit, Qt.Key.Key_Return)

    assert document.state.network.node("exc").name == "Pyramidal"
    assert inspector.title() == "Pyramidal"
    assert not title.reason.isVisible()


def test_a_choice_is_one_edit(inspector, document, qtbot):
    row = inspector.page.row(None, "polarity")
    row.field.combo.setFocus()

    qtbot.keyClick(row.field.combo, Qt.Key.Key_Down)
    row.field.combo.activated.emit(1)

    assert document.state.network.node("exc").params["polarity"] == "inhibitory"


@pytest.mark.parametrize(
    ("text", "value"), [("250", 250), ("1 x 8 x 8", (1, 8, 8)), ("2×4×4", (2, 4, 4))]
)
def test_a_size_is_a_number_or_three(inspector, document, qtbot, text, value):
    type_into(qtbot, inspector.page.row(None, "size"), text)

    assert document.state.network.node("exc").params["size"] == value


def test_a_distribution_is_picked_and_its_numbers_edited(inspector, document, tau, qtbot):
    qtbot.mouseClick(tau.field.picker, LEFT)
    menu = tau.field.menu
    names = [action.text() for action in menu.actions()]
    menu.close()

    menu.actions()[names.index("Normal")].trigger()

    assert params(document)["tau"] == Normal(10.0, 1.0)
    assert max(tau.field.histogram.heights) == 1

    std = tau.field.parts["std"].edit
    std.setFocus()
    std.selectAll()
    qtbot.keyClicks(std, "2")
    qtbot.keyClick(std, Qt.Key.Key_Return)

    assert params(document)["tau"] == Normal(10.0, 2.0)


def test_a_distribution_beyond_the_bounds_is_refused(inspector, document, tau, qtbot):
    tau.field.choose(Uniform)
    low = tau.field.parts["low"].edit
    low.setFocus()
    low.selectAll()

    qtbot.keyClicks(low, "-1")
    qtbot.keyClick(low, Qt.Key.Key_Return)

    assert params(document)["tau"] == Uniform(9.0, 11.0)
    assert low.text() == "-1"
    assert "above 0 ms" in tau.field.reasons[tau.field.parts["low"]].text()


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("8, 12, 20", Choice((8.0, 12.0, 20.0))),
        ("8: 0.9, 12: 0.1", Choice((8.0, 12.0), (0.9, 0.1))),
    ],
)
def test_a_choice_of_values_is_typed(document, tau, qtbot, text, choice):
    tau.field.choose(Choice)
    values = tau.field.parts["values"].edit
    values.setFocus()
    values.selectAll()

    qtbot.keyClicks(values, text)
    qtbot.keyClick(values, Qt.Key.Key_Return)

    assert params(document)["tau"] == choice
    assert tau.field.parts["values"].edit.text() == text


@pytest.mark.parametrize(
    ("text", "reason"), [("8, many", "numbers"), ("8: 1, 9", "numbers"), ("-8, 8", "above 0 ms")]
)
def test_a_choice_that_cannot_be_is_refused(document, tau, qtbot, text, reason):
    tau.field.choose(Choice)
    values = tau.field.parts["values"].edit
    values.setFocus()
    values.selectAll()

    qtbot.keyClicks(values, text)
    qtbot.keyClick(values, Qt.Key.Key_Return)

    assert params(document)["tau"] == Choice((9.0, 11.0))
    assert values.text() == text
    assert reason in tau.reason.text()


def test_a_file_is_stored_by_name_and_hash(document, tau, tmp_path):
    file = tmp_path / "tau.npy"
    file.write_bytes(b"numbers")
    document.path = tmp_path / "project.conex"

    tau.field.take_file(file)

    stored = params(document)["tau"]
    assert stored.path == "tau.npy"
    assert len(stored.sha256) == 64


def test_live_parameters_carry_a_bolt_only_while_running(inspector, tau):
    inspector.set_running(True)

    assert tau.is_live
    assert not inspector.page.row("excLIF", "init_v").is_live

    inspector.set_running(False)

    assert not tau.is_live


def test_why_a_number_of_a_distribution_is_refused_stands_under_that_number(
    inspector, document, tau, qtbot
):
    tau.field.choose(Normal)
    QApplication.processEvents()
    mean, std = tau.field.parts["mean"], tau.field.parts["std"]

    qtbot.keyClicks(mean.edit, "much")
    qtbot.keyClick(mean.edit, Qt.Key.Key_Return)
    QApplication.processEvents()

    reason = tau.field.reasons[mean]
    assert reason.isVisible()
    assert mean.geometry().bottom() < reason.geometry().top() < std.geometry().top()


def test_the_plots_of_a_node_follow_its_renaming(inspector, document):
    both = edits.add_monitor(document.state, "raster", targets=("exc", "inh"))
    document.edit("Add raster", both)
    named = [label.text() for label in inspector.page.monitors.findChildren(QLabel)]

    document.edit("Rename", edits.rename(document.state, "inh", "Basket"))

    shown = [label.text() for label in inspector.page.monitors.findChildren(QLabel)]
    assert any("Inh" in text for text in named)
    assert any("Basket" in text for text in shown)
