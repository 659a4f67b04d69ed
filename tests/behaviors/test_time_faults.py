"""Faults of CoNeX in what depends on the duration of one iteration, and in its noise."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from fault_networks import Table, after, joined

from conex_core import (
    AELIF,
    LIF,
    ActivityBaseHomeostasis,
    Behavior,
    DelayInitializer,
    Dopamine,
    Fire,
    InherentNoise,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    Payoff,
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleRSTDP,
    VoltageBaseHomeostasis,
    WeightInitializer,
)
from conex_core.errors import ParameterError, StructureError

STEPS_OF_TIME = (1.0, 0.1)


def run(network: Neocortex, ms: float) -> None:
    """Initialize ``network`` and let so much time pass."""
    network.initialize()
    network.simulate_iterations(round(ms / network.dt))


def test_fault_16_dopamine_decays_by_time_not_by_iterations() -> None:
    """CoNeX ignored dt: after 10 ms 0.349 with dt 1, and 2.7e-5 with dt 0.1."""
    left = []
    for dt in STEPS_OF_TIME:
        dopamine = Dopamine(tau_dopamine=10.0, initial_dopamine_concentration=1.0)
        network = Neocortex(dt=dt, behavior=[Payoff(), dopamine])
        run(network, 10)
        left.append(float(network.dopamine_concentration))

    assert left[0] == pytest.approx(0.9**10)
    assert left[1] == pytest.approx(math.exp(-1), rel=0.01)


def test_fault_16_dopamine_has_a_default_that_runs() -> None:
    """CoNeX's default tau of 0 divided by zero in the first step."""
    run(Neocortex(behavior=[Payoff(), Dopamine()]), 2)

    with pytest.raises(ParameterError, match="Dopamine › tau_dopamine must be above 0 ms"):
        Dopamine(tau_dopamine=0.0)


def test_fault_16_a_payoff_tensor_is_not_changed() -> None:
    """CoNeX kept the payoff's tensor as dopamine and added to it: 1 became 6.86."""

    class Given(Payoff):
        """Give the payoff as a tensor."""

        def initialize(self, owner: Any) -> None:
            super().initialize(owner)
            owner.payoff = torch.tensor(1.0)

    network = Neocortex(behavior=[Given(), Dopamine(tau_dopamine=10.0)])
    run(network, 10)

    assert float(network.payoff) == 1.0
    assert float(network.dopamine_concentration) > 1.0


def test_fault_16_a_missing_payoff_is_named() -> None:
    """CoNeX failed with a bare AttributeError of the network."""
    with pytest.raises(StructureError, match=r"Dopamine .* needs .*'payoff'.* Add Payoff"):
        Neocortex(behavior=[Dopamine()]).initialize()


def test_fault_16_missing_dopamine_is_named() -> None:
    """CoNeX failed with a bare AttributeError of the network."""
    events = [PreSpikeCatcher(), PostSpikeCatcher(), PreTrace(), PostTrace()]

    with pytest.raises(StructureError, match=r"'dopamine_concentration'.*Dopamine"):
        joined(WeightInitializer(mode="rand"), *events, SimpleRSTDP())


def test_fault_17_an_input_current_decays_by_time() -> None:
    """CoNeX's I_tau counted iterations."""
    left = []
    for dt in STEPS_OF_TIME:
        network = Neocortex(dt=dt)
        stack = [SimpleDendriteStructure(), SimpleDendriteComputation(I_tau=10.0), LIF(), Fire()]
        group = NeuronGroup(network, 1, stack)
        network.initialize()
        group.I.fill_(1.0)
        network.simulate_iterations(round(10 / dt))
        left.append(float(group.I))

    assert left == pytest.approx([0.9**10, 0.99**100], rel=1e-4)


def test_fault_17_an_eligibility_decays_by_time() -> None:
    """CoNeX's tau_c counted iterations."""
    left = []
    for dt in STEPS_OF_TIME:
        network = Neocortex(dt=dt, behavior=[Payoff(), Dopamine()])
        events = [PreSpikeCatcher(), PostSpikeCatcher(), PreTrace(), PostTrace()]
        rule = SimpleRSTDP(tau_c=10.0, init_c_mode=1.0)
        synapses = joined(WeightInitializer(mode="ones"), *events, rule, network=network)
        left.append(float(after(round(10 / dt), synapses).c[0, 0]))

    assert left == pytest.approx([0.9**10, 0.99**100], rel=1e-4)


