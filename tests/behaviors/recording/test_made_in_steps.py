"""Recorders wait for variables that steps make, and read mean, sum and the like of one."""

from __future__ import annotations

import copy
import logging
from typing import Any

import pytest
import torch
from pymonntorch import Behavior as Foreign

from conex_core import LIF, Behavior, EventRecorder, Fire, InherentNoise, Neocortex, NeuronGroup
from conex_core import Recorder as Plain
from conex_core.errors import UnknownName
from conex_core.run.session import Session
from tests.behaviors.counting_group import N, group_with, steps


def blinking(base: type, since: int = 1) -> Any:
    """Return a behavior that makes ``late`` and ``spikes`` in its step ``since``."""

    class Blink(base):  # type: ignore[misc, valid-type]
        def forward(self, group: Any) -> None:
            now = group.network.iteration
            if now >= since:
                group.late = torch.full((2,), float(now))
                group.spikes = torch.tensor([now % 2 == 0, False])

    return Blink()


def network_of(*behaviors: Any, engine: str = "auto") -> Neocortex:
    network = Neocortex(engine=engine)
    NeuronGroup(network, 2, dict(enumerate(behaviors, start=1)), tag="cells")
    network.initialize()
    return network


# Variables that steps make


@pytest.mark.parametrize("engine", ["auto", "reference"])
@pytest.mark.parametrize("base", [Behavior, Foreign])
@pytest.mark.parametrize("since", [1, 3])
def test_a_variable_has_rows_from_the_first_step_that_makes_it(
    base: type, since: int, engine: str
) -> None:
    recorders = Plain("late"), EventRecorder("spikes")
    network = network_of(blinking(base, since), *recorders, engine=engine)

    network.simulate_iterations(6)

    assert network["late", 0][:, 0].tolist() == list(range(since, 7))
    assert network["spikes.t", 0].tolist() == [at for at in (2, 4, 6) if at >= since]


def test_recorders_that_wait_go_with_kernels(caplog: pytest.LogCaptureFixture) -> None:
    def recorded(engine: str) -> torch.Tensor:
        network = Neocortex(engine=engine, seed=1)
        own = {100: blinking(Foreign), 600: Plain("late")}
        NeuronGroup(network, 2, own, tag="own")
        stack = [LIF(), InherentNoise(scale=9), Fire(), EventRecorder("spikes")]
        NeuronGroup(network, 9, stack, tag="ours")
        network.initialize()
        network.simulate_iterations(50)
        return torch.cat([network["late", 0].flatten(), network.ours["spikes", 0].flatten()])

    assert torch.equal(recorded("auto"), recorded("reference"))


def test_what_never_comes_is_said_at_the_end_of_a_run(caplog: pytest.LogCaptureFixture) -> None:
    network = network_of(blinking(Behavior), Plain("lat"))

    with caplog.at_level(logging.WARNING):
        network.simulate_iterations(3)

    assert len(caplog.messages) == 1
    assert "Recorder on cells has recorded nothing of 'lat'" in caplog.messages[0]
    assert "Did you mean 'late'?" in caplog.messages[0]


def test_a_session_says_it_too(caplog: pytest.LogCaptureFixture) -> None:
    network = network_of(blinking(Behavior), Plain("lat"))

    with caplog.at_level(logging.WARNING):
        Session(network).run(3)

    assert "Did you mean 'late'?" in caplog.text


def test_what_never_comes_is_said_where_it_is_read_and_in_the_check() -> None:
    network = network_of(blinking(Behavior), Plain("lat"))
    before = network["lat", 0]
    network.simulate_iteration()

    assert len(before) == 0
    assert [item.code for item in network.check()] == ["never-made"]
    with pytest.raises(UnknownName, match=r"variable of cells 'lat'\. Did you mean 'late'"):
        network["lat", 0]


def test_nothing_is_said_of_what_came_late(caplog: pytest.LogCaptureFixture) -> None:
    network = network_of(blinking(Behavior, since=3), Plain("late"))

    with caplog.at_level(logging.WARNING):
        network.simulate_iterations(5)

    assert caplog.messages == []
    assert network.check() == []


def test_a_copy_of_a_waiting_recorder_waits_too() -> None:
    network = network_of(blinking(Behavior, since=3), Plain("late"))
    network.simulate_iterations(1)
    twin = copy.deepcopy(network)

    twin.simulate_iterations(3)

    assert twin["late", 0][:, 0].tolist() == [3, 4]


# Mean, sum, std, min and max of one variable


WAYS = ["torch.{0}(n.{1})", "n.{1}.{0}()", "{0}({1})", " torch.{0}( {1} ) ", "{0}(neurons.{1})"]
VALUES = torch.arange(N) + 10.0


@pytest.mark.parametrize("way", [*WAYS, "np.{0}(n.{1})", "numpy.{0}(s.{1})"])
@pytest.mark.parametrize("name", ["mean", "sum", "min", "max"])
def test_one_number_of_a_variable_is_read_however_it_is_written(way: str, name: str) -> None:
    asked = way.format(name, "v")
    group = group_with(Plain([asked]))

    steps(group, 2)

    expected = [float(getattr(VALUES + later, name)()) for later in (0, 10)]
    assert group[asked, 0].tolist() == expected
    assert group[f"{name}(v)", 0].tolist() == expected


@pytest.mark.parametrize("way", WAYS)
def test_std_is_that_of_torch(way: str) -> None:
    group = group_with(Plain([way.format("std", "v")]))

    steps(group, 1)

    assert group["std(v)", 0].tolist() == [float(VALUES.std())]


def test_spikes_and_matrices_have_a_mean_as_well() -> None:
    group = group_with(Plain(["torch.mean(n.spikes)", "sum(n.spikes)", "mean(n.matrix)"]))

    steps(group, 3)

    assert group["mean(spikes)", 0].tolist() == [0.25, 0.25, 0.5]
    assert group["sum(spikes)", 0].tolist() == [1, 1, 2]
    assert group["mean(matrix)", 0].tolist() == [0, 0, 0]


def test_a_variable_and_its_mean_stand_beside_each_other() -> None:
    group = group_with(Plain("n.v, torch.mean(n.v)", auto_annotate=False))

    steps(group, 2)

    assert group["n.v", 0].shape == (2, N)
    assert group["torch.mean(n.v)", 0].shape == (2,)


def test_the_mean_of_a_variable_may_come_late_too() -> None:
    network = network_of(blinking(Behavior, since=2), Plain("mean(late)"))

    network.simulate_iterations(3)

    assert network["mean(late)", 0].tolist() == [2, 3]


def test_a_mean_goes_to_a_file_of_its_own(tmp_path: Any) -> None:
    group = group_with(Plain(["v", "mean(v)"], path=str(tmp_path)))

    steps(group, 2)

    assert group["mean(v)", 0].tolist() == [11.5, 21.5]
    assert {path.name for path in tmp_path.iterdir()} == {"cells.v.npy", "cells.mean-v.npy"}
