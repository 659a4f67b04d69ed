"""SynapseInit and DelayInitializer: shapes of both ends, and delays per neuron."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behavior import Behavior
from conex_core.errors import ParameterError
from conex_core.parameters import Flag, Initializer, Number, Table

__all__ = ["DelayInitializer", "SynapseInit"]


class SynapseInit(Behavior):
    """Give a synapse group the shapes of its ends and delays of zero."""

    host = "synapses"
    priority = 2
    provides = ("own.src_shape", "own.dst_shape", "own.src_delay", "own.dst_delay")
    source = "CoNeX, behaviors.synapses"

    def initialize(self, owner: Any) -> None:
        """Set (depth, height, width) and delays (S,), (D,) of both ends."""
        super().initialize(owner)
        for end in ("src", "dst"):
            group = getattr(owner, end)
            if group is not None:
                setattr(owner, f"{end}_shape", _grid(group))
                delays = torch.zeros(group.size, dtype=torch.int64, device=owner.device)
                setattr(owner, f"{end}_delay", delays)


class DelayInitializer(Behavior):
    """Give the neurons of one end their delays, in iterations.

    A source (axonal) delay counts from the spike to the synapse, a destination
    (dendritic) delay from the synapse to the soma. One delay per neuron;
    fractions are cut off.
    """

    host = "synapses"
    priority = 4
    requires = ("own.src_delay", "own.dst_delay")
    source = "CoNeX, behaviors.synapses"

    mode = Initializer(default=None, optional=True, help="Delays to draw, before scale and offset.")
    scale = Number(default=1.0, help="Factor of the drawn delays.")
    offset = Number(default=0.0, unit="iterations", help="Added to the drawn delays.")
    destination = Flag(default=False, help="Delay at the target (dendrite), not the source (axon).")
    delays = Table(
        default=None,
        optional=True,
        low=0.0,
        unit="iterations",
        help="Given delays, one per neuron or one for all.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (self.mode is None) == (self.delays is None):
            rule = "or mode must be given, and not both"
            raise ParameterError("delays", rule, self.delays, behavior=type(self).__name__)

    def initialize(self, owner: Any) -> None:
        """Set ``owner.src_delay`` (S,) or ``owner.dst_delay`` (D,), int64."""
        super().initialize(owner)
        group = owner.dst if self.destination else owner.src
        given = self.delays is not None
        drawn = self._drawn(owner, group, self.delays if given else self.mode)
        if not given:
            drawn.mul_(self.scale).add_(self.offset)
        delays = drawn.to(torch.int64)
        if bool((delays < 0).any()):
            raise ParameterError("mode", "must not give negative delays", int(delays.min()))
        (owner.dst_delay if self.destination else owner.src_delay).copy_(delays)

    def _drawn(self, owner: Any, group: Any, value: Any) -> torch.Tensor:
        try:
            return self.values(owner, value, (group.size,), torch.float64)
        except ParameterError as error:
            rule = f"must be one delay or {group.size}, one per neuron of {group.tags[0]}"
            raise ParameterError("delays", rule, value) from error


def _grid(group: Any) -> tuple[int, int, int]:
    """Return (depth, height, width) of ``group``; (1, 1, N) where it has no grid."""
    if hasattr(group, "depth"):
        return (group.depth, group.height, group.width)
    return (1, 1, group.size)
