"""The structures: things that hold behaviors or other structures."""

from conex_core.structures.dimension import NeuronDimension
from conex_core.structures.groups import NeuronGroup, SynapseGroup
from conex_core.structures.neocortex import Neocortex

__all__ = ["Neocortex", "NeuronDimension", "NeuronGroup", "SynapseGroup"]
