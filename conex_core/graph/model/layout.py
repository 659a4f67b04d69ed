"""A simple picture of a network: columns along the flow of spikes, stacks above.

Wires that lead back (networks are recurrent) do not count for the columns, so
any network can be arranged. Equal networks give equal pictures. Notes stay
where they are.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conex_core.graph.model.document import Definition, Node

__all__ = ["arrange"]

COLUMN = 280.0  # from one column to the next, in canvas pixels
GAP = 60.0  # between two nodes of a column
_HEADER, _ROW = 70.0, 18.0  # height of a node: its title, and each behavior it lists
_SWEEPS = 4

_Flow = dict[str, list[str]]


def arrange(definition: Definition) -> dict[str, tuple[float, float]]:
    """Return a place on the canvas (upper left corner) for every node but notes."""
    nodes = {key: definition.nodes[key] for key in sorted(definition.nodes)}
    shown = {key: node for key, node in nodes.items() if not node.is_note}
    flowing = [key for key, node in shown.items() if not node.is_behavior_stack]
    flow = _flow(definition, set(flowing))
    columns = _columns(flowing, _without_cycles(flowing, flow))
    places = _placed(_ordered(columns, flow), shown)
    stacks = [key for key, node in shown.items() if node.is_behavior_stack]
    return {**places, **_above(stacks, definition, places, shown)}


def _flow(definition: Definition, known: set[str]) -> _Flow:
    flow: _Flow = defaultdict(list)
    for link in sorted(definition.links):
        if link.source in known and link.target in known and link.source != link.target:
            flow[link.source].append(link.target)
    return flow


def _without_cycles(nodes: list[str], flow: _Flow) -> _Flow:
    """Return the flow without the wires that lead back, found depth first."""
    entered: set[str] = set()
    left: set[str] = set()
    kept: _Flow = defaultdict(list)
    fed = {target for targets in flow.values() for target in targets}
    for start in sorted(nodes, key=lambda key: (key in fed, key)):
        path = [(start, iter(flow.get(start, ())))] if start not in entered else []
        entered.add(start)
        while path:
            node, targets = path[-1]
            target = next(targets, None)
            if target is None:
                left.add(node)
                path.pop()
                continue
            if target in left or target not in entered:
                kept[node].append(target)
            if target not in entered:
                entered.add(target)
                path.append((target, iter(flow.get(target, ()))))
    return kept


def _columns(nodes: list[str], flow: _Flow) -> list[list[str]]:
    """Put every node one column after the last of those that feed it."""
    missing = dict.fromkeys(nodes, 0)
    for targets in flow.values():
        for target in targets:
            missing[target] += 1
    column = dict.fromkeys(nodes, 0)
    ready = [node for node in nodes if not missing[node]]
    for node in ready:
        for target in flow.get(node, ()):
            column[target] = max(column[target], column[node] + 1)
            missing[target] -= 1
            if not missing[target]:
                ready.append(target)
    rows: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for node in nodes:
        rows[column[node]].append(node)
    return rows


def _ordered(columns: list[list[str]], flow: _Flow) -> list[list[str]]:
    """Sort each column by the mean place of its neighbours, so that few wires cross."""
    near: _Flow = defaultdict(list)
    for source, targets in flow.items():
        for target in targets:
            near[source].append(target)
            near[target].append(source)
    for _ in range(_SWEEPS):
        place = {
            node: (index + 0.5) / len(column)
            for column in columns
            for index, node in enumerate(column)
        }
        columns = [
            sorted(column, key=lambda node: (_mean(near[node], place, place[node]), node))
            for column in columns
        ]
    return columns


def _mean(near: list[str], place: dict[str, float], own: float) -> float:
    return sum(place[node] for node in near) / len(near) if near else own


def _placed(columns: list[list[str]], nodes: dict[str, Node]) -> dict[str, tuple[float, float]]:
    places = {}
    for number, column in enumerate(columns):
        heights = [_height(nodes[node]) for node in column]
        y = -(sum(heights) + GAP * (len(heights) - 1)) / 2
        for node, height in zip(column, heights, strict=True):
            places[node] = (number * COLUMN, round(y))
            y += height + GAP
    return {node: (float(x), float(y)) for node, (x, y) in places.items()}


def _above(
    stacks: list[str],
    definition: Definition,
    places: dict[str, tuple[float, float]],
    nodes: dict[str, Node],
) -> dict[str, tuple[float, float]]:
    """Put behavior stacks over what they feed, side by side."""
    top = min((y for _, y in places.values()), default=0.0)
    found: dict[str, tuple[float, float]] = {}
    free = float("-inf")
    for stack in stacks:
        fed = [places[link.target][0] for link in definition.out_of(stack) if link.target in places]
        x = max(sum(fed) / len(fed) if fed else 0.0, free)
        found[stack] = (float(round(x)), float(round(top - GAP - _height(nodes[stack]))))
        free = x + COLUMN
    return found


def _height(node: Node) -> float:
    return _HEADER + _ROW * len(node.stack)
