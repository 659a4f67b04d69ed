"""Bring definitions into a document: equal ones are shared, others get ids of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conex_core.graph.files.content_hash import content_hash
from conex_core.graph.model.document import MAIN, Definition, Document, new_id
from conex_core.graph.model.names import unique_name

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["merged"]


def merged(doc: Document, brought: Mapping[str, Definition]) -> tuple[Document, dict[str, str]]:
    """Return ``doc`` with definitions added, and the id that each of them has there."""
    here: dict[str, str] = {}
    for key in sorted(doc.definitions.keys() - {MAIN}):
        here.setdefault(content_hash(doc.definitions, key), key)
    names = {key: _name_in(doc, here, key, content_hash(brought, key)) for key in brought}
    taken = {item.name for key, item in doc.definitions.items() if key != MAIN}
    for key, definition in brought.items():
        if names[key] in doc.definitions:
            continue
        nodes = {
            name: replace(node, of=names.get(node.of, node.of))
            for name, node in definition.nodes.items()
        }
        called = unique_name(definition.name, taken)
        taken.add(called)
        doc = doc.with_definition(replace(definition, id=names[key], name=called, nodes=nodes))
    return doc, names


def _name_in(doc: Document, here: Mapping[str, str], key: str, content: str) -> str:
    """Return the id that a definition gets: its own, that of an equal one, or a new one."""
    if key == MAIN or key not in doc.definitions:
        return here.get(content) or (new_id("d") if key == MAIN else key)
    same = content_hash(doc.definitions, key) == content
    return key if same else here.get(content) or new_id("d")
