"""Faults of CoNeX in weights and learning rules, each with the behaviour that replaces it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from fault_networks import Reward, after, joined

from conex_core import (
    LIF,
    ActivityBaseHomeostasis,
    AveragePool2D,
    Behavior,
    CurrentNormalization,
    Fire,
    Local2dDendriticInput,
    Local2dRSTDP,
    Local2dSTDP,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    One2OneDendriticInput,
    One2OneSTDP,
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
    Recorder,
    SimpleDendriticInput,
    SimpleiSTDP,
    SimpleSTDP,
    SparseSTDP,
    SynapseGroup,
    WeightClip,
    WeightInitializer,
    WeightNormalization,
)
from conex_core.errors import NetworkError, ParameterError, StructureError

ALWAYS = [[1, 1]]
NEVER = [[0, 0]]
EDGES = [[0, 1.0, 0], [2, 0, 3]]


def plastic(rule: Behavior, weights: Any) -> list[Behavior]:
    """Return a stack with everything that ``rule`` needs."""
    events = [PreSpikeCatcher(), PostSpikeCatcher(), PreTrace(), PostTrace()]
    return [WeightInitializer(weights=weights), *events, rule]


@pytest.mark.parametrize("rule", [Local2dSTDP, Local2dRSTDP])
@pytest.mark.parametrize("side", [2, 3])
def test_fault_01_local_rules_read_the_target_spikes(rule: type[Behavior], side: int) -> None:
    """CoNeX read source spikes for target spikes: growth without them, or an error of sizes."""
    sizes = ((1, side, side), (1, 2, 2))
    stack = [Local2dDendriticInput(), *plastic(rule(a_plus=0.1, a_minus=0.0), 0.5)]
    network = Neocortex(seed=1, behavior=[Reward()])
    every = [[1] * side * side]

    silent = after(3, joined(*stack, source=every, sizes=sizes, network=network))

    assert bool((silent.weights == 0.5).all())
    network = Neocortex(seed=1, behavior=[Reward()])
    spiking = joined(*stack, source=every, target=[[1] * 4], sizes=sizes, network=network)
    assert bool((after(3, spiking).weights > 0.5).all())


@pytest.mark.parametrize("bound", ["hard_bound", "soft_bound"])
def test_fault_02_a_weight_at_its_limit_can_leave_it(bound: str) -> None:
    """CoNeX's two-sided bounds froze weights at exactly w_min or w_max for ever."""
    limits = {"positive_bound": bound, "negative_bound": bound}
    growing = SimpleSTDP(a_plus=0.1, a_minus=0.0, **limits)
    shrinking = SimpleSTDP(a_plus=0.0, a_minus=0.1, **limits)

    grown = after(2, joined(*plastic(growing, 0.0), source=ALWAYS, target=ALWAYS))
    shrunk = after(2, joined(*plastic(shrinking, 1.0), source=ALWAYS, target=ALWAYS))

    assert bool((grown.weights > 0).all())
    assert bool((shrunk.weights < 1).all())


def test_fault_03_a_rule_can_keep_its_weights_within_the_limits() -> None:
    """CoNeX's hard bound overshot w_max by one step, and nothing but WeightClip could stop it."""
    rule = SimpleSTDP(a_plus=0.3, a_minus=0.0, positive_bound="hard_bound", clip=True)

    synapses = after(5, joined(*plastic(rule, 0.95), source=ALWAYS, target=ALWAYS))

    assert bool((synapses.weights == 1).all())


def test_fault_04_given_tensors_stay_the_users() -> None:
    """CoNeX used given weights in place, so that learning changed the user's tensor."""
    given = torch.full((2, 2), 0.5)
    synapses = joined(*plastic(SimpleSTDP(), given), source=ALWAYS, target=ALWAYS)

    after(3, synapses)

    assert bool((given == 0.5).all())
    assert not bool((synapses.weights == 0.5).any())


def test_fault_04_groups_do_not_share_a_given_start_or_threshold() -> None:
    """CoNeX let two groups share init_v, and homeostasis of one move the other's threshold."""
    start, threshold = torch.full((2,), -60.0), torch.full((2,), -50.0)
    network = Neocortex()
    neuron = {"init_v": start, "threshold": threshold}
    homeostasis = ActivityBaseHomeostasis(activity_rate=1, window_size=2)
    moved = NeuronGroup(network, 2, [LIF(**neuron), Fire(), homeostasis], "moved")
    still = NeuronGroup(network, 2, [LIF(**neuron, v_rest=-80.0), Fire()], "still")
    network.initialize()

    network.simulate_iterations(4)

    assert not torch.equal(moved.v, still.v)
    assert not bool((moved.threshold == -50).any())
    assert bool((still.threshold == -50).all())
    assert start.tolist() == [-60.0, -60.0]
    assert threshold.tolist() == [-50.0, -50.0]


