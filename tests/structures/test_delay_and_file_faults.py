"""Faults of CoNeX in delays, structures, data, recorders and files, and what replaces them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from fault_networks import Table, joined

from conex_core import (
    LIF,
    Behavior,
    DelayInitializer,
    Fire,
    InherentNoise,
    InputLayer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PreSpikeCatcher,
    Recorder,
    SensorySetter,
    WeightInitializer,
    prioritize_behaviors,
)
from conex_core.errors import ConexError, ParameterError, StructureError

FRAMES = torch.tensor([[[[1, 0], [0, 1]], [[1, 1], [0, 0]]]], dtype=torch.bool)  # (1, T, H, W)


def shown(batches: Any, size: int = 4, **values: Any) -> InputLayer:
    """Return the layer of an initialized network that shows ``batches``."""
    network = Neocortex()
    layer = InputLayer(network, batches, sensory_size=size, **values)
    network.initialize()
    return layer


def spikes_of(layer: InputLayer, steps: int) -> list[list[bool]]:
    rows = []
    for _ in range(steps):
        layer.network.simulate_iteration()
        rows.append(layer.sensory_pop.spikes.tolist())
    return rows


def recorded(*behaviors: Behavior, names: list[str], size: int = 3) -> Any:
    """Return an initialized group whose variables ``names`` are recorded."""
    network = Neocortex(seed=1)
    group = NeuronGroup(network, size, [*behaviors, Recorder(names)], "exc")
    network.initialize()
    return group


# Delays


def test_fault_28_delays_need_a_mode_or_values() -> None:
    """CoNeX failed with "'NoneType' has no attribute 'to'"."""
    with pytest.raises(ParameterError, match="delays or mode must be given"):
        DelayInitializer()


def test_fault_28_delays_may_be_a_list() -> None:
    """CoNeX failed with "'list' has no attribute 'to'"."""
    synapses = joined(DelayInitializer(delays=[0, 0]))

    assert synapses.src_delay.tolist() == [0, 0]


@pytest.mark.parametrize("destination", [False, True])
def test_fault_28_a_delay_beyond_the_buffer_is_explained(destination: bool) -> None:
    """CoNeX failed with "index 1 is out of bounds", without a name."""
    delays = DelayInitializer(delays=[0, 5], destination=destination)
    catcher = PreSpikeCatcher()

    with pytest.raises(StructureError, match=r"(?s)syn.*(NeuronAxon|max_delay)"):
        joined(delays, catcher, *([] if not destination else post_catcher()))


def post_catcher() -> list[Behavior]:
    from conex_core import PostSpikeCatcher

    return [PostSpikeCatcher()]


def test_fault_28_a_buffer_can_be_as_long_as_its_delays_need() -> None:
    """CoNeX left it to the user to make every buffer long enough."""
    network = Neocortex()
    source = NeuronGroup(network, 2, [Table([1, 1], [0, 0]), NeuronAxon(max_delay=None)], "src")
    synapses = between(network, source, [DelayInitializer(delays=[0, 3]), PreSpikeCatcher()])

    network.simulate_iterations(4)

    assert source.axon.spike_history.shape == (4, 2)
    assert synapses.pre_spike.tolist() == [False, True]


def between(network: Neocortex, group: NeuronGroup, stack: list[Behavior]) -> Any:
    from conex_core import SynapseGroup, SynapseInit

    synapses = SynapseGroup(network, group, group, "syn,Proximal", [SynapseInit(), *stack])
    network.initialize()
    return synapses


def test_fault_28_negative_delays_are_refused() -> None:
    """CoNeX read the history from its other end."""
    with pytest.raises(ParameterError, match="DelayInitializer › delays must be at least 0"):
        DelayInitializer(delays=[-1, 0])
    with pytest.raises(StructureError, match="Delays of syn can be negative"):
        joined(DelayInitializer(mode="full(-2)"))


def test_fault_28_what_delays_belong_to_is_documented() -> None:
    """CoNeX has one delay per neuron, not per connection, and did not say so."""
    with pytest.raises(ParameterError, match=r"syn › DelayInitializer › delays must fit the shape"):
        joined(DelayInitializer(delays=[[0, 0], [0, 0]]))
    assert "One delay per neuron" in str(DelayInitializer.__doc__)


def test_fault_29_behaviors_of_one_priority_are_all_kept() -> None:
    """CoNeX dropped the earlier of two behaviors with one key."""
    delays = [DelayInitializer(delays=1), DelayInitializer(delays=0, destination=True)]
    spikes = [Fire(), SensorySetter()]

    assert list(prioritize_behaviors(delays).values()) == delays
    assert list(prioritize_behaviors(spikes).values()) == spikes


def test_fault_29_a_subclass_has_the_priority_of_its_class() -> None:
    """CoNeX looked the class name up: KeyError 'MyLIF'."""

    class MyLIF(LIF):
        """Stand for a neuron of the user."""

    assert list(prioritize_behaviors([Fire(), MyLIF(), Recorder(["v"])])) == [260, 340, 600]


def test_fault_29_a_class_without_a_priority_is_explained() -> None:
    """CoNeX failed with a bare KeyError."""

    class Homeless(Behavior):
        """Have no place."""

    with pytest.raises(StructureError, match="Homeless"):
        prioritize_behaviors([Homeless()])


# Texts are never evaluated


@pytest.mark.parametrize(
    "text",
    [
        "__import__('pathlib').Path('made').touch()",
        "rand + 1",
        "torch.rand",
        "normal(open('made'))",
    ],
)
@pytest.mark.parametrize("make", [WeightInitializer, DelayInitializer, InherentNoise])
def test_fault_36_a_mode_is_never_evaluated(
    make: Callable[..., Behavior], text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CoNeX evaluated mode texts: one ran a shell command."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ParameterError):
        make(mode=text)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    ["__import__('pathlib').Path('made').touch()", "torch.mean(n.v * 2)", "n.v + 1", "__dict__"],
)
def test_fault_36_a_recorded_variable_is_a_name(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CoNeX evaluated what a Recorder was given in every step."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ParameterError, match="Recorder › variables must be names"):
        Recorder([text])

    assert list(tmp_path.iterdir()) == []


# Data


def test_fault_37_a_setter_without_a_layer_is_refused_by_name() -> None:
    """CoNeX failed with an AttributeError of 'x' in a step."""
    network = Neocortex()
    NeuronGroup(network, 4, [SensorySetter(), NeuronAxon()], "exc")

    with pytest.raises(StructureError, match=r"exc|SensorySetter"):
        network.initialize()


def test_fault_37_a_population_keeps_its_layer_wherever_it_is_put() -> None:
    """CoNeX read the population's parent, which changes when it is put elsewhere."""
    network = Neocortex()
    layer = InputLayer(network, [(FRAMES, torch.tensor([3]))], sensory_size=4)
    layer.sensory_pop.parent_structure = network
    network.initialize()

    assert spikes_of(layer, 1) == [[True, False, False, True]]


