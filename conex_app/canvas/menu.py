"""The menu under the right mouse button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from conex_core.graph.kinds import KINDS

if TYPE_CHECKING:
    from conex_app.canvas.canvas import Canvas

__all__ = ["menu_for"]


def menu_for(canvas: Canvas, at: tuple[float, float]) -> QMenu:
    """Return the menu for a place of the scene and what is selected."""
    menu = QMenu(canvas, objectName="canvas menu")
    for kind in KINDS.values():
        text = f"Add {kind.title.lower()}"
        menu.addAction(text, lambda name=kind.name: canvas.add_node(name, at))
    menu.addSeparator()
    view, some = canvas.view, bool(canvas.selection)
    wires = bool(view and view.selected_links)
    rows = (
        ("Cut", "Ctrl+X", canvas.cut, some),
        ("Copy", "Ctrl+C", canvas.copy, some),
        ("Paste", "Ctrl+V", lambda: canvas.paste(at), True),
        ("Duplicate", "Ctrl+D", canvas.duplicate, some),
        ("Delete", "Del", canvas.delete_selected, some or wires),
        (None, None, None, True),
        ("Select all", "Ctrl+A", canvas.select_all, True),
        ("Arrange", "", canvas.arrange, True),
        ("Fit to window", "F", canvas.fit, True),
    )
    for text, keys, run, enabled in rows:
        if text is None:
            menu.addSeparator()
            continue
        action = menu.addAction(f"{text}\t{keys}" if keys else text, run)
        action.setEnabled(enabled)
    return menu
