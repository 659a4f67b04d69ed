"""Edits of promoted parameters: what a block lets its instances set.

A parameter at depth three is promoted three times, once for each block around
it; ``promote`` does all of them. All act on a definition by its id.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conex_core.errors import StructureError, UnknownName
from conex_core.graph.blocks.definitions import parameter_of, tidied
from conex_core.graph.model.document import MAIN, Definition, Document, Promoted, Target, new_id
from conex_core.graph.model.names import unique_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conex_core.catalog import Catalog

__all__ = ["demote", "follow", "move_promoted", "promote", "promoted_of", "set_promoted"]


def promote(
    doc: Document,
    definitions: Sequence[str],
    target: Target,
    *,
    catalog: Catalog,
    instances: Sequence[str] = (),
    name: str | None = None,
    promoted_id: str | None = None,
) -> Document:
    """Return ``doc`` with a parameter promoted in a block, and in those around it.

    Parameters
    ----------
    definitions
        The block that holds the node first, then those around it up to the one wanted.
    instances
        Node ids: ``instances[k]`` is the instance of ``definitions[k]`` in
        ``definitions[k + 1]``.
    name
        What it is called; made unique there. The parameter's own by default.

    Raises
    ------
    UnknownName
        If there is no such node, behavior or parameter.
    StructureError
        If the main network is asked to show it, or it is promoted there already.
    """
    for level, definition_id in enumerate(definitions):
        shown = next(
            (one for one in doc.definition(definition_id).promoted if target in one.targets), None
        )
        if shown is None:
            doc, shown = _promoted(doc, definition_id, target, catalog, name, promoted_id)
        elif level == len(definitions) - 1:
            raise StructureError(shown.name, "is on the face of this block already")
        if level < len(definitions) - 1:
            target = Target(instances[level], None, shown.id)
        promoted_id = None
    return doc


def follow(doc: Document, definition_id: str, promoted_id: str, target: Target) -> Document:
    """Return ``doc`` with one more inner parameter following a promoted one."""
    promoted = promoted_of(doc.definition(definition_id), promoted_id)
    if target in promoted.targets:
        return doc
    return set_promoted(doc, definition_id, promoted_id, targets=(*promoted.targets, target))


def demote(doc: Document, definition_id: str, promoted_id: str) -> Document:
    """Return ``doc`` without a promoted parameter, its values and what follows it outside."""
    definition = doc.definition(definition_id)
    gone = promoted_of(definition, promoted_id)
    kept = tuple(one for one in definition.promoted if one is not gone)
    return tidied(doc.with_definition(replace(definition, promoted=kept)), definition_id)


def set_promoted(doc: Document, definition_id: str, promoted_id: str, **changes: Any) -> Document:
    """Return ``doc`` with a promoted parameter's name, help, bounds or targets changed."""
    definition = doc.definition(definition_id)
    old = promoted_of(definition, promoted_id)
    new = replace(old, **changes)
    if new == old:
        return doc
    promoted = tuple(new if one is old else one for one in definition.promoted)
    return doc.with_definition(replace(definition, promoted=promoted))


def move_promoted(doc: Document, definition_id: str, promoted_id: str, index: int) -> Document:
    """Return ``doc`` with a promoted parameter at another place among them."""
    definition = doc.definition(definition_id)
    moved = promoted_of(definition, promoted_id)
    rest = [one for one in definition.promoted if one is not moved]
    rest.insert(max(0, min(index, len(rest))), moved)
    if tuple(rest) == definition.promoted:
        return doc
    return doc.with_definition(replace(definition, promoted=tuple(rest)))


def promoted_of(definition: Definition, promoted_id: str) -> Promoted:
    """Return a promoted parameter, or raise UnknownName."""
    for one in definition.promoted:
        if one.id == promoted_id:
            return one
    known = [one.name for one in definition.promoted]
    raise UnknownName(f"parameter of {definition.name}", promoted_id, known)


def _promoted(
    doc: Document,
    definition_id: str,
    target: Target,
    catalog: Catalog,
    name: str | None,
    promoted_id: str | None,
) -> tuple[Document, Promoted]:
    if definition_id == MAIN:
        raise StructureError("Network", "has no face", hint="Group the nodes into a block first")
    definition = doc.definition(definition_id)
    trial = Promoted(promoted_id or new_id("p"), name or target.field, (target,))
    parameter = parameter_of(doc, definition_id, trial, catalog)
    node = definition.node(target.node)
    if parameter is None:
        raise UnknownName(f"parameter of {node.name}", target.field, ())
    inner = doc.definitions.get(node.of)
    if name is None and inner is not None:
        trial = replace(trial, name=promoted_of(inner, target.field).name)
    called = unique_name(trial.name, (one.name for one in definition.promoted))
    new = replace(trial, name=called)
    return doc.with_definition(replace(definition, promoted=(*definition.promoted, new))), new
