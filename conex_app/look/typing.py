"""What is being typed: found, committed or refused before a command acts on the project.

A field that is typed into is one of :class:`TypingField`, wherever it stands. Widgets around
it say with ``typing_place`` what it is the field of. The last text that somebody typed is
pending until it is committed; a text that was refused stays pending until it is mended or
taken back, so that no command acts on another value than the one on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)

from conex_app.look.plain_text import elided

__all__ = [
    "ESCAPE",
    "PressGate",
    "Typed",
    "TypingField",
    "held_back",
    "place_of",
    "typed_now",
]

ESCAPE = "Mend it, or press Escape to take it back."


@dataclass(frozen=True)
class Typed:
    """Hold a text that is not committed: of what, and where its field is found again."""

    label: str
    text: str
    where: tuple[str, ...]


@runtime_checkable
class TypingField(Protocol):
    """A field that holds a text until it is committed."""

    def typed_text(self) -> str | None:
        """Return what is typed and not committed; None if there is nothing."""

    def commit_typed(self) -> bool:
        """Commit it, or say under the field why that cannot be; tell whether it is done."""

    def type_again(self, text: str) -> None:
        """Put ``text`` into the field, with the keyboard, and do not commit it."""

    def refusal(self) -> str:
        """Return why the text was refused last; empty if it was not."""


def typed_now(window: QWidget) -> Typed | None:
    """Return what is being typed in ``window`` and is not committed."""
    field = next(_pending(window), None)
    if field is None:
        return None
    label, where = place_of(field)
    return Typed(label, field.typed_text() or "", where)


def held_back(window: QWidget, *, keyboard: bool = True) -> str:
    """Commit what is being typed; return why a command has to wait, empty if it need not.

    ``keyboard`` gives the keyboard to the field that refused.
    """
    for field in list(_pending(window)):
        if not field.commit_typed():
            if keyboard:
                _keyboard_to(field)
            label, _where = place_of(field)
            return f"{elided(label)}: {field.refusal()} {ESCAPE}"
    return ""


def place_of(field: TypingField) -> tuple[str, tuple[str, ...]]:
    """Return of what a field is, in words, and how it is found again."""
    label, where = "", tuple[str, ...]()
    around: QWidget | None = field if isinstance(field, QWidget) else None
    while around is not None:
        place = getattr(around, "typing_place", None)
        if place is not None:
            words, parts = place()
            label, where = label or words, (*parts, *where)
        around = around.parentWidget()
    return label, where


class PressGate(QObject):
    """Let no press of the mouse act on the project while a typed text is refused.

    It stands before the window's own dispatch, so the keyboard does not leave the field.
    Fields, scroll bars and tabs are free, and so is everything outside of ``guarded``.
    """

    def __init__(self, window: QWidget, guarded: QWidget, may_act: Callable[[], bool]) -> None:
        super().__init__(window)
        self._window, self._guarded, self._may_act = window, guarded, may_act
        self._swallows = False
        window.winId()  # makes the handle
        window.windowHandle().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Swallow a press that has to wait, and its release."""
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            assert isinstance(event, QMouseEvent)
            self._swallows = self._acts(event.position().toPoint()) and not self._may_act()
            return self._swallows
        if kind == QEvent.Type.MouseButtonRelease and self._swallows:
            self._swallows = False
            return True
        return False

    def _acts(self, at: QPoint) -> bool:
        """Tell whether a press there may do something to the project."""
        target = self._window.childAt(at)
        if target is None or not self._guarded.isAncestorOf(target):
            return False
        free = QLineEdit | QPlainTextEdit | QAbstractSpinBox | QScrollBar | QTabBar
        field = next(_pending(self._window), None)
        return field is not None and not isinstance(target, free) and not _beside(field, target)


def _beside(field: TypingField, target: QWidget) -> bool:
    """Tell whether ``target`` stands in the same row, as the way back to the default does."""
    around: QWidget | None = field if isinstance(field, QWidget) else None
    row = around.parentWidget() if around is not None else None
    while row is not None and not hasattr(row, "typing_place"):
        row = row.parentWidget()
    return row is not None and hasattr(row, "reset") and row.isAncestorOf(target)


def _pending(window: QWidget) -> Iterator[TypingField]:
    """Yield the fields with a text that is not committed, that with the keyboard first."""
    seen: list[TypingField] = []
    for widget in (QApplication.focusWidget(), window.focusWidget(), *_refused(window)):
        field = _field_of(widget, window)
        if field is not None and field not in seen and field.typed_text() is not None:
            seen.append(field)
            yield field


def _refused(window: QWidget) -> list[QWidget]:
    edits = [*window.findChildren(QLineEdit), *window.findChildren(QPlainTextEdit)]
    return [edit for edit in edits if edit.property("invalid") and edit.isVisible()]


def _field_of(widget: QWidget | None, window: QWidget) -> TypingField | None:
    """Return the field that ``widget`` is a part of, if it is one of ``window``."""
    found: TypingField | None = None
    while widget is not None and widget is not window:
        if found is None and isinstance(widget, TypingField):
            found = widget
        widget = widget.parentWidget()
    return found if widget is window else None


def _keyboard_to(field: TypingField) -> None:
    target = field.focus_target() if hasattr(field, "focus_target") else field
    target.setFocus(Qt.FocusReason.OtherFocusReason)
