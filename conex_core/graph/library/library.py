"""The library: folders of block files, and what can be done with them.

Three sorts of folder: the blocks that ship with the program, the user's own,
and any that the user adds. One bad file or folder never hides the others; it
is listed with what is wrong. Nothing here watches: ``scan`` looks anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from conex_core.errors import ConexError, FileError, UnknownName
from conex_core.graph.files.block_file import (
    EXTENSION,
    Block,
    load_block,
    save_block,
)
from conex_core.graph.files.file_names import stem_for
from conex_core.graph.files.weight_files import unneeded, weights_of
from conex_core.graph.library.folders import LibraryFile, LibraryFolder, has_words, with_clashes
from conex_core.graph.model.document import new_id
from conex_core.graph.model.names import unique_name
from conex_core.resources import root, user_data

__all__ = [
    "Library",
    "shipped_folder",
    "to_trash",
    "user_folder",
]

_MOST_FILES = 5_000  # of one folder


def user_folder() -> Path:
    """Return the folder of the user's own blocks; it need not be there yet."""
    return user_data() / "blocks"


def shipped_folder() -> Path:
    """Return the folder of the blocks that ship with the program."""
    return root() / "blocks"


def to_trash(path: Path) -> None:
    """Move a file to the system's trash.

    Raises
    ------
    FileError
        If there is no trash, or it does not take the file; the file stays.
    """
    import send2trash

    try:
        send2trash.send2trash(os.fspath(path))
    except OSError as error:
        hint = "It is still there; delete it in the file manager"
        reason = getattr(error, "strerror", None) or error
        raise FileError(path, f"cannot be moved to the trash ({reason})", hint=hint) from error


