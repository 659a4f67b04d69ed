"""Input and output layers: where spikes come in from data, and where they are read out.

An input layer itself shows frames (``x``, ``loc``, ``y``); each population
copies them as its spikes in the same iteration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from conex_core.behavior import Behavior
from conex_core.behaviors.layers.dataset import SpikeNdDataset
from conex_core.behaviors.neurons.axon import NeuronAxon
from conex_core.behaviors.neurons.dendrite import SimpleDendriteStructure
from conex_core.behaviors.neurons.setters import LocationSetter, SensorySetter
from conex_core.errors import StructureError
from conex_core.graph.model.kinds import INPUT_LAYER
from conex_core.structures.base import stack_of
from conex_core.structures.container import Holder
from conex_core.structures.groups import NeuronGroup
from conex_core.structures.older import takes_older
from conex_core.structures.ports import checked_ports

__all__ = [INPUT_LAYER.name, "OutputLayer"]


class _Face(Holder):
    """Have populations of one's own."""

    def population(self, size: Any, stack: dict[Any, Any], tag: str | None, kind: str) -> Any:
        """Return a new neuron group of this layer."""
        tags = f"{tag},{kind}" if tag else kind
        key = f"{self.key}.{kind.lower()}"
        group = NeuronGroup(self.network, size, stack, tags, key=key)
        group.is_keyed = False
        self.add_sub_structure(group)
        return group

    def name_of_part(self, part: Any, place: Callable[[Any], str]) -> str:
        """Return the kind of a population: a layer has one of each."""
        for kind in ("Sensory", "Location", "Representation", "Motor"):
            if getattr(self, f"{kind.lower()}_pop", None) is part:
                return f".{kind.lower()}"
        return super().name_of_part(part, place)


class InputLayer(_Face):
    """Show data to the network through a sensory and a location population.

    Parameters
    ----------
    net : Neocortex
    input_dataloader : iterable of batches (sensory, [location], label)
        Spikes, 0 or 1; see SpikeNdDataset.
    have_sensory, have_location, have_label : bool
    sensory_size, location_size : int, (depth, height, width) or NeuronDimension
        Neurons of ``sensory_pop`` and ``location_pop``; no population if None.
    sensory_axon, location_axon : class
        Axon behavior of the population, made with the given ``..._params``.
    silent_interval : int
        Iterations of silence after each sample.
    instance_duration : int
        Frames per sample where there are no labels to count.
    sensory_data_dim, location_data_dim : int
        Dimensions of one frame.
    tag, sensory_tag, location_tag : str
    behavior : dict or list of layer behaviors
        A SpikeNdDataset among them replaces the one made from the arguments.
    output_ports : dict
        Name to (None, [("sensory_pop" or "location_pop", behaviors)]). Without
        them each population is a port of its own: "sensory" and "location".
    sensory_user_defined, location_user_defined : dict
        Behaviors added to the population.
    loop : bool
        Start again after the last batch.
    key : str, optional
        What the seeds of its behaviors derive from; its place in the network by default,
        "column/L4/exc".
    """

    own_ports: ClassVar[dict[str, dict[str, str]]] = {
        "output_ports": {"sensory": "sensory_pop", "location": "location_pop"}
    }

    @takes_older
    def __init__(
        self,
        net: Any,
        input_dataloader: Any = None,
        have_sensory: bool = True,
        have_location: bool = False,
        have_label: bool = True,
        sensory_size: Any = None,
        location_size: Any = None,
        sensory_axon: type[Behavior] | None = NeuronAxon,
        sensory_axon_params: Mapping[str, Any] | None = None,
        location_axon: type[Behavior] | None = NeuronAxon,
        location_axon_params: Mapping[str, Any] | None = None,
        silent_interval: int = 0,
        instance_duration: int = 0,
        sensory_data_dim: int = 2,
        location_data_dim: int = 2,
        tag: str | None = None,
        behavior: Any = None,
        sensory_tag: str | None = None,
        location_tag: str | None = None,
        output_ports: Mapping[str, Any] | None = None,
        sensory_user_defined: Any = None,
        location_user_defined: Any = None,
        *,
        loop: bool = True,
        key: str | None = None,
    ) -> None:
        name = str(tag or type(self).__name__).partition(",")[0].strip()
        stack = stack_of(behavior, name)
        if not any(isinstance(item, SpikeNdDataset) for item in stack.values()):
            stack[SpikeNdDataset.priority] = SpikeNdDataset(
                dataloader=input_dataloader,
                instance_duration=instance_duration,
                ndim_sensory=sensory_data_dim,
                ndim_location=location_data_dim,
                have_location=have_location,
                have_sensory=have_sensory,
                have_label=have_label,
                silent_interval=silent_interval,
                loop=loop,
            )
        super().__init__(net, stack, tag, key)
        net.input_layers.append(self)
        self.output_ports = checked_ports(self.name, output_ports)
        self.sensory_pop = self.location_pop = None
        if have_sensory and sensory_size is not None:
            axon = _made(sensory_axon, sensory_axon_params, name)
            stack = _merged([SensorySetter(), *axon], sensory_user_defined, name)
            self.sensory_pop = self._shown(sensory_size, stack, sensory_tag, "Sensory")
        if have_location and location_size is not None:
            axon = _made(location_axon, location_axon_params, name)
            stack = _merged([LocationSetter(), *axon], location_user_defined, name)
            self.location_pop = self._shown(location_size, stack, location_tag, "Location")

    def _shown(self, size: Any, stack: dict[Any, Any], tag: str | None, kind: str) -> Any:
        group = self.population(size, stack, tag, kind)
        # The setter reads its layer here, wherever the group is put later.
        group.input_layer = self
        return group


