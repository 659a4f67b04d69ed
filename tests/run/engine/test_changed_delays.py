"""Delays that are changed in place: both engines alike, from the next spike on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from conex_core import (
    LIF,
    Behavior,
    ConexError,
    DelayInitializer,
    Fire,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PostSpikeCatcher,
    PreSpikeCatcher,
    Recorder,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SparseDendriticInput,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
)

ENGINES = ("reference", "auto")
SPIKE, LONGEST = 50, 10


class At(Behavior):
    """Spike once."""

    priority = 340
    provides = ("own.spikes",)

    def initialize(self, owner: Any) -> None:
        owner.spikes = torch.zeros(owner.size, dtype=torch.bool)

    def forward(self, owner: Any) -> None:
        owner.spikes.fill_(owner.iteration == SPIKE)


class Change(Behavior):
    """Change something in one iteration."""

    host = "network"
    priority = 10

    def __init__(self, at: int, act: Callable[[Any], None]) -> None:
        super().__init__()
        self.at, self.act = at, act

    def forward(self, owner: Any) -> None:
        if owner.iteration == self.at:
            self.act(owner.SynapseGroups[0])


def net_of(engine: str, delays: Any, *, sparse: bool, change: Change | None = None) -> Neocortex:
    """Return two groups, joined with ``delays`` at the source and none at the target."""
    network = Neocortex(seed=2, engine=engine, behavior=[] if change is None else [change])
    axon = NeuronAxon(max_delay=LONGEST)
    source = NeuronGroup(network, 2, [At(), axon], "a")
    dendrite = SimpleDendriteStructure(Proximal_max_delay=LONGEST)
    neuron = [dendrite, SimpleDendriteComputation(), LIF(), Fire(), NeuronAxon(), Recorder("I")]
    target = NeuronGroup(network, 2, neuron, "b")
    weights = torch.ones(2, 2)
    stack = [
        SynapseInit(),
        DelayInitializer(delays=delays),
        PreSpikeCatcher(),
        WeightInitializer(weights=weights.to_sparse() if sparse else weights),
        SparseDendriticInput() if sparse else SimpleDendriticInput(),
    ]
    SynapseGroup(network, source, target, "s,Proximal", stack)
    network.initialize()
    return network


def arrivals(network: Neocortex) -> list[int]:
    return [t + 1 for t, row in enumerate(network["b", 0]["I", 0].tolist()) if any(row)]


def set_all(name: str, value: Any) -> Callable[[Any], None]:
    def act(synapses: Any) -> None:
        getattr(synapses, name)[:] = torch.as_tensor(value)

    return act


CHANGES = [("src_delay", 7), ("src_delay", [7, 2]), ("dst_delay", 4), ("dst_delay", [0, 6])]


def expected(name: str, value: Any, before: Any) -> list[int]:
    at_source = value if name == "src_delay" else before
    at_target = value if name == "dst_delay" else 0
    ends = [end if isinstance(end, list) else [end] for end in (at_source, at_target)]
    # One iteration from the catcher to the dendrite.
    return sorted({SPIKE + 1 + one + other for one in ends[0] for other in ends[1]})


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("before", [3, [3, 1]])
@pytest.mark.parametrize(("name", "value"), CHANGES)
@pytest.mark.parametrize("engine", ENGINES)
def test_delays_changed_between_runs_act_from_then_on(
    engine: str, name: str, value: Any, before: Any, sparse: bool
) -> None:
    network = net_of(engine, before, sparse=sparse)
    network.simulate_iterations(10)

    set_all(name, value)(network.SynapseGroups[0])
    network.simulate_iterations(60)

    assert arrivals(network) == expected(name, value, before)


@pytest.mark.parametrize("before", [3, [3, 1]])
@pytest.mark.parametrize(("name", "value"), CHANGES)
@pytest.mark.parametrize("engine", ENGINES)
def test_delays_changed_by_a_behavior_act_in_the_middle_of_a_run(
    engine: str, name: str, value: Any, before: Any
) -> None:
    network = net_of(engine, before, sparse=False, change=Change(20, set_all(name, value)))

    network.simulate_iterations(70)

    assert arrivals(network) == expected(name, value, before)


@pytest.mark.parametrize("engine", ENGINES)
def test_delays_that_are_exchanged_act_too(engine: str) -> None:
    network = net_of(engine, 3, sparse=False)
    network.simulate_iterations(10)

    network.SynapseGroups[0].src_delay = torch.tensor([5, 8])
    network.simulate_iterations(60)

    assert arrivals(network) == [56, 59]


WRONG: list[tuple[str, Callable[[Any], None], str]] = [
    ("src_delay", set_all("src_delay", LONGEST), "does not fit NeuronAxon of a"),
    ("src_delay", set_all("src_delay", -1), "src_delay must be at least 0, got -1"),
    ("dst_delay", set_all("dst_delay", 99), "does not fit Proximal_max_delay = 10"),
    ("dst_delay", set_all("dst_delay", [0, -3]), "dst_delay must be at least 0, got -3"),
    ("float", lambda s: setattr(s, "src_delay", torch.ones(2)), "int64.*not float32"),
    ("shape", lambda s: setattr(s, "src_delay", torch.ones(3).long()), "must be one per neuron"),
    ("list", lambda s: setattr(s, "dst_delay", [1, 2]), "must be one per neuron"),
]


@pytest.mark.parametrize(("act", "words"), [case[1:] for case in WRONG], ids=range(len(WRONG)))
@pytest.mark.parametrize("inside", [False, True])
def test_delays_that_cannot_be_are_refused_alike(
    act: Callable[[Any], None], words: str, inside: bool
) -> None:
    told = []
    for engine in ENGINES:
        change = Change(20, act if inside else lambda synapses: None)
        network = net_of(engine, 3, sparse=False, change=change)
        network.simulate_iterations(10)
        if not inside:
            act(network.SynapseGroups[0])
        with pytest.raises(ConexError, match=words) as caught:
            network.simulate_iterations(60)
        told.append((network.iteration, str(caught.value)))

    assert told[0] == told[1]


def test_the_target_s_spikes_are_caught_after_their_changed_delay() -> None:
    rows = []
    for engine in ENGINES:
        network = Neocortex(seed=2, engine=engine)
        group = NeuronGroup(network, 2, [At(), NeuronAxon(max_delay=LONGEST)], "a")
        stack = [SynapseInit(), PreSpikeCatcher(), PostSpikeCatcher(), Recorder("post_spike")]
        synapses = SynapseGroup(network, group, group, "s,Proximal", stack)
        network.initialize()
        synapses.dst_delay[:] = torch.tensor([2, 5])
        network.simulate_iterations(70)
        rows.append(synapses["post_spike", 0].nonzero().tolist())

    assert rows[0] == rows[1] == [[SPIKE + 1, 0], [SPIKE + 4, 1]]


class Patter(Behavior):
    """Spike at random, but the same in each network."""

    priority = 340
    provides = ("own.spikes",)

    def initialize(self, owner: Any) -> None:
        owner.spikes = torch.zeros(owner.size, dtype=torch.bool)

    def forward(self, owner: Any) -> None:
        owner.spikes.copy_(patter(owner.iteration))


def patter(iteration: int) -> torch.Tensor:
    return torch.rand(4, generator=torch.Generator().manual_seed(iteration)) < 0.3


def caught_by(engine: str, delays: list[int]) -> Neocortex:
    network = Neocortex(seed=1, engine=engine)
    source = NeuronGroup(network, 4, [Patter(), NeuronAxon(max_delay=LONGEST)], "a")
    target = NeuronGroup(network, 4, [Patter(), NeuronAxon()], "b")
    stack = [SynapseInit(), DelayInitializer(delays=delays), PreSpikeCatcher()]
    SynapseGroup(network, source, target, "s,Proximal", [*stack, Recorder("pre_spike")])
    network.initialize(warnings=False)
    return network


DELAYS = st.one_of(
    st.integers(0, LONGEST - 1).map(lambda one: [one] * 4),
    st.lists(st.integers(0, LONGEST - 1), min_size=4, max_size=4),
)


@settings(max_examples=20, deadline=None)
@given(
    first=DELAYS,
    changes=st.dictionaries(st.integers(0, 49), DELAYS, max_size=5),
    saved=st.integers(1, 59),
    engine=st.sampled_from(ENGINES),
)
def test_every_spike_arrives_by_the_delay_of_when_it_was_sent(
    first: list[int], changes: dict[int, list[int]], saved: int, engine: str
) -> None:
    expected, delays = torch.zeros(60 + LONGEST + 1, 4, dtype=torch.bool), first
    for now in range(1, 61):
        delays = changes.get(now - 1, delays)
        for neuron in patter(now).nonzero().view(-1).tolist():
            expected[now + delays[neuron], neuron] = True

    network = caught_by(engine, first)
    for stop in sorted({*changes, saved, 60}):
        network.simulate_iterations(stop - network.iteration)
        if stop == saved:
            state = network.state()
            again = caught_by(engine, first)
            again.restore(state)
            caught = network.SynapseGroups[0]["pre_spike", 0]
            assert torch.equal(caught, expected[1 : saved + 1])
            network = again
        if stop in changes:
            network.SynapseGroups[0].src_delay[:] = torch.tensor(changes[stop])

    caught = network.SynapseGroups[0]["pre_spike", 0]
    assert torch.equal(caught, expected[saved + 1 : 61])
