"""Data that kernels show: the frames, labels and states are those of the reference."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from conex_core import (
    LIF,
    Fire,
    InputLayer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PreSpikeCatcher,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
    prioritize_behaviors,
)
from conex_core.errors import BehaviorError
from conex_core.run.engine.report import report
from tests.run.engine.nets import Shove, same

_SAMPLES, _DURATION, _SIZE = 3, 4, 6


def batches(size: int = _SIZE) -> list[tuple[torch.Tensor, torch.Tensor]]:
    drawn = torch.rand(2, _SAMPLES, _DURATION, 1, size, generator=torch.Generator().manual_seed(3))
    return [(frames < 0.4, torch.arange(_SAMPLES) + 10 * k) for k, frames in enumerate(drawn)]


def shown(engine: str, size: int = _SIZE, own: bool = False, **kwargs: Any) -> Neocortex:
    net = Neocortex(dt=1.0, seed=1, engine=engine)
    layer = InputLayer(net, batches(size), sensory_size=(1, 1, _SIZE), tag="input", **kwargs)
    stack = [
        *(SimpleDendriteStructure(), SimpleDendriteComputation(), LIF(threshold=-62.0), Fire()),
        *(NeuronAxon(), *([Shove()] if own else [])),
    ]
    seen = NeuronGroup(net, 5, prioritize_behaviors(stack), "seen")
    join = [SynapseInit(), WeightInitializer(mode="uniform(0, 6)"), SimpleDendriticInput()]
    ends = (layer.sensory_pop, seen, "Proximal")
    SynapseGroup(net, *ends, prioritize_behaviors([*join, PreSpikeCatcher()]))
    net.initialize(warnings=False)
    return net


@pytest.mark.parametrize("kwargs", [{}, {"silent_interval": 3}, {"loop": False}])
@pytest.mark.parametrize("batch", [1, 2, 5, 13])
def test_frames_labels_and_states_agree(kwargs: dict[str, Any], batch: int) -> None:
    fused, reference = shown("fused", **kwargs), shown("reference", **kwargs)

    for _ in range(80 // batch):
        fused.simulate_iterations(batch)
        reference.simulate_iterations(batch)

        same(fused, reference)
        assert fused.input_layers[0].y == reference.input_layers[0].y
        assert torch.equal(fused.input_layers[0].x, reference.input_layers[0].x)
    assert report(fused).is_batched


def test_a_state_in_the_middle_of_a_sample_goes_on() -> None:
    whole, begun, resumed = shown("fused"), shown("fused"), shown("fused")
    whole.simulate_iterations(31)
    begun.simulate_iterations(14)

    resumed.restore(begun.state())
    resumed.simulate_iterations(17)

    same(resumed, whole)


def test_a_switched_off_layer_shows_what_it_showed_last() -> None:
    nets = [shown(engine) for engine in ("fused", "reference")]
    for net in nets:
        net.simulate_iterations(6)
        data = next(iter(net.input_layers[0].behavior.values()))
        data.behavior_enabled = False
        net.simulate_iterations(9)
        data.behavior_enabled = True
        net.simulate_iterations(9)

    same(*nets)


def test_labels_are_there_for_a_behavior_of_a_user() -> None:
    fused, reference = shown("fused", own=True), shown("reference", own=True)

    fused.simulate_iterations(30)
    reference.simulate_iterations(30)

    same(fused, reference)
    assert not report(fused).is_batched


def test_frames_of_another_size_are_refused_by_name() -> None:
    net = shown("fused", size=_SIZE + 1)

    with pytest.raises(BehaviorError, match=r"(?s)iteration 1.*6 neurons.*7 values"):
        net.simulate_iterations(5)


def test_a_loader_that_fails_ends_the_run_where_it_does() -> None:
    net = shown("fused")
    net.simulate_iterations(3)
    data = next(iter(net.input_layers[0].behavior.values()))
    data._source._batches = iter([(torch.full((1, 4, 1, _SIZE), 2.0), torch.zeros(1))])

    with pytest.raises(BehaviorError, match=r"SpikeNdDataset.*iteration 13.*other than 0 and 1"):
        net.simulate_iterations(40)

    assert (net.iteration, net.completed) == (13, 12)
