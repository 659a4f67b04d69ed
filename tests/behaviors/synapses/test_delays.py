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


def pair(
    *behaviors: Behavior,
    axon: int | None = 1,
    dendrite: int | None = 1,
    tag: str = "Proximal",
    dt: float = 1.0,
) -> Any:
    network = Neocortex(dt=dt)
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

    with pytest.raises(StructureError, match=r"syn reach 3 steps, .* to 4\."):
        synapses.network.initialize()


@pytest.mark.parametrize("delays", [[-1, 0], [0, 1, 2]])
def test_impossible_delays_are_refused(delays: list[int]) -> None:
    with pytest.raises(ParameterError):
        pair(DelayInitializer(delays=delays), axon=None).network.initialize()


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


@pytest.mark.parametrize(
    ("dt", "delays", "steps"),
    [(1.0, [1.4, 1.5], [1, 2]), (0.1, [0.04, 0.05], [0, 1]), (0.1, [0.3, 1.15], [3, 12])],
)
def test_delays_in_ms_are_rounded_to_the_nearest_iteration(
    dt: float, delays: list[float], steps: list[int]
) -> None:
    synapses = pair(DelayInitializer(delays=delays, unit="ms"), axon=None, dt=dt)

    synapses.network.initialize()

    assert synapses.src_delay.tolist() == steps


def test_fractions_of_iterations_are_cut_off() -> None:
    synapses = pair(DelayInitializer(delays=[1.9, 0.2]), axon=2)

    synapses.network.initialize()

    assert synapses.src_delay.tolist() == [1, 0]


def test_scale_and_offset_are_in_the_unit_of_the_delays() -> None:
    delays = DelayInitializer(mode="ones", scale=2.0, offset=0.5, unit="ms")
    synapses = pair(delays, axon=None, dt=0.5)

    synapses.network.initialize()

    assert synapses.src_delay.tolist() == [5, 5]


@pytest.mark.parametrize("delays", [torch.tensor([0.0, 3.0]), [0, 3], (0.2, 3.9)])
def test_given_delays_may_be_a_tensor_or_a_list(delays: Any) -> None:
    synapses = pair(DelayInitializer(delays=delays), axon=None)

    synapses.network.initialize()

    assert synapses.src_delay.tolist() == [0, 3]


def test_delays_without_end_are_refused() -> None:
    synapses = pair(DelayInitializer(delays=1e12), axon=None)

    with pytest.raises(ParameterError, match="above 1,000,000 iterations"):
        synapses.network.initialize()


@pytest.mark.parametrize(("source", "destination"), [(0, 0), (3, 0), (0, 4), (2, 3)])
def test_empty_maxima_are_as_long_as_the_synapses_need(source: int, destination: int) -> None:
    delays = [
        DelayInitializer(delays=[0, source]),
        DelayInitializer(delays=[destination, 0], destination=True),
    ]
    synapses = pair(*delays, PostSpikeCatcher(), axon=None, dendrite=None)

    synapses.network.initialize()

    assert synapses.src.axon.depth == source + 1
    assert synapses.dst.axon.depth == destination + 1
    assert synapses.dst.proximal_input.depth == destination + 1


def test_an_axon_is_not_sized_for_those_who_do_not_look_back() -> None:
    delays = DelayInitializer(delays=4, destination=True)
    synapses = pair(delays, axon=None, dendrite=None)

    synapses.network.initialize()

    assert synapses.dst.axon.depth == 1


@pytest.mark.parametrize(("delay", "depth"), [(0, 2), (1, 2), (5, 6)])
def test_an_empty_apical_maximum_is_one_more_than_distal_or_longer(delay: int, depth: int) -> None:
    synapses = pair(DelayInitializer(delays=delay, destination=True), tag="Apical")

    synapses.network.initialize()

    assert synapses.dst.apical_input.depth == depth


def test_automatic_buffers_give_the_same_currents_as_long_ones() -> None:
    def currents(axon: int | None, dendrite: int | None) -> list[Any]:
        delays = [
            DelayInitializer(delays=[0.6, 1.7], unit="ms"),
            DelayInitializer(delays=[2, 1], destination=True),
        ]
        synapses = pair(*delays, axon=axon, dendrite=dendrite, dt=0.5)
        synapses.network.initialize()
        seen = []
        for _ in range(9):
            synapses.network.simulate_iteration()
            seen.append(synapses.dst.I.tolist())
        return seen

    assert currents(None, None) == currents(9, 9)
