"""Behaviors of users among kernels: what they may do, and what they are told."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from conex_core import Behavior, Neocortex, NeuronGroup, prioritize_behaviors
from conex_core.behaviors.neurons import LIF, Fire, InherentNoise, NeuronAxon
from conex_core.errors import BehaviorError
from conex_core.run.engine.report import report


class _Users(Behavior):
    priority = 270


class Rebinds(_Users):
    def forward(self, owner):
        owner.v = owner.v + 1.0


class Reshapes(_Users):
    def forward(self, owner):
        if owner.iteration == 3:
            owner.v = torch.zeros(5)


class Spoils(_Users):
    def forward(self, owner):
        if owner.iteration == 4:
            owner.v[2] = float("nan")


class Raises(_Users):
    def forward(self, owner):
        if owner.iteration == 5:
            raise RuntimeError("no such luck")


class WritesThroughNumpy(_Users):
    priority = 345

    def forward(self, owner):
        owner.spikes.numpy()[:] = np.arange(owner.size) % 2 == owner.iteration % 2


class TurnsTheThreshold(_Users):
    def forward(self, owner):
        owner.spiking_neuron.change_parameter(owner, "threshold", -60.0 - owner.iteration)


class SwitchesFire(_Users):
    def forward(self, owner):
        fire = next(item for item in owner.behavior.values() if isinstance(item, Fire))
        fire.behavior_enabled = owner.iteration % 3 != 0


def _network(behavior: Behavior, engine: str) -> Neocortex:
    net = Neocortex(seed=4, engine=engine)
    stack = [LIF(threshold=-58.0), InherentNoise(scale=6.0), Fire(), NeuronAxon(max_delay=3)]
    NeuronGroup(net, 20, prioritize_behaviors([*stack, behavior]), "exc")
    net.initialize()
    return net


@pytest.mark.parametrize("kind", [Rebinds, WritesThroughNumpy, TurnsTheThreshold, SwitchesFire])
def test_whatever_is_allowed_gives_the_same_numbers(kind):
    fused, reference = _network(kind(), "fused"), _network(kind(), "reference")

    for net in (fused, reference):
        net.simulate_iterations(12)

    assert torch.equal(fused.exc.v, reference.exc.v)
    assert torch.equal(fused.exc.axon.spike_history, reference.exc.axon.spike_history)
    assert report(fused).kernels == 4


@pytest.mark.parametrize(
    ("kind", "iteration", "told"),
    [
        (Reshapes, 3, "changed v from the shape (20,) to (5,)"),
        (Spoils, 4, "no numbers in exc.v"),
        (Raises, 5, "no such luck"),
    ],
)
def test_what_breaks_a_run_is_named_and_the_state_stays(kind, iteration, told):
    net = _network(kind(), "fused")

    with pytest.raises(BehaviorError) as caught:
        net.simulate_iterations(10)

    assert (caught.value.node, caught.value.behavior) == ("exc", kind.__name__)
    assert caught.value.iteration == iteration == net.iteration
    assert told in str(caught.value)
    assert net.exc.spikes.shape == (20,)


def test_the_report_says_why_python_is_called():
    lines = {line.behavior: line for line in report(_network(Raises(), "fused")).lines}

    assert lines["Raises"].reason == "there is no kernel for its class"
    assert not lines["LIF"].reason
