"""The structures that blocks stand for: what each instance holds and offers, as plain data.

Instances come inner ones first, as they have to be made. Nodes are named by
their flat ids, instances by the ids of their path joined by a slash.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conex_core.graph.blocks.definitions import port_nodes, signal_of
from conex_core.graph.blocks.opening import OpenedLevel, opened
from conex_core.graph.model.kinds import INPUT_PORT, OUTPUT_PORT

if TYPE_CHECKING:
    from conex_core.graph.model.document import Document, Node

__all__ = ["StructureStep", "structure_steps"]


@dataclass(frozen=True)
class StructureStep:
    """Build the structure of one instance, around parts that were built before.

    ``inputs`` and ``outputs`` are ports by name, each with the flat ids of the
    neuron groups behind it. ``layers`` are the inner layers of a column by name.
    """

    path: str
    name: str
    kind: str
    members: tuple[str, ...] = ()
    inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    excitatory: str | None = None
    inhibitory: str | None = None
    layers: Mapping[str, str] = field(default_factory=dict)


def structure_steps(doc: Document) -> tuple[StructureStep, ...]:
    """Return a step for every instance of ``doc``, inner ones first."""
    return tuple(
        _step(level) for level in reversed(list(opened(doc).all())) if level.instance is not None
    )


def _step(level: OpenedLevel) -> StructureStep:
    groups = [node for node in level.nodes.values() if node.is_neuron_group]
    children = sorted(level.children.values(), key=lambda child: child.path)
    inner = {"/".join(child.path): child for child in children}
    return StructureStep(
        path="/".join(level.path),
        name=level.shown,
        kind=level.definition.kind,
        members=(*sorted(level.flat_ids()), *inner),
        inputs=_ports(level, INPUT_PORT.name, "synapses"),
        outputs=_ports(level, OUTPUT_PORT.name, "spikes"),
        excitatory=_only(level, groups, "excitatory"),
        inhibitory=_only(level, groups, "inhibitory"),
        layers={
            child.instance.name: path for path, child in inner.items() if child.instance is not None
        },
    )


def _ports(level: OpenedLevel, kind: str, signal: str) -> dict[str, tuple[str, ...]]:
    """Return the ports that lead to groups; others carry what is made by synapses inside."""
    return {
        node.name: tuple(sorted(_behind(level, node)))
        for node in port_nodes(level.definition, kind)
        if signal_of(node) == signal
    }


def _behind(level: OpenedLevel, port: Node) -> set[str]:
    if port.is_output_port:
        return {name for name, _ in level.entering(port.id, "port")}
    return set(_reached(level, port.id))


def _reached(level: OpenedLevel, node_id: str) -> Iterator[str]:
    """Yield the flat ids of the groups that wires from an input port lead to."""
    for link in sorted(level.definition.links):
        if link.source != node_id:
            continue
        child = level.children.get(link.target)
        if child is not None:
            yield from _reached(child, link.target_port)
        elif link.target in level.nodes and level.nodes[link.target].is_neuron_group:
            yield level.prefix + link.target


def _only(level: OpenedLevel, groups: list[Node], polarity: str) -> str | None:
    found = [
        level.prefix + node.id
        for node in groups
        if node.params.get("polarity", "excitatory") == polarity
    ]
    return found[0] if len(found) == 1 else None
