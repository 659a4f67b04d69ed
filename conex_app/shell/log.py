"""The log: what the program says about itself, for whoever wants to look closer.

Records come from any thread into a queue; the window's timer moves them into
the panel, and only while it is visible does that cost anything.
"""

from __future__ import annotations

import logging
from collections import deque

from PySide6.QtGui import QColor, QFontDatabase, QGuiApplication, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from conex_app.look import plain_text
from conex_app.look.labels import PlainLabel
from conex_app.look.panel_style import ComboBox, Panel
from conex_app.look.theme import Theme

__all__ = ["LogPanel", "LogQueue"]

KEPT = 2000
LEVELS = {"All": logging.DEBUG, "Info": logging.INFO, "Warnings": logging.WARNING}


class LogQueue(logging.Handler):
    """Keep the last records of any thread until somebody takes them."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.waiting: deque[logging.LogRecord] = deque(maxlen=KEPT)
        self.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))

    def emit(self, record: logging.LogRecord) -> None:
        """Take one record; called by logging."""
        self.waiting.append(record)

    def take(self) -> list[logging.LogRecord]:
        """Return the records that came since the last call."""
        return [self.waiting.popleft() for _ in range(len(self.waiting))]


class LogPanel(Panel):
    """Show records with their level; filter, copy and clear them."""

    def __init__(self, queue: LogQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._theme: Theme | None = None
        self._records: deque[logging.LogRecord] = deque(maxlen=KEPT)
        self.text = QPlainTextEdit(readOnly=True, maximumBlockCount=KEPT)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setPlaceholderText("Nothing to report.")
        self.text.setAccessibleName("Log")
        self.level = ComboBox()
        self.level.addItems(list(LEVELS))
        self.level.setCurrentText("Info")
        self.level.setToolTip("Show messages of this level and above")
        self.level.currentTextChanged.connect(self._show_all)
        self._lay_out()

    def refresh(self) -> None:
        """Show what came since the last call."""
        records = self._queue.take()
        self._records.extend(records)
        self._append(records)

    def clear(self) -> None:
        """Forget every record."""
        self._records.clear()
        self.text.clear()

    def copy(self) -> None:
        """Put the shown lines on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self._theme = theme
        super().set_theme(theme)
        self._show_all()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        row.addWidget(PlainLabel("Show"))
        row.addWidget(self.level)
        row.addStretch(1)
        for text, tip, slot in (
            ("Copy", "Copy the lines shown", self.copy),
            ("Clear", "Empty the log", self.clear),
        ):
            button = QPushButton(text, flat=True)
            button.setToolTip(plain_text.tip(tip))
            button.clicked.connect(slot)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.text)

    def _show_all(self) -> None:
        self.text.clear()
        self._append(list(self._records))

    def _append(self, records: list[logging.LogRecord]) -> None:
        wanted = LEVELS[self.level.currentText()]
        for record in records:
            if record.levelno >= wanted:
                self._write(record)

    def _write(self, record: logging.LogRecord) -> None:
        ink = QTextCharFormat()
        if self._theme is not None and record.levelno >= logging.WARNING:
            serious = record.levelno >= logging.ERROR
            ink.setForeground(QColor(self._theme.error if serious else self._theme.warning))
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not self.text.document().isEmpty():
            cursor.insertBlock()
        cursor.insertText(self._queue.format(record), ink)
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.maximum())
