"""Project files: one document as deterministic JSON text, saved atomically.

A file is data only: reading one never imports or executes anything, and a file
that cannot be read raises FileError with the place and a hint.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from conex_core.errors import FileError
from conex_core.graph.files.codec import document_from, document_to
from conex_core.graph.files.json_places import JsonPlace, Record
from conex_core.graph.files.json_text import dumps, loads

if TYPE_CHECKING:
    from conex_core.graph.model.document import Document

__all__ = [
    "EXTENSION",
    "FORMAT",
    "FORMAT_VERSION",
    "from_text",
    "load",
    "opened",
    "save",
    "text_of",
    "to_text",
    "write",
]

FORMAT = "conex-project"
FORMAT_VERSION = 1
EXTENSION = ".conex"
LARGEST = 64 * 1024 * 1024  # bytes


def to_text(doc: Document) -> str:
    """Return ``doc`` as the text of a project file; equal documents give equal text."""
    return dumps({**document_to(doc), "format": FORMAT, "version": FORMAT_VERSION})


def from_text(text: str, path: object = "project") -> Document:
    """Return the document of a project file's text; ``path`` is for messages only.

    Raises
    ------
    FileError
        If the text is not a project of this version.
    """
    return document_from(opened(text, path, FORMAT))


def opened(
    text: str,
    path: object,
    wanted: str,
    *,
    what: str = "a CoNeX Studio project",
    newest: int = FORMAT_VERSION,
) -> Record:
    """Return the fields of a text of the wanted format, after format and version.

    ``what`` such a file is, is for messages; ``newest`` is the last version that is read.
    """
    field = JsonPlace(loads(text, path, what), str(path))
    if not isinstance(field.value, dict) or field.value.get("format") != wanted:
        hint = "Choose a file that CoNeX Studio saved"
        raise field.error(f"is not {what}", hint)
    record = field.record()
    record.need("format", JsonPlace.text)
    version = record.need("version", JsonPlace.whole)
    if version > newest:
        raise field.error(
            f"was saved by a newer CoNeX Studio (format {version}; this one reads up to {newest})",
            "Update CoNeX Studio to open it",
        )
    if version < 1:
        raise field.error(f"has the unknown format version {version}")
    return record


def load(path: str | os.PathLike[str]) -> Document:
    """Return the document stored in a file.

    Raises
    ------
    FileError
        If there is no such file, or it is not a project.
    """
    return from_text(text_of(Path(path)), path)


def save(doc: Document, path: str | os.PathLike[str]) -> None:
    """Write ``doc`` to a file; on any failure an older file there stays as it was.

    The text goes to a temporary file in the same folder, is flushed to the disk
    and then takes the place of the old file in one step.

    Raises
    ------
    FileError
        If the file cannot be written.
    """
    data = to_text(doc).encode("utf-8")
    if len(data) > LARGEST:
        hint = "Keep large arrays in a file beside the project"
        raise FileError(path, f"would be {len(data) / 2**20:.0f} MB, more than 64 MB", hint=hint)
    write(path, data)


def write(path: str | os.PathLike[str], data: bytes) -> None:
    """Put ``data`` into a file in one step, as :func:`save` does.

    Raises
    ------
    FileError
        If the file cannot be written.
    """
    target = Path(os.path.realpath(path))
    try:
        mode = _mode_for(target)
        _replace(target, data, mode)
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "The old file is unchanged; choose another place or make room"
        raise FileError(path, f"cannot be saved: {reason}", hint=hint) from error


def check_place(path: str | os.PathLike[str]) -> None:
    """Raise FileError where :func:`write` could not put a file; nothing is left there."""
    target = Path(os.path.realpath(path))
    try:
        _mode_for(target)
        tempfile.TemporaryFile(dir=target.parent).close()
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(path, f"cannot be saved: {reason}", hint="Choose another place") from error


def text_of(path: Path, what: str = "a CoNeX Studio project", *, largest: int = LARGEST) -> str:
    """Return the text of a file of at most ``largest`` bytes; ``what`` it is, is for messages.

    Raises
    ------
    FileError
        If there is no such file, or it is not text.
    """
    data = _bytes_of(path, largest + 1)
    if len(data) > largest:
        raise FileError(path, f"is larger than {largest // 2**20} MB", hint=f"Is this {what}?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = f"Is this {what}?"
        place = f"byte {error.start}"
        raise FileError(path, "is not a text file", place=place, hint=hint) from None


def _bytes_of(path: Path, most: int) -> bytes:
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
        if is_file:
            with path.open("rb") as file:
                return file.read(most)
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise FileError(repr(str(path)), f"cannot be read: {error}") from error
    raise FileError(path, "is a folder" if is_folder else "is not there")


def _mode_for(target: Path) -> int:
    """Return the permissions of the file to be; a write-protected one is refused."""
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask
    if target.is_dir():
        raise IsADirectoryError(None, "it is a folder")
    if not mode & 0o222 or not os.access(target, os.W_OK):
        raise PermissionError(None, "the file is write-protected")
    return mode


def _replace(target: Path, data: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(
        prefix=f".{target.name[:40]}.", suffix=".tmp", dir=target.parent
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _flush_folder(target.parent)


def _flush_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
