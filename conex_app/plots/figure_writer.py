"""FigureWriter: figures are written beside the window's thread, one after the other.

The first one loads matplotlib and its fonts, which takes seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

from PySide6.QtCore import QObject, Signal

__all__ = ["FigureWriter"]

logger = logging.getLogger(__name__)


class FigureWriter(QObject):
    """Write figures; a thread lives as long as its figure takes, and ends by itself."""

    finished = Signal(object, str)  # the path, and why it was not written, empty if it was

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._turn = Lock()  # matplotlib's style is one for all

    def write(self, write: Callable[[Path], object], path: Path) -> None:
        """Have ``write`` write to ``path``; ``finished`` tells when."""
        Thread(target=self._write, args=(write, path), name=f"figure {path.name}").start()

    def _write(self, write: Callable[[Path], object], path: Path) -> None:
        reason = ""
        try:
            with self._turn:
                write(path)
        except Exception as error:  # the plots' door: reported, the others go on
            logger.info("no figure: %s", error, exc_info=error)
            reason = str(error) or type(error).__name__
        with suppress(RuntimeError):  # the window may be gone by now; the figure is not
            self.finished.emit(path, reason)
