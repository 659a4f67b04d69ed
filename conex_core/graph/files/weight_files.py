"""Files of learned weights: beside the file that names them, in a folder of their own.

A project and a block file name their weights by file and hash. The files lie in
the folder ``weights`` beside either. What was brought in once is kept in the
user's data folder as well, so that a project that was never saved finds it.
Their names hold a part of their hash: two files of one name are the same file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from conex_core import atomic_files
from conex_core.errors import FileError
from conex_core.graph.model.document import MAIN, Definition, Learned
from conex_core.resources import user_data

__all__ = [
    "FOLDER",
    "StoredWeights",
    "carry",
    "keep",
    "located",
    "sha256_of",
    "store",
    "unneeded",
    "weights_of",
]

FOLDER = "weights"
_LARGEST = 64 * 1024 * 1024  # bytes; no project or block is larger

_CHANGED = "Take the file that belongs to it, or drop the learned weights of the block"
_MISSING = "Copy the folder “weights” that it was saved with here, or drop its learned weights"


@dataclass(frozen=True)
class StoredWeights:
    """Stand for what one group of a block, or of the network, has learned."""

    learned: Learned
    group: str
    block: str
    definition: str = MAIN
    variable: str = "weights"

    @property
    def path(self) -> str:
        """Return where they lie, from the folder of the project."""
        return f"{FOLDER}/{self.learned.file}"


def store() -> Path:
    """Return the user's folder in which weights are kept; it need not be there yet."""
    return user_data()


def located(learned: Learned, base: Path, block: str) -> Path:
    """Return the file of the weights that ``block`` has learned.

    Raises
    ------
    FileError
        If it is neither beside the project nor in the user's folder, or is another one.
    """
    there = [path for path in _places(learned, (base, store())) if path.is_file()]
    for path in there:
        if sha256_of(path) == learned.sha256:
            return path
    if there:
        raise FileError(there[0], f"is not what {block} has learned", hint=_CHANGED)
    path = base / FOLDER / learned.file
    raise FileError(path, f"is missing, which {block} starts from", hint=_MISSING)


def carry(definitions: Iterable[Definition], sources: Iterable[Path], target: Path) -> None:
    """Copy all weights that ``definitions`` name from the first source that has them.

    One that cannot be had does not keep the others away. A file that is there
    already is never written over.

    Raises
    ------
    FileError
        If a file is nowhere, is another one, or cannot be written.
    """
    places, failed = [*sources, store()], []
    for definition in definitions:
        for learned in weights_of([definition]):
            try:
                _carry(learned, definition.name, places, target)
            except FileError as error:
                failed.append(error)
    if failed:
        raise failed[0]


def _carry(learned: Learned, block: str, places: list[Path], target: Path) -> None:
    path = target / FOLDER / learned.file
    if path.is_file():
        if sha256_of(path) != learned.sha256:
            raise FileError(path, f"is not what {block} has learned", hint=_CHANGED)
        return
    found = [place for place in _places(learned, places) if place.is_file()]
    good = [place for place in found if sha256_of(place) == learned.sha256]
    folder = found[0].parent.parent if found else target
    _copy(good[0] if good else located(learned, folder, block), path)


def _places(learned: Learned, folders: Iterable[Path]) -> list[Path]:
    return [folder / FOLDER / learned.file for folder in folders]


def keep(definitions: Iterable[Definition], source: Path) -> None:
    """Copy all weights that ``definitions`` name to the user's folder."""
    carry(definitions, [source], store())


def weights_of(definitions: Iterable[Definition]) -> list[Learned]:
    """Return what each file of weights holds that ``definitions`` name."""
    held = (definition.learned for definition in definitions)
    return [one for learned in held if learned is not None for one in learned.files]


def unneeded(weights: Iterable[Learned], beside: Path) -> list[Path]:
    """Return those files of weights beside a file that nothing else in its folder names.

    Every other text there may name them, a project as well as a damaged block;
    what cannot be read or is too large to look into needs them all.
    """
    names = {learned.file for learned in weights}
    there = {name for name in names if (beside.parent / FOLDER / name).is_file()}
    try:
        for path in beside.parent.iterdir() if there else ():
            if path != beside and path.is_file():
                there -= _named_in(path, there)
    except OSError:
        return []
    return [beside.parent / FOLDER / name for name in sorted(there)]


def _named_in(path: Path, names: set[str]) -> set[str]:
    """Return the names that stand in a file; all of them if it is too large to tell."""
    if path.stat().st_size > _LARGEST:
        return names
    text = path.read_bytes()
    return {name for name in names if _spelled(name) in text or name.encode() in text}


def _spelled(name: str) -> bytes:
    """Return a name as JSON of plain letters has it."""
    return json.dumps(name)[1:-1].encode()


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
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        hint = "Make room there, or choose another folder"
        raise FileError(target, f"cannot be written ({reason})", hint=hint) from error
    atomic_files.copy(source, target)
