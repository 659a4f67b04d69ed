"""How a shipped block is drawn: a few strokes on a definition, with ids that stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from conex_core import catalog
from conex_core.distributions import Uniform
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import PORT
from conex_core.graph.edits.promotion import set_promoted
from conex_core.graph.files.block_file import Block, block_of
from conex_core.graph.model.document import MAIN, Document, Link, Target
from conex_core.graph.model.layout import arrange

Stack = tuple[tuple[str, Mapping[str, Any]], ...]
Face = tuple[tuple[str, str, str], ...]  # node, behavior (empty for the node itself), parameter

CATCHER: tuple[str, Mapping[str, Any]] = ("PreSpikeCatcher", {})
AXON: Stack = (("NeuronAxon", {}),)
DENDRITE: Stack = (("SimpleDendriteStructure", {}), ("SimpleDendriteComputation", {}))
CELL: Stack = (*DENDRITE, ("LIF", {}), ("Fire", {}), *AXON)


def dense(scale: float, **given: Any) -> Stack:
    """Return the behaviors of synapses from all to all with random weights."""
    weights = {"mode": Uniform(0.0, 1.0), "scale": scale, **given}
    reader = "SparseDendriticInput" if given.get("density", 1.0) < 1 else "SimpleDendriticInput"
    return (("SynapseInit", {}), ("WeightInitializer", weights), (reader, {}), CATCHER)


class Drawing:
    """Draw one definition; ``ids`` are short names that become stable ids."""

    def __init__(self, slug: str, name: str, kind: str = "Container") -> None:
        self.slug, self.name, self.kind = slug, name, kind
        self.doc = Document()
        self.doc = edits.set_document(self.doc, name=name)
        self.known = catalog.load()

    def node(self, kind: str, key: str, name: str, params: Mapping[str, Any]) -> None:
        """Add a node of any kind."""
        self.doc = edits.add_node(self.doc, kind, name=name, params=params, node_id=f"n_{key}")

    def group(
        self, key: str, name: str, size: Any, stack: Stack = CELL, polarity: str = "excitatory"
    ) -> None:
        """Add a group of neurons."""
        params = {"size": size} | ({} if polarity == "excitatory" else {"polarity": polarity})
        self.node("NeuronGroup", key, name, params)
        self.stack(key, stack)

    def input(self, key: str, name: str, **params: Any) -> None:
        """Add an input layer."""
        self.node("InputLayer", key, name, params)

    def synapses(self, key: str, name: str, source: str, target: str, stack: Stack) -> None:
        """Add synapses; an end is a group, or "instance:port", or empty for none yet."""
        self.node("SynapseGroup", key, name, {})
        if source:
            node, _, port = source.partition(":")
            self.wire(node, port or "spikes", key, "source")
        node, _, port = target.partition(":")
        self.wire(key, "target", node, port or "synapses")
        self.stack(key, stack)

    def instance(self, key: str, name: str, definition: str) -> None:
        """Add an instance of a definition that the drawing has."""
        self.doc = edits.add_instance(self.doc, definition, name=name, node_id=f"n_{key}")

    def port(
        self,
        kind: str,
        key: str,
        name: str,
        signal: str,
        ends: Sequence[tuple[str, str]],
        order: int = 0,
    ) -> None:
        """Add a port with wires to or from some ends: (node, its port)."""
        self.node(kind, key, name, {"signal": signal, "order": order})
        for node, port in ends:
            if kind == "InputPort":
                self.wire(key, PORT, node, port)
            else:
                self.wire(node, port, key, PORT)

    def takes(self, name: str, *groups: str, key: str = "in", order: int = 0) -> None:
        """Add an input port for synapses onto groups."""
        self.port("InputPort", key, name, "synapses", [(one, "synapses") for one in groups], order)

    def gives(self, name: str, group: str, *, key: str = "out", order: int = 0) -> None:
        """Add an output port for the spikes of a group."""
        self.port("OutputPort", key, name, "spikes", [(group, "spikes")], order)

    def wire(self, source: str, source_port: str, target: str, target_port: str) -> None:
        """Draw one wire."""
        link = Link(f"n_{source}", source_port, f"n_{target}", target_port)
        self.doc = edits.add_link(self.doc, link)

    def stack(self, key: str, stack: Stack) -> None:
        """Add behaviors to a node."""
        for kind, params in stack:
            self.doc = edits.add_behavior(
                self.doc,
                f"n_{key}",
                kind,
                catalog=self.known,
                params=params,
                item_id=f"b_{key}_{kind.lower()}",
            )

    def block(
        self,
        description: str,
        tags: tuple[str, ...],
        faces: Mapping[str, tuple[Face, str]],
    ) -> Block:
        """Return what was drawn as a block; ``faces`` maps a name to targets and help."""
        doc = edits.move(self.doc, arrange(self.doc.network))
        definition_id = f"d_{self.slug}"
        drawn = replace(
            doc.network,
            id=definition_id,
            name=self.name,
            kind=self.kind,
            description=description,
            tags=tags,
        )
        doc = replace(doc, definitions={**doc.definitions, MAIN: Document().network})
        doc = doc.with_definition(drawn)
        for name, (targets, text) in faces.items():
            doc = self._promoted(doc, definition_id, name, targets, text)
        return replace(block_of(doc, definition_id, block_id=f"conex_{self.slug}"), author="CoNeX")

    def _promoted(
        self, doc: Document, definition_id: str, name: str, targets: Face, text: str
    ) -> Document:
        ends = [Target(f"n_{key}", _item(key, kind), field) for key, kind, field in targets]
        shown = f"p_{name.replace(' ', '_')}"
        doc = edits.promote(
            doc, [definition_id], ends[0], catalog=self.known, name=name, promoted_id=shown
        )
        for end in ends[1:]:
            doc = edits.follow(doc, definition_id, shown, end)
        return set_promoted(doc, definition_id, shown, help=text)


def _item(key: str, kind: str) -> str | None:
    return f"b_{key}_{kind.lower()}" if kind else None
