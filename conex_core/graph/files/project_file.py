"""Project files: one document as deterministic JSON text, saved atomically.

A file is data only: reading one never imports or executes anything, and a file
that cannot be read raises FileError with the place and a hint.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from conex_core.atomic_files import check_place, write
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
    "check_place",
    "from_text",
    "load",
    "opened",
    "save",
    "text_of",
    "to_bytes",
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
    write(path, to_bytes(doc, path))


def to_bytes(doc: Document, path: object = "project") -> bytes:
    """Return what :func:`save` writes; ``path`` is for messages only.

    Raises
    ------
    FileError
        If it would be larger than a project may be.
    """
    data = to_text(doc).encode("utf-8")
    if len(data) > LARGEST:
        hint = "Keep large arrays in a file beside the project"
        raise FileError(path, f"would be {len(data) / 2**20:.0f} MB, more than 64 MB", hint=hint)
    return data


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
