"""Whether the window that writes a journal is still there.

A window holds a lock of the operating system on a small file beside its
journal. Such a lock dies with its process, however that ends, so nothing that a
kill leaves shuts anybody out. Where the system gives no locks, the process is
asked for; of another machine only the lock file's time counts, which its window
renews every few seconds.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import BinaryIO, Literal

__all__ = ["FRESH_S", "HeldLock", "here", "is_alive", "started", "take_lock"]

FRESH_S = 60.0  # a window of another machine that was not heard of for so long is gone
TRIES, PAUSE_S = 5, 0.02  # another window may just be looking whether the lock is held

LockState = Literal["held", "free", "unknown"]

if sys.platform == "win32":
    import msvcrt

    def _grab(file: BinaryIO, *, shared: bool) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _grab(file: BinaryIO, *, shared: bool) -> None:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(file.fileno(), kind | fcntl.LOCK_NB)


class HeldLock:
    """Hold a lock until :meth:`release` or the end of the process."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path, self._file = path, file

    def beat(self) -> None:
        """Tell other machines that this window is there."""
        os.utime(self._file.fileno() if os.utime in os.supports_fd else self.path)

    def release(self, *, remove: bool) -> None:
        """Let go of it; with ``remove``, the file goes too."""
        if remove and sys.platform != "win32":  # before another can take it and lose it again
            self.path.unlink(missing_ok=True)
        self._file.close()
        if remove and sys.platform == "win32":
            self.path.unlink(missing_ok=True)


def take_lock(path: Path) -> HeldLock | None:
    """Return the lock on ``path``, or None where another window has it.

    Where the system gives no locks, everybody gets one.

    Raises
    ------
    OSError
        If the file cannot be made.
    """
    file = path.open("ab")
    for _ in range(TRIES):
        try:
            _grab(file, shared=False)
        except (BlockingIOError, PermissionError):
            time.sleep(PAUSE_S)
        except OSError:
            return HeldLock(path, file)
        else:
            return HeldLock(path, file)
    file.close()
    return None


def is_alive(path: Path, host: str, pid: int, start: str) -> bool:
    """Tell whether the window that took the lock on ``path`` is still there."""
    if host != here():
        return _is_fresh(path)
    state = _state_of(path)
    if state != "unknown":
        return state == "held"
    now = started(pid)
    return now == start if now is not None and start else now is not None and _is_fresh(path)


def here() -> str:
    """Return the name of this machine."""
    return platform.node()


def started(pid: int) -> str | None:
    """Return when a process was started, in some form; None if there is none, "" if unknown.

    A number of a process is given again after a while; together with this it is
    not.
    """
    system = platform.system()
    if system == "Linux":
        return _started_on_linux(pid)
    return "" if system == "Windows" or pid <= 0 else _started_by_ps(pid)


def _started_by_ps(pid: int) -> str | None:
    asked = ["ps", "-o", "lstart=", "-p", str(pid)]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() or None


def _started_on_linux(pid: int) -> str | None:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name before it may hold anything
    return f"{boot} {fields[19]}" if len(fields) > 19 and fields[0] not in "ZX" else None


def _state_of(path: Path) -> LockState:
    try:
        with path.open("r+b") as file:
            _grab(file, shared=True)
    except (BlockingIOError, PermissionError):
        return "held"
    except OSError:
        return "unknown"
    return "free"


def _is_fresh(path: Path) -> bool:
    """Tell whether a lock file was renewed lately, by the clock of the disk it lies on."""
    try:
        return _disk_time(path.parent) - path.stat().st_mtime < FRESH_S
    except OSError:
        return False


def _disk_time(folder: Path) -> float:
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            return os.fstat(probe.fileno()).st_mtime
    except OSError:
        return time.time()
