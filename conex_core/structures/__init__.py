"""The structures: things that hold behaviors or other structures."""

from conex_core.structures.dimension import NeuronDimension
from conex_core.structures.groups import NeuronGroup, SynapseGroup
from conex_core.structures.io import InputLayer
from conex_core.structures.neocortex import Neocortex

__all__ = ["InputLayer", "Neocortex", "NeuronDimension", "NeuronGroup", "SynapseGroup"]
