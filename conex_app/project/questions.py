"""Questions: a sentence, what follows from it, and verbs to choose from.

Which verb comes first is what Enter does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from conex_app.look.labels import MessageBox

__all__ = ["Reply", "ask"]

_ROLES = QMessageBox.ButtonRole


@dataclass(frozen=True)
class Reply:
    """Name one answer: what its button says, and whether something is lost by it."""

    verb: str
    destroys: bool = False


def ask(
    window: QWidget, title: str, question: str, more: str, choices: Sequence[Reply]
) -> Reply | None:
    """Return what the user chose; None for Cancel, which is always offered."""
    box, buttons = _box_of(window, title, question, more, choices)
    clicked = box.answer()
    return next((choice for choice, button in buttons.items() if button is clicked), None)


def _box_of(
    window: QWidget, title: str, question: str, more: str, choices: Sequence[Reply]
) -> tuple[MessageBox, dict[Reply, QPushButton]]:
    box = MessageBox(window)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(title)
    box.setText(question)
    box.setInformativeText(more)
    buttons = {each: box.addButton(each.verb, _role(each)) for each in choices}
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setEscapeButton(cancel)
    safe = next((button for choice, button in buttons.items() if not choice.destroys), cancel)
    box.setDefaultButton(safe)
    return box, buttons


def _role(choice: Reply) -> QMessageBox.ButtonRole:
    return _ROLES.DestructiveRole if choice.destroys else _ROLES.AcceptRole
