"""The window that the monkey plays with, in its own process; started by ``monkey``.

A timer lets one event follow another. A dialog that waits for an answer runs a loop of
its own inside the event that opened it; a second timer goes on there, and so forth.
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import json
import random
import resource
import sys
import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QThread, QTimer, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from conex_app.app import application
from conex_app.shell.log import LogQueue
from conex_app.shell.main_window import MainWindow
from conex_core import catalog
from conex_core.graph.files import project_file
from conex_core.graph.model import document as documents
from tests.trials.answers import lay_out_files
from tests.trials.faults import Faults
from tests.trials.hand import drop_drags_on
from tests.trials.monkey_events import Monkey
from tests.trials.watchdog import Watchdog

DEEPEST = 4  # loops inside loops, before dialogs are only left
CHECK_EVERY = 250  # events between two looks at undo


class Trial(QObject):
    """Play a number of events, and look from time to time whether undo is exact."""

    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__()
        self.options, self.number = options, options.first
        self.log = Path(options.log).open("a", buffering=1, encoding="utf-8")  # noqa: SIM115
        self.faults = Faults(self._tell)
        self.watchdog = Watchdog(lambda text: self.faults.add("hang", text))
        self.draw = random.Random()
        self.words = "start"
        self._levels: list[int] = []
        self._timers: list[QTimer] = []
        self._until = time.monotonic() + 60 * options.minutes
        self._skipped = set(json.loads(options.skip))
        self.checks = self.windows = self.most_undo = 0
        documents.secrets = random.Random(options.seed)  # ids of nodes, too, come from the seed
        drop_drags_on(lambda: self.monkey.place_to_drop(self.draw))
        for scheme in ("http", "https", "file", "mailto"):
            QDesktopServices.setUrlHandler(scheme, self, "ignore_url")
        self.open_window()
        self.faults.listen()

    @Slot("QUrl")
    def ignore_url(self, _url: object) -> None:
        """Open no page and no folder."""

    def open_window(self) -> None:
        """Make a window, as a start of the program does."""
        self.windows += 1
        self.window = MainWindow(log=LogQueue())
        self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.window.show()
        self.window.furnish(catalog.load())
        files = self.window.files
        self._base = project_file.to_text(self.window.document.whole)
        files.opened.connect(self._new_base)
        files.closed.connect(self._new_base)
        self.window.open_example("smallest")
        self.window.workspace.canvas.ensure_loaded()
        self.monkey = Monkey(self.window, Path.cwd())
        self.window.destroyed.connect(self._window_is_gone)
        self._is_gone = False

    def go(self) -> None:
        """Start with the first event."""
        self._timer(0).start()

    def _timer(self, depth: int) -> QTimer:
        while len(self._timers) <= depth:
            timer = QTimer(self, interval=0)
            timer.timeout.connect(partial(self._tick, len(self._timers)))
            self._timers.append(timer)
        return self._timers[depth]

    def _tick(self, depth: int) -> None:
        level = QThread.currentThread().loopLevel()
        if depth and level <= self._levels[-1]:
            return  # the event is only slow, nothing waits inside it
        self._levels.append(level)
        inner = self._timer(depth + 1)
        inner.start()
        try:
            self._next(depth)
        finally:
            inner.stop()
            self._levels.pop()

    def _next(self, depth: int) -> None:
        self.watchdog.beat()
        if self._is_over() or depth >= DEEPEST:
            self.monkey.give_up()
            if depth == 0:
                self._end()
            return
        if self._is_gone:
            if depth == 0:
                self.open_window()
                self.watchdog.forget()
            return
        if depth == 0 and self.number % CHECK_EVERY == 0 and not QApplication.activeModalWidget():
            self._check_undo()
        self._event()

    def _event(self) -> None:
        number, self.number = self.number, self.number + 1
        if number in self._skipped:
            return
        draw = self.draw = random.Random(f"{self.options.seed}/{number}")
        self.log.write(f"{number} begins\n")
        words = self.monkey.act(draw)
        self.log.write(f"{number} {words}\n")

    def _is_over(self) -> bool:
        return self.number >= self.options.upto or time.monotonic() > self._until

    def _end(self) -> None:
        self._timers[0].stop()
        if not self._is_gone:
            self._check_undo()
            self.window.close_now()  # a refused text would let the run live on
        QApplication.exit(0)

    def _new_base(self) -> None:
        self._base = project_file.to_text(self.window.document.whole)
        self.log.write(f"{self.number} another project is open\n")

    def _window_is_gone(self) -> None:
        self._is_gone = True

    def _check_undo(self) -> None:
        """Undo everything and redo it; the two ends must be the same text as before."""
        document = self.window.document
        index, now = document.stack.index(), project_file.to_text(document.whole)
        self.checks += 1
        self.most_undo = max(self.most_undo, index)
        document.stack.setIndex(0)
        self._compare("undo", self._base, project_file.to_text(document.whole))
        document.stack.setIndex(index)
        self._compare("redo", now, project_file.to_text(document.whole))
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.log.write(f"{self.number} undone and redone {index} edits\n")
        self.watchdog.forget()

    def _compare(self, what: str, wanted: str, got: str) -> None:
        if wanted != got:
            pairs = zip(wanted.splitlines(), got.splitlines(), strict=False)
            first = next(((a, b) for a, b in pairs if a != b), ("", "its length"))
            self.faults.add("undo", f"{what} gives {first[1]!r} instead of {first[0]!r}")

    def _tell(self, kind: str, text: str) -> None:
        self.log.write(f"{self.number} FAULT {json.dumps({'kind': kind, 'text': text})}\n")

    def results(self) -> dict[str, object]:
        """Return the figures so far."""
        return {
            "next": self.number,
            "undo_checks": self.checks,
            "windows": self.windows,
            "most_undone": self.most_undo,
            "most_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "most_cpu_s": round(self.watchdog.longest, 2),
            "counts": dict(self.faults.counts),
        }


def main() -> int:
    """Play the events of the arguments; write the figures as the last line of the log."""
    parser = argparse.ArgumentParser()
    for name in ("--seed", "--first", "--upto"):
        parser.add_argument(name, type=int, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--skip", default="[]")
    options = parser.parse_args()
    faulthandler.enable()
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    app = application()
    app.setQuitOnLastWindowClosed(False)
    lay_out_files(Path.cwd())
    trial = Trial(options)
    trial.go()
    app.exec()
    trial.log.write(f"END {json.dumps(trial.results())}\n")
    trial.log.close()
    del trial
    gc.collect()
    return 0


if __name__ == "__main__":
    sys.exit(main())
