"""Edits of behavior stacks: what a node, or the network, runs.

``NETWORK`` in place of a node id means the behaviors of the network itself.
An edit that changes nothing returns the same document.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conex_core.catalog import Catalog, Host, load
from conex_core.errors import StructureError, UnknownName
from conex_core.graph.model.defaults import STARTING_VALUES
from conex_core.graph.model.document import (
    NETWORK,
    BehaviorItem,
    Document,
    new_id,
)
from conex_core.graph.model.stacks import Stack, host_of, priority_of
from conex_core.graph.model.stored_values import changed, same, storable, without

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "add_behavior",
    "duplicate_behavior",
    "enable_behavior",
    "move_behavior",
    "remove_behavior",
    "replace_behavior",
    "reset_behavior_param",
    "set_behavior_param",
]

_WORDS = {
    "network": "the network",
    "neurons": "neuron groups",
    "synapses": "synapse groups",
    "layer": "layers",
}


def add_behavior(
    doc: Document,
    node_id: str,
    kind: str,
    *,
    catalog: Catalog,
    params: Mapping[str, Any] | None = None,
    item_id: str | None = None,
) -> Document:
    """Return ``doc`` with a behavior put where its priority belongs, after equal ones.

    Without ``params`` it starts with values that make a new network do something.

    Raises
    ------
    UnknownName
        If the node or the behavior is not known.
    StructureError
        If the behavior is not for this kind of node.
    """
    spec = catalog.behavior(kind)
    name, host = _owner(doc, node_id)
    if host != spec.host:
        problem = f"{kind} is a behavior of {_WORDS[spec.host]}"
        takes = f"This takes behaviors of {_WORDS[host]}" if host else "This has no behaviors"
        raise StructureError(name, problem, hint=takes)
    values = STARTING_VALUES.get(kind, {}) if params is None else params
    given = {key: storable(key, value) for key, value in values.items()}
    item = BehaviorItem(item_id or new_id("b"), kind, given)

    def inserted(stack: Stack) -> Stack:
        after = [i for i, other in enumerate(stack) if priority_of(other, catalog) > spec.priority]
        place = after[0] if after else len(stack)
        return (*stack[:place], item, *stack[place:])

    return _with_stack(doc, node_id, inserted)


def remove_behavior(doc: Document, node_id: str, item_id: str) -> Document:
    """Return ``doc`` without one behavior."""
    gone = _item(doc, node_id, item_id)
    return _with_stack(
        doc, node_id, lambda stack: tuple(item for item in stack if item.id != gone.id)
    )


def replace_behavior(doc: Document, node_id: str, item_id: str, kind: str) -> Document:
    """Return ``doc`` with a behavior turned into another kind; its values stay.

    It keeps its place in the list; where it runs follows from its new priority.
    """
    return _with_item(doc, node_id, item_id, lambda item: replace(item, kind=kind))


def move_behavior(
    doc: Document, node_id: str, item_id: str, index: int, *, catalog: Catalog | None = None
) -> Document:
    """Return ``doc`` with a behavior moved to ``index`` in its own stack.

    Raises
    ------
    StructureError
        If it would pass a behavior of another priority.
    """
    catalog = load() if catalog is None else catalog
    item = _item(doc, node_id, item_id)
    old = _stack(doc, node_id)
    rest = [other for other in old if other.id != item_id]
    index = max(0, min(index, len(rest)))
    _refuse_to_pass(doc, node_id, item, old, index, catalog)
    new = (*rest[:index], item, *rest[index:])
    return doc if new == old else _with_stack(doc, node_id, lambda stack: new)


def _refuse_to_pass(
    doc: Document, node_id: str, item: BehaviorItem, old: Stack, index: int, catalog: Catalog
) -> None:
    here = old.index(item)
    passed = old[min(here, index) : max(here, index) + 1]
    own = priority_of(item, catalog)
    for other in passed:
        theirs = priority_of(other, catalog)
        if theirs != own:
            problem = f"{item.kind} (priority {own}) cannot pass {other.kind} ({theirs})"
            hint = "Only behaviors of equal priority change places; the rest run by priority"
            raise StructureError(_owner(doc, node_id)[0], problem, hint=hint)


def enable_behavior(doc: Document, node_id: str, item_id: str, enabled: bool) -> Document:
    """Return ``doc`` with one behavior switched on or off."""
    return _with_item(doc, node_id, item_id, lambda item: replace(item, enabled=bool(enabled)))


def duplicate_behavior(
    doc: Document, node_id: str, item_id: str, *, new_id: str | None = None
) -> Document:
    """Return ``doc`` with a copy of one behavior right after it."""
    item = _item(doc, node_id, item_id)
    copy = replace(item, id=new_id or _fresh_item_id())

    def inserted(stack: Stack) -> Stack:
        place = stack.index(item) + 1
        return (*stack[:place], copy, *stack[place:])

    return _with_stack(doc, node_id, inserted)


def set_behavior_param(
    doc: Document, node_id: str, item_id: str, name: str, value: Any
) -> Document:
    """Return ``doc`` with one parameter of a behavior set; the check judges the value."""
    return _with_item(
        doc, node_id, item_id, lambda item: replace(item, params=changed(item.params, name, value))
    )


def reset_behavior_param(doc: Document, node_id: str, item_id: str, name: str) -> Document:
    """Return ``doc`` with one parameter of a behavior back at its default."""
    return _with_item(
        doc, node_id, item_id, lambda item: replace(item, params=without(item.params, name))
    )


def _item(doc: Document, node_id: str, item_id: str) -> BehaviorItem:
    """Return one behavior, or raise UnknownName."""
    stack = _stack(doc, node_id)
    for item in stack:
        if item.id == item_id:
            return item
    raise UnknownName(
        f"behavior of {_owner(doc, node_id)[0]}", item_id, (item.id for item in stack)
    )


def _fresh_item_id() -> str:
    return new_id("b")


def _owner(doc: Document, node_id: str) -> tuple[str, Host | None]:
    if node_id == NETWORK:
        return "Network", "network"
    node = doc.network.node(node_id)
    return node.name, host_of(node)


def _stack(doc: Document, node_id: str) -> Stack:
    return doc.settings.stack if node_id == NETWORK else doc.network.node(node_id).stack


def _with_stack(doc: Document, node_id: str, edit: Callable[[Stack], Stack]) -> Document:
    new = edit(_stack(doc, node_id))
    if node_id == NETWORK:
        return replace(doc, settings=replace(doc.settings, stack=new))
    network = doc.network
    node = replace(network.node(node_id), stack=new)
    return doc.with_network(replace(network, nodes={**network.nodes, node_id: node}))


def _with_item(
    doc: Document, node_id: str, item_id: str, edit: Callable[[BehaviorItem], BehaviorItem]
) -> Document:
    old = _item(doc, node_id, item_id)
    new = edit(old)
    if same(new, old):
        return doc
    return _with_stack(
        doc, node_id, lambda stack: tuple(new if item.id == item_id else item for item in stack)
    )
