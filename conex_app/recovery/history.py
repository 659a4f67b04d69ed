"""The undo history as plain values: its steps, where one stands, where the file was. No Qt.

The window, the journal's thread and the reader of a journal each keep one of
their own and do the same edits with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from conex_app.project.steps import PastStep
from conex_core.graph.model.document import Document

__all__ = ["DOINGS", "Doing", "EditHistory", "JournalEdit"]

Doing = Literal["edit", "merge", "undo", "redo", "drop"]
DOINGS: tuple[Doing, ...] = ("edit", "merge", "undo", "redo", "drop")


@dataclass(frozen=True)
class JournalEdit:
    """Say what was done.

    ``edit`` makes a step that leads to ``new``; ``merge`` lets the last step lead
    there instead; ``drop`` takes the last step away, because a merge has undone
    it. ``undo`` needs ``new`` only where it goes behind the first step known.
    """

    do: Doing
    at: float
    label: str = ""
    new: Document | None = None
    level: tuple[str, ...] = ()


@dataclass
class EditHistory:
    """Hold the steps and the place among them; change with :meth:`take`."""

    now: Document
    steps: list[PastStep] = field(default_factory=list)
    position: int = 0
    clean: int | None = 0  # the place where the document is as it was saved, if there is one

    @property
    def is_clean(self) -> bool:
        """Tell whether the document is as it was saved, opened or begun."""
        return self.position == self.clean

    def copy(self) -> EditHistory:
        """Return one that goes its own way from here."""
        return EditHistory(self.now, list(self.steps), self.position, self.clean)

    def can(self, edit: JournalEdit) -> bool:
        """Tell whether ``edit`` makes sense here."""
        if edit.do == "edit":
            return edit.new is not None
        if edit.do == "undo":
            return self.position > 0 or edit.new is not None
        if edit.do == "redo":
            return self.position < len(self.steps)
        return self.position > 0 and (edit.new is not None or edit.do == "drop")

    def take(self, edit: JournalEdit) -> None:
        """Do what ``edit`` says; :meth:`can` says whether that is possible."""
        if edit.do == "undo":
            self._undo(edit)
        elif edit.do == "redo":
            self.now = self.steps[self.position].after
            self.position += 1
        else:
            self._push(edit)

    def _push(self, edit: JournalEdit) -> None:
        del self.steps[self.position :]
        if self.clean is not None and self.clean > self.position:
            self.clean = None
        before, label, level = self.now, edit.label, edit.level
        if edit.do != "edit":
            last = self.steps.pop()
            before, label, level = last.before, last.label, last.level
        if edit.do == "drop" or edit.new is None:
            self.now = before
        else:
            self.steps.append(PastStep(label, before, edit.new, level))
            self.now = edit.new
        self.position = len(self.steps)

    def _undo(self, edit: JournalEdit) -> None:
        if self.position > 0:
            self.position -= 1
            self.now = self.steps[self.position].before
        elif edit.new is not None:  # one step more comes to be known, which is undone already
            self.steps.insert(0, PastStep(edit.label, edit.new, self.now, edit.level))
            self.now = edit.new
            if self.clean is not None:
                self.clean += 1
