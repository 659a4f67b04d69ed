"""The structures that blocks stand for: what each instance holds and offers, as plain data.

Instances come inner ones first, as they have to be made. Nodes are named by
their flat ids, instances by the ids of their path joined by a slash.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conex_core.graph.blocks.definitions import port_nodes, signal_of
from conex_core.graph.blocks.flatten import Scope, opened
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
        _step(scope) for scope in reversed(list(opened(doc).all())) if scope.instance is not None
    )


def _step(scope: Scope) -> StructureStep:
    groups = [node for node in scope.nodes.values() if node.is_neuron_group]
    children = sorted(scope.children.values(), key=lambda child: child.path)
    inner = {"/".join(child.path): child for child in children}
    return StructureStep(
        path="/".join(scope.path),
        name=scope.shown,
        kind=scope.definition.kind,
        members=(*sorted(scope.flat_ids()), *inner),
        inputs=_ports(scope, INPUT_PORT.name, "synapses"),
        outputs=_ports(scope, OUTPUT_PORT.name, "spikes"),
        excitatory=_only(scope, groups, "excitatory"),
        inhibitory=_only(scope, groups, "inhibitory"),
        layers={
            child.instance.name: path for path, child in inner.items() if child.instance is not None
        },
    )


def _ports(scope: Scope, kind: str, signal: str) -> dict[str, tuple[str, ...]]:
    """Return the ports that lead to groups; others carry what is made by synapses inside."""
    return {
        node.name: tuple(sorted(_behind(scope, node)))
        for node in port_nodes(scope.definition, kind)
        if signal_of(node) == signal
    }


def _behind(scope: Scope, port: Node) -> set[str]:
    if port.is_output_port:
        return {name for name, _ in scope.entering(port.id, "port")}
    return set(_reached(scope, port.id))


def _reached(scope: Scope, node_id: str) -> Iterator[str]:
    """Yield the flat ids of the groups that wires from an input port lead to."""
    for link in sorted(scope.definition.links):
        if link.source != node_id:
            continue
        child = scope.children.get(link.target)
        if child is not None:
            yield from _reached(child, link.target_port)
        elif link.target in scope.nodes and scope.nodes[link.target].is_neuron_group:
            yield scope.prefix + link.target


def _only(scope: Scope, groups: list[Node], polarity: str) -> str | None:
    found = [
        scope.prefix + node.id
        for node in groups
        if node.params.get("polarity", "excitatory") == polarity
    ]
    return found[0] if len(found) == 1 else None
