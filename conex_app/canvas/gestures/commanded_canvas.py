"""What commands ask of the canvas that they act on, so that they need not know the widget."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Protocol

from conex_app.canvas.gestures.gestures import Gestures
from conex_app.project.document import ProjectDocument
from conex_core.graph.model.document import Link

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

__all__ = ["CommandedCanvas"]


class CommandedCanvas(Protocol):
    """Show a document; know what is selected in it."""

    document: ProjectDocument
    gestures: Gestures
    can_save_blocks: bool
    newer_blocks: frozenset[str]

    @property
    def selection(self) -> tuple[str, ...]:
        """Return the ids of the selected nodes."""

    @property
    def selected_links(self) -> Collection[Link]:
        """Return the selected wires."""

    @property
    def refused(self) -> SignalInstance:
        """Tell why a command did nothing."""

    @property
    def told(self) -> SignalInstance:
        """Tell what else a command has done."""

    @property
    def rename_wanted(self) -> SignalInstance:
        """Tell which node wants a name."""

    @property
    def example_dropped(self) -> SignalInstance:
        """Tell which example to open."""

    @property
    def save_block_wanted(self) -> SignalInstance:
        """Tell which definition to keep in the library."""

    @property
    def update_block_wanted(self) -> SignalInstance:
        """Tell which definition the library has a newer one of."""

    def ensure_loaded(self) -> None:
        """Draw the network now."""

    def select(self, ids: Iterable[str]) -> None:
        """Select exactly these nodes."""

    def refuse(self, reason: str) -> None:
        """Say in the canvas why nothing happened."""

    def show_node(self, node_id: str) -> None:
        """Move no farther than it takes to see a node."""

    def show_nodes(self, ids: Iterable[str]) -> None:
        """Move no farther than it takes to see nodes."""

    def middle(self) -> tuple[float, float]:
        """Return the place of the scene in the middle of what is shown."""

    def take_keyboard(self) -> None:
        """Let keys go to the canvas."""

    def fit(self) -> None:
        """Show the whole network."""
