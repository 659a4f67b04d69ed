"""Outlines: where the nodes and wires of a block are, for a small picture of it.

All lengths are parts of the picture's width and height, from the upper left.
"""

from __future__ import annotations

from dataclasses import dataclass

from conex_core.graph.files.block_file import Block
from conex_core.graph.model.document import Definition, Node
from conex_core.graph.model.kinds import INPUT_PORT, OUTPUT_PORT, SYNAPSE_GROUP, OfKind

__all__ = ["Outline", "OutlineBox", "outline"]

# What nodes measure on the canvas, roughly; a picture of 100 pixels needs no more.
_SIZES = {
    SYNAPSE_GROUP.name: (180.0, 48.0),
    INPUT_PORT.name: (90.0, 40.0),
    OUTPUT_PORT.name: (90.0, 40.0),
}
_USUAL = (190.0, 110.0)
_MOST = 300  # nodes in a picture


@dataclass(frozen=True)
class OutlineBox(OfKind):
    """Place one node; ``role`` is the polarity of a group or the compartment of synapses."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    role: str = ""


@dataclass(frozen=True)
class Outline:
    """Hold the boxes, and the wires as pairs of places in ``boxes``: from, to."""

    boxes: tuple[OutlineBox, ...] = ()
    wires: tuple[tuple[int, int], ...] = ()


def outline(block: Block | Definition) -> Outline:
    """Return where the nodes and wires of a block are; notes are left out."""
    definition = block.definition if isinstance(block, Block) else block
    nodes = [node for node in definition.nodes.values() if not node.is_note][:_MOST]
    if not nodes:
        return Outline()
    sizes = {node.id: _SIZES.get(node.kind, _USUAL) for node in nodes}
    left = min(node.position[0] for node in nodes)
    top = min(node.position[1] for node in nodes)
    wide = max(node.position[0] + sizes[node.id][0] for node in nodes) - left
    high = max(node.position[1] + sizes[node.id][1] for node in nodes) - top
    boxes = tuple(
        OutlineBox(
            x=(node.position[0] - left) / wide,
            y=(node.position[1] - top) / high,
            width=sizes[node.id][0] / wide,
            height=sizes[node.id][1] / high,
            kind=node.kind,
            role=_role(node),
        )
        for node in nodes
    )
    places = {node.id: place for place, node in enumerate(nodes)}
    wires = {
        (places[link.source], places[link.target])
        for link in definition.links
        if link.source in places and link.target in places
    }
    return Outline(boxes, tuple(sorted(wires)))


def _role(node: Node) -> str:
    if node.is_neuron_group:
        return str(node.params.get("polarity", "excitatory"))
    return str(node.params.get("compartment", "Proximal")) if node.is_synapse_group else ""
