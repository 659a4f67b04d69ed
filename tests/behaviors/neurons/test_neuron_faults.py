"""Faults of CoNeX in neurons, their dendrites and what they need, and what replaces them."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from fault_networks import Table

from conex_core import (
    KWTA,
    LIF,
    ActivityBaseHomeostasis,
    Behavior,
    Conv2dDendriticInput,
    Fire,
    InherentNoise,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PreSpikeCatcher,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SynapseGroup,
    SynapseInit,
    VoltageBaseHomeostasis,
    WeightInitializer,
)
from conex_core.errors import ParameterError, StructureError

DENDRITE = (SimpleDendriteStructure, SimpleDendriteComputation)


def started(*stack: Behavior, size: Any = 3) -> Any:
    """Return an initialized group with these behaviors."""
    network = Neocortex(seed=1)
    group = NeuronGroup(network, size, list(stack), "exc")
    network.initialize()
    return group


def wired(
    tag: str, target: list[Behavior], *, source: str = "src", polarity: str | None = None
) -> Any:
    """Return a target group that a synapse tagged ``tag`` drives with two spiking sources."""
    network = Neocortex(seed=1)
    driving = [Table([1, 1]), NeuronAxon()]
    first = NeuronGroup(network, 2, driving, source, polarity=polarity)
    second = NeuronGroup(network, 2, target, "dst")
    stack = [
        SynapseInit(),
        WeightInitializer(mode="ones"),
        PreSpikeCatcher(),
        SimpleDendriticInput(),
    ]
    SynapseGroup(network, first, second, tag, stack)
    return second


def warnings_of(network: Neocortex) -> str:
    return "\n".join(item.message for item in network.check() if item.severity == "warning")


def test_fault_19_neurons_start_at_rest() -> None:
    """CoNeX started at v = 0, so that every neuron spiked in the first iteration."""
    group = started(LIF(), Fire())

    group.network.simulate_iteration()

    assert group.v.tolist() == [-65.0] * 3
    assert not bool(group.spikes.any())


def test_fault_20_dynamics_without_fire_are_reported() -> None:
    """CoNeX's spikes stayed what they were at the start: all neurons, for ever."""
    group = started(LIF())

    group.network.simulate_iterations(3)

    assert not bool(group.spikes.any())
    assert "Fire" in warnings_of(group.network)


@pytest.mark.parametrize("name", ["R", "threshold", "tau", "v_reset", "v_rest"])
def test_fault_21_a_missing_value_is_named(name: str) -> None:
    """CoNeX printed a warning for None and failed later with a TypeError."""
    with pytest.raises(ParameterError, match=f"LIF › {name} needs a value"):
        LIF(**{name: None})


@pytest.mark.parametrize("name", ["R", "threshold", "tau", "v_reset", "v_rest", "init_v"])
def test_fault_21_every_value_may_be_one_per_neuron(name: str) -> None:
    """CoNeX failed on a reset potential per neuron, and kept a scalar init_v a float."""
    values = torch.tensor([1.0, 2.0, 3.0])

    group = started(LIF(**{name: values}), Fire())
    group.network.simulate_iterations(2)

    assert getattr(group, name.removeprefix("init_")).shape == (3,)
    assert started(LIF(init_v=-60.0), Fire()).v.tolist() == [-60.0] * 3


@pytest.mark.parametrize(
    ("stack", "told"),
    [
        ([SimpleDendriteComputation(), LIF(), Fire()], r"exc.*I_proximal.*SimpleDendriteStructure"),
        ([Fire()], r"exc.*spiking_neuron.*LIF"),
        ([NeuronAxon()], r"exc.*spikes"),
        ([InherentNoise()], r"exc.*'v'.*LIF"),
    ],
    ids=["dendrite", "dynamics", "spikes", "potential"],
)
def test_fault_22_what_a_group_misses_is_named_before_the_run(
    stack: list[Behavior], told: str
) -> None:
    """CoNeX failed in a step with an AttributeError that named neither object nor behavior."""
    with pytest.raises(StructureError, match=told):
        started(*stack)


@pytest.mark.parametrize(
    ("stack", "told"),
    [
        ([PreSpikeCatcher()], r"syn.*src_delay.*SynapseInit"),
        ([SynapseInit(), WeightInitializer(mode="rand"), SimpleDendriticInput()], "pre_spike"),
        ([SynapseInit(), PreSpikeCatcher(), SimpleDendriticInput()], r"syn.*weights"),
        (
            [
                SynapseInit(),
                WeightInitializer(mode="rand"),
                PreSpikeCatcher(),
                Conv2dDendriticInput(),
            ],
            r"syn.*(depth|size)",
        ),
    ],
    ids=["delays", "catcher", "weights", "grid"],
)
def test_fault_22_what_a_synapse_misses_is_named_before_the_run(
    stack: list[Behavior], told: str
) -> None:
    """CoNeX failed in a step with an AttributeError that named neither object nor behavior."""
    network = Neocortex()
    ends = [NeuronGroup(network, 2, [Table([0, 0]), NeuronAxon()], name) for name in ("a", "b")]
    SynapseGroup(network, *ends, "syn,Proximal", stack)

    with pytest.raises(StructureError, match=told):
        network.initialize()


def test_fault_22_a_missing_axon_is_named_before_the_run() -> None:
    """CoNeX failed with "no attribute 'axon'" in the first step."""
    network = Neocortex()
    ends = [NeuronGroup(network, 2, [Table([0, 0])], name) for name in ("a", "b")]
    SynapseGroup(network, *ends, "syn,Proximal", [SynapseInit(), PreSpikeCatcher()])

    with pytest.raises(StructureError, match=r"axon.*NeuronAxon"):
        network.initialize()