def test_fault_04_a_second_initialize_starts_from_the_given_values() -> None:
    """CoNeX started again from the tensor that the first run had changed."""
    synapses = joined(*plastic(SimpleSTDP(), torch.full((2, 2), 0.5)), source=ALWAYS, target=ALWAYS)
    after(3, synapses)

    synapses.network.initialize()

    assert bool((synapses.weights == 0.5).all())


@pytest.mark.parametrize("name", ["scale", "offset", "function"])
def test_fault_05_given_weights_with_a_transformation_are_refused(name: str) -> None:
    """CoNeX ignored scale, offset and function without a word when weights were given."""
    values = {"scale": 2.0, "offset": 1.0, "function": torch.sqrt}

    with pytest.raises(ParameterError, match=f"weights cannot be combined with {name}"):
        WeightInitializer(weights=torch.ones(2, 2), **{name: values[name]})


def test_fault_06_sparse_weights_for_a_dense_input_are_explained() -> None:
    """CoNeX failed with "Sparse CSC tensors do not have strides" in the first step."""
    stack = [WeightInitializer(mode="rand", density=0.5), SimpleDendriticInput(), PreSpikeCatcher()]

    with pytest.raises(StructureError, match=r"syn.*SparseDendriticInput"):
        joined(*stack)


@pytest.mark.parametrize("seed", [None, 3])
def test_fault_07_one_seed_reproduces_a_sparse_topology(seed: int | None) -> None:
    """CoNeX drew the topology from Python's random, which torch.manual_seed does not reach."""
    found = []
    for _ in range(2):
        torch.manual_seed(5)
        weights = WeightInitializer(mode="rand", density=0.3)
        synapses = joined(weights, sizes=(20, 20), network=Neocortex(seed=seed))
        found.append(synapses.weights.to_dense())

    assert torch.equal(*found)


def test_fault_08_absent_connections_stay_absent_with_an_offset() -> None:
    """CoNeX added the offset to the masked zeros as well, so that nothing was absent."""
    weights = WeightInitializer(mode="zeros", offset=0.5, density=0.5, true_sparsity=False)

    found = joined(weights, sizes=(20, 20)).weights

    assert set(found.unique().tolist()) == {0.0, 0.5}


def sparse_weights() -> torch.Tensor:
    return torch.tensor(EDGES).to_sparse()


def test_fault_09_given_sparse_weights_can_learn() -> None:
    """CoNeX gave sparse weights of the user no src_idx, which SparseSTDP then missed."""
    stack = plastic(SparseSTDP(a_plus=0.1, a_minus=0.0), sparse_weights())

    synapses = after(2, joined(*stack, source=[[1, 1]], target=[[1, 1, 1]], sizes=(2, 3)))

    assert synapses.src_idx.tolist() == [0, 1, 1]
    assert synapses.dst_idx.tolist() == [1, 0, 2]
    assert bool((synapses.weights.values() > torch.tensor([1.0, 2.0, 3.0])).all())


def test_fault_09_sparse_weights_are_normalized() -> None:
    """CoNeX's WeightNormalization could not sum sparse weights: RuntimeError."""
    stack = [WeightInitializer(weights=sparse_weights()), WeightNormalization(norm=4.0)]

    synapses = after(1, joined(*stack, sizes=(2, 3)))

    assert synapses.weights.values().tolist() == [4.0, 4.0, 4.0]


def test_fault_09_sparse_weights_are_clipped() -> None:
    """CoNeX's WeightClip did not know the layout: RuntimeError."""
    stack = [WeightInitializer(weights=sparse_weights()), WeightClip(w_max=2.5)]

    synapses = after(1, joined(*stack, sizes=(2, 3)))

    assert synapses.weights.values().tolist() == [1.0, 2.0, 2.5]


def test_fault_09_sparse_weights_are_recorded() -> None:
    """CoNeX's Recorder failed on sparse weights: RuntimeError."""
    recorder = Recorder(["weights"])

    synapses = after(2, joined(WeightInitializer(weights=sparse_weights()), recorder, sizes=(2, 3)))

    assert torch.as_tensor(synapses["weights", 0]).shape[0] == 2


def test_fault_10_one_to_one_weights_are_normalized_per_target() -> None:
    """CoNeX summed one-to-one weights over all targets: [1, 2, 3, 4] became [.1, .2, .3, .4]."""
    stack = [WeightInitializer(weights=[1.0, 2.0, 3.0, 4.0]), WeightNormalization(norm=1.0)]

    synapses = after(1, joined(*stack, sizes=(4, 4)))

    assert synapses.weights.tolist() == [1.0, 1.0, 1.0, 1.0]


def test_fault_10_one_to_one_currents_are_normalized_per_target() -> None:
    """CoNeX scaled one-to-one currents by the sum of all weights."""
    stack = [WeightInitializer(weights=[1.0, 4.0]), One2OneDendriticInput(), PreSpikeCatcher()]

    synapses = after(2, joined(*stack, CurrentNormalization(norm=2.0), source=ALWAYS))

    assert synapses.I.tolist() == [2.0, 2.0]


