"""Which synapse groups of a network start from weights that a block has learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conex_core.graph.scopes import Scope, opened
from conex_core.graph.weightfiles import StoredWeights

if TYPE_CHECKING:
    from conex_core.graph.state import Document

__all__ = ["learned_groups"]


def learned_groups(doc: Document) -> dict[str, StoredWeights]:
    """Return the stored weights by flat id; those of an outer block go before an inner one's."""
    found: dict[str, StoredWeights] = {}
    if any(definition.learned for definition in doc.definitions.values()):
        _collect(opened(doc), found)
    return found


def _collect(scope: Scope, found: dict[str, StoredWeights]) -> None:
    learned = scope.definition.learned
    if learned is not None:
        for group in learned.groups:
            stored = StoredWeights(learned, group, scope.shown)
            found.setdefault(_flat_id(scope.prefix, group), stored)
    for child in scope.children.values():
        _collect(child, found)


def _flat_id(prefix: str, group: str) -> str:
    """Return the flat id of a group inside; one of a pair names both of its ends as well."""
    name, mark, ends = group.partition("@")
    if not mark:
        return prefix + name
    source, _, target = ends.partition(">")
    return f"{prefix}{name}@{prefix}{source}>{prefix}{target}"
