"""Blocks: definitions seen from outside, through their ports and promoted parameters.

A port of a block is a port node inside its definition; wires outside name it by
the id of that node, so that renaming a port moves no wire.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from conex_core.errors import StructureError
from conex_core.graph.kinds import PORT_KINDS, NodePort, Signal, kind_of
from conex_core.graph.state import MAIN, Definition, Document, Node, Promoted, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conex_core.catalog import Catalog
    from conex_core.parameters import Parameter

__all__ = [
    "BLOCK_KINDS",
    "PORT",
    "cycle",
    "depends_on",
    "focus",
    "instances_of",
    "parameter_of",
    "port_nodes",
    "ports_of",
    "refuse_cycle",
    "signal_of",
    "tidied",
    "unfocus",
    "used_definitions",
    "value_inside",
    "within",
]

BLOCK_KINDS = ("Container", "Layer", "CorticalLayer", "CorticalColumn")
PORT = "port"  # the name of the one port of a port node

Definitions = "Mapping[str, Definition]"


def ports_of(node: Node, definitions: Mapping[str, Definition]) -> tuple[NodePort, ...]:
    """Return the ports of a node; those of a block come from its definition."""
    if node.kind == "Instance":
        definition = definitions.get(node.of)
        return () if definition is None else _face(definition)
    if node.kind in PORT_KINDS:
        direction = "out" if node.kind == "InputPort" else "in"
        return (NodePort(PORT, direction, signal_of(node), node.name),)  # type: ignore[arg-type]
    kind = kind_of(node.kind)
    return () if kind is None else kind.ports


def port_nodes(definition: Definition, kind: str) -> list[Node]:
    """Return the input ports or output ports of a definition, from the top."""
    found = [node for node in definition.nodes.values() if node.kind == kind]
    return sorted(found, key=lambda node: (_order(node), node.position[1], node.id))


def signal_of(node: Node) -> Signal:
    """Return what flows through a port node."""
    kind = kind_of(node.kind)
    usual = "spikes" if kind is None else kind.parameter("signal").default
    signal = node.params.get("signal", usual)
    return cast("Signal", signal if signal in ("spikes", "synapses", "behaviors") else usual)


def focus(doc: Document, definition_id: str) -> Document:
    """Return ``doc`` with a definition in the place of the main network.

    What looks at or edits the main network then looks at that definition.
    """
    if definition_id == MAIN:
        return doc
    inner = replace(doc.definition(definition_id), id=MAIN)
    return replace(doc, definitions={**doc.definitions, MAIN: inner})


def within(doc: Document, definition_id: str, edit: Callable[[Document], Document]) -> Document:
    """Return ``doc`` with ``edit``, made for the main network, done in a definition."""
    if definition_id == MAIN:
        return edit(doc)
    return unfocus(doc, definition_id, edit(focus(doc, definition_id)))


def unfocus(doc: Document, definition_id: str, edited: Document) -> Document:
    """Return ``doc`` with what was changed in :func:`focus` of it.

    What pointed to ports and parameters that are gone goes too, everywhere.
    """
    if definition_id == MAIN:
        return edited
    inner = replace(edited.network, id=definition_id)
    definitions = {**edited.definitions, MAIN: doc.network, definition_id: inner}
    if inner == doc.definitions[definition_id] and edited == focus(doc, definition_id):
        return doc
    return tidied(replace(edited, definitions=definitions), definition_id)


def instances_of(doc: Document, definition_id: str) -> list[tuple[str, str]]:
    """Return (definition id, node id) of every instance of a definition, wherever it is."""
    return [
        (outer.id, node.id)
        for outer in doc.definitions.values()
        for node in outer.nodes.values()
        if node.kind == "Instance" and node.of == definition_id
    ]


def used_definitions(
    definitions: Mapping[str, Definition], start: str = MAIN
) -> dict[str, Definition]:
    """Return the definitions that ``start`` needs, itself first; missing ones are left out."""
    found: dict[str, Definition] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in found or name not in definitions:
            continue
        found[name] = definitions[name]
        waiting += sorted(_inside(definitions[name]), reverse=True)
    return found


def depends_on(definitions: Mapping[str, Definition], outer: str, inner: str) -> bool:
    """Tell whether ``outer`` is ``inner`` or holds it, at any depth."""
    return inner in used_definitions(definitions, outer)


def cycle(definitions: Mapping[str, Definition], start: str = MAIN) -> list[str]:
    """Return the names along which a definition would hold itself; empty if none does."""
    return next(_cycles(definitions, [start]), [])


def refuse_cycle(doc: Document, outer: str, inner: str) -> None:
    """Raise StructureError if an instance of ``inner`` in ``outer`` would close a circle."""
    if not depends_on(doc.definitions, inner, outer):
        return
    trial = {
        **doc.definitions,
        outer: _with_instance(doc.definition(outer), inner),
    }
    path = " › ".join(cycle(trial, outer)) or doc.definition(outer).name
    raise StructureError(
        doc.definition(inner).name,
        f"cannot be put inside itself ({path})",
        hint="Make it unique first, or use another block",
    )


def parameter_of(
    doc: Document, definition_id: str, promoted: Promoted, catalog: Catalog
) -> Parameter | None:
    """Return the parameter behind a promoted one, with its name, help and bounds.

    None if nothing that it points to is there.
    """
    definition = doc.definitions.get(definition_id)
    for target in promoted.targets if definition else ():
        found = _parameter_at(doc, cast("Definition", definition), target, catalog)
        if found is not None:
            return _narrowed(found, promoted)
    return None


def value_inside(doc: Document, definition_id: str, promoted: Promoted, catalog: Catalog) -> Any:
    """Return the value that instances have unless they say otherwise."""
    definition = doc.definition(definition_id)
    for target in promoted.targets:
        node = definition.nodes.get(target.node)
        if node is None:
            continue
        holder = _item(node, target.item) if target.item else node
        if holder is not None and target.field in holder.params:
            return holder.params[target.field]
        if node.kind == "Instance" and node.of in doc.definitions:
            inner = _promoted(doc.definition(node.of), target.field)
            if inner is not None:
                return value_inside(doc, node.of, inner, catalog)
        parameter = _parameter_at(doc, definition, target, catalog)
        if parameter is not None:
            return parameter.default
    return None


def tidied(doc: Document, definition_id: str) -> Document:
    """Return ``doc`` without what points to ports and parameters that a definition has lost.

    Where that takes something off another face, what pointed to it goes too.
    """
    definition = doc.definition(definition_id)
    kept = tuple(
        replace(one, targets=tuple(t for t in one.targets if _is_there(definition, t)))
        for one in definition.promoted
    )
    kept = tuple(one for one in kept if one.targets)
    if kept != definition.promoted:
        definition = replace(definition, promoted=kept)
        doc = doc.with_definition(definition)
    ports = {node.id for node in definition.nodes.values() if node.kind in PORT_KINDS}
    names = {one.id for one in kept}
    for outer_id in list(doc.definitions):
        doc = _without_lost(doc, doc.definitions[outer_id], definition_id, ports, names)
    return doc


def _without_lost(
    doc: Document, outer: Definition, definition_id: str, ports: set[str], names: set[str]
) -> Document:
    own = {
        node.id: node
        for node in outer.nodes.values()
        if node.kind == "Instance" and node.of == definition_id
    }
    if not own:
        return doc
    links = frozenset(
        link
        for link in outer.links
        if (link.source not in own or link.source_port in ports)
        and (link.target not in own or link.target_port in ports)
    )
    pruned = {
        key: replace(node, params={k: v for k, v in node.params.items() if k in names})
        for key, node in own.items()
        if not node.params.keys() <= names
    }
    faces = tuple(
        replace(one, targets=tuple(t for t in one.targets if t.node not in own or t.field in names))
        for one in outer.promoted
    )
    if links == outer.links and not pruned and faces == outer.promoted:
        return doc
    nodes = {**outer.nodes, **pruned}
    doc = doc.with_definition(replace(outer, links=links, nodes=nodes, promoted=faces))
    return doc if faces == outer.promoted else tidied(doc, outer.id)


def _is_there(definition: Definition, target: Target) -> bool:
    node = definition.nodes.get(target.node)
    return node is not None and (target.item is None or _item(node, target.item) is not None)


def _face(definition: Definition) -> tuple[NodePort, ...]:
    ins = [NodePort(n.id, "in", signal_of(n), n.name) for n in port_nodes(definition, "InputPort")]
    outs = [
        NodePort(n.id, "out", signal_of(n), n.name) for n in port_nodes(definition, "OutputPort")
    ]
    return (*ins, *outs)


def _order(node: Node) -> int:
    order = node.params.get("order", 0)
    return order if isinstance(order, int) else 0


def _inside(definition: Definition) -> set[str]:
    return {node.of for node in definition.nodes.values() if node.kind == "Instance"}


def _cycles(definitions: Mapping[str, Definition], path: list[str]) -> Iterator[list[str]]:
    definition = definitions.get(path[-1])
    if definition is None:
        return
    for name in sorted(_inside(definition)):
        if name in path:
            names = [*path[path.index(name) :], name]
            yield [definitions[item].name for item in names]
        else:
            yield from _cycles(definitions, [*path, name])


def _with_instance(definition: Definition, inner: str) -> Definition:
    trial = Node("trial", "Instance", "trial", of=inner)
    return replace(definition, nodes={**definition.nodes, trial.id: trial})


def _parameter_at(
    doc: Document, definition: Definition, target: Target, catalog: Catalog
) -> Parameter | None:
    node = definition.nodes.get(target.node)
    if node is None:
        return None
    if node.kind == "Instance":
        inner = doc.definitions.get(node.of)
        promoted = _promoted(inner, target.field) if inner else None
        return parameter_of(doc, node.of, promoted, catalog) if promoted else None
    if target.item is None:
        kind = kind_of(node.kind)
        known = () if kind is None else kind.parameters
    else:
        item = _item(node, target.item)
        spec = catalog.behaviors.get(item.kind) if item else None
        known = () if spec is None else spec.parameters
    return next((one for one in known if one.name == target.field), None)


def _narrowed(parameter: Parameter, promoted: Promoted) -> Parameter:
    changes: dict[str, Any] = {"help": promoted.help or parameter.help}
    if hasattr(parameter, "low"):
        for name, tighter in (("low", max), ("high", min)):
            own, given = getattr(parameter, name), getattr(promoted, name)
            if given is not None:
                changes[name] = given if own is None else tighter(own, given)
    return replace(parameter, name=promoted.id, **changes)


def _promoted(definition: Definition, promoted_id: str) -> Promoted | None:
    return next((one for one in definition.promoted if one.id == promoted_id), None)


def _item(node: Node, item_id: str | None) -> Any:
    return next((item for item in node.stack if item.id == item_id), None)