def test_fault_22_a_group_without_a_dendrite_has_no_input() -> None:
    """CoNeX's LIF failed with "no attribute 'I'" where no dendrite was."""
    group = started(LIF(), Fire())

    group.network.simulate_iterations(2)

    assert group.I.tolist() == [0.0] * 3


def test_fault_22_running_before_initialize_is_refused() -> None:
    """CoNeX failed with an AttributeError of whichever behavior came first."""
    with pytest.raises(StructureError, match="call initialize"):
        Neocortex().simulate_iteration()


def test_fault_22_a_network_has_a_time_step_without_being_told() -> None:
    """CoNeX's dynamics failed with "no attribute 'dt'" without TimeResolution."""
    assert Neocortex().dt == 1.0


def test_fault_23_the_winner_is_furthest_above_its_own_threshold() -> None:
    """CoNeX ranked raw potentials: a neuron below its threshold won, and nobody spiked."""
    start = {"init_v": [5.0, 3.0, 2.0], "v_rest": [5.0, 3.0, 2.0], "v_reset": 0.0}
    group = started(LIF(threshold=[10.0, 1.0, 1.0], **start), KWTA(k=1), Fire())

    group.network.simulate_iteration()

    assert group.spikes.tolist() == [False, True, False]


def test_fault_24_homeostasis_takes_any_threshold() -> None:
    """CoNeX failed on a threshold of one element."""
    stack = [Fire(), ActivityBaseHomeostasis(activity_rate=1, window_size=2)]

    for threshold in (-50.0, torch.tensor([-50.0]), torch.full((3,), -50.0)):
        group = started(LIF(threshold=threshold), *stack)
        group.network.simulate_iterations(2)
        assert bool((group.threshold < -50).all())


def test_fault_24_a_rate_that_fills_the_window_is_refused() -> None:
    """CoNeX divided by zero when activity_rate was window_size."""
    with pytest.raises(ParameterError, match="activity_rate must be below window_size"):
        ActivityBaseHomeostasis(activity_rate=5, window_size=5)


def test_fault_24_a_voltage_without_a_target_is_refused() -> None:
    """CoNeX failed with a TypeError of None."""
    with pytest.raises(ParameterError, match="target_voltage or both max_ta and min_ta"):
        VoltageBaseHomeostasis()


def test_fault_24_that_exhaustion_does_not_decay_is_documented() -> None:
    """CoNeX's exhaustion stays when the potential is back in its range, and says so nowhere."""
    stack = [LIF(tau=1e9, init_v=-55.0), VoltageBaseHomeostasis(max_ta=-60.0, min_ta=-1e6), Fire()]
    group = started(*stack)
    group.network.simulate_iterations(2)
    group.v.fill_(-65.0)
    before = group.exhaustion.clone()

    group.network.simulate_iterations(2)

    assert bool((before > 0).all())
    assert torch.equal(group.exhaustion, before)
    assert "does not decay" in str(VoltageBaseHomeostasis.__doc__)


@pytest.mark.parametrize("name", ["Proximal", "Distal", "Apical"])
def test_fault_25_a_compartment_can_be_left_out(name: str) -> None:
    """CoNeX promised that a maximum of 0 drops a compartment, and failed."""
    structure = SimpleDendriteStructure(**{f"{name}_max_delay": 0})
    computation = SimpleDendriteComputation(apical_provocativeness=0.5, distal_provocativeness=0.5)
    group = started(structure, computation, LIF(), Fire())

    group.network.simulate_iterations(3)

    assert group.I.tolist() == [0.0] * 3


def test_fault_26_distal_input_without_effect_is_reported() -> None:
    """CoNeX dropped distal and apical input silently with the defaults."""
    group = wired("syn,Distal", [*(cls() for cls in DENDRITE), LIF(), Fire()])

    told = warnings_of(group.network)

    assert "Distal input has no effect on dst while distal_provocativeness is empty" in told


@pytest.mark.parametrize("tag", ["syn,proximal", "syn"])
def test_fault_27_a_synapse_that_reaches_no_compartment_is_reported(tag: str) -> None:
    """CoNeX computed its current, and the neuron never received it, without a word."""
    group = wired(tag, [*(cls() for cls in DENDRITE), LIF(), Fire()])

    told = "\n".join(item.message for item in group.network.check())

    assert "syn" in told
    assert "Proximal" in told


@pytest.mark.parametrize("name", ["pop_inh", "INH"])
def test_fault_27_a_group_that_only_looks_inhibitory_is_reported(name: str) -> None:
    """CoNeX took anything but the exact tags inh and GABA for excitatory, without a word."""
    group = wired("syn,Proximal", [*(cls() for cls in DENDRITE), LIF(), Fire()], source=name)

    assert name in warnings_of(group.network)


def test_fault_27_a_sign_on_the_synapse_is_reported() -> None:
    """CoNeX's own example tagged the synapse "inh", which did nothing."""
    group = wired("syn,inh,Proximal", [*(cls() for cls in DENDRITE), LIF(), Fire()])

    assert "inh" in warnings_of(group.network)


@pytest.mark.parametrize(
    ("source", "polarity"),
    [("src,inh", None), ("src,GABA", None), ("src", "inhibitory")],
)
def test_fault_27_inhibition_can_be_said_plainly(source: str, polarity: str | None) -> None:
    """CoNeX knew inhibition by a tag alone."""
    stack = [*(cls() for cls in DENDRITE), LIF(), Fire()]
    group = wired("syn,Proximal", stack, source=source, polarity=polarity)
    group.network.initialize()

    group.network.simulate_iterations(2)

    assert group.I.tolist() == [-2.0, -2.0]
