"""The questions about what a run has learned: what to do with it before it is dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from conex_app.look.counts import number
from conex_app.look.labels import MessageBox
from conex_app.look.plain_text import elided

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton, QWidget

__all__ = ["Choice", "LearnedDialog", "SilentDialog", "learned_text"]

Choice = Literal["keep", "file", "drop", "wait", "cancel"]

_LONGEST = 40  # characters of a name
_NOUNS = {"weights": "weights", "threshold": "thresholds"}


class _Question(MessageBox):
    """Ask with buttons that are verbs; Escape cancels."""

    def __init__(
        self, text: str, more: str, buttons: Mapping[Choice, str], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Learned state")
        self.setText(text)
        self.setInformativeText(more)
        roles = {"drop": self.ButtonRole.DestructiveRole, "cancel": self.ButtonRole.RejectRole}
        self.buttons_of: dict[Choice, QPushButton] = {
            choice: self.addButton(words, roles.get(choice, self.ButtonRole.AcceptRole))
            for choice, words in buttons.items()
        }
        self.setDefaultButton(next(iter(self.buttons_of.values())))
        self.setEscapeButton(self.buttons_of["cancel"])

    def choice(self) -> Choice:
        """Show it and return what was chosen."""
        self.exec()
        clicked = self.clickedButton()
        return next(
            (choice for choice, button in self.buttons_of.items() if button is clicked), "cancel"
        )


class LearnedDialog(_Question):
    """Ask what becomes of what a run has learned."""

    def __init__(self, learned: str, ms: float, parent: QWidget | None = None) -> None:
        super().__init__(
            "The run has learned something that is not saved.",
            f"{learned}; {_time_text(ms)} of learning.\n\n"
            "Keep it in the project, and the next run starts from it. A state file holds "
            "everything, so that this run can go on later.",
            {
                "keep": "Keep in project",
                "file": "Save state…",
                "drop": "Discard",
                "cancel": "Cancel",
            },
            parent,
        )


class SilentDialog(_Question):
    """Say that a run does not answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "The run does not answer.",
            "So it cannot be known whether it has learned something that is not saved. "
            "A long step may still be at work.",
            {"wait": "Wait", "drop": "Go on without it", "cancel": "Cancel"},
            parent,
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
