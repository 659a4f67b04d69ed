"""Neuron groups and synapse groups.

Both take pymonntorch's argument order and the network first, told apart by
type. The sign of a group's currents is its polarity: the tag "inh" or "GABA",
or ``polarity="inhibitory"``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import torch

from conex_core.behaviors.synapses.storage import is_by_source, sources_of
from conex_core.errors import ParameterError, StructureError
from conex_core.numeric import as_number
from conex_core.parameters import Option, Size
from conex_core.structures.attributes import Checked, once_made
from conex_core.structures.base import StructureMixin, stack_of
from conex_core.structures.dimension import NeuronDimension
from conex_core.structures.mixing import checked_network, refuse_foreign
from conex_core.structures.older import network_by_name, takes_older
from conex_core.structures.settings import checked_tag
from conex_core.upstream import Behavior as PymonntorchBehavior
from conex_core.upstream import Network, NetworkObject
from conex_core.upstream import NeuronGroup as PymonntorchNeuronGroup
from conex_core.upstream import SynapseGroup as PymonntorchSynapseGroup

__all__ = ["NeuronGroup", "SynapseGroup"]

_SIZE = Size(name="size")
_POLARITY = Option(name="polarity", default="excitatory", options=("excitatory", "inhibitory"))
_SWITCH = 'Switch its behaviors off, such as net.set_behaviors("SimpleSTDP", False)'
COMPARTMENTS = ("Proximal", "Distal", "Apical")
INHIBITORY_TAGS = {"inh", "GABA"}


def _is_sized(group: Any) -> bool:
    return bool(group.__dict__["size"] != -1)  # until its dimension says it


def _tag_sign(group: Any) -> None:
    if group.polarity == "inhibitory" and not INHIBITORY_TAGS & set(group.tags):
        group.add_tag("inh")


class NeuronGroup(StructureMixin, PymonntorchNeuronGroup):
    """A population of neurons that share one stack of behaviors.

    Parameters
    ----------
    net, size
        The network and the number of neurons, (depth, height, width), or a
        NeuronDimension; in either order, or (size, behavior, net).
    behavior : dict or list of behaviors
    tag : str
        Comma separated; the first is the group's name.
    polarity : "excitatory" or "inhibitory", optional
        Read off the tags "inh" and "GABA" when not given.
    key : str, optional
        What the seeds of its behaviors derive from; its place in the network by default,
        "column/L4/exc".
    """

    size: Any = Checked("Make the group with that size", _is_sized)
    polarity: Any = Checked(
        "Make the group with it: NeuronGroup(..., polarity=...)", rule=_POLARITY, then=_tag_sign
    )

    @takes_older
    @network_by_name
    def __init__(
        self,
        net: Any,
        size: Any,
        behavior: Any = None,
        tag: str | None = None,
        *,
        polarity: str | None = None,
        key: str | None = None,
    ) -> None:
        if isinstance(behavior, Network):  # (size, behavior, net), as long ago
            net, size, behavior = behavior, net, size
        elif not isinstance(net, Network):
            net, size = size, net
        count = len(checked_network(net, "NeuronGroup").NeuronGroups)
        unnamed, tag = not tag, checked_tag(tag, f"NeuronGroup_{count + 1}")
        name = tag.partition(",")[0].strip()
        self.size, stack = _sized(size, stack_of(behavior, name), name)
        self.key, self.is_keyed = key or name, bool(key)
        self.given_name, self.is_unnamed = name, unnamed
        NetworkObject.__init__(self, net, tag, stack, net.device)
        self.__dict__["size"] = int(self.size)  # a grid of pymonntorch says it as a tensor
        self.add_tag("ng")
        self._set_polarity(polarity)
        self.BaseNeuronGroup = self  # pymonntorch's name for "not a sub-group"
        self.afferent_synapses: dict[str, list[Any]] = defaultdict(list)
        self.efferent_synapses: dict[str, list[Any]] = defaultdict(list)
        self.mask = True
        net.NeuronGroups.append(self)
        publish(net, self)
        if net.index_neurons:
            self.id = torch.arange(self.size, device=self.device)  # (N,)

    def _set_polarity(self, polarity: str | None) -> None:
        if polarity is None:
            inhibitory = bool(INHIBITORY_TAGS & set(self.tags))
            polarity = "inhibitory" if inhibitory else "excitatory"
        try:
            self.polarity = _POLARITY.check(polarity)
        except ParameterError as error:
            raise error.at(node=self.name) from None
        _tag_sign(self)

    def __repr__(self) -> str:
        return f"NeuronGroup({self.name!r}, size={self.size})"


class SynapseGroup(StructureMixin, PymonntorchSynapseGroup):
    """The synapses from one group to another.

    Parameters
    ----------
    net : Neocortex
        The first, or after one or both groups.
    src, dst : NeuronGroup or the name of one, optional
    tag : str
        Comma separated. "Proximal", "Distal" or "Apical" among them says which
        dendritic compartment of ``dst`` receives the current.
    behavior : dict or list of behaviors
    key : str, optional
        What the seeds of its behaviors derive from; its place in the network by default,
        "column/L4/exc".
    """

    src: Any = Checked(
        "Make another synapse group", then=lambda synapse: synapse.connect_src(synapse.src)
    )
    dst: Any = Checked(
        "Make another synapse group", then=lambda synapse: synapse.connect_dst(synapse.dst)
    )
    compartment: Any = Checked("Give the compartment as a tag when you make it", once_made)
    # A mask that behaviors of a script keep here, as pymonntorch's README does, is theirs.
    enabled: Any = Checked(_SWITCH, once_made, free=torch.is_tensor)
    group_weighting: Any = Checked("Scale the current: its current_coef", once_made)

    @takes_older
    @network_by_name
    def __init__(
        self,
        net: Any,
        src: Any = None,
        dst: Any = None,
        tag: str | None = None,
        behavior: Any = None,
        *,
        key: str | None = None,
    ) -> None:
        if isinstance(dst, Network):  # (src, dst, net), as long ago
            net, src, dst = dst, net, src
        elif isinstance(src, Network):
            net, src = src, net
        count = len(checked_network(net, "SynapseGroup").SynapseGroups)
        unnamed, tag = not tag, checked_tag(tag, f"SynapseGroup_{count + 1}")
        name = tag.partition(",")[0].strip()
        src, dst = _group(net, src, name), _group(net, dst, name)
        self.key, self.is_keyed = key or name, bool(key)
        self.given_name, self.is_unnamed = name, unnamed
        self.src, self.dst = src, dst
        NetworkObject.__init__(self, net, tag, stack_of(behavior, name), net.device)
        # The last one: a group may be called "Apical" and still be tagged Proximal.
        self.compartment = next((tag for tag in reversed(self.tags) if tag in COMPARTMENTS), None)
        self.add_tag("syn")
        net.SynapseGroups.append(self)
        publish(net, self)
        self.enabled = True
        self.group_weighting = 1
        if dst is not None:
            self.connect_dst(dst)
        if src is not None:
            self.connect_src(src)

    # What brings the weights up to date, while an engine changes them only where it must.
    settle_weights: Callable[[], None] | None = None

    @property
    def weights(self) -> torch.Tensor:
        """Return the weights; missing until a behavior sets them."""
        if self.settle_weights is not None:
            self.settle_weights()
        try:
            weights: torch.Tensor = self.__dict__["weights"]
        except KeyError:
            raise AttributeError(f"{self.name} has no weights") from None
        return weights

    @weights.setter
    def weights(self, weights: torch.Tensor) -> None:
        self.__dict__["weights"] = weights

    @property
    def name(self) -> str:
        """Return the first tag; where that is but the compartment, the names of both ends."""
        if self.tags[0] != self.compartment or self.src is None or self.dst is None:
            return str(self.tags[0])
        return f"{self.src.tags[0]} => {self.dst.tags[0]}"

    @property
    def src_idx(self) -> torch.Tensor:
        """Return the source of each stored weight, (nnz,); computed when asked for."""
        return sources_of(_sparse(self))

    @property
    def dst_idx(self) -> torch.Tensor:
        """Return the target of each stored weight, (nnz,)."""
        targets: torch.Tensor = _sparse(self).col_indices()
        return targets

    def connect_src(self, src: Any) -> None:
        """Make ``src`` the source group."""
        self.src = src
        self._register(src.efferent_synapses)

    def connect_dst(self, dst: Any) -> None:
        """Make ``dst`` the target group."""
        self.dst = dst
        self._register(dst.afferent_synapses)

    def _register(self, synapses: dict[str, list[Any]]) -> None:
        for tag in [*self.tags, "All"]:
            self._enter(synapses, tag)
        if self.src is not None and self.dst is not None:
            arrow = f"{self.src.tags[0]} => {self.dst.tags[0]}"
            self.add_tag(arrow)
            self._enter(self.src.efferent_synapses, arrow)
            self._enter(self.dst.afferent_synapses, arrow)

    def _enter(self, synapses: dict[str, list[Any]], tag: str) -> None:
        listed = synapses.setdefault(tag, [])
        if not any(other is self for other in listed):
            listed.append(self)

    def __repr__(self) -> str:
        ends = [end.tags[0] if end is not None else "nothing" for end in (self.src, self.dst)]
        return f"SynapseGroup({self.name!r}, {ends[0]} => {ends[1]})"


def _sparse(synapses: Any) -> torch.Tensor:
    weights: torch.Tensor = synapses.weights
    if not is_by_source(weights):
        raise AttributeError("only sparse weights have src_idx and dst_idx")
    return weights


def publish(net: Any, structure: Any) -> None:
    """Make ``net.<first tag>`` the structure, unless the network has such an attribute."""
    if not hasattr(net, structure.tags[0]):
        setattr(net, structure.tags[0], structure)


def _sized(size: Any, stack: dict[Any, Any], name: str) -> tuple[int, dict[Any, Any]]:
    """Return the size and the stack, with a NeuronDimension in it for a grid."""
    if isinstance(size, torch.Size | list):
        size = tuple(size)
    if isinstance(size, Sequence):
        try:
            depth, height, width = _SIZE.check(size)
        except ParameterError as error:
            raise error.at(node=name) from None
        size = NeuronDimension(depth=depth, height=height, width=width)
    if isinstance(size, PymonntorchBehavior):
        # The dimension sets the true size as soon as the object is built.
        return -1, {0: size, **{key: item for key, item in stack.items() if key != 0}}
    if 0 in stack and getattr(stack[0], "initialize_on_init", False):
        return -1, stack
    if as_number(size) == 0:  # nobody, which a script may mean
        return 0, stack
    try:
        return _SIZE.check(size), stack
    except ParameterError as error:
        raise error.at(node=name) from None


def _group(net: Any, group: Any, name: str) -> Any:
    refuse_foreign(group)
    if isinstance(group, str):
        found = net[group, 0]
        if found is None:
            hint = f"groups: {', '.join(other.tags[0] for other in net.NeuronGroups) or 'none'}"
            raise StructureError(name, f"there is no group {group!r}", hint=hint)
        return found
    if group is not None and not hasattr(group, "afferent_synapses"):
        raise StructureError(name, f"cannot connect {group!r}", hint="pass a NeuronGroup")
    return group
