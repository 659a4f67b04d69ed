"""Menus, shortcuts and tool buttons, all made from ``conex_app.actions``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from conex_app.actions import MENUS, Action, ActionTargets, Facts, FilledMenu, Menu
from conex_app.look.icons import icon
from conex_app.look.plain_text import menu_words, tip
from conex_app.look.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

__all__ = ["ActionSet"]


class ActionSet(QObject):
    """Hold one QAction for every action and keep it up to date with the facts."""

    def __init__(
        self,
        window: QWidget,
        targets: Callable[[], ActionTargets],
        menus: Sequence[Menu] = MENUS,
    ) -> None:
        super().__init__(window)
        self._window, self._targets, self._facts = window, targets, Facts()
        self.may_act: Callable[[], bool] = lambda: True  # asked before each; False holds it back
        self.menus = tuple(menus)
        self.known = {item.id: item for menu in menus for item in menu.actions()}
        self.actions = {item.id: self._made(item, window) for item in self.known.values()}
        self.submenus: dict[str, QMenu] = {}  # by title, those that others fill
        self._shown: dict[str, QMenu] = {}  # by title, those of the menu bar
        self.show_facts(self._facts, force=True)

    def __getitem__(self, action_id: str) -> QAction:
        return self.actions[action_id]

    def fill(self, bar: QMenuBar) -> None:
        """Add every menu to ``bar``."""
        for menu in self.menus:
            self._shown[menu.title] = bar.addMenu(menu.title)
            self._fill(self._shown[menu.title], menu)

    def append(self, title: str, actions: Sequence[Action]) -> None:
        """Add a group of actions at the end of a menu: what is only known after the start."""
        self.known |= {item.id: item for item in actions}
        for item in actions:
            self.actions[item.id] = self._made(item, self._window)
        self.menus = tuple(
            replace(menu, groups=(*menu.groups, tuple(actions))) if menu.title == title else menu
            for menu in self.menus
        )
        if title in self._shown:
            self._shown[title].addSeparator()
            self._shown[title].addActions([self.actions[item.id] for item in actions])
        self.show_facts(self._facts, force=True)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in the colours of ``theme``."""
        for item in self.known.values():
            self.actions[item.id].setIcon(icon(item.icon, theme))

    def show_facts(self, facts: Facts, *, force: bool = False) -> None:
        """Enable what is possible now and name what it would do."""
        if facts == self._facts and not force:
            return
        self._facts = facts
        for item in self.known.values():
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
        if self.may_act():
            item.run(self._targets())
        if item.checked_when is not None:  # Qt has toggled the mark on its own
            self.actions[item.id].setChecked(item.checked_when(self._facts))

    def _fill(self, made: QMenu, menu: Menu) -> None:
        made.setToolTipsVisible(True)
        for place, group in enumerate(menu.groups):
            if place:
                made.addSeparator()
            for entry in group:
                if isinstance(entry, Action):
                    made.addAction(self.actions[entry.id])
                elif isinstance(entry, FilledMenu):
                    self.submenus[entry.title] = made.addMenu(entry.title)
                    self.submenus[entry.title].setToolTipsVisible(True)
                else:
                    self._fill(made.addMenu(entry.title), entry)


def _update(made: QAction, item: Action, facts: Facts) -> None:
    text = item.text_when(facts) if item.text_when else item.text
    made.setText(menu_words(text) if item.text_when else text)
    made.setToolTip(tip(item.hint() if item.tip else item.hint().replace(item.text, text, 1)))
    made.setStatusTip("")
    made.setEnabled(item.enabled_when(facts))
    if item.checked_when is not None:
        made.setChecked(item.checked_when(facts))
