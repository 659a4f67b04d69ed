"""Blocks to begin with: an empty one, a layer, a cortical layer, a cortical column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conex_core.errors import UnknownName
from conex_core.graph.blocks.definitions import PORT
from conex_core.graph.edits.grouping import add_instance
from conex_core.graph.edits.merging import merged
from conex_core.graph.edits.nodes import add_link, add_node, connect_groups, move
from conex_core.graph.edits.promotion import follow, promote
from conex_core.graph.edits.stacks import set_behavior_param
from conex_core.graph.model.defaults import stack_for, synapse_stack
from conex_core.graph.model.document import MAIN, Definition, Document, Link, Target, new_id
from conex_core.graph.model.kinds import INPUT_PORT, NEURON_GROUP, OUTPUT_PORT, SYNAPSE_GROUP
from conex_core.graph.model.layout import arrange

if TYPE_CHECKING:
    from conex_core.catalog import Catalog

__all__ = ["TEMPLATES", "Template", "add_template"]

_STEP = 300.0
_NOISE = 2.9  # mV; lets a neuron without input spike now and then
_HOLD = 3.0  # how much stronger inhibition is than what new synapses begin with
_FORWARD = 0.35  # how much weaker the way from layer to layer is
_SIGNALS = {INPUT_PORT.name: "synapses", OUTPUT_PORT.name: "spikes"}


@dataclass(frozen=True)
class Template:
    """Describe one kind of block to begin with; ``draw`` puts its parts into a document."""

    kind: str
    title: str
    summary: str
    draw: Callable[[Document, Catalog], Document]


def add_template(
    doc: Document,
    name: str,
    *,
    catalog: Catalog,
    at: tuple[float, float] = (0.0, 0.0),
    inside: str = MAIN,
    node_id: str | None = None,
) -> Document:
    """Return ``doc`` with a new block drawn from a template, and an instance of it.

    ``inside`` is the definition that stands in for the main network, if one does.

    Raises
    ------
    UnknownName
        If there is no such template.
    """
    if name not in TEMPLATES:
        raise UnknownName("kind of block", name, TEMPLATES)
    drawn = _drawn(TEMPLATES[name], catalog)
    root = next(key for key, item in drawn.items() if item.name == TEMPLATES[name].title)
    doc, names = merged(doc, drawn)
    return add_instance(doc, names[root], at=at, node_id=node_id, inside=inside)


def _drawn(template: Template, catalog: Catalog) -> Mapping[str, Definition]:
    """Return the definition of a template and those that it uses."""
    doc = template.draw(Document(), catalog)
    doc = move(doc, arrange(doc.network))
    root = replace(
        doc.network,
        id=new_id("d"),
        name=template.title,
        kind=template.kind,
        description=template.summary,
    )
    inner = {key: item for key, item in doc.definitions.items() if key != MAIN}
    return {**inner, root.id: root}


def _container(doc: Document, catalog: Catalog) -> Document:
    doc, _ = _port(doc, INPUT_PORT.name, "in", 0.0)
    doc, _ = _port(doc, OUTPUT_PORT.name, "out", 2 * _STEP)
    return doc


def _layer(doc: Document, catalog: Catalog) -> Document:
    doc, cells = _group(doc, "Cells", 100, (_STEP, 0.0))
    return _ported(doc, cells, cells)


def _cortical_layer(doc: Document, catalog: Catalog) -> Document:
    doc, exc = _group(doc, "Exc", 80, (_STEP, 0.0))
    doc, inh = _group(doc, "Inh", 20, (_STEP, 2 * _STEP), polarity="inhibitory")
    for source in (exc, inh):
        for target in (exc, inh):
            synapse = new_id()
            doc = connect_groups(doc, source, target, catalog=catalog, node_id=synapse)
            doc = _scaled(doc, synapse, _HOLD if source == inh else 1.0)
    return _ported(doc, exc, exc)


def _column(doc: Document, catalog: Catalog) -> Document:
    layer = _promoted_layer(catalog)
    doc, names = merged(doc, layer)
    definition = names[next(iter(layer))]
    places = [("L4", 2 * _STEP), ("L2/3", 0.0), ("L5", 4 * _STEP)]
    ids = {}
    for name, y in places:
        ids[name] = new_id()
        doc = add_instance(doc, definition, name=name, at=(_STEP, y), node_id=ids[name])
    into, out = _face_of(doc, definition)
    for source, target in (("L4", "L2/3"), ("L2/3", "L5")):
        doc = _joined(doc, (ids[source], out), (ids[target], into), f"{source} to {target}")
    doc, way_in = _port(doc, INPUT_PORT.name, "in", 0.0)
    doc, way_out = _port(doc, OUTPUT_PORT.name, "out", 2 * _STEP)
    doc = add_link(doc, Link(way_in, PORT, ids["L4"], into))
    return add_link(doc, Link(ids["L5"], out, way_out, PORT))


def _promoted_layer(catalog: Catalog) -> Mapping[str, Definition]:
    """Return a cortical layer that promotes the time constant of its neurons."""
    ((key, definition),) = _drawn(TEMPLATES["CorticalLayer"], catalog).items()
    doc = Document().with_definition(definition)
    targets = [
        Target(node.id, item.id, "tau")
        for node in definition.nodes.values()
        for item in node.stack
        if item.kind == "LIF"
    ]
    doc = promote(doc, [key], targets[0], catalog=catalog, name="tau")
    shown = doc.definition(key).promoted[0].id
    for target in targets[1:]:
        doc = follow(doc, key, shown, target)
    return {key: doc.definition(key)}


def _face_of(doc: Document, definition_id: str) -> tuple[str, str]:
    """Return the ids of the input and the output port of a drawn layer."""
    nodes = doc.definition(definition_id).nodes.values()
    by_kind = {node.kind: node.id for node in nodes}
    return by_kind[INPUT_PORT.name], by_kind[OUTPUT_PORT.name]


def _group(
    doc: Document,
    name: str,
    size: int,
    at: tuple[float, float],
    polarity: str = "excitatory",
) -> tuple[Document, str]:

    node_id = new_id()
    params = {"size": size, "polarity": polarity}
    stack = tuple(
        replace(item, params={"scale": _NOISE}) if item.kind == "InherentNoise" else item
        for item in stack_for(NEURON_GROUP.name)
    )
    doc = add_node(
        doc, NEURON_GROUP.name, name=name, at=at, params=params, stack=stack, node_id=node_id
    )
    return doc, node_id


def _ported(doc: Document, entry: str, way_out: str) -> Document:
    """Return ``doc`` with a port to one group and a port from another."""
    doc, into = _port(doc, INPUT_PORT.name, "in", 0.0)
    doc, out = _port(doc, OUTPUT_PORT.name, "out", 2 * _STEP)
    doc = add_link(doc, Link(into, PORT, entry, "synapses"))
    return add_link(doc, Link(way_out, "spikes", out, PORT))


def _port(doc: Document, kind: str, name: str, x: float) -> tuple[Document, str]:
    node_id = new_id()
    params = {"signal": _SIGNALS[kind], "order": 0}
    return add_node(doc, kind, name=name, at=(x, 0.0), params=params, node_id=node_id), node_id


def _joined(doc: Document, source: tuple[str, str], target: tuple[str, str], name: str) -> Document:
    """Return ``doc`` with a synapse group between two ports of blocks."""
    node_id = new_id()
    exc = next(
        node
        for node in doc.definition(doc.network.node(source[0]).of).nodes.values()
        if node.is_neuron_group and node.params.get("polarity") == "excitatory"
    )
    (x, y), (u, v) = (doc.network.node(end[0]).position for end in (source, target))
    doc = add_node(
        doc,
        SYNAPSE_GROUP.name,
        name=name,
        at=((x + u) / 2, (y + v) / 2),
        stack=synapse_stack(exc),
        node_id=node_id,
    )
    doc = _scaled(doc, node_id, _FORWARD)
    doc = add_link(doc, Link(*source, node_id, "source"))
    return add_link(doc, Link(node_id, "target", *target))


def _scaled(doc: Document, synapse: str, factor: float) -> Document:
    """Return ``doc`` with the weights of a new synapse group scaled."""
    for item in doc.network.node(synapse).stack:
        if item.kind == "WeightInitializer":
            scale = round(item.params["scale"] * factor, 3)
            doc = set_behavior_param(doc, synapse, item.id, "scale", scale)
    return doc


TEMPLATES: Mapping[str, Template] = {
    item.kind: item
    for item in (
        Template(
            "Container",
            "Empty block",
            "An empty block with an input and an output port.",
            _container,
        ),
        Template(
            "Layer",
            "Layer",
            "A sketch to begin with: a layer of one group of neurons, with ports.",
            _layer,
        ),
        Template(
            "CorticalLayer",
            "Cortical layer",
            "A sketch to begin with: excitatory and inhibitory neurons that drive and hold back "
            "each other. The block of this name in the library is tuned.",
            _cortical_layer,
        ),
        Template(
            "CorticalColumn",
            "Cortical column",
            "A sketch to begin with: three cortical layers, L4 to L2/3 to L5; all three are "
            "copies of one layer. The column in the library is tuned.",
            _column,
        ),
    )
}
