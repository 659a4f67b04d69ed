"""Neuron groups and synapse groups, taken apart and made again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from conex_core.structures.groups import INHIBITORY_TAGS, NeuronGroup
from conex_core.structures.replication import field_readers
from conex_core.structures.replication.entries import SavedStructure
from conex_core.structures.replication.kind import Kind
from conex_core.structures.replication.making import Maker
from conex_core.structures.replication.writing import Writer

__all__ = ["GroupKind", "SynapseKind"]


class GroupKind(Kind):
    """Neuron groups."""

    rank = 0
    schema: ClassVar[Mapping[str, field_readers.Reader]] = {
        "size": field_readers.size,
        "polarity": field_readers.name,
    }
    required = ("size",)

    def write(self, structure: Any, writer: Writer) -> dict[str, Any]:
        """Return the size, and the polarity where the tags do not tell it."""
        kept = {"size": int(structure.size)}
        if structure.polarity == "excitatory" and INHIBITORY_TAGS & set(structure.tags):
            kept["polarity"] = structure.polarity
        return kept

    def make(self, entry: SavedStructure, maker: Maker) -> Any:
        """Return the neuron group."""
        common = maker.common(entry)
        polarity = entry.fields.get("polarity")
        return entry.cls(maker.net, entry.fields["size"], polarity=polarity, **common)


class SynapseKind(Kind):
    """Synapse groups; their ends may lie outside of what is saved."""

    rank = 1
    schema: ClassVar[Mapping[str, field_readers.Reader]] = {
        "src": field_readers.reference(NeuronGroup),
        "dst": field_readers.reference(NeuronGroup),
    }

    def write(self, structure: Any, writer: Writer) -> dict[str, Any]:
        """Return both ends."""
        return {"src": writer.reference(structure.src), "dst": writer.reference(structure.dst)}

    def make(self, entry: SavedStructure, maker: Maker) -> Any:
        """Return the synapse group, its arrow tag naming the ends it has now."""
        src, dst = (maker.found(entry.fields.get(end), entry, end) for end in ("src", "dst"))
        common = maker.common(entry)
        if src is not None and dst is not None and common["tag"]:
            arrow = f"{src.tags[0]} => {dst.tags[0]}"
            tags = [arrow if " => " in tag else tag for tag in common["tag"].split(",")]
            common["tag"] = ",".join(tags)
        return entry.cls(maker.net, src, dst, **common)
