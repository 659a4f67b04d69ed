"""The hash of a block's content, by which equal blocks are known whatever their ids are."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from conex_core.graph.blocks.nesting import cycle, inner_first
from conex_core.graph.files.codec import definition_to
from conex_core.graph.files.json_text import dumps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conex_core.graph.model.document import Definition

__all__ = ["content_hash"]


def content_hash(definitions: Mapping[str, Definition], definition_id: str) -> str:
    """Return a hash of what a definition is and holds, at any depth, whatever its ids are.

    Its name, place in a library and the ids of inner definitions do not count.
    A definition that is not there, or that holds itself, is known by its id.
    """
    return _hashes(definitions, definition_id).get(definition_id, definition_id)


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
