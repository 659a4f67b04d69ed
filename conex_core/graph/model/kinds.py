"""The kinds of node a document may hold: ports, parameters and whose behaviors fit.

Plain data that the palette, the canvas, the check and the file format share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from conex_core.errors import UnknownName
from conex_core.parameters import Flag, Integer, Number, Option, Parameter, Size, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conex_core.catalog import Host

__all__ = [
    "BEHAVIOR_STACK",
    "INPUT_LAYER",
    "INPUT_PORT",
    "INSTANCE",
    "KINDS",
    "NEURON_GROUP",
    "NOTE",
    "OUTPUT_PORT",
    "PORT_KINDS",
    "SYNAPSE_GROUP",
    "NodeKind",
    "NodePort",
    "OfKind",
    "Signal",
    "kind_of",
]

Signal = Literal["spikes", "synapses", "behaviors"]


@dataclass(frozen=True)
class NodePort:
    """Describe a port: what flows through it and whether it takes many wires."""

    name: str
    direction: Literal["in", "out"]
    signal: Signal
    title: str
    many: bool = True


@dataclass(frozen=True)
class NodeKind:
    """Describe one kind of node.

    ``host`` says whose behaviors its stack takes; None means that it has no
    stack. ``first_name`` is the name that a new node of this kind starts from.
    """

    name: str
    title: str
    section: str
    summary: str
    first_name: str
    host: Host | None = None
    parameters: tuple[Parameter, ...] = ()
    ports: tuple[NodePort, ...] = ()

    def parameter(self, name: str) -> Parameter:
        """Return the parameter called ``name``, or raise UnknownName."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = [parameter.name for parameter in self.parameters]
        raise UnknownName(f"parameter of a {self.title.lower()}", name, known)

    def port(self, name: str) -> NodePort:
        """Return the port called ``name``, or raise UnknownName."""
        for port in self.ports:
            if port.name == name:
                return port
        raise UnknownName(f"port of a {self.title.lower()}", name, [p.name for p in self.ports])


NEURON_GROUP = NodeKind(
    name="NeuronGroup",
    title="Neuron group",
    section="Groups",
    summary="A population of neurons that share one stack of behaviors.",
    first_name="Group",
    host="neurons",
    parameters=(
        Size(
            name="size",
            default=100,
            help="Number of neurons, or depth × height × width for a spatial population.",
        ),
        Option(
            name="polarity",
            default="excitatory",
            options=("excitatory", "inhibitory"),
            help="Sign of the current that this group's spikes cause in their targets.",
        ),
    ),
    ports=(
        NodePort("synapses", "in", "synapses", "afferent synapses"),
        NodePort("behaviors", "in", "behaviors", "behavior stacks"),
        NodePort("spikes", "out", "spikes", "spikes"),
    ),
)

SYNAPSE_GROUP = NodeKind(
    name="SynapseGroup",
    title="Synapse group",
    section="Groups",
    summary="The synapses from one group to another, with their weights and plasticity.",
    first_name="Synapses",
    host="synapses",
    parameters=(
        Option(
            name="compartment",
            default="Proximal",
            options=("Proximal", "Distal", "Apical"),
            help="Dendritic compartment of the target that receives the current.",
        ),
    ),
    ports=(
        NodePort("source", "in", "spikes", "source group", many=False),
        NodePort("behaviors", "in", "behaviors", "behavior stacks"),
        NodePort("target", "out", "synapses", "target group", many=False),
    ),
)

BEHAVIOR_STACK = NodeKind(
    name="BehaviorStack",
    title="Behavior stack",
    section="Groups",
    summary="A named stack of behaviors; every group wired to it gets its own copies.",
    first_name="Stack",
    host="neurons",
    parameters=(
        Option(
            name="of",
            default="neurons",
            options=("neurons", "synapses"),
            help="What the stack is for: neuron groups or synapse groups.",
        ),
    ),
    ports=(NodePort("behaviors", "out", "behaviors", "behaviors"),),
)

