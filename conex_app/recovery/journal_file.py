"""One journal on the disk: written whole at the beginning, then line by line, each synced.

Not for the window's own thread: every call may wait for the disk. After an error
of the system the history is still known, and :meth:`JournalFile.rewrite` writes
all of it anew.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from conex_app.look.typing import Typed
from conex_app.recovery.history import EditHistory, JournalEdit
from conex_app.recovery.journal import JournalHead, edit_line, lines_of, typed_line
from conex_app.recovery.locks import HeldLock, here, started, take_lock
from conex_core.atomic_files import replacing

__all__ = [
    "LOCK",
    "SUFFIX",
    "JournalFile",
    "head_for",
    "new_name",
    "taken_over",
]

SUFFIX, LOCK = ".journal", ".lock"
LARGE = 16 * 1024 * 1024  # bytes; written anew when it has grown beyond this and its own base


class JournalFile:
    """Write the journal of one project in one window.

    Parameters
    ----------
    folder : Path
        Made where it is missing.
    name : str
        No other window may have it; see :func:`new_name`.
    lock : HeldLock, optional
        Of a journal that is taken over.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        head: JournalHead,
        history: EditHistory,
        lock: HeldLock | None = None,
    ) -> None:
        self.folder, self._name = folder, name
        self._head, self._history, self._lock = head, history, lock
        self._file: BinaryIO | None = None
        self._former: list[tuple[Path, HeldLock]] = []  # in folders that were left
        self._typed: Typed | None = None
        self._edits, self._at, self._most = head.earlier, head.since, LARGE

    @property
    def path(self) -> Path:
        """Return where the journal lies."""
        return self.folder / (self._name + SUFFIX)

    def begin(self, head: JournalHead, history: EditHistory) -> None:
        """Start anew from another project, or from what was saved."""
        self._head, self._history, self._typed = head, history, None
        self._edits, self._at = head.earlier, head.since
        self.rewrite()

    def add(self, edit: JournalEdit) -> None:
        """Add an edit; the history goes on even if the file cannot."""
        old = self._history.now
        if not self._history.can(edit):
            return
        self._history.take(edit)
        self._edits += edit.do not in ("merge", "drop")
        self._at = edit.at
        if self._file is not None:
            self._file.write(edit_line(edit, old).encode("ascii"))

    def type(self, typed: Typed | None, at: float) -> None:
        """Add what is being typed."""
        self._typed = typed
        if self._file is not None:
            self._file.write(typed_line(typed, at).encode("ascii"))

    def sync(self) -> None:
        """Bring to the disk what was added; write a file anew that has grown large or is gone."""
        if self._file is None or not _is_in_place(self._file, self.path):
            self.rewrite()
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        if self._file.tell() > self._most:
            self.rewrite()

    def rewrite(self) -> None:
        """Put the whole history into a new file, and that in the place of the old one."""
        self._close()
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._lock is not None and not self._lock.path.exists():  # with its folder
            self._lock.release(remove=False)
            self._lock = None
        if self._lock is None:
            self._lock = take_lock(self.folder / (self._name + LOCK))
        with replacing(self.path) as beside:
            size = self._write_all(beside)
        self._leave_former(remove=True)
        self._most = max(LARGE, 3 * size)
        self._file = self.path.open("ab")

    def beat(self) -> None:
        """Tell other machines that this window is there."""
        if self._lock is not None:
            self._lock.beat()

    def give_up(self) -> None:
        """Write no more to a file that failed, until it is written anew."""
        self._close()

    def move(self, folder: Path) -> None:
        """Go on in another folder; what lies in the old one goes when that has been written."""
        self._close()
        if folder != self.folder and self._lock is not None:
            self._former.append((self.path, self._lock))
            self._lock = None
        self.folder = folder
        self.rewrite()

    def close(self, *, remove: bool) -> None:
        """Let go of the file; with ``remove``, it is deleted, because nothing is unsaved."""
        self._close()
        self._leave_former(remove=remove)
        if remove:
            self.path.unlink(missing_ok=True)
        if self._lock is not None:
            lock, self._lock = self._lock, None
            lock.release(remove=remove)

    def _leave_former(self, *, remove: bool) -> None:
        while self._former:
            path, lock = self._former.pop()
            with contextlib.suppress(OSError):
                if remove:
                    path.unlink(missing_ok=True)
                lock.release(remove=remove)

    def _write_all(self, path: Path) -> int:
        with path.open("wb") as file:
            for line in lines_of(self._head, self._history, LARGE // 2, self._edits, self._at):
                file.write(line.encode("ascii"))
            if self._typed is not None:
                file.write(typed_line(self._typed, self._at).encode("ascii"))
            return file.tell()

    def _close(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            with contextlib.suppress(OSError):  # what could not be written is written anew
                file.close()


def new_name() -> str:
    """Return a name that no other journal has."""
    return secrets.token_hex(8)


def head_for(project: str, path: Path | None, sha256: str, since: float) -> JournalHead:
    """Return what this process writes into the first line of a journal.

    ``sha256`` is the hash of the project's file as it was opened or saved; empty without one.
    """
    start = started(os.getpid()) or ""
    place = "" if path is None else os.path.realpath(path)
    return JournalHead(project, place, sha256, os.getpid(), start, here(), since)


def taken_over(head: JournalHead) -> JournalHead:
    """Return the first line of a journal that this process goes on with."""
    own = head_for(head.project, None, head.sha256, time.time())
    return replace(own, path=head.path)


def _is_in_place(file: BinaryIO, path: Path) -> bool:
    """Tell whether ``file`` is what lies at ``path``: nobody tells us that it was deleted."""
    if sys.platform == "win32":  # no open file can be deleted there
        return True
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False
