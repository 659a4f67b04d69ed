"""Bring definitions into a document: equal ones are shared, others get ids of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conex_core.graph.files.content_hash import content_hashes
from conex_core.graph.model.document import MAIN, Definition, Document, new_id
from conex_core.graph.model.names import unique_names

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["merged"]


def merged(doc: Document, brought: Mapping[str, Definition]) -> tuple[Document, dict[str, str]]:
    """Return ``doc`` with definitions added, and the id that each of them has there."""
    own, new = content_hashes(doc.definitions), content_hashes(brought)
    here: dict[str, str] = {}
    for key in sorted(doc.definitions.keys() - {MAIN}):
        here.setdefault(own[key], key)
    names = {key: _name_in(own, here, key, new[key]) for key in brought}
    taken = [item.name for key, item in doc.definitions.items() if key != MAIN]
    fresh = [item for key, item in brought.items() if names[key] not in doc.definitions]
    titles = unique_names((item.name for item in fresh), taken)
    added = dict(doc.definitions)
    for definition, title in zip(fresh, titles, strict=True):
        nodes = {
            name: replace(node, of=names.get(node.of, node.of))
            for name, node in definition.nodes.items()
        }
        own_id = names[definition.id]
        added[own_id] = replace(definition, id=own_id, name=title, nodes=nodes)
    return replace(doc, definitions=added) if fresh else doc, names


def _name_in(own: Mapping[str, str], here: Mapping[str, str], key: str, content: str) -> str:
    """Return the id that a definition gets: its own, that of an equal one, or a new one."""
    if key == MAIN or key not in own:
        return here.get(content) or (new_id("d") if key == MAIN else key)
    return key if own[key] == content else here.get(content) or new_id("d")
