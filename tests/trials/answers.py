"""Answers to the questions that a window asks: files, yes or no, a number."""

from __future__ import annotations

import random
from pathlib import Path

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMessageBox,
    QWidget,
)

from conex_core.resources import root
from tests.trials.hand import Hand

__all__ = ["NAMES", "answer", "lay_out_files"]

NAMES = (
    *("one.conex", "two.conex", "three", "net v1.5", "small.conex", "broken.conex"),
    *("not there/one.conex", "", "a folder", "figure.png", "figure.svg", "values.npy"),
    *("block.conexblock", "program.py", "Zürich – ñ.conex", "x" * 300),
)


def lay_out_files(folder: Path) -> None:
    """Put good and bad files into the folder that file dialogs get names of."""
    (folder / "a folder").mkdir(exist_ok=True)
    (folder / "broken.conex").write_text('{"format": "conex-project", "version": 1, "nodes"')
    for name, source in (("one", "smallest"), ("small", "smallest"), ("two", "balanced")):
        text = (root() / "examples" / f"{source}.conex").read_text(encoding="utf-8")
        (folder / f"{name}.conex").write_text(text, encoding="utf-8")
    block = (root() / "blocks" / "delay-line.conexblock").read_bytes()
    (folder / "block.conexblock").write_bytes(block)


def answer(dialog: QWidget, hand: Hand, draw: random.Random, folder: Path) -> str:
    """Answer the question that is on the screen; return in words how."""
    if isinstance(dialog, QFileDialog):
        return _name_file(dialog, hand, draw, folder)
    if isinstance(dialog, QMessageBox) and dialog.buttons() and draw.random() < 0.85:
        button = draw.choice(dialog.buttons())
        text = f"{dialog.text()[:60]!r}: {button.text()}"
        button.click()
        return text
    if isinstance(dialog, QInputDialog) and draw.random() < 0.6:
        dialog.setIntValue(draw.choice((1, 7, 300)))
        dialog.accept()
        return "a number"
    key = draw.choice((Qt.Key.Key_Escape, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Tab))
    hand.key(key)
    words = f"{type(dialog).__name__}: {key.name}"
    if draw.random() < 0.3 and _is_asking(dialog) and isinstance(dialog, QDialog):
        dialog.reject()
    return words


def _is_asking(dialog: QWidget) -> bool:
    return shiboken6.isValid(dialog) and dialog.isVisible()


def _name_file(dialog: QFileDialog, hand: Hand, draw: random.Random, folder: Path) -> str:
    """Give a name in the trial's folder; never click about in it, it shows the whole disk."""
    if draw.random() < 0.3:
        dialog.reject()
        return "no file"
    name = draw.choice(NAMES)
    if dialog.fileMode() == QFileDialog.FileMode.Directory:
        name = draw.choice(("a folder", "not there", ""))
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    box = dialog.findChild(QDialogButtonBox)
    field.setText(str(folder / name) if name else "")
    popup = QApplication.activePopupWidget()  # names that begin like this
    if popup is not None:
        popup.close()
    button = box.buttons()[0] if box else None
    if button is not None and button.isEnabled():
        button.click()
    if _is_asking(dialog):  # it refuses the name
        dialog.reject()
        return f"the name {name[:20]!r}, refused"
    return f"the name {name[:20]!r}"
