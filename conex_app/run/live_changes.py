"""Which changes of a document reach a running network, and which need a new run.

Pure functions on documents; no thread, no widget.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conex_core.graph.model.document import NETWORK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.catalog import Catalog
    from conex_core.graph.model.document import BehaviorItem, Document, Node

__all__ = ["LiveChange", "Toggle", "is_outdated", "live_changes"]


@dataclass(frozen=True)
class LiveChange:
    """Set one live parameter of a behavior."""

    node: str
    item: str
    name: str
    value: Any


@dataclass(frozen=True)
class Toggle:
    """Switch a behavior on or off."""

    node: str
    item: str
    enabled: bool


def live_changes(old: Document, new: Document, catalog: Catalog) -> list[LiveChange | Toggle]:
    """Return what to send to a network built from ``old`` so that it follows ``new``."""
    before = dict(_items(old))
    found: list[LiveChange | Toggle] = []
    for key, item in _items(new):
        was = before.get(key)
        if was is not None and was != item:
            found.extend(_differences(key[0], was, item, catalog))
    return found


def is_outdated(ran: Document, new: Document, catalog: Catalog) -> bool:
    """Tell whether ``new`` differs from what runs in anything that needs a new run."""
    return ran is not new and _essence(ran, catalog) != _essence(new, catalog)


def _items(document: Document) -> Iterator[tuple[tuple[str, str], BehaviorItem]]:
    for node in document.network.nodes.values():
        for item in node.stack:
            yield (node.id, item.id), item
    for item in document.settings.stack:
        yield (NETWORK, item.id), item


def _differences(
    node: str, was: BehaviorItem, item: BehaviorItem, catalog: Catalog
) -> Iterator[LiveChange | Toggle]:
    defaults = _live_defaults(item, catalog)
    for name in sorted(defaults):
        value = item.params.get(name, defaults[name])
        if value != was.params.get(name, defaults[name]):
            yield LiveChange(node, item.id, name, value)
    if was.enabled != item.enabled:
        yield Toggle(node, item.id, item.enabled)


def _live_defaults(item: BehaviorItem, catalog: Catalog) -> dict[str, Any]:
    spec = catalog.behaviors.get(item.kind)
    if spec is None:
        return {}
    return {each.name: each.default for each in spec.parameters if each.live}


def _essence(document: Document, catalog: Catalog) -> Any:
    """Return what a build reads, without live parameters, switches, places and names."""
    nodes = {
        node.id: _node_essence(node, catalog)
        for node in document.network.nodes.values()
        if not node.is_note
    }
    stack = tuple(_item_essence(item, catalog) for item in document.settings.stack)
    settings = replace(document.settings, duration=0.0, stack=stack)
    return nodes, document.network.links, settings


def _node_essence(node: Node, catalog: Catalog) -> Node:
    stack = tuple(_item_essence(item, catalog) for item in node.stack)
    return replace(node, name="", position=(0.0, 0.0), extra={}, stack=stack)


def _item_essence(item: BehaviorItem, catalog: Catalog) -> BehaviorItem:
    live = _live_defaults(item, catalog)
    kept = {name: value for name, value in item.params.items() if name not in live}
    return replace(item, params=kept, enabled=True)
