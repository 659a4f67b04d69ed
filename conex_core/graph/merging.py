"""Bring definitions into a document: equal ones are shared, others get ids of their own."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from conex_core.graph.blocks import cycle
from conex_core.graph.codec import definition_to
from conex_core.graph.jsontext import dumps
from conex_core.graph.nodes import unique_name
from conex_core.graph.state import MAIN, Definition, Document, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["content_hash", "merged"]


def content_hash(definitions: Mapping[str, Definition], definition_id: str) -> str:
    """Return a hash of what a definition is and holds, at any depth, whatever its ids are.

    Its name, place in a library and the ids of inner definitions do not count.
    """
    if definition_id not in definitions or cycle(definitions, definition_id):
        return definition_id
    return _hash(definitions, definition_id, {})


def merged(doc: Document, brought: Mapping[str, Definition]) -> tuple[Document, dict[str, str]]:
    """Return ``doc`` with definitions added, and the id that each of them has there."""
    here = {content_hash(doc.definitions, key): key for key in doc.definitions if key != MAIN}
    names: dict[str, str] = {}
    for key in brought:
        found = here.get(content_hash(brought, key))
        names[key] = found or (new_id("d") if key in doc.definitions else key)
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


def _hash(definitions: Mapping[str, Definition], definition_id: str, known: dict[str, str]) -> str:
    """Return the hash of a definition; each one inside is opened once."""
    if definition_id not in known:
        definition = definitions[definition_id]
        nodes = {
            key: replace(node, of=_hash(definitions, node.of, known))
            if node.of in definitions
            else node
            for key, node in definition.nodes.items()
        }
        bare = replace(definition, id="block", name="", block=None, nodes=nodes)
        text = dumps(definition_to(bare))
        known[definition_id] = hashlib.sha256(text.encode()).hexdigest()
    return known[definition_id]