def test_fault_10_normalization_keeps_signs() -> None:
    """CoNeX divided by a negative sum, which turned [1, -3] into [-0.5, 1.5]."""
    stack = [WeightInitializer(weights=[[1.0], [-3.0]]), WeightNormalization(norm=1.0)]

    synapses = after(1, joined(*stack, sizes=(2, 1)))

    assert synapses.weights.view(-1).tolist() == [0.25, -0.75]


def test_fault_10_a_current_without_weights_cannot_be_normalized() -> None:
    """CoNeX failed with a bare AttributeError where AveragePool2D has no weights."""
    stack = [AveragePool2D(), PreSpikeCatcher(), CurrentNormalization()]

    with pytest.raises(StructureError, match=r"CurrentNormalization.*weights"):
        joined(*stack, sizes=((1, 2, 2), (1, 1, 1)))


def test_fault_11_weights_are_clipped_to_any_interval_in_place() -> None:
    """CoNeX refused a negative w_min with a bare AssertionError and made a new tensor per step."""
    stack = [WeightInitializer(weights=[[-3.0, 0.0], [0.5, 3.0]]), WeightClip(w_min=-1, w_max=1)]
    synapses = joined(*stack)
    weights = synapses.weights

    after(1, synapses)

    assert synapses.weights is weights
    assert weights.tolist() == [[-1.0, 0.0], [0.5, 1.0]]
    with pytest.raises(ParameterError, match="WeightClip › w_max must be above w_min"):
        WeightClip(w_min=1.0, w_max=-1.0)


@pytest.mark.parametrize(
    "stack",
    [
        [One2OneDendriticInput(), PreSpikeCatcher()],
        [One2OneSTDP(), PreSpikeCatcher(), PostSpikeCatcher(), PreTrace(), PostTrace()],
    ],
    ids=["input", "learning"],
)
def test_fault_12_one_to_one_weights_get_their_shape(stack: list[Behavior]) -> None:
    """CoNeX made (N, N) weights by default and failed with "Index tensor must have ..."."""
    synapses = after(2, joined(WeightInitializer(mode="rand"), *stack, sizes=(3, 3)))

    assert tuple(synapses.weights.shape) == (3,)


def test_fault_13_weights_need_a_mode_or_values() -> None:
    """CoNeX kept weights None, and the first reader said "'NoneType' is not subscriptable"."""
    with pytest.raises(ParameterError, match="weights or mode must be given"):
        WeightInitializer()


def test_fault_14_the_other_order_of_weights_is_refused_at_once() -> None:
    """CoNeX took synapse_mode DxS, then failed in some rules and was silently wrong in others."""
    network = Neocortex(synapse_mode="DxS")
    group = NeuronGroup(network, 3, [LIF(), Fire(), NeuronAxon()])
    SynapseGroup(network, group, group, tag="all", behavior=[WeightInitializer(mode="rand")])

    with pytest.raises(NetworkError, match=r"WeightInitializer on all takes .*synapse_mode='SxD'"):
        network.initialize()


def test_fault_15_an_inhibitory_rule_without_an_aim_is_refused() -> None:
    """CoNeX failed with a TypeError of None when neither rho nor alpha was given."""
    with pytest.raises(ParameterError, match="rho or alpha must be given"):
        SimpleiSTDP(rho=None)


def test_fault_15_an_inhibitory_rule_names_the_traces_it_misses() -> None:
    """CoNeX failed with an IndexError when the synapse had no traces."""
    stack = [WeightInitializer(mode="rand"), PreSpikeCatcher(), PostSpikeCatcher(), SimpleiSTDP()]

    with pytest.raises(StructureError, match=r"SimpleiSTDP.*PreTrace"):
        joined(*stack)


def test_fault_15_traces_of_two_speeds_are_explained() -> None:
    """CoNeX failed with a bare AssertionError when the traces had different time constants."""
    events = [PreSpikeCatcher(), PostSpikeCatcher(), PreTrace(tau_s=10), PostTrace(tau_s=20)]

    with pytest.raises(StructureError, match="give PreTrace and PostTrace the same tau_s"):
        joined(WeightInitializer(mode="rand"), *events, SimpleiSTDP(rho=5.0))


def test_fault_15_the_sign_of_an_excitatory_rule_is_the_documented_one() -> None:
    """CoNeX flips one of two terms for is_inhibitory=False and says so nowhere."""
    rule = SimpleiSTDP(lr=1.0, alpha=0.5, is_inhibitory=False)

    synapses = joined(*plastic(rule, 0.0), source=ALWAYS, target=NEVER)

    # p s (alpha - y) with s = +1, p = 1 and y = 0, as the equation of the rule says.
    assert bool((after(1, synapses).weights == 0.5).all())
