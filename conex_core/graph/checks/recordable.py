"""Which variables of a node can be watched: what its behaviors declare. Plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conex_core.graph.model.document import NETWORK, Document, Node
from conex_core.graph.model.kinds import INPUT_LAYER, NEURON_GROUP
from conex_core.plot_specs import NETWORK_KIND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conex_core.graph.checks.context import Context, Running
    from conex_core.plot_specs import PlotSpec, Watch

__all__ = [
    "can_show",
    "levels_of",
    "network_node",
    "recordable",
    "shown_kind",
    "watched_nodes",
]

_POPULATIONS = {NEURON_GROUP.name, INPUT_LAYER.name}
_ROW = 64.0  # on the canvas


def network_node(doc: Document) -> Node:
    """Return a node that stands for the network itself."""
    return Node(NETWORK, NETWORK_KIND, doc.name, stack=doc.settings.stack)


def shown_kind(node: Node) -> str:
    """Return the kind of node that plots show of this one; of a block its neuron groups."""
    return NEURON_GROUP.name if node.is_instance else node.kind


def watched_nodes(doc: Document, spec: PlotSpec, targets: tuple[str, ...]) -> list[Node]:
    """Return the nodes that a plot with these targets shows, as one reads them on the canvas.

    Without targets it shows all groups, those of input layers too, or all of its
    first kind where that is another. What is inside a block stays together.
    """
    nodes = [*doc.network.nodes.values(), network_node(doc)]
    kinds = spec.kinds if targets else _all_of(spec)
    drawn: dict[str, list[Node]] = {}  # by the block that they are in
    for node in nodes:
        if node.kind in kinds and (not targets or node.id in targets):
            drawn.setdefault(node.id.rpartition("/")[0], []).append(node)
    return [node for found in drawn.values() for row in _rows(found) for node in row]


def _all_of(spec: PlotSpec) -> tuple[str, ...]:
    first, *_ = spec.kinds
    return tuple(kind for kind in spec.kinds if kind == first or {kind, first} == _POPULATIONS)


def _rows(nodes: list[Node]) -> list[list[Node]]:
    """Return the nodes in rows from top to bottom, each from left to right.

    What is placed by hand is never quite level; in one row is what begins little
    below the first of it.
    """
    rows: list[list[Node]] = []
    for node in sorted(nodes, key=lambda each: (each.position[1], each.position[0], each.id)):
        if not rows or node.position[1] - rows[-1][0].position[1] > _ROW:
            rows.append([])
        rows[-1].append(node)
    return [sorted(row, key=lambda node: (node.position, node.id)) for row in rows]


def recordable(context: Context, node: Node) -> frozenset[str] | None:
    """Return the variables of a node that behaviors declare; None where one is not known."""
    if node.id == NETWORK:
        running, known = context.running_network(), set(context.made_by_network())
        stack = context.doc.settings.stack
    else:
        running, known = context.running(node), set(context.made(node))
        stack = context.stack(node)
    if any(item.kind not in context.catalog.behaviors for item in stack):
        return None
    if node.is_input_layer:
        layers = context.catalog.of_host("layer")
        known |= _own(name for spec in layers for name in spec.provides)
    return frozenset(known | _own(name for _, spec in running for name in spec.recordable))


def can_show(context: Context, node: Node, watch: Watch, settings: Mapping[str, Any]) -> bool:
    """Tell whether a node has what is watched, as far as that is known."""
    known = recordable(context, node)
    return known is None or watch.asked(settings) in known


def levels_of(context: Context, node: Node, names: tuple[str, ...]) -> dict[str, float]:
    """Return values that behaviors of a node declare and hold as one number, by name."""
    found: dict[str, float] = {}
    running = context.running_network() if node.id == NETWORK else context.running(node)
    for name in names:
        values = (_value(one, name) for one in running if f"own.{name}" in one[1].provides)
        value = next((value for value in values if isinstance(value, int | float)), None)
        if value is not None:
            found[name] = float(value)
    return found


def _value(running: Running, name: str) -> Any:
    item, spec = running
    default = next((p.default for p in spec.parameters if p.name == name), None)
    return item.params.get(name, default)


def _own(names: Iterator[str]) -> set[str]:
    return {name.removeprefix("own.") for name in names if name.startswith("own.")}
