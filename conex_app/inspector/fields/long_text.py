"""The field for several lines of text, such as a description or a note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from conex_app.inspector.fields.fields import MIXED, ParameterField
from conex_app.look.undo_keys import UndoKeys
from conex_core.parameters import Parameter

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent

__all__ = ["LongTextField"]

TYPING_MS = 500  # after which the text is committed while one goes on typing


class LongTextField(ParameterField):
    """Several lines of text; Enter starts a new line.

    It commits while one types, after a short while, so that little is ever at stake; edits
    that follow each other closely are one step to undo. Escape brings back what was there
    when the keyboard came.
    """

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.edit = _NoteEdit(self)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(72)
        UndoKeys(self.edit)
        self.box.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self._shown = self._at_first = ""
        self._soon = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._soon.timeout.connect(self._finish)
        self.edit.entered.connect(self._enter)
        self.edit.left.connect(self._finish)
        self.edit.restored.connect(self._restore)
        self.edit.textChanged.connect(self._while_typing)

    def show_value(self, value: Any) -> None:
        """Show the document's value."""
        text = str(value or "")
        if text != self._shown or self.edit.toPlainText() == self._shown:
            self._set(text)

    def show_mixed(self) -> None:
        """Show that the selected nodes hold different values."""
        self.edit.setPlaceholderText(MIXED)
        self._set("")

    def focus_target(self) -> QPlainTextEdit:
        """Return the widget that takes the keyboard."""
        return self.edit

    def typed_text(self) -> str | None:
        """Return what is typed and not committed."""
        text = self.edit.toPlainText()
        return text if text != self._shown and self._is_current() else None

    def commit_typed(self) -> bool:
        """Commit what is typed, or say why not."""
        self._finish()
        return self.typed_text() is None

    def type_again(self, text: str) -> None:
        """Put ``text`` in as if it had been typed just now."""
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()
        self.edit.insertPlainText(text)  # unlike setPlainText it can be undone

    def _enter(self) -> None:
        self._at_first = self.edit.toPlainText()

    def _while_typing(self) -> None:
        if not self._soon.isActive() and self.typed_text() is not None:
            self._soon.start()

    def _restore(self) -> None:
        """Bring the first text back, as an edit where some of the typing is committed."""
        self.edit.setPlainText(self._at_first)
        self._finish()

    def _set(self, text: str) -> None:
        self._shown = text
        self._soon.stop()
        if text != self.edit.toPlainText():
            self.edit.setPlainText(text)

    def _finish(self) -> None:
        self._soon.stop()
        text = self.edit.toPlainText()
        before, self._shown = self._shown, text  # first, so that what comes back changes nothing
        if text != before and not self.offer(text, step=True):
            self._shown = before


class _NoteEdit(QPlainTextEdit):
    """The text of a :class:`LongTextField`."""

    entered = Signal()  # the keyboard came
    left = Signal()  # the keyboard left, or Ctrl+Enter ends the typing
    restored = Signal()  # Escape takes the typing back

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that typing may begin."""
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that typing has ended."""
        super().focusOutEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle Escape and Ctrl+Enter; leave the rest to Qt."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.restored.emit()
        elif control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the text while it has the keyboard, else let the panel scroll."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
