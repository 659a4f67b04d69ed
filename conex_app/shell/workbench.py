"""The workbench: the canvas with the panels around it, and where each has its place.

Made once the window is on the screen, because the canvas and the panels are the
dear part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTabWidget,
    QWidget,
)

from conex_app.look.dock import Dock, dock_of

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
_TEXTS = (QLineEdit, QPlainTextEdit, QAbstractSpinBox)
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
        self._strays: list[MonitorDock] = []  # plots that no remembered layout has a place for
        self._layout: QByteArray | None = None
        self._is_settled = self._is_sized = False
        self._settling = QTimer(self, singleShot=True)
        self._settling.timeout.connect(self._settle)
        self._titles = QTimer(self, singleShot=True, interval=0)
        self._titles.timeout.connect(self._show_titles)
        self._returned: list[MonitorDock] = []  # that Qt has not laid out yet
        self._uncovering = QTimer(self, singleShot=True, interval=0)
        self._uncovering.timeout.connect(self._uncover)
        for dock in self.docks.values():
            self._watch(dock)
        self.put_in_place()
        monitors.added.connect(self.add_monitor)
        monitors.dropped.connect(self.drop_monitor)
        monitors.emptied.connect(self._keep_places)
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
        """Put a new plot where it was remembered: else left, then right, then as a tab."""
        self.monitors.append(dock)
        self._watch(dock)
        if self.restoreDockWidget(dock):
            self._returned.append(dock)
            self._uncovering.start()
        else:
            self._strays.append(dock)
            self._put_monitor(dock)
            self._size_panels()

    def drop_monitor(self, dock: MonitorDock) -> None:
        """Take a plot out of the window for good."""
        self.monitors.remove(dock)
        if dock in self._strays:
            self._strays.remove(dock)
        if dock in self._returned:
            self._returned.remove(dock)
        self.removeDockWidget(dock)
        dock.setObjectName("")  # until it is deleted, a layout would give it another's place
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
        if self._is_settled and self._layout is not None and self.monitors:
            self._restore_places(self._layout)
        elif self._strays:  # Qt may not have heard their sizes before they were laid out
            self._is_sized = False
        self.settle_soon()

    def _keep_places(self) -> None:
        """Remember where plots are, so that those of the next project come there too."""
        if self.isVisible():
            self._layout = self.saveState()

    def _restore_places(self, layout: QByteArray) -> None:
        """Put everything where it was; Qt would give a column to each plot it knows no place of."""
        self.restoreState(layout)
        for dock in self._strays:
            self.removeDockWidget(dock)
        for dock in self._strays:
            self._put_monitor(dock)

    def _settle(self) -> None:
        """Size the panels, unless they were remembered; then show plots and the whole network."""
        if not self.isVisible():
            return
        if not self._is_settled:
            self._is_settled = True
            if self._layout is not None:
                self._restore_places(self._layout)  # the sizes count now, as the plots do
            else:
                self._size_panels()
            self._is_sized = True
            self._settling.start(SETTLE_MS)
        elif not self._is_sized:
            self._is_sized = True
            self._size_panels()
            self._settling.start(SETTLE_MS)
        for dock in self.monitors[:2]:
            dock.raise_()
        self.canvas.fit()

    def _put_monitor(self, dock: MonitorDock) -> None:
        """Put a plot where there is none yet: before the tabs, else beside them; else as a tab."""
        low = self._low()
        placed = [other for other in self.monitors if other is not dock and self._is_low(other)]
        columns = low or placed[:1]
        left = [m for m in placed if m in columns or {*self.tabifiedDockWidgets(m)} & {*columns}]
        right = [other for other in placed if other not in left]
        if low and not left:
            self._put_first(dock, low)
        elif not right:
            self.addDockWidget(_BOTTOM, dock, Qt.Orientation.Horizontal)
        else:
            self.tabifyDockWidget(min((left, right), key=len)[0], dock)
        dock.bring_up()

    def _uncover(self) -> None:
        """Bring plots that came back before the tabs of their place, unless one types there."""
        focus = QApplication.focusWidget()
        typed = dock_of(focus) if isinstance(focus, _TEXTS) and not focus.isReadOnly() else None
        for dock in self._returned:
            if typed not in self.tabifiedDockWidgets(dock):
                dock.bring_up()
        self._returned.clear()

    def _put_first(self, dock: MonitorDock, low: list[Dock]) -> None:
        """Put a plot where the lower panels are, as the first of the tabs."""
        self.tabifyDockWidget(low[0], dock)
        for other in low:  # taken out first: Qt leaves half a tab bar of each that moves
            self.removeDockWidget(other)
        for other in low:
            self.tabifyDockWidget(dock, other)
            other.show()

    def _is_low(self, dock: MonitorDock) -> bool:
        return self.dockWidgetArea(dock) == _BOTTOM and not dock.isFloating()

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
        self._resize((self.docks["palette"], self.docks["inspector"]), SIDE, wide=True)
        low = [self.docks["problems"], *self.monitors[:2]]
        placed = [dock for dock in low if self.dockWidgetArea(dock) == _BOTTOM]
        self._resize(placed, [BOTTOM_HEIGHT] * len(placed), wide=False)
        if len(self.monitors) > 1:
            self._resize(self.monitors[:2], (3, 2), wide=True)

    def _resize(self, docks: Iterable[Dock], sizes: Iterable[int], *, wide: bool) -> None:
        """Size those of the docks that stand in the window; Qt warns of any other."""
        held = [(dock, size) for dock, size in zip(docks, sizes, strict=True) if self._holds(dock)]
        if held:
            way = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
            self.resizeDocks([dock for dock, _ in held], [size for _, size in held], way)

    def _holds(self, dock: Dock) -> bool:
        is_placed = self.dockWidgetArea(dock) != Qt.DockWidgetArea.NoDockWidgetArea
        return is_placed and not dock.isFloating() and not dock.isHidden()
