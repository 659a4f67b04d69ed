"""What counts as a fault in a window under trial, heard through every door it may leave by."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from conex_core.errors import ConexError

__all__ = ["Faults"]

# What the offscreen platform says of itself.
HARMLESS = re.compile(
    r"^This plugin does not support (propagateSizeHints|raise|grabbing the (keyboard|mouse))"
    r"|^Mouse event at .* occurs outside target window"  # QTest's, of a drag that leaves it
)
SERIOUS = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)


class Faults(logging.Handler):
    """Hear of errors that nobody caught, of errors logged, and of Qt's warnings."""

    def __init__(self, told: Callable[[str, str], None]) -> None:
        super().__init__(logging.ERROR)
        self._told = told
        self.counts: Counter[str] = Counter()

    def listen(self) -> None:
        """Listen at every door; call after the program has set its own hooks."""
        logging.getLogger().addHandler(self)
        sys.excepthook = self._raised
        sys.unraisablehook = lambda what: self.add("error", f"unraisable {_text(what)}")
        threading.excepthook = lambda what: self.add("error", f"in a thread {_text(what)}")
        qInstallMessageHandler(self._qt)

    def add(self, kind: str, text: str) -> None:
        """Count a fault and tell of it."""
        self.counts[kind] += 1
        self._told(kind, text)

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record; a run that ends by a fault of its network is no fault of the window."""
        error = record.exc_info[1] if record.exc_info else None
        of_run = record.name.startswith("conex_core.run.host")
        kind = "failed run" if of_run and isinstance(error, ConexError | None) else "error"
        trace = "".join(traceback.format_exception(error)) if error is not None else ""
        self.add(kind, f"{record.name}: {record.getMessage()}\n{trace}")

    def _raised(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self.add("error", "".join(traceback.format_exception(kind, error, trace)))

    def _qt(self, kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind in SERIOUS and not HARMLESS.match(text):
            trace = "".join(traceback.format_stack(limit=12)[:-1])
            self.add("warning", f"{text}\n{trace}")


def _text(what: object) -> str:
    error = getattr(what, "exc_value", None)
    about = getattr(what, "object", None) or getattr(what, "thread", None)
    trace = "".join(traceback.format_exception(error)) if error is not None else ""
    return f"{json.dumps(repr(about))}\n{trace}"
