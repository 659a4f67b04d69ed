"""Edits of what belongs to the whole project: settings, name, monitors."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from conex_core.errors import ParameterError, StructureError, UnknownName
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.model.document import Document, Monitor, Settings, new_id
from conex_core.graph.model.stored_values import same, storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conex_core.graph.model.document import Definition

__all__ = [
    "add_monitor",
    "is_block",
    "remove_monitor",
    "set_document",
    "set_monitor",
    "set_settings",
]

_NUMBERS = ("dt", "duration")
_TEXTS = ("device", "dtype")


def set_settings(doc: Document, **changes: Any) -> Document:
    """Return ``doc`` with settings changed; the check judges their range.

    Raises
    ------
    UnknownName
        If there is no such setting.
    ParameterError
        If a value has the wrong type.
    """
    known = [field.name for field in fields(Settings)]
    for name in changes:
        if name not in known:
            raise UnknownName("setting", name, known)
    new = replace(doc.settings, **{name: _setting(name, value) for name, value in changes.items()})
    return doc if same(new, doc.settings) else replace(doc, settings=new)


def set_document(
    doc: Document, *, name: str | None = None, description: str | None = None
) -> Document:
    """Return ``doc`` with another name or description."""
    new = replace(
        doc,
        name=doc.name if name is None else name,
        description=doc.description if description is None else description,
    )
    unchanged = (new.name, new.description) == (doc.name, doc.description)
    return doc if unchanged else new


def add_monitor(
    doc: Document,
    kind: str,
    *,
    targets: Iterable[str] = (),
    params: Mapping[str, Any] | None = None,
    monitor_id: str | None = None,
) -> Document:
    """Return ``doc`` with one more live plot; no targets means every neuron group."""
    monitor_id = monitor_id or new_id("m")
    if any(monitor.id == monitor_id for monitor in doc.monitors):
        raise StructureError(monitor_id, "is there already")
    monitor = Monitor(monitor_id, kind, _targets(doc, targets), _params(params or {}))
    return replace(doc, monitors=(*doc.monitors, monitor))


def remove_monitor(doc: Document, monitor_id: str) -> Document:
    """Return ``doc`` without one live plot."""
    gone = _monitor(doc, monitor_id)
    return replace(doc, monitors=tuple(item for item in doc.monitors if item is not gone))


def set_monitor(doc: Document, monitor_id: str, **changes: Any) -> Document:
    """Return ``doc`` with a plot's ``kind``, ``targets`` or ``params`` replaced."""
    old = _monitor(doc, monitor_id)
    for name in changes:
        if name not in ("kind", "targets", "params"):
            raise UnknownName("field of a monitor", name, ("kind", "targets", "params"))
    if "targets" in changes:
        changes["targets"] = _targets(doc, changes["targets"])
    if "params" in changes:
        changes["params"] = _params(changes["params"])
    new = replace(old, **changes)
    if same(new, old):
        return doc
    return replace(doc, monitors=tuple(new if item is old else item for item in doc.monitors))


def _monitor(doc: Document, monitor_id: str) -> Monitor:
    for monitor in doc.monitors:
        if monitor.id == monitor_id:
            return monitor
    raise UnknownName("monitor", monitor_id, (monitor.id for monitor in doc.monitors))


def _targets(doc: Document, targets: Iterable[str]) -> tuple[str, ...]:
    """Return the targets; besides nodes they may be what blocks hold, and blocks in blocks."""
    found = tuple(targets)
    if all(name in doc.network.nodes for name in found):
        return found
    built = flatten(doc).origins
    return tuple(
        name if name in built or is_block(doc, name) else doc.network.node(name).id
        for name in found
    )


def is_block(doc: Document, path: str) -> bool:
    """Tell whether a path of instance ids, joined by slashes, leads to a block."""
    definition: Definition | None = doc.network
    for node_id in path.split("/"):
        node = definition.nodes.get(node_id) if definition else None
        if node is None or not node.is_instance:
            return False
        definition = doc.definitions.get(node.of)
    return True


def _params(params: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: storable(name, value) for name, value in params.items()}


def _setting(name: str, value: Any) -> Any:
    if name in _NUMBERS:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value):
            raise ParameterError(name, "must be a finite number", value)
        return float(value)
    if name == "seed" and (isinstance(value, bool) or not isinstance(value, int)):
        raise ParameterError(name, "must be a whole number", value)
    if name in _TEXTS and not isinstance(value, str):
        raise ParameterError(name, "must be text", value)
    return value
