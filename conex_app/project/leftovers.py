"""What killed programs left behind, removed beside the window after it has started."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from conex_app.project import backups
from conex_core.atomic_files import remove_abandoned
from conex_core.graph.files.weight_files import FOLDER, store
from conex_core.graph.library.library import user_folder

if TYPE_CHECKING:
    from conex_app.project.settings import AppSettings

__all__ = ["clean", "clean_in_background", "folders_of"]

logger = logging.getLogger(__name__)


def folders_of(settings: AppSettings) -> list[Path]:
    """Return the folders that we write to: of recent projects, of blocks, our own."""
    ours = [store(), user_folder(), *settings.block_folders]
    beside = [*(path.parent for path in settings.recent), settings.folder, *ours]
    around = [each for folder in beside for each in (folder, folder / FOLDER)]
    return list(dict.fromkeys(around))


def clean_in_background(settings: AppSettings) -> threading.Thread:
    """Clean the folders of ``settings`` in a thread, which may be left to itself."""
    folders = folders_of(settings)
    thread = threading.Thread(target=clean, args=(folders,), name="conex-leftovers", daemon=True)
    thread.start()
    return thread


def clean(folders: Iterable[Path]) -> None:
    """Remove what killed programs left in ``folders``, and versions of projects that are gone."""
    for folder in (*folders, *_backup_folders()):
        for path in remove_abandoned(folder):
            logger.info("removed %s, left by a save that did not end", path)
    backups.Backups().clean()


def _backup_folders() -> list[Path]:
    folder = backups.user_folder()
    try:
        return [folder, *(path for path in folder.iterdir() if path.is_dir())]
    except OSError:
        return []