class Library:
    """Know the blocks in several folders: find, save, rename, duplicate and remove them.

    Parameters
    ----------
    folders
        What the user added, in the user's order.
    user, shipped
        In place of the usual folders.
    trash
        Takes a file out of sight; the system's trash by default.
    """

    def __init__(
        self,
        folders: Iterable[str | os.PathLike[str]] = (),
        *,
        user: Path | None = None,
        shipped: Path | None = None,
        trash: Callable[[Path], None] = to_trash,
    ) -> None:
        self._own = ((user or user_folder(), "user"), (shipped or shipped_folder(), "shipped"))
        self._folders: list[Path] = []
        self._trash = trash
        self._read: dict[Path, tuple[tuple[int, int], LibraryFile]] = {}
        self.shelves: tuple[LibraryFolder, ...] = ()
        for folder in folders:
            self.add_folder(folder)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return the folders that the user added."""
        return tuple(self._folders)

    @property
    def entries(self) -> tuple[LibraryFile, ...]:
        """Return every file that the last scan found, the user's own first."""
        return tuple(entry for shelf in self.shelves for entry in shelf.entries)

    def add_folder(self, folder: str | os.PathLike[str]) -> Path:
        """Look into one more folder from the next scan on; it need not be there."""
        path = Path(os.path.abspath(Path(folder).expanduser()))
        known = [own for own, _ in self._own]
        if path not in (*known, *self._folders):
            self._folders.append(path)
        return path

    def remove_folder(self, folder: str | os.PathLike[str]) -> None:
        """Look no more into a folder; its files stay.

        Raises
        ------
        UnknownName
            If it was not added.
        """
        path = Path(os.path.abspath(Path(folder).expanduser()))
        if path not in self._folders:
            raise UnknownName("folder", str(path), map(str, self._folders))
        self._folders.remove(path)

    def scan(self) -> tuple[LibraryFolder, ...]:
        """Look into all folders anew and return what is there; unchanged files are not read."""
        (user, shipped) = self._own
        places = [user, *((folder, "folder") for folder in self._folders), shipped]
        found = [self._shelf(folder, source) for folder, source in places]
        kept = {entry.path for shelf in found for entry in shelf.entries}
        self._read = {path: read for path, read in self._read.items() if path in kept}
        self.shelves = tuple(with_clashes(found))
        return self.shelves

    def search(self, text: str) -> list[LibraryFile]:
        """Return the entries that have every word in name, tags, description or kind."""
        words = text.casefold().split()
        return [entry for entry in self.entries if has_words(entry, words)]

    def block(self, block_id: str) -> Block | None:
        """Return the newest block with that id; None if the library lacks it."""
        found = [e.block for e in self.entries if e.block is not None and e.block.id == block_id]
        return max(found, key=lambda block: block.version, default=None)

    def named(self, name: str) -> Block:
        """Return the block that is called or has the id ``name``, or raise UnknownName."""
        blocks = [entry.block for entry in self.entries if entry.block is not None]
        for block in blocks:
            if name in (block.name, block.id):
                return block
        raise UnknownName("block", name, {block.name for block in blocks})

    def save(self, block: Block, folder: str | os.PathLike[str] | None = None) -> Block:
        """Write ``block`` into a folder, the user's own by default, and return it as it is there.

        A file there with the same id is replaced and its version grows; there
        is never a second one.

        Raises
        ------
        FileError
            If the folder is not there or takes no files.
        """
        place = self._own[0][0] if folder is None else Path(folder)
        if place == self._own[0][0]:
            _make(place)
        self._refuse_shipped(place / "x", "Save it in your own folder")
        there = [entry for entry in self._shelf(place, "folder").entries if entry.block]
        same = [entry.path for entry in there if entry.block and entry.block.id == block.id]
        target = same[0] if same else _free(place, block.name)
        return replace(save_block(block, target), source=self._source(place))

    def rename(self, entry: LibraryFile, name: str) -> Block:
        """Give a block another name; its id, version and file stay.

        Raises
        ------
        FileError
            If the file is broken, shipped or cannot be written, or the name is empty.
        """
        block = self._usable(entry)
        self._refuse_shipped(entry.path, "Duplicate it and rename the copy")
        called = name.strip()
        if not called or len(called) > 200:
            raise FileError(entry.path, "needs a name of 1 to 200 characters")
        renamed = block.with_definition(replace(block.definition, name=called))
        return replace(save_block(renamed, entry.path), source=entry.source)

    def duplicate(self, entry: LibraryFile) -> Block:
        """Write a copy, which is a block of its own, beside a block or into the user's folder."""
        block = self._usable(entry)
        place = self._own[0][0] if entry.source == "shipped" else entry.path.parent
        there = self._shelf(place, "folder").entries
        called = unique_name(block.name, {block.name, *(other.name for other in there)})
        copy = block.with_definition(replace(block.definition, name=called))
        return self.save(replace(copy, id=new_id("block"), version=1), place)

    def delete(self, entry: LibraryFile) -> None:
        """Move a file to the trash, with the weights that nothing else beside it names.

        Raises
        ------
        FileError
            If it is shipped, or the trash does not take it.
        """
        self._refuse_shipped(entry.path, "Blocks that ship with the program stay")
        if not entry.path.exists():
            raise FileError(entry.path, "is not there any more", hint="Look into the folder anew")
        learned = weights_of(entry.block.definitions.values()) if entry.block is not None else []
        self._trash(entry.path)
        for path in unneeded(learned, entry.path):
            with suppress(FileError):  # what stays only takes up room
                self._trash(path)

    def _shelf(self, folder: Path, source: str) -> LibraryFolder:
        try:
            with os.scandir(folder) as found:
                paths = sorted(
                    Path(item.path) for item in found if item.name.lower().endswith(EXTENSION)
                )
        except FileNotFoundError:
            hint = "Connect its drive, or remove it from the list."
            message = "" if source == "user" else f"The folder {folder} is not there. {hint}"
            return LibraryFolder(folder, source, message=message)
        except OSError as error:
            reason = error.strerror or error
            message = f"The folder {folder} cannot be read ({reason}). Check its permissions."
            return LibraryFolder(folder, source, message=message)
        message = ""
        if len(paths) > _MOST_FILES:
            message = f"Only the first {_MOST_FILES:,} blocks of {folder} are shown."
        entries = [self._entry(path, source) for path in paths[:_MOST_FILES]]
        entries.sort(key=lambda entry: (entry.name.casefold(), entry.path))
        return LibraryFolder(folder, source, tuple(entries), message)

    def _entry(self, path: Path, source: str) -> LibraryFile:
        try:
            status = path.stat()
            mark = (status.st_mtime_ns, status.st_size)
            known = self._read.get(path)
            if known is not None and known[0] == mark and known[1].source == source:
                return known[1]
            entry = LibraryFile(path, source, load_block(path, source=source))
        except ConexError as error:
            entry = LibraryFile(path, source, message=str(error))
        except OSError as error:
            reason = error.strerror or error
            return LibraryFile(path, source, message=f"{path}: cannot be read: {reason}")
        self._read[path] = (mark, entry)
        return entry

    def _usable(self, entry: LibraryFile) -> Block:
        if entry.block is None:
            raise FileError(entry.path, "is no usable block", hint="Delete it, or mend the file")
        return load_block(entry.path, source=entry.source)  # it may have changed since the scan

    def _source(self, folder: Path) -> str:
        return next((source for own, source in self._own if own == folder), "folder")

    def _refuse_shipped(self, path: Path, hint: str) -> None:
        if self._source(path.parent) == "shipped":
            raise FileError(path.parent, "ships with the program and stays as it is", hint=hint)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        hint = "Choose another folder for your blocks"
        reason = error.strerror or error
        raise FileError(folder, f"cannot be made ({reason})", hint=hint) from error


def _free(folder: Path, name: str) -> Path:
    """Return a file that is not there yet, named after a block."""
    stem = stem_for(name, "block")
    try:
        taken = {path.name.casefold() for path in folder.iterdir()}
    except OSError as error:
        hint = "Connect its drive, or choose another folder"
        reason = error.strerror or error
        raise FileError(folder, f"cannot be used ({reason})", hint=hint) from error
    count, called = 1, f"{stem}{EXTENSION}"
    while called.casefold() in taken:
        count += 1
        called = f"{stem} {count}{EXTENSION}"
    return folder / called
