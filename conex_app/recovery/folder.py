"""The journals that lie in a folder: whose they are, which windows live, what could come back."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from conex_app.recovery.journal import Journal, JournalHead, head_of, read
from conex_app.recovery.journal_file import LOCK, SUFFIX
from conex_app.recovery.locks import HeldLock, is_alive, take_lock
from conex_core.atomic_files import remove_abandoned
from conex_core.errors import FileError
from conex_core.graph.files.project_file import LARGEST, to_text
from conex_core.graph.library.library import to_trash
from conex_core.resources import user_data

__all__ = [
    "FoundJournal",
    "LeftWork",
    "RefusedJournal",
    "claim",
    "default_folder",
    "has_files",
    "left_work",
    "others_with",
    "remove",
    "sweep",
    "throw_away",
]

Original = Literal["none", "same", "changed", "gone"]


@dataclass(frozen=True)
class FoundJournal:
    """Hold the work of a window that is no more, and what became of the file it came from."""

    file: Path
    journal: Journal
    original: Original

    @property
    def path(self) -> Path | None:
        """Return the project's file; None where it never had one."""
        return Path(self.journal.head.path) if self.journal.head.path else None


@dataclass(frozen=True)
class RefusedJournal:
    """Name a journal that cannot be read, and say why."""

    file: Path
    reason: str


@dataclass(frozen=True)
class LeftWork:
    """Hold what could come back, the newest first, and what could not."""

    found: tuple[FoundJournal, ...] = ()
    refused: tuple[RefusedJournal, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.found or self.refused)


def default_folder() -> Path:
    """Return the folder of journals among the user's own data."""
    return user_data() / "recovery"


def has_files(folder: Path) -> bool:
    """Tell whether anything lies in a folder that can be read."""
    return bool(_named(folder, ""))


def left_work(folders: Iterable[Path]) -> LeftWork:
    """Return what windows that are no more have left.

    Journals with nothing that is not saved are removed on the way.
    """
    found: list[FoundJournal] = []
    refused: list[RefusedJournal] = []
    for file in _journals(folders):
        try:
            if _lives(file, head_of(file)):
                continue
            one = _found(file)
        except FileError as error:
            if file.is_file():  # not just removed by another window
                refused.append(RefusedJournal(file, _reason(error)))
        else:
            if one is not None:
                found.append(one)
    found.sort(key=lambda one: -one.journal.at)
    return LeftWork(tuple(found), tuple(refused))


def others_with(path: Path, folders: Iterable[Path], own: Path | None) -> list[JournalHead]:
    """Return the windows, other than that with the journal ``own``, in which ``path`` is open."""
    wanted = os.path.normcase(os.path.realpath(path))
    heads: list[JournalHead] = []
    for file in _journals(folders):
        if file == own:
            continue
        with contextlib.suppress(FileError):
            head = head_of(file)
            if os.path.normcase(head.path) == wanted and _lives(file, head):
                heads.append(head)
    return heads


def claim(file: Path) -> HeldLock | None:
    """Return the lock of a journal whose window is no more; None where another was faster."""
    try:
        lock = take_lock(_lock_of(file))
    except OSError:  # nobody can have it in a folder where nothing can be made
        return None
    if lock is not None and not file.is_file():
        lock.release(remove=True)
        return None
    return lock


def remove(file: Path) -> None:
    """Remove a journal with its lock; what the system refuses stays."""
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
        _lock_of(file).unlink(missing_ok=True)


def throw_away(file: Path) -> None:
    """Move a journal to the system's trash.

    Raises
    ------
    FileError
        If a window has it by now, or there is no trash that takes it; the file stays.
    """
    lock = claim(file)
    if lock is None:
        raise FileError(file, "stays: another window has it by now, or its folder takes no file")
    try:
        to_trash(file)
    finally:
        lock.release(remove=not file.exists())


def sweep(folders: Iterable[Path]) -> None:
    """Remove what a kill has left beside the journals: half written ones and old locks."""
    for folder in folders:
        for lock in _named(folder, LOCK):
            file = lock.with_name(lock.name.removesuffix(LOCK) + SUFFIX)
            held = None if file.exists() else _claim_free(lock)
            if held is not None:
                held.release(remove=True)
        remove_abandoned(folder)


def _claim_free(lock: Path) -> HeldLock | None:
    """Return a lock that nobody holds."""
    try:
        return take_lock(lock)
    except OSError:
        return None


def _found(file: Path) -> FoundJournal | None:
    """Return what a journal brings back; remove one that brings back nothing."""
    journal = read(file)
    path = journal.head.path
    now = _sha256_of(path)
    is_saved = now and now == _sha256_of_text(to_text(journal.history.now))
    if not journal.damage and (not journal.is_needed or (is_saved and journal.typed is None)):
        remove(file)
        return None
    if not path:
        return FoundJournal(file, journal, "none")
    same: Original = "same" if now == journal.head.sha256 else "changed"
    return FoundJournal(file, journal, same if now else "gone")


def _reason(error: FileError) -> str:
    """Return what is wrong with a journal, which is named elsewhere."""
    words = (f"It {error.problem}", error.hint)
    return ". ".join(word for word in words if word)


def _sha256_of(path: str) -> str:
    """Return the SHA-256 of a file's content; nothing where there is none."""
    try:
        if not path or not os.path.isfile(path):
            return ""
        with open(path, "rb") as file:
            return hashlib.sha256(file.read(LARGEST)).hexdigest()
    except (OSError, ValueError):  # ValueError: no path at all, with a zero byte in it
        return ""


def _sha256_of_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _lives(file: Path, head: JournalHead) -> bool:
    return is_alive(_lock_of(file), head.host, head.pid, head.started)


def _lock_of(file: Path) -> Path:
    return file.with_name(file.name.removesuffix(SUFFIX) + LOCK)


def _journals(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in dict.fromkeys(folders):
        yield from _named(folder, SUFFIX)


def _named(folder: Path, suffix: str) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if each.name.endswith(suffix))
    except OSError:
        return []
