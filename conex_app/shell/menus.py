"""Menus, shortcuts and tool buttons, all made from ``conex_app.actions``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from conex_app.actions import ACTIONS, Action, Desk, Facts
from conex_app.actions.plots import plot_actions
from conex_app.look.icons import icon
from conex_app.look.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

    from conex_core.plot_specs import PlotSpec

__all__ = [
    "ENGINE_MENU",
    "MENUS",
    "RUN_IN_MENU",
    "STEP_MENU",
    "SUBMENUS",
    "THEME_MENU",
    "ActionSet",
]

SEPARATOR = "-"
PLOTS = "plots"  # where every plot that the catalog knows is offered
RECENT, PANELS, THEMES, RUN_IN, ENGINE = "recent", "panels", "theme", "run in", "engine"
SUBMENUS: Mapping[str, str] = {
    RECENT: "Open recent",
    PANELS: "Panels",
    THEMES: "Theme",
    RUN_IN: "Run simulations in",
    ENGINE: "Engine",
}

MENUS: Mapping[str, tuple[str, ...]] = {
    "File": (
        "file.new",
        "file.open",
        RECENT,
        SEPARATOR,
        "file.save",
        "file.save_as",
        "file.script",
        SEPARATOR,
        "file.close",
        "file.quit",
    ),
    "Edit": (
        "edit.undo",
        "edit.redo",
        SEPARATOR,
        "edit.cut",
        "edit.copy",
        "edit.paste",
        "edit.duplicate",
        "edit.delete",
        SEPARATOR,
        "edit.select_all",
        "edit.rename",
        SEPARATOR,
        "block.group",
        "block.unpack",
        "block.unique",
        "block.enter",
        "block.leave",
        "block.update",
        "block.save",
    ),
    "Insert": (
        "insert.NeuronGroup",
        "insert.SynapseGroup",
        "insert.BehaviorStack",
        "insert.InputLayer",
        "insert.Note",
        SEPARATOR,
        "insert.InputPort",
        "insert.OutputPort",
        SEPARATOR,
        "insert.connect",
        PLOTS,
    ),
    "View": (
        PANELS,
        "view.reset_layout",
        SEPARATOR,
        "view.zoom_in",
        "view.zoom_out",
        "view.zoom_reset",
        "view.fit",
        "view.arrange",
        SEPARATOR,
        THEMES,
    ),
    "Run": (
        "run.toggle",
        "run.for",
        SEPARATOR,
        "run.step",
        "run.step_10",
        "run.step_100",
        "run.step_n",
        SEPARATOR,
        "run.stop",
        SEPARATOR,
        "run.compiled",
        ENGINE,
        RUN_IN,
    ),
    "Help": ("help.shortcuts", "help.about"),
}

THEME_MENU = ("view.theme.system", "view.theme.light", "view.theme.dark")
RUN_IN_MENU = ("run.in.automatic", "run.in.window", "run.in.process")
ENGINE_MENU = ("run.engine.auto", "run.engine.fused", "run.engine.reference")
STEP_MENU = ("run.step", "run.step_10", "run.step_100", "run.step_n")


class ActionSet(QObject):
    """Hold one QAction for every action and keep it up to date with the facts."""

    def __init__(self, window: QWidget, desk: Callable[[], Desk]) -> None:
        super().__init__(window)
        self._window, self._desk, self._facts = window, desk, Facts()
        self.items: dict[str, Action] = dict(ACTIONS)
        self.actions: dict[str, QAction] = {
            item.id: self._made(item, window) for item in ACTIONS.values()
        }
        self.submenus: dict[str, QMenu] = {}
        self._plots: list[QMenu] = []  # menus that offer plots
        self.show_facts(self._facts, force=True)

    def __getitem__(self, action_id: str) -> QAction:
        return self.actions[action_id]

    def fill(self, bar: QMenuBar) -> None:
        """Add every menu to ``bar``."""
        for title, entries in MENUS.items():
            self._fill(bar.addMenu(title), entries)

    def add_plots(self, plots: Mapping[str, PlotSpec]) -> None:
        """Offer these plots in menus, and by their keys, from now on."""
        made = plot_actions(plots, self.items)
        self.items |= made
        for item in made.values():
            self.actions[item.id] = self._made(item, self._window)
        for menu in self._plots if made else ():
            menu.addSeparator()
            menu.addActions([self.actions[key] for key in made])
        self.show_facts(self._facts, force=True)

    def dress(self, theme: Theme) -> None:
        """Draw the icons in the colours of ``theme``."""
        for item in self.items.values():
            self.actions[item.id].setIcon(icon(item.icon, theme))

    def show_facts(self, facts: Facts, *, force: bool = False) -> None:
        """Enable what is possible now and name what it would do."""
        if facts == self._facts and not force:
            return
        self._facts = facts
        for item in self.items.values():
            _update(self.actions[item.id], item, facts)

    def _made(self, item: Action, window: QWidget) -> QAction:
        made = QAction(item.text, window)
        made.setObjectName(item.id)
        made.setShortcut(QKeySequence(item.shortcut))
        made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        made.setCheckable(item.checked_when is not None)
        made.setIconVisibleInMenu(False)
        made.triggered.connect(lambda _checked=False: self._do(item))
        window.addAction(made)
        return made

    def _do(self, item: Action) -> None:
        item.run(self._desk())
        if item.checked_when is not None:  # Qt has toggled the mark on its own
            self.actions[item.id].setChecked(item.checked_when(self._facts))

    def _fill(self, menu: QMenu, entries: tuple[str, ...]) -> None:
        menu.setToolTipsVisible(True)
        for entry in entries:
            if entry == SEPARATOR:
                menu.addSeparator()
            elif entry == PLOTS:
                self._plots.append(menu)
            elif entry in SUBMENUS:
                self.submenus[entry] = self._submenu(menu, entry)
            else:
                menu.addAction(self.actions[entry])

    def _submenu(self, menu: QMenu, entry: str) -> QMenu:
        made = menu.addMenu(SUBMENUS[entry])
        made.setToolTipsVisible(True)
        held = {THEMES: THEME_MENU, RUN_IN: RUN_IN_MENU, ENGINE: ENGINE_MENU}.get(entry, ())
        made.addActions([self.actions[each] for each in held])
        return made


def _update(made: QAction, item: Action, facts: Facts) -> None:
    text = item.text_when(facts) if item.text_when else item.text
    made.setText(text)
    made.setToolTip(item.hint() if item.tip else item.hint().replace(item.text, text, 1))
    made.setStatusTip("")
    made.setEnabled(item.enabled_when(facts))
    if item.checked_when is not None:
        made.setChecked(item.checked_when(facts))
