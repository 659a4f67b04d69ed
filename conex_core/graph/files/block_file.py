"""Block files: one block with all that it needs, as deterministic JSON text.

A block is a definition that has left its project: it keeps an id for life, a
version that grows with its content, and a hash of that content. A file is data
only, and is measured before anything walks through it. Folders of such files
are the matter of ``conex_core.graph.library.library``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from conex_core.atomic_files import write
from conex_core.errors import FileError, StructureError
from conex_core.graph.blocks.definitions import used_definitions
from conex_core.graph.blocks.limits import refuse_unsound
from conex_core.graph.files import project_file
from conex_core.graph.files.codec import definition_to, definitions_from, plain
from conex_core.graph.files.content_hash import content_hash
from conex_core.graph.files.json_places import JsonPlace
from conex_core.graph.files.json_text import dumps
from conex_core.graph.files.weight_files import carry
from conex_core.graph.model.document import MAIN, BlockStamp, Definition, Document, Learned, new_id

__all__ = [
    "EXTENSION",
    "FORMAT",
    "FORMAT_VERSION",
    "Block",
    "block_from_text",
    "block_of",
    "block_to_text",
    "load_block",
    "save_block",
]

FORMAT = "conex-block"
FORMAT_VERSION = 1
EXTENSION = ".conexblock"
LARGEST = 16 * 1024 * 1024  # bytes; weights are kept in a file of their own

_WHAT = "a block of CoNeX Studio"
_LONGEST_NAME = 200  # characters; what a panel and a file name can bear
_DAMAGED = "The file seems to be damaged; take an older copy of it"


@dataclass(frozen=True)
class Block:
    """Hold a block of the library: a definition, all that it needs, and its passport.

    ``hash`` is :func:`content_hash` of the content, computed and not read.
    ``source`` says where it was found: ``shipped``, ``user``, ``folder`` or
    ``project``. ``path`` is None until it was saved or read.
    """

    id: str
    version: int
    hash: str
    definition_id: str
    definitions: Mapping[str, Definition]
    author: str = ""
    path: Path | None = None
    source: str = "project"
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def definition(self) -> Definition:
        """Return the definition that an instance of this block shows."""
        return self.definitions[self.definition_id]

    @property
    def name(self) -> str:
        """Return what the block is called."""
        return self.definition.name

    @property
    def description(self) -> str:
        """Return what the block is for; the first line is a summary."""
        return self.definition.description

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the words under which it is found."""
        return self.definition.tags

    @property
    def kind(self) -> str:
        """Return the structure that it builds, such as ``CorticalLayer``."""
        return self.definition.kind

    @property
    def learned(self) -> Learned | None:
        """Return the weights that its copies start from, if it has learned any."""
        return self.definition.learned

    @property
    def stamp(self) -> BlockStamp:
        """Return what a project remembers of this block."""
        return BlockStamp(self.id, self.version, self.hash)

    def with_definition(self, definition: Definition) -> Block:
        """Return this block with its own definition changed; the version stays."""
        changed = replace(definition, id=self.definition_id)
        definitions = {**self.definitions, self.definition_id: changed}
        found = content_hash(definitions, self.definition_id)
        return replace(self, definitions=definitions, hash=found)


def block_of(
    doc: Document, definition_id: str, *, block_id: str | None = None, author: str = ""
) -> Block:
    """Return a definition of ``doc``, with all that it holds, as a block.

    It keeps the id and the version of the library block that it came from,
    unless ``block_id`` names another or makes it a new one.

    Raises
    ------
    StructureError
        If it is the main network, or holds a block that is missing.
    """
    root = doc.definition(definition_id)
    if definition_id == MAIN:
        raise StructureError(root.name, "is no block", hint="Group its nodes into one first")
    found = used_definitions(doc.definitions, definition_id)
    for definition in found.values():
        for node in definition.nodes.values():
            if node.is_instance and node.of not in found:
                hint = "Insert that block from the library again, or remove the node"
                raise StructureError(node.name, "shows a block that is missing", hint=hint)
    stamp = root.block
    if stamp is None or block_id not in (None, stamp.id):
        stamp = BlockStamp(block_id or new_id("block"), 1)
    own = {**found, definition_id: replace(root, block=None)}
    refuse_unsound(own, definition_id, root.name)
    found_hash = content_hash(own, definition_id)
    return Block(stamp.id, stamp.version, found_hash, definition_id, own, author)


