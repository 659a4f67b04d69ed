"""Undo and redo by key in fields: their own while one types, else those of the project.

Qt's fields take both keys in any case; a field with nothing to undo would swallow them.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

__all__ = ["UndoKeys", "left_to_the_window"]

UNDO, REDO = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo


class UndoKeys(QObject):
    """Leave undo and redo to the window for as long as nothing was typed into ``edit``.

    ``around`` is the widget that gets its keys, where that is another one: a spin box.
    """

    def __init__(self, edit: QLineEdit | QPlainTextEdit, around: QWidget | None = None) -> None:
        super().__init__(edit)
        self._edit = edit
        (around or edit).installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the key from the field that has no use for it."""
        return left_to_the_window(self._edit, event)


def left_to_the_window(edit: QLineEdit | QPlainTextEdit, event: QEvent) -> bool:
    """Refuse an undo or redo key that ``edit`` has nothing for; tell whether that was one."""
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    if not event.matches(UNDO) and not event.matches(REDO):
        return False
    if _has_use(edit, undo=event.matches(UNDO)):
        return False
    event.ignore()
    return True


def _has_use(edit: QLineEdit | QPlainTextEdit, *, undo: bool) -> bool:
    if isinstance(edit, QLineEdit):
        return edit.isModified()
    text = edit.document()
    return text.isUndoAvailable() if undo else text.isRedoAvailable()
