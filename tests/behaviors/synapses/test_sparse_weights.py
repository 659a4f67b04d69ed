"""Sparse weights: what they cost, and that they do what dense ones with zeros do."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from conex_core import (
    Behavior,
    CurrentNormalization,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
    SimpleDendriticInput,
    SimpleiSTDP,
    SimpleRSTDP,
    SimpleSTDP,
    SparseDendriticInput,
    SparseiSTDP,
    SparseRSTDP,
    SparseSTDP,
    SynapseGroup,
    SynapseInit,
    WeightClip,
    WeightInitializer,
    WeightNormalization,
)
from conex_core.behaviors.synapses.storage import BySource, by_source, entries_of, index_type
from conex_core.errors import StructureError

STEPS = 6

BOUND = {"positive_bound": "soft_bound", "negative_bound": "hard_bound"}
PAIRS: dict[str, tuple[list[Behavior], list[Behavior]]] = {
    "currents": ([], []),
    "clip": ([WeightClip(0.2, 0.6)], [WeightClip(0.2, 0.6)]),
    "normalised weights": ([WeightNormalization(2.0)], [WeightNormalization(2.0)]),
    "normalised currents": ([CurrentNormalization(2.0)], [CurrentNormalization(2.0)]),
    "STDP": ([SimpleSTDP(0.1, 0.05)], [SparseSTDP(0.1, 0.05)]),
    "bounded STDP": ([SimpleSTDP(0.1, 0.05, **BOUND)], [SparseSTDP(0.1, 0.05, **BOUND)]),
    "rewarded STDP": ([SimpleRSTDP(0.1, 0.05)], [SparseRSTDP(0.1, 0.05)]),
    "inhibitory STDP": ([SimpleiSTDP(0.1)], [SparseiSTDP(0.1)]),
}


class Listed(Behavior):
    """Let the neurons of a row of ``rows`` spike, row after row."""

    priority = 340
    provides = ("own.spikes",)
    rows: torch.Tensor

    def initialize(self, owner: Any) -> None:
        owner.spikes = torch.zeros(owner.size, dtype=torch.bool)

    def forward(self, owner: Any) -> None:
        owner.spikes.copy_(self.rows[owner.iteration % len(self.rows)])


def spiking(rows: torch.Tensor) -> Listed:
    behavior = Listed()
    behavior.rows = rows
    return behavior


def synapses_with(weights: WeightInitializer, *behaviors: Behavior, **given: Any) -> Any:
    """Return an initialised synapse group between groups that spike by chance."""
    sizes, seed = given.get("sizes", (8, 6)), given.get("seed", 0)
    drawn = torch.Generator().manual_seed(seed)
    network = Neocortex(seed=seed, engine="reference")
    network.dopamine_concentration = torch.tensor(0.5)
    ends = [
        NeuronGroup(
            network,
            size,
            [spiking(torch.rand(STEPS, size, generator=drawn) < 0.3), NeuronAxon()],
            name,
        )
        for size, name in zip(sizes, ("src", "dst"), strict=True)
    ]
    caught = [PreSpikeCatcher(), PostSpikeCatcher(), PreTrace(), PostTrace()]
    stack = [SynapseInit(), weights, *caught, *behaviors]
    synapses = SynapseGroup(network, *ends, "syn,Proximal", stack)
    network.initialize(warnings=False)
    return synapses


def bytes_of(weights: torch.Tensor) -> int:
    parts = (weights.crow_indices(), weights.col_indices(), weights.values())
    return sum(part.numel() * part.element_size() for part in parts)


def tensors_in(holder: Any) -> int:
    """Return the bytes of the dense tensors that ``holder`` keeps itself."""
    found = [value for value in vars(holder).values() if isinstance(value, torch.Tensor)]
    return sum(v.numel() * v.element_size() for v in found if v.layout is torch.strided)


@settings(max_examples=25, deadline=None)
@given(
    rule=st.sampled_from(sorted(PAIRS)),
    sizes=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    density=st.floats(0.0, 1.0),
    seed=st.integers(0, 999),
)
def test_sparse_weights_do_what_dense_ones_do(
    rule: str, sizes: tuple[int, int], density: float, seed: int
) -> None:
    drawn = torch.Generator().manual_seed(seed)
    there = torch.rand(sizes, generator=drawn) < density
    values = torch.rand(sizes, generator=drawn) * there
    dense_rule, sparse_rule = ([item.copy() for item in stack] for stack in PAIRS[rule])
    dense = synapses_with(
        WeightInitializer(weights=values),
        *(SimpleDendriticInput(), *dense_rule),
        sizes=sizes,
        seed=seed,
    )
    sparse = synapses_with(
        WeightInitializer(weights=values.to_sparse()),
        *(SparseDendriticInput(), *sparse_rule),
        sizes=sizes,
        seed=seed,
    )

    found = [after(synapses, there) for synapses in (dense, sparse)]

    torch.testing.assert_close(found[1], found[0])


def after(synapses: Any, there: torch.Tensor) -> list[torch.Tensor]:
    """Return the currents of all steps, and then the weights where there are some."""
    currents = []
    for _ in range(STEPS):
        synapses.network.simulate_iteration()
        if synapses.weights.layout is torch.strided:
            synapses.weights.mul_(there)  # what is not there does not grow
        currents.append(synapses.I.clone())
    return [*currents, synapses.weights.to_dense() * there]


@pytest.mark.parametrize(
    ("rule", "most"),
    [
        ([], 8),
        ([SparseSTDP()], 12),
        ([SparseiSTDP()], 12),
        ([SparseRSTDP()], 12),
        ([WeightClip(), WeightNormalization()], 8),
    ],
)
def test_a_synapse_takes_few_bytes(rule: list[Behavior], most: int) -> None:
    sizes, density = (400, 500), 0.2
    count = 40_000
    rules = [item.copy() for item in rule]
    weights = WeightInitializer("rand", density=density)
    synapses = synapses_with(weights, SparseDendriticInput(), *rules, sizes=sizes)
    synapses.network.simulate_iterations(3)

    sorted_by_target = [vars(item).get("_by_target") for item in rules]
    found = bytes_of(synapses.weights) + tensors_in(synapses)
    found += sum(tensors_in(item) for item in [*rules, *filter(None, sorted_by_target)])

    assert synapses.weights.values().numel() == count
    assert found <= most * count + 50 * sum(sizes)


@pytest.mark.parametrize("most", [0, 10_000], ids=["many sources", "few sources"])
def test_currents_add_up_source_after_source(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order decides the last bit of a sum, and other engines rely on it."""
    monkeypatch.setattr(BySource, "MOST", most)
    values = torch.tensor([[1e8], [1.0], [-1e8], [1.0]])
    weights = WeightInitializer(weights=values.to_sparse())
    current = SparseDendriticInput()
    synapses = synapses_with(weights, current, sizes=(4, 1))

    synapses.pre_spike.fill_(True)
    current.forward(synapses)

    expected = torch.zeros(1)
    for value in values:
        expected += value
    assert torch.equal(synapses.I, expected)


