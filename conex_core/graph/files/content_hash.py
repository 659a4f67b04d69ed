"""The hash of a block's content, by which equal blocks are known whatever their ids are."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from conex_core.graph.blocks.nesting import used_definitions
from conex_core.graph.files.codec import definition_to
from conex_core.graph.files.json_text import dumps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conex_core.graph.model.document import Definition

__all__ = ["content_hash", "content_hashes"]


def content_hash(definitions: Mapping[str, Definition], definition_id: str) -> str:
    """Return a hash of what a definition is and holds, at any depth, whatever its ids are.

    Its name, place in a library and the ids of inner definitions do not count.
    A definition that is not there, or that holds itself, is known by its id.
    """
    found = content_hashes(used_definitions(definitions, definition_id))
    return found.get(definition_id, definition_id)


def content_hashes(definitions: Mapping[str, Definition]) -> dict[str, str]:
    """Return what :func:`content_hash` does for every definition, in one go."""
    found: dict[str, str] = {}
    outer, waits = defaultdict(list), dict[str, int]()
    for key, definition in definitions.items():
        inner = [name for name in definition.inner if name in definitions]
        waits[key] = len(inner)
        for name in inner:
            outer[name].append(key)
    ready = [key for key, count in waits.items() if count == 0]
    for key in ready:  # grows
        found[key] = _hash(definitions[key], found)
        for name in outer[key]:
            waits[name] -= 1
            if waits[name] == 0:
                ready.append(name)
    return {key: found.get(key, key) for key in definitions}


def _hash(definition: Definition, inner: Mapping[str, str]) -> str:
    nodes = {
        name: replace(node, of=inner.get(node.of, node.of)) if node.of else node
        for name, node in definition.nodes.items()
    }
    bare = replace(definition, id="block", name="", block=None, nodes=nodes)
    return hashlib.sha256(dumps(definition_to(bare)).encode()).hexdigest()
