"""The run bar: run, step, stop; for how long and how fast; where the run stands.

Where there is little room it loses words before fields: first those beside the
icons, then most of the network's settings, then the measured speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFont,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QWidget,
)

from conex_app.actions import STEPS, Action
from conex_app.look.counts import THIN, number
from conex_app.look.icons import icon
from conex_app.look.labels import PlainLabel
from conex_app.look.panel_style import ComboBox
from conex_app.look.theme import Theme
from conex_app.look.typing import Typed
from conex_app.run.runner import RunStatus
from conex_app.shell.duration_field import DurationField
from conex_app.shell.menus import ActionSet
from conex_core.graph.model.document import Settings

if TYPE_CHECKING:
    from conex_app.project.document import ProjectDocument
    from conex_app.project.files import ProjectFiles
    from conex_app.shell.run_control import RunControl

__all__ = ["RunBar"]

SPEEDS: dict[str, float | None] = {
    "Full speed": None,
    "1 000 steps/s".replace(" ", THIN, 1): 1000.0,
    "100 steps/s": 100.0,
    "10 steps/s": 10.0,
    "1 step/s": 1.0,
}


ICON = QSize(18, 18)
WORDS = ("Run", "Pause", "Building")  # what the first button may say
LEVELS = range(4)  # of words left out
LONGEST = 12  # letters of a seed


class RunBar(QWidget):
    """Show the state of the run and give the commands that people use all the time."""

    duration_changed = Signal(float)  # simulated time of "Run for", in ms
    speed_changed = Signal(object)  # steps per second, or None for full speed
    refused = Signal(str)  # why what was typed is no time
    settings_wanted = Signal()  # the network's settings were clicked

    def __init__(
        self, actions: ActionSet, document: ProjectDocument, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("run-bar")
        self.setAccessibleName("Run bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(12, 6, 12, 6)
        self.row.setSpacing(4)
        self._actions = actions
        self._theme: Theme | None = None
        self._running: bool | None = None
        self._digits, self._widths = 0, [0 for _ in LEVELS]
        self._settings = ("", "")
        self._dispensable: tuple[tuple[QWidget, QWidget], ...] = ()
        self.buttons = {
            item.id: self._button(item) for item in actions.known.values() if item.run_bar == "text"
        }
        self.duration, self.speed = DurationField(), ComboBox()
        self.time, self.rate, self.settings = PlainLabel(), PlainLabel(), QToolButton()
        self._add_step_menu()
        self._lay_out()
        self.show_status(RunStatus())
        self.show_settings(document.state.settings)
        document.changed.connect(lambda _old, new: self.show_settings(new.settings))

    def follow(self, run: RunControl, files: ProjectFiles) -> None:
        """Show how ``run`` stands, steer it, and be there while a project is open."""
        for told in (run.changed, run.moved):
            told.connect(self.show_status)
        self.duration_changed.connect(run.set_duration)
        self.speed_changed.connect(run.set_speed)
        for another in (files.opened, files.closed):
            another.connect(lambda: self.setVisible(files.is_open))

    def retype(self, typed: Typed) -> None:
        """Put a text back that was being typed here; pass over what belongs elsewhere."""
        if typed.where == self.duration.typing_place()[1]:
            self.duration.type_again(typed.text)

    def show_status(self, status: RunStatus) -> None:
        """Show time, speed and whether it runs."""
        self.time.setText(f"t = {number(status.sim_ms, self._digits)} ms")
        rate = status.steps_per_second
        told = "not answering" if status.stall is not None else ""
        self.rate.setText(told or (f"{number(rate)} steps/s" if rate else ""))
        if (status.state == "running") != self._running:
            self._running = status.state == "running"
            self._draw_run_icon()

    def show_settings(self, settings: Settings) -> None:
        """Show what belongs to the whole network."""
        seed, dt = str(settings.seed), f"dt {settings.dt:g} ms"
        short = seed if len(seed) <= LONGEST else f"{seed[: LONGEST - 1]}…"
        self._digits = min(len(f"{settings.dt:.3f}".rstrip("0").partition(".")[2]), 3)
        texts = ("    ".join((f"seed {short}", dt, settings.device)), dt)
        if texts != self._settings:
            self._settings = texts
            self._measure()
            self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return the room that is needed once all words are gone that can go."""
        return QSize(self._widths[-1], super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out as many words as have no room."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the style into account, which parts get when they are shown."""
        for part in self.findChildren(QWidget):
            part.ensurePolished()
        self._measure()
        self._fit()
        super().showEvent(event)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in the colours of ``theme``; its fonts are there by now."""
        self._theme = theme
        self._draw_run_icon()
        self._measure()
        self._fit()

    def _measure(self) -> None:
        """Find out how wide the bar is with more and more words left out."""
        for level in reversed(LEVELS):
            self._leave_out(level)
            self.row.invalidate()
            self._widths[level] = self.row.minimumSize().width()
        self.updateGeometry()

    def _fit(self) -> None:
        fitting = (level for level in LEVELS if self._widths[level] <= self.width())
        self._leave_out(next(fitting, LEVELS[-1]))

    def _leave_out(self, level: int) -> None:
        style = Qt.ToolButtonStyle
        for name, button in self.buttons.items():
            has_words = level < 1 or name == "run.toggle"
            button.setToolButtonStyle(
                style.ToolButtonTextBesideIcon if has_words else style.ToolButtonIconOnly
            )
        if "run.toggle" in self.buttons:
            button = self.buttons["run.toggle"]
            button.setMinimumWidth(_widest(button, WORDS))
        for label, gap in self._dispensable:
            label.setVisible(level < 3)
            gap.setVisible(level < 3)
        self.settings.setText(self._settings[0 if level < 2 else 1])

    def _draw_run_icon(self) -> None:
        if self._theme is not None:
            name = "ph.pause-fill" if self._running else "ph.play-fill"
            self._actions["run.toggle"].setIcon(icon(name, self._theme, self._theme.on_accent))

    def _button(self, item: Action) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._actions[item.id])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("role", "run" if item.id == "run.toggle" else "quiet")
        button.setIconSize(ICON)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.row.addWidget(button)
        return button

    def _add_step_menu(self) -> None:
        step = self.buttons["run.step"]
        menu = QMenu(step)
        menu.setToolTipsVisible(True)
        menu.addActions([self._actions[item.id] for item in STEPS])
        step.setMenu(menu)
        step.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)

    def _lay_out(self) -> None:
        self.row.addWidget(_line())
        self.row.addWidget(_caption("Run for"))
        self.row.addWidget(self.duration)
        for item in self._actions.known.values():
            if item.run_bar == "icon":
                self._quiet(self._actions[item.id])
        self.row.addWidget(_gap(8))
        self.row.addWidget(self.speed)
        self.speed.addItems(list(SPEEDS))
        self.speed.setToolTip("Limit the speed of the run")
        self.speed.setAccessibleName("Speed limit")
        self.speed.currentTextChanged.connect(lambda text: self.speed_changed.emit(SPEEDS[text]))
        self.duration.valueChanged.connect(self.duration_changed)
        self.duration.refused.connect(self.refused)
        self.row.addStretch(1)
        self._readouts()

    def _quiet(self, action: QAction) -> None:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setIconSize(ICON)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.row.addWidget(button)

    def _readouts(self) -> None:
        room = self.fontMetrics().horizontalAdvance
        self.time.setObjectName("readout")
        self.time.setMinimumWidth(room(f"t = 10{THIN}000{THIN}000 ms"))
        self.rate.setMinimumWidth(room(f"100{THIN}000 steps/s"))
        gaps = (_gap(16), _gap(16))
        for label, gap in zip((self.time, self.rate), gaps, strict=True):
            label.setFont(_steady(label.font()))
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.row.addWidget(label)
            self.row.addWidget(gap)
        self._dispensable = ((self.rate, gaps[1]),)
        self.row.addWidget(_line())
        self.settings.setToolTip("Seed, time step and device: click to change them")
        self.settings.setProperty("role", "settings")
        self.settings.clicked.connect(self.settings_wanted)
        self.row.addWidget(self.settings)


def _widest(button: QToolButton, words: Sequence[str]) -> int:
    """Return how wide ``button`` is with the longest of ``words``, whatever it says now."""
    room = button.fontMetrics().horizontalAdvance
    return button.sizeHint().width() - room(button.text()) + max(map(room, words))


def _steady(font: QFont) -> QFont:
    """Return a font whose digits all have one width."""
    steady = QFont(font)
    steady.setFeature(QFont.Tag("tnum"), 1)
    return steady


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    line.setFixedWidth(9)
    return line


def _caption(text: str) -> PlainLabel:
    label = PlainLabel(text)
    label.setProperty("role", "caption")
    label.setContentsMargins(4, 0, 4, 0)
    return label


def _gap(width: int) -> QWidget:
    gap = QWidget()
    gap.setFixedWidth(width)
    return gap
