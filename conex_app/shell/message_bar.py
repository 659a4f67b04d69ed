"""The message bar: an error stays until it is read, calmly, with no dialog."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from conex_app.look.dock import tool_button
from conex_app.look.icons import icon
from conex_app.look.labels import PlainLabel
from conex_app.look.plain_text import menu_words, plain_words, tip
from conex_app.look.theme import Theme
from conex_app.run.stalls import CANNOT_END, stall_message

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from conex_app.project.disk_watch import DiskWatch
    from conex_app.project.files import ProjectFiles
    from conex_app.run.runner import RunStatus
    from conex_app.shell.run_control import RunControl

__all__ = ["MessageBar"]

MOST = 600  # signs of a message


class MessageBar(QFrame):
    """Show one message over the whole width, with at most one thing to do about it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message-bar")
        self.sign, self.text = PlainLabel(), PlainLabel(longest=0)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
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
        self._said = ""
        self._failure = ""  # what is said of the run that failed
        self._stall = ""  # what is said of the run that does not answer
        self._file = ""  # why a file was not saved or opened
        self.hide()

    def follow(
        self,
        files: ProjectFiles,
        disk: DiskWatch,
        run: RunControl,
        errors: Iterable[SignalInstance],
    ) -> None:
        """Show what ``errors`` tell and what ends ``run``; another project clears it."""
        for another in (files.opened, files.closed):
            another.connect(self.clear)
        for failed in (files.failed, *errors):
            failed.connect(self.show_error)
        files.failed.connect(self._remember_file)
        files.saved.connect(lambda _path: self.retract(self._file))
        for told in (files.warned, disk.told):
            told.connect(self.show_error)
        disk.settled.connect(self.retract)
        run.failed.connect(lambda status: self._show_failure(status, run.ask_to_stop))
        run.changed.connect(self._forget_failure)
        run.changed.connect(lambda status: self._follow_stall(status, run.ask_to_stop, files.save))
        run.stuck.connect(lambda: self.show_error(CANNOT_END, ("Save the project", files.save)))

    def show_error(self, text: str, act: tuple[str, Callable[[], object]] | None = None) -> None:
        """Show ``text`` until it is dismissed; ``act`` is a button and what it does."""
        self._said = text
        self.text.setText(plain_words(text, MOST))
        self.text.setToolTip(tip(text) if len(text) > MOST else "")
        self._do = act[1] if act else None
        self.action.setVisible(act is not None)
        self.action.setText(menu_words(act[0], 30) if act else "")
        self.show()

    def retract(self, text: str) -> None:
        """Take ``text`` away, which is true no more; any other message stays."""
        if text and self._said == text:
            self.clear()

    def clear(self) -> None:
        """Take the message away."""
        self._do = None
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self.sign.setPixmap(icon("ph.warning-circle", theme, theme.error).pixmap(20, 20))
        self.dismiss.setIcon(icon("ph.x", theme))

    def _show_failure(self, status: RunStatus, stop: Callable[[], object]) -> None:
        self._failure = str(status.error) or type(status.error).__name__
        self.show_error(self._failure, ("Stop and reset", stop))

    def _remember_file(self, text: str) -> None:
        self._file = text

    def _forget_failure(self, status: RunStatus) -> None:
        """Take away what was said of a run that is no more; any other message stays."""
        if status.state == "failed":
            return
        self.retract(self._failure)
        self._failure = ""

    def _follow_stall(
        self, status: RunStatus, stop: Callable[[], object], save: Callable[[], object]
    ) -> None:
        """Say that a run does not answer, for as long as it does not."""
        if status.stall is None:
            self.retract(self._stall)
            self._stall = ""
            return
        self._stall = stall_message(status)
        in_window = status.host == "thread"
        act = ("Save the project", save) if in_window else ("Stop and reset", stop)
        self.show_error(self._stall, act)

    def _act(self) -> None:
        do = self._do
        self.clear()
        if do is not None:
            do()
