"""Structures that make synapse groups between two others, taken apart and made again.

Their synapse groups are saved one by one, so that each keeps its state and what
was changed in it; where a dict has none of them they are made anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from conex_core.structures.base import stack_of
from conex_core.structures.groups import SynapseGroup
from conex_core.structures.replication import field_readers
from conex_core.structures.replication.entries import SavedStructure
from conex_core.structures.replication.kind import Kind
from conex_core.structures.replication.making import Maker
from conex_core.structures.replication.writing import Writer

__all__ = ["ConnectionKind", "SynapsisKind"]

Schema = Mapping[str, field_readers.Reader]


class _JoinKind(Kind):
    """What connections of layers and synapses between ports have in common."""

    ends: ClassVar[Schema] = {"src": field_readers.reference(), "dst": field_readers.reference()}
    schema: ClassVar[Schema] = {**ends, "synapses": field_readers.references(SynapseGroup)}

    def parts(self, structure: Any) -> list[Any]:
        """Return the synapse groups."""
        return list(structure.sub_structures)

    def made_from(self, structure: Any) -> list[Any]:
        """Return the synapse groups and both ends."""
        return [*structure.sub_structures, structure.src, structure.dst]

    def write(self, structure: Any, writer: Writer) -> dict[str, Any]:
        """Return the ends, how they are joined and the synapse groups."""
        return {
            "src": writer.reference(structure.src),
            "dst": writer.reference(structure.dst),
            **self.write_rule(structure, writer),
            "synapses": [writer.reference(part) for part in structure.sub_structures],
        }

    def make(self, entry: SavedStructure, maker: Maker) -> Any:
        """Return the structure around the synapse groups that it had made."""
        ends = {end: maker.one(entry, end) for end in self.ends}
        rule = self.rule(entry, maker)
        if "synapses" not in entry.fields:
            return entry.cls(maker.net, **ends, **rule, **maker.common(entry))
        made = entry.cls(maker.net, **rule, **maker.common(entry))
        for end, structure in ends.items():
            setattr(made, end, structure)
        for synapse in maker.all(entry, "synapses"):
            made.add_sub_structure(synapse)
        return made

    def write_rule(self, structure: Any, writer: Writer) -> dict[str, Any]:
        """Return how the ends are joined."""
        raise NotImplementedError

    def rule(self, entry: SavedStructure, maker: Maker) -> dict[str, Any]:
        """Return the arguments that say how the ends are joined."""
        raise NotImplementedError


class ConnectionKind(_JoinKind):
    """Connections of two layers, group by group."""

    schema: ClassVar[Schema] = {**_JoinKind.schema, "connections": field_readers.connections}

    def write_rule(self, structure: Any, writer: Writer) -> dict[str, Any]:
        """Return the connections: attributes of both layers, behaviors and tag."""
        return {
            "connections": [
                [src, dst, writer.behaviors(stack_of(behavior, structure.name)), tag]
                for src, dst, behavior, tag in structure.connections or ()
            ]
        }

    def rule(self, entry: SavedStructure, maker: Maker) -> dict[str, Any]:
        """Return the connections."""
        return {
            "connections": [
                (src, dst, maker.stack(stack, entry), tag)
                for src, dst, stack, tag in entry.fields.get("connections", ())
            ]
        }


class SynapsisKind(_JoinKind):
    """Synapses from ports to ports."""

    texts: ClassVar[tuple[str, ...]] = ("input_port", "output_port", "synaptic_tag")
    schema: ClassVar[Schema] = {
        **_JoinKind.schema,
        **dict.fromkeys(texts, field_readers.name),
        "synapsis_behavior": field_readers.stack,
    }

    def write_rule(self, structure: Any, writer: Writer) -> dict[str, Any]:
        """Return both ports, the behaviors and the tag."""
        stack = stack_of(structure.synapsis_behavior, structure.name)
        return {
            "input_port": structure.input_port,
            "output_port": structure.output_port,
            "synapsis_behavior": writer.behaviors(stack),
            "synaptic_tag": structure.synaptic_tag,
        }

    def rule(self, entry: SavedStructure, maker: Maker) -> dict[str, Any]:
        """Return both ports, the behaviors and the tag."""
        texts = {name: entry.fields.get(name) for name in self.texts}
        stack = maker.stack(entry.fields.get("synapsis_behavior"), entry)
        return {**texts, "synapsis_behavior": stack}
