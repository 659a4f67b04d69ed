"""Containers, layers and columns, taken apart and made again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from conex_core.structures.groups import NeuronGroup, SynapseGroup
from conex_core.structures.replication import field_readers
from conex_core.structures.replication.entries import SavedStructure
from conex_core.structures.replication.kind import Kind
from conex_core.structures.replication.making import Maker
from conex_core.structures.replication.writing import Writer

__all__ = [
    "ColumnKind",
    "ContainerKind",
    "CorticalLayerKind",
    "LayerKind",
]

Schema = Mapping[str, field_readers.Reader]


class ContainerKind(Kind):
    """Structures that hold others and have ports.

    ``named`` fields hold some of the inner structures; ``sub_structures`` the
    others, put in when the structure is made.
    """

    named: ClassVar[Schema] = {}
    schema: ClassVar[Schema] = {
        "sub_structures": field_readers.references(),
        "input_ports": field_readers.ports,
        "output_ports": field_readers.ports,
    }

    def parts(self, structure: Any) -> list[Any]:
        """Return the structures inside."""
        return list(structure.sub_structures)

    def write(self, structure: Any, writer: Writer) -> dict[str, Any]:
        """Return the ports, the named structures and the others."""
        written = {
            "input_ports": writer.ports(structure, structure.input_ports),
            "output_ports": writer.ports(structure, structure.output_ports),
            **self.write_named(structure, writer),
        }
        named = set(_indices(written[name] for name in self.named))
        rest = [writer.reference(part) for part in structure.sub_structures]
        rest = [index for index in rest if index not in named]
        return {**written, "sub_structures": rest} if rest or not self.named else written

    def write_named(self, structure: Any, writer: Writer) -> dict[str, Any]:
        """Return the named fields."""
        return {}

    def make(self, entry: SavedStructure, maker: Maker) -> Any:
        """Return the structure, made around what it holds."""
        ports = {
            side: maker.ports(entry.fields.get(side), entry)
            for side in ("input_ports", "output_ports")
        }
        made = entry.cls(maker.net, **self.arguments(entry, maker), **ports, **maker.common(entry))
        for part in maker.all(entry, "sub_structures"):
            if not any(other is part for other in made.sub_structures):
                made.add_sub_structure(part)
        return made

    def arguments(self, entry: SavedStructure, maker: Maker) -> dict[str, Any]:
        """Return the arguments of the constructor that no other structure has."""
        return {"sub_structures": maker.all(entry, "sub_structures")}


class LayerKind(ContainerKind):
    """Layers of any groups."""

    named: ClassVar[Schema] = {
        "neurongroups": field_readers.references(NeuronGroup),
        "synapsegroups": field_readers.references(SynapseGroup),
    }
    schema: ClassVar[Schema] = {**ContainerKind.schema, **named}

    def write_named(self, structure: Any, writer: Writer) -> dict[str, Any]:
        """Return the groups and the synapse groups."""
        return {
            name: [writer.reference(part) for part in getattr(structure, name)]
            for name in self.named
        }

    def arguments(self, entry: SavedStructure, maker: Maker) -> dict[str, Any]:
        """Return the groups and the synapse groups."""
        return {name: maker.all(entry, name) for name in self.named}


class CorticalLayerKind(ContainerKind):
    """Layers of an excitatory and an inhibitory group."""

    named: ClassVar[Schema] = {
        "excitatory_neurongroup": field_readers.reference(NeuronGroup),
        "inhibitory_neurongroup": field_readers.reference(NeuronGroup),
        "synapsegroups": field_readers.references(SynapseGroup),
    }
    schema: ClassVar[Schema] = {**ContainerKind.schema, **named}

    def write_named(self, structure: Any, writer: Writer) -> dict[str, Any]:
        """Return both groups and the synapse groups."""
        return {
            "excitatory_neurongroup": writer.reference(structure.exc_pop),
            "inhibitory_neurongroup": writer.reference(structure.inh_pop),
            "synapsegroups": [writer.reference(part) for part in structure.synapsegroups],
        }

    def arguments(self, entry: SavedStructure, maker: Maker) -> dict[str, Any]:
        """Return both groups and the synapse groups."""
        return {
            "excitatory_neurongroup": maker.one(entry, "excitatory_neurongroup"),
            "inhibitory_neurongroup": maker.one(entry, "inhibitory_neurongroup"),
            "synapsegroups": maker.all(entry, "synapsegroups"),
        }


class ColumnKind(ContainerKind):
    """Columns of layers, and the connections between them."""

    named: ClassVar[Schema] = {
        "layers": field_readers.named_references(),
        "layer_connections": field_readers.layer_connections,
    }
    schema: ClassVar[Schema] = {**ContainerKind.schema, **named}

    def write_named(self, structure: Any, writer: Writer) -> dict[str, Any]:
        """Return the layers by name, and which of them each connection joins."""
        layers = structure.layers.items()
        return {
            "layers": {name: writer.reference(layer) for name, layer in layers},
            "layer_connections": [
                [src, dst, writer.reference(connection)]
                for src, dst, connection in structure.layer_connections
            ],
        }

    def arguments(self, entry: SavedStructure, maker: Maker) -> dict[str, Any]:
        """Return the layers and the connections."""
        layers = dict(sorted(entry.fields.get("layers", {}).items(), key=_by_index))
        connections = entry.fields.get("layer_connections", [])
        return {
            "layers": {name: maker.found(layer, entry, name) for name, layer in layers.items()},
            "layer_connections": [
                (src, dst, maker.found(connection, entry, f"{src} => {dst}"))
                for src, dst, connection in connections
            ],
        }


def _by_index(item: tuple[str, Any]) -> tuple[bool, int]:
    """Put layers in the order they were made in; a file sorts them by name."""
    return (not isinstance(item[1], int), item[1] if isinstance(item[1], int) else 0)


def _indices(values: Any) -> list[Any]:
    """Return the indices in fields of references, lists or dicts of them."""
    found: list[Any] = []
    for value in values:
        if isinstance(value, dict) and "outside" not in value:
            found += _indices(value.values())
        elif isinstance(value, list):
            found += _indices(value)
        else:
            found.append(value)
    return found
