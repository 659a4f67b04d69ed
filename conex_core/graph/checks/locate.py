"""Problems of the flat network, told where they are drawn, with fixes that reach there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from conex_core.errors import ConexError, StructureError
from conex_core.graph.blocks.definitions import within
from conex_core.graph.blocks.flatten import Flat, flatten
from conex_core.graph.blocks.opening import Origin
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.model.document import MAIN, BehaviorItem, Definition, Document, Node, Target

__all__ = ["in_drawing", "located"]

Edit = Callable[[Document], Document]


def in_drawing(problem: Problem, definition_id: str) -> Problem:
    """Return a problem found in a definition that stood in for the main network."""
    if definition_id == MAIN:
        return problem
    fixes = tuple(
        Fix(fix.title, partial(within, definition_id=definition_id, edit=fix.apply))
        for fix in problem.fixes
    )
    return replace(problem, definition=definition_id, fixes=fixes)


def located(problems: Iterable[Problem], flat: Flat) -> Iterator[Problem]:
    """Yield problems of the flat network as those of nodes that are drawn.

    What several copies of one drawing have in common is told of the first only.
    """
    first: dict[object, str | None] = {}
    for problem in problems:
        origin = flat.origins.get(problem.node or "")
        place: object = (problem.code, problem.behavior, problem.field, _drawn(origin))
        if origin is None:
            place = problem.message
        if first.setdefault(place, problem.node) != problem.node:
            continue
        one = replace(problem, fixes=tuple(_fixes(problem, flat)))
        if origin is not None:
            one = replace(one, node=origin.node, definition=origin.definition, path=origin.path)
        yield one


def _drawn(origin: Origin | None) -> tuple[str, str] | None:
    return None if origin is None else (origin.definition, origin.node)


def _fixes(problem: Problem, flat: Flat) -> Iterator[Fix]:
    for fix in problem.fixes:
        if _reaches(fix.apply, flat):
            yield Fix(fix.title, partial(_carried, edit=fix.apply))


def _reaches(edit: Edit, flat: Flat) -> bool:
    """Tell whether what an edit of the flat network changes can be carried into the drawings."""
    try:
        _changes(flat, edit(flat.document))
    except ConexError:
        return False
    return True


def _carried(doc: Document, edit: Edit) -> Document:
    """Return ``doc`` with what ``edit`` does to its flat network done to its drawings."""
    flat = flatten(doc)
    edited = edit(flat.document)
    for old, new in _changes(flat, edited):
        doc = _redrawn(doc, flat.origins[old.id], old, new)
    if edited.settings is not flat.document.settings:
        doc = replace(doc, settings=edited.settings)
    if edited.monitors != flat.document.monitors:
        doc = replace(doc, monitors=edited.monitors)
    return doc


def _redrawn(doc: Document, origin: Origin, old: Node, new: Node) -> Document:
    """Return ``doc`` with a changed flat node drawn; values of blocks around it follow too."""
    drawn = doc.definition(origin.definition)
    node = _merged(drawn.node(origin.node), old, new)
    doc = doc.with_definition(replace(drawn, nodes={**drawn.nodes, node.id: node}))
    before = {item.id: item.params for item in old.stack}
    changed: list[tuple[str | None, Mapping[str, Any], Mapping[str, Any]]] = [
        (None, old.params, new.params),
        *((item.id, before.get(item.id, {}), item.params) for item in new.stack),
    ]
    for item_id, had, has in changed:
        for name in had.keys() | has.keys():
            if name not in had or name not in has or had[name] != has[name]:
                target = Target(origin.node, item_id, name)
                doc = _overridden(doc, origin.path, target, has.get(name))
    return doc


def _overridden(doc: Document, path: tuple[str, ...], target: Target, value: Any) -> Document:
    """Return ``doc`` with a new value in place of what instances around a node set, if any does."""
    around = [doc.network]
    for node_id in path:
        around.append(doc.definitions[around[-1].nodes[node_id].of])
    for inner, outer, node_id in zip(around[:0:-1], around[-2::-1], path[::-1], strict=True):
        promoted = next((one for one in inner.promoted if target in one.targets), None)
        if promoted is None:
            break
        instance = doc.definition(outer.id).nodes[node_id]
        if promoted.id in instance.params:
            rest = {key: held for key, held in instance.params.items() if key != promoted.id}
            params = rest if value is None else {**rest, promoted.id: value}
            nodes = {**outer.nodes, node_id: replace(instance, params=params)}
            doc = doc.with_definition(replace(outer, nodes=nodes))
        target = Target(node_id, None, promoted.id)
    return doc


def _changes(flat: Flat, edited: Document) -> list[tuple[Node, Node]]:
    """Return the flat nodes that an edit changed, or raise StructureError if it did more."""
    before: Definition = flat.document.network
    after = edited.network
    if before.links != after.links or before.nodes.keys() != after.nodes.keys():
        raise StructureError(after.name, "is changed in more than its nodes")
    return [
        (node, after.nodes[key])
        for key, node in before.nodes.items()
        if node is not after.nodes[key] and node != after.nodes[key]
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
