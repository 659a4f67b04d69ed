"""Start the window: the application, its icon and font, its last resorts, its exit code.

torch, pymonntorch, NodeGraphQt and pyqtgraph are not imported before the first
paint; the catalog is read in a thread meanwhile.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QFont, QIcon
from PySide6.QtWidgets import QApplication

from conex_core import catalog
from conex_core.errors import ConexError
from conex_core.resources import root

if TYPE_CHECKING:
    from conex_app.shell.log import LogQueue
    from conex_app.shell.main_window import MainWindow

__all__ = ["application", "main"]

logger = logging.getLogger(__name__)

# Python's lock changes hands this often: a click waits less for the run, and the run
# loses nothing that can be measured.
SWITCH_S = 0.001

WRITE_S = 5.0  # for a file that a thread is writing when the program ends

NO_DISPLAY = (
    "CoNeX Studio needs a display and finds none: neither DISPLAY nor WAYLAND_DISPLAY is set.\n"
    "Run the project without a window instead:  conex run PROJECT --out FOLDER\n"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and return the exit code once it is closed."""
    options = _parser().parse_args(argv)
    if not _has_display():
        sys.stderr.write(NO_DISPLAY)
        return 2
    sys.setswitchinterval(SWITCH_S)
    app = application()
    from conex_app.project.leftovers import clean_in_background
    from conex_app.shell.log import LogQueue
    from conex_app.shell.main_window import MainWindow

    log = LogQueue()
    _listen(log)
    window = MainWindow(log=log)
    _catch(window)
    window.show()
    furnisher = Furnisher(window)
    window.furnished.connect(lambda: clean_in_background(window.settings))
    _want(window, options)
    code = app.exec()
    furnisher.stop()
    logging.getLogger().removeHandler(log)
    if not window.runner.close(0.0):
        _leave_at_once(int(code))
    return int(code)


def _leave_at_once(code: int) -> None:
    """End with a run in a thread that hangs: Python would wait for its lock, or crash.

    Whatever is to be kept was written when the window closed, or is by a thread that ends soon.
    """
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.current_thread():
            thread.join(WRITE_S)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


class Furnisher(QObject):
    """Read the catalog in a thread, then let the window become complete."""

    ready = Signal(object)  # the Catalog, or the ConexError that came instead

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._thread = threading.Thread(target=self._read, name="conex-catalog", daemon=True)
        self.ready.connect(self._furnish)
        QTimer.singleShot(0, self._thread.start)

    def stop(self) -> None:
        """Wait for the thread."""
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _read(self) -> None:
        try:
            self.ready.emit(catalog.load())
        except ConexError as error:
            self.ready.emit(error)

    def _furnish(self, found: object) -> None:
        if isinstance(found, catalog.Catalog):
            self._window.furnish(found)
        else:
            self._window.show_error(f"The behaviors cannot be read. {found}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="conex-studio", description="Draw spiking networks, run them, watch them learn."
    )
    parser.add_argument("project", nargs="?", help="project file to open")
    parser.add_argument("--example", metavar="NAME", help="open a shipped example")
    return parser


def _want(window: MainWindow, options: argparse.Namespace) -> None:
    if options.project:
        window.open(options.project)
    elif options.example:
        window.open_example(options.example)


def _has_display() -> bool:
    """Tell whether Qt has somewhere to show a window."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def application() -> QApplication:
    """Return the Qt application, with its name, font and icon."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("conex-studio")
    app.setApplicationDisplayName("CoNeX Studio")
    app.setDesktopFileName("conex-studio")
    font = QFont(app.font())
    font.setPointSizeF(10)
    app.setFont(font)
    picture = root() / "icons" / "conex-studio.svg"
    if picture.is_file():
        app.setWindowIcon(QIcon(str(picture)))
    return app


def _listen(log: LogQueue) -> None:
    """Send everything that is logged to the log panel, warnings to the terminal too."""
    base = logging.getLogger()
    base.setLevel(logging.INFO)
    base.addHandler(log)
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.WARNING)
    base.addHandler(terminal)


def _catch(window: MainWindow) -> None:
    """Let nothing end the program unseen: errors go to the log, signals close the window."""

    def report(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        logger.critical("unexpected error: %s", error, exc_info=(kind, error, trace))
        window.show_error(
            f"Something unexpected happened: {error or kind.__name__}. Your network is kept; "
            "save it under another name. The log holds the details."
        )

    def leave(_number: int, _frame: FrameType | None) -> None:
        window.leave()
        QApplication.quit()  # a dialog may be open that waits for an answer

    sys.excepthook = report
    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    awake = QTimer(window, interval=250)  # Python sees signals only when it runs
    awake.timeout.connect(lambda: None)
    awake.start()
