"""Between the document and plain data: what stands where in a project file.

Fields that this version does not know are kept in ``extra`` and written back
unchanged, as are behaviors and distributions that nothing here knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from conex_core import distributions
from conex_core.distributions import DISTRIBUTIONS, Distribution
from conex_core.errors import ConexError, FileError
from conex_core.graph.state import (
    MAIN,
    BehaviorItem,
    BlockStamp,
    Definition,
    Document,
    Link,
    Monitor,
    Node,
    Promoted,
    Settings,
    Target,
)

__all__ = [
    "Field",
    "definition_from",
    "definition_to",
    "definitions_from",
    "document_from",
    "document_to",
    "links_from",
    "node_from",
    "node_to",
    "plain",
]

_T = TypeVar("_T")
_USUAL: tuple[Any, ...] = ("Container", "", [], None)


class Field:
    """Hold one value of a file and where it stands, so that errors can say so."""

    __slots__ = ("_name", "_parent", "path", "value")

    def __init__(self, value: Any, path: str, name: str = "", parent: Field | None = None) -> None:
        self.value, self.path = value, path
        self._name, self._parent = name, parent

    @property
    def place(self) -> str:
        """Return where the value stands, such as ``settings.dt``."""
        name = self._name if len(self._name) <= 40 else f"{self._name[:37]}..."
        above = "" if self._parent is None else self._parent.place
        return f"{above}.{name}" if above else name

    def error(self, problem: str, hint: str = "") -> FileError:
        """Return the error that names this place."""
        return FileError(self.path, problem, place=self.place, hint=hint)

    def members(self) -> dict[str, Field]:
        """Return the fields of an object."""
        if not isinstance(self.value, dict):
            raise self.error(f"must be an object, got {_kind(self.value)}")
        return {key: Field(value, self.path, key, self) for key, value in self.value.items()}

    def items(self) -> list[Field]:
        """Return the items of a list."""
        if not isinstance(self.value, list):
            raise self.error(f"must be a list, got {_kind(self.value)}")
        return [Field(value, self.path, str(index), self) for index, value in enumerate(self.value)]

    def text(self) -> str:
        """Return the value, which must be text."""
        if not isinstance(self.value, str):
            raise self.error(f"must be text, got {_kind(self.value)}")
        return self.value

    def flag(self) -> bool:
        """Return the value, which must be true or false."""
        if not isinstance(self.value, bool):
            raise self.error(f"must be true or false, got {_kind(self.value)}")
        return self.value

    def whole(self) -> int:
        """Return the value, which must be a whole number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.error(f"must be a whole number, got {_kind(self.value)}")
        return self.value

    def number(self) -> float:
        """Return the value, which must be a number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.error(f"must be a number, got {_kind(self.value)}")
        return float(self.value)

    def record(self) -> Record:
        """Return the fields of an object, to be taken one by one."""
        if not isinstance(self.value, dict):
            raise self.error(f"must be an object, got {_kind(self.value)}")
        return Record(self, self.value)


class Record:
    """Take known fields out of an object; what is left is ``extra``."""

    __slots__ = ("_field", "_left")

    def __init__(self, field: Field, value: dict[str, Any]) -> None:
        self._field, self._left = field, value.copy()

    def need(self, name: str, read: Callable[[Field], _T]) -> _T:
        """Return what ``read`` makes of a field that must be there."""
        if name not in self._left:
            raise self._field.error(f"lacks {name!r}", "The file seems to be damaged")
        return read(self._taken(name))

    def take(self, name: str, read: Callable[[Field], _T], default: _T) -> _T:
        """Return what ``read`` makes of a field, or the default if it is not there."""
        return read(self._taken(name)) if name in self._left else default

    def extra(self) -> Mapping[str, Any]:
        """Return the fields that nothing took, as a document holds them."""
        return {name: _frozen(value) for name, value in self._left.items()}

    def _taken(self, name: str) -> Field:
        return Field(self._left.pop(name), self._field.path, name, self._field)


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
        name=record.take("name", Field.text, fallback.name),
        description=record.take("description", Field.text, ""),
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
    if node.of:
        data["definition"] = node.of
    if node.scope is not None:
        data["scope"] = list(node.scope)
    return data


def node_from(node_id: str, field: Field) -> Node:
    """Return the node that :func:`node_to` wrote."""
    record = field.record()
    kind = record.need("kind", Field.text)
    is_block = kind == "Instance"
    return Node(
        id=node_id,
        kind=kind,
        name=record.need("name", Field.text),
        params=record.take("params", _params_from, {}),
        stack=record.take("stack", _stack_from, ()),
        position=record.take("position", _position_from, (0.0, 0.0)),
        of=record.need("definition", Field.text) if is_block else "",
        scope=record.take("scope", _scope_from, None) if is_block else None,
        extra=record.extra(),
    )


def links_from(field: Field) -> frozenset[Link]:
    """Return the wires of a definition."""
    return frozenset(_link_from(item) for item in field.items())


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


def _settings_from(field: Field) -> Settings:
    record, usual = field.record(), Settings()
    return Settings(
        dt=record.take("dt", Field.number, usual.dt),
        seed=record.take("seed", Field.whole, usual.seed),
        device=record.take("device", Field.text, usual.device),
        dtype=record.take("dtype", Field.text, usual.dtype),
        duration=record.take("duration", Field.number, usual.duration),
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
    more = {
        "kind": definition.kind,
        "description": definition.description,
        "tags": list(definition.tags),
        "promoted": [_promoted_to(promoted) for promoted in definition.promoted],
        "block": None if definition.block is None else asdict(definition.block),
    }
    # What is as usual is left out, so that older files keep their bytes.
    return data | {name: value for name, value in more.items() if value not in _USUAL}


def _definitions_from(field: Field) -> Mapping[str, Definition]:
    if MAIN not in field.members():
        raise field.error(f"lacks the main network ({MAIN!r})", "The file seems to be damaged")
    return definitions_from(field)


def definitions_from(field: Field) -> Mapping[str, Definition]:
    """Return definitions by id."""
    return {key: definition_from(key, member) for key, member in field.members().items()}


def definition_from(definition_id: str, field: Field) -> Definition:
    """Return the definition that :func:`definition_to` wrote."""
    record = field.record()
    return Definition(
        id=definition_id,
        name=record.take("name", Field.text, definition_id),
        nodes=record.take("nodes", _nodes_from, {}),
        links=record.take("links", links_from, frozenset()),
        kind=record.take("kind", Field.text, "Container"),
        description=record.take("description", Field.text, ""),
        tags=record.take("tags", _texts_from, ()),
        promoted=record.take("promoted", _all_promoted_from, ()),
        block=record.take("block", _stamp_from, None),
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


def _promoted_from(field: Field) -> Promoted:
    record = field.record()
    return Promoted(
        id=record.need("id", Field.text),
        name=record.need("name", Field.text),
        targets=record.take("targets", _targets_from, ()),
        help=record.take("help", Field.text, ""),
        low=record.take("low", _number_or_none, None),
        high=record.take("high", _number_or_none, None),
        extra=record.extra(),
    )


def _all_promoted_from(field: Field) -> tuple[Promoted, ...]:
    return tuple(_each_once(field, _promoted_from))


def _targets_from(field: Field) -> tuple[Target, ...]:
    return tuple(_target_from(item) for item in field.items())


def _target_from(field: Field) -> Target:
    parts = field.items()
    if len(parts) != 3:
        raise field.error("must be [node, behavior, parameter]")
    node, item, name = parts
    return Target(node.text(), None if item.value is None else item.text(), name.text())


def _stamp_from(field: Field) -> BlockStamp | None:
    if field.value is None:
        return None
    record = field.record()
    return BlockStamp(
        id=record.need("id", Field.text),
        version=record.take("version", Field.whole, 1),
        hash=record.take("hash", Field.text, ""),
    )


def _number_or_none(field: Field) -> float | None:
    return None if field.value is None else field.number()


def _nodes_from(field: Field) -> Mapping[str, Node]:
    return {key: node_from(key, member) for key, member in field.members().items()}


def _link_from(field: Field) -> Link:
    value = field.value
    if isinstance(value, list) and len(value) == 4 and all(isinstance(end, str) for end in value):
        return Link(*value)
    ends = field.items()
    if len(ends) != 4:
        raise field.error("must be [source, port, target, port]")
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


def _item_from(field: Field) -> BehaviorItem:
    record = field.record()
    return BehaviorItem(
        id=record.need("id", Field.text),
        kind=record.need("kind", Field.text),
        params=record.take("params", _params_from, {}),
        enabled=record.take("enabled", Field.flag, True),
        extra=record.extra(),
    )


def _stack_from(field: Field) -> tuple[BehaviorItem, ...]:
    return tuple(_each_once(field, _item_from))


def _monitor_to(monitor: Monitor) -> dict[str, Any]:
    return {
        **plain(monitor.extra),
        "id": monitor.id,
        "kind": monitor.kind,
        "targets": list(monitor.targets),
        "params": plain(monitor.params),
    }


def _monitor_from(field: Field) -> Monitor:
    record = field.record()
    return Monitor(
        id=record.need("id", Field.text),
        kind=record.need("kind", Field.text),
        targets=record.take("targets", _texts_from, ()),
        params=record.take("params", _params_from, {}),
        extra=record.extra(),
    )


def _monitors_from(field: Field) -> tuple[Monitor, ...]:
    return tuple(_each_once(field, _monitor_from))


_Item = TypeVar("_Item", BehaviorItem, Monitor, Promoted)


def _each_once(field: Field, read: Callable[[Field], _Item]) -> Iterator[_Item]:
    seen: set[str] = set()
    for inner in field.items():
        item = read(inner)
        if item.id in seen:
            raise inner.error(f"has the id {item.id!r}, which stands there already")
        seen.add(item.id)
        yield item


def _params_from(field: Field) -> Mapping[str, Any]:
    if not isinstance(field.value, dict):
        raise field.error(f"must be an object, got {_kind(field.value)}")
    return {name: _frozen(value) for name, value in field.value.items()}


def _texts_from(field: Field) -> tuple[str, ...]:
    return tuple(item.text() for item in field.items())


def _scope_from(field: Field) -> tuple[str, str]:
    parts = field.items()
    if len(parts) != 2:
        raise field.error("must be [id, name]")
    return (parts[0].text(), parts[1].text())


def _position_from(field: Field) -> tuple[float, float]:
    parts = field.items()
    if len(parts) != 2:
        raise field.error("must be [x, y]")
    return (parts[0].number(), parts[1].number())


def _frozen(value: Any) -> Any:
    """Return a value as a document holds it: lists as tuples, distributions typed."""
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if not isinstance(value, dict):
        return value
    if value.get("$") in tuple(DISTRIBUTIONS):
        try:
            return distributions.from_data(value)
        except (ConexError, TypeError):
            pass  # kept as it is; the check says what is wrong with it
    return {key: _frozen(item) for key, item in value.items()}


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "a flag", type(None): "null"}
    return names.get(type(value), "a number")
