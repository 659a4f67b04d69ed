"""Groups that are made after initialize: refused in words, on both engines."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from conex_core import (
    LIF,
    ConexError,
    Fire,
    InherentNoise,
    InputLayer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PreSpikeCatcher,
    Recorder,
    StructureError,
    SynapseGroup,
    SynapseInit,
)
from conex_core.run.session import Session

ENGINES = pytest.mark.parametrize("engine", ["reference", "auto"])


def started(engine: str) -> Neocortex:
    network = Neocortex(seed=1, engine=engine)
    NeuronGroup(network, 3, [LIF(), InherentNoise(), Fire(), NeuronAxon()], "a")
    network.initialize()
    network.simulate_iterations(5)
    return network


LATE: dict[str, Callable[[Neocortex], object]] = {
    "group": lambda net: NeuronGroup(net, 3, [LIF(), Fire()], "late"),
    "synapses": lambda net: SynapseGroup(
        net, "a", "a", "late,Proximal", [SynapseInit(), PreSpikeCatcher()]
    ),
    "layer": lambda net: InputLayer(net, [], tag="late"),
}


@ENGINES
@pytest.mark.parametrize("make", LATE.values(), ids=LATE.keys())
def test_what_is_made_after_initialize_is_refused_in_words(
    engine: str, make: Callable[[Neocortex], object]
) -> None:
    network = started(engine)
    make(network)

    with pytest.raises(StructureError, match=r"late: was made after initialize.*call initialize"):
        network.simulate_iterations(3)

    assert network.iteration == 5


@ENGINES
def test_a_session_refuses_it_too(engine: str) -> None:
    network = started(engine)
    NeuronGroup(network, 3, [LIF(), Fire()], "late")

    with pytest.raises(ConexError, match="late: was made after initialize"):
        Session(network).run(3)


@ENGINES
def test_initialize_takes_it_in(engine: str) -> None:
    network = started(engine)
    NeuronGroup(network, 3, [LIF(), Fire()], "late")

    network.initialize()
    network.simulate_iterations(3)

    assert network.iteration == 3


@ENGINES
def test_a_behavior_may_come_later(engine: str) -> None:
    network = started(engine)
    network.a.add_behavior(600, Recorder("v"))

    network.simulate_iterations(3)

    assert len(network.a["v", 0]) == 3


@ENGINES
def test_a_copy_of_a_started_network_runs(engine: str) -> None:
    network = started("reference")
    network.engine = engine

    other = copy.deepcopy(network)
    other.simulate_iterations(3)

    assert other.iteration == 8
