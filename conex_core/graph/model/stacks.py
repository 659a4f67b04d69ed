"""Behavior stacks: whose behaviors a node takes, and in which order it runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from conex_core.graph.model.document import BehaviorItem
from conex_core.graph.model.kinds import BEHAVIOR_STACK, kind_of

if TYPE_CHECKING:
    from conex_core.catalog import Catalog, Host
    from conex_core.graph.model.document import Definition, Link, Node

__all__ = ["Stack", "host_of", "joined_stack", "priority_of", "sorted_stack", "stack_of"]

Stack: TypeAlias = tuple[BehaviorItem, ...]

_LAST = 1_000_000  # unknown behaviors stand after everything that is known


def host_of(node: Node) -> Host | None:
    """Return whose behaviors the node's stack takes; None if it has no stack."""
    kind = kind_of(node.kind)
    if kind is None or kind.host is None:
        return None
    if kind is BEHAVIOR_STACK:
        wanted = node.params.get("of", kind.parameter("of").default)
        return cast("Host", wanted) if wanted in ("neurons", "synapses") else None
    return kind.host


def priority_of(item: BehaviorItem, catalog: Catalog) -> int:
    """Return the priority of a behavior; unknown ones come last."""
    spec = catalog.behaviors.get(item.kind)
    return _LAST if spec is None else spec.priority


def sorted_stack(items: Stack, catalog: Catalog) -> Stack:
    """Return ``items`` by priority; equal ones keep their order."""
    return tuple(sorted(items, key=lambda item: priority_of(item, catalog)))


def stack_of(definition: Definition, node: Node, catalog: Catalog) -> Stack:
    """Return all behaviors of a node in the order in which they run.

    Those of wired behavior stacks come before the node's own where the
    priority is equal. Disabled behaviors are included.
    """
    return joined_stack(definition, node, definition.into(node.id, "behaviors"), catalog)


def joined_stack(definition: Definition, node: Node, wires: list[Link], catalog: Catalog) -> Stack:
    """Return what :func:`stack_of` does, given the wires into the behaviors port."""
    shared = [
        item
        for link in wires
        if (stack := definition.nodes.get(link.source)) is not None and stack.is_behavior_stack
        for item in stack.stack
    ]
    return sorted_stack((*shared, *node.stack), catalog)
