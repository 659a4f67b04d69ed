"""Entries of a state file carry names that people can read, whatever groups are called."""

from __future__ import annotations

from pathlib import Path

import pytest
import safetensors
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from conex_core import LIF, Neocortex, NeuronGroup
from conex_core.catalog import load as load_catalog
from conex_core.examples import load as load_example
from conex_core.run.session import Session
from conex_core.state import State
from conex_core.state.names import EntryNames, plain_label
from tests.tiny_network import CLASSES, network_with

FILES = Path(__file__).parent / "files"


def keys_in(path: Path) -> list[str]:
    with safetensors.safe_open(path, framework="pt") as file:
        return list(file.keys())


def saved(path: Path, *names: str) -> State:
    network = Neocortex(seed=3)
    for place, name in enumerate(names):
        NeuronGroup(network, 4, {260: LIF()}, name, key=f"n_{place}")
    state = network.state()
    state.save(path)
    return state


def test_names_say_group_behavior_and_variable(tmp_path: Path) -> None:
    session = Session.of(load_example("digits"), load_catalog())
    session.network.state().save(tmp_path / "a.safetensors")

    found = keys_in(tmp_path / "a.safetensors")

    assert {"Excitatory/LIF/v", "Learning/WeightInitializer/weights"} <= set(found)
    assert not [name for name in found if name.startswith("n_") or name[1:].isdigit()]


def test_equal_names_get_a_number(tmp_path: Path) -> None:
    state = saved(tmp_path / "a.safetensors", "Exc", "Exc")

    found = keys_in(tmp_path / "a.safetensors")

    assert {"Exc/LIF/v", "Exc/LIF/v#2"} <= set(found)
    assert torch.equal(state.entries()["Exc/LIF/v#2"], state.values["n_1"]["v"])


def test_the_parts_of_sparse_weights_go_by_one_name(tmp_path: Path) -> None:
    network, _, _ = network_with(CLASSES["SparseSTDP"], seed=5)
    network.initialize(warnings=False)
    network.state().save(tmp_path / "a.safetensors")

    parts = {name for name in keys_in(tmp_path / "a.safetensors") if "/weights" in name}

    name = "tested/WeightInitializer/weights"
    assert parts == {f"{name}.start", f"{name}.rows", f"{name}.values"}
    assert name in State.load(tmp_path / "a.safetensors").entries()


def test_the_same_state_gives_the_same_bytes_also_when_saved_again(tmp_path: Path) -> None:
    state = saved(tmp_path / "a.safetensors", "Exc", "Layer / Exc")

    state.save(tmp_path / "b.safetensors")
    State.load(tmp_path / "a.safetensors").save(tmp_path / "c.safetensors")

    bytes_of = [(tmp_path / f"{name}.safetensors").read_bytes() for name in "abc"]
    assert bytes_of[0] == bytes_of[1] == bytes_of[2]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Layer / Exc", "Layer - Exc"),
        ("../../etc", "-..-etc"),
        ("<b>\0\n", "_b___"),
        ("...", "unnamed"),
        ("Kortex Größe", "Kortex Größe"),
        ("x" * 500, "x" * 80),
    ],
)
def test_odd_signs_are_made_safe(name: str, shown: str) -> None:
    assert plain_label(name, "v") == f"{shown}/v"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("a#2.stre/", max_size=7), max_size=12))
def test_names_differ_whatever_is_wanted(wanted: list[str]) -> None:
    parts = ("start", "rows", "values")
    names = EntryNames(parts)

    given_names = [names.free(name) for name in wanted]

    entries = [e for name in given_names for e in (name, *(f"{name}.{p}" for p in parts))]
    assert len(set(entries)) == len(entries)


def test_files_with_numbered_entries_still_load_and_give_the_same_spikes() -> None:
    session = Session.of(load_example("smallest"), load_catalog())
    session.run(20)
    expected = session.network.state()

    state = State.load(FILES / "numbered_smallest.safetensors")
    again = Session.of(load_example("smallest"), load_catalog())
    again.network.restore(state)
    again.run(30)
    session.run(30)

    assert "t0" in keys_in(FILES / "numbered_smallest.safetensors")
    assert torch.equal(state.values["n_neurons"]["v"], expected.values["n_neurons"]["v"])
    assert torch.equal(again.network.state().values["n_neurons"]["v"], live(session))


def live(session: Session) -> torch.Tensor:
    found: torch.Tensor = session.objects["n_neurons"].v
    return found


def test_numbered_entries_of_sparse_weights_load_and_are_named_by_their_keys() -> None:
    network, synapses, _ = network_with(CLASSES["SparseSTDP"], seed=5)
    network.initialize(warnings=False)
    network.simulate_iterations(7)

    state = State.load(FILES / "numbered_sparse.safetensors")

    assert torch.equal(state.entries()["tested/weights"].to_dense(), synapses.weights.to_dense())
