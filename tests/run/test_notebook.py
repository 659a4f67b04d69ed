"""A session as it is typed in a notebook: interrupted, looked at, reset, copied, compared."""

from __future__ import annotations

import copy
import signal
import threading
from collections.abc import Iterator

import pytest
import torch

from conex_core import (
    LIF,
    Fire,
    InherentNoise,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
    Recorder,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SimpleSTDP,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
)
from conex_core.run.session import Session


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Hear Ctrl-C, which what a shell starts in the background ignores."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def built(engine: str) -> Neocortex:
    net = Neocortex(seed=4, engine=engine)
    neuron = [SimpleDendriteStructure(), SimpleDendriteComputation(), LIF()]
    neuron += [InherentNoise(scale=9.0), Fire(), NeuronAxon(), Recorder("v")]
    exc = NeuronGroup(net, 40, neuron, "exc")
    stack = [SynapseInit(), PreSpikeCatcher(), PostSpikeCatcher(), PreTrace(), PostTrace()]
    stack += [WeightInitializer(mode="rand"), SimpleDendriticInput()]
    rule = SimpleSTDP(a_plus=0.01, a_minus=0.01, w_max=1.0, clip=True)
    SynapseGroup(net, exc, exc, "loop,Proximal", [*stack, rule])
    return net


def hash_of(steps: int, engine: str) -> str:
    return Session(built(engine)).run(steps).spike_hash


@pytest.mark.parametrize("engine", ["reference", "auto"])
def test_rates_hashes_and_records_are_right_at_each_step(engine: str) -> None:
    net = built(engine)
    session = Session(net)
    session.run(5)
    timer = threading.Timer(0.1, signal.raise_signal, (signal.SIGINT,))
    timer.start()

    with pytest.raises(KeyboardInterrupt):
        session.run(10**8)
    timer.join()
    looked = session.result(interrupted=True)
    upto = net.iteration
    assert (looked.steps, looked.iterations) == (upto, ((1, upto),))
    assert net["v", 0].shape == (upto, 40)

    gone_on = session.run(50)
    assert gone_on.steps == upto + 50
    assert gone_on.spike_hash == hash_of(upto + 50, engine)
    rate = gone_on.groups[0].spikes / 40 / ((upto + 50) / 1000)
    assert gone_on.groups[0].mean_rate_hz == pytest.approx(rate)

    net.reset()
    again = session.run(60)
    assert (again.steps, again.spike_hash) == (60, hash_of(60, engine))
    assert net["v", 0].shape == (60, 40)

    twin = copy.deepcopy(session)
    trained = twin.run(60)
    assert (net.iteration, twin.network.iteration) == (60, 120)
    assert trained.spike_hash == hash_of(120, engine)
    assert not torch.equal(net.SynapseGroups[0].weights, twin.network.SynapseGroups[0].weights)

    caught_up = session.run(60)
    assert caught_up.spike_hash == trained.spike_hash
    assert torch.equal(net.SynapseGroups[0].weights, twin.network.SynapseGroups[0].weights)
    torch.testing.assert_close(net["v", 0], twin.network["v", 0], rtol=0, atol=0)
