"""Reads off a document's undo stack what was just done, whichever way it was done.

The stack itself says only where it stands now; this compares it with where it
stood before. Knows no file.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from conex_app.recovery.history import EditHistory, JournalEdit

if TYPE_CHECKING:
    from conex_app.project.document import ProjectDocument

__all__ = ["StackFollower"]


class StackFollower(QObject):
    """Tell each edit, undo and redo of a document from :meth:`begin` on.

    Parameters
    ----------
    told : callable
        Called with a JournalEdit.
    """

    def __init__(
        self, document: ProjectDocument, told: Callable[[JournalEdit], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._told = document, told
        self._history: EditHistory | None = None
        self._index = 0
        document.stack.indexChanged.connect(self._look)

    def begin(self, history: EditHistory | None = None) -> None:
        """Follow from here; ``history`` says which steps are known already."""
        self._history = history or EditHistory(self._document.whole)
        self._index = self._document.stack.index()

    def end(self) -> None:
        """Tell nothing more."""
        self._history = None

    def _look(self, index: int) -> None:
        before, self._index = self._index, index
        if self._history is None:
            return
        count = self._document.stack.count()
        if index == before - 1 and count == index:
            self._tell(self._history, "drop")
        elif count == 0:  # cleared: another project comes, and tells so itself
            return
        elif index < before:
            for at in range(before - 1, index - 1, -1):
                self._undone(self._history, at)
        elif index == before:
            self._tell(self._history, "merge")
        else:
            for at in range(before, index):
                self._done(self._history, at)

    def _done(self, history: EditHistory, at: int) -> None:
        step = self._document.step(at)
        ahead = history.steps[history.position :]
        if ahead and ahead[0].after is step.after and ahead[0].before is step.before:
            self._take(history, JournalEdit("redo", time.time()))
        else:
            edit = JournalEdit("edit", time.time(), step.label, step.after, step.level)
            self._take(history, edit)

    def _undone(self, history: EditHistory, at: int) -> None:
        if history.position > 0:
            self._take(history, JournalEdit("undo", time.time()))
        else:
            step = self._document.step(at)
            self._take(
                history, JournalEdit("undo", time.time(), step.label, step.before, step.level)
            )

    def _tell(self, history: EditHistory, do: str) -> None:
        """Tell a merge, or what is left of one that came to nothing."""
        whole = self._document.whole
        now = time.time()
        if history.position == 0:  # it was made before the journal began
            self._take(history, JournalEdit("edit", now, "Edit", whole))
        elif do == "drop":
            self._take(history, JournalEdit("drop", now))
        else:
            self._take(history, JournalEdit("merge", now, new=whole))

    def _take(self, history: EditHistory, edit: JournalEdit) -> None:
        history.take(edit)
        self._told(edit)
