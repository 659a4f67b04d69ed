"""What the gestures on the canvas are tried on."""

from __future__ import annotations

from PySide6.QtCore import Qt

MIDDLE = Qt.MouseButton.MiddleButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def network(canvas):
    return canvas.document.state.network


def press(qtbot, canvas, key, modifiers=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(canvas.view, key, modifiers)
