"""A failure in the middle of an iteration: told, kept in a state, gone on from, left."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conex_core import (
    LIF,
    Behavior,
    Fire,
    InherentNoise,
    Neocortex,
    NeuronGroup,
    Recorder,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    StructureError,
)
from conex_core.behaviors.recording.rows import FileRows
from conex_core.errors import BehaviorError, FileError
from conex_core.run.session import Session
from conex_core.state import State
from tests.run.engine.nets import Recipe, made, recipes, same
from tests.tiny_network import CLASSES, network_with

ENGINES = ("reference", "fused")


class Breaks(Behavior):
    """Fail in iteration 5, unless it was mended."""

    priority = 290
    catalogued = False
    is_mended = False

    def forward(self, owner: Any) -> None:
        if owner.network.iteration == 5 and not self.is_mended:
            raise ZeroDivisionError("there is no fifth time")


def network(engine: str = "auto") -> tuple[Neocortex, Breaks]:
    net = Neocortex(seed=2, engine=engine)
    breaks = Breaks()
    NeuronGroup(net, 30, [LIF(), InherentNoise(scale=9.0), breaks, Fire(), Recorder("v")], "exc")
    net.initialize()
    return net, breaks


def break_at(net: Neocortex, run: Callable[[], object]) -> None:
    with pytest.raises(BehaviorError, match=r"Breaks.*iteration 5.*no fifth time"):
        run()
    assert (net.iteration, net.completed) == (5, 4)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    recipe=recipes(),
    place=st.tuples(st.integers(0, 20), st.integers(0, 700)),
    engine=st.sampled_from(ENGINES),
)
def test_a_mended_run_equals_one_without_the_failure(
    recipe: Recipe, place: tuple[int, int], engine: str, tmp_path: Path
) -> None:
    whole, broken, loaded = (breaking(recipe, place, engine) for _ in range(3))
    whole[1].is_mended = True
    whole[0].simulate_iterations(12)

    break_at(broken[0], lambda: broken[0].simulate_iterations(9))
    broken[0].state().save(tmp_path / "a.safetensors")
    for net, breaks in (broken, loaded):
        if net is loaded[0]:
            net.restore(State.load(tmp_path / "a.safetensors"))
        assert str(net.unfinished).startswith("inside iteration 5, at Breaks of ")
        breaks.is_mended = True
        net.simulate_iterations(8)

        assert (net.iteration, net.completed, net.unfinished) == (12, 12, None)
        same(net, whole[0])


def breaking(recipe: Recipe, place: tuple[int, int], engine: str) -> tuple[Neocortex, Breaks]:
    net, breaks = made(recipe, engine), Breaks()
    owners = net.all_objects()
    owners[place[0] % len(owners)].add_behavior(place[1], breaks)
    return net, breaks


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_behavior_goes_on_in_the_middle_of_an_iteration(name: str, tmp_path: Path) -> None:
    whole, _, _ = network_with(CLASSES[name])
    whole.initialize(warnings=False)
    whole.simulate_iterations(9)
    for place in range(len(whole.sorted_behavior_execution_list)):
        first, again = network_with(CLASSES[name])[0], network_with(CLASSES[name])[0]
        first.initialize(warnings=False)
        _, _, behavior = first.sorted_behavior_execution_list[place]
        if behavior.empty_iteration_function:
            continue
        first.simulate_iterations(4)
        first._settle()
        first.loop.run_before(behavior)
        first.state().save(tmp_path / "a.safetensors")

        again.restore(State.load(tmp_path / "a.safetensors"))
        again.simulate_iterations(5)

        same(again, whole)


def test_a_failure_and_a_state_say_where_they_stand() -> None:
    net, _ = network()

    break_at(net, lambda: net.simulate_iterations(9))

    assert str(net.unfinished) == "inside iteration 5, at Breaks of exc"
    assert net.state().unfinished == ("exc", "Breaks[0]")


@pytest.mark.parametrize("engine", ENGINES)
def test_going_on_fails_again_at_the_same_place_until_it_is_mended(engine: str) -> None:
    net, breaks = network(engine)
    for _ in range(3):
        break_at(net, lambda: net.simulate_iterations(9))
    breaks.is_mended = True

    net.simulate_iterations(1)

    assert (net.iteration, net.completed) == (5, 5)
    assert net["v", 0].shape[0] == 5


@pytest.mark.parametrize("mend", ["replace", "remove", "disable"])
def test_a_behavior_may_be_exchanged_before_going_on(mend: str) -> None:
    whole, never = network()
    never.is_mended = True
    whole.simulate_iterations(9)
    net, breaks = network()
    break_at(net, lambda: net.simulate_iterations(9))

    if mend == "disable":
        breaks.behavior_enabled = False
    else:
        net.exc.remove_behavior(breaks)
    if mend == "replace":
        better = Breaks()
        better.is_mended = True
        net.exc.add_behavior(290, better)
    net.simulate_iterations(5)

    torch.testing.assert_close(net["v", 0], whole["v", 0], rtol=0, atol=0)
    assert net.completed == 9


def test_reset_leaves_an_iteration() -> None:
    net, breaks = network()
    break_at(net, lambda: net.simulate_iterations(9))
    breaks.is_mended = True

    net.reset()

    assert (net.iteration, net.unfinished) == (0, None)
    net.simulate_iterations(9)
    assert net["v", 0].shape[0] == 9


def test_restore_leaves_an_iteration() -> None:
    net, _ = network()
    net.simulate_iterations(2)
    state = net.state()
    break_at(net, lambda: net.simulate_iterations(9))

    net.restore(state)

    assert (net.iteration, net.completed, net.unfinished) == (2, 2, None)


def test_a_state_that_stopped_at_an_unknown_behavior_is_refused() -> None:
    net, _ = network()
    break_at(net, lambda: net.simulate_iterations(9))
    state = net.state()
    wrong = State(state.values, 5, 1.0, None, {}, ("exc", "Breaks[7]"))

    with pytest.raises(StructureError, match=r"stopped at Breaks\[7\] of exc"):
        net.restore(wrong)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_session_goes_on_with_the_same_counts_and_hash(engine: str) -> None:
    whole, never = network(engine)
    never.is_mended = True
    expected = Session(whole).run(9)
    net, breaks = network(engine)
    session = Session(net)

    break_at(net, lambda: session.run(9))
    partial = session.result()
    status = session.status()
    breaks.is_mended = True
    result = session.run(5)

    assert (partial.steps, partial.iterations) == (4, ((1, 4),))
    assert str(status.unfinished) == "inside iteration 5, at Breaks of exc"
    assert (result.steps, result.iterations, result.groups) == (9, ((1, 9),), expected.groups)
    assert result.spike_hash == expected.spike_hash
    assert (session.status().error, session.status().unfinished) == (None, None)


def test_an_initialisation_that_fails_leaves_no_network_that_seems_ready() -> None:
    net, _ = network()
    net.simulate_iterations(3)
    original = LIF.initialize
    LIF.initialize = lambda self, owner: 1 / 0  # type: ignore[method-assign,assignment]
    try:
        with pytest.raises(BehaviorError, match="while initialising"):
            net.reset()
    finally:
        LIF.initialize = original  # type: ignore[method-assign]

    with pytest.raises(StructureError, match="not ready to run"):
        net.simulate_iterations(1)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_disk_that_was_full_for_a_while_takes_no_row(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conex_core.behaviors.recording.rows._FILE_BYTES", 1200)
    net = recorded(engine, tmp_path / "net")
    net.simulate_iterations(7)
    written = FileRows.flush

    def full(rows: FileRows) -> None:
        raise FileError(rows.path, "cannot be written (No space left on device)")

    monkeypatch.setattr(FileRows, "flush", full)
    for _ in range(2):
        with pytest.raises(BehaviorError, match=r"Recorder .*No space left"):
            net.simulate_iterations(43)
    monkeypatch.setattr(FileRows, "flush", written)
    net.simulate_iterations(10)
    whole = recorded(engine, tmp_path / "whole")
    whole.simulate_iterations(net.completed)

    for name in ("v", "I"):
        torch.testing.assert_close(net[name, 0], whole[name, 0], rtol=0, atol=0)
    assert net["v", 0].shape == (net.iteration, 30)


def recorded(engine: str, path: Path) -> Neocortex:
    net = Neocortex(seed=2, engine=engine)
    stack = [SimpleDendriteStructure(), SimpleDendriteComputation(), LIF()]
    stack += [InherentNoise(scale=9.0), Fire(), Recorder(["v", "I"], path=str(path))]
    NeuronGroup(net, 30, stack, "exc")
    net.initialize()
    return net


class Keeps(Behavior):
    """Do something with the network in the middle of iteration 5, as a checkpoint would."""

    catalogued = False

    def __init__(self, act: Callable[[Neocortex], object]) -> None:
        super().__init__()
        self.__dict__["act"] = act

    def forward(self, owner: Any) -> None:
        if owner.network.iteration == 5:
            self.act(owner.network)


def by_pickle(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


class Forks:
    """Keep a copy of the network."""

    def __init__(self, way: Callable[[Any], Any]) -> None:
        self.way, self.made = way, list[Neocortex]()

    def __call__(self, net: Neocortex) -> None:
        self.made.append(self.way(net))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("priority", [100, 265, 335, 345, 700])
def test_a_state_that_a_behavior_takes_goes_on_behind_it(engine: str, priority: int) -> None:
    states: list[State] = []
    net, whole = (
        keeping(engine, priority, act) for act in (lambda n: states.append(n.state()), id)
    )
    for each in (net, whole):
        each.simulate_iterations(12)

    for again in (keeping(engine, priority, id), keeping("reference", priority, id)):
        again.restore(states[0])
        again.simulate_iterations(12 - again.completed)
        same(again, whole)
    same(net, whole)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("priority", [100, 345, 700])
@pytest.mark.parametrize("way", [copy.deepcopy, by_pickle])
def test_a_copy_that_a_behavior_makes_goes_on_behind_it(
    engine: str, priority: int, way: Callable[[Any], Any]
) -> None:
    forks = Forks(way)
    net, whole = keeping(engine, priority, forks), keeping(engine, priority, id)
    for each in (net, whole):
        each.simulate_iterations(12)

    (twin,) = forks.made
    assert twin.iteration == 5
    twin.simulate_iterations(12 - twin.completed)
    same(twin, whole)
    same(net, whole)


class FailsToo:
    """Fail where a batch ends."""

    def attach(self, session: Session) -> None:
        pass

    def sample(self, iteration: int) -> None:
        pass

    def flush(self, iteration: int) -> None:
        raise OSError("no room for figures")


def test_a_probe_that_fails_after_a_behavior_hides_it_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    session = Session(network("reference")[0])
    session.attach(FailsToo())

    with pytest.raises(BehaviorError, match=r"Breaks.*iteration 5"):
        session.run(9)

    assert "no room for figures" in caplog.text


@pytest.mark.parametrize("engine", ENGINES)
def test_a_behavior_that_removes_itself_and_fails_is_told(engine: str) -> None:
    def leave(net: Neocortex) -> None:
        net.exc.remove_behavior(300)
        raise ZeroDivisionError("gone for good")

    net = keeping(engine, 300, leave)
    whole = keeping(engine, 300, lambda net: net.exc.remove_behavior(300))

    with pytest.raises(BehaviorError, match=r"Keeps.*iteration 5.*gone for good"):
        net.simulate_iterations(12)
    for each in (net, whole):
        each.simulate_iterations(12 - each.completed)
    same(net, whole)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("act", "told"),
    [
        (Neocortex.reset, "be reset"),
        (Neocortex.initialize, "be initialised"),
        (lambda net: net.restore(net.state()), "be restored"),
        (lambda net: net.simulate_iterations(1), "be run"),
        (lambda net: net.simulate_iteration(True), "be run"),
    ],
)
def test_what_has_to_wait_for_the_end_of_an_iteration_is_refused(
    engine: str, act: Callable[[Neocortex], object], told: str
) -> None:
    net = keeping(engine, 300, act)

    with pytest.raises(BehaviorError, match=f"cannot {told} while Keeps runs"):
        net.simulate_iterations(9)

    assert net.completed == 4


def keeping(engine: str, priority: int, act: Callable[[Neocortex], object]) -> Neocortex:
    net, breaks = network(engine)
    breaks.is_mended = True
    net.exc.add_behavior(priority, Keeps(act))
    return net
