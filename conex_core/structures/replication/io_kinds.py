"""Input and output layers, taken apart and made again.

Their populations are saved one by one, so that each keeps its state and what
was changed in it. The data of an input layer is passed when it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from conex_core.structures.groups import NeuronGroup
from conex_core.structures.replication import field_readers
from conex_core.structures.replication.entries import SavedStructure
from conex_core.structures.replication.kind import Kind
from conex_core.structures.replication.making import Maker
from conex_core.structures.replication.writing import Writer

__all__ = ["InputKind", "OutputKind"]


class _FaceKind(Kind):
    """Layers with populations of their own, and ports on one side."""

    side: ClassVar[str] = ""
    populations: ClassVar[tuple[str, ...]] = ()

    def parts(self, structure: Any) -> list[Any]:
        """Return the structures inside."""
        return list(structure.sub_structures)

    def write(self, structure: Any, writer: Writer) -> dict[str, Any]:
        """Return the populations and the ports."""
        ports = writer.ports(structure, getattr(structure, self.side))
        populations = {
            name: writer.reference(getattr(structure, name)) for name in self.populations
        }
        return {self.side: ports, **populations}

    def make(self, entry: SavedStructure, maker: Maker) -> Any:
        """Return the layer around its populations."""
        ports = {self.side: maker.ports(entry.fields.get(self.side), entry)}
        made = entry.cls(maker.net, **ports, **maker.common(entry))
        for name in self.populations:
            group = maker.one(entry, name)
            if group is not None:
                setattr(made, name, group)
                made.add_sub_structure(group)
                self.joined(made, group)
        return made

    def joined(self, layer: Any, group: Any) -> None:
        """Tell a population which layer it belongs to."""


class InputKind(_FaceKind):
    """Layers that show data."""

    side = "output_ports"
    populations = ("sensory_pop", "location_pop")
    schema: ClassVar[Mapping[str, field_readers.Reader]] = {
        side: field_readers.ports,
        **dict.fromkeys(populations, field_readers.reference(NeuronGroup)),
    }

    def joined(self, layer: Any, group: Any) -> None:
        """Let the population read its spikes off the layer."""
        group.input_layer = layer


class OutputKind(_FaceKind):
    """Layers that are read out."""

    side = "input_ports"
    populations = ("representation_pop", "motor_pop")
    schema: ClassVar[Mapping[str, field_readers.Reader]] = {
        side: field_readers.ports,
        **dict.fromkeys(populations, field_readers.reference(NeuronGroup)),
    }
