"""Try one file: every use of it, each under watch.

A use may raise a ConexError and nothing else. It gets five seconds of processor time;
what it writes to any file is seen by an audit hook of Python, and what Qt writes by
looking at the folders.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType, TracebackType

from conex_core import catalog as catalogs
from conex_core.errors import ConexError
from conex_core.graph.files.block_file import block_from_text
from conex_core.graph.files.project_file import from_text
from conex_core.graph.library.inserting import insert_block
from conex_core.graph.model.document import Document
from tests.trials.document_uses import USES
from tests.trials.tried import Failure, Tried

__all__ = ["Trial"]

SECONDS = 5.0  # of processor time for one use
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "os.link")
_CHANGES += ("os.symlink", "shutil.copyfile", "subprocess.Popen", "os.system", "socket.connect")


class _TooLong(BaseException):
    """End a use that has had its time."""


class Trial:
    """Try files in this process, each in all uses."""

    def __init__(self, folder: Path, *, canvas: bool = False, window_every: int = 0) -> None:
        self.folder, self.window_every = folder, window_every
        self.catalog = catalogs.load()
        self.failures: list[Failure] = []
        self.written: list[str] = []
        self._watching = False
        self._now = (0, "", "")
        self.canvas = self.window = None
        sys.addaudithook(self._heard)
        if canvas:
            self._begin_window()

    def of(self, number: int, name: str, data: bytes) -> Tried:
        """Return what became of one file."""
        self.failures, draw = [], Random(number)
        doc: Document | None = None
        self._now = (number, name, "read")
        with self._watched("read"):
            doc = self._read(name, data)
        if doc is None:
            return Tried(self.failures)
        for use in USES:
            with self._watched(use.__name__):
                use(doc, self.catalog, draw)
        self._show(number, doc, draw)
        return Tried(
            self.failures, accepted=True, is_last=any(one.kind == "hang" for one in self.failures)
        )

    def _read(self, name: str, data: bytes) -> Document | None:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None
        if name.endswith(".conex"):
            return from_text(text)
        block = block_from_text(text)
        return insert_block(Document(), block)[0]

    # In the window

    def _begin_window(self) -> None:
        from PySide6.QtCore import qInstallMessageHandler
        from PySide6.QtWidgets import QApplication

        from tests.trials.window_uses import SeenInWindow, SeenOnCanvas

        self.app = QApplication.instance() or QApplication([])
        qInstallMessageHandler(lambda _kind, _context, text: self._told_by_qt(text))
        sys.excepthook = self._hooked
        self.canvas = SeenOnCanvas(self.catalog)
        if self.window_every:
            self.window = SeenInWindow(self.catalog, self.folder)
        self.app.processEvents()
        self.failures.clear()

    def _show(self, number: int, doc: Document, draw: Random) -> None:
        if self.canvas is None:
            return
        from conex_core.graph.files.project_file import to_text

        path = self.folder / "mutated.conex"
        path.write_text(to_text(doc), "utf-8", "surrogatepass")
        with self._watched("canvas"):
            self.canvas.open(path, draw)
        if self.window is not None and number % self.window_every == 0:
            with self._watched("window"):
                self.window.open(path, draw)

    # Under watch

    @contextmanager
    def _watched(self, use: str) -> Iterator[None]:
        """Turn everything that goes wrong in a use into failures."""
        self._now = (*self._now[:2], use)
        before, self._watching = self._there(), use != "window"
        signal.signal(signal.SIGPROF, self._too_long)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            yield
        except ConexError as error:
            if use not in ("read", "canvas"):
                self._raised("traceback", error)
        except _TooLong as error:
            self._raised("hang", error)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            self._raised("traceback", error)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self._watching = False
        for path in self.written + sorted(self._there() - before):
            self._failed("written", path, path)
        self.written = []

    def _too_long(self, number: int, frame: FrameType | None) -> None:
        raise _TooLong

    def _heard(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._watching or _is_kept(arguments):
            return
        if event == "open":
            path, mode, flags = arguments
            writes = any(letter in str(mode) for letter in "wax+")
            if (writes or int(flags) & _WRITES) and str(path) != os.devnull:  # type: ignore[call-overload]
                self.written.append(str(path))
        elif event in _CHANGES:
            self.written.append(f"{event} {arguments}")

    def _there(self) -> set[str]:
        """Return what lies there, but for what a window keeps for a crash."""
        return {
            os.path.join(place, name)
            for place, _, names in os.walk(self.folder)
            for name in names
            if name not in ("mutated.conex", "settings.ini") and not _is_kept((place,))
        }

    # Failures

    def _hooked(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self._raised("hang" if issubclass(kind, _TooLong) else "traceback", error)

    def _told_by_qt(self, text: str) -> None:
        if "propagateSizeHints" not in text:  # what every window without a screen is told
            self._failed("qt", text[:60], text)

    def _raised(self, kind: str, error: BaseException) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "/tests/trials/" not in frame.filename]
        last = (ours or frames)[-1]
        within = [frame for frame in ours if "conex_" in frame.filename] or [last]
        place = "/".join(Path(within[-1].filename).parts[-3:])
        sign = f"{type(error).__name__} at {place}:{within[-1].lineno} {within[-1].name}"
        shown = frames if len(frames) < 40 else [*frames[:12], *frames[-12:]]
        text = "".join(traceback.format_list(shown)) + f"{type(error).__name__}: {error!s:.400}"
        self._failed(kind, sign, text)

    def _failed(self, kind: str, sign: str, text: str) -> None:
        number, name, use = self._now
        if len(self.failures) < 20:
            self.failures.append(Failure(number, name, use, kind, sign, text))


def _is_kept(arguments: tuple[object, ...]) -> bool:
    """Tell whether this is of the journal that a window keeps for a crash, in its own thread."""
    return any(Path(str(one)).parts[-2:].count("recovery") for one in arguments)