def test_fault_38_data_that_end_are_followed_by_silence() -> None:
    """CoNeX raised StopIteration in the first step with loop=False."""
    layer = shown([(FRAMES, torch.tensor([3]))], loop=False)

    rows = spikes_of(layer, 4)

    assert rows[:2] == [[True, False, False, True], [True, True, False, False]]
    assert rows[2:] == [[False] * 4] * 2


def test_fault_38_data_without_labels_need_no_duration() -> None:
    """CoNeX divided by zero with have_label=False and the default duration."""
    layer = shown([(FRAMES,)], have_label=False)

    assert spikes_of(layer, 2) == [[True, False, False, True], [True, True, False, False]]


def test_fault_38_frames_of_another_size_are_explained() -> None:
    """CoNeX failed with an error of expand."""
    layer = shown([(FRAMES, torch.tensor([3]))], size=5)

    with pytest.raises(ConexError, match="has 5 neurons, but a frame of its data has 4 values"):
        layer.network.simulate_iteration()


def test_fault_38_intensities_are_no_spikes() -> None:
    """CoNeX took every pixel above zero for a spike."""
    layer = shown([(FRAMES * 0.3, torch.tensor([3]))])

    with pytest.raises(ConexError, match="values other than 0 and 1"):
        layer.network.simulate_iteration()


