"""Nodes dragged from the canvas onto the library: they stay where they were and are saved.

The canvas moves nodes with the mouse, which is no drag and drop of the desktop;
so the mouse is watched here for as long as such a move lasts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Signal
from PySide6.QtGui import QMouseEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QWidget

    from conex_app.canvas import Canvas
    from conex_app.library.panel import LibraryPanel
    from conex_app.look.dock import Dock

__all__ = ["Handover"]


class Handover(QObject):
    """Tell when the nodes that are moved on a canvas are let go over the library."""

    given = Signal()  # the selected nodes were dragged onto the panel

    def __init__(self, canvas: Canvas, panel: LibraryPanel, dock: Dock, bench: QMainWindow) -> None:
        super().__init__(bench)
        self._canvas, self._panel, self._dock, self._bench = canvas, panel, dock, bench
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
                self.given.emit()
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
        covering = self._bench.tabifiedDockWidgets(self._dock)
        if any(self._is_over(other, at) for other in covering):
            self._dock.raise_()

    def _is_over(self, widget: QWidget, at: QPoint) -> bool:
        # A dock behind another one counts as visible, but nothing of it can be seen.
        seen = widget.isVisible() and not widget.visibleRegion().isEmpty()
        return seen and widget.rect().contains(widget.mapFromGlobal(at))
