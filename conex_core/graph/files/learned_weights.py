"""Which groups of a network start from what a block, or the network, has learned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conex_core.errors import StructureError
from conex_core.graph.blocks.opening import OpenedLevel, opened
from conex_core.graph.files.weight_files import StoredWeights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conex_core.graph.model.document import Document, Learned

__all__ = [
    "as_opened",
    "joined",
    "learned_groups",
    "learned_values",
    "level_at",
    "paths_of",
    "without",
]

_Weights = dict[str, StoredWeights]  # by flat id
_Values = dict[tuple[str, str], StoredWeights]  # by flat id and variable


def learned_groups(doc: Document) -> dict[str, StoredWeights]:
    """Return the stored weights by flat id; those of an outer block go before an inner one's."""
    return _all(doc)[0]


def learned_values(doc: Document) -> dict[str, dict[str, StoredWeights]]:
    """Return what else is stored, by flat id and variable, such as thresholds."""
    found: dict[str, dict[str, StoredWeights]] = {}
    for (flat_id, name), one in _all(doc)[1].items():
        found.setdefault(flat_id, {})[name] = one
    return found


def _all(doc: Document) -> tuple[_Weights, _Values]:
    weights: _Weights = {}
    values: _Values = {}
    if any(definition.learned for definition in doc.definitions.values()):
        _collect(opened(doc), weights, values)
    return weights, values


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

    With a ``group``, only what that group has learned.
    """
    definition = doc.definition(definition_id)
    files = definition.learned.files if definition.learned is not None else ()
    fewer = _without_group(lost, group) if group else replace(lost, groups=(), variables=())
    left = (fewer if one == lost else one for one in files)
    kept = [one for one in left if one.groups or one.variables]
    learned = replace(kept[0], more=tuple(kept[1:])) if kept else None
    return doc.with_definition(replace(definition, learned=learned))


def _without_group(learned: Learned, group: str) -> Learned:
    groups = tuple(key for key in learned.groups if key != group)
    variables = tuple(pair for pair in learned.variables if pair[0] != group)
    return replace(learned, groups=groups, variables=variables)


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


def _collect(level: OpenedLevel, weights: _Weights, values: _Values) -> None:
    held, definition = level.definition.learned, level.definition.id
    for learned in held.files if held is not None else ():
        prefix = level.prefix + learned.under
        for group in learned.groups:
            stored = StoredWeights(learned, group, level.shown, definition)
            weights.setdefault(_flat_id(prefix, group), stored)
        for group, name in learned.variables:
            stored = StoredWeights(learned, group, level.shown, definition, name)
            values.setdefault((_flat_id(prefix, group), name), stored)
    for child in level.children.values():
        _collect(child, weights, values)


def _flat_id(prefix: str, group: str) -> str:
    """Return the flat id of a group inside; one of a pair names both of its ends as well."""
    name, mark, ends = group.partition("@")
    if not mark:
        return prefix + name
    source, _, target = ends.partition(">")
    return f"{prefix}{name}@{prefix}{source}>{prefix}{target}"
