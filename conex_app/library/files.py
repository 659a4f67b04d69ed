"""What the window adds to the library of the core: words before saving, importing.

Nothing here touches a widget; all of it may run in a thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from conex_app.library.save_dialog import SaveWish, Verdict
from conex_app.library.shelves import ListedBlock, ListedShelf
from conex_core.errors import FileError
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import instances_of, within
from conex_core.graph.files.block_file import Block, block_of, load_block, save_block
from conex_core.graph.files.learned_weights import as_opened
from conex_core.graph.files.weight_files import carry
from conex_core.graph.library.library import Library
from conex_core.graph.model.document import Definition, Document, new_id

__all__ = ["import_file", "keep", "remembered", "trained", "verdict"]


def verdict(definition: Definition, wish: SaveWish, shelves: Iterable[ListedShelf]) -> Verdict:
    """Say what :func:`keep` would do, before it is done."""
    if not wish.name:
        return Verdict("A block needs a name.", "")
    there = _namesake(wish, shelves)
    if there is None or there.file is None or there.file.block is None:
        return Verdict(f"A new block in {wish.folder}")
    known = f"{there.title} is there already, as version {there.version}."
    stamp = definition.block
    if stamp is not None and stamp.id == there.file.block.id:
        if stamp.hash and stamp.hash != there.file.block.hash:
            return Verdict(
                f"{known} It was changed since it was taken into this project, which has "
                f"version {stamp.version}. Replacing it makes version {there.version + 1}; "
                "another name keeps both.",
                "Replace",
            )
        return Verdict(f"{known} What changed becomes version {there.version + 1}.", "Update")
    return Verdict(
        f"{known} Replacing it makes version {there.version + 1}; another name keeps both.",
        "Replace",
    )


def keep(
    library: Library,
    doc: Document,
    definition_id: str,
    wish: SaveWish,
    shelves: Iterable[ListedShelf],
) -> Block:
    """Write a block of ``doc`` into the library; one of that name there gets a new version."""
    there = _namesake(wish, shelves)
    known = there.file.block if there is not None and there.file is not None else None
    block_id = known.id if known is not None else new_id("block")
    block = block_of(doc, definition_id, block_id=block_id)
    if known is not None and known.path is not None:
        _refuse_changed(known, known.path)
    return library.save(_worded(block, wish), wish.folder)


def trained(
    doc: Document, path: Sequence[str], wish: SaveWish, shelves: Iterable[ListedShelf]
) -> Block:
    """Return a block as one of its copies in ``doc`` is, for its weights to be added."""
    there = _namesake(wish, shelves)
    known = there.file.block if there is not None and there.file is not None else None
    inside, definition_id = as_opened(doc, path)
    block_id = known.id if known is not None else new_id("block")
    return _worded(block_of(inside, definition_id, block_id=block_id), wish)


def remembered(doc: Document, definition_id: str, wish: SaveWish, block: Block) -> Document:
    """Return ``doc`` with a block as it was kept; its only copy takes over a new name."""
    before = doc.definition(definition_id).name
    copies = instances_of(doc, definition_id)
    outer, node_id = copies[0] if len(copies) == 1 else ("", "")
    if outer and doc.definition(outer).node(node_id).name == before:
        doc = within(doc, outer, partial(edits.rename, node_id=node_id, name=wish.name))
    words = {"name": wish.name, "description": wish.description, "tags": wish.tags}
    return edits.set_definition(doc, definition_id, block=block.stamp, **words)


def import_file(library: Library, path: Path) -> Block:
    """Copy a block into the user's folder; an older state of it there is replaced.

    Raises
    ------
    FileError
        If it is no block, or the user's own has changed since.
    """
    block = load_block(path)
    shelf = next(shelf for shelf in library.scan() if shelf.source == "user")
    same = [each for each in shelf.entries if each.block and each.block.id == block.id]
    there = same[0].block if same else None
    if there is None or there.path is None:
        saved = library.save(block)
    elif there.hash == block.hash:
        carry(block.definitions.values(), [path.parent], there.path.parent)
        return there
    elif there.version < block.version:
        saved = save_block(block, there.path, overwrite=True)
    else:
        raise FileError(
            path,
            f"is version {block.version} of {there.name}, and yours is version {there.version}"
            " with another content",
            hint="Duplicate yours and delete the first, then import again",
        )
    return saved


def _refuse_changed(known: Block, path: Path) -> None:
    """Refuse to replace a file that is another one than the dialog has told."""
    if path.exists() and load_block(path).hash != known.hash:
        hint = "Save again to see what is there now"
        raise FileError(path, "was changed on disk just now, so it was not replaced", hint=hint)


def _worded(block: Block, wish: SaveWish) -> Block:
    definition = replace(
        block.definition, name=wish.name, description=wish.description, tags=wish.tags
    )
    return block.with_definition(definition)


def _namesake(wish: SaveWish, shelves: Iterable[ListedShelf]) -> ListedBlock | None:
    name = wish.name.casefold()
    return next(
        (
            entry
            for shelf in shelves
            if shelf.folder == wish.folder
            for entry in shelf.entries
            if entry.title.casefold() == name and not entry.problem
        ),
        None,
    )
