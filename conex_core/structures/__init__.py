"""The structures: things that hold behaviors or other structures."""

from conex_core.structures.columns import CorticalColumn, CorticalLayerConnection
from conex_core.structures.container import Container
from conex_core.structures.dimension import NeuronDimension
from conex_core.structures.groups import NeuronGroup, SynapseGroup
from conex_core.structures.io import InputLayer, OutputLayer
from conex_core.structures.layers import CorticalLayer, Layer
from conex_core.structures.neocortex import Neocortex
from conex_core.structures.network import Network
from conex_core.structures.ports import Port
from conex_core.structures.synapsis import Synapsis

__all__ = [
    "Container",
    "CorticalColumn",
    "CorticalLayer",
    "CorticalLayerConnection",
    "InputLayer",
    "Layer",
    "Neocortex",
    "Network",
    "NeuronDimension",
    "NeuronGroup",
    "OutputLayer",
    "Port",
    "SynapseGroup",
    "Synapsis",
]
