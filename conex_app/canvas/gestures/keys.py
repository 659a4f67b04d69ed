"""The keys of the canvas. Menus of the window may offer the same ones; these work alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from conex_app.look.theme import GRID
from conex_core.graph.model.kinds import NEURON_GROUP

if TYPE_CHECKING:
    from conex_app.canvas.canvas import Canvas

__all__ = ["handle"]

_Key, _Standard = Qt.Key, QKeySequence.StandardKey
_ARROWS = {
    _Key.Key_Left: (-1, 0),
    _Key.Key_Right: (1, 0),
    _Key.Key_Up: (0, -1),
    _Key.Key_Down: (0, 1),
}
_STANDARD = {
    _Standard.SelectAll: "select_all",
    _Standard.Copy: "copy",
    _Standard.Cut: "cut",
    _Standard.Paste: "paste",
    _Standard.ZoomIn: "zoom_in",
    _Standard.ZoomOut: "zoom_out",
}
_WITH_CONTROL = {_Key.Key_D: "duplicate", _Key.Key_0: "zoom_reset"}
_PLAIN = {
    _Key.Key_Delete: "delete_selected",
    _Key.Key_Backspace: "delete_selected",
    _Key.Key_F: "fit",
    _Key.Key_Plus: "zoom_in",
    _Key.Key_Minus: "zoom_out",
}
_Control, _Shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_BLOCKS = {
    (_Control, _Key.Key_G): "group",
    (_Control | _Shift, _Key.Key_G): "unpack",
    (_Control, _Key.Key_Down): "enter",
    (_Control, _Key.Key_Up): "leave",
    (Qt.KeyboardModifier.AltModifier, _Key.Key_Up): "leave",
}


def handle(canvas: Canvas, event: QKeyEvent) -> None:
    """Do what a key asks for; leave the event to others if it asks for nothing."""
    key, modifiers = Qt.Key(event.key()), event.modifiers()
    control = modifiers == Qt.KeyboardModifier.ControlModifier
    plain = not modifiers & ~(
        Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
    )
    method = next((name for keys, name in _STANDARD.items() if event.matches(keys)), None)
    method = method or (_WITH_CONTROL.get(key) if control else _PLAIN.get(key) if plain else None)
    if method:
        getattr(canvas, method)()
    elif plain and key in _ARROWS:
        step = 4 * GRID if modifiers & Qt.KeyboardModifier.ShiftModifier else GRID
        canvas.gestures.nudge(canvas.selection, *(step * part for part in _ARROWS[key]))
    elif plain and key == _Key.Key_G:
        canvas.add_node(NEURON_GROUP.name)
    elif plain and key in (_Key.Key_Return, _Key.Key_Enter) and len(canvas.selection) == 1:
        canvas.activate(canvas.selection[0])
    elif (modifiers, key) in _BLOCKS:
        getattr(canvas.blocks, _BLOCKS[modifiers, key])()
    elif key == _Key.Key_Escape:
        canvas.select(())
    else:
        event.ignore()
        return
    event.accept()