INPUT_LAYER = NodeKind(
    name="InputLayer",
    title="Input layer",
    section="Inputs",
    summary="Shows data to the network as spike trains, one sample after the other.",
    first_name="Input",
    parameters=(
        Option(
            name="source",
            default="digits",
            options=("digits", "npz", "noise"),
            help="digits: 8×8 handwritten digits; npz: arrays 'images' and 'labels' of a "
            "file beside the project; noise: every channel at the full rate.",
        ),
        Text(name="path", default="", help="The .npz file, relative to the project (npz only)."),
        Size(
            name="size",
            default=(1, 8, 8),
            help="Number of input neurons; must fit the samples (8 × 8 for digits).",
        ),
        Option(
            name="split",
            default="train",
            options=("train", "test", "all"),
            help="Which part of the digits: the first 1,437 (train), the last 360 (test) or all.",
        ),
        Number(
            name="rate",
            default=60.0,
            unit="Hz",
            low=0.0,
            help="Firing rate of a channel whose intensity is 1 (Poisson encoder).",
        ),
        Number(
            name="duration", default=50.0, unit="ms", above=0.0, help="How long a sample is shown."
        ),
        Number(
            name="silence", default=0.0, unit="ms", low=0.0, help="Pause without input after each."
        ),
        Flag(name="shuffle", default=True, help="Show the samples in random order (by the seed)."),
        Integer(
            name="samples",
            default=None,
            optional=True,
            low=1,
            help="Use only the first so many samples; empty for all.",
        ),
    ),
    ports=(NodePort("spikes", "out", "spikes", "spikes"),),
)

NOTE = NodeKind(
    name="Note",
    title="Note",
    section="Notes",
    summary="Text on the canvas.",
    first_name="Note",
    parameters=(Text(name="text", default="", help="What the note says."),),
)

INSTANCE = NodeKind(
    name="Instance",
    title="Block",
    section="Blocks",
    summary="A block: a network inside the network, with ports and a few parameters.",
    first_name="Block",
)

_SIGNAL = Option(
    name="signal",
    default="spikes",
    options=("spikes", "synapses", "behaviors"),
    help="spikes: of groups, for synapse groups; synapses: of synapse groups, for groups; "
    "behaviors: of behavior stacks.",
)

_ORDER = Integer(name="order", default=0, help="Place among the ports of the block, from the top.")

INPUT_PORT = NodeKind(
    name="InputPort",
    title="Input port",
    section="Blocks",
    summary="Lets a wire from outside into the block.",
    first_name="in",
    parameters=(_SIGNAL, _ORDER),
)

OUTPUT_PORT = NodeKind(
    name="OutputPort",
    title="Output port",
    section="Blocks",
    summary="Lets a wire out of the block.",
    first_name="out",
    parameters=(_SIGNAL, _ORDER),
)

PORT_KINDS = (INPUT_PORT.name, OUTPUT_PORT.name)

_POPULATIONS = (NEURON_GROUP.name, INPUT_LAYER.name)
_BUILT = (*_POPULATIONS, SYNAPSE_GROUP.name)

KINDS: Mapping[str, NodeKind] = {
    kind.name: kind
    for kind in (
        NEURON_GROUP,
        SYNAPSE_GROUP,
        BEHAVIOR_STACK,
        INPUT_LAYER,
        NOTE,
        INSTANCE,
        INPUT_PORT,
        OUTPUT_PORT,
    )
}


def kind_of(name: str) -> NodeKind | None:
    """Return the kind called ``name``; None for kinds of newer versions."""
    return KINDS.get(name)


class OfKind:
    """Answer what a thing of a kind is asked; a kind of a newer version says no to all."""

    kind: str

    @property
    def is_neuron_group(self) -> bool:
        """Tell whether it is a neuron group."""
        return self.kind == NEURON_GROUP.name

    @property
    def is_synapse_group(self) -> bool:
        """Tell whether it is a synapse group."""
        return self.kind == SYNAPSE_GROUP.name

    @property
    def is_behavior_stack(self) -> bool:
        """Tell whether it is a behavior stack, for groups that are wired to it."""
        return self.kind == BEHAVIOR_STACK.name

    @property
    def is_input_layer(self) -> bool:
        """Tell whether it is an input layer."""
        return self.kind == INPUT_LAYER.name

    @property
    def is_note(self) -> bool:
        """Tell whether it is a note."""
        return self.kind == NOTE.name

    @property
    def is_instance(self) -> bool:
        """Tell whether it is a block."""
        return self.kind == INSTANCE.name

    @property
    def is_input_port(self) -> bool:
        """Tell whether it is an input port of a block."""
        return self.kind == INPUT_PORT.name

    @property
    def is_output_port(self) -> bool:
        """Tell whether it is an output port of a block."""
        return self.kind == OUTPUT_PORT.name

    @property
    def is_port(self) -> bool:
        """Tell whether it is a port of a block."""
        return self.kind in PORT_KINDS

    @property
    def is_population(self) -> bool:
        """Tell whether it has neurons of its own, which spike."""
        return self.kind in _POPULATIONS

    @property
    def is_built(self) -> bool:
        """Tell whether a running network has an object for it."""
        return self.kind in _BUILT
