"""Promoted parameters: those from inside a block that its instances show.

A promoted parameter leads to nodes and behaviors inside, or to one of
a block inside, and so on down. Drawings may be broken or hold themselves; nothing
is visited twice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from conex_core.graph.model.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.catalog import Catalog
    from conex_core.graph.model.document import (
        BehaviorItem,
        Definition,
        Document,
        Node,
        Promoted,
        Target,
    )
    from conex_core.parameters import Parameter

__all__ = ["is_there", "parameter_of", "value_inside"]

_Path: TypeAlias = "tuple[Promoted, ...]"  # promoted parameters from the outermost block inwards


def parameter_of(
    doc: Document, definition_id: str, promoted: Promoted, catalog: Catalog
) -> Parameter | None:
    """Return the parameter behind a promoted one, with its name, help and bounds.

    None if nothing that it points to is there.
    """
    for node, target, path in _behind(doc, definition_id, promoted):
        found = _parameter_at(node, target, catalog)
        if found is not None:
            for one in reversed(path):
                found = _narrowed(found, one)
            return found
    return None


def value_inside(doc: Document, definition_id: str, promoted: Promoted, catalog: Catalog) -> Any:
    """Return the value that instances have unless they say otherwise."""
    for node, target, _ in _behind(doc, definition_id, promoted):
        holder = _item(node, target.item) if target.item else node
        if holder is not None and target.field in holder.params:
            return holder.params[target.field]
        parameter = _parameter_at(node, target, catalog)
        if parameter is not None:
            return parameter.default
    return None


def is_there(doc: Document, definition: Definition, target: Target) -> bool:
    """Tell whether what a promoted parameter points to is still there."""
    node = definition.nodes.get(target.node)
    if node is None or not node.is_instance:
        return node is not None and (target.item is None or _item(node, target.item) is not None)
    inner = doc.definitions.get(node.of)  # a missing block may come back
    return inner is None or _promoted_in(inner, target.field) is not None


def _behind(
    doc: Document, definition_id: str, promoted: Promoted
) -> Iterator[tuple[Node, Target, _Path]]:
    """Yield what a promoted parameter leads to, instances on the way included."""
    seen = {(definition_id, promoted.id)}
    waiting: list[tuple[str, Target, _Path]] = [
        (definition_id, target, (promoted,)) for target in reversed(promoted.targets)
    ]
    while waiting:
        key, target, path = waiting.pop()
        definition = doc.definitions.get(key)
        node = definition.nodes.get(target.node) if definition else None
        if node is None:
            continue
        yield node, target, path
        inner = doc.definitions.get(node.of) if node.is_instance else None
        further = _promoted_in(inner, target.field) if inner else None
        if further is not None and (node.of, further.id) not in seen:
            seen.add((node.of, further.id))
            waiting += [(node.of, one, (*path, further)) for one in reversed(further.targets)]


def _parameter_at(node: Node, target: Target, catalog: Catalog) -> Parameter | None:
    if node.is_instance:
        return None
    if target.item is None:
        kind = kind_of(node.kind)
        known = () if kind is None else kind.parameters
    else:
        item = _item(node, target.item)
        spec = catalog.behaviors.get(item.kind) if item else None
        known = () if spec is None else spec.parameters
    return next((one for one in known if one.name == target.field), None)


def _narrowed(parameter: Parameter, promoted: Promoted) -> Parameter:
    changes: dict[str, Any] = {"help": promoted.help or parameter.help}
    if hasattr(parameter, "low"):
        for name, tighter in (("low", max), ("high", min)):
            own, given = getattr(parameter, name), getattr(promoted, name)
            if given is not None:
                changes[name] = given if own is None else tighter(own, given)
    return replace(parameter, name=promoted.id, **changes)


def _promoted_in(definition: Definition, promoted_id: str) -> Promoted | None:
    return next((one for one in definition.promoted if one.id == promoted_id), None)


def _item(node: Node, item_id: str | None) -> BehaviorItem | None:
    return next((item for item in node.stack if item.id == item_id), None)
