"""Earlier versions of projects: a copy of each save, the last twenty of each project.

They lie in the user's data folder, one folder for each project file, and are
cleaned here: old ones of a project, the oldest of all when there is too much,
and those of projects that are gone. Nothing here touches a widget, and a
failure here never fails a save.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from conex_core.atomic_files import write
from conex_core.errors import FileError
from conex_core.graph.files.file_names import stem_for
from conex_core.graph.files.project_file import EXTENSION
from conex_core.resources import user_data

__all__ = ["Backups", "SavedVersion", "user_folder"]

KEPT = 20  # versions of one project
MOST_BYTES = 500 * 2**20  # of all versions of all projects
GONE_DAYS = 90  # after its last save, for a project whose file is gone
ORIGIN = "project.txt"  # names the file that a folder has versions of

_NAME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d-\d\d-\d\d\.\d{6}) UTC, (\d+) nodes?")
_TIME = "%Y-%m-%d %H-%M-%S.%f"


@dataclass(frozen=True)
class SavedVersion:
    """Stand for one saved version of a project: a project file with the time in its name."""

    path: Path
    saved: datetime  # local time
    nodes: int
    size: int  # bytes


class Backups:
    """Keep and find saved versions.

    Parameters
    ----------
    folder : Path, optional
        Where they lie; the user's own when left out.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else user_folder()

    def folder_of(self, project: Path) -> Path:
        """Return the folder of one project's versions; it need not be there yet."""
        where = os.path.realpath(project)
        mark = hashlib.sha256(os.fsencode(where)).hexdigest()[:10]
        return self.folder / f"{stem_for(_stem(project), 'project')}-{mark}"

    def versions(self, project: Path) -> list[SavedVersion]:
        """Return the versions of a project, newest first."""
        return _versions_in(self.folder_of(project))

    def keep(self, project: Path, data: bytes, nodes: int, moment: float | None = None) -> None:
        """Store ``data`` as a version of a project, the newest by default, and clean up.

        No content is there twice: an older version of it moves up instead.

        Raises
        ------
        FileError
            If it cannot be written.
        """
        folder = self.folder_of(project)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            target = folder / _name(time.time() if moment is None else moment, nodes)
            same = [each for each in _versions_in(folder) if _holds(each, data)]
            if same and same[0].path.name < target.name:
                same[0].path.replace(target)
            elif not same:
                write(target, data)
                write(folder / ORIGIN, os.fsencode(os.path.realpath(project)))
        except OSError as error:
            reason = error.strerror or error
            raise FileError(folder, f"takes no copy of the project ({reason})") from error
        self._prune(folder)

    def clean(self) -> None:
        """Remove the versions of projects that are gone, and what is more than may be kept."""
        for folder in self._folders():
            old = time.time() - _last_used(folder) > GONE_DAYS * 86400
            if old and not _origin_is_there(folder):
                shutil.rmtree(folder, ignore_errors=True)
        self._shrink()

    def _prune(self, folder: Path) -> None:
        _remove(_versions_in(folder)[KEPT:])
        self._shrink()

    def _shrink(self) -> None:
        """Remove the oldest versions of all projects until the rest is small enough."""
        every = [each for folder in self._folders() for each in _versions_in(folder)]
        every.sort(key=lambda version: version.saved, reverse=True)
        held = 0
        for place, version in enumerate(every):
            held += version.size
            if held > MOST_BYTES and place:  # the newest stays, however large
                _remove(every[place:])
                return

    def _folders(self) -> list[Path]:
        """Return the folders that are ours: those that name their project."""
        try:
            return [path for path in self.folder.iterdir() if (path / ORIGIN).is_file()]
        except OSError:
            return []


def user_folder() -> Path:
    """Return the user's folder of earlier versions; it need not be there yet."""
    return user_data() / "backups"


def _versions_in(folder: Path) -> list[SavedVersion]:
    found = []
    with contextlib.suppress(OSError), os.scandir(folder) as items:
        for item in items:
            named = _NAME.fullmatch(item.name.removesuffix(EXTENSION))
            with contextlib.suppress(OSError, ValueError):
                if named is not None and item.name.endswith(EXTENSION):
                    size = item.stat().st_size
                    found.append(SavedVersion(Path(item.path), _moment(named), int(named[3]), size))
    return sorted(found, key=lambda version: (version.saved, version.path), reverse=True)


def _moment(named: re.Match[str]) -> datetime:
    told = datetime.strptime(f"{named[1]} {named[2]}", _TIME).replace(tzinfo=timezone.utc)
    return told.astimezone()


def _name(moment: float, nodes: int) -> str:
    told = datetime.fromtimestamp(moment, timezone.utc).strftime(_TIME)
    return f"{told} UTC, {nodes} {'node' if nodes == 1 else 'nodes'}{EXTENSION}"


def _holds(version: SavedVersion, data: bytes) -> bool:
    with contextlib.suppress(OSError):  # another window may remove it just now
        return version.size == len(data) and version.path.read_bytes() == data
    return False


def _remove(versions: Iterable[SavedVersion]) -> None:
    for version in versions:
        with contextlib.suppress(OSError):
            version.path.unlink()


def _last_used(folder: Path) -> float:
    """Return when the newest version in a folder was saved; now if that cannot be told."""
    found = _versions_in(folder)
    if found:
        return found[0].saved.timestamp()
    with contextlib.suppress(OSError):
        return folder.stat().st_mtime
    return time.time()


def _origin_is_there(folder: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return Path(os.fsdecode((folder / ORIGIN).read_bytes())).exists()
    return True


def _stem(project: Path) -> str:
    return project.name.removesuffix(EXTENSION)
