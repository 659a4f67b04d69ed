"""Dendrites: where synaptic currents arrive, and what they do to the soma.

The structure sorts the currents of afferent synapses by compartment and delay;
the computation turns the three compartments into one input current.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from conex_core.behavior import Behavior
from conex_core.behaviors.buffers import Arrivals, Delays
from conex_core.behaviors.timing import time_step
from conex_core.errors import ParameterError
from conex_core.parameters import Integer, Number

__all__ = ["SimpleDendriteComputation", "SimpleDendriteStructure"]

_COMPARTMENTS = ("Proximal", "Distal", "Apical")


@dataclass(frozen=True)
class _Compartment:
    arrivals: Arrivals
    current: torch.Tensor  # (N,) nA: row 0 of the arrivals
    synapses: tuple[tuple[Any, Delays], ...]

    def step(self) -> None:
        self.arrivals.advance()
        for synapse, delays in self.synapses:
            self.arrivals.add(synapse.I, delays.now())
        if self.arrivals.depth > 1:
            self.current.copy_(self.arrivals[0])


class SimpleDendriteStructure(Behavior):
    """Collect the currents of afferent synapses per compartment and delay.

    A synapse group belongs to the compartment that it is tagged with:
    Proximal, Distal or Apical. A delay e is legal when e < the compartment's
    maximum; a maximum of 0 leaves the compartment out, an empty one is as long
    as the delays of its synapses need.
    """

    priority = 220
    provides = (
        "own.proximal_input",
        "own.distal_input",
        "own.apical_input",
        "own.I_proximal",
        "own.I_distal",
        "own.I_apical",
    )
    equation = r"I_c(t) = \sum_{syn \in c} I_{syn}(t - e)"
    source = "CoNeX, behaviors.neurons"
    remembers = ()

    Proximal_max_delay = Integer(
        default=1,
        optional=True,
        low=0,
        unit="iterations",
        help="Delays of proximal synapses stay below this; empty for what they need.",
    )
    Distal_max_delay = Integer(
        default=1,
        optional=True,
        low=0,
        unit="iterations",
        help="Delays of distal synapses stay below this; empty for what they need.",
    )
    Apical_max_delay = Integer(
        default=None,
        optional=True,
        low=0,
        unit="iterations",
        help="Delays of apical synapses stay below this; empty for one more than distal, or "
        "for more where they need it.",
    )
    proximal_min_delay = Integer(
        default=0, low=0, unit="iterations", help="Must stay below the proximal maximum; no more."
    )
    distal_min_delay = Integer(
        default=0, low=0, unit="iterations", help="Must stay below the distal maximum; no more."
    )
    apical_min_delay = Integer(
        default=None,
        optional=True,
        low=0,
        unit="iterations",
        help="Must stay below the apical maximum; no more.",
    )

    def check_together(self) -> None:
        """Refuse a shortest delay that is not below its compartment's maximum."""
        for name in _COMPARTMENTS:
            field = f"{name.lower()}_min_delay"
            low, depth = getattr(self, field), getattr(self, f"{name}_max_delay")
            if low and depth is not None and low >= depth:
                raise ParameterError(field, f"must be below {name}_max_delay ({depth})", low)

    def initialize(self, owner: Any) -> None:
        """Make the buffers and find the synapses of each compartment."""
        super().initialize(owner)
        compartments = [self._compartment(owner, name) for name in _COMPARTMENTS]
        # Without synapses a compartment stays at zero, and no step has to say so.
        self._active = [item for item in compartments if item.synapses]
        pairs = zip(_COMPARTMENTS, compartments, strict=True)
        self._names = [name for name, item in pairs if item.synapses]

    def restored(self, owner: Any) -> None:
        """Read the delays of the synapses again, and find the buffers as deep as they are now."""
        self._active = [
            _restored(owner, name, tuple(item.synapses))
            for name, item in zip(self._names, self._active, strict=True)
        ]

    def forward(self, owner: Any) -> None:
        """Shift every buffer by one iteration and add this iteration's currents."""
        for compartment in self._active:
            compartment.step()

    def _compartment(self, owner: Any, name: str) -> _Compartment:
        depth = self._depth(owner, name)
        arrivals = Arrivals(max(depth, 1), owner.size, owner.network.def_dtype, owner.device)
        current = arrivals[0] if depth <= 1 else arrivals[0].clone()
        synapses = tuple(
            (synapse, _delays(synapse, name, depth))
            for synapse in _synapses_of(owner, name)
            if depth and _carries(synapse)
        )
        setattr(owner, f"{name.lower()}_input", arrivals)
        setattr(owner, f"I_{name.lower()}", current)
        return _Compartment(arrivals, current, synapses)

    def _depth(self, owner: Any, name: str) -> int:
        depth, low = getattr(self, f"{name}_max_delay"), getattr(self, f"{name.lower()}_min_delay")
        if depth is None:
            depth = 1 + max((_longest(item) for item in _synapses_of(owner, name)), default=0)
            if name == "Apical":
                depth = max(depth, self._depth(owner, "Distal") + 1)
        if low and low >= depth:
            raise ParameterError(f"{name.lower()}_min_delay", f"must be below {depth}", low)
        return int(depth)


