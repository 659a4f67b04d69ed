"""Somebody who answers the questions of message boxes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

__all__ = ["Answering", "click", "words_of"]


class Answering:
    """Answer the next question as a person does; keep what was asked."""

    def __init__(self, act: Callable[[QMessageBox], None]) -> None:
        self.asked: list[str] = []
        self._act, self._timer = act, QTimer(interval=10)
        self._timer.timeout.connect(self._look)

    def __enter__(self) -> Answering:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()

    def _look(self) -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            self.asked.append(words_of(box))
            self._act(box)


def click(box: QMessageBox, verb: str) -> None:
    """Press the button that says ``verb``."""
    next(each for each in box.buttons() if each.text().replace("&", "") == verb).click()


def words_of(box: QMessageBox) -> str:
    """Return all that a box says."""
    return f"{box.text()} {box.informativeText()}"
