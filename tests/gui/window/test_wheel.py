"""The wheel over a field scrolls the panel and changes nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QInputDialog,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from tests.gui.window.conftest import neurons_of

KINDS = (QAbstractSpinBox, QComboBox, QAbstractSlider, QLineEdit)


def wheel_over(widget: QWidget) -> QWheelEvent:
    """Return a turn of the wheel over the middle of a widget."""
    middle = QPointF(widget.rect().center())
    return QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, -240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def turn(widget: QWidget) -> None:
    QApplication.sendEvent(widget, wheel_over(widget))


def is_taken(widget: QWidget) -> bool:
    """Tell whether a widget keeps the wheel from what is around it."""
    event = wheel_over(widget)
    widget.event(event)
    return event.isAccepted()


def value_of(widget: QWidget) -> object:
    if isinstance(widget, QComboBox):
        return widget.currentIndex()
    return widget.value() if isinstance(widget, QAbstractSlider) else widget.property("text")


def fields_in(root: QWidget) -> list[QWidget]:
    found = [field for kind in KINDS for field in root.findChildren(kind)]
    return [field for field in found if not isinstance(field, QScrollBar) and field.isVisible()]


@pytest.fixture
def shown(smallest):
    smallest.workspace.canvas.select([neurons_of(smallest.document.state)])
    QApplication.processEvents()
    assert smallest.workspace.inspector.page  # that of the group, not the one before
    return smallest


def test_the_wheel_changes_no_field_of_the_window(shown):
    fields, before = fields_in(shown), shown.document.whole
    values = [value_of(field) for field in fields]

    for field in fields:
        turn(field)

    assert len(fields) > 8
    assert [value_of(field) for field in fields] == values
    assert shown.document.whole is before
    assert not any(field.hasFocus() for field in fields)


def test_the_wheel_over_a_field_is_left_to_the_panel(shown):
    fields = fields_in(shown.workspace.inspector)

    assert [field.objectName() for field in fields if is_taken(field)] == []
    assert fields


def test_the_wheel_changes_no_field_of_a_dialog(shown, qtbot):
    shown.workspace.run.ask_steps()
    dialog = shown.findChild(QInputDialog)
    before = dialog.intValue()

    for field in fields_in(dialog):
        turn(field)

    assert dialog.intValue() == before
    dialog.reject()