class SimpleDendriteComputation(Behavior):
    """Turn the currents of the three compartments into one input current.

    A spike's current flows for 1 ms, all of it in the iteration of its arrival
    (1 / Δt as strong), so that one spike moves the potential by as much whatever
    dt is. With ``I_tau`` it adds its weight to a current that decays instead.
    Distal and apical input can pull the potential up to a point between rest
    and threshold (their provocativeness) but, without ``I_tau``, not past it.
    Left empty, they have no effect at all.
    """

    priority = 240
    requires = ("own.I_proximal",)
    provides = ("own.I",)
    requires_if = tuple(
        (f"{name}_provocativeness", attribute)
        for name in ("apical", "distal")
        for attribute in ("own.v", "own.threshold", "own.v_rest")
    )
    equation = (
        r"J = I_{prox} + \frac{\tau}{R}\sum_{c}"
        r"\tanh(I_c)\,\max(0,\ v_{rest} + p_c(\theta - v_{rest}) - v);\quad"
        r" I \leftarrow J/\Delta t\ \text{or, with } \tau_I,"
        r"\ I \leftarrow I\,(1 - \Delta t/\tau_I) + J"
    )
    source = "CoNeX, behaviors.neurons"
    remembers = ()

    I_tau = Number(
        default=None,
        optional=True,
        above=0.0,
        unit="ms",
        live=True,
        symbol="τ_I",
        help="Time constant of the current; empty for a current of 1 ms per spike.",
    )
    apical_provocativeness = Number(
        default=None,
        optional=True,
        symbol="p_a",
        help="How far apical input can pull v, from 0 (rest) to 1 (threshold); empty for none.",
    )
    distal_provocativeness = Number(
        default=None,
        optional=True,
        symbol="p_d",
        help="How far distal input can pull v, from 0 (rest) to 1 (threshold); empty for none.",
    )

    def initialize(self, owner: Any) -> None:
        """Start with no current: ``owner.I`` (N) nA."""
        super().initialize(owner)
        owner.I = torch.zeros_like(owner.I_proximal)
        self._pulls = [
            (f"I_{name}", getattr(self, f"{name}_provocativeness"))
            for name in ("apical", "distal")
            if getattr(self, f"{name}_provocativeness") is not None
        ]

    def forward(self, owner: Any) -> None:
        """Update ``owner.I`` from the compartments of this iteration."""
        dt = time_step(owner)
        if self.I_tau is None:
            owner.I.copy_(owner.I_proximal)
        else:
            owner.I.mul_(1 - dt / self.I_tau).add_(owner.I_proximal)
        for name, provocativeness in self._pulls:
            owner.I.add_(self._pull(owner, getattr(owner, name), provocativeness))
        if self.I_tau is None and dt != 1:  # the charge of 1 ms, all of it in this iteration
            owner.I.mul_(1 / dt)

    def _pull(self, owner: Any, current: torch.Tensor, provocativeness: float) -> torch.Tensor:
        """Return the current with which one compartment pulls v up, (N,) nA."""
        goal = owner.v_rest + provocativeness * (owner.threshold - owner.v_rest)
        gain = getattr(owner, "tau", 1.0) / getattr(owner, "R", 1.0)
        pull: torch.Tensor = torch.tanh(current) * (goal - owner.v).clamp_(min=0) * gain
        return pull


def _restored(owner: Any, name: str, synapses: tuple[tuple[Any, Delays], ...]) -> _Compartment:
    arrivals, current = getattr(owner, f"{name.lower()}_input"), getattr(owner, f"I_{name.lower()}")
    if arrivals.depth == 1:  # one row is the current itself
        current = arrivals[0]
    setattr(owner, f"I_{name.lower()}", current)
    delays = ((item, _delays(item, name, arrivals.depth)) for item, _ in synapses)
    return _Compartment(arrivals, current, tuple(delays))


def _delays(synapse: Any, compartment: str, depth: int) -> Delays:
    return Delays(synapse, "dst", depth, f"{compartment}_max_delay = {depth} of the target")


def _synapses_of(owner: Any, compartment: str) -> list[Any]:
    """Return the afferent synapses of one compartment; foreign ones have their tag only."""
    tagged = owner.afferent_synapses.get(compartment, [])
    return [item for item in tagged if getattr(item, "compartment", compartment) == compartment]


def _longest(synapse: Any) -> int:
    delays = getattr(synapse, "dst_delay", None)
    return 0 if delays is None else int(delays.max())


def _carries(synapse: Any) -> bool:
    """Tell whether ``synapse`` has a current, now or from a foreign behavior."""
    if hasattr(synapse, "I"):
        return True
    return any(not hasattr(item, "provides") for item in synapse.behavior.values())