def test_ends_belong_to_sparse_weights_only() -> None:
    dense = synapses_with(WeightInitializer("rand"), SimpleDendriticInput())
    sparse = synapses_with(WeightInitializer("rand", density=0.5), SparseDendriticInput())

    assert torch.equal(
        sparse.weights.to_dense()[sparse.src_idx, sparse.dst_idx], sparse.weights.values()
    )
    with pytest.raises(AttributeError):
        dense.src_idx  # noqa: B018 - the look-up is what is tested


@pytest.mark.filterwarnings("ignore:Sparse:UserWarning")  # torch on its own layouts
def test_given_weights_in_any_order_are_sorted_and_summed() -> None:
    starts, targets = torch.tensor([0, 3, 3]), torch.tensor([2, 0, 2])
    values = torch.tensor([1.0, 2.0, 4.0])
    given = torch.sparse_csr_tensor(starts, targets, values, (2, 3), check_invariants=False)

    found = by_source(given)

    assert found.crow_indices().tolist() == [0, 2, 2]
    assert found.col_indices().tolist() == [0, 2]
    assert found.values().tolist() == [2.0, 5.0]


@pytest.mark.parametrize("layout", [torch.sparse_coo, torch.sparse_csr, torch.sparse_csc])
@pytest.mark.filterwarnings("ignore:Sparse:UserWarning")  # torch on its own layouts
def test_given_sparse_weights_are_copied(layout: torch.layout) -> None:
    given = torch.eye(4).to_sparse(layout=layout)
    found = by_source(given)

    found.values().fill_(7)

    assert given.to_dense().equal(torch.eye(4))
    assert found.col_indices().dtype is torch.int32


def test_indices_are_long_only_where_they_have_to_be() -> None:
    assert index_type((1 << 31) - 1) is torch.int32
    assert index_type(1 << 31) is torch.int64


@given(
    lengths=st.lists(st.integers(0, 4), min_size=1, max_size=8),
    data=st.data(),
)
def test_entries_are_those_of_the_neurons_in_their_order(
    lengths: list[int], data: st.DataObject
) -> None:
    neurons = data.draw(st.lists(st.sampled_from(range(len(lengths)))))
    starts = [sum(lengths[:place]) for place in range(len(lengths) + 1)]

    found = entries_of(torch.tensor(starts, dtype=torch.int32), torch.tensor(neurons).long())

    assert found.tolist() == [
        entry for neuron in neurons for entry in range(starts[neuron], starts[neuron + 1])
    ]


def test_a_rule_follows_other_connections() -> None:
    """Weights of a block or a state may join other neurons than those before."""
    synapses, same = (
        synapses_with(WeightInitializer("rand", density=0.5), SparseSTDP(0.1, 0.05))
        for _ in range(2)
    )
    synapses.network.simulate_iterations(2)
    other = by_source(torch.tril(torch.ones(8, 6)).to_sparse())
    synapses.weights, same.weights = other.clone(), other.clone()
    same.network.restore(synapses.network.state())

    for item in (synapses, same):
        item.network.simulate_iterations(STEPS)

    assert torch.equal(synapses.weights.values(), same.weights.values())


def test_currents_follow_other_connections() -> None:
    synapses = synapses_with(WeightInitializer("rand", density=0.5), SparseDendriticInput())
    synapses.network.simulate_iterations(2)
    (current,) = (item for item in synapses.behavior.values() if hasattr(item, "current"))

    synapses.weights = by_source(torch.tril(torch.ones(8, 6)).to_sparse())
    synapses.pre_spike.fill_(True)
    current.forward(synapses)

    assert synapses.I.tolist() == [8.0, 7.0, 6.0, 5.0, 4.0, 3.0]


def test_weights_of_another_size_are_refused() -> None:
    with pytest.raises(StructureError, match=r"\(8, 6\)"):
        synapses_with(WeightInitializer(weights=torch.eye(5).to_sparse()))
