"""Nodes dragged from the canvas onto the library: they stay where they were and are saved.

The canvas moves nodes with the mouse, which is no drag and drop of the desktop;
so the mouse is watched here for as long as such a move lasts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QMouseEvent

from conex_app.look.dock import dock_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QWidget

    from conex_app.canvas import Canvas
    from conex_app.library.panel import LibraryPanel

__all__ = ["Handover"]


class Handover(QObject):
    """Save the nodes that are moved on a canvas and let go over the library."""

    def __init__(
        self,
        canvas: Canvas,
        panel: LibraryPanel,
        bench: QMainWindow,
        save_selection: Callable[[], object],
    ) -> None:
        super().__init__(bench)
        self._canvas, self._panel, self._bench = canvas, panel, bench
        self._save_selection = save_selection
        canvas.loaded.connect(self._begin)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the mouse while nodes are moved; take them where they are let go."""
        if not isinstance(event, QMouseEvent) or not self._moves_nodes():
            return False
        at, kind = event.globalPosition().toPoint(), event.type()
        if kind == QEvent.Type.MouseMove:
            self._bring_up(at)
            self._panel.show_landing(self._is_over(self._panel, at))
        elif kind == QEvent.Type.MouseButtonRelease:
            self._panel.show_landing(False)
            if self._is_over(self._panel, at):
                self._canvas.view.cancel_drag()
                self._save_selection()
                return True
        return False

    def _begin(self) -> None:
        self._canvas.view.viewport().installEventFilter(self)

    def _moves_nodes(self) -> bool:
        from conex_app.canvas.gestures.mouse_tools import (
            MoveDrag,  # brings NodeGraphQt, which is loaded by now
        )

        return isinstance(self._canvas.view.drag, MoveDrag)

    def _bring_up(self, at: QPoint) -> None:
        """Bring the library in front of the panel that covers it where the mouse is."""
        dock = dock_of(self._panel)
        covering = self._bench.tabifiedDockWidgets(dock) if dock is not None else ()
        if dock is not None and any(self._is_over(other, at) for other in covering):
            dock.raise_()

    def _is_over(self, widget: QWidget, at: QPoint) -> bool:
        # A dock behind another one counts as visible, but nothing of it can be seen.
        seen = widget.isVisible() and not widget.visibleRegion().isEmpty()
        return seen and widget.rect().contains(widget.mapFromGlobal(at))
