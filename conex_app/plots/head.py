"""The header of a plot: what, of whom, its settings, pause, export, close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMenu, QToolButton

from conex_app.look.counts import duration_text
from conex_app.look.dock import DockTitle, tool_button
from conex_app.look.panel_style import ComboBox
from conex_app.look.plain_text import menu_words, tip
from conex_app.plots.setting_fields import field_of, more_button
from conex_core.plot_specs import NETWORK_KIND

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from conex_core.plot_specs import PlotSpec

__all__ = ["WINDOW", "MonitorHead"]

WINDOW = "window"  # the setting of all plots over time, with a place of its own
WINDOWS_MS = (200, 500, 1000, 2000, 5000, 10000)

NARROWEST_NAME, NARROWEST_GROUPS, WIDEST_GROUPS = 8, 32, 200  # px
NARROWEST_WINDOW, WHOLE_WINDOW = 76, 94
WHOLE_FIELD = 66
ROOMY = 440  # px; from here on a header cuts none of its words but the groups


class GroupsButton(QToolButton):
    """Name the groups that a plot shows, as plain text and as far as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._names = ""
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName("Groups")
        self.show_names("")

    def show_names(self, names: str) -> None:
        """Show these names."""
        self._names = names
        self.setToolTip(tip(names) or "Choose the groups")
        self.setAccessibleDescription(names)
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the room that all names take, within reason."""
        wide = self.fontMetrics().horizontalAdvance(self._names) + self._beside()
        return QSize(min(wide, WIDEST_GROUPS), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return little: words go before buttons do."""
        return QSize(NARROWEST_GROUPS, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(self.width() - self._beside(), 1)
        text = self.fontMetrics().elidedText(self._names, Qt.TextElideMode.ElideRight, room)
        self.setText(menu_words(text))

    def _beside(self) -> int:
        """Return the room that the style takes around a text."""
        return 20


class MonitorHead(DockTitle):
    """The header of a plot: what, of whom, its settings, pause, export, close."""

    def __init__(self, title: str, spec: PlotSpec | None) -> None:
        super().__init__(title)
        self.name.setMinimumWidth(NARROWEST_NAME)
        self.has_tools = True
        parameters = spec.parameters if spec else ()
        self.over_time = any(parameter.name == WINDOW for parameter in parameters)
        self.groups = GroupsButton()
        self.menu = QMenu(self.groups)
        self.groups.setMenu(self.menu)
        self.groups.setVisible(spec is not None and spec.kinds != (NETWORK_KIND,))
        self.fields: dict[str, Any] = {p.name: field_of(p) for p in parameters if p.name != WINDOW}
        self.window_length = ComboBox()
        self.window_length.setToolTip("Visible stretch of time")
        self.window_length.setAccessibleName("Visible time")
        self.window_length.setMinimumWidth(NARROWEST_WINDOW)
        for ms in WINDOWS_MS:
            self.window_length.addItem(duration_text(ms), ms)
        self.pause = tool_button("ph.pause", "Hold the view; the data keep arriving")
        self.pause.setCheckable(True)
        self.export = tool_button("ph.download-simple", "Export what is visible as a figure")
        self.remove = tool_button("ph.x", "Remove this plot")
        first, *others = [*self.fields.values()] or [None]
        self._first, self._least = first, first.minimumWidth() if first is not None else 0
        self.more = more_button(others) if others else None
        for widget in (self.groups, first, self.more, self.window_length):
            if widget is not None:
                self.row.addWidget(widget)
        self.row.addStretch(1)
        for button in (self.pause, self.export, self.remove):
            self.row.addWidget(button)
        self.show_tools(spec is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the names of groups give way first, and other words only where there is no room."""
        super().resizeEvent(event)
        roomy = event.size().width() >= ROOMY
        name, window = self.name, self.window_length
        name.setMinimumWidth(name.sizeHint().width() if roomy else NARROWEST_NAME)
        if self._first is not None:
            self._first.setMinimumWidth(WHOLE_FIELD if roomy else self._least)
        window.setMinimumWidth(WHOLE_WINDOW if roomy else NARROWEST_WINDOW)

    def show_tools(self, working: bool) -> None:
        """Offer what makes sense for a plot that works, or for one that cannot be shown."""
        for widget in (self.window_length, self.pause):
            widget.setVisible(working and self.over_time)
        self.export.setVisible(working)
