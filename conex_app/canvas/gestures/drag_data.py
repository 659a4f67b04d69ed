"""What is dragged onto the canvas from the palette, the library or the desktop, as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QMimeData

from conex_app.palette.items import MIME

__all__ = [
    "BLOCK_MIME",
    "BLOCK_SUFFIX",
    "MIME",
    "BlockDrag",
    "PaletteDrag",
    "block_files",
    "block_of",
    "mime_for",
    "mime_for_block",
    "palette_drag_of",
]

BLOCK_MIME = "application/x-conex-block"
BLOCK_SUFFIX = ".conexblock"


@dataclass(frozen=True)
class PaletteDrag:
    """Name a palette entry."""

    category: Literal["node", "behavior", "example"]
    name: str


@dataclass(frozen=True)
class BlockDrag:
    """Name a block: the file that holds it, or the id that it has in the project.

    ``ins`` and ``outs`` are the names of its ports, for what is drawn under the
    mouse; they are empty for a file from the desktop, which is not read yet.
    """

    title: str
    path: Path | None = None
    definition: str = ""
    ins: tuple[str, ...] = ()
    outs: tuple[str, ...] = ()


def mime_for(entry: PaletteDrag) -> QMimeData:
    """Return ``entry`` as what a drag carries."""
    data = QMimeData()
    data.setData(MIME, json.dumps({"entry": entry.category, "name": entry.name}).encode())
    return data


def palette_drag_of(data: QMimeData) -> PaletteDrag | None:
    """Return the entry that a drag carries; None for anything else."""
    record = _record(data, MIME)
    if record.get("entry") not in ("node", "behavior", "example"):
        return None
    return PaletteDrag(record["entry"], str(record.get("name", "")))


def mime_for_block(block: BlockDrag) -> QMimeData:
    """Return ``block`` as what a drag carries."""
    record = {
        "title": block.title,
        "path": str(block.path) if block.path else "",
        "definition": block.definition,
        "ins": block.ins,
        "outs": block.outs,
    }
    data = QMimeData()
    data.setData(BLOCK_MIME, json.dumps(record).encode())
    data.setText(block.title)
    return data


def block_of(data: QMimeData) -> BlockDrag | None:
    """Return the block that a drag carries, or the one block file; None for anything else."""
    record = _record(data, BLOCK_MIME)
    path, definition = str(record.get("path", "")), str(record.get("definition", ""))
    if path or definition:
        title = str(record.get("title", ""))
        ports = (_names(record.get("ins")), _names(record.get("outs")))
        return BlockDrag(title, Path(path) if path else None, definition, *ports)
    files = block_files(data)
    return BlockDrag(files[0].stem, files[0]) if len(files) == 1 else None


def block_files(data: QMimeData) -> list[Path]:
    """Return the block files among the files that a drag carries."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in files if path.suffix == BLOCK_SUFFIX]


def _record(data: QMimeData, mime: str) -> dict[str, Any]:
    if not data.hasFormat(mime):
        return {}
    try:
        record = json.loads(bytes(data.data(mime).data()))
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _names(given: object) -> tuple[str, ...]:
    return tuple(str(name) for name in given) if isinstance(given, list) else ()
