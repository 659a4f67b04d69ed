"""The questions about what a run has learned: what to do with it before it is dropped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from conex_app.look.counts import number
from conex_app.look.plain_text import elided
from conex_app.project.questions import Reply, ask

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

__all__ = [
    "DROP",
    "FILE",
    "GO_ON",
    "KEEP",
    "TITLE",
    "WAIT",
    "ask_about_learned",
    "ask_about_silence",
    "learned_text",
]

TITLE = "Learned state"
KEEP, FILE, DROP = Reply("Keep in project"), Reply("Save state…"), Reply("Discard", destroys=True)
WAIT, GO_ON = Reply("Wait"), Reply("Go on without it", destroys=True)

_LONGEST = 40  # characters of a name
_NOUNS = {"weights": "weights", "threshold": "thresholds"}


def ask_about_learned(window: QWidget, learned: str, ms: float) -> Reply | None:
    """Return what becomes of what was learned: KEEP, FILE, DROP, or None to call all off."""
    return ask(
        window,
        TITLE,
        "The run has learned something that is not saved.",
        f"{learned}; {_time_text(ms)} of learning.\n\n"
        "Keep it in the project, and the next run starts from it. A state file holds "
        "everything, so that this run can go on later.",
        (KEEP, FILE, DROP),
    )


def ask_about_silence(window: QWidget) -> Reply | None:
    """Return what to do with a run that does not answer: WAIT, GO_ON, or None to call all off."""
    return ask(
        window,
        TITLE,
        "The run does not answer.",
        "So it cannot be known whether it has learned something that is not saved. "
        "A long step may still be at work.",
        (WAIT, GO_ON),
    )


def learned_text(variables: Iterable[tuple[str, str]]) -> str:
    """Return what has learned in words, from pairs of a node's name and a variable."""
    names: dict[str, list[str]] = {}
    for name, variable in variables:
        names.setdefault(variable, []).append(name)
    order = sorted(names, key=lambda variable: (variable != "weights", variable))
    parts = [f"{_NOUNS.get(each, each)} of {_some(names[each])}" for each in order]
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def _some(names: list[str]) -> str:
    first, *others = [elided(name, _LONGEST) for name in names]
    if not others:
        return first
    return f"{first} and {others[0] if len(others) == 1 else f'{number(len(others))} others'}"


def _time_text(ms: float) -> str:
    return f"{number(ms / 1000, 1)} s" if ms >= 1000 else f"{number(ms)} ms"
