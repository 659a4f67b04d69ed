"""A simple picture of a network: columns along the flow of spikes, stacks above.

Wires that lead back (networks are recurrent) do not count for the columns, so
any network can be arranged. Equal networks give equal pictures. Notes stay
where they are.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conex_core.graph.model.document import Definition, Node

__all__ = ["arrange", "columns"]

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
    places = _placed(_ordered(_columns(flowing, flow), flow), shown)
    stacks = [key for key, node in shown.items() if node.is_behavior_stack]
    return {**places, **_above(stacks, definition, places, shown)}


def columns(nodes: Sequence[str], wires: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return ``nodes`` in columns: each one after the last of those that feed it.

    A wire that closes a circle does not count; which one that is follows from
    the order of ``nodes``, which is kept in each column.
    """
    flow: _Flow = defaultdict(list)
    for source, target in sorted(set(wires)):
        if source != target:
            flow[source].append(target)
    return _columns(nodes, flow)


def _flow(definition: Definition, known: set[str]) -> _Flow:
    flow: _Flow = defaultdict(list)
    for link in sorted(definition.links):
        if link.source in known and link.target in known and link.source != link.target:
            flow[link.source].append(link.target)
    return flow


def _columns(nodes: Sequence[str], flow: Mapping[str, Sequence[str]]) -> list[list[str]]:
    order = _flowing_order(nodes, flow)
    rank = {node: place for place, node in enumerate(order)}
    column = dict.fromkeys(order, 0)
    for node in order:
        for target in flow.get(node, ()):
            if rank.get(target, -1) > rank[node]:
                column[target] = max(column[target], column[node] + 1)
    found: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for node in nodes:
        found[column[node]].append(node)
    return found


def _flowing_order(nodes: Sequence[str], flow: Mapping[str, Sequence[str]]) -> list[str]:
    """Return ``nodes`` so that only wires that close a circle lead back; without recursion."""
    known, seen = set(nodes), set[str]()
    finished: list[str] = []
    fed = {target for targets in flow.values() for target in targets}
    for start in sorted(nodes, key=lambda node: node in fed):
        path = [] if start in seen else [(start, iter(flow.get(start, ())))]
        seen.add(start)
        while path:
            node, targets = path[-1]
            target = next((one for one in targets if one in known and one not in seen), None)
            if target is None:
                finished.append(node)
                path.pop()
            else:
                seen.add(target)
                path.append((target, iter(flow.get(target, ()))))
    return finished[::-1]


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
