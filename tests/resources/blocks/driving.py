"""A network around one block: Poisson spikes drive one of its ports."""

from __future__ import annotations

from conex_core import catalog
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import ports_of
from conex_core.graph.files.block_file import Block
from conex_core.graph.library.inserting import insert_block
from conex_core.graph.model.document import NETWORK, Document, Link
from tests.resources.blocks.drawing import dense

LEARNS_FROM_REWARD = "SimpleRSTDP"


def driven(block: Block) -> Document:
    """Return a network in which 60 Hz Poisson spikes drive the first input of a block."""
    doc, node_id = insert_block(Document(), block, node_id="n_block")
    doc = edits.set_settings(doc, seed=5, duration=300.0)
    if LEARNS_FROM_REWARD in _behaviors(block):
        for kind in ("Payoff", "Dopamine"):
            doc = edits.add_behavior(doc, NETWORK, kind, catalog=catalog.load())
    ports = ports_of(doc.network.node(node_id), doc.definitions)
    inputs = [port for port in ports if port.direction == "in"]
    if not inputs:
        return doc
    size = (1, 8, 8) if inputs[0].signal == "spikes" else 100
    params = {"source": "noise", "size": size, "rate": 60.0}
    doc = edits.add_node(doc, "InputLayer", node_id="n_input", params=params)
    if inputs[0].signal == "spikes":
        return edits.add_link(doc, Link("n_input", "spikes", node_id, inputs[0].name))
    doc = edits.add_node(doc, "SynapseGroup", node_id="n_feed")
    doc = edits.add_link(doc, Link("n_input", "spikes", "n_feed", "source"))
    doc = edits.add_link(doc, Link("n_feed", "target", node_id, inputs[0].name))
    for kind, given in dense(1.5):
        item = f"b_feed_{kind.lower()}"
        doc = edits.add_behavior(
            doc, "n_feed", kind, catalog=catalog.load(), params=given, item_id=item
        )
    return doc


def _behaviors(block: Block) -> set[str]:
    nodes = [node for item in block.definitions.values() for node in item.nodes.values()]
    return {item.kind for node in nodes for item in node.stack}
