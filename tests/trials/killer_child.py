"""The program that is killed: the real start, with a driver that edits, types and saves.

Each step is told on standard output as one line, so that the killer knows what the
document was at which moment. ``--rest`` brings back what is offered, saves and closes.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QWidget

from conex_app.app import application
from conex_app.app import main as start
from conex_app.look.typing import typed_now
from conex_app.shell.main_window import MainWindow
from conex_core.graph.files import project_file

PAUSES_MS = (20, 200)
REST_MS = 1500
SHORT_PAUSE_MS = 50
BRING_BACK = "Bring back"  # the button of what is offered after a crash


class Driver(QObject):
    """Work on the project that the window shows, until the process is killed."""

    def __init__(self, seed: int, runs: bool, rest: bool) -> None:
        super().__init__()
        self._draw, self._runs, self._rest = random.Random(seed), runs, rest
        self._saves = self._draw.choice((0.02, 0.3))  # a share of the steps
        self._window: MainWindow | None = None
        self._timer = QTimer(self, interval=SHORT_PAUSE_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        if self._window is None:
            self._window = _ready_window()
            if self._window is not None:
                self._begin(self._window)
            return
        if self._rest:
            self._leave(self._window)
        else:
            self._timer.setInterval(self._draw.randint(*PAUSES_MS))
            self._step(self._window)

    def _begin(self, window: MainWindow) -> None:
        if self._rest:
            self._timer.setInterval(REST_MS)
            return
        window.workspace.canvas.ensure_loaded()
        window.activateWindow()  # there is no window manager, and nothing would have the keyboard
        self._say("edit", window)
        if self._runs:
            window.workspace.run.toggle()

    def _step(self, window: MainWindow) -> None:
        steps = (self._add, self._move, self._type, self._type, self._undo)
        saves = self._draw.random() < self._saves
        (self._save if saves else self._draw.choice(steps))(window)
        self._say("edit", window)

    def _add(self, window: MainWindow) -> None:
        kinds = ("NeuronGroup", "SynapseGroup", "Note")
        window.actions_of[f"insert.{self._draw.choice(kinds)}"].trigger()

    def _move(self, window: MainWindow) -> None:
        self._select(window)
        key = self._draw.choice((Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Right))
        QTest.keyClick(window.workspace.canvas.view, key)

    def _type(self, window: MainWindow) -> None:
        """Give a node another name, or begin to."""
        focus = QApplication.focusWidget()
        if not isinstance(focus, QLineEdit):
            self._select(window)
            window.actions_of["edit.rename"].trigger()
            focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit):
            QTest.keyClicks(focus, self._draw.choice(("a", "bc", "x y", "7")))
            if self._draw.random() < 0.3:
                QTest.keyClick(focus, Qt.Key.Key_Return)

    def _undo(self, window: MainWindow) -> None:
        window.actions_of[self._draw.choice(("edit.undo", "edit.redo"))].trigger()

    def _save(self, window: MainWindow) -> None:
        self._say("saving", window)
        window.actions_of["file.save"].trigger()
        self._say("saved", window)

    def _select(self, window: MainWindow) -> None:
        nodes = sorted(window.document.state.network.nodes)
        window.workspace.canvas.select([self._draw.choice(nodes)] if nodes else ())
        window.workspace.canvas.setFocus()

    def _say(self, kind: str, window: MainWindow) -> None:
        at, typed = time.monotonic(), typed_now(window)
        step = {
            "at": at,
            "kind": kind,
            "text": project_file.to_text(window.document.whole),
            "typed": None if typed is None else typed.text,
        }
        sys.stdout.write(json.dumps(step) + "\n")
        sys.stdout.flush()

    def _leave(self, window: MainWindow) -> None:
        modal = QApplication.activeModalWidget()
        if modal is None:
            if window.document.path is not None:
                window.actions_of["file.save"].trigger()
            self._take_back_refused(window)
            window.document.stack.setClean()
            window.close()
        elif (button := _button(modal, BRING_BACK)) is not None:
            button.click()
            self._say("brought", window)
        elif isinstance(modal, QDialog):
            modal.reject()

    def _take_back_refused(self, window: MainWindow) -> None:
        """Press Escape where a text that was being typed cannot be committed."""
        if typed_now(window) is not None and not window.may_act():
            QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Escape)


def _button(dialog: QWidget, text: str) -> QPushButton | None:
    buttons = dialog.findChildren(QPushButton)
    return next((each for each in buttons if each.text() == text and each.isEnabled()), None)


def _ready_window() -> MainWindow | None:
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, MainWindow) and widget.workspace is not None:
            return widget
    return None


def main() -> int:
    """Start the window on a project and drive it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("project", nargs="*")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--runs", action="store_true")
    parser.add_argument("--rest", action="store_true")
    options = parser.parse_args()
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    application()
    driver = Driver(options.seed, options.runs, options.rest)
    code = start(options.project)
    del driver
    return code


if __name__ == "__main__":
    sys.exit(main())
