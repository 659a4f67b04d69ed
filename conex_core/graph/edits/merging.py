"""Bring definitions into a document: equal ones are shared, others get ids of their own."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from conex_core.graph.blocks.nesting import cycle, inner_first
from conex_core.graph.edits.nodes import unique_name
from conex_core.graph.files.codec import definition_to
from conex_core.graph.files.json_text import dumps
from conex_core.graph.model.document import MAIN, Definition, Document, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["content_hash", "merged"]


def content_hash(definitions: Mapping[str, Definition], definition_id: str) -> str:
    """Return a hash of what a definition is and holds, at any depth, whatever its ids are.

    Its name, place in a library and the ids of inner definitions do not count.
    A definition that is not there, or that holds itself, is known by its id.
    """
    return _hashes(definitions, definition_id).get(definition_id, definition_id)


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


def _hashes(definitions: Mapping[str, Definition], start: str) -> dict[str, str]:
    """Return the hash of a definition and of all that it needs; none if it holds itself."""
    found: dict[str, str] = {}
    if cycle(definitions, start):
        return found
    for key in inner_first(definitions, start):
        definition = definitions[key]
        nodes = {
            name: replace(node, of=found.get(node.of, node.of)) if node.of else node
            for name, node in definition.nodes.items()
        }
        bare = replace(definition, id="block", name="", block=None, nodes=nodes)
        found[key] = hashlib.sha256(dumps(definition_to(bare)).encode()).hexdigest()
    return found
