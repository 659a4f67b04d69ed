"""The header of a plot: what, of whom, its settings, pause, export, close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu, QToolButton

from conex_app.look.counts import duration_text
from conex_app.look.dock import DockTitle, tool_button
from conex_app.look.panel_style import ComboBox
from conex_app.plots.setting_fields import field_of, more_button
from conex_core.plot_specs import NETWORK_KIND

if TYPE_CHECKING:
    from conex_core.plot_specs import PlotSpec

__all__ = ["WINDOW", "MonitorHead"]

WINDOW = "window"  # the setting of all plots over time, with a place of its own
WINDOWS_MS = (200, 500, 1000, 2000, 5000, 10000)


class MonitorHead(DockTitle):
    """The header of a plot: what, of whom, its settings, pause, export, close."""

    def __init__(self, title: str, spec: PlotSpec | None) -> None:
        super().__init__(title)
        self.has_tools = True
        parameters = spec.parameters if spec else ()
        self.over_time = any(parameter.name == WINDOW for parameter in parameters)
        self.groups = QToolButton()
        self.groups.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.groups.setToolTip("Choose the groups")
        self.groups.setAccessibleName("Groups")
        self.menu = QMenu(self.groups)
        self.groups.setMenu(self.menu)
        self.groups.setVisible(spec is not None and spec.kinds != (NETWORK_KIND,))
        self.fields: dict[str, Any] = {p.name: field_of(p) for p in parameters if p.name != WINDOW}
        self.window_length = ComboBox()
        self.window_length.setToolTip("Visible stretch of time")
        self.window_length.setAccessibleName("Visible time")
        for ms in WINDOWS_MS:
            self.window_length.addItem(duration_text(ms), ms)
        self.pause = tool_button("ph.pause", "Hold the view; the data keep arriving")
        self.pause.setCheckable(True)
        self.export = tool_button("ph.download-simple", "Export what is visible as a figure")
        self.remove = tool_button("ph.x", "Remove this plot")
        first, *others = [*self.fields.values()] or [None]
        self.more = more_button(others) if others else None
        for widget in (self.groups, first, self.more, self.window_length):
            if widget is not None:
                self.row.addWidget(widget)
        self.row.addStretch(1)
        for button in (self.pause, self.export, self.remove):
            self.row.addWidget(button)
        self.show_tools(spec is not None)

    def show_tools(self, working: bool) -> None:
        """Offer what makes sense for a plot that works, or for one that cannot be shown."""
        for widget in (self.window_length, self.pause):
            widget.setVisible(working and self.over_time)
        self.export.setVisible(working)
