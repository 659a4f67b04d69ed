"""What kernels use stays theirs: memory that moves, indices that lead astray."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from conex_core import Behavior, Neocortex
from conex_core.behaviors.neurons import InherentNoise
from conex_core.errors import BehaviorError
from conex_core.run.engine import planning
from conex_core.run.engine.readers import SpikeReader, ValueReader
from conex_core.run.engine.report import report
from tests.run.engine.nets import Recipe, made, same
from tests.run.engine.test_input_data import shown

_SOMA = [("SimpleDendriteStructure", {}), ("SimpleDendriteComputation", {})]
_STACK = [
    *_SOMA,
    *(("LIF", {"threshold": -60.0}), ("InherentNoise", {"scale": 6.0})),
    *(("Fire", {}), ("NeuronAxon", {"max_delay": 5})),
]
_JOINED = [
    *(("SynapseInit", {}), ("WeightInitializer", {"mode": "uniform(0, 1)"})),
    *(("DelayInitializer", {"mode": "uniform(0, 4.9)"}), ("SimpleDendriticInput", {})),
    *(("PreSpikeCatcher", {}), ("PostSpikeCatcher", {}), ("PreTrace", {}), ("PostTrace", {})),
    *(("SimpleSTDP", {}), ("WeightClip", {})),
]
_SPARSE = [
    ("SynapseInit", {}),
    ("WeightInitializer", {"mode": "uniform(0, 1)", "density": 0.5}),
    *(("SparseDendriticInput", {}), ("PreSpikeCatcher", {})),
]


def network(engine: str, stack: Any = _STACK, joined: Any = _JOINED, size: int = 20) -> Neocortex:
    return made(Recipe(((size, stack),), ((0, 0, joined),)), engine)


def both(**given: Any) -> tuple[Neocortex, Neocortex]:
    return network("fused", **given), network("reference", **given)


def reasons(net: Neocortex) -> dict[str, str]:
    return {line.behavior: line.reason for line in report(net).lines if line.reason}


class Once(Behavior):
    """Do something to the network in iteration 4."""

    priority = 270

    def __init__(self, act: Callable[[Any], object]) -> None:
        super().__init__()
        self.act = act

    def forward(self, owner: Any) -> None:
        if owner.iteration == 4:
            self.act(owner)


def with_act(net: Neocortex, act: Callable[[Any], object]) -> Neocortex:
    net.NeuronGroups[0].add_behavior(270, Once(act))
    return net


def test_a_threshold_for_all_neurons_is_left_to_python_and_says_why() -> None:
    nets = both()
    for net in nets:
        net.NeuronGroups[0].threshold = torch.tensor(-61.0)
        net.simulate_iterations(20)

    same(*nets)
    assert reasons(nets[0]) == {"Fire": "threshold has the shape (), the kernel takes 20"}


def test_a_tensor_that_fits_again_is_compiled_again() -> None:
    net = network("fused")
    group = net.NeuronGroups[0]
    group.v_rest = group.v_rest.double()
    net.simulate_iterations(2)
    assert reasons(net) == {"LIF": "v_rest is float64, kernels take float32"}

    group.v_rest = group.v_rest.float()
    net.simulate_iterations(2)

    assert reasons(net) == {}


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_threshold_that_changes_its_shape_in_a_run_gives_the_same_numbers(
    monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    if not is_guarded:  # as where torch offers compiled code nothing to ask
        monkeypatch.setattr(planning, "questions", lambda: ())

    def act(group: Any) -> None:
        group.threshold = torch.tensor(-61.0)

    nets = [with_act(net, act) for net in both()]
    for net in nets:
        net.simulate_iterations(20)

    same(*nets)
    assert "Fire" in reasons(nets[0])


def test_a_tensor_that_stays_in_the_hands_of_a_behavior_is_worked_on() -> None:
    """A kernel goes to the new tensor, instead of copying it."""
    held = []

    def act(group: Any) -> None:
        group.v = group.v.clone()
        held.append(group.v)

    net = with_act(network("fused"), act)
    net.simulate_iterations(10)

    assert held[0] is net.NeuronGroups[0].v
    assert "LIF" not in reasons(net)


@pytest.mark.parametrize("change", ["resize", "data", "shrink"])
def test_memory_that_moves_in_a_run_is_followed(change: str) -> None:
    def act(group: Any) -> None:
        for name in ("v", "v_rest", "spikes"):
            tensor = getattr(group, name)
            if change == "data":
                tensor.data = tensor.clone()
            elif change == "resize":
                tensor.resize_(5000).resize_(20)
            else:
                tensor.resize_(3).resize_(20)

    nets = [with_act(net, act) for net in both()]
    for net in nets:
        net.simulate_iterations(20)

    same(*nets)
    assert "LIF" not in reasons(nets[0])


def test_delays_beyond_what_is_remembered_are_refused_as_without_kernels() -> None:
    problems = []
    for net in both():
        net.simulate_iterations(3)
        net.SynapseGroups[0].src_delay.fill_(10**6)
        with pytest.raises(BehaviorError) as caught:
            net.simulate_iterations(20)
        problems.append(str(caught.value))

    assert problems[0] == problems[1]


def test_indices_that_are_changed_behind_torch_reach_no_kernel() -> None:
    net = network("fused", joined=_SPARSE)
    net.simulate_iterations(5)
    weights = net.SynapseGroups[0].weights

    weights.col_indices().numpy()[:] = 10**8
    weights.crow_indices().numpy()[1:] = 10**8
    net.simulate_iterations(5)

    assert bool(torch.isfinite(net.NeuronGroups[0].v).all())


def test_indices_that_lead_nowhere_are_refused_as_without_kernels() -> None:
    problems = []
    for net in both(joined=_SPARSE):
        net.SynapseGroups[0].weights.col_indices().fill_(10**6)
        with pytest.raises(BehaviorError) as caught:
            net.simulate_iterations(30)
        problems.append(str(caught.value))

    assert problems[0] == problems[1]


def test_noise_that_is_switched_on_in_a_run_is_drawn() -> None:
    stack = [*_STACK[:3], ("InherentNoise", {"mode": "normal(0, 1)", "scale": 6.0}), *_STACK[4:]]

    def act(group: Any) -> None:
        noise_of(group).behavior_enabled = True

    nets = [with_act(net, act) for net in both(stack=stack)]
    for net in nets:
        noise_of(net.NeuronGroups[0]).behavior_enabled = False
        net.simulate_iterations(300)

    same(*nets)


def noise_of(group: Any) -> InherentNoise:
    return next(item for item in group.behavior.values() if isinstance(item, InherentNoise))


def test_weights_that_are_resized_while_rows_wait_are_brought_up_to_date() -> None:
    nets = both()
    for net in nets:
        weights = net.SynapseGroups[0].weights
        engine = net.fast_engine()
        if engine is None:
            net.simulate_iterations(30)
        else:
            engine.run(30)
            engine.rest()  # rows that wait are brought up to date when somebody asks
        weights.resize_(400, 20).resize_(20, 20)

    same(*nets)


def test_weights_that_two_groups_share_do_not_wait() -> None:
    recipe = Recipe(((20, _STACK),), ((0, 0, _JOINED), (0, 0, _JOINED)))
    nets = made(recipe, "fused"), made(recipe, "reference")
    for net in nets:
        net.SynapseGroups[1].weights = net.SynapseGroups[0].weights
        net.simulate_iterations(40)

    same(*nets)


def test_parts_of_one_memory_are_left_to_python() -> None:
    nets = both()
    for net in nets:
        group, memory = net.NeuronGroups[0], torch.full((21,), -64.0)
        group.v, group.v_rest = memory[1:], memory[:-1]
        net.simulate_iterations(20)

    same(*nets)
    assert "share memory" in reasons(nets[0])["LIF"]


def test_no_more_frames_are_shown_than_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = shown("fused").fast_engine()
    assert engine is not None
    ahead = engine.plan.builder.ahead[0]
    frames = {"x": torch.ones(2, 6, dtype=torch.bool)}
    monkeypatch.setattr(ahead.behavior, "stretch", lambda layer: (frames, 4))

    assert ahead.fill(10) == 2


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_readers_keep_what_no_kernel_can_look_at(dtype: torch.dtype) -> None:
    """A reader looks at a variable by itself, with kernels around it."""
    net = network("fused")
    group, engine = net.NeuronGroups[0], net.fast_engine()
    assert engine is not None
    readers = engine.read([lambda: SpikeReader(group), lambda: ValueReader(group, "tau", (1, 3))])

    group.tau = group.tau.to(dtype)
    with_act(net, lambda group: None)
    engine = net.fast_engine()
    readers = engine.read([lambda: SpikeReader(group), lambda: ValueReader(group, "tau", (1, 3))])
    assert engine.run(6) == 6

    times, values = readers[1].take()
    assert times.tolist() == [1, 2, 3, 4, 5, 6]
    assert values.shape == (6, 2)
    assert [reader.is_by_hand for reader in readers] == [False, dtype is torch.float64]
