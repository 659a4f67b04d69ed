"""The order of data without a generator of its own follows the network's seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    Dataset,
    RandomSampler,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
)

from conex_core import BehaviorError, InputLayer, Neocortex, PoissonEncoder

COUNT, FRAMES = 9, 3
DATA = TensorDataset(
    torch.eye(COUNT, dtype=torch.bool)[:, None, :].repeat(1, FRAMES, 1), torch.arange(COUNT)
)


class Shuffled:
    """Be a sampler of one's own, with a generator that nobody has set."""

    def __init__(self) -> None:
        self.generator: torch.Generator | None = None

    def __len__(self) -> int:
        return COUNT

    def __iter__(self) -> Iterator[int]:
        return iter(torch.randperm(COUNT, generator=self.generator).tolist())


class Noisy(Dataset[Any]):
    """Draw spikes from torch's global generator while they are read."""

    def __len__(self) -> int:
        return COUNT

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return PoissonEncoder(rate=300, duration=FRAMES).encode(torch.ones(COUNT)), index


LOADERS: dict[str, Callable[[], Any]] = {
    "shuffle": lambda: DataLoader(DATA, shuffle=True),
    "shuffle, batches": lambda: DataLoader(DATA, batch_size=4, shuffle=True),
    "RandomSampler": lambda: DataLoader(DATA, sampler=RandomSampler(DATA, num_samples=20)),
    "replacement": lambda: DataLoader(DATA, sampler=RandomSampler(DATA, replacement=True)),
    "weighted": lambda: DataLoader(DATA, sampler=WeightedRandomSampler([1.0] * COUNT, 20)),
    "subset": lambda: DataLoader(DATA, sampler=SubsetRandomSampler(range(COUNT))),
    "batch sampler": lambda: DataLoader(
        DATA, batch_sampler=BatchSampler(RandomSampler(DATA), 2, drop_last=True)
    ),
    "own sampler": lambda: DataLoader(DATA, sampler=Shuffled()),
    "noise": lambda: DataLoader(Noisy()),
}


def net_of(loader: Any, seed: int | None = 4, **more: Any) -> Neocortex:
    network = Neocortex(seed=seed)
    size = {"sensory_size": COUNT, "instance_duration": FRAMES, "sensory_data_dim": 1}
    InputLayer(network, loader, **size, **more)
    network.initialize()
    return network


def shown(network: Neocortex, steps: int = 60) -> list[list[int]]:
    rows = []
    for _ in range(steps):
        network.simulate_iteration()
        rows.append(network.NeuronGroups[0].spikes.nonzero().view(-1).tolist())
    return rows


@pytest.mark.parametrize("make", LOADERS.values(), ids=LOADERS.keys())
def test_the_same_seed_shows_the_same_data(make: Callable[[], Any]) -> None:
    network = net_of(make())
    first = shown(network)
    network.reset()
    torch.rand(5)  # what else draws from the global generator has no say

    assert shown(network) == first
    assert shown(net_of(make())) == first
    assert shown(net_of(make(), seed=5)) != first


@pytest.mark.parametrize("make", LOADERS.values(), ids=LOADERS.keys())
def test_a_state_goes_on_in_the_order_that_it_was_in(make: Callable[[], Any]) -> None:
    network = net_of(make())
    shown(network, 31)
    state = network.state()
    rest = shown(network, 50)
    other = net_of(make())

    network.restore(state)
    other.restore(state)

    assert shown(network, 50) == rest
    assert shown(other, 50) == rest


def test_the_global_generator_is_left_alone() -> None:
    before = torch.get_rng_state()

    shown(net_of(DataLoader(DATA, shuffle=True)), 10)

    assert torch.equal(torch.get_rng_state(), before)


def test_layers_have_an_order_of_their_own() -> None:
    network = Neocortex(seed=1)
    size = {"sensory_size": COUNT, "instance_duration": FRAMES, "sensory_data_dim": 1}
    for tag in ("left", "right"):
        InputLayer(network, DataLoader(DATA, shuffle=True), tag=tag, **size)
    network.initialize()
    labels = []
    for _ in range(COUNT):
        network.simulate_iterations(FRAMES)
        labels.append([layer.y for layer in network.input_layers])

    left, right = zip(*labels, strict=True)
    assert left != right


def test_a_generator_of_one_s_own_stays_in_charge() -> None:
    rows = []
    for seed in (1, 2):
        own = torch.Generator().manual_seed(3)
        rows.append(shown(net_of(DataLoader(DATA, shuffle=True, generator=own), seed=seed)))

    assert rows[0] == rows[1]


def test_without_a_seed_the_global_generator_decides() -> None:
    rows = []
    for _ in range(2):
        torch.manual_seed(11)
        rows.append(shown(net_of(DataLoader(DATA, shuffle=True), seed=None)))

    assert rows[0] == rows[1]


WORKERS = {"num_workers": 1, "multiprocessing_context": "spawn"}
UNSEEDED = [
    (DataLoader(DATA, shuffle=True, persistent_workers=True, **WORKERS), "persistent_workers"),
    (DataLoader(DATA, shuffle=True, in_order=False, **WORKERS), "in_order"),
    (iter(DataLoader(DATA, shuffle=True)), "cannot begin again"),
]


@pytest.mark.parametrize(("loader", "words"), UNSEEDED, ids=[words for _, words in UNSEEDED])
@pytest.mark.parametrize("seed", [1, None])
def test_what_no_seed_decides_is_told(loader: Any, words: str, seed: int | None) -> None:
    network = Neocortex(seed=seed)
    InputLayer(network, loader, sensory_size=COUNT, sensory_data_dim=1, tag="eyes")

    told = [problem.message for problem in network.check() if "eyes" in problem.message]

    assert [words in message for message in told] == ([] if seed is None else [True])


class Frail(Noisy):
    """Fail once, at one sample, after drawing."""

    broken = True

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        sample = super().__getitem__(index)
        if index == COUNT // 2 and self.broken:
            raise OSError("not mounted")
        return sample


@pytest.mark.parametrize("kept", [False, True], ids=["going on", "from a state"])
def test_a_sample_that_cannot_be_read_is_read_again(kept: bool) -> None:
    expected = shown(net_of(DataLoader(Noisy(), shuffle=True)))
    data = Frail()
    network = net_of(DataLoader(data, shuffle=True))
    with pytest.raises(BehaviorError, match="not mounted"):
        network.simulate_iterations(60)
    done = network.completed
    data.broken = False
    if kept:
        state = network.state()
        network = net_of(DataLoader(data, shuffle=True))
        network.restore(state)

    assert shown(network, 60 - done) == expected[done:]
