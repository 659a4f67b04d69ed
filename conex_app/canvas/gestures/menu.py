"""The menu under the right mouse button."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from conex_app.canvas.gestures.canvas_commands import CanvasCommands
from conex_core.graph.edits.templates import TEMPLATES
from conex_core.graph.model.kinds import INSTANCE, KINDS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

__all__ = ["menu_for"]


def menu_for(canvas: CanvasCommands, at: tuple[float, float]) -> QMenu:
    """Return the menu for a place of the scene and what is selected."""
    menu, nodes = canvas.new_menu(), canvas.nodes
    for kind in KINDS.values():
        if kind is not INSTANCE and canvas.gestures.node_refusal(kind.name) is None:
            title = kind.title.lower()
            menu.addAction(f"Add {title}", partial(nodes.add, kind.name, at))
    new_blocks = menu.addMenu("Add new block")
    for template in TEMPLATES.values():
        new_blocks.addAction(template.title, partial(nodes.add, template.kind, at))
    menu.addSeparator()
    _add_blocks(menu, canvas)
    some, wires = bool(canvas.selection), bool(canvas.selected_links)
    rows: tuple[tuple[str, str, Callable[[], None], bool], ...] = (
        ("Cut", "Ctrl+X", nodes.cut, some),
        ("Copy", "Ctrl+C", nodes.copy, some),
        ("Paste", "Ctrl+V", partial(nodes.paste, at), True),
        ("Duplicate", "Ctrl+D", nodes.duplicate, some),
        ("Delete", "Del", nodes.delete, some or wires),
        ("", "", canvas.fit, True),
        ("Select all", "Ctrl+A", canvas.select_all, True),
        ("Arrange", "", nodes.arrange, True),
        ("Fit to window", "F", canvas.fit, True),
    )
    for text, keys, run, enabled in rows:
        if text:
            action = QAction(f"{text}\t{keys}" if keys else text, menu, enabled=enabled)
            action.triggered.connect(partial(_run, run))
            menu.addAction(action)
        else:
            menu.addSeparator()
    return menu


def _add_blocks(menu: QMenu, canvas: CanvasCommands) -> None:
    """Add what can be done with blocks here, and nothing else."""
    blocks = canvas.blocks
    one, inside = blocks.selected is not None, blocks.is_inside
    rows: tuple[tuple[str, str, Callable[[], None], bool], ...] = (
        ("Open block", "Ctrl+Down", blocks.enter, one),
        ("Leave block", "Ctrl+Up", blocks.leave, inside),
        ("Group", "Ctrl+G", blocks.group, bool(canvas.selection)),
        ("Unpack", "Ctrl+Shift+G", blocks.unpack, one),
        ("Make unique", "Ctrl+U", blocks.make_unique, one),
        ("Update block…", "Ctrl+Alt+U", blocks.update, blocks.is_outdated),
        ("Save to library…", "Ctrl+Alt+S", blocks.save, one and canvas.can_save_blocks),
    )
    for text, keys, run, fits in rows:
        if fits:
            menu.addAction(f"{text}\t{keys}").triggered.connect(partial(_run, run))
    menu.addSeparator()


def _run(run: Callable[[], None], checked: bool = False) -> None:
    """Call ``run`` without the state that Qt sends along."""
    run()
