"""Files of scripts and notebooks, read as Python reads them: encoding, BOM, ends of lines."""

from __future__ import annotations

import codecs
import difflib
import io
import tokenize
from dataclasses import dataclass
from pathlib import Path

from conex_core.errors import FileError
from conex_core.moving.notebooks import move_notebook
from conex_core.moving.script import MovedScript, move_text
from conex_core.moving.text_edits import lines_of

__all__ = ["MovedFile", "move_file"]

_MOST = 256 * 1024 * 1024  # bytes; notebooks hold pictures


@dataclass(frozen=True)
class MovedFile:
    """Hold a file as it was and as it is to be."""

    path: Path
    before: str
    moved: MovedScript
    encoding: str
    bom: bytes

    @property
    def is_changed(self) -> bool:
        """Tell whether anything is to be written."""
        return self.moved.text != self.before

    @property
    def data(self) -> bytes:
        """Return the bytes of the file to be, in the encoding of the old one."""
        return self.bom + self.moved.text.encode(self.encoding)

    def diff(self) -> str:
        """Return the changes as ``patch`` reads them."""
        name = self.path.as_posix()
        before, after = lines_of(self.before), lines_of(self.moved.text)
        return "".join(
            line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n"
            for line in difflib.unified_diff(before, after, name, name)
        )


def move_file(path: Path) -> MovedFile:
    """Return a script (.py) or a notebook (.ipynb) with its imports from conex_core.

    Raises
    ------
    FileError
        If it cannot be read, is no text, or no Python 3.
    """
    data = _bytes_of(path)
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    encoding = "utf-8" if path.suffix.lower() == ".ipynb" else _encoding(data, path)
    try:
        text = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        hint = "Save it as UTF-8"
        raise FileError(path, f"is not text in {encoding}: {error.reason}", hint=hint) from error
    move = move_notebook if path.suffix.lower() == ".ipynb" else move_text
    return MovedFile(path, text, move(text, str(path)), encoding, bom)


def _bytes_of(path: Path) -> bytes:
    hint = "Name a .py script or an .ipynb notebook"
    if path.is_dir():
        raise FileError(path, "is a folder", hint=f"Name its files: {path}/*.py")
    if not path.exists():
        raise FileError(path, "is not there", hint=hint)
    if not path.is_file():
        raise FileError(path, "is not a file but a device or a pipe", hint=hint)
    if path.stat().st_size > _MOST:
        raise FileError(path, "is larger than 256 MiB", hint=hint)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror or error}") from error
    if b"\0" in data:
        raise FileError(path, "is not text", hint=hint)
    return data


def _encoding(data: bytes, path: Path) -> str:
    """Return the encoding that Python would read the script in: a cookie, or UTF-8."""
    try:
        found, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        raise FileError(path, f"is not text: {error.msg}", hint="Save it as UTF-8") from error
    return "utf-8" if found == "utf-8-sig" else found
