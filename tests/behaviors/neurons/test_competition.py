"""Winner-take-all among the neurons that reached their threshold."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from conex_core import KWTA, LIF, Fire, Neocortex, NeuronGroup


def winners(v: list[float], k: int, size: Any = None, **changes: Any) -> list[bool]:
    values: dict[str, Any] = {"threshold": 1.0, "v_reset": 0.0, "v_rest": 0.0, "tau": 1e9}
    dimension = changes.pop("dimension", None)
    neuron = LIF(init_v=torch.tensor(v), **{**values, **changes})
    group = NeuronGroup(
        Neocortex(), size or len(v), [neuron, KWTA(k=k, dimension=dimension), Fire()]
    )
    group.network.initialize()
    group.network.simulate_iteration()
    return [bool(item) for item in group.spikes]


def test_only_the_strongest_spike() -> None:
    assert winners([2.0, 5.0, 3.0, 0.0], k=2) == [False, True, True, False]


def test_fewer_candidates_than_k_all_spike() -> None:
    assert winners([2.0, 0.0, 3.0], k=3) == [True, False, True]


def test_only_candidates_are_ranked_by_their_own_threshold() -> None:
    found = winners([5.0, 3.0, 2.0], k=1, threshold=torch.tensor([10.0, 1.0, 1.0]))

    assert found == [False, True, False]


@pytest.mark.parametrize(
    ("dimension", "expected"),
    [
        (0, [True, True, True, True]),
        (1, [False, False, True, True]),
        (2, [False, True, False, True]),
    ],
)
def test_the_contest_may_be_held_along_one_axis(dimension: int, expected: list[bool]) -> None:
    found = winners([2.0, 3.0, 4.0, 5.0], k=1, size=(1, 2, 2), dimension=dimension)

    assert found == expected
