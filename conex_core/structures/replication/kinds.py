"""Which kind a structure is of.

A class of a script's own is treated as the class of conex_core it derives from.
"""

from __future__ import annotations

from conex_core.errors import StructureError
from conex_core.structures.columns import CorticalColumn, CorticalLayerConnection
from conex_core.structures.container import Container
from conex_core.structures.groups import NeuronGroup, SynapseGroup
from conex_core.structures.io import InputLayer, OutputLayer
from conex_core.structures.layers import CorticalLayer, Layer
from conex_core.structures.replication.group_kinds import GroupKind, SynapseKind
from conex_core.structures.replication.holder_kinds import (
    ColumnKind,
    ContainerKind,
    CorticalLayerKind,
    LayerKind,
)
from conex_core.structures.replication.io_kinds import InputKind, OutputKind
from conex_core.structures.replication.join_kinds import ConnectionKind, SynapsisKind
from conex_core.structures.replication.kind import Kind
from conex_core.structures.synapsis import Synapsis

__all__ = ["KINDS", "kind_of"]


def kind_of(cls: type) -> Kind:
    """Return the kind of a structure's class.

    Raises
    ------
    StructureError
        If it derives from no structure of conex_core.
    """
    for base in cls.__mro__:
        if base in KINDS:
            return KINDS[base]
    known = ", ".join(kind.__name__ for kind in KINDS)
    hint = f"derive it from one of {known}"
    raise StructureError(cls.__name__, "cannot be saved or replicated", hint=hint)


KINDS: dict[type, Kind] = {
    NeuronGroup: GroupKind(),
    SynapseGroup: SynapseKind(),
    Container: ContainerKind(),
    Layer: LayerKind(),
    CorticalLayer: CorticalLayerKind(),
    CorticalColumn: ColumnKind(),
    CorticalLayerConnection: ConnectionKind(),
    Synapsis: SynapsisKind(),
    InputLayer: InputKind(),
    OutputLayer: OutputKind(),
}
