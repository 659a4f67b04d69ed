"""Bring a block of the library into a document, and tie the two together."""

from __future__ import annotations

from dataclasses import replace

from conex_core.graph.edits.grouping import add_instance
from conex_core.graph.edits.merging import merged
from conex_core.graph.files.block_file import Block
from conex_core.graph.files.weight_files import keep
from conex_core.graph.model.document import MAIN, Document, new_id

__all__ = ["insert_block", "linked"]


def insert_block(
    doc: Document,
    block: Block,
    *,
    at: tuple[float, float] = (0.0, 0.0),
    inside: str = MAIN,
    name: str | None = None,
    node_id: str | None = None,
) -> tuple[Document, str]:
    """Return ``doc`` with an instance of a library block in the main network, and its node id.

    All that the block needs comes along; what is here already, with the same
    content, is shared. ``inside`` is the definition that stands in for the main
    network, if one does. The definition remembers the block by its stamp.
    Weights that it has learned are copied from beside it to the user's folder.

    Raises
    ------
    StructureError
        If the block would come to hold itself.
    FileError
        If the weights that it has learned are missing or changed.
    """
    if block.path is not None:
        keep(block.definitions.values(), block.path.parent)
    grown, names = merged(doc, block.definitions)
    definition_id = names[block.definition_id]
    node = node_id or new_id()
    grown = add_instance(
        grown, definition_id, name=name or block.name, at=at, node_id=node, inside=inside
    )
    if grown.definition(definition_id).block is None:
        grown = linked(grown, definition_id, block)
    return grown, node


def linked(doc: Document, definition_id: str, block: Block) -> Document:
    """Return ``doc`` with a definition marked as coming from a library block.

    For a definition that was just saved to the library as ``block``.
    """
    definition = doc.definition(definition_id)
    if definition.block == block.stamp:
        return doc
    return doc.with_definition(replace(definition, block=block.stamp))
