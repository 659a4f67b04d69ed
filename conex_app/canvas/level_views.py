"""What each level of the network looked like when it was left, for the session."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from conex_app.canvas.scene.view import SceneView

__all__ = ["Levels"]

Level = tuple[str, ...]


@dataclass(frozen=True)
class _Seen:
    zoom: float
    centre: QPointF
    nodes: frozenset[str]


class Levels:
    """Remember zoom and place of each level.

    Another project may have levels of the same names (the network itself has
    none); a view counts only while some of what it showed is still there.
    """

    def __init__(self, at: Level) -> None:
        self.at = at  # the level that is drawn
        self._seen: dict[Level, _Seen] = {}

    def leave(self, view: SceneView, nodes: Collection[str]) -> None:
        """Remember how the level that is drawn looks."""
        self._seen[self.at] = _Seen(view.zoom(), view.middle(), frozenset(nodes))

    def arrive(self, level: Level, view: SceneView, nodes: Collection[str]) -> None:
        """Show a level as it was left, or all of it the first time."""
        self.at, seen = level, self._seen.get(level)
        if seen is None or not seen.nodes & set(nodes):
            view.fit()
            return
        view.zoom_to(seen.zoom)
        view.pan(view.viewport().rect().center() - view.mapFromScene(seen.centre))
