"""Every action of the window as data; menus, toolbar and shortcuts derive from it.

An action says what it is called, which keys start it, when it is possible and
which command it gives. The commands themselves live in the parts of the window
(``Desk``); nothing here creates a widget.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conex_app.actions.action import Action, Desk, Facts
from conex_app.actions.blocks import BLOCKS, INSERT
from conex_app.actions.project import EDIT, FILE
from conex_app.actions.running import RUN
from conex_app.actions.view import HELP, VIEW

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ACTIONS", "Action", "Desk", "Facts"]

ACTIONS: Mapping[str, Action] = {
    item.id: item for group in (FILE, EDIT, BLOCKS, INSERT, VIEW, RUN, HELP) for item in group
}
