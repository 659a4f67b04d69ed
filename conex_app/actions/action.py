"""What an action is: its words and keys, when it is possible, which command it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from conex_app.run.runner import RunState

__all__ = [
    "Action",
    "Desk",
    "Facts",
    "always",
    "drawn",
    "inside",
    "one_block",
    "one_of",
    "ready",
    "selected",
]


@dataclass(frozen=True)
class Facts:
    """Hold what decides which actions are possible at a moment."""

    open: bool = False
    clean: bool = True
    undo: str = ""
    redo: str = ""
    nodes: int = 0
    selected: int = 0
    selected_groups: int = 0
    selected_blocks: int = 0
    inside: bool = False
    outdated: bool = False
    library: bool = False
    run: RunState = "idle"
    theme: str = "system"
    run_in: str = "process"
    engine: str = "auto"

    @property
    def alive(self) -> bool:
        """Tell whether a network exists that could take a step."""
        return self.run in ("running", "paused")


class Desk(Protocol):
    """Name the parts of the window that carry out commands."""

    files: Any  # conex_app.project.files.ProjectFiles
    editing: Any  # conex_app.shell.editing.Editing
    running: Any  # conex_app.shell.run_control.RunControl
    monitors: Any  # conex_app.plots.docks.MonitorDocks
    view: Any  # conex_app.shell.view_commands.WindowView


@dataclass(frozen=True)
class Action:
    """Describe one action; ``shortcut`` and ``icon`` may be empty.

    ``text_when`` replaces the text by what the action would do now (Undo says
    what it undoes); ``checked_when`` makes it a check mark.
    """

    id: str
    text: str
    run: Callable[[Desk], None]
    shortcut: str = ""
    icon: str = ""
    tip: str = ""
    enabled_when: Callable[[Facts], bool] = lambda facts: facts.open
    text_when: Callable[[Facts], str] | None = None
    checked_when: Callable[[Facts], bool] | None = None

    def hint(self) -> str:
        """Return the tooltip: what it does and the keys for it."""
        keys = f"  ({self.shortcut})" if self.shortcut else ""
        return f"{self.tip or self.text.rstrip('…')}{keys}"


def always(_facts: Facts) -> bool:
    """Allow an action at any time."""
    return True


def drawn(facts: Facts) -> bool:
    """Ask for at least one node."""
    return facts.open and facts.nodes > 0


def ready(facts: Facts) -> bool:
    """Ask for a project whose network is not just being built."""
    return facts.open and facts.run != "building"


def selected(facts: Facts) -> bool:
    """Ask for at least one selected node."""
    return facts.open and facts.selected > 0


def one_block(facts: Facts) -> bool:
    """Ask for one selected block and nothing else selected."""
    return facts.open and facts.selected == facts.selected_blocks == 1


def inside(facts: Facts) -> bool:
    """Ask for an open block."""
    return facts.open and facts.inside


def one_of(
    prefix: str, choose: Callable[[Desk, str], None], current: Callable[[Facts], str]
) -> Callable[..., Action]:
    """Return what makes the actions of one choice; the one that holds has a check mark."""

    def option(name: str, text: str, shortcut: str, tip: str = "") -> Action:
        return Action(
            f"{prefix}.{name}",
            text,
            lambda desk: choose(desk, name),
            shortcut,
            tip=tip,
            enabled_when=always,
            checked_when=lambda facts: current(facts) == name,
        )

    return option
