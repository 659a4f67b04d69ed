"""SynapseInit and DelayInitializer: shapes of both ends, and delays per neuron."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behavior import Behavior
from conex_core.counting import cut, nearest
from conex_core.distributions import Array
from conex_core.errors import ParameterError
from conex_core.helpers.sampling import doubles, load_array
from conex_core.parameters import Flag, Initializer, Number, Option, Table

__all__ = ["DelayInitializer", "SynapseInit"]

_LONGEST = 1_000_000  # iterations; buffers of this length are a mistake of unit or scale


class SynapseInit(Behavior):
    """Give a synapse group the shapes of its ends and delays of zero."""

    host = "synapses"
    priority = 2
    provides = ("own.src_shape", "own.dst_shape", "own.src_delay", "own.dst_delay")
    equation = r"d_i = 0;\quad e_j = 0"
    source = "CoNeX, behaviors.synapses"
    remembers = ()

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
    """Give the neurons of one end their delays, in iterations or in ms.

    A source (axonal) delay counts from the spike to the synapse, a destination
    (dendritic) delay from the synapse to the soma. One delay per neuron. Delays
    in ms are divided by dt and rounded to the nearest iteration, so that those
    below half of dt vanish; fractions of iterations are cut off.
    """

    host = "synapses"
    priority = 4
    requires = ("own.src_delay", "own.dst_delay")
    equation = r"d_i = \lfloor \mathrm{scale}\,\xi_i + \mathrm{offset} \rfloor"
    source = "CoNeX, behaviors.synapses"
    remembers = ()

    mode = Initializer(default=None, optional=True, help="Delays to draw, before scale and offset.")
    scale = Number(default=1.0, help="Factor of the drawn delays.")
    offset = Number(default=0.0, help="Added to the drawn delays, in their unit.")
    destination = Flag(default=False, help="Delay at the target (dendrite), not the source (axon).")
    delays = Table(
        default=None,
        optional=True,
        low=0.0,
        help="Given delays, one per neuron or one for all.",
    )
    unit = Option(
        default="iterations",
        options=("iterations", "ms"),
        help="What delays and offset are counted in; ms are rounded to iterations of dt.",
    )

    def check_together(self) -> None:
        """Refuse delays that are both given and drawn, or neither."""
        if (self.mode is None) == (self.delays is None):
            raise ParameterError("delays", "or mode must be given, and not both", self.delays)

    def initialize(self, owner: Any) -> None:
        """Set ``owner.src_delay`` (S,) or ``owner.dst_delay`` (D,), int64."""
        super().initialize(owner)
        group = owner.dst if self.destination else owner.src
        given = self.delays is not None
        drawn = self._drawn(owner, group, self.delays if given else self.mode)
        if not given:
            drawn.mul_(self.scale).add_(self.offset)
        delays = self._iterations(owner, drawn)
        (owner.dst_delay if self.destination else owner.src_delay).copy_(delays)

    def _iterations(self, owner: Any, drawn: torch.Tensor) -> torch.Tensor:
        """Return whole iterations, int64; none is negative or without end."""
        if self.unit == "ms":
            whole: torch.Tensor = nearest(drawn / owner.network.dt)
        else:
            whole = cut(drawn.abs()).copysign(drawn)
        delays = whole.to(torch.int64)
        field = "mode" if self.delays is None else "delays"
        if bool((delays < 0).any()):
            hint = "Raise offset, or draw from a distribution without negative values"
            raise ParameterError(
                field, "must not give negative delays", int(delays.min()), hint=hint
            )
        if int(delays.max()) > _LONGEST:
            rule = f"must not give delays above {_LONGEST:,} iterations"
            raise ParameterError(field, rule, float(drawn.max()), hint="Check unit and scale")
        return delays

    def _drawn(self, owner: Any, group: Any, value: Any) -> torch.Tensor:
        if isinstance(value, Array):
            value = load_array(value, getattr(owner.network, "base", None))
        if hasattr(value, "__len__"):
            value = doubles(value, owner.device)
        name = "mode" if self.delays is None else "delays"
        return self.values(owner, value, (group.size,), torch.float64, name=name)


def _grid(group: Any) -> tuple[int, int, int]:
    """Return (depth, height, width) of ``group``; (1, 1, N) where it has no grid."""
    if hasattr(group, "depth"):
        return (group.depth, group.height, group.width)
    return (1, 1, group.size)
