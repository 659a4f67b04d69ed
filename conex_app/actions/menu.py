"""Menus as data: their entries in groups, with a line between one group and the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conex_app.actions.action import Action

__all__ = ["FilledMenu", "Group", "Menu"]


@dataclass(frozen=True)
class FilledMenu:
    """Stand for a submenu that is filled when it opens, with what there is then."""

    title: str


@dataclass(frozen=True)
class Menu:
    """Hold the entries of one menu: actions and submenus."""

    title: str
    groups: tuple[Group, ...]

    def actions(self) -> Iterator[Action]:
        """Yield every action of this menu and its submenus, in order."""
        for group in self.groups:
            for entry in group:
                if isinstance(entry, Action):
                    yield entry
                elif isinstance(entry, Menu):
                    yield from entry.actions()


Group = tuple["Action | Menu | FilledMenu", ...]
