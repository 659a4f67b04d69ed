"""The wheel over a field: the panel scrolls, and no value changes.

Fields of ours ignore it themselves; this is for fields that Qt makes, as in dialogs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

__all__ = ["leave_wheel"]


class _Wheel(QObject):
    """Take the wheel from a field."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let what is around the field have the wheel."""
        if event.type() != QEvent.Type.Wheel:
            return False
        event.ignore()
        return True


def leave_wheel(field: QWidget) -> None:
    """Let ``field`` change nothing when the wheel turns over it."""
    field.installEventFilter(_Wheel(field))
