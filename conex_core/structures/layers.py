"""Layers: groups and the synapses between them, as one structure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from conex_core.structures.container import Container, listed, structure_in
from conex_core.structures.groups import NeuronGroup, SynapseGroup
from conex_core.structures.older import takes_older

__all__ = ["CorticalLayer", "Layer"]


class Layer(Container):
    """Hold neuron groups and the synapse groups between them.

    Parameters
    ----------
    net : Neocortex
    neurongroups : list of NeuronGroup, or of their tags
    synapsegroups : list of SynapseGroup, or of their tags
    input_ports, output_ports, behavior, tag, device, key
        See :class:`Container`.
    """

    @takes_older
    def __init__(
        self,
        net: Any,
        neurongroups: Iterable[Any] | None = None,
        synapsegroups: Iterable[Any] | None = None,
        input_ports: Any = None,
        output_ports: Any = None,
        behavior: Any = None,
        tag: str | None = None,
        device: Any = None,
        *,
        key: str | None = None,
    ) -> None:
        super().__init__(net, None, input_ports, output_ports, behavior, tag, device, key=key)
        self.neurongroups = _members(self, neurongroups, NeuronGroup)
        self.synapsegroups = _members(self, synapsegroups, SynapseGroup)
        self.add_sub_structures([*self.neurongroups, *self.synapsegroups])


class CorticalLayer(Container):
    """Hold an excitatory group, an inhibitory group and their synapses; each may be absent.

    Without declared ports, each group is a port of its own: "exc" and "inh".

    Parameters
    ----------
    net : Neocortex
    excitatory_neurongroup, inhibitory_neurongroup : NeuronGroup or its tag, optional
        ``exc_pop`` and ``inh_pop`` of the layer.
    synapsegroups : list of SynapseGroup, or of their tags
    input_ports, output_ports, behavior, tag, device, key
        See :class:`Container`.
    """

    own_ports: ClassVar[dict[str, dict[str, str]]] = {
        "input_ports": {"exc": "exc_pop", "inh": "inh_pop"},
        "output_ports": {"exc": "exc_pop", "inh": "inh_pop"},
    }

    @takes_older
    def __init__(
        self,
        net: Any,
        excitatory_neurongroup: Any = None,
        inhibitory_neurongroup: Any = None,
        synapsegroups: Iterable[Any] | None = None,
        input_ports: Any = None,
        output_ports: Any = None,
        behavior: Any = None,
        tag: str | None = None,
        device: Any = None,
        *,
        key: str | None = None,
    ) -> None:
        super().__init__(net, None, input_ports, output_ports, behavior, tag, device, key=key)
        groups = [
            None if item is None else structure_in(self, item, NeuronGroup)
            for item in (excitatory_neurongroup, inhibitory_neurongroup)
        ]
        self.exc_pop, self.inh_pop = groups
        self.synapsegroups = _members(self, synapsegroups, SynapseGroup)
        present = [group for group in groups if group is not None]
        self.add_sub_structures([*present, *self.synapsegroups])


def _members(layer: Container, items: Any, kind: type) -> list[Any]:
    return [structure_in(layer, item, kind) for item in listed(layer.name, items)]