def test_fault_38_a_layer_says_what_it_is() -> None:
    """CoNeX's layers had a garbled repr."""
    assert repr(InputLayer(Neocortex(), [], tag="eyes")) == "InputLayer('eyes')"


# Recorders


def test_fault_39_a_recorder_does_not_copy_its_past(monkeypatch: pytest.MonkeyPatch) -> None:
    """CoNeX copied everything it had in every step: eight times the steps took 22 times as long."""
    group = recorded(LIF(), InherentNoise(), Fire(), names=["v"])
    group.network.simulate_iteration()
    joins: list[object] = []
    for name in ("cat", "concatenate", "stack", "vstack", "hstack"):
        joining = getattr(torch, name)
        monkeypatch.setattr(
            torch, name, lambda *a, _join=joining, **k: joins.append(a) or _join(*a, **k)
        )

    group.network.simulate_iterations(1000)

    assert len(joins) < 20


def test_fault_39_what_was_recorded_is_read_anew_each_time() -> None:
    """CoNeX kept the first answer of net["v", 0], which stayed at its length."""
    group = recorded(LIF(), Fire(), names=["v"])
    lengths = []
    for _ in range(3):
        group.network.simulate_iterations(2)
        lengths.append(len(group.network["v", 0]))

    assert lengths == [2, 4, 6]


def test_fault_39_plain_numbers_can_be_recorded() -> None:
    """CoNeX failed with an AttributeError on a Python float."""

    class Counting(Behavior):
        """Keep a plain number on the group."""

        priority = 250

        def initialize(self, owner: Any) -> None:
            owner.count = 0.0

        def forward(self, owner: Any) -> None:
            owner.count += 1.5

    group = recorded(Counting(), names=["count"])
    group.network.simulate_iterations(2)

    assert torch.as_tensor(group["count", 0]).view(-1).tolist() == [1.5, 3.0]


def test_fault_39_an_unknown_name_is_told_before_the_run() -> None:
    """CoNeX failed with a NameError in a step."""
    with pytest.raises(ConexError, match="voltage"):
        recorded(LIF(), Fire(), names=["voltage"])


# State


def noisy(device: str = "cpu") -> Neocortex:
    network = Neocortex(seed=1, device=device)
    NeuronGroup(network, 3, [LIF(), InherentNoise(), Fire()], "exc")
    network.initialize()
    return network


def test_fault_40_a_network_goes_on_from_a_saved_state() -> None:
    """CoNeX could not save: state_dict ended in a RecursionError."""
    network = noisy()
    network.simulate_iterations(5)
    state = network.state()
    network.simulate_iterations(5)
    expected = network.exc.v.clone()

    network.restore(state)
    network.simulate_iterations(5)

    assert torch.equal(network.exc.v, expected)


def test_fault_40_a_network_can_be_reset() -> None:
    """CoNeX had no way back but building everything again."""
    network = noisy()
    network.simulate_iterations(5)
    expected = network.exc.v.clone()

    network.reset()

    assert network.iteration == 0
    network.simulate_iterations(5)
    assert torch.equal(network.exc.v, expected)


def test_fault_40_initializing_again_resets_the_counter() -> None:
    """CoNeX went on counting after a second initialize."""
    network = noisy()
    network.simulate_iterations(5)

    network.initialize()

    assert network.iteration == 0


def test_fault_40_the_ways_of_torch_modules_are_answered() -> None:
    """CoNeX ended in a RecursionError for state_dict, to and apply."""
    network = noisy()

    assert network.to("cpu") is network
    with pytest.raises(StructureError, match=r"cannot move .* Neocortex\(device='meta'\)"):
        network.to("meta")
    with pytest.raises(StructureError, match=r"use state\(\) and restore\(\)"):
        network.state_dict()
    with pytest.raises(StructureError, match=r"use state\(\) and restore\(\)"):
        network.exc.state_dict()
    assert network.apply(lambda module: None) is network


def test_fault_40_groups_of_one_tag_can_both_be_reached() -> None:
    """CoNeX made net.x the last group, and the name that it gave that group no attribute."""
    network = Neocortex()
    first, second = (NeuronGroup(network, size, [LIF(), Fire()], "x") for size in (2, 3))

    network.initialize()

    assert network.x is first
    assert network.xb is second
