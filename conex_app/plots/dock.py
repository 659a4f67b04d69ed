"""The dock of one plot of the document: it shows the plot and tells what the user changed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from conex_app.look.counts import duration_text
from conex_app.look.dock import Dock
from conex_app.look.panel_style import set_panel_style
from conex_app.look.plain_text import elided, menu_words
from conex_app.look.typing import place_of
from conex_app.plots.feeds import choices_for
from conex_app.plots.head import WINDOW, MonitorHead
from conex_app.plots.setting_fields import SettingField
from conex_core.helpers.visualization.plot import load_plot
from conex_core.helpers.visualization.stand_in import StandIn

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenu, QWidget

    from conex_app.look.theme import Theme
    from conex_app.look.typing import Typed
    from conex_core.graph.model.document import Document, Monitor
    from conex_core.plot_specs import PlotSpec

__all__ = ["MonitorDock"]

logger = logging.getLogger(__name__)


UNKNOWN = (
    "This plot is of the kind “{kind}”, which this version of the program does not know.\n"
    "It is kept in the file as it is."
)
FAILED = "This plot failed and rests: {error}\nThe log has the details; the others go on."


class MonitorDock(Dock):
    """Show one plot of the document; ``spec`` is None where its kind is not known."""

    edited = Signal(str, object)  # what the user changed, and the changes of the monitor
    figure_wanted = Signal()  # the user wants what is visible as a file

    def __init__(
        self,
        monitor: Monitor,
        spec: PlotSpec | None,
        document: Document,
        place: int,
        parent: QWidget,
    ) -> None:
        self.monitor, self.spec = monitor, spec
        self.plot = _new_plot(monitor, spec)
        title = spec.title if spec else f"Unknown plot “{elided(monitor.kind)}”"
        head = MonitorHead(title, spec)
        self.place = place
        super().__init__(f"plot-{place}", title, self.plot, parent, head)
        self.setAccessibleName(f"{title} plot" if spec else title)
        self.bar = head
        self.bar.over_time = self.bar.over_time and hasattr(self.plot, "paused_changed")
        self._connect()
        if spec is not None:
            settings = spec.settings(monitor.params)
            for name, field in self.bar.fields.items():
                field.show_value(settings[name])
        self.follow(monitor, document)
        self.bar.show_tools(spec is not None and not _stands_in(self.plot))

    def follow(self, monitor: Monitor, document: Document) -> None:
        """Show the monitor as the document has it now."""
        before, self.monitor = self.monitor, monitor
        if self.spec is None:
            return
        settings = self.spec.settings(monitor.params)
        old = self.spec.settings(before.params)
        changed = {name: value for name, value in settings.items() if value != old[name]}
        if changed:
            self.attempt(lambda: self.plot.set_settings(changed))
        for name in changed.keys() & self.bar.fields.keys():  # what is being typed elsewhere stays
            self.bar.fields[name].show_value(settings[name])
        choices = choices_for(document, self.spec)
        chosen = [node.name for node in choices if node.id in monitor.targets]
        self.bar.groups.show_names(", ".join(chosen) or "All groups")
        self._fill_groups(document)

    def retype(self, typed: Typed) -> bool:
        """Put a text back into the field where it was being typed; tell whether it is here."""
        for field in self.bar.fields.values():
            if isinstance(field, SettingField) and place_of(field)[1] == typed.where:
                self.bring_up()
                field.type_again(typed.text)
                if not field.isVisibleTo(self):  # in the menu: an edit, as nobody sees it there
                    field.commit_typed()
                return True
        return False

    def typing_place(self) -> tuple[str, tuple[str, ...]]:
        """Return which plot it is; see ``conex_app.look.typing``."""
        return "", ("plot", self.monitor.id)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        set_panel_style(self.bar, theme)
        self.bar.set_theme(theme)
        self.attempt(lambda: self.plot.set_theme(theme.is_dark))

    def attempt(self, act: Callable[[], object]) -> None:
        """Do something with the plot; one that fails is put to rest, and nothing else is."""
        try:
            act()
        except Exception as error:  # noqa: BLE001 - the plots' door: reported, the others go on
            self._rest(error)

    @property
    def shares_time(self) -> bool:
        """Tell whether the plot moves with others over time."""
        return hasattr(self.plot, "share")

    def end(self) -> None:
        """Let go of all that is shared with others; the plot is about to go."""
        if self.shares_time:
            self.attempt(self.plot.leave)
        self.attempt(lambda: self.plot.set_sources(()))

    def mark_past(self, past: bool) -> None:
        """Say that the data are of a run that is over, where the plot can say it."""
        if hasattr(self.plot, "mark_past"):
            self.attempt(lambda: self.plot.mark_past(past))

    def figure_writer(self) -> Callable[[Path], object]:
        """Return what writes the figure; any thread may call it where the plot knows how."""
        if hasattr(self.plot, "figure_writer"):
            return self.plot.figure_writer()
        return self.plot.export

    def _rest(self, error: Exception) -> None:
        logger.error("the %s plot failed: %s", self.monitor.kind, error, exc_info=error)
        gone, dark = self.plot, getattr(self.plot, "dark", False)
        if hasattr(gone, "leave"):
            gone.leave()
        text = FAILED.format(error=str(error) or type(error).__name__)
        self.plot = StandIn(text, dark=dark)
        self.plot.set_sources(gone.sources, dt=gone.dt)
        self.setWidget(self.plot)
        self.bar.show_tools(working=False)
        gone.hide()
        gone.deleteLater()

    def _connect(self) -> None:
        if not _stands_in(self.plot) and self.bar.over_time:
            self.bar.pause.toggled.connect(self.plot.set_paused)
            self.plot.paused_changed.connect(self._show_paused)
            self.plot.window_changed.connect(self._show_window)
            self._show_window(self.plot.window_ms)
        self.bar.export.clicked.connect(self.figure_wanted)
        self.bar.window_length.activated.connect(self._choose_window)
        for name, field in self.bar.fields.items():
            field.chosen.connect(lambda value, each=name: self._set(each, value))

    def _fill_groups(self, document: Document) -> None:
        assert self.spec is not None, "an unknown plot has no menu of groups"
        menu = self.bar.menu
        menu.clear()
        everything = self._group_action(menu, "All groups", not self.monitor.targets)
        everything.triggered.connect(lambda: self._choose_groups(()))
        menu.addSeparator()
        for node in choices_for(document, self.spec):
            name = menu_words(node.name)
            action = self._group_action(menu, name, node.id in self.monitor.targets)
            action.triggered.connect(lambda _=False, key=node.id: self._toggle_group(key))

    def _group_action(self, menu: QMenu, text: str, checked: bool) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(checked)
        return action

    def _toggle_group(self, node_id: str) -> None:
        held = self.monitor.targets
        now = tuple(key for key in held if key != node_id)
        self._choose_groups(now if node_id in held else (*held, node_id))

    def _choose_groups(self, targets: tuple[str, ...]) -> None:
        self.edited.emit(f"Choose groups of {self.windowTitle()}", {"targets": targets})

    def _set(self, name: str, value: Any) -> None:
        if self.spec is not None and value != self.spec.settings(self.monitor.params)[name]:
            held = list(value) if isinstance(value, tuple) else value
            params = {**self.monitor.params, name: held}
            self.edited.emit(f"Choose {name} of {self.windowTitle()}", {"params": params})

    def _choose_window(self) -> None:
        ms = self.bar.window_length.currentData()
        self.attempt(lambda: self.plot.set_window(ms))  # zoomed, it may be another than was set
        params = {**self.monitor.params, WINDOW: ms}
        self.edited.emit(f"Change visible time of {self.windowTitle()}", {"params": params})

    def _show_window(self, ms: float) -> None:
        """Show the visible time, which linked plots and the wheel change too."""
        index = self.bar.window_length.findData(round(ms))
        self.bar.window_length.setCurrentIndex(index)
        self.bar.window_length.setPlaceholderText(duration_text(round(ms)))

    def _show_paused(self, paused: bool) -> None:
        self.bar.pause.setChecked(paused)
        self.bar.pause.setToolTip(
            "Follow the present again" if paused else "Hold the view; the data keep arriving"
        )


def _new_plot(monitor: Monitor, spec: PlotSpec | None) -> Any:
    """Return the widget of a plot, or what stands in for one that cannot be made."""
    if spec is None:
        return StandIn(UNKNOWN.format(kind=elided(monitor.kind)))
    try:
        return load_plot(spec, dict(monitor.params)).live()
    except Exception as error:
        logger.error("the %s plot failed: %s", monitor.kind, error, exc_info=error)
        return StandIn(FAILED.format(error=str(error) or type(error).__name__))


def _stands_in(plot: Any) -> bool:
    return isinstance(plot, StandIn)
