"""Problems of the flat network, told where they are drawn, with fixes that reach there."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from conex_core.errors import ConexError, StructureError
from conex_core.graph.blocks import within
from conex_core.graph.flatten import Flat, flatten
from conex_core.graph.problems import Fix, Problem
from conex_core.graph.state import MAIN, NETWORK, BehaviorItem, Definition, Document, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["in_drawing", "located", "once"]


def in_drawing(problem: Problem, definition_id: str) -> Problem:
    """Return a problem found in a definition that stood in for the main network."""
    if definition_id == MAIN:
        return problem
    fixes = tuple(
        Fix(fix.title, partial(within, definition_id=definition_id, edit=fix.apply))
        for fix in problem.fixes
    )
    return replace(problem, definition=definition_id, fixes=fixes)


def located(problem: Problem, flat: Flat) -> Problem:
    """Return a problem of the flat network as one of the node that is drawn."""
    fixes = tuple(Fix(fix.title, partial(_carried, edit=fix.apply)) for fix in problem.fixes)
    problem = replace(problem, fixes=tuple(fix for fix in fixes if _reaches(fix, flat)))
    origin = flat.origins.get(problem.node or "")
    if origin is None:
        return problem
    return replace(problem, node=origin.node, definition=origin.definition, path=origin.path)


def once(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems with those of one drawing told once, not once per instance."""
    seen: dict[Any, Problem] = {}
    for one in problems:
        place: Any = (one.code, one.definition, one.node, one.behavior, one.field)
        if one.node in (None, NETWORK):
            place = one.message
        seen.setdefault(place, one)
    return list(seen.values())


def _reaches(fix: Fix, flat: Flat) -> bool:
    """Tell whether what a fix changes can be carried into the drawings."""
    try:
        _changes(flat, fix.apply.keywords["edit"](flat.document))  # type: ignore[attr-defined]
    except ConexError:
        return False
    return True


def _carried(doc: Document, edit: Callable[[Document], Document]) -> Document:
    """Return ``doc`` with what ``edit`` does to its flat network done to its drawings."""
    flat = flatten(doc)
    edited = edit(flat.document)
    for old, new in _changes(flat, edited):
        origin = flat.origins[old.id]
        drawn = doc.definition(origin.definition)
        node = _merged(drawn.node(origin.node), old, new)
        doc = doc.with_definition(replace(drawn, nodes={**drawn.nodes, node.id: node}))
    if edited.settings is not flat.document.settings:
        doc = replace(doc, settings=edited.settings)
    return doc


def _changes(flat: Flat, edited: Document) -> list[tuple[Node, Node]]:
    """Return the flat nodes that an edit changed, or raise StructureError if it did more."""
    before: Definition = flat.document.network
    after = edited.network
    if before.links != after.links or before.nodes.keys() != after.nodes.keys():
        raise StructureError(after.name, "is changed in more than its nodes")
    return [
        (node, after.nodes[key]) for key, node in before.nodes.items() if node != after.nodes[key]
    ]


def _merged(drawn: Node, old: Node, new: Node) -> Node:
    """Return the drawn node with the difference between two flat ones."""
    stack = {item.id: item for item in drawn.stack}
    before = {item.id: item for item in old.stack}
    items = tuple(_item(item, before.get(item.id), stack.get(item.id)) for item in new.stack)
    return replace(
        drawn,
        params=_difference(drawn.params, old.params, new.params),
        stack=items,
        name=drawn.name if new.name == old.name else new.name,
    )


def _item(new: BehaviorItem, old: BehaviorItem | None, drawn: BehaviorItem | None) -> BehaviorItem:
    if old is None or drawn is None:
        return new
    return replace(new, params=_difference(drawn.params, old.params, new.params))


def _difference(
    drawn: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Mapping[str, Any]:
    kept = {key: value for key, value in drawn.items() if key in new or key not in old}
    return kept | {key: value for key, value in new.items() if key not in old or old[key] != value}
