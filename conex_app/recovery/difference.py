"""What turns one document into another, as data: paths that are set, and paths that go.

A node, a wire, and each field of a project or of a definition is one path. Two
documents share what an edit did not touch, so that finding the difference looks
only at what is another object; the same holds for making a document from it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conex_core.errors import FileError
from conex_core.graph.files.codec import (
    definition_from,
    definition_to,
    document_from,
    document_to,
    node_from,
    node_to,
)
from conex_core.graph.files.json_places import JsonPlace
from conex_core.graph.model.document import MAIN, Definition, Document, Link, Node

__all__ = ["Change", "applied", "compact", "difference"]

DEFINITIONS, NODES, LINKS = "definitions", "nodes", "links"

Path = tuple[str, ...]
Change = tuple[Path] | tuple[Path, Any]  # a path alone goes, with all that is below it

_DAMAGED = "The journal seems to be damaged"


def difference(old: Document | None, new: Document) -> Iterator[Change]:
    """Yield the changes that turn ``old``, or nothing at all, into ``new``."""
    if old is new:
        return
    yield from _fields((), {} if old is None else _head(old), _head(new))
    before = {} if old is None else old.definitions
    yield from (((DEFINITIONS, key),) for key in before if key not in new.definitions)
    for key, definition in new.definitions.items():
        if definition is not before.get(key):
            yield from _definition((DEFINITIONS, key), before.get(key), definition)


def applied(old: Document | None, changes: JsonPlace) -> Document:
    """Return what ``changes``, a list of them read from JSON, make of ``old``.

    Raises
    ------
    FileError
        If they are no changes, or do not make a document.
    """
    wanted = _sorted(changes)
    doc = Document(definitions={}) if old is None else old
    if wanted.head:
        doc = replace(_headed(doc, old is None, wanted.head, changes), definitions=doc.definitions)
    definitions = {key: item for key, item in doc.definitions.items() if key not in wanted.gone}
    for key, part in wanted.parts.items():
        definitions[key] = _made(key, definitions.get(key), part, changes)
    if MAIN not in definitions:
        raise changes.error("lacks the main network", _DAMAGED)
    return replace(doc, definitions=definitions)


def compact(value: Any) -> str:
    """Return plain data as JSON on one line; numbers that are not finite as texts."""
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))
    except ValueError:
        return json.dumps(_finite(value), separators=(",", ":"))
    except TypeError as error:
        raise FileError("project", f"cannot be written: {error}") from None


@dataclass
class _Part:
    """Collect what becomes other in one definition."""

    body: dict[str, JsonPlace | None] = field(default_factory=dict)
    nodes: dict[str, JsonPlace | None] = field(default_factory=dict)
    links: dict[Link, bool] = field(default_factory=dict)


@dataclass
class _Wanted:
    """Collect what becomes other in a document; None stands for what goes."""

    head: dict[str, JsonPlace | None] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    parts: dict[str, _Part] = field(default_factory=dict)

    def part(self, key: str) -> _Part:
        return self.parts.setdefault(key, _Part())


def _head(doc: Document) -> dict[str, Any]:
    """Return what a document holds beside its definitions."""
    data = document_to(replace(doc, definitions={}))
    return {name: value for name, value in data.items() if name != DEFINITIONS}


def _body(definition: Definition) -> dict[str, Any]:
    """Return what a definition holds beside nodes and wires."""
    data = definition_to(replace(definition, nodes={}, links=frozenset()))
    return {name: value for name, value in data.items() if name not in (NODES, LINKS)}


def _fields(above: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    yield from (((*above, name),) for name in old if name not in new)
    for name, value in new.items():
        if name not in old or compact(old[name]) != compact(value):
            yield (*above, name), value


def _definition(above: Path, old: Definition | None, new: Definition) -> Iterator[Change]:
    yield from _fields(above, {} if old is None else _body(old), _body(new))
    before: Mapping[str, Node] = {} if old is None else old.nodes
    yield from (((*above, NODES, key),) for key in before if key not in new.nodes)
    for key, node in new.nodes.items():
        if node is not before.get(key):
            yield (*above, NODES, key), node_to(node)
    links = frozenset() if old is None else old.links
    if links is not new.links:
        yield from ((_link_path(above, link),) for link in sorted(links - new.links))
        yield from ((_link_path(above, link), True) for link in sorted(new.links - links))


def _link_path(above: Path, link: Link) -> Path:
    return (*above, LINKS, link.source, link.source_port, link.target, link.target_port)


def _sorted(changes: JsonPlace) -> _Wanted:
    wanted = _Wanted()
    for change in changes.items():
        path, value = _path_and_value(change)
        match path:
            case (str(definitions), key) if definitions == DEFINITIONS and value is None:
                wanted.gone.add(key)
            case (str(definitions), key, "nodes", node) if definitions == DEFINITIONS:
                wanted.part(key).nodes[node] = value
            case (str(definitions), key, "links", *ends) if definitions == DEFINITIONS:
                if len(ends) != 4:
                    raise change.error("names no wire", _DAMAGED)
                wanted.part(key).links[Link(*ends)] = value is not None
            case (str(definitions), key, name) if definitions == DEFINITIONS:
                if name in (NODES, LINKS):
                    raise change.error("names no field", _DAMAGED)
                wanted.part(key).body[name] = value
            case (name,) if name != DEFINITIONS:
                wanted.head[name] = value
            case _:
                raise change.error("has an unknown path", _DAMAGED)
    return wanted


def _path_and_value(change: JsonPlace) -> tuple[Path, JsonPlace | None]:
    parts = change.items()
    if not 1 <= len(parts) <= 2:
        raise change.error("must be [path] or [path, value]", _DAMAGED)
    return tuple(step.text() for step in parts[0].items()), (parts[1] if parts[1:] else None)


def _headed(
    doc: Document, is_first: bool, fields: Mapping[str, JsonPlace | None], place: JsonPlace
) -> Document:
    data = _merged({} if is_first else _head(doc), fields)
    data[DEFINITIONS] = {MAIN: {}}
    return document_from(JsonPlace(data, place.path).record())


def _made(key: str, old: Definition | None, part: _Part, place: JsonPlace) -> Definition:
    """Return a definition with what became other in it; the rest stays the same objects."""
    made = Definition(key, key) if old is None else old
    if old is None or part.body:
        data = _merged({} if old is None else _body(old), part.body)
        read = definition_from(key, JsonPlace(data, place.path, key, place))
        made = replace(read, nodes=made.nodes, links=made.links)
    nodes, links = made.nodes, made.links
    if part.nodes:
        kept = {one: node for one, node in nodes.items() if one not in part.nodes}
        nodes = kept | {one: node_from(one, at) for one, at in part.nodes.items() if at is not None}
    if part.links:
        links = links - part.links.keys() | {
            link for link, is_there in part.links.items() if is_there
        }
    return replace(made, nodes=nodes, links=frozenset(links))


def _merged(data: Mapping[str, Any], fields: Mapping[str, JsonPlace | None]) -> dict[str, Any]:
    kept = {name: value for name, value in data.items() if name not in fields}
    return kept | {name: place.value for name, place in fields.items() if place is not None}


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return float.__repr__(value)
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
