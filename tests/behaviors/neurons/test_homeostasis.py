"""Homeostasis: per-neuron thresholds, validated settings."""

from __future__ import annotations

import pytest
import torch

from conex_core import (
    LIF,
    ActivityBaseHomeostasis,
    Fire,
    Neocortex,
    NeuronGroup,
    VoltageBaseHomeostasis,
)
from conex_core.errors import ParameterError


def test_silent_neurons_become_easier_to_excite() -> None:
    rule = ActivityBaseHomeostasis(activity_rate=1, window_size=10, updating_rate=0.5)
    first, second = (
        NeuronGroup(network, 2, [LIF(threshold=torch.tensor([-50.0])), Fire(), rule])
        for network, rule in ((Neocortex(), rule), (Neocortex(), ActivityBaseHomeostasis()))
    )
    for group in (first, second):
        group.network.initialize()
        group.network.simulate_iterations(10)

    torch.testing.assert_close(first.threshold, torch.full((2,), -50 - 0.5 * 10 / 9))
    assert second.threshold.tolist() == [-50.0, -50.0]


@pytest.mark.parametrize("dt", [1.0, 0.5])
def test_exhaustion_pulls_the_potential_back(dt: float) -> None:
    rule = VoltageBaseHomeostasis(max_ta=-60.0, min_ta=-70.0, eta_ip=0.01)
    group = NeuronGroup(Neocortex(dt=dt), 1, [LIF(v_rest=-55.0, threshold=0.0), rule, Fire()])
    group.network.initialize()

    group.network.simulate_iterations(round(5 / dt))

    assert float(group.v) < -55.0
    assert float(group.exhaustion) > 0


def test_a_rate_above_the_window_is_refused() -> None:
    with pytest.raises(ParameterError, match="below window_size"):
        ActivityBaseHomeostasis(activity_rate=10, window_size=10)


def test_a_range_must_be_given() -> None:
    with pytest.raises(ParameterError, match="both max_ta and min_ta"):
        VoltageBaseHomeostasis(max_ta=1.0)
