"""What an action is: its words and keys, when it is possible, which command it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from conex_app.run.runner import RunState

__all__ = [
    "Action",
    "ActionTargets",
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


class ActionTargets(Protocol):
    """Name the objects that carry out commands."""

    @property
    def document(self) -> Any:
        """Return the ProjectDocument of ``conex_app.project.document``."""

    @property
    def files(self) -> Any:
        """Return the ProjectFiles of ``conex_app.project.files``."""

    @property
    def canvas(self) -> Any:
        """Return the Canvas of ``conex_app.canvas``."""

    @property
    def nodes(self) -> Any:
        """Return the NodeCommands of ``conex_app.canvas.gestures``."""

    @property
    def blocks(self) -> Any:
        """Return the BlockCommands of ``conex_app.canvas.gestures``."""

    @property
    def run(self) -> Any:
        """Return the RunControl of ``conex_app.shell``."""

    @property
    def learned(self) -> Any:
        """Return the LearnedState of ``conex_app.shell``."""

    @property
    def monitors(self) -> Any:
        """Return the MonitorDocks of ``conex_app.plots``."""

    @property
    def recovery(self) -> Any:
        """Return the Recovery of ``conex_app.recovery``."""

    @property
    def view(self) -> Any:
        """Return the WindowView of ``conex_app.shell``."""


@dataclass(frozen=True)
class Action:
    """Describe one action; ``shortcut`` and ``icon`` may be empty.

    ``text_when`` replaces the text by what the action would do now (Undo says
    what it undoes); ``checked_when`` makes it a check mark. ``run_bar`` gives it
    a button in the run bar: with its text, at the left, or only its icon, beside
    the time that a run is to take.
    """

    id: str
    text: str
    run: Callable[[ActionTargets], None]
    shortcut: str = ""
    icon: str = ""
    tip: str = ""
    enabled_when: Callable[[Facts], bool] = lambda facts: facts.open
    text_when: Callable[[Facts], str] | None = None
    checked_when: Callable[[Facts], bool] | None = None
    run_bar: Literal["", "text", "icon"] = ""

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
    prefix: str, choose: Callable[[ActionTargets, str], None], current: Callable[[Facts], str]
) -> Callable[..., Action]:
    """Return what makes the actions of one choice; the one that holds has a check mark."""

    def option(name: str, text: str, shortcut: str, tip: str = "") -> Action:
        return Action(
            f"{prefix}.{name}",
            text,
            lambda targets: choose(targets, name),
            shortcut,
            tip=tip,
            enabled_when=always,
            checked_when=lambda facts: current(facts) == name,
        )

    return option
