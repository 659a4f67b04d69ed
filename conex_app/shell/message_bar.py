"""The message bar: an error stays until it is read, calmly, with no dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from conex_app.look.dock import tool_button
from conex_app.look.icons import icon
from conex_app.look.theme import Theme

__all__ = ["MessageBar"]


class MessageBar(QFrame):
    """Show one message over the whole width, with at most one thing to do about it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message-bar")
        self.sign, self.text = QLabel(), QLabel()
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.action = QPushButton()
        self.dismiss = tool_button("ph.x", "Dismiss this message")
        self.dismiss.clicked.connect(self.clear)
        self.action.clicked.connect(self._act)
        self._do: Callable[[], object] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(12)
        for widget in (self.sign, self.text, self.action, self.dismiss):
            row.addWidget(widget, 1 if widget is self.text else 0)
        self.hide()

    def show_error(self, text: str, act: tuple[str, Callable[[], object]] | None = None) -> None:
        """Show ``text`` until it is dismissed; ``act`` is a button and what it does."""
        self.text.setText(text)
        self.text.setToolTip("")
        self._do = act[1] if act else None
        self.action.setVisible(act is not None)
        self.action.setText(act[0] if act else "")
        self.show()

    def clear(self) -> None:
        """Take the message away."""
        self._do = None
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self.sign.setPixmap(icon("ph.warning-circle", theme, theme.error).pixmap(20, 20))
        self.dismiss.setIcon(icon("ph.x", theme))

    def _act(self) -> None:
        do = self._do
        self.clear()
        if do is not None:
            do()
