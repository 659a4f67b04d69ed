"""Which variables of a node can be watched: what its behaviors declare. Plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conex_core.graph.model.document import NETWORK, Document, Node
from conex_core.graph.model.kinds import NEURON_GROUP
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


def network_node(doc: Document) -> Node:
    """Return a node that stands for the network itself."""
    return Node(NETWORK, NETWORK_KIND, doc.name, stack=doc.settings.stack)


def shown_kind(node: Node) -> str:
    """Return the kind of node that plots show of this one; of a block its neuron groups."""
    return NEURON_GROUP.name if node.is_instance else node.kind


def watched_nodes(doc: Document, spec: PlotSpec, targets: tuple[str, ...]) -> list[Node]:
    """Return the nodes that a plot with these targets shows; without any, all of its first kind.

    Inputs come first, then the others from left to right.
    """
    nodes = [*doc.network.nodes.values(), network_node(doc)]
    kinds = spec.kinds if targets else spec.kinds[:1]
    found = [n for n in nodes if n.kind in kinds and (not targets or n.id in targets)]
    return sorted(found, key=lambda node: (not node.is_input_layer, node.position, node.id))


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
