"""Every action of the window as data; menus, toolbar and shortcuts derive from it.

An action says what it is called, which keys start it, when it is possible and
which command it gives. What carries it out is one of ``ActionTargets``; nothing here
creates a widget.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conex_app.actions.action import Action, ActionTargets, Facts
from conex_app.actions.blocks import BLOCKS, INSERT
from conex_app.actions.project import EDIT, FILE
from conex_app.actions.running import RUN
from conex_app.actions.view import HELP, VIEW

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ACTIONS", "Action", "ActionTargets", "Facts"]

ACTIONS: Mapping[str, Action] = {
    item.id: item for group in (FILE, EDIT, BLOCKS, INSERT, VIEW, RUN, HELP) for item in group
}
