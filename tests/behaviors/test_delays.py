"""A spike arrives after source delay + 1 + destination delay, and never otherwise."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from conex_core import (
    Behavior,
    DelayInitializer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PostSpikeCatcher,
    PreSpikeCatcher,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
)
from conex_core.behaviors.buffers import Arrivals, History
from conex_core.errors import ParameterError, StructureError


class SpikeOnce(Behavior):
    """Let every neuron spike in iteration 1."""

    priority = 340
    provides = ("own.spikes",)

    def initialize(self, owner: Any) -> None:
        owner.spikes = torch.zeros(owner.size, dtype=torch.bool)

    def forward(self, owner: Any) -> None:
        owner.spikes.fill_(owner.iteration == 1)


def pair(*behaviors: Behavior, axon: int = 1, dendrite: int = 1, tag: str = "Proximal") -> Any:
    network = Neocortex()
    source = NeuronGroup(network, 2, [SpikeOnce(), NeuronAxon(max_delay=axon)], "src")
    stack = [SimpleDendriteStructure(Proximal_max_delay=dendrite), SimpleDendriteComputation()]
    target = NeuronGroup(network, 2, [*stack, SpikeOnce(), NeuronAxon(max_delay=axon)], "dst")
    own = [SynapseInit(), WeightInitializer(mode="ones"), SimpleDendriticInput()]
    return SynapseGroup(
        network, source, target, f"syn,{tag}", [*own, PreSpikeCatcher(), *behaviors]
    )


@pytest.mark.parametrize(("source", "destination"), [(0, 0), (2, 0), (0, 2), (1, 2)])
def test_current_arrives_when_it_should(source: int, destination: int) -> None:
    delays = [
        DelayInitializer(delays=source),
        DelayInitializer(delays=destination, destination=True),
    ]
    synapses = pair(*delays, axon=3, dendrite=3)
    synapses.network.initialize()
    seen = []

    for _ in range(8):
        synapses.network.simulate_iteration()
        seen.append(synapses.dst.I.tolist())

    arrival = 1 + source + 1 + destination
    expected = [[2.0, 2.0] if t == arrival else [0.0, 0.0] for t in range(1, 9)]
    assert seen == expected


def test_each_neuron_has_its_own_delay() -> None:
    synapses = pair(DelayInitializer(delays=[0, 2]), axon=3)
    synapses.network.initialize()
    seen = []

    for _ in range(4):
        synapses.network.simulate_iteration()
        seen.append(synapses.pre_spike.tolist())

    assert seen == [[True, False], [False, False], [False, True], [False, False]]


def test_post_spikes_wait_for_the_dendrite() -> None:
    delay = DelayInitializer(delays=1, destination=True)
    synapses = pair(delay, PostSpikeCatcher(), axon=2, dendrite=2)
    synapses.network.initialize()

    synapses.network.simulate_iterations(2)

    assert synapses.post_spike.tolist() == [True, True]


@pytest.mark.parametrize("destination", [False, True])
def test_a_delay_too_long_names_the_buffer_and_the_mend(destination: bool) -> None:
    synapses = pair(DelayInitializer(delays=3, destination=destination))

    with pytest.raises(StructureError, match=r"syn: a delay of 3 .* to 4 or more"):
        synapses.network.initialize()


@pytest.mark.parametrize("delays", [[-1, 0], [0, 1, 2]])
def test_impossible_delays_are_refused(delays: list[int]) -> None:
    with pytest.raises(ParameterError):
        pair(DelayInitializer(delays=delays)).network.initialize()


def test_delays_need_values() -> None:
    with pytest.raises(ParameterError, match="delays or mode must be given"):
        DelayInitializer()


def test_a_compartment_of_depth_zero_is_left_out() -> None:
    synapses = pair(dendrite=0)
    synapses.network.initialize()

    synapses.network.simulate_iterations(3)

    assert synapses.dst.I.tolist() == [0.0, 0.0]


def test_a_synapse_group_may_be_called_like_a_compartment() -> None:
    synapses = pair(tag="Apical,Proximal")
    synapses.network.initialize()

    synapses.network.simulate_iterations(2)

    assert synapses.dst.I_proximal.tolist() == [2.0, 2.0]
    assert synapses.dst.I_apical.tolist() == [0.0, 0.0]


def test_history_gives_each_column_its_own_past() -> None:
    history = History(3, 2, torch.float32, "cpu")
    for value in (1.0, 2.0, 3.0):
        history.push(torch.tensor([value, 10 * value]))

    assert history.ordered().tolist() == [[3, 30], [2, 20], [1, 10]]
    assert history.at(torch.tensor([0, 2])).tolist() == [3, 10]
    assert history[1].tolist() == [2, 20]


def test_arrivals_come_due_in_order() -> None:
    arrivals = Arrivals(3, 2, torch.float32, "cpu")
    arrivals.add(torch.tensor([1.0, 2.0]), torch.tensor([2, 0]))
    arrivals.add(torch.tensor([5.0, 5.0]), 1)

    seen = []
    for _ in range(4):
        seen.append(arrivals[0].tolist())
        arrivals.advance()

    assert seen == [[0, 2], [5, 5], [1, 0], [0, 0]]
