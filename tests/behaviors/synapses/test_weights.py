"""Initial weights, normalisation and clipping, dense and sparse."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from tiny_network import Spiking

from conex_core import (
    Behavior,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PreSpikeCatcher,
    SimpleDendriticInput,
    SparseDendriticInput,
    SynapseGroup,
    SynapseInit,
    WeightClip,
    WeightInitializer,
    WeightNormalization,
)
from conex_core.errors import ParameterError, StructureError


def synapses_with(*behaviors: Behavior, sizes: tuple[int, int] = (3, 4), seed: int = 7) -> Any:
    network = Neocortex(seed=seed)
    ends = [
        NeuronGroup(network, size, [Spiking(), NeuronAxon()], name)
        for size, name in zip(sizes, ("src", "dst"), strict=True)
    ]
    synapses = SynapseGroup(network, *ends, "syn,Proximal", [SynapseInit(), *behaviors])
    network.initialize()
    return synapses


SPARSE = {"mode": "uniform(1, 2)", "density": 0.5}


def test_sparse_weights_hold_the_part_that_was_asked_for() -> None:
    synapses = synapses_with(WeightInitializer(**SPARSE), sizes=(30, 40))
    dense = synapses.weights.to_dense()

    assert int((dense != 0).sum()) == 600
    assert dense[dense != 0].min() >= 1
    assert torch.equal(dense[synapses.src_idx, synapses.dst_idx], synapses.weights.values())


def test_one_seed_gives_one_topology() -> None:
    first, same, other = (
        synapses_with(WeightInitializer(**SPARSE), seed=seed).weights.to_dense()
        for seed in (1, 1, 2)
    )

    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_absent_connections_stay_absent_with_an_offset() -> None:
    weights = WeightInitializer(mode="ones", offset=0.5, density=0.5, true_sparsity=False)
    found = synapses_with(weights, sizes=(50, 50)).weights

    assert set(found.unique().tolist()) == {0.0, 1.5}


def test_function_scale_and_offset_apply_in_this_order() -> None:
    weights = WeightInitializer(mode=4.0, function=torch.sqrt, scale=3, offset=1)

    assert set(synapses_with(weights).weights.unique().tolist()) == {7.0}


def test_given_weights_are_copied() -> None:
    given = torch.ones(3, 4)
    synapses = synapses_with(WeightInitializer(weights=given))

    synapses.weights.zero_()

    assert given.sum() == 12


@pytest.mark.parametrize("layout", [torch.sparse_coo, torch.sparse_csr, torch.sparse_csc])
@pytest.mark.filterwarnings("ignore:Sparse:UserWarning")  # torch on its own layouts
def test_given_sparse_weights_know_their_ends(layout: torch.layout) -> None:
    dense = torch.tensor([[0, 1.0, 0, 2], [3, 0, 0, 0], [0, 4, 0, 5]])
    synapses = synapses_with(WeightInitializer(weights=dense.to_sparse(layout=layout)))

    assert synapses.weights.layout is torch.sparse_csr
    assert synapses.weights.to_dense().tolist() == dense.tolist()
    assert synapses.src_idx.tolist() == [0, 0, 1, 2, 2]
    assert synapses.dst_idx.tolist() == [1, 3, 0, 1, 3]


@pytest.mark.parametrize("values", [{}, {"mode": "rand", "weights": torch.ones(3, 4)}])
def test_weights_or_mode_must_be_given(values: dict[str, Any]) -> None:
    with pytest.raises(ParameterError, match="weights or mode must be given"):
        WeightInitializer(**values)


def test_given_weights_cannot_be_scaled() -> None:
    with pytest.raises(ParameterError, match="cannot be combined with scale"):
        WeightInitializer(weights=torch.ones(3, 4), scale=2)


@pytest.mark.parametrize(
    ("weights", "current", "hint"),
    [
        (WeightInitializer(**SPARSE), SimpleDendriticInput(), "Use SparseDendriticInput"),
        (WeightInitializer(mode="rand"), SparseDendriticInput(), "Use SimpleDendriticInput"),
        (
            WeightInitializer(weights=torch.ones(4, 3)),
            SimpleDendriticInput(),
            r"needed are \(3, 4\)",
        ),
    ],
)
def test_weights_and_input_must_fit(weights: Behavior, current: Behavior, hint: str) -> None:
    with pytest.raises(StructureError, match=hint):
        synapses_with(weights, current, PreSpikeCatcher())


def test_sparse_and_dense_weights_send_the_same_current() -> None:
    dense = torch.rand(30, 20) * (torch.rand(30, 20) < 0.3)
    sparse = dense.to_sparse()
    found = []
    for weights, current in ((dense, SimpleDendriticInput()), (sparse, SparseDendriticInput())):
        stack = [WeightInitializer(weights=weights), current, PreSpikeCatcher()]
        synapses = synapses_with(*stack, sizes=(30, 20))
        synapses.network.simulate_iterations(2)
        found.append(synapses.I)

    assert found[0].sum() > 0
    torch.testing.assert_close(*found)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ([1.0, 3.0, 0.0], [0.5, 1.5, 0.0]),
        ([1.0, -3.0, 0.0], [0.5, -1.5, 0.0]),
        ([0.0] * 3, [0.0] * 3),
    ],
)
def test_normalization_keeps_signs(column: list[float], expected: list[float]) -> None:
    weights = torch.tensor(column)[:, None]
    stack = [WeightInitializer(weights=weights), WeightNormalization(norm=2.0)]
    synapses = synapses_with(*stack, sizes=(3, 1))

    synapses.network.simulate_iteration()

    assert synapses.weights[:, 0].tolist() == expected


def test_normalization_works_on_sparse_weights() -> None:
    stack = [WeightInitializer(**SPARSE), WeightNormalization(norm=2.0)]
    synapses = synapses_with(*stack, sizes=(30, 20))

    synapses.network.simulate_iteration()

    sums = synapses.weights.to_dense().sum(0)
    torch.testing.assert_close(sums, torch.full((20,), 2.0))


@pytest.mark.parametrize("density", [1.0, 0.5])
def test_clipping_takes_any_interval_and_keeps_the_tensor(density: float) -> None:
    weights = WeightInitializer(mode="uniform(-2, 2)", density=density)
    synapses = synapses_with(weights, WeightClip(w_min=-0.5, w_max=0.25), sizes=(30, 20))
    before = synapses.weights

    synapses.network.simulate_iteration()

    values = before if density == 1 else before.values()
    assert synapses.weights is before
    assert (float(values.min()), float(values.max())) == (-0.5, 0.25)


def test_an_empty_interval_is_refused() -> None:
    with pytest.raises(ParameterError, match="above w_min"):
        WeightClip(w_min=1.0, w_max=0.5)
