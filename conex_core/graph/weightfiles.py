"""Files of learned weights: beside the file that names them, in a folder of their own.

A project and a block file name their weights by file and hash. The files lie in
the folder ``weights`` beside either. What was brought in once is kept in the
user's data folder as well, so that a project that was never saved finds it.
Their names hold a part of their hash: two files of one name are the same file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import platformdirs

from conex_core.errors import FileError
from conex_core.graph.state import Definition, Learned

__all__ = ["FOLDER", "StoredWeights", "carry", "keep", "located", "sha256_of", "store"]

FOLDER = "weights"

_CHANGED = "Take the file that belongs to it, or drop the learned weights of the block"
_MISSING = "Copy the folder “weights” that it was saved with here, or drop its learned weights"


@dataclass(frozen=True)
class StoredWeights:
    """Stand for the learned weights of one synapse group of a block."""

    learned: Learned
    group: str
    block: str

    @property
    def path(self) -> str:
        """Return where they lie, from the folder of the project."""
        return f"{FOLDER}/{self.learned.file}"


def store() -> Path:
    """Return the user's folder in which weights are kept; it need not be there yet."""
    return platformdirs.user_data_path("conex-studio", appauthor=False)


def located(learned: Learned, base: Path, block: str) -> Path:
    """Return the file of the weights that ``block`` has learned.

    Raises
    ------
    FileError
        If it is neither beside the project nor in the user's folder, or is another one.
    """
    for folder in (base, store()):
        path = folder / FOLDER / learned.file
        if path.is_file():
            if sha256_of(path) != learned.sha256:
                raise FileError(path, f"is not what {block} has learned", hint=_CHANGED)
            return path
    path = base / FOLDER / learned.file
    raise FileError(path, f"is missing, which {block} starts from", hint=_MISSING)


def carry(definitions: Iterable[Definition], sources: Iterable[Path], target: Path) -> None:
    """Copy all weights that ``definitions`` name from the first source that has them.

    One that cannot be had does not keep the others away.

    Raises
    ------
    FileError
        If a file is nowhere, is another one, or cannot be written.
    """
    places, failed = [*sources, store()], []
    for definition in definitions:
        try:
            _carry(definition, places, target)
        except FileError as error:
            failed.append(error)
    if failed:
        raise failed[0]


def _carry(definition: Definition, places: list[Path], target: Path) -> None:
    learned = definition.learned
    if learned is None or (target / FOLDER / learned.file).is_file():
        return
    found = [place for place in places if (place / FOLDER / learned.file).is_file()]
    place = found[0] if found else target
    _copy(located(learned, place, definition.name), target / FOLDER / learned.file)


def keep(definitions: Iterable[Definition], source: Path) -> None:
    """Copy all weights that ``definitions`` name to the user's folder."""
    carry(definitions, [source], store())


def sha256_of(path: Path) -> str:
    """Return the hash of a file, or raise FileError."""
    try:
        status = path.stat()
        return _hash(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        reason = error.strerror or error
        raise FileError(path, f"cannot be read ({reason})", hint="Check its permissions") from error


@lru_cache(maxsize=256)
def _hash(path: Path, _changed: int, _size: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _copy(source: Path, target: Path) -> None:
    """Copy a file in one step: it is there whole, or not at all."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        os.close(handle)
        try:
            shutil.copyfile(source, name)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or error
        hint = "Make room there, or choose another folder"
        raise FileError(target, f"cannot be written ({reason})", hint=hint) from error
