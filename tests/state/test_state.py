"""States: what a run goes on from is all that it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from conex_core import (
    LIF,
    DelayInitializer,
    Fire,
    InherentNoise,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SimpleSTDP,
    SparseDendriticInput,
    SparseSTDP,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
    prioritize_behaviors,
)
from conex_core.catalog import load as load_catalog
from conex_core.errors import FileError, StructureError, UnknownName
from conex_core.examples import load as load_example
from conex_core.run.session import Session
from conex_core.state import State
from tests.tiny_network import CLASSES, network_with


@pytest.mark.parametrize("name", sorted(CLASSES))
@pytest.mark.parametrize("seed", [5, None])
def test_every_behavior_goes_on_exactly_from_a_file(
    name: str, seed: int | None, tmp_path: Path
) -> None:
    network, _, _ = network_with(CLASSES[name], seed=seed)
    network.initialize(warnings=False)
    network.simulate_iterations(7)
    network.state().save(tmp_path / "a.safetensors")
    network.simulate_iterations(9)
    expected = network.state()

    again, _, _ = network_with(CLASSES[name], seed=None if seed is None else 9)
    again.restore(State.load(tmp_path / "a.safetensors"))
    again.simulate_iterations(9)

    torch.testing.assert_close(flat(again.state()), flat(expected), rtol=0, atol=0)
    assert again.iteration == 16


@pytest.mark.parametrize("name", ["smallest", "balanced", "digits"])
def test_shipped_examples_go_on_exactly(name: str, tmp_path: Path) -> None:
    whole, first = session(name), session(name)
    whole.run(400)
    first.run(200)
    first.network.state().save(tmp_path / "a.safetensors")

    second = session(name)
    second.network.restore(State.load(tmp_path / "a.safetensors"))
    second.run(200)

    torch.testing.assert_close(
        flat(second.network.state()), flat(whole.network.state()), rtol=0, atol=0
    )


def test_restore_keeps_the_identity_of_tensors() -> None:
    network, group, _ = started("LIF")
    before, state = group.v, network.state()
    network.simulate_iterations(3)

    network.restore(state)

    assert group.v is before


@pytest.mark.parametrize("seed", [5, None])
def test_reset_gives_the_same_run_again(seed: int | None) -> None:
    network, _, _ = network_with(CLASSES["SparseSTDP"], seed=seed)
    network.initialize(warnings=False)
    network.simulate_iterations(9)
    expected = flat(network.state())

    network.reset()
    network.simulate_iterations(9)

    torch.testing.assert_close(flat(network.state()), expected, rtol=0, atol=0)


def test_reset_keeps_the_variables_that_are_named() -> None:
    network, synapses, _ = started("SimpleSTDP")
    learned = synapses.weights.fill_(0.25).clone()

    network.reset(keep=("weights",))

    assert torch.equal(synapses.weights, learned)
    assert network.iteration == 0


def test_reset_names_a_variable_that_nothing_has() -> None:
    network, _, _ = started("SimpleSTDP")

    with pytest.raises(UnknownName, match="weights"):
        network.reset(keep=("wheights",))


def test_restore_takes_only_the_variables_that_are_named() -> None:
    network, synapses, _ = started("SimpleSTDP")
    synapses.weights.fill_(0.25)
    state = network.state()
    fresh, other, _ = network_with(CLASSES["SimpleSTDP"])

    fresh.restore(state, only=("weights",))

    assert torch.equal(other.weights, synapses.weights)
    assert fresh.iteration == 0


def test_a_state_of_another_network_changes_nothing() -> None:
    state = started("LIF")[0].state()
    network, _, _ = started("AELIF")
    before = flat(network.state())

    with pytest.raises(StructureError, match="LIF"):
        network.restore(state)

    torch.testing.assert_close(flat(network.state()), before, rtol=0, atol=0)


def test_a_damaged_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    started("LIF")[0].state().save(path)
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(FileError, match=r"a\.safetensors"):
        State.load(path)


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"x": torch.zeros(2)}, path)

    with pytest.raises(FileError, match="no state"):
        State.load(path)


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"x": torch.zeros(2)}, path, {"conex-state": '{"version": 99}'})

    with pytest.raises(FileError, match="newer"):
        State.load(path)


def test_a_file_from_before_the_first_release_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"x": torch.zeros(2)}, path, {"conex-state": '{"version": 1}'})

    with pytest.raises(FileError, match="before the first release"):
        State.load(path)


def test_no_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        State.load(tmp_path / "a.safetensors")


@settings(max_examples=15, deadline=None)
@given(
    seeds=st.tuples(st.integers(0, 99), st.integers(0, 99)),
    density=st.sampled_from([0.3, 1.0]),
    delay=st.integers(1, 5),
    steps=st.integers(0, 12),
)
def test_small_networks_go_on_exactly(
    seeds: tuple[int, int], density: float, delay: int, steps: int
) -> None:
    first, second = (delayed(seed, density, delay) for seed in seeds)
    first.initialize(warnings=False)
    first.simulate_iterations(steps)

    second.restore(first.state())
    first.simulate_iterations(9)
    second.simulate_iterations(9)

    torch.testing.assert_close(flat(second.state()), flat(first.state()), rtol=0, atol=0)


def delayed(seed: int, density: float, delay: int) -> Neocortex:
    network = Neocortex(seed=seed)
    cells = [
        SimpleDendriteStructure(Proximal_max_delay=None),
        SimpleDendriteComputation(),
        LIF(init_v="uniform(-70, -50)"),
        InherentNoise("normal(0, 4)"),
        Fire(),
        NeuronAxon(max_delay=None),
    ]
    group = NeuronGroup(network, 8, cells, "cells")
    current = SimpleDendriticInput() if density == 1 else SparseDendriticInput()
    rule = SimpleSTDP() if density == 1 else SparseSTDP()
    delays = [
        DelayInitializer(f"uniform(0, {delay})"),
        DelayInitializer(f"uniform(0, {delay})", destination=True),
    ]
    stack = [
        *(SynapseInit(), WeightInitializer("rand", scale=9, density=density)),
        *(PreSpikeCatcher(), PostSpikeCatcher(), PreTrace(), PostTrace(), current, rule),
    ]
    ordered = {**dict(prioritize_behaviors(stack)), 4: delays[0], 4.5: delays[1]}
    SynapseGroup(network, group, group, "loop,Proximal", ordered)
    return network


def started(name: str) -> tuple[Neocortex, object, object]:
    network, owner, behavior = network_with(CLASSES[name])
    network.initialize(warnings=False)
    network.simulate_iterations(2)
    return network, owner, behavior


def session(name: str) -> Session:
    return Session.of(load_example(name), load_catalog())


def flat(state: State) -> dict[str, torch.Tensor]:
    """Return every tensor and number of ``state`` as a dense tensor, by its place."""
    return dict(leaves("", state.values))


def leaves(place: str, value: object) -> list[tuple[str, torch.Tensor]]:
    match value:
        case torch.Tensor():
            return [(place, value.to_dense())]
        case bool() | int() | float():
            return [(place, torch.tensor(value))]
        case list():
            return [pair for i, item in enumerate(value) for pair in leaves(f"{place}/{i}", item)]
        case dict():
            return [pair for k, item in value.items() for pair in leaves(f"{place}/{k}", item)]
    return []
