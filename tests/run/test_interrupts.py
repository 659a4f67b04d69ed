"""Ctrl-C: a whole number of iterations, whoever runs them, and a run that goes on exactly."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from conex_core import LIF, Behavior, Fire, InherentNoise, Neocortex, NeuronGroup, Recorder
from conex_core.run.probe import SpikeRecord
from conex_core.run.session import Session
from tests.run.engine.nets import same


class Presses(Behavior):
    """Press Ctrl-C in the middle of iteration 5, as often as is said."""

    priority = 290
    catalogued = False
    times = 1

    def forward(self, owner: Any) -> None:
        if owner.network.iteration == 5:
            times, self.times = self.times, 0
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)
            owner.v += 0.5


def network(engine: str, times: int = 1) -> tuple[Neocortex, Presses]:
    net = Neocortex(seed=2, engine=engine)
    presses = Presses()
    presses.times = times
    stack = [LIF(), InherentNoise(scale=9.0), presses, Fire(), Recorder("v")]
    NeuronGroup(net, 30, stack, "exc")
    net.initialize()
    return net, presses


def by_iterations(net: Neocortex) -> Callable[[int], object]:
    return net.simulate_iterations


def one_by_one(net: Neocortex) -> Callable[[int], object]:
    return lambda steps: [net.simulate_iteration() for _ in range(steps)]


def measured(net: Neocortex) -> Callable[[int], object]:
    return lambda steps: [net.simulate_iteration(True) for _ in range(steps)]


def by_session(net: Neocortex) -> Callable[[int], object]:
    return Session(net).run


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Hear Ctrl-C, which what a shell starts in the background ignores."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


WAYS = [by_iterations, one_by_one, measured, by_session]


@pytest.mark.parametrize("engine", ["reference", "fused"])
@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_ends_after_the_iteration_and_the_run_goes_on(
    way: Callable[[Neocortex], Callable[[int], object]], engine: str
) -> None:
    whole = network(engine, times=0)[0]
    whole.simulate_iterations(12)
    net = network(engine)[0]
    run = way(net)

    with pytest.raises(KeyboardInterrupt):
        run(9)

    assert (net.iteration, net.completed, net["v", 0].shape[0]) == (5, 5, 5)
    run(7)
    same(net, whole)
    torch.testing.assert_close(net["v", 0], whole["v", 0], rtol=0, atol=0)


@pytest.mark.parametrize("engine", ["reference", "fused"])
def test_a_second_ctrl_c_ends_a_behavior_that_does_not_come_back(engine: str) -> None:
    whole = network(engine, times=0)[0]
    whole.simulate_iterations(12)
    net = network(engine, times=2)[0]

    with pytest.raises(KeyboardInterrupt):
        net.simulate_iterations(9)

    assert str(net.unfinished) == "inside iteration 5, at Presses of exc"
    net.simulate_iterations(8)
    same(net, whole)


@pytest.mark.parametrize("engine", ["reference", "fused"])
def test_an_interrupted_session_counts_what_it_ran(engine: str) -> None:
    expected = Session(network(engine, times=0)[0]).run(12)
    session = Session(network(engine)[0])
    record = SpikeRecord(session.groups["exc"])
    session.attach(record)

    with pytest.raises(KeyboardInterrupt):
        session.run(9)
    partial = session.result(interrupted=True)
    result = session.run(7)

    assert (partial.steps, partial.iterations) == (5, ((1, 5),))
    assert (result.steps, result.spike_hash) == (12, expected.spike_hash)
    assert len(record.t) == expected.groups[0].spikes


def test_ctrl_c_in_a_run_without_python_ends_it_soon() -> None:
    net = Neocortex(seed=2, engine="fused")
    NeuronGroup(net, 200, [LIF(), InherentNoise(scale=9.0), Fire(), Recorder("v")], "exc")
    net.initialize()
    net.simulate_iterations(10)
    timer = threading.Timer(0.1, signal.raise_signal, (signal.SIGINT,))
    timer.start()

    with pytest.raises(KeyboardInterrupt):
        net.simulate_iterations(10**9)
    timer.join()

    assert net["v", 0].shape[0] == net.iteration == net.completed > 10
    again = Neocortex(seed=2, engine="fused")
    NeuronGroup(again, 200, [LIF(), InherentNoise(scale=9.0), Fire(), Recorder("v")], "exc")
    again.initialize()
    again.simulate_iterations(net.iteration)
    same(net, again)


def test_a_handler_of_ones_own_is_called_between_two_iterations() -> None:
    seen: list[int] = []
    net = network("reference")[0]
    before = signal.signal(signal.SIGINT, lambda *_: seen.append(net.completed))
    try:
        net.simulate_iterations(9)
    finally:
        signal.signal(signal.SIGINT, before)

    assert (seen, net.completed) == ([5], 9)
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_during_another_thread_s_run_is_not_held() -> None:
    net = network("reference", times=0)[0]
    thread = threading.Thread(target=net.simulate_iterations, args=(9,))

    thread.start()
    thread.join()

    assert net.completed == 9


SCRIPT = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
import conex_core as c
from conex_core.run.session import Session
from conex_core.run.probe import SpikeRecord

def made():
    net = c.Neocortex(seed=2, engine=sys.argv[1])
    stack = [c.LIF(), c.InherentNoise(scale=9.0), c.Fire(), c.Recorder("v")]
    c.NeuronGroup(net, 300, stack, "exc")
    net.initialize()
    return net

net = made()
session = Session(net)
record = SpikeRecord(session.groups["exc"])
session.attach(record)
presses = 0
print("ready", flush=True)
while presses < 6:
    try:
        if presses % 2:
            session.run(10**7)
        else:
            while True:
                session.run(3)
    except KeyboardInterrupt:
        presses += 1
        result = session.result()  # a press after the run, before the next one, is as good
        assert net.completed == net.iteration == result.steps == net["v", 0].shape[0]
        assert len(record.t) == result.groups[0].spikes
        print("pressed", flush=True)
whole = Session(made()).run(net.iteration)
assert whole.spike_hash == session.spike_hash()
print("whole", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C of a process needs a console there")
@pytest.mark.parametrize("engine", ["reference", "auto"])
def test_presses_at_any_moment_leave_whole_iterations(engine: str) -> None:
    command = [sys.executable, "-c", SCRIPT, engine]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = iter(child.stdout.readline, "")
        assert next(told) == "ready\n"
        for press in range(6):
            time.sleep(0.02 * (press + 1))  # any moment is right
            child.send_signal(signal.SIGINT)
            assert next(told) == "pressed\n"
        assert [*told] == ["whole\n"]

    assert child.returncode == 0


@pytest.mark.parametrize("given", ["progress", "stop", "command"])
def test_a_second_ctrl_c_ends_a_callback_that_does_not_come_back(given: str) -> None:
    def endless(*_: object) -> bool:
        for _ in range(2):
            signal.raise_signal(signal.SIGINT)
        raise AssertionError("came back")

    expected = Session(network("reference", times=0)[0]).run(12)
    session = Session(network("reference", times=0)[0])
    session.run(5)

    callbacks: dict[str, Any] = {} if given == "command" else {given: endless}
    if given == "command":
        session.post(endless)

    with pytest.raises(KeyboardInterrupt):
        session.run(1, **callbacks)

    assert session.network.unfinished is None
    result = session.run(12 - session.network.completed)
    assert (result.iterations, result.spike_hash) == (((1, 12),), expected.spike_hash)
