"""Watch the folders of the library and read them again, in a thread, when they change.

Reading two hundred blocks takes longer than a window may stand still, so it is
done beside it; the newest wish wins. Who makes a watcher stops it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from conex_core.errors import ConexError

__all__ = ["LibraryWatcher"]

Job = tuple[Callable[[], Any], Callable[[Any], None]]

CALM_MS = 150  # a copied file comes in several pieces; wait until it is all there


class LibraryWatcher(QObject):
    """Read folders in a thread, now and whenever something in them changes.

    Parameters
    ----------
    read : callable
        Returns what there is, with the folders and the files to watch. Called
        in a thread, never twice at a time.
    """

    found = Signal(object)  # what ``read`` returned
    _finished = Signal(object, object)  # what jobs came to, and what was read; from the thread

    def __init__(
        self,
        read: Callable[[], tuple[object, list[Path], list[Path]]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._thread: threading.Thread | None = None
        self._again = False
        self._jobs: list[Job] = []
        self._calm = QTimer(self, singleShot=True, interval=CALM_MS)
        self._calm.timeout.connect(self.refresh)
        self._disk = QFileSystemWatcher(self)
        self._disk.directoryChanged.connect(lambda _path: self._calm.start())
        self._disk.fileChanged.connect(lambda _path: self._calm.start())
        self._finished.connect(self._take)

    @property
    def is_reading(self) -> bool:
        """Tell whether the folders are being read, or will be soon."""
        return self._thread is not None or self._calm.isActive()

    def do(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do something with files in the thread, then ``then`` with what came of it here.

        That is what ``work`` returned, or the ConexError that it raised.
        """
        self._jobs.append((work, then))
        self.refresh()

    def refresh(self) -> None:
        """Read the folders now; once more if they are just being read."""
        self._again = self._thread is not None
        if self._again:
            return
        self._calm.stop()
        jobs, self._jobs = self._jobs, []
        self._thread = threading.Thread(
            target=self._work, args=(jobs,), name="conex-library", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End following, and wait for the thread."""
        self._finished.disconnect(self._take)
        self._calm.stop()
        watched = [*self._disk.directories(), *self._disk.files()]
        if watched:
            self._disk.removePaths(watched)
        if self._thread is not None:
            self._thread.join(2.0)
            self._thread = None

    def _work(self, jobs: list[Job]) -> None:
        results = [(then, _done(work)) for work, then in jobs]
        self._finished.emit(results, self._read())

    def _take(self, results: list[Any], read: tuple[object, list[Path], list[Path]]) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        found, folders, files = read
        self._follow(folders, files)
        self.found.emit(found)
        for then, result in results:
            then(result)
        if self._again:
            self.refresh()

    def _follow(self, folders: list[Path], files: list[Path]) -> None:
        """Watch the folders, every file, and what holds the folders: they may go and come."""
        around = [each for folder in folders for each in (folder, folder.parent)]
        wanted = {str(_there(folder)) for folder in around} | {str(file) for file in files}
        now = {*self._disk.directories(), *self._disk.files()}
        if now - wanted:
            self._disk.removePaths(sorted(now - wanted))
        if wanted - now:
            self._disk.addPaths(sorted(wanted - now))


def _done(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except ConexError as error:
        return error


def _there(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next((each for each in (folder, *folder.parents) if each.is_dir()), folder)
