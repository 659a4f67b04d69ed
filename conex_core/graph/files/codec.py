"""Between the document and plain data: what stands where in a project file.

Fields that this version does not know are kept in ``extra`` and written back
unchanged, as are behaviors and distributions that nothing here knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import PurePath
from typing import Any, TypeVar

from conex_core import distributions
from conex_core.distributions import Distribution
from conex_core.graph.files.json_places import JsonPlace, Record, frozen, kind_word
from conex_core.graph.model.document import (
    MAIN,
    BehaviorItem,
    BlockStamp,
    Definition,
    Document,
    Learned,
    Link,
    Monitor,
    Node,
    Promoted,
    Settings,
    Target,
)
from conex_core.graph.model.kinds import INSTANCE
from conex_core.graph.model.places import on_canvas

__all__ = [
    "definition_from",
    "definition_to",
    "definitions_from",
    "document_from",
    "document_to",
    "learned_from",
    "learned_to",
    "links_from",
    "node_from",
    "node_to",
    "plain",
]


def document_to(doc: Document) -> dict[str, Any]:
    """Return ``doc`` as JSON-ready data."""
    return {
        **plain(doc.extra),
        "name": doc.name,
        "description": doc.description,
        "settings": _settings_to(doc.settings),
        "definitions": {
            definition_id: definition_to(definition)
            for definition_id, definition in doc.definitions.items()
        },
        "monitors": [_monitor_to(monitor) for monitor in doc.monitors],
    }


def document_from(record: Record) -> Document:
    """Return the document that :func:`document_to` wrote."""
    fallback = Document()
    return Document(
        name=record.take("name", JsonPlace.text, fallback.name),
        description=record.take("description", JsonPlace.text, ""),
        settings=record.take("settings", _settings_from, fallback.settings),
        definitions=record.need("definitions", _definitions_from),
        monitors=record.take("monitors", _monitors_from, ()),
        extra=record.extra(),
    )


def node_to(node: Node) -> dict[str, Any]:
    """Return one node as JSON-ready data, without its id."""
    data = {
        **plain(node.extra),
        "kind": node.kind,
        "name": node.name,
        "params": plain(node.params),
        "stack": [_item_to(item) for item in node.stack],
        "position": [float(part) for part in node.position],
    }
    if node.is_instance:
        data["definition"] = node.of
    if node.scope is not None:
        data["scope"] = list(node.scope)
    return data


def node_from(node_id: str, place: JsonPlace) -> Node:
    """Return the node that :func:`node_to` wrote."""
    record = place.record()
    kind = record.need("kind", JsonPlace.text)
    is_block = kind == INSTANCE.name
    return Node(
        id=node_id,
        kind=kind,
        name=record.need("name", JsonPlace.text),
        params=record.take("params", _params_from, {}),
        stack=record.take("stack", _stack_from, ()),
        position=record.take("position", _position_from, (0.0, 0.0)),
        of=record.take("definition", JsonPlace.text, "") if is_block else "",
        scope=record.take("scope", _scope_from, None) if is_block else None,
        extra=record.extra(),
    )


def links_from(place: JsonPlace) -> frozenset[Link]:
    """Return the wires of a definition."""
    return frozenset(_link_from(item) for item in place.items())


def plain(value: Any) -> Any:
    """Return a value of a document as JSON-ready data."""
    if isinstance(value, Distribution):
        return distributions.to_data(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def _settings_to(settings: Settings) -> dict[str, Any]:
    return {
        **plain(settings.extra),
        "dt": float(settings.dt),
        "seed": settings.seed,
        "device": settings.device,
        "dtype": settings.dtype,
        "duration": float(settings.duration),
        "stack": [_item_to(item) for item in settings.stack],
    }


def _settings_from(place: JsonPlace) -> Settings:
    record, usual = place.record(), Settings()
    return Settings(
        dt=record.take("dt", JsonPlace.number, usual.dt),
        seed=record.take("seed", JsonPlace.whole, usual.seed),
        device=record.take("device", JsonPlace.text, usual.device),
        dtype=record.take("dtype", JsonPlace.text, usual.dtype),
        duration=record.take("duration", JsonPlace.number, usual.duration),
        stack=record.take("stack", _stack_from, ()),
        extra=record.extra(),
    )


def definition_to(definition: Definition) -> dict[str, Any]:
    """Return one definition as JSON-ready data, without its id."""
    data = {
        **plain(definition.extra),
        "name": definition.name,
        "nodes": {node_id: node_to(node) for node_id, node in definition.nodes.items()},
        "links": [
            [link.source, link.source_port, link.target, link.target_port]
            for link in sorted(definition.links)
        ],
    }
    # What is as usual is left out, so that older files keep their bytes.
    if definition.kind != "Container":
        data["kind"] = definition.kind
    if definition.description:
        data["description"] = definition.description
    if definition.tags:
        data["tags"] = list(definition.tags)
    if definition.promoted:
        data["promoted"] = [_promoted_to(promoted) for promoted in definition.promoted]
    if definition.block is not None:
        data["block"] = asdict(definition.block)
    if definition.learned is not None:
        data["learned"] = learned_to(definition.learned)
    return data


def _definitions_from(place: JsonPlace) -> Mapping[str, Definition]:
    if MAIN not in place.members():
        raise place.error(f"lacks the main network ({MAIN!r})", "The file seems to be damaged")
    return definitions_from(place)


def definitions_from(place: JsonPlace) -> Mapping[str, Definition]:
    """Return definitions by id."""
    return {key: definition_from(key, member) for key, member in place.members().items()}


def definition_from(definition_id: str, place: JsonPlace) -> Definition:
    """Return the definition that :func:`definition_to` wrote."""
    record = place.record()
    return Definition(
        id=definition_id,
        name=record.take("name", JsonPlace.text, definition_id),
        nodes=record.take("nodes", _nodes_from, {}),
        links=record.take("links", links_from, frozenset()),
        kind=record.take("kind", JsonPlace.text, "Container"),
        description=record.take("description", JsonPlace.text, ""),
        tags=record.take("tags", _texts_from, ()),
        promoted=record.take("promoted", _all_promoted_from, ()),
        block=record.take("block", _stamp_from, None),
        learned=record.take("learned", learned_from, None),
        extra=record.extra(),
    )


def _promoted_to(promoted: Promoted) -> dict[str, Any]:
    return {
        **plain(promoted.extra),
        "id": promoted.id,
        "name": promoted.name,
        "help": promoted.help,
        "low": promoted.low,
        "high": promoted.high,
        "targets": [[target.node, target.item, target.field] for target in promoted.targets],
    }


def _promoted_from(place: JsonPlace) -> Promoted:
    record = place.record()
    return Promoted(
        id=record.need("id", JsonPlace.text),
        name=record.need("name", JsonPlace.text),
        targets=record.take("targets", _targets_from, ()),
        help=record.take("help", JsonPlace.text, ""),
        low=record.take("low", _number_or_none, None),
        high=record.take("high", _number_or_none, None),
        extra=record.extra(),
    )


def _all_promoted_from(place: JsonPlace) -> tuple[Promoted, ...]:
    return tuple(_each_once(place, _promoted_from))


def _targets_from(place: JsonPlace) -> tuple[Target, ...]:
    return tuple(_target_from(item) for item in place.items())


def _target_from(place: JsonPlace) -> Target:
    parts = place.items()
    if len(parts) != 3:
        raise place.error("must be [node, behavior, parameter]")
    node, item, name = parts
    return Target(node.text(), None if item.value is None else item.text(), name.text())


def _stamp_from(place: JsonPlace) -> BlockStamp | None:
    if place.value is None:
        return None
    record = place.record()
    return BlockStamp(
        id=record.need("id", JsonPlace.text),
        version=record.take("version", JsonPlace.whole, 1),
        hash=record.take("hash", JsonPlace.text, ""),
    )


def learned_to(learned: Learned) -> dict[str, Any]:
    """Return what names a file of learned weights as JSON-ready data."""
    first, *more = learned.files
    data: dict[str, Any] = {"file": first.file, "sha256": first.sha256}
    data["groups"] = list(first.groups)
    if first.variables:
        data["variables"] = [list(pair) for pair in first.variables]
    if first.under:
        data["under"] = first.under
    if more:
        data["more"] = [learned_to(one) for one in more]
    return data


def learned_from(place: JsonPlace) -> Learned | None:
    """Return what :func:`learned_to` wrote."""
    if place.value is None:
        return None
    record = place.record()
    name, sha256 = record.need("file", JsonPlace.text), record.need("sha256", JsonPlace.text)
    hint = "The file seems to be damaged; take an older copy of it"
    if not name or PurePath(name).name != name or "\\" in name or name in (".", ".."):
        raise place.error("must name a file of weights, without a folder", hint)
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise place.error("has a sha256 that is none", hint)
    return Learned(
        file=name,
        sha256=sha256,
        groups=record.take("groups", _texts_from, ()),
        under=record.take("under", JsonPlace.text, ""),
        more=record.take("more", _more_from, ()),
        variables=record.take("variables", _variables_from, ()),
    )


def _variables_from(place: JsonPlace) -> tuple[tuple[str, str], ...]:
    return tuple(_variable_from(item) for item in place.items())


def _variable_from(place: JsonPlace) -> tuple[str, str]:
    parts = place.items()
    if len(parts) != 2:
        raise place.error("must be [group, variable]")
    return parts[0].text(), parts[1].text()


def _more_from(place: JsonPlace) -> tuple[Learned, ...]:
    found = (learned_from(item) for item in place.items())
    return tuple(file for one in found if one is not None for file in one.files)


def _number_or_none(place: JsonPlace) -> float | None:
    return None if place.value is None else place.number()


def _nodes_from(place: JsonPlace) -> Mapping[str, Node]:
    return {key: node_from(key, member) for key, member in place.members().items()}


def _link_from(place: JsonPlace) -> Link:
    value = place.value
    if isinstance(value, list) and len(value) == 4 and all(isinstance(end, str) for end in value):
        return Link(*value)
    ends = place.items()
    if len(ends) != 4:
        raise place.error("must be [source, port, target, port]")
    source, source_port, target, target_port = (end.text() for end in ends)
    return Link(source, source_port, target, target_port)


def _item_to(item: BehaviorItem) -> dict[str, Any]:
    return {
        **plain(item.extra),
        "id": item.id,
        "kind": item.kind,
        "params": plain(item.params),
        "enabled": item.enabled,
    }


def _item_from(place: JsonPlace) -> BehaviorItem:
    record = place.record()
    return BehaviorItem(
        id=record.need("id", JsonPlace.text),
        kind=record.need("kind", JsonPlace.text),
        params=record.take("params", _params_from, {}),
        enabled=record.take("enabled", JsonPlace.flag, True),
        extra=record.extra(),
    )


def _stack_from(place: JsonPlace) -> tuple[BehaviorItem, ...]:
    return tuple(_each_once(place, _item_from))


def _monitor_to(monitor: Monitor) -> dict[str, Any]:
    return {
        **plain(monitor.extra),
        "id": monitor.id,
        "kind": monitor.kind,
        "targets": list(monitor.targets),
        "params": plain(monitor.params),
    }


def _monitor_from(place: JsonPlace) -> Monitor:
    record = place.record()
    return Monitor(
        id=record.need("id", JsonPlace.text),
        kind=record.need("kind", JsonPlace.text),
        targets=record.take("targets", _texts_from, ()),
        params=record.take("params", _params_from, {}),
        extra=record.extra(),
    )


def _monitors_from(place: JsonPlace) -> tuple[Monitor, ...]:
    return tuple(_each_once(place, _monitor_from))


_Item = TypeVar("_Item", BehaviorItem, Monitor, Promoted)


def _each_once(place: JsonPlace, read: Callable[[JsonPlace], _Item]) -> Iterator[_Item]:
    seen: set[str] = set()
    for inner in place.items():
        item = read(inner)
        if item.id in seen:
            raise inner.error(f"has the id {item.id!r}, which stands there already")
        seen.add(item.id)
        yield item


def _params_from(place: JsonPlace) -> Mapping[str, Any]:
    if not isinstance(place.value, dict):
        raise place.error(f"must be an object, got {kind_word(place.value)}")
    return {name: frozen(value) for name, value in place.value.items()}


def _texts_from(place: JsonPlace) -> tuple[str, ...]:
    return tuple(item.text() for item in place.items())


def _scope_from(place: JsonPlace) -> tuple[str, str]:
    parts = place.items()
    if len(parts) != 2:
        raise place.error("must be [id, name]")
    return (parts[0].text(), parts[1].text())


def _position_from(place: JsonPlace) -> tuple[float, float]:
    parts = place.items()
    if len(parts) != 2:
        raise place.error("must be [x, y]")
    return on_canvas(parts[0].number(), parts[1].number())
