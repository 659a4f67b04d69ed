"""From the dict of a saved structure to a block: nodes first, then a block for each holder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import torch

from conex_core.catalog import Catalog
from conex_core.distributions import from_data, is_data
from conex_core.errors import StructureError
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import BLOCK_KINDS, port_nodes
from conex_core.graph.files.block_file import Block, block_of
from conex_core.graph.model.document import Definition, Document, Link, Node
from conex_core.graph.model.kinds import (
    INPUT_PORT,
    NEURON_GROUP,
    OUTPUT_PORT,
    SYNAPSE_GROUP,
    Signal,
)

__all__ = ["Importer"]

_JOINS = ("Synapsis", "CorticalLayerConnection")
_COMPARTMENTS = ("Proximal", "Distal", "Apical")
_NO_MEMBERS = ("behavior", "input_ports", "output_ports", "built_structures", "state", "size")
_NODE_ID = re.compile(r"\w{1,80}")
_MOST_VALUES = 10_000
_INHIBITORY = {"inh", "GABA"}
_KINDS: dict[Signal, str] = {"synapses": INPUT_PORT.name, "spikes": OUTPUT_PORT.name}
_PORTS: tuple[tuple[str, str, Signal], ...] = (
    ("input_ports", INPUT_PORT.name, "synapses"),
    ("output_ports", OUTPUT_PORT.name, "spikes"),
)


class Importer:
    """Turn one saved structure into a block."""

    def __init__(self, saved: Mapping[str, Any], catalog: Catalog) -> None:
        parts = {int(key): entry for key, entry in saved.get("built_structures", {}).items()}
        self._entries = {**parts, len(parts): saved}
        self._root, self._catalog = len(parts), catalog
        self._prefix = f"{saved['key']}/" if saved.get("key") else ""
        self._inside: dict[int, list[int]] = {}
        self._taken: set[int] = set()
        self._holder: dict[int, int] = {}
        self.doc = Document()

    def block(self, name: str | None = None) -> Block:
        """Return the block."""
        for index in sorted(self._entries):
            self._add(index)
        for index in sorted(self._entries):
            if self._entries[index]["class"] == SYNAPSE_GROUP.name:
                self._wire(index)
        self._inside.setdefault(self._root, [self._root])  # of a single group
        for index in self._inside:
            self._group(index)
        definition_id = f"d_{self._root}"
        called = name or _short(self._entries[self._root])
        self.doc = edits.set_definition(self.doc, definition_id, name=called)
        return block_of(self.doc, definition_id)

    def _add(self, index: int) -> None:
        entry = self._entries[index]
        kind = entry["class"]
        if kind == NEURON_GROUP.name:
            size, stack = _size(entry)
            inhibitory = bool(_INHIBITORY & set(_tags(entry)))
            polarity = entry.get("polarity") or ("inhibitory" if inhibitory else "excitatory")
            self._node(index, kind, {"size": size, "polarity": polarity}, stack)
        elif kind == SYNAPSE_GROUP.name:
            found = [tag for tag in _tags(entry) if tag in _COMPARTMENTS]
            params = {"compartment": found[0] if found else "Proximal"}
            self._node(index, kind, params, entry["behavior"])
        elif kind in BLOCK_KINDS:
            self._inside[index] = list(dict.fromkeys(self._members(index)))
        elif kind not in _JOINS:
            problem = f"is a {kind}, which no block can hold"
            raise StructureError(_name(entry), problem, hint="Save the structures around it alone")

    def _node(self, index: int, kind: str, params: dict[str, Any], stack: list[Any]) -> None:
        entry, node_id = self._entries[index], self._id(index)
        place = (220.0 * (index % 6), 160.0 * (index // 6))
        self.doc = edits.add_node(
            self.doc, kind, node_id=node_id, name=_name(entry), at=place, params=params
        )
        for call in stack:
            given = {
                name: self._value(entry, call["class"], name, value)
                for name, value in call["parameters_kwargs"].items()
                if value is not None and name not in ("tag", "behavior_enabled")
            }
            self.doc = edits.add_behavior(
                self.doc, node_id, call["class"], catalog=self._catalog, params=given
            )

    def _value(self, entry: Mapping[str, Any], kind: str, name: str, value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            if value.layout is not torch.strided or value.numel() > _MOST_VALUES:
                problem = f"{kind} has a table of {value.numel():,} values as {name}"
                hint = "Give it a distribution, and keep weights as learned weights of the block"
                raise StructureError(_name(entry), problem, hint=hint)
            return value.tolist()
        return from_data(value) if isinstance(value, dict) and is_data(value) else value

    def _wire(self, index: int) -> None:
        node_id = self._id(index)
        source, target = (self._partner(index, end) for end in ("src", "dst"))
        self.doc = edits.add_link(self.doc, Link(source, "spikes", node_id, "source"))
        self.doc = edits.add_link(self.doc, Link(node_id, "target", target, "synapses"))

    def _partner(self, index: int, field: str) -> str:
        """Return the group at one end; for one outside, a stand-in that leaves a port behind."""
        end = self._entries[index].get(field)
        if isinstance(end, int):
            return self._id(end)
        node_id = f"outside_{field}_{index}"
        name = end["outside"] if isinstance(end, Mapping) else field
        self.doc = edits.add_node(self.doc, NEURON_GROUP.name, node_id=node_id, name=str(name))
        return node_id

    def _members(self, index: int) -> Iterator[int]:
        """Yield what lies directly in a holder; what joins two others lies with its synapses."""
        entry = self._entries[index]
        for field, value in entry.items():
            if field not in _NO_MEMBERS:
                for member in _references(value):
                    inner = self._entries[member]
                    if inner["class"] in _JOINS:
                        yield from _references(inner.get("synapses", []))
                    else:
                        yield member

    def _group(self, index: int) -> None:
        """Make a block of what a holder holds and no inner one does."""
        entry, definition_id = self._entries[index], f"d_{index}"
        own = [member for member in self._inside[index] if member not in self._taken]
        self._taken.update(own)
        self._holder |= dict.fromkeys(own, index)
        if not own:
            raise StructureError(_name(entry), "holds nothing that a block could show")
        self.doc = edits.group(
            self.doc,
            [self._id(member) for member in own],
            name=_name(entry),
            node_id=self._instance(index),
            definition_id=definition_id,
        )
        kind = entry["class"] if entry["class"] in BLOCK_KINDS else "Container"
        name = _short(entry)
        self.doc = edits.set_definition(self.doc, definition_id, kind=kind, name=name)
        self._shorten(index, own)
        for field, port_kind, carried in _PORTS:
            for name, (_, targets) in entry.get(field, {}).items():
                found = (self._end(index, name, target, carried) for target in targets)
                ends = list(dict.fromkeys(end for end in found if end is not None))
                self.doc = edits.within(
                    self.doc,
                    definition_id,
                    partial(_with_port, kind=port_kind, signal=carried, name=name, ends=ends),
                )

    def _end(
        self, index: int, port: str, target: list[Any], carried: Signal
    ) -> tuple[str, str] | None:
        """Return the node of a holder, and its port, that lead to what its own port is for."""
        member, label, stack = target
        if stack:
            hint = "Give the behaviors to the synapse groups that end at it"
            name = _name(self._entries[index])
            raise StructureError(name, f"has behaviors on its port {port}", hint=hint)
        if not isinstance(member, int) or member not in self._holder:
            return None
        if member in self._inside:
            inner = [one for one in self._ports(member, carried) if one.name == label]
            return (self._instance(member), inner[0].id) if inner else None
        return self._way_to(member, index, carried)

    def _way_to(self, member: int, index: int, carried: Signal) -> tuple[str, str]:
        """Return what leads from inside a holder to a group in it, through the blocks between."""
        end: tuple[str, str] = (self._id(member), carried)
        holder = self._holder[member]
        while holder != index:
            through = [one for one in self._ports(holder, carried) if self._leads(holder, one, end)]
            if not through:
                name, kind = _short(self._entries[member]), _KINDS[carried]
                add = partial(_with_port, kind=kind, signal=carried, name=name, ends=[end])
                self.doc = edits.within(self.doc, f"d_{holder}", add)
                through = self._ports(holder, carried)[-1:]
            end, holder = (self._instance(holder), through[0].id), self._holder[holder]
        return end

    def _ports(self, holder: int, carried: Signal) -> list[Node]:
        return list(port_nodes(self.doc.definition(f"d_{holder}"), _KINDS[carried]))

    def _leads(self, holder: int, port: Node, end: tuple[str, str]) -> bool:
        return end in _ends_of(self.doc.definition(f"d_{holder}"), port)

    def _shorten(self, index: int, own: list[int]) -> None:
        """Give what a holder holds the names that it has in there."""

        def shortened(doc: Document) -> Document:
            for member in own:
                name, node_id = _short(self._entries[member]), self._id(member)
                if name not in {node.name for node in doc.network.nodes.values()}:
                    doc = edits.rename(doc, node_id, name)
            return doc

        self.doc = edits.within(self.doc, f"d_{index}", shortened)

    def _id(self, index: int) -> str:
        if index in self._inside and self._entries[index]["class"] in BLOCK_KINDS:
            return self._instance(index)
        key = str(self._entries[index].get("key", "")).removeprefix(self._prefix)
        return key if _NODE_ID.fullmatch(key) else f"n_{index}"

    def _instance(self, index: int) -> str:
        return f"b_{index}"


def _with_port(
    doc: Document, *, kind: str, signal: Signal, name: str, ends: list[tuple[str, str]]
) -> Document:
    """Return ``doc`` with a port of that name, where none leads to the same ends already."""
    wanted = set(ends)
    for port in port_nodes(doc.network, kind):
        if wanted and _ends_of(doc.network, port) == wanted:
            return edits.rename(doc, port.id, name)
    port_id = f"p_{kind[0].lower()}_{re.sub(r'[^a-z0-9]+', '_', name.lower())}"
    doc = edits.add_port(doc, kind, signal, name=name, node_id=port_id)
    for node_id, port_name in ends:
        inward = Link(port_id, "port", node_id, port_name)
        outward = Link(node_id, port_name, port_id, "port")
        doc = edits.add_link(doc, inward if kind == INPUT_PORT.name else outward)
    return doc


def _ends_of(definition: Definition, port: Node) -> set[tuple[str, str]]:
    if port.is_input_port:
        return {(link.target, link.target_port) for link in definition.out_of(port.id)}
    return {(link.source, link.source_port) for link in definition.into(port.id)}


def _references(value: Any) -> Iterator[int]:
    """Yield every index of a structure in a field."""
    if isinstance(value, int) and not isinstance(value, bool):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _references(inner)


def _size(entry: Mapping[str, Any]) -> tuple[Any, list[Any]]:
    """Return the size of a group, and its stack without the behavior that gives it a grid."""
    grids = [call for call in entry["behavior"] if call["class"] == "NeuronDimension"]
    stack = [call for call in entry["behavior"] if call["class"] != "NeuronDimension"]
    if not grids:
        return entry["size"], stack
    given = grids[0]["parameters_kwargs"]
    return tuple(int(given[side]) for side in ("depth", "height", "width")), stack


def _tags(entry: Mapping[str, Any]) -> list[str]:
    return [tag.strip() for tag in str(entry.get("tag", "")).split(",")]


def _short(entry: Mapping[str, Any]) -> str:
    """Return a name without those of the blocks around."""
    return _name(entry).rsplit(" / ", 1)[-1]


def _name(entry: Mapping[str, Any]) -> str:
    return _tags(entry)[0] or str(entry["class"])
