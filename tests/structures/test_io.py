"""InputLayer and SpikeNdDataset: one frame per iteration, silence after the end."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from conex_core import InputLayer, Neocortex, SpikeNdDataset
from conex_core.errors import BehaviorError, ParameterError, ShapeError

# Two samples of two frames of 1 x 2, then one more batch of one sample.
FIRST = torch.tensor([[[[1, 0]], [[0, 1]]], [[[1, 1]], [[0, 0]]]], dtype=torch.bool)
SECOND = torch.tensor([[[[1, 0]], [[1, 0]]]], dtype=torch.bool)
DATA = [(FIRST, torch.tensor([5, 6])), (SECOND, torch.tensor([7]))]


def shown(steps: int, data: Any = DATA, **changes: Any) -> tuple[list[list[int]], list[Any]]:
    network = Neocortex()
    layer = InputLayer(network, data, **{"sensory_size": 2, **changes})
    network.initialize()
    frames, labels = [], []
    for _ in range(steps):
        network.simulate_iteration()
        frames.append(layer.sensory_pop.spikes.int().tolist())
        labels.append(layer.y)
    return frames, labels


def test_frames_become_spikes_in_order_and_start_again() -> None:
    frames, labels = shown(8)

    assert frames == [[1, 0], [0, 1], [1, 1], [0, 0], [1, 0], [1, 0], [1, 0], [0, 1]]
    assert labels == [5, 5, 6, 6, 7, 7, 5, 5]


def test_without_loop_the_end_is_silence() -> None:
    frames, labels = shown(9, loop=False)

    assert frames[6:] == [[0, 0]] * 3
    assert labels[6:] == [None] * 3


def test_samples_are_followed_by_silence() -> None:
    frames, labels = shown(6, silent_interval=1)

    assert frames == [[1, 0], [0, 1], [0, 0], [1, 1], [0, 0], [0, 0]]
    assert labels == [5, 5, 5, 6, 6, 6]


def test_data_without_labels_needs_no_duration() -> None:
    frames, labels = shown(2, [FIRST], have_label=False)

    assert frames == [[1, 0], [0, 1]]
    assert labels == [None, None]


def test_locations_have_a_population_of_their_own() -> None:
    network = Neocortex()
    data = [(FIRST, FIRST.flip(3), torch.tensor([5, 6]))]
    layer = InputLayer(network, data, have_location=True, sensory_size=2, location_size=2)
    network.initialize()

    network.simulate_iteration()

    assert layer.sensory_pop.spikes.tolist() == [True, False]
    assert layer.location_pop.spikes.tolist() == [False, True]


def test_a_generator_made_anew_each_epoch_may_be_the_data() -> None:
    class Endless:
        def __iter__(self) -> Any:
            yield from DATA

    assert shown(8, Endless()) == shown(8)


def test_floats_that_are_no_spikes_are_refused() -> None:
    with pytest.raises(BehaviorError, match="encode it") as caught:
        shown(1, [(FIRST * 0.5, torch.tensor([5, 6]))])

    assert isinstance(caught.value.__cause__, ShapeError)


def test_a_frame_of_another_size_names_the_layer() -> None:
    with pytest.raises(BehaviorError, match=r"InputLayer_1 .* 3 neurons, .* 2 values"):
        shown(1, sensory_size=3)


def test_no_data_is_refused() -> None:
    with pytest.raises(ParameterError, match="dataloader must be an iterable"):
        shown(1, None)


def test_a_dataset_among_the_behaviors_replaces_the_arguments() -> None:
    dataset = SpikeNdDataset(dataloader=DATA[1:])

    assert shown(2, None, behavior=[dataset])[0] == [[1, 0], [1, 0]]


def test_empty_data_is_silence() -> None:
    assert shown(2, [])[0] == [[0, 0], [0, 0]]
