"""How a file stood when we saw it last, and whether it is another one by now.

The content decides; size and time only save reading it again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

__all__ = ["GONE", "SeenFile", "looked_at", "read_from", "written"]

_Mark = tuple[int, int, int, int]


@dataclass(frozen=True)
class SeenFile:
    """Hold what a file was: its hash, None where it was not there or not readable."""

    sha256: str | None
    mark: _Mark | None = None

    @property
    def is_there(self) -> bool:
        """Tell whether the file could be read."""
        return self.sha256 is not None

    @property
    def changed_at(self) -> datetime | None:
        """Return when it was changed last."""
        return datetime.fromtimestamp(self.mark[0] / 1e9) if self.mark is not None else None


GONE = SeenFile(None)


def looked_at(path: Path, known: SeenFile | None = None) -> SeenFile:
    """Return how a file stands; ``known`` itself, unread, if nothing hints at a change."""
    try:
        mark = _mark(path)
        if known is not None and known.mark == mark:
            return known
        with path.open("rb") as file:
            digest = hashlib.sha256()
            while chunk := file.read(1 << 20):
                digest.update(chunk)
        return SeenFile(digest.hexdigest(), mark)
    except OSError:
        return GONE


def read_from(path: Path) -> tuple[bytes, SeenFile]:
    """Return what a file holds, and how it stands; OSError if it cannot be read."""
    mark = _mark(path)  # before the reading: a change in between is then noticed
    data = path.read_bytes()
    return data, SeenFile(hashlib.sha256(data).hexdigest(), mark)


def written(path: Path, data: bytes) -> SeenFile:
    """Return how a file stands that ``data`` was written to just now."""
    try:
        return SeenFile(hashlib.sha256(data).hexdigest(), _mark(path))
    except OSError:
        return GONE


def _mark(path: Path) -> _Mark:
    status = path.stat()
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
