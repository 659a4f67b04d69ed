"""The thread that writes a window's journal, so that the window never waits for the disk.

Documents never change, so handing them over costs nothing; comparing, encoding,
writing and syncing happen here. Whoever makes a writer ends it.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

from conex_app.look.typing import Typed
from conex_app.recovery.history import EditHistory, JournalEdit
from conex_app.recovery.journal import JournalHead
from conex_app.recovery.journal_file import (
    LOCK,
    SUFFIX,
    JournalFile,
    head_for,
    new_name,
    taken_over,
)
from conex_app.recovery.locks import HeldLock
from conex_core.errors import FileError
from conex_core.graph.model.document import Document

__all__ = ["JournalWriter"]

logger = logging.getLogger(__name__)

BEAT_S, AGAIN_S = 10.0, 2.0
GATHER_S = 0.05  # a slider that is dragged gives many edits; they share a sync

Job = Callable[[], None]
Place = tuple[Path, str]


class JournalWriter:
    """Keep a journal of what it is told, in a thread.

    Parameters
    ----------
    folder : Path
    failed : callable
        Called in the thread, once, with the reason why the journal cannot be written.
    mended : callable
        Called in the thread when it can be written again.
    """

    def __init__(
        self, folder: Path, failed: Callable[[str], None], mended: Callable[[], None]
    ) -> None:
        self._folder, self._failed, self._mended = folder, failed, mended
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._file: JournalFile | None = None
        self._name = new_name()
        self._is_broken = self._is_hurried = False
        self._keep = True
        self._thread = threading.Thread(target=self._work, name="conex-journal", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    @property
    def journal(self) -> Path:
        """Return the file that is written, or would be if there were a project."""
        return self._folder / (self._name + SUFFIX)

    def begin(
        self,
        document: Document,
        path: Path | None,
        since: float,
        *,
        sha256: str = "",
        is_saved: bool = True,
    ) -> None:
        """Start anew from a project as it was opened, saved or begun.

        ``sha256`` is the hash of its file as it was then. An earlier version that was opened
        is not saved: it is not what its file holds.
        """
        place = self._folder, self._name
        history = EditHistory(document, clean=0 if is_saved else None)

        def begin() -> None:
            self._begin(place, head_for(document.name, path, sha256, since), history)

        self._jobs.put(begin)

    def take_over(self, lock: HeldLock, head: JournalHead, history: EditHistory) -> None:
        """Go on with a journal that another window has left."""
        self._folder, self._name = lock.path.parent, lock.path.name.removesuffix(LOCK)
        place = self._folder, self._name
        self._jobs.put(lambda: self._take_over(place, lock, head, history.copy()))

    def add(self, edit: JournalEdit) -> None:
        """Add an edit."""
        self._jobs.put(lambda: self._file.add(edit) if self._file else None)

    def type(self, typed: Typed | None) -> None:
        """Add what is being typed."""
        at = time.time()
        self._jobs.put(lambda: self._file.type(typed, at) if self._file else None)

    def move(self, folder: Path) -> None:
        """Go on in another folder."""
        self._folder = folder
        self._jobs.put(lambda: self._move(folder))

    def drop(self) -> None:
        """Remove the journal: nothing of the project is unsaved, or nobody wants it."""
        self._jobs.put(self._drop)

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until all that was told is on the disk; tell whether it is."""
        done = threading.Event()
        self._is_hurried = True
        self._jobs.put(self._write)
        self._jobs.put(done.set)
        is_done = done.wait(seconds)
        self._is_hurried = False
        return is_done and not self._is_broken

    def stop(self, *, keep: bool, seconds: float = 3.0) -> None:
        """Write the rest and end the thread; without ``keep``, the journal goes.

        Then nothing more is written: a slow disk must not keep what nobody wants.
        """
        if not self._thread.is_alive():
            return
        self._keep = keep
        self._is_hurried = True
        self._jobs.put(None)
        self._thread.join(seconds)

    def _work(self) -> None:
        beat = time.monotonic()
        while True:
            jobs = self._waiting()
            for job in jobs:
                self._tried(job if job is not None else self._write)
            if jobs and jobs[-1] is None:
                break
            if jobs or self._is_broken:
                self._tried(self._write)
            if time.monotonic() - beat >= BEAT_S and self._file is not None:
                beat = time.monotonic()
                self._tried(self._file.beat)
        self._tried(self._end)

    def _waiting(self) -> list[Job | None]:
        """Return what is to be done; the last one is None where the thread is to end."""
        try:
            jobs = [self._jobs.get(timeout=AGAIN_S if self._is_broken else BEAT_S)]
        except queue.Empty:
            return []
        if not self._is_hurried:
            time.sleep(GATHER_S)
        while jobs[-1] is not None and not self._jobs.empty():
            jobs.append(self._jobs.get())
        return jobs

    def _tried(self, job: Job) -> None:
        """Do one thing with the disk; what it refuses is told once."""
        try:
            job()
        except (OSError, FileError) as error:
            self._give_up(_reason(error))
        except Exception as error:  # the journal's door: without it the thread would end unseen
            if not self._is_broken:
                logger.error("the journal failed: %s", error, exc_info=error)
            self._give_up("an unexpected error, which the log holds")

    def _give_up(self, reason: str) -> None:
        if self._file is not None:
            self._file.give_up()
        if not self._is_broken:
            self._is_broken = True
            self._failed(reason)

    def _write(self) -> None:
        if self._file is None or not self._keep:
            return
        self._file.sync()
        if self._is_broken:
            self._is_broken = False
            self._mended()

    def _begin(self, place: Place, head: JournalHead, history: EditHistory) -> None:
        if not self._keep:
            return
        if self._file is None:
            self._file = JournalFile(*place, head, history)
        self._file.begin(head, history)

    def _take_over(
        self, place: Place, lock: HeldLock, head: JournalHead, history: EditHistory
    ) -> None:
        if self._file is not None:
            self._file.close(remove=True)
        self._file = JournalFile(*place, taken_over(head), history, lock)
        if self._keep:
            self._file.rewrite()

    def _move(self, folder: Path) -> None:
        self._is_broken = False  # what the new place refuses is told as well
        if self._file is not None and self._keep:
            self._file.move(folder)

    def _drop(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close(remove=True)
            self._is_broken = False

    def _end(self) -> None:
        if self._file is not None:
            self._file.close(remove=not self._keep)


def _reason(error: OSError | FileError) -> str:
    """Return why something cannot be written, as words in the middle of a sentence."""
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(cause, FileExistsError | NotADirectoryError):
        return "a file is in its place"
    words = (cause.strerror if isinstance(cause, OSError) else error.problem) or str(cause)
    return words[:1].lower() + words[1:]
