"""Which synapse groups of a network start from weights that a block has learned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conex_core.errors import StructureError
from conex_core.graph.blocks.opening import OpenedLevel, opened
from conex_core.graph.files.weight_files import StoredWeights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conex_core.graph.model.document import Document, Learned

__all__ = ["as_opened", "joined", "learned_groups", "level_at", "paths_of", "without"]


def learned_groups(doc: Document) -> dict[str, StoredWeights]:
    """Return the stored weights by flat id; those of an outer block go before an inner one's."""
    found: dict[str, StoredWeights] = {}
    if any(definition.learned for definition in doc.definitions.values()):
        _collect(opened(doc), found)
    return found


def as_opened(doc: Document, path: Sequence[str]) -> tuple[Document, str]:
    """Return ``doc`` with the values of one instance inside its block, and the block's id."""
    level = level_at(doc, path)
    definition = level.definition
    return doc.with_definition(replace(definition, nodes=level.nodes)), definition.id


def paths_of(doc: Document, definition_id: str) -> list[tuple[str, ...]]:
    """Return the node ids that lead to each copy of a block, at any depth."""
    return [level.path for level in opened(doc).all() if level.definition.id == definition_id]


def joined(outer: Learned | None, inner: Learned | None, keys: str) -> Learned | None:
    """Return what a block starts from when it takes in what a block inside has learned.

    ``keys`` is what the ids of the inner block begin with outside of it.
    """
    if inner is None:
        return outer
    own = outer.files if outer is not None else ()
    moved = [replace(one, under=keys + one.under) for one in inner.files]
    first, *more = [*own, *(one for one in moved if one not in own)]
    return replace(first, more=tuple(more))


def without(doc: Document, definition_id: str, lost: Learned, group: str = "") -> Document:
    """Return ``doc`` with a block that draws its weights again, in place of those of one file.

    With a ``group``, only the weights of that synapse group.
    """
    definition = doc.definition(definition_id)
    files = definition.learned.files if definition.learned is not None else ()
    gone = {group} if group else set(lost.groups)
    fewer = replace(lost, groups=tuple(key for key in lost.groups if key not in gone))
    kept = [one for one in (fewer if one == lost else one for one in files) if one.groups]
    learned = replace(kept[0], more=tuple(kept[1:])) if kept else None
    return doc.with_definition(replace(definition, learned=learned))


def level_at(doc: Document, path: Sequence[str]) -> OpenedLevel:
    """Return an instance as it is opened, by the node ids that lead to it.

    Raises
    ------
    StructureError
        If there is none.
    """
    level = opened(doc)
    for node_id in path:
        if node_id not in level.children:
            raise StructureError(node_id, "is no block of this network", hint="Run it again")
        level = level.children[node_id]
    return level


def _collect(level: OpenedLevel, found: dict[str, StoredWeights]) -> None:
    held = level.definition.learned
    for learned in held.files if held is not None else ():
        for group in learned.groups:
            stored = StoredWeights(learned, group, level.shown, level.definition.id)
            found.setdefault(_flat_id(level.prefix + learned.under, group), stored)
    for child in level.children.values():
        _collect(child, found)


def _flat_id(prefix: str, group: str) -> str:
    """Return the flat id of a group inside; one of a pair names both of its ends as well."""
    name, mark, ends = group.partition("@")
    if not mark:
        return prefix + name
    source, _, target = ends.partition(">")
    return f"{prefix}{name}@{prefix}{source}>{prefix}{target}"