def test_fault_17_reward_changes_weights_by_time() -> None:
    """CoNeX applied eligibility times dopamine once per iteration, however short."""
    gained = []
    for dt in STEPS_OF_TIME:
        dopamine = Dopamine(tau_dopamine=1e9, initial_dopamine_concentration=1.0)
        network = Neocortex(dt=dt, behavior=[Payoff(), dopamine])
        events = [PreSpikeCatcher(), PostSpikeCatcher(), PreTrace(), PostTrace()]
        rule = SimpleRSTDP(tau_c=1e9, init_c_mode=0.01)
        synapses = joined(WeightInitializer(mode="zeros"), *events, rule, network=network)
        gained.append(float(after(round(10 / dt), synapses).weights[0, 0]))

    assert gained == pytest.approx([0.1, 0.1], rel=1e-3)


def test_fault_17_exhaustion_builds_up_by_time() -> None:
    """CoNeX's homeostasis of the voltage acted once per iteration, however short."""
    built_up = []
    for dt in STEPS_OF_TIME:
        network = Neocortex(dt=dt)
        homeostasis = VoltageBaseHomeostasis(target_voltage=-65.0, eta_ip=1e-4)
        stack = [LIF(init_v=-64.0, v_rest=-64.0), homeostasis, Fire()]
        group = NeuronGroup(network, 1, stack)
        run(network, 5)
        built_up.append(float(group.exhaustion))

    assert built_up[0] == pytest.approx(built_up[1], rel=0.05)


def test_fault_17_a_window_of_activity_is_a_time() -> None:
    """CoNeX counted the window of homeostasis in iterations."""
    moved = []
    for dt in STEPS_OF_TIME:
        network = Neocortex(dt=dt)
        homeostasis = ActivityBaseHomeostasis(activity_rate=2, window_size=10)
        group = NeuronGroup(network, 1, [LIF(), Fire(), homeostasis])
        run(network, 20)
        moved.append(float(group.threshold))

    assert moved[0] < -50
    assert moved[0] == pytest.approx(moved[1], abs=0.1)


def test_fault_17_noise_spreads_with_the_root_of_time() -> None:
    """CoNeX added noise of one size per iteration, so that a finer dt meant far more of it."""
    spread = []
    for dt in STEPS_OF_TIME:
        network = Neocortex(dt=dt, seed=1)
        neuron = LIF(tau=1e9, v_rest=0.0, threshold=1e9)
        group = NeuronGroup(network, 4000, [neuron, InherentNoise(mode="normal(0, 1)"), Fire()])
        run(network, 10)
        spread.append(float(group.v.std()))

    assert spread == pytest.approx([math.sqrt(10)] * 2, rel=0.05)


def test_fault_17_delays_can_be_given_in_ms() -> None:
    """CoNeX counted delays in iterations only, so that they shrank with dt."""
    for dt, iterations in ((1.0, 2), (0.5, 4)):
        delays = DelayInitializer(delays=2.0, unit="ms")
        network = Neocortex(dt=dt)
        ends = [NeuronGroup(network, 2, [Table([0, 0]), NeuronAxon(max_delay=9)], "src")] * 2
        synapses = connected(network, ends, [delays])

        assert synapses.src_delay.tolist() == [iterations, iterations]


def connected(network: Neocortex, ends: list[Any], stack: list[Behavior]) -> Any:
    from conex_core import SynapseGroup, SynapseInit

    synapses = SynapseGroup(network, *ends, "syn,Proximal", [SynapseInit(), *stack])
    network.initialize()
    return synapses


@pytest.mark.parametrize("dt", STEPS_OF_TIME)
def test_fault_17_a_spike_adds_all_of_beta(dt: float) -> None:
    """CoNeX added beta times dt per spike: 5.0 with dt 1, and 0.5 with dt 0.1."""
    network = Neocortex(dt=dt)
    neuron = AELIF(init_v=0.0, alpha=0.0, beta=5.0)
    group = NeuronGroup(network, 1, [neuron, Fire()])
    network.initialize()

    network.simulate_iteration()

    assert float(group.omega) == pytest.approx(5.0)


def test_fault_18_the_mean_of_the_default_noise_is_documented() -> None:
    """CoNeX's default noise lifts every potential by 0.5 per step and says so nowhere."""
    network = Neocortex(seed=1)
    group = NeuronGroup(network, 4000, [LIF(tau=1e9), InherentNoise(), Fire()])
    run(network, 1)

    assert float(group.v.mean()) == pytest.approx(-64.5, abs=0.05)
    assert "mean of 0.5" in str(InherentNoise.__doc__)


@pytest.mark.parametrize("noise", ["normal(0, 1)", "uniform(-1, 1)"])
def test_fault_18_there_is_noise_without_a_mean(noise: str) -> None:
    """CoNeX knew no noise with a mean of zero but through an offset."""
    network = Neocortex(seed=1)
    group = NeuronGroup(network, 4000, [LIF(tau=1e9), InherentNoise(mode=noise), Fire()])
    run(network, 1)

    assert float(group.v.mean()) == pytest.approx(-65.0, abs=0.05)
