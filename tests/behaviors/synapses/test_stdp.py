"""Plasticity: the STDP window, the bounds, and equal results of both ways to compute it."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest
import torch

from conex_core import (
    Behavior,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
    SimpleSTDP,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
)
from conex_core.behaviors.synapses import stdp
from conex_core.errors import ParameterError


class SpikesAt(Behavior):
    """Let all neurons spike in the given iterations, or at random."""

    priority = 340
    provides = ("own.spikes",)

    def __init__(self, *times: int, rate: float = 0.0) -> None:
        super().__init__()
        self.times, self.rate = times, rate

    def initialize(self, owner: Any) -> None:
        owner.spikes = torch.zeros(owner.size, dtype=torch.bool)

    def forward(self, owner: Any) -> None:
        drawn = torch.rand(owner.size, generator=self.generator) < self.rate
        owner.spikes.copy_(drawn | torch.tensor(owner.iteration in self.times))


def plastic(
    source: Behavior,
    target: Behavior,
    rule: Behavior,
    start: Any = 0.5,
    size: int = 1,
    dt: float = 1,
) -> Any:
    network = Neocortex(dt=dt, seed=3)
    ends = [
        NeuronGroup(network, size, [spikes, NeuronAxon()], name)
        for spikes, name in ((source, "src"), (target, "dst"))
    ]
    catchers = [PreSpikeCatcher(), PostSpikeCatcher(), PreTrace(tau_s=20.0), PostTrace(tau_s=20.0)]
    stack = [SynapseInit(), WeightInitializer(mode=start), *catchers, rule]
    synapses = SynapseGroup(network, *ends, "syn,Proximal", stack)
    network.initialize()
    return synapses


@pytest.mark.parametrize("lag", [-30, -10, 10, 30])
@pytest.mark.parametrize("dt", [0.2, 0.1])
def test_window_is_exponential(lag: int, dt: float) -> None:
    first, second = 5, 5 + round(abs(lag) / dt)
    source, target = (first, second) if lag > 0 else (second, first)
    rule = SimpleSTDP(a_plus=0.1, a_minus=0.05)
    synapses = plastic(SpikesAt(source), SpikesAt(target), rule, dt=dt)

    synapses.network.simulate_iterations(second + 5)

    amplitude = 0.1 if lag > 0 else -0.05
    change = float(synapses.weights) - 0.5
    assert change == pytest.approx(amplitude * exp(-abs(lag) / 20), rel=0.02 + 0.1 * dt)


@pytest.mark.parametrize("bound", ["soft_bound", "hard_bound"])
def test_a_weight_at_the_upper_limit_can_shrink(bound: str) -> None:
    rule = SimpleSTDP(a_plus=0.1, a_minus=0.1, negative_bound=bound, positive_bound=bound)
    synapses = plastic(SpikesAt(3), SpikesAt(2), rule, start=1.0)

    synapses.network.simulate_iterations(4)

    assert float(synapses.weights) < 1.0


@pytest.mark.parametrize("bound", ["soft_bound", "hard_bound"])
def test_a_weight_at_the_lower_limit_can_grow(bound: str) -> None:
    rule = SimpleSTDP(a_plus=0.1, a_minus=0.1, negative_bound=bound, positive_bound=bound)
    synapses = plastic(SpikesAt(2), SpikesAt(3), rule, start=0.0)

    synapses.network.simulate_iterations(4)

    assert float(synapses.weights) > 0.0


@pytest.mark.parametrize("bound", ["soft_bound", "hard_bound"])
def test_a_weight_at_the_upper_limit_does_not_grow(bound: str) -> None:
    rule = SimpleSTDP(a_plus=0.1, a_minus=0.1, positive_bound=bound)
    synapses = plastic(SpikesAt(2), SpikesAt(3), rule, start=1.0)

    synapses.network.simulate_iterations(4)

    assert float(synapses.weights) == 1.0


def test_clip_keeps_the_weights_inside() -> None:
    rule = SimpleSTDP(a_plus=5.0, a_minus=0.0, clip=True)
    synapses = plastic(SpikesAt(2), SpikesAt(3), rule)

    synapses.network.simulate_iterations(4)

    assert float(synapses.weights) == 1.0


def test_a_bound_may_be_a_function() -> None:
    rule = SimpleSTDP(
        a_plus=0.1, a_minus=0.0, positive_bound=lambda w, low, high: torch.zeros_like(w)
    )
    synapses = plastic(SpikesAt(2), SpikesAt(3), rule)

    synapses.network.simulate_iterations(4)

    assert float(synapses.weights) == 0.5


@pytest.mark.parametrize("bound", [None, "soft_bound", "hard_bound"])
@pytest.mark.parametrize("rate", [0.02, 0.5])
def test_touching_spiking_rows_equals_touching_all(
    bound: str | None, rate: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run() -> torch.Tensor:
        rule = SimpleSTDP(a_plus=0.02, a_minus=0.02, positive_bound=bound, negative_bound=bound)
        ends = SpikesAt(rate=rate), SpikesAt(rate=rate)
        synapses = plastic(*ends, rule, start="uniform(0.2, 0.8)", size=100)
        synapses.network.simulate_iterations(30)
        return synapses.weights

    by_rows = run()
    monkeypatch.setattr(stdp.SimpleSTDP, "learn", stdp.LearningRule.learn)

    torch.testing.assert_close(by_rows, run(), rtol=1e-4, atol=1e-5)


def test_limits_must_be_in_order() -> None:
    with pytest.raises(ParameterError, match="above w_min"):
        SimpleSTDP(w_min=1.0, w_max=0.0)


@pytest.mark.parametrize("dt", [0.2, 0.1])
def test_trace_decays_exponentially(dt: float) -> None:
    synapses = plastic(SpikesAt(1), SpikesAt(), SimpleSTDP(), dt=dt)

    synapses.network.simulate_iterations(1 + round(20 / dt))

    assert float(synapses.pre_trace) == pytest.approx(exp(-1), rel=0.05 * dt + 0.01)
