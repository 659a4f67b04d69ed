"""What the folders of the library hold: files that are blocks, and files that should be."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from conex_core.graph.files.block_file import Block

__all__ = ["LibraryFile", "LibraryFolder", "has_words", "with_clashes"]


@dataclass(frozen=True)
class LibraryFile:
    """Stand for one file of the library.

    ``block`` is None where the file cannot be used; ``message`` then says why.
    With a block, it is a warning, such as that another file has the same id.
    """

    path: Path
    source: str
    block: Block | None = None
    message: str = ""

    @property
    def name(self) -> str:
        """Return what the block is called; the file's name if it cannot be read."""
        return self.path.stem if self.block is None else self.block.name


@dataclass(frozen=True)
class LibraryFolder:
    """Hold what one folder has; ``message`` says what is wrong with the folder itself."""

    folder: Path
    source: str  # shipped, user or folder
    entries: tuple[LibraryFile, ...] = ()
    message: str = ""

    @property
    def is_writable(self) -> bool:
        """Tell whether blocks can be saved here, as far as the system tells beforehand."""
        if self.source == "shipped":
            return False
        place = self.folder
        while not place.exists() and place != place.parent and self.source == "user":
            place = place.parent  # the user's own folder is made when it is needed
        return place.is_dir() and os.access(place, os.W_OK)


def with_clashes(shelves: list[LibraryFolder]) -> Iterator[LibraryFolder]:
    """Yield the shelves with a warning at blocks that share an id but not their content."""
    by_id: dict[str, list[LibraryFile]] = {}
    for shelf in shelves:
        for entry in shelf.entries:
            if entry.block is not None:
                by_id.setdefault(entry.block.id, []).append(entry)
    for shelf in shelves:
        entries = tuple(
            entry if entry.block is None else _told(entry, by_id[entry.block.id])
            for entry in shelf.entries
        )
        yield replace(shelf, entries=entries)


def has_words(entry: LibraryFile, words: list[str]) -> bool:
    """Tell whether every word is in the name, tags, description or kind of an entry."""
    block = entry.block
    texts = [entry.name, entry.path.stem]
    if block is not None:
        spaced = re.sub("(?<=[a-z])(?=[A-Z])", " ", block.kind)
        texts += [block.description, block.kind, spaced, *block.tags]
    told = " ".join(texts).casefold()
    return all(word in told for word in words)


def _told(entry: LibraryFile, same: list[LibraryFile]) -> LibraryFile:
    own = entry.block
    others = [other for other in same if other.block and own and other.block.hash != own.hash]
    if not others:
        return entry
    place = others[0].path
    message = (
        f"{place} is the same block with another content. Delete one of the two, "
        "or duplicate one to make it a block of its own."
    )
    return replace(entry, message=message)
