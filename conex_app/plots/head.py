"""The header of a plot: what, of whom, its settings, pause, export, close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from conex_app.look.counts import duration_text
from conex_app.look.dock import DockTitle, tool_button
from conex_app.look.panel_style import ComboBox
from conex_app.look.plain_text import menu_words, tip
from conex_app.look.typing import TypingField
from conex_app.plots.setting_fields import SettingField, field_of, more_button
from conex_core.plot_specs import NETWORK_KIND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from conex_core.plot_specs import PlotSpec

__all__ = ["WINDOW", "MonitorHead"]

WINDOW = "window"  # the setting of all plots over time, with a place of its own
WINDOWS_MS = (200, 500, 1000, 2000, 5000, 10000)

NARROWEST_GROUPS, WIDEST_GROUPS, WIDEST_NAME = 32, 200, 80  # px
BESIDE_WINDOW = 34  # px that a combo box takes around its text


class GroupsButton(QToolButton):
    """Name the groups that a plot shows, as plain text and as far as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._names = ""
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
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
        self.has_tools = True
        parameters = spec.parameters if spec else ()
        self.over_time = any(parameter.name == WINDOW for parameter in parameters)
        self.groups = GroupsButton()
        self.menu = QMenu(self.groups)
        self.groups.setMenu(self.menu)
        self.fields: dict[str, Any] = {p.name: field_of(p) for p in parameters if p.name != WINDOW}
        self.window_length = ComboBox()
        self.window_length.setToolTip("Visible stretch of time")
        self.window_length.setAccessibleName("Visible time")
        for ms in WINDOWS_MS:
            self.window_length.addItem(duration_text(ms), ms)
        usual = self.window_length.fontMetrics().horizontalAdvance(duration_text(1000))
        self.window_length.setMinimumWidth(usual + BESIDE_WINDOW)
        self.pause = tool_button("ph.pause", "Hold the view; the data keep arriving")
        self.pause.setCheckable(True)
        self.export = tool_button("ph.download-simple", "Export what is visible as a figure")
        self.remove = tool_button("ph.x", "Remove this plot")
        first, *others = [*self.fields.values()] or [None]
        self.more = more_button(others) if others else None
        self._left = [
            widget
            for widget in (self.groups, first, self.more, self.window_length)
            if widget is not None
        ]
        for widget in self._left:
            self.row.addWidget(widget)
        if isinstance(first, SettingField):
            first.textChanged.connect(self._fit)
        self.row.addStretch(1)
        for button in (self.pause, self.export, self.remove):
            self.row.addWidget(button)
        self._by_need = (self.groups, self.window_length, *self._left[1:-1])
        self._has_groups = spec is not None and spec.kinds != (NETWORK_KIND,)
        self._works = self._is_tabbed = False
        self.show_tools(spec is not None)

    def show_tools(self, working: bool) -> None:
        """Offer what makes sense for a plot that works, or for one that cannot be shown."""
        self._works = working
        self._fit()

    def show_tabbed(self, tabbed: bool) -> None:
        """Leave out what the tab above already says."""
        self._is_tabbed = tabbed
        super().show_tabbed(tabbed)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for, so that nothing lies over anything else."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Look again when a part asks for more or less room, as another style makes it."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        self.name.setMinimumWidth(min(self.name.sizeHint().width(), WIDEST_NAME))
        wanted = self._wanted()
        always: tuple[QWidget, ...] = (self.pause, self.export, self.remove)
        kept = [one for one in wanted if one in always or _is_typed(one)]
        for next_needed in (self.name, *self._by_need):
            if next_needed in kept or next_needed not in wanted:
                continue
            if self._least([*kept, next_needed]) <= self.width():
                kept.append(next_needed)
        for widget in (self.name, *self._left, self.pause, self.export, self.remove):
            if widget.isHidden() == (widget in kept):
                widget.setVisible(widget in kept)
        self.row.activate()

    def _wanted(self) -> list[QWidget]:
        """Return what would be shown if there were room for all of it."""
        moves = self._works and self.over_time
        shown = (
            (self.name, not self._is_tabbed),
            (self.groups, self._has_groups),
            *((widget, True) for widget in self._left[1:-1]),
            (self.window_length, moves),
            (self.pause, moves),
            (self.export, self._works),
            (self.remove, True),
        )
        return [widget for widget, wanted in shown if wanted]

    def _least(self, widgets: Sequence[QWidget]) -> int:
        """Return the width that these take at least."""
        margins = self.row.contentsMargins()
        least = sum(one.minimumWidth() or one.minimumSizeHint().width() for one in widgets)
        spaces = self.row.spacing() * len(widgets)  # one of them beside the stretch
        return least + spaces + margins.left() + margins.right()


def _is_typed(widget: QWidget) -> bool:
    """Tell whether a field holds what is not committed: it stays, whatever the room."""
    return isinstance(widget, TypingField) and widget.typed_text() is not None
