"""Shared memory that one ring lies in: made by one process, joined by another.

Its name is only needed until the other process has joined, and is then taken
away: what has no name cannot be left behind, whichever process dies. On Linux it
lies in /dev/shm, which may be small; a page that finds no room there would kill
the process that touches it, hence the look beforehand.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from multiprocessing.shared_memory import SharedMemory

__all__ = ["RingMemory"]

_SHM = "/dev/shm"
_SPARE_BYTES = 1 << 20


class RingMemory:
    """Hold one piece of shared memory."""

    def __init__(self, memory: SharedMemory) -> None:
        self._memory, self._has_name = memory, True

    @classmethod
    def made(cls, nbytes: int, *, promised: int = 0) -> RingMemory:
        """Return new memory of ``nbytes`` bytes, all 0.

        ``promised`` bytes were made before and may still be untouched.

        Raises
        ------
        OSError
            If there is no room for it.
        """
        if os.path.isdir(_SHM) and shutil.disk_usage(_SHM).free - promised < nbytes + _SPARE_BYTES:
            raise OSError(errno.ENOSPC, f"no room for {nbytes / 2**20:.0f} MB", _SHM)
        return cls(_Memory(_new_name(), create=True, size=nbytes))

    @classmethod
    def named(cls, name: str) -> RingMemory:
        """Return memory that another process made; OSError where it is gone."""
        return cls(_Memory(name=name))

    @property
    def name(self) -> str:
        """Return what the other process joins it by."""
        return self._memory.name

    @property
    def view(self) -> memoryview:
        """Return its bytes."""
        assert self._memory.buf is not None, "closed memory has no bytes"
        return self._memory.buf

    def forget_name(self) -> None:
        """Let nobody else join; the memory goes when the last who holds it lets go."""
        if self._has_name:
            self._has_name = False
            with contextlib.suppress(FileNotFoundError):
                self._memory.unlink()

    def close(self) -> None:
        """Let go; nothing may point to the bytes any more."""
        self._memory.close()


def _new_name() -> str:
    """Return a name that tells who made what lies in /dev/shm."""
    return f"conex-{os.getpid()}-{secrets.token_hex(4)}"  # macOS allows 30 letters


class _Memory(SharedMemory):
    """Keep quiet when the interpreter ends before the last ring that lies here."""

    def __del__(self) -> None:
        with contextlib.suppress(BufferError, OSError):
            self.close()
