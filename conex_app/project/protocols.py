"""What parts of the window know of each other where neither may import the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import SignalInstance

__all__ = ["NodeSelection", "RunChanges"]


class NodeSelection(Protocol):
    """Tell which nodes are selected, and which one wants a name; the canvas does."""

    @property
    def selection_changed(self) -> SignalInstance:
        """Tell the ids of the selected nodes."""

    @property
    def rename_wanted(self) -> SignalInstance:
        """Tell the id of a node whose name the user wants to type."""

    def select(self, ids: Iterable[str]) -> None:
        """Select exactly these nodes."""


class RunChanges(Protocol):
    """Tell how the run stands; the run control does."""

    @property
    def changed(self) -> SignalInstance:
        """Tell a RunStatus in another state than the one before."""
