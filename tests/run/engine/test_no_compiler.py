"""The compiler takes half a second to load: it is not, where no behavior has a kernel."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from conex_core import LIF, Behavior, Fire, Neocortex, NeuronGroup, Recorder
from conex_core.behaviors.recording import EventRecorder
from conex_core.run.engine import lowering, obstacle

SCRIPT = """
import sys
from conex_core import *
from conex_core.run.session import Session

class Ramp(Behavior):
    def initialize(self, group):
        group.v = group.vector(0.0)
    def forward(self, group):
        group.v += 1

net = Network()
group = NeuronGroup(net, 4, {1: Ramp(), 8: Recorder(["v"]), 9: EventRecorder(["v"])}, "cells")
SynapseGroup(net, group, group)
net.initialize()
net.simulate_iterations(3)
Session(net).run(3).summary()
assert net["v", 0].shape == (6, 4)
sys.exit("numba" in sys.modules)
"""


class Ramp(Behavior):
    def initialize(self, owner: Any) -> None:
        owner.x = owner.vector(0.0)

    def forward(self, owner: Any) -> None:
        owner.x += 1


class Leak(LIF):
    pass


def why_not(engine: str, *behaviors: Behavior) -> str:
    network = Neocortex(engine=engine)
    NeuronGroup(network, 2, dict(enumerate(behaviors)))
    return obstacle(network)


def test_a_run_of_ones_own_behaviors_and_recorders_loads_no_compiler() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.parametrize("behaviors", [(), (Ramp(),), (Ramp(), Recorder(["x"])), (Leak(),)])
def test_without_a_behavior_of_ours_nothing_has_a_kernel(behaviors: tuple[Behavior, ...]) -> None:
    assert why_not("auto", *behaviors) == "none of its behaviors has a kernel"


def test_one_of_ours_or_the_wish_for_kernels_is_enough() -> None:
    assert why_not("auto", Ramp(), LIF(), Fire()) == ""
    assert why_not("fused", Ramp()) == ""


def test_every_class_with_a_kernel_is_one_that_is_looked_for() -> None:
    kinds = lowering._table("LOWERINGS").keys()

    assert len(kinds) > 30
    assert {EventRecorder, Recorder} & kinds
    assert all(kind.__module__.startswith("conex_core.behaviors.") for kind in kinds)
