"""What is counted in iterations stays so, and what is given in ms is rounded to them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from rig import SpikesAt, neurons, plastic

from conex_core import (
    KWTA,
    LIF,
    DelayInitializer,
    Fire,
    InputLayer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PreSpikeCatcher,
    SimpleSTDP,
    SynapseGroup,
    SynapseInit,
    WeightNormalization,
)
from conex_core.behaviors.timing import iterations_in
from conex_core.helpers import PoissonEncoder
from conex_core.run.plan import InputStep

steps = pytest.mark.parametrize("dt", [1.0, 0.5, 0.25])


@pytest.mark.parametrize(
    ("duration", "dt", "expected"),
    [(20, 1.0, 20), (20, 0.1, 200), (1, 0.3, 3), (0.3, 0.1, 3), (0.4, 1.0, 1), (1e-9, 1.0, 1)],
)
def test_a_duration_is_rounded_to_at_least_one_iteration(
    duration: float, dt: float, expected: int
) -> None:
    owner = SimpleNamespace(network=SimpleNamespace(dt=dt))

    assert iterations_in(duration, owner) == expected


def test_without_a_time_step_an_iteration_is_1_ms() -> None:
    assert iterations_in(7, SimpleNamespace(network=SimpleNamespace())) == 7


@steps
def test_a_delay_is_a_number_of_iterations(dt: float) -> None:
    network = Neocortex(dt=dt)
    source = NeuronGroup(network, 1, [SpikesAt(2 * dt), NeuronAxon(max_delay=4)])
    stack = [SynapseInit(), DelayInitializer(delays=3), PreSpikeCatcher()]
    synapses = SynapseGroup(network, source, source, "syn,Proximal", stack)
    network.initialize()
    caught = []

    for _ in range(7):
        network.simulate_iteration()
        caught.append(int(synapses.pre_spike))

    assert caught == [0, 0, 0, 0, 1, 0, 0]


@steps
def test_data_comes_one_frame_per_iteration(dt: float) -> None:
    frames = torch.eye(3, dtype=torch.bool).view(1, 3, 1, 3)
    network = Neocortex(dt=dt)
    layer = InputLayer(network, [(frames, torch.tensor([1]))], sensory_size=3, silent_interval=1)
    network.initialize()
    shown = []

    for _ in range(5):
        network.simulate_iteration()
        shown.append(layer.sensory_pop.spikes.nonzero().view(-1).tolist())

    assert shown == [[0], [1], [2], [], [0]]


@pytest.mark.parametrize(("dt", "frames"), [(1.0, 50), (0.5, 100), (0.3, 167), (80.0, 1)])
def test_an_encoder_fills_its_milliseconds_with_frames(dt: float, frames: int) -> None:
    encoder = PoissonEncoder(rate=5, duration=50, dt=dt, seed=1)

    assert len(encoder.encode(torch.ones(2))) == frames


@pytest.mark.parametrize(
    ("silence", "dt", "expected"), [(0.0, 1.0, 0), (10.0, 1.0, 10), (10.0, 0.3, 33), (0.2, 1.0, 1)]
)
def test_a_pause_between_samples_is_rounded_but_never_lost(
    silence: float, dt: float, expected: int
) -> None:
    step = InputStep("id", "Input", 4, {"silence": silence})

    assert step.silent_steps(dt) == expected


@pytest.mark.parametrize("dt", [1.0, 0.5])
def test_an_encoder_keeps_its_rate(dt: float) -> None:
    spikes = PoissonEncoder(rate=20, duration=1000, dt=dt, seed=1).encode(torch.ones(2000))

    assert int(spikes.sum()) / 2000 == pytest.approx(20, rel=0.02)


@steps
def test_winners_are_counted_in_every_iteration(dt: float) -> None:
    neuron = LIF(init_v=10.0, threshold=0.0, v_rest=10.0, v_reset=-1.0)
    group = neurons(neuron, KWTA(k=2), Fire(), dt=dt, size=5)

    group.network.simulate_iteration()

    assert int(group.spikes.sum()) == 2


@steps
def test_normalising_more_often_changes_nothing(dt: float) -> None:
    synapses = plastic(SimpleSTDP(), pre=(), post=(), dt=dt, extra=(WeightNormalization(norm=3.0),))

    synapses.network.simulate_iterations(round(4 / dt))

    torch.testing.assert_close(
        synapses.weights.sum(dim=0), torch.full((4,), 3.0, dtype=torch.float64)
    )
