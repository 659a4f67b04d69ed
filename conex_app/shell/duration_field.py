"""The field of the run bar that says for how long to run."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox

from conex_app.look.counts import number
from conex_app.look.field_text import UnclearNumber, parse_number
from conex_app.look.undo_keys import UndoKeys

__all__ = ["DurationField", "duration_refusal"]

LEAST_MS, MOST_MS = 0.001, 1e9


class DurationField(QDoubleSpinBox):
    """A simulated time in ms, with thin spaces between the thousands.

    What is no time is refused in words; it is kept while the keyboard is here, and the last
    time comes back when it leaves.
    """

    refused = Signal(str)  # why what was typed is no time

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setDecimals(3)
        self.setRange(LEAST_MS, MOST_MS)
        self.setSingleStep(100.0)
        self.setSuffix(" ms")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(96)
        self.setToolTip("Simulated time of one run (Ctrl+F5 runs it)")
        self.setAccessibleName("Run for")
        self.setKeyboardTracking(False)
        UndoKeys(self.lineEdit(), around=self)
        self.setValue(1000.0)

    def textFromValue(self, value: float) -> str:
        """Return the shortest text of ``value``."""
        whole, dot, rest = f"{value:.3f}".rstrip("0").partition(".")
        return number(int(whole)) + (dot + rest if rest else "")

    def valueFromText(self, text: str) -> float:
        """Return the number in ``text``; what stood there before when it is none."""
        try:
            return parse_number(text, unit="ms")
        except ValueError:
            return self.value()

    def validate(self, text: str, place: int) -> object:
        """Let people type; what is no time falls back when they leave the field."""
        refused = duration_refusal(text)
        state = QValidator.State.Intermediate if refused else QValidator.State.Acceptable
        return (state, text, place)

    def refusal(self) -> str:
        """Return why the text is no time; empty if it is one."""
        return duration_refusal(self.lineEdit().text())

    def typed_text(self) -> str | None:
        """Return what is typed and not committed."""
        text = self.lineEdit().text().removesuffix(self.suffix())
        return text if text != self.textFromValue(self.value()) else None

    def commit_typed(self) -> bool:
        """Commit what is typed, or say why not."""
        if self.refusal():
            self.refused.emit(f"Run for: {self.refusal()}")
            return False
        self.interpretText()
        return True

    def type_again(self, text: str) -> None:
        """Put ``text`` in as if it had been typed just now."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.lineEdit().selectAll()
        self.lineEdit().insert(text + self.suffix())  # can be undone, unlike setText

    def typing_place(self) -> tuple[str, tuple[str, ...]]:
        """Return of what it is the field; see ``conex_app.look.typing``."""
        return "Run for", ("run bar", "duration")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep what is refused on Enter; let Escape bring the time back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.commit_typed():
            return
        if event.key() == Qt.Key.Key_Escape and self.typed_text() is not None:
            self.setValue(self.value())
            self.lineEdit().setText(self.textFromValue(self.value()) + self.suffix())
            self.selectAll()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say why, before the last time comes back."""
        kept = f"{self.textFromValue(self.value())}{self.suffix()}"
        if self.refusal() and event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.refused.emit(f"Run for: {self.refusal()} It stays {kept}.")
        super().focusOutEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change nothing: whoever turns the wheel here meant something else."""
        event.ignore()


def duration_refusal(text: str) -> str:
    """Return why ``text`` is no time to run for, as a sentence; empty if it is one."""
    try:
        value = parse_number(text, unit="ms")
    except UnclearNumber as error:
        return f"{error}."
    except ValueError:
        return "This must be a number of ms, such as 1000."
    if not value > 0:
        return "This must be above 0 ms."
    if not LEAST_MS <= value <= MOST_MS:
        return f"This must be from {LEAST_MS:g} to {number(MOST_MS)} ms."
    return ""
