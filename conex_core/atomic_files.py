"""Writing files in one step: a file is there whole, as it was, or not at all.

Everything is written beside its place, synced, and only then given its name.
A killed program leaves what it wrote beside; its name says who made it, so
that ``remove_abandoned`` takes away ours and nothing else. Whoever writes a
file that somebody may miss does it here; ``tests/test_atomic_files.py`` holds
every module to that.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import re
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from conex_core.errors import FileError

__all__ = [
    "check_place",
    "copy",
    "create",
    "remove_abandoned",
    "replacing",
    "scratch",
    "write",
    "write_all",
]

_SUFFIX = ".conex-part"
_OURS = re.compile(r"\..*\.([0-9a-f]{6})-(\d+)-([0-9a-f]{8})-\w+" + re.escape(_SUFFIX), re.DOTALL)
_OLD_SECONDS = 24 * 3600  # of a machine that cannot be asked, or a number given anew
_LONGEST = 40  # characters of the name that a temporary file shows

Name = str | os.PathLike[str]


def write(path: Name, data: bytes) -> None:
    """Put ``data`` into a file in one step; on any failure an older file stays as it was.

    Raises
    ------
    FileError
        If the file cannot be written.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def write_all(parts: Iterable[tuple[Name, bytes]]) -> None:
    """Put several files in their places, none before all of them are written.

    Raises
    ------
    FileError
        If one cannot be written.
    """
    with contextlib.ExitStack() as stack:
        for path, data in parts:
            temporary = stack.enter_context(replacing(path))
            temporary.write_bytes(data)
            _sync(temporary)


def create(path: Name, data: bytes) -> None:
    """Put ``data`` into a file that is not there yet, in one step.

    Raises
    ------
    FileExistsError
        If there is something of that name.
    FileError
        If the file cannot be written.
    """
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fspath(path))
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def copy(source: Name, target: Name) -> None:
    """Copy a file in one step.

    Raises
    ------
    FileError
        If the target cannot be written, or the source cannot be read.
    """
    with replacing(target) as temporary:
        shutil.copyfile(source, temporary)


@contextlib.contextmanager
def replacing(path: Name, *, done: str = "saved") -> Iterator[Path]:
    """Give the path of an empty file; what is in it at the end takes the place of ``path``.

    After an error nothing is moved, and the temporary file goes. ``done`` is
    what could not be done to it then, for messages.

    Raises
    ------
    FileError
        If the file cannot be written.
    """
    target = _real(path)
    was_there = os.path.lexists(target)
    try:
        mode = _mode_for(target)
        with scratch(target.parent, target.name) as temporary:
            yield temporary
            _sync(temporary)
            os.chmod(temporary, mode)
            os.replace(temporary, target)
        _sync_folder(target.parent)
        remove_abandoned(target.parent)
    except OSError as error:
        raise _failure(path, target, error, was_there, done) from error


@contextlib.contextmanager
def scratch(folder: Name, name: str = "conex") -> Iterator[Path]:
    """Give a temporary file in ``folder``, which is removed at the end if it is still there."""
    prefix = f".{name[:_LONGEST]}.{_machine()}-{os.getpid()}-{_process()}-"
    handle, made = tempfile.mkstemp(prefix=prefix, suffix=_SUFFIX, dir=folder)
    os.close(handle)
    try:
        yield Path(made)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(made)


def check_place(path: Name) -> None:
    """Raise FileError where :func:`write` could not put a file; nothing is left there."""
    target = _real(path)
    try:
        _mode_for(target)
        tempfile.TemporaryFile(dir=target.parent).close()
    except OSError as error:
        raise _failure(path, target, error, os.path.lexists(target), "saved") from error


def remove_abandoned(folder: Name) -> list[Path]:
    """Remove what killed programs have left in ``folder``; return what was removed.

    Only files that :func:`scratch` named, and of these only those whose
    program is gone, or that are older than a day.
    """
    removed = []
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        for item in found:
            if item.name.endswith(_SUFFIX) and _is_abandoned(item):
                with contextlib.suppress(OSError):
                    os.unlink(item.path)
                    removed.append(Path(item.path))
    return removed


def _is_abandoned(item: os.DirEntry[str]) -> bool:
    named = _OURS.fullmatch(item.name)
    if named is None or not item.is_file(follow_symlinks=False):
        return False
    machine, number, process = named[1], int(named[2]), named[3]
    if machine == _machine():
        if number == os.getpid():
            return process != _process()
        if not _is_running(number):
            return True
    return time.time() - item.stat(follow_symlinks=False).st_mtime > _OLD_SECONDS


def _is_running(number: int) -> bool:
    """Tell whether a process of this number may be there; Windows cannot be asked unharmed."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


@lru_cache(maxsize=1)
def _machine() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:6]


@lru_cache(maxsize=1)
def _process() -> str:
    """Return a word for this process: the number of one that is gone may be given anew."""
    return secrets.token_hex(4)


def _mode_for(target: Path) -> int:
    """Return the permissions of the file to be; a write-protected one is refused."""
    try:
        found = target.stat().st_mode
    except FileNotFoundError:
        return 0o666 & ~_umask()
    mode = stat.S_IMODE(found)
    if stat.S_ISDIR(found):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if not stat.S_ISREG(found):
        raise PermissionError(errno.EPERM, "it is not a file but a device or a pipe")
    if not mode & 0o222 or not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is write-protected")
    return mode


@lru_cache(maxsize=1)
def _umask() -> int:
    """Return it as it was at first: asking changes it for a moment, for every thread."""
    found = os.umask(0o077)
    os.umask(found)
    return found


def _real(path: Name) -> Path:
    try:
        return Path(os.path.realpath(path))
    except ValueError as error:
        hint = "Choose another name"
        raise FileError(repr(os.fspath(path)), f"cannot be saved: {error}", hint=hint) from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _failure(path: Name, target: Path, error: OSError, was_there: bool, done: str) -> FileError:
    """Return what is told: the file, why it was not written, what became of it, the mend."""
    reason = error.strerror or str(error)
    if not target.parent.is_dir():
        reason, mend = f"the folder {target.parent} is not there", "choose another folder"
    elif error.errno in (errno.ENOSPC, errno.EDQUOT):
        mend = "make room, or choose another place"
    elif error.errno == errno.ENAMETOOLONG:
        mend = "choose a shorter name"
    else:
        mend = "choose another place or name"
    kept = "The old file is unchanged" if was_there and target.is_file() else "Nothing was written"
    return FileError(path, f"cannot be {done}: {reason}", hint=f"{kept}; {mend}")
