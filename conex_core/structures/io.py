"""InputLayer: populations whose spikes come from data.

The layer itself shows frames (``x``, ``loc``, ``y``); each population copies
them as its spikes in the same iteration.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pymonntorch.NetworkCore.Base import NetworkObject

from conex_core.behavior import Behavior
from conex_core.behaviors.layers.dataset import SpikeNdDataset
from conex_core.behaviors.neurons.axon import NeuronAxon
from conex_core.behaviors.neurons.setters import LocationSetter, SensorySetter
from conex_core.errors import StructureError
from conex_core.structures.base import StructureMixin, stack_of
from conex_core.structures.groups import NeuronGroup, publish
from conex_core.structures.settings import checked_tag

__all__ = ["InputLayer"]


class InputLayer(StructureMixin, NetworkObject):  # pymonntorch's base has no types
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
        Name to (None, [("sensory_pop" or "location_pop", behaviors)]).
    sensory_user_defined, location_user_defined : dict
        Behaviors added to the population.
    loop : bool
        Start again after the last batch.
    key : str, optional
        What the seeds of its behaviors derive from; the first tag by default.
    """

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
        tag = checked_tag(tag, f"InputLayer_{len(getattr(net, 'input_layers', ())) + 1}")
        name = tag.partition(",")[0].strip()
        self.key = key or name
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
        super().__init__(net, tag, stack, net.device)
        publish(net, self)
        net.input_layers.append(self)
        self.output_ports = dict(output_ports or {})
        self.sensory_pop = self.location_pop = None
        if have_sensory and sensory_size is not None:
            axon = _axon(sensory_axon, sensory_axon_params)
            stack = _stack(SensorySetter(), axon, sensory_user_defined, name)
            self.sensory_pop = self._population(sensory_size, stack, sensory_tag, "Sensory")
        if have_location and location_size is not None:
            axon = _axon(location_axon, location_axon_params)
            stack = _stack(LocationSetter(), axon, location_user_defined, name)
            self.location_pop = self._population(location_size, stack, location_tag, "Location")

    def _population(
        self, size: Any, stack: dict[Any, Any], tag: str | None, kind: str
    ) -> NeuronGroup:
        tags = f"{tag},{kind}" if tag else kind
        key = f"{self.key}.{kind.lower()}"
        group = NeuronGroup(self.network, size, stack, tags, key=key)
        # The setter reads its layer here, wherever the group is put later.
        group.input_layer = self
        self.add_sub_structure(group)
        return group

    def __repr__(self) -> str:
        return f"InputLayer({self.name!r})"


def _axon(axon: type[Behavior] | None, params: Mapping[str, Any] | None) -> list[Behavior]:
    return [] if axon is None else [axon(**(params or {}))]


def _stack(setter: Behavior, axon: list[Behavior], extra: Any, name: str) -> dict[Any, Any]:
    stack = {item.priority: item for item in [setter, *axon]}
    for key, item in stack_of(extra, name).items():
        if key in stack and isinstance(stack[key], type(setter)):
            raise StructureError(name, f"takes its spikes from data, not from {item!r}")
        stack[key] = item
    return stack
