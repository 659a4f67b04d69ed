"""Spike catchers and traces: what plasticity knows of both ends of a synapse."""

from __future__ import annotations

from typing import Any, ClassVar

import torch
from torch.nn import functional

from conex_core.behavior import Behavior, name_of
from conex_core.behaviors.buffers import Delay, Delays
from conex_core.behaviors.timing import time_step
from conex_core.parameters import Number

__all__ = ["PostSpikeCatcher", "PostTrace", "PreSpikeCatcher", "PreTrace"]


class _Catcher(Behavior):
    """Copy the delayed spikes of one end.

    Delays that are changed while the network runs count for spikes from then on:
    those that are on their way arrive as they were sent, from ``_flying``, a row
    (N,) for each iteration from the next one; ``_age`` is for how many iterations
    spikes were sent by the present delays.
    """

    host = "synapses"
    source = "CoNeX, behaviors.synapses"
    initialize_last = True

    end: ClassVar[str] = "src"
    spikes: ClassVar[str] = "pre_spike"
    remembers = ("_flying", "_age")

    def initialize(self, owner: Any) -> None:
        """Read the delays and check that the axon remembers long enough."""
        super().initialize(owner)
        group = getattr(owner, self.end)
        self._axon = group.axon
        self._flying: torch.Tensor | None = None
        self._age = 0
        self._read_delays(owner)
        caught = torch.zeros(group.size, dtype=torch.bool, device=owner.device)
        setattr(owner, self.spikes, caught)

    def restored(self, owner: Any) -> None:
        """Read the delays again."""
        self._read_delays(owner)

    def forward(self, owner: Any) -> None:
        """Copy the spikes that arrive in this iteration."""
        delay = self._delays.now()
        if self._delays.readings != self._known:
            self._change(owner, delay)
        if self._flying is None:
            caught = self._axon.spikes_at(delay)
        else:
            caught = self._arrived(delay, self._flying)
        getattr(owner, self.spikes).copy_(caught)

    @property
    def is_changing(self) -> bool:
        """Tell whether spikes may still be on their way by delays that were changed since."""
        return self._flying is not None or self._delays.readings != self._known

    def _read_delays(self, owner: Any) -> None:
        axon, group = self._axon, getattr(owner, self.end)
        depth = getattr(axon, "depth", getattr(axon, "max_delay", None))
        self._delays = Delays(owner, self.end, depth, f"NeuronAxon of {name_of(group)}")
        self._used, self._known = self._delays.now(), self._delays.readings

    def _change(self, owner: Any, delay: Delay) -> None:
        """Find what is on its way by the delays before: spikes of earlier iterations."""
        size = int(getattr(owner, self.end).size)
        before = torch.as_tensor(self._used, device=owner.device).expand(size)
        self._used, self._known = delay, self._delays.readings
        rows = self._delays.depth or int(before.max()) + 1
        if self._flying is not None:
            rows = max(rows, len(self._flying))
            self._flying = functional.pad(self._flying, (0, 0, 0, rows - len(self._flying)))
        oldest = rows if self._flying is None else self._age
        ages = before - torch.arange(rows, device=owner.device).view(-1, 1)  # (rows, N)
        is_sent = (ages >= 1) & (ages <= oldest)
        sent = [self._axon.spikes_at(row.clamp(min=0)) for row in ages]
        flying = torch.stack(sent) & is_sent
        self._flying = flying if self._flying is None else flying | self._flying
        self._age = 0

    def _arrived(self, delay: Delay, flying: torch.Tensor) -> torch.Tensor:
        """Return what arrives now, by the present delays or by those before."""
        self._age += 1
        caught: torch.Tensor = self._axon.spikes_at(delay) & (delay < self._age) | flying[0]
        self._flying = torch.cat([flying[1:], torch.zeros_like(flying[:1])])
        longest = delay if isinstance(delay, int) else int(delay.max())
        if self._age > longest and not self._flying.any():
            self._flying, self._age = None, 0
        return caught


class PreSpikeCatcher(_Catcher):
    """Tell which source spikes reach the synapse, after the axonal delay."""

    priority = 420
    requires = ("source.axon", "own.src_delay")
    provides = ("own.pre_spike",)
    equation = r"p_i(t) = s_i(t - d_i)"


class PostSpikeCatcher(_Catcher):
    """Tell which target spikes reach the synapse, after the dendritic delay."""

    priority = 440
    requires = ("target.axon", "own.dst_delay")
    provides = ("own.post_spike",)
    equation = r"q_j(t) = s_j(t - e_j)"

    end = "dst"
    spikes = "post_spike"


class _Trace(Behavior):
    """Keep a decaying memory of the spikes of one end.

    A fresh spike decays in its own iteration already, as in CoNeX; the shorter
    dt, the less it matters.
    """

    host = "synapses"
    equation = r"x \leftarrow (x + a\,s)(1 - \Delta t/\tau_s)"
    source = "Morrison, Diesmann & Gerstner 2008, doi:10.1007/s00422-008-0233-1; CoNeX"
    remembers = ()

    tau_s = Number(
        default=20.0, unit="ms", above=0.0, live=True, symbol="τ_s", help="Time constant of decay."
    )
    spike_scale = Number(default=1.0, live=True, symbol="a", help="What one spike adds.")

    spikes: ClassVar[str] = "pre_spike"
    trace: ClassVar[str] = "pre_trace"

    def initialize(self, owner: Any) -> None:
        """Start with no memory."""
        super().initialize(owner)
        end = owner.src if self.spikes == "pre_spike" else owner.dst
        memory = torch.zeros(end.size, dtype=owner.network.def_dtype, device=owner.device)
        setattr(owner, self.trace, memory)

    def forward(self, owner: Any) -> None:
        """Add this iteration's spikes, then decay; fresh spikes decay too."""
        trace = getattr(owner, self.trace)
        trace.add_(getattr(owner, self.spikes), alpha=self.spike_scale)
        trace.mul_(1 - time_step(owner) / self.tau_s)


class PreTrace(_Trace):
    """Keep a decaying memory of the spikes that reached the synapse."""

    priority = 460
    requires = ("own.pre_spike",)
    provides = ("own.pre_trace",)


class PostTrace(_Trace):
    """Keep a decaying memory of the target's spikes."""

    priority = 480
    requires = ("own.post_spike",)
    provides = ("own.post_trace",)

    spikes = "post_spike"
    trace = "post_trace"