def block_to_text(block: Block) -> str:
    """Return ``block`` as the text of a block file; equal blocks give equal text."""
    return dumps(
        {
            **plain(block.extra),
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "block": {
                "id": block.id,
                "version": block.version,
                "hash": block.hash,
                "author": block.author,
            },
            "definition": block.definition_id,
            "definitions": {key: definition_to(item) for key, item in block.definitions.items()},
        }
    )


def block_from_text(text: str, path: object = "block", *, source: str = "folder") -> Block:
    """Return the block of a file's text.

    Raises
    ------
    FileError
        If it is no block of this version, is damaged, holds itself, or is too large.
    """
    record = project_file.opened(text, path, FORMAT, what=_WHAT, newest=FORMAT_VERSION)
    block_id, version, author = record.need("block", _passport_from)
    definition_id = record.need("definition", JsonPlace.text)
    definitions = record.need("definitions", definitions_from)
    refuse_unsound(definitions, definition_id, path)
    definitions = used_definitions(definitions, definition_id)
    return Block(
        id=block_id,
        version=version,
        hash=content_hash(definitions, definition_id),
        definition_id=definition_id,
        definitions=definitions,
        author=author,
        path=path if isinstance(path, Path) else None,
        source=source,
        extra=record.extra(),
    )


def load_block(path: str | os.PathLike[str], *, source: str = "folder") -> Block:
    """Return the block in a file.

    Raises
    ------
    FileError
        If there is no such file, or :func:`block_from_text` refuses it.
    """
    target = Path(path)
    text = project_file.text_of(target, _WHAT, largest=LARGEST)
    return block_from_text(text, target, source=source)


def save_block(block: Block, path: str | os.PathLike[str], *, overwrite: bool = False) -> Block:
    """Write ``block`` to a file in one step, and return it as it is there.

    Over an older state of itself its version grows by one if the content
    changed. Any other file is left alone, unless ``overwrite`` is set. Weights
    that it has learned are copied from beside ``block.path``; if they are lost
    where it lies already, it is saved all the same.

    Raises
    ------
    FileError
        If the file cannot be written, or something else is there.
    """
    target = Path(path)
    sources = [] if block.path is None else [block.path.parent]
    with suppress(FileError) if target.parent in sources else nullcontext():
        carry(block.definitions.values(), sources, target.parent)
    there = None if overwrite else _same_block(block, target)
    saved = replace(block, path=target, version=_next_version(block, there))
    write(target, block_to_text(saved).encode("utf-8"))
    return saved


def _same_block(block: Block, target: Path) -> Block | None:
    """Return what ``target`` holds of the same block; None if there is no such file."""
    if not target.exists():
        return None
    hint = "Choose another name, or remove it first"
    try:
        there = load_block(target)
    except FileError:
        raise FileError(target, "is there already, and is no block", hint=hint) from None
    if there.id != block.id:
        raise FileError(target, f"holds another block, {there.name}", hint=hint)
    return there


def _next_version(block: Block, there: Block | None) -> int:
    if there is None:
        return block.version
    newest = max(there.version, block.version)
    return newest if there.hash == block.hash else newest + 1


def _passport_from(place: JsonPlace) -> tuple[str, int, str]:
    record = place.record()
    block_id = record.need("id", _name_from)
    version = record.need("version", JsonPlace.whole)
    if version < 1:
        raise place.error(f"has the version {version}, which must be 1 or more", _DAMAGED)
    record.take("hash", JsonPlace.text, "")
    return block_id, version, record.take("author", JsonPlace.text, "")


def _name_from(place: JsonPlace) -> str:
    text = place.text()
    if not 0 < len(text) <= _LONGEST_NAME:
        raise place.error(f"must have 1 to {_LONGEST_NAME} characters, got {len(text):,}", _DAMAGED)
    return text
