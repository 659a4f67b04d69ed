"""Weights of an excitatory group that have become negative are seen."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from conex_core import Neocortex, NeuronGroup, SynapseGroup
from conex_core.behaviors.synapses.signs import crossed_zero
from conex_core.behaviors.synapses.storage import by_source


def _synapses(weights: torch.Tensor | None, **given: Any) -> SynapseGroup:
    net = Neocortex()
    made = SynapseGroup(net, NeuronGroup(net, 2, **given), NeuronGroup(net, 2), "feed")
    if weights is not None:
        made.weights = weights
    return made


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize(("lowest", "crossed"), [(-0.1, True), (0.0, False)])
def test_a_weight_below_zero_is_seen(lowest: float, crossed: bool, sparse: bool) -> None:
    weights = torch.tensor([[0.5, lowest], [0.3, 0.2]])

    assert crossed_zero(_synapses(by_source(weights.to_sparse()) if sparse else weights)) is crossed


def test_inhibitory_groups_and_those_without_weights_are_not_meant() -> None:
    assert not crossed_zero(_synapses(torch.full((2, 2), -1.0), polarity="inhibitory"))
    assert not crossed_zero(_synapses(None))
    assert not crossed_zero(_synapses(torch.zeros(0, 2)))
