"""Which blocks of a document the library has something newer for, for badges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conex_core.graph.library.comparison import relation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conex_core.graph.files.block_file import Block
    from conex_core.graph.model.document import Definition, Document

__all__ = ["newer_blocks", "newest", "outdated"]


def newest(blocks: Iterable[Block]) -> dict[str, Block]:
    """Return the block with the highest version for each id."""
    found: dict[str, Block] = {}
    for block in blocks:
        held = found.get(block.id)
        if held is None or block.version > held.version:
            found[block.id] = block
    return found


def newer_blocks(doc: Document, library: Mapping[str, Block]) -> dict[str, Block]:
    """Return, by definition id, the library's block where it is newer than the document's.

    Contents are compared only where the stamps already differ, so that asking
    after every edit costs little.
    """
    found = {}
    for key, definition in doc.definitions.items():
        stamp = definition.block
        block = None if stamp is None else library.get(stamp.id)
        if stamp is None or block is None or stamp.hash == block.hash:
            continue
        if relation_of(doc, key, block) in ("library newer", "both"):
            found[key] = block
    return found


def outdated(definition: Definition, newer: Mapping[str, Block]) -> frozenset[str]:
    """Return the ids of the instances in ``definition`` that could be updated."""
    return frozenset(
        node.id for node in definition.nodes.values() if node.is_instance and node.of in newer
    )
