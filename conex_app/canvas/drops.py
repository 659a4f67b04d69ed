"""What is dragged from the palette, as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QMimeData

__all__ = ["MIME", "Entry", "entry_of", "mime_for"]

MIME = "application/x-conex-palette"


@dataclass(frozen=True)
class Entry:
    """Name a palette entry."""

    entry: Literal["node", "behavior", "example"]
    name: str


def mime_for(entry: Entry) -> QMimeData:
    """Return ``entry`` as what a drag carries."""
    data = QMimeData()
    data.setData(MIME, json.dumps({"entry": entry.entry, "name": entry.name}).encode())
    return data


def entry_of(data: QMimeData) -> Entry | None:
    """Return the entry that a drag carries; None for anything else."""
    if not data.hasFormat(MIME):
        return None
    try:
        record = json.loads(bytes(data.data(MIME).data()))
    except ValueError:
        return None
    if not isinstance(record, dict) or record.get("entry") not in ("node", "behavior", "example"):
        return None
    return Entry(record["entry"], str(record.get("name", "")))
