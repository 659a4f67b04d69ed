"""The commands of a canvas, as keys and menus give them, without the widget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from conex_app.canvas.gestures.block_commands import BlockCommands
from conex_app.canvas.gestures.commanded_canvas import CommandedCanvas
from conex_app.canvas.gestures.node_commands import NodeCommands

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

__all__ = ["CanvasCommands"]


class CanvasCommands(CommandedCanvas, Protocol):
    """Carry out commands on nodes, on blocks and on what is shown."""

    nodes: NodeCommands
    blocks: BlockCommands

    def select_all(self) -> None:
        """Select every node."""

    def activate(self, node_id: str) -> None:
        """Open a block; tell about any other node."""

    def zoom_in(self) -> None:
        """Show things larger."""

    def zoom_out(self) -> None:
        """Show more."""

    def zoom_reset(self) -> None:
        """Show things life-size."""

    def new_menu(self) -> QMenu:
        """Return an empty menu of the canvas."""
