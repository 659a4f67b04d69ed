"""Between the nodes that are seen in the current block and those that are built. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from conex_core.errors import BehaviorError
from conex_core.graph.blocks.nesting import path_to
from conex_core.graph.blocks.opening import inner_prefixes
from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.document import NETWORK

if TYPE_CHECKING:
    from conex_app.project.document import ProjectDocument
    from conex_core.run.host import RunStatus

__all__ = ["built_ids", "failure_of", "seen_node", "seen_rates", "show_level_of"]


def built_ids(document: ProjectDocument, node_ids: Iterable[str]) -> tuple[str, ...]:
    """Return what a plot calls nodes that are seen: of a block their place, else the built id."""
    nodes = document.state.network.nodes
    prefix, definition = "", document.whole.network
    for node_id in document.level:
        instance = definition.node(node_id)
        prefix += inner_prefixes(instance)[0]
        definition = document.whole.definition(instance.of)
    return tuple(
        "/".join((*document.level, node_id))
        if node_id in nodes and nodes[node_id].is_instance
        else prefix + node_id
        for node_id in node_ids
    )


def seen_node(document: ProjectDocument, built_id: str | None) -> str | None:
    """Return the node that is seen for a built one: itself, or the block it is in."""
    origin = document.flat.origins.get(built_id or "")
    depth = len(document.level)
    if origin is None or origin.path[:depth] != document.level:
        return None
    return origin.node if len(origin.path) == depth else origin.path[depth]


def seen_rates(document: ProjectDocument, rates: Mapping[str, float]) -> dict[str, float]:
    """Return rates by the nodes that are seen; a block has that of its busiest group."""
    found: dict[str, float] = {}
    for built_id, rate in rates.items():
        node_id = seen_node(document, built_id)
        if node_id is not None:
            found[node_id] = max(rate, found.get(node_id, 0.0))
    return found


def failure_of(document: ProjectDocument, status: RunStatus) -> Problem | None:
    """Return what ended a run as a problem of the node and behavior that it names."""
    error, flat = status.error, document.flat
    if status.state != "failed" or not isinstance(error, BehaviorError):
        return None
    found = Problem("error", str(error), code="run")
    node = flat.document.network.nodes.get(status.node or "")
    if node is None or node.id not in flat.origins:
        return found
    origin = flat.origins[node.id]
    item = next((item.id for item in node.stack if item.kind == error.behavior), None)
    found = replace(found, definition=origin.definition, path=origin.path)
    return replace(found, node=origin.node, behavior=item)


def show_level_of(document: ProjectDocument, problem: Problem) -> None:
    """Go to the block that a problem is in; stay where its drawing is seen already."""
    if problem.node in (None, NETWORK) or problem.definition == document.definition_id:
        return
    way = problem.path or path_to(document.whole.definitions, problem.definition)
    if way is not None:
        document.go(way)
