"""The workbench: the canvas with the panels around it, and where each has its place.

Made once the window is on the screen, because the canvas and the panels are the
dear part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtWidgets import QMainWindow, QTabWidget, QWidget

from conex_app.look.dock import Dock

if TYPE_CHECKING:
    from conex_app.canvas import Canvas
    from conex_app.look.panel_style import Panel
    from conex_app.look.theme import Theme
    from conex_app.plots.dock import MonitorDock
    from conex_app.plots.docks import MonitorDocks
    from conex_app.project.files import ProjectFiles

__all__ = ["Workbench"]

_LEFT, _RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
SIDE, BOTTOM_HEIGHT = (232, 304), 276
LOW = ("problems", "schedule", "compiled", "log")
SETTLE_MS = 50  # Qt forgets sizes that are asked for before its first layout


class Workbench(QMainWindow):
    """Hold the canvas, the panels and the monitors."""

    def __init__(
        self,
        canvas: Canvas,
        panels: Mapping[str, tuple[str, Panel]],
        monitors: MonitorDocks,
        files: ProjectFiles,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setObjectName("workbench")
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setCorner(Qt.Corner.BottomLeftCorner, _BOTTOM)
        self.setCorner(Qt.Corner.BottomRightCorner, _RIGHT)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setCentralWidget(canvas)
        self.canvas, self._panels = canvas, [panel for _, panel in panels.values()]
        self.docks = {
            name: Dock(name, title, panel, self) for name, (title, panel) in panels.items()
        }
        self.monitors: list[MonitorDock] = []
        self._layout: QByteArray | None = None
        self._is_settled = False
        self._settling = QTimer(self, singleShot=True)
        self._settling.timeout.connect(self._settle)
        self._titles = QTimer(self, singleShot=True, interval=0)
        self._titles.timeout.connect(self._show_titles)
        for dock in self.docks.values():
            self._watch(dock)
        self.put_in_place()
        monitors.added.connect(self.add_monitor)
        monitors.dropped.connect(self.drop_monitor)
        files.opened.connect(self._welcome_project)

    def put_in_place(self) -> None:
        """Put every panel where it was at first."""
        left = [self.docks[name] for name in ("palette", "library")]
        for dock in left:
            self.addDockWidget(_LEFT, dock)
        self.tabifyDockWidget(*left)
        self.addDockWidget(_RIGHT, self.docks["inspector"])
        low = [self.docks[name] for name in LOW]
        for dock in low:
            dock.setFloating(False)
            self.addDockWidget(_BOTTOM, dock)
        for dock in low[1:]:
            self.tabifyDockWidget(low[0], dock)
        for dock in self.docks.values():
            dock.setFloating(False)
            dock.show()
        for monitor in self.monitors:
            monitor.setFloating(False)
            self._put_monitor(monitor)
        left[0].raise_()
        if not self.monitors:
            low[0].raise_()
        self._size_panels()

    def add_monitor(self, dock: MonitorDock) -> None:
        """Put a new plot into the window: the first left, the next right, then as tabs."""
        self.monitors.append(dock)
        self._watch(dock)
        if not self.restoreDockWidget(dock):
            self._put_monitor(dock)
            self._size_panels()

    def drop_monitor(self, dock: MonitorDock) -> None:
        """Take a plot out of the window for good."""
        self.monitors.remove(dock)
        self.removeDockWidget(dock)
        dock.deleteLater()

    def remember(self) -> QByteArray:
        """Return the layout of the panels."""
        return self.saveState()

    def restore(self, layout: QByteArray | None) -> None:
        """Put the panels where they were when ``layout`` was remembered."""
        if layout is not None and self.restoreState(layout):
            self._layout = layout

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self.canvas.set_theme(theme)
        for panel in self._panels:
            panel.set_theme(theme)
        for dock in self.docks.values():
            dock.head.set_theme(theme)

    @property
    def is_settled(self) -> bool:
        """Tell whether the panels have their places and the network is shown in what is left."""
        return self._is_settled and not self._settling.isActive()

    def settle_soon(self) -> None:
        """Show the whole network once the panels have their places."""
        self._settling.start(SETTLE_MS)

    def _welcome_project(self) -> None:
        self.canvas.setFocus()
        self.settle_soon()

    def _settle(self) -> None:
        """Size the panels, unless they were remembered; then show plots and the whole network."""
        if not self.isVisible():
            return
        if not self._is_settled:
            self._is_settled = True
            if self._layout is not None:
                self.restoreState(self._layout)  # the sizes count now, as the plots do
            else:
                self._size_panels()
            self._settling.start(SETTLE_MS)
        for dock in self.monitors[:2]:
            dock.raise_()
        self.canvas.fit()

    def _put_monitor(self, dock: MonitorDock) -> None:
        """Put the first plot before the tabs, the second beside them, others behind those."""
        place, low = self.monitors.index(dock), self._low()
        if place == 0:
            for other in low:  # taken out first: Qt leaves half a tab bar of each that moves
                self.removeDockWidget(other)
        if place < 2:
            self.addDockWidget(_BOTTOM, dock, Qt.Orientation.Horizontal)
        else:
            self.tabifyDockWidget(self.monitors[place - 2], dock)
        if place == 0:
            for other in low:
                self.tabifyDockWidget(dock, other)
                other.show()
        dock.bring_up()

    def _watch(self, dock: Dock) -> None:
        for moved in (dock.visibilityChanged, dock.dockLocationChanged, dock.topLevelChanged):
            moved.connect(self._titles.start)

    def _low(self) -> list[Dock]:
        """Return the panels that share the lower edge with the plots."""
        low = [self.docks[name] for name in LOW]
        return [dock for dock in low if self.dockWidgetArea(dock) == _BOTTOM]

    def _show_titles(self) -> None:
        for dock in (*self.docks.values(), *self.monitors):
            tabbed = bool(self.tabifiedDockWidgets(dock)) and not dock.isFloating()
            dock.head.show_tabbed(tabbed)

    def _size_panels(self) -> None:
        """Give the panels their first sizes; Qt only listens once they are on the screen."""
        if not self.isVisible():
            return
        sides = [self.docks["palette"], self.docks["inspector"]]
        self.resizeDocks(sides, list(SIDE), Qt.Orientation.Horizontal)
        low = [self.docks["problems"], *self.monitors[:2]]
        placed = [dock for dock in low if self.dockWidgetArea(dock) == _BOTTOM]
        self.resizeDocks(placed, [BOTTOM_HEIGHT] * len(placed), Qt.Orientation.Vertical)
        if len(self.monitors) > 1:
            self.resizeDocks(self.monitors[:2], [3, 2], Qt.Orientation.Horizontal)
