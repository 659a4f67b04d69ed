"""Every action of the window as data; menus, run bar, shortcuts and help derive from it.

An action says what it is called, which keys start it, when it is possible and
which command it gives, and it stands where it is to appear: in a menu. What
carries it out is one of ``ActionTargets``; nothing here creates a widget.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conex_app.actions.action import Action, ActionTargets, Facts
from conex_app.actions.blocks import INSERT
from conex_app.actions.menu import FilledMenu, Menu
from conex_app.actions.project import EDIT, FILE, RECENT, VERSIONS
from conex_app.actions.running import RUN, STEPS
from conex_app.actions.view import HELP, PANELS, VIEW

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ACTIONS",
    "INSERT",
    "MENUS",
    "PANELS",
    "RECENT",
    "STEPS",
    "VERSIONS",
    "Action",
    "ActionTargets",
    "Facts",
    "FilledMenu",
    "Menu",
]

MENUS: tuple[Menu, ...] = (FILE, EDIT, INSERT, VIEW, RUN, HELP)

ACTIONS: Mapping[str, Action] = {each.id: each for menu in MENUS for each in menu.actions()}
