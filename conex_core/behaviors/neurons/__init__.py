"""Behaviors of neuron groups."""

from conex_core.behaviors.neurons.axon import NeuronAxon
from conex_core.behaviors.neurons.competition import KWTA
from conex_core.behaviors.neurons.dendrite import (
    SimpleDendriteComputation,
    SimpleDendriteStructure,
)
from conex_core.behaviors.neurons.exponential import AELIF, ELIF
from conex_core.behaviors.neurons.fire import Fire
from conex_core.behaviors.neurons.homeostasis import (
    ActivityBaseHomeostasis,
    VoltageBaseHomeostasis,
)
from conex_core.behaviors.neurons.lif import LIF
from conex_core.behaviors.neurons.noise import InherentNoise
from conex_core.behaviors.neurons.setters import LocationSetter, SensorySetter
from conex_core.moved import names_of

__all__ = [
    "AELIF",
    "ELIF",
    "KWTA",
    "LIF",
    "ActivityBaseHomeostasis",
    "Fire",
    "InherentNoise",
    "LocationSetter",
    "NeuronAxon",
    "SensorySetter",
    "SimpleDendriteComputation",
    "SimpleDendriteStructure",
    "VoltageBaseHomeostasis",
]

# Names of CoNeX that are gone say here what took their place.
__getattr__ = names_of(__name__)
