"""Nodes of the flat network in which every rule finds the same: copies of one drawing.

Rules look at a node, at the stacks wired to it and, of synapses, at both ends;
no further. Copies of a drawn node that agree in all of this are checked once.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from conex_core.graph.blocks.opening import Origin
    from conex_core.graph.model.document import Definition, Node

__all__ = ["alike"]


def alike(
    nodes: Iterable[Node], network: Definition, origins: Mapping[str, Origin]
) -> list[list[Node]]:
    """Return ``nodes`` in groups that need one check, in the order of their first ones.

    Values are compared by identity: copies that set nothing share the objects
    of their drawing.
    """
    marks = {name: _mark(node, network, origins) for name, node in network.nodes.items()}
    found: dict[Hashable, list[Node]] = defaultdict(list)
    for node in nodes:
        found[marks[node.id], _ends(node, network, marks)].append(node)
    return list(found.values())


def _mark(node: Node, network: Definition, origins: Mapping[str, Origin]) -> Hashable:
    """Return what tells a node and its stacks from all that are not alike."""
    own = _own(node, origins)
    stacks = [link.source for link in network.into(node.id, "behaviors")]
    there = [network.nodes[name] for name in stacks if name in network.nodes]
    return (own, *(_own(stack, origins) for stack in there)) if there else own


def _own(node: Node, origins: Mapping[str, Origin]) -> Hashable:
    origin = origins[node.id]
    return origin.definition, origin.node, id(node.params), id(node.stack)


def _ends(node: Node, network: Definition, marks: Mapping[str, Hashable]) -> Hashable:
    if not node.is_synapse_group:
        return ()
    sources = tuple(marks.get(link.source) for link in network.into(node.id, "source"))
    targets = tuple(marks.get(link.target) for link in network.out_of(node.id, "target"))
    return sources, targets
