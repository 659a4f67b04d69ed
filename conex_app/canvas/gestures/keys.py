"""The keys of the canvas. Menus of the window may offer the same ones; these work alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from conex_app.canvas.gestures.canvas_commands import CanvasCommands
from conex_app.look.theme import GRID
from conex_core.graph.model.kinds import NEURON_GROUP

__all__ = ["handle"]

Command = Callable[[CanvasCommands], object]
_Key, _Standard = Qt.Key, QKeySequence.StandardKey
_ARROWS = {
    _Key.Key_Left: (-1, 0),
    _Key.Key_Right: (1, 0),
    _Key.Key_Up: (0, -1),
    _Key.Key_Down: (0, 1),
}
_STANDARD: dict[QKeySequence.StandardKey, Command] = {
    _Standard.SelectAll: lambda canvas: canvas.select_all(),
    _Standard.Copy: lambda canvas: canvas.nodes.copy(),
    _Standard.Cut: lambda canvas: canvas.nodes.cut(),
    _Standard.Paste: lambda canvas: canvas.nodes.paste(),
    _Standard.ZoomIn: lambda canvas: canvas.zoom_in(),
    _Standard.ZoomOut: lambda canvas: canvas.zoom_out(),
}
_PLAIN: dict[Qt.Key, Command] = {
    _Key.Key_Delete: lambda canvas: canvas.nodes.delete(),
    _Key.Key_Backspace: lambda canvas: canvas.nodes.delete(),
    _Key.Key_F: lambda canvas: canvas.fit(),
    _Key.Key_G: lambda canvas: canvas.nodes.add(NEURON_GROUP.name),
    _Key.Key_Plus: lambda canvas: canvas.zoom_in(),
    _Key.Key_Minus: lambda canvas: canvas.zoom_out(),
}
_Control, _Shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_WITH_MODIFIERS: dict[tuple[Qt.KeyboardModifier, Qt.Key], Command] = {
    (_Control, _Key.Key_D): lambda canvas: canvas.nodes.duplicate(),
    (_Control, _Key.Key_0): lambda canvas: canvas.zoom_reset(),
    (_Control, _Key.Key_G): lambda canvas: canvas.blocks.group(),
    (_Control | _Shift, _Key.Key_G): lambda canvas: canvas.blocks.unpack(),
    (_Control, _Key.Key_Down): lambda canvas: canvas.blocks.enter(),
    (_Control, _Key.Key_Up): lambda canvas: canvas.blocks.leave(),
    (Qt.KeyboardModifier.AltModifier, _Key.Key_Up): lambda canvas: canvas.blocks.leave(),
}


def handle(canvas: CanvasCommands, event: QKeyEvent) -> None:
    """Do what a key asks for; leave the event to others if it asks for nothing."""
    command = _command(event)
    key, modifiers = Qt.Key(event.key()), event.modifiers()
    if command is not None:
        command(canvas)
    elif _is_plain(event) and key in _ARROWS:
        step = 4 * GRID if modifiers & _Shift else GRID
        canvas.nodes.nudge(*(step * part for part in _ARROWS[key]))
    elif (
        _is_plain(event) and key in (_Key.Key_Return, _Key.Key_Enter) and len(canvas.selection) == 1
    ):
        canvas.activate(canvas.selection[0])
    elif key == _Key.Key_Escape:
        canvas.select(())
    else:
        event.ignore()
        return
    event.accept()


def _command(event: QKeyEvent) -> Command | None:
    key = Qt.Key(event.key())
    standard = (command for keys, command in _STANDARD.items() if event.matches(keys))
    found = next(standard, None) or _WITH_MODIFIERS.get((event.modifiers(), key))
    return found or (_PLAIN.get(key) if _is_plain(event) else None)


def _is_plain(event: QKeyEvent) -> bool:
    return not event.modifiers() & ~(_Shift | Qt.KeyboardModifier.KeypadModifier)
