"""Inhibitory plasticity and sparse rules."""

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
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
    SimpleiSTDP,
    SimpleSTDP,
    SparseSTDP,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
)
from conex_core.errors import ParameterError, StructureError


def synapses_with(rule: Behavior, weights: Any, taus: tuple[float, float] = (20.0, 20.0)) -> Any:
    network = Neocortex(seed=1)
    ends = [NeuronGroup(network, 6, [Spiking(), NeuronAxon()], name) for name in ("src", "dst")]
    catchers = [PreSpikeCatcher(), PostSpikeCatcher(), PreTrace(taus[0]), PostTrace(taus[1])]
    stack = [SynapseInit(), WeightInitializer(weights=weights), *catchers, rule]
    synapses = SynapseGroup(network, *ends, "syn,Proximal", stack)
    network.initialize()
    return synapses


@pytest.mark.parametrize("bound", [None, "soft_bound"])
def test_sparse_and_dense_rules_agree_where_there_are_weights(bound: str | None) -> None:
    dense = torch.rand(6, 6) * (torch.rand(6, 6) < 0.5)
    sparse = dense.to_sparse()
    changes = {"a_plus": 0.1, "a_minus": 0.05, "positive_bound": bound, "negative_bound": bound}
    first = synapses_with(SimpleSTDP(**changes), dense)
    second = synapses_with(SparseSTDP(**changes), sparse)

    for synapses in (first, second):
        synapses.network.simulate_iterations(10)

    there = dense != 0
    torch.testing.assert_close(second.weights.to_dense()[there], first.weights[there])


def test_unequal_traces_need_an_explicit_aim() -> None:
    with pytest.raises(StructureError, match="give alpha"):
        synapses_with(SimpleiSTDP(), torch.ones(6, 6), taus=(10.0, 20.0))

    synapses_with(SimpleiSTDP(alpha=0.5), torch.ones(6, 6), taus=(10.0, 20.0))


def test_no_aim_is_refused() -> None:
    with pytest.raises(ParameterError, match="rho or alpha must be given"):
        SimpleiSTDP(rho=None)


@pytest.mark.parametrize(
    ("rule", "weights"),
    [(SparseSTDP(), torch.ones(6, 6)), (SimpleSTDP(), torch.eye(6).to_sparse())],
)
def test_a_rule_names_the_weights_it_needs(rule: Behavior, weights: torch.Tensor) -> None:
    with pytest.raises(StructureError, match=r"S.*STDP on syn needs"):
        synapses_with(rule, weights)