class OutputLayer(_Face):
    """Take up what is to be read out: a representation and a motor population.

    Parameters
    ----------
    net : Neocortex
    representation_size, motor_size : int, (depth, height, width) or NeuronDimension
        Neurons of ``representation_pop`` and ``motor_pop``; no population if None.
    representation_dendrite_structure, motor_dendrite_structure : class
        Dendrite of the population, made with the given ``..._params``.
    tag, representation_tag, motor_tag : str
    behavior : dict or list of layer behaviors
    input_ports : dict
        Name to (None, [("representation_pop" or "motor_pop", behaviors)]). Without
        them each population is a port of its own: "representation" and "motor".
    representation_user_defined, motor_user_defined : dict or list
        Behaviors added to the population.
    key : str, optional
        What the seeds of its behaviors derive from; its place in the network by default,
        "column/L4/exc".
    """

    own_ports: ClassVar[dict[str, dict[str, str]]] = {
        "input_ports": {"representation": "representation_pop", "motor": "motor_pop"}
    }

    @takes_older
    def __init__(
        self,
        net: Any,
        representation_size: Any = None,
        motor_size: Any = None,
        representation_dendrite_structure: type[Behavior] | None = SimpleDendriteStructure,
        representation_dendrite_structure_params: Mapping[str, Any] | None = None,
        motor_dendrite_structure: type[Behavior] | None = SimpleDendriteStructure,
        motor_dendrite_structure_params: Mapping[str, Any] | None = None,
        tag: str | None = None,
        behavior: Any = None,
        representation_tag: str | None = None,
        motor_tag: str | None = None,
        input_ports: Mapping[str, Any] | None = None,
        representation_user_defined: Any = None,
        motor_user_defined: Any = None,
        *,
        key: str | None = None,
    ) -> None:
        super().__init__(net, behavior, tag, key)
        net.output_layers.append(self)
        self.input_ports = checked_ports(self.name, input_ports)
        self.representation_pop = self.motor_pop = None
        if representation_size is not None:
            dendrite = _made(
                representation_dendrite_structure,
                representation_dendrite_structure_params,
                self.name,
            )
            stack = _merged(dendrite, representation_user_defined, self.name)
            self.representation_pop = self.population(
                representation_size, stack, representation_tag, "Representation"
            )
        if motor_size is not None:
            dendrite = _made(motor_dendrite_structure, motor_dendrite_structure_params, self.name)
            stack = _merged(dendrite, motor_user_defined, self.name)
            self.motor_pop = self.population(motor_size, stack, motor_tag, "Motor")


def _made(cls: Any, params: Mapping[str, Any] | None, name: str) -> list[Behavior]:
    if cls is None:
        return []
    if not isinstance(cls, type) or not isinstance(params or {}, Mapping):
        problem = f"cannot make a behavior of {cls!r} with {params!r}"
        raise StructureError(name, problem, hint="pass a class, and its parameters as a dict")
    return [cls(**(params or {}))]


def _merged(own: list[Behavior], extra: Any, name: str) -> dict[Any, Any]:
    """Return the behaviors of a population: its own, and those that the user adds."""
    stack = {item.priority: item for item in own}
    for key, item in stack_of(extra, name).items():
        if isinstance(stack.get(key), SensorySetter | LocationSetter):
            raise StructureError(name, f"takes its spikes from data, not from {item!r}")
        stack[key] = item
    return stack
