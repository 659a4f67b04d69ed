"""Recorders among kernels hold what they hold without."""

from __future__ import annotations

import pytest
import torch

from conex_core import Neocortex, NeuronGroup, prioritize_behaviors
from conex_core.behaviors.neurons import LIF, Fire, InherentNoise
from conex_core.behaviors.recording import EventRecorder, Recorder
from conex_core.run.engine.report import report


def _network(engine: str, size: int, **given) -> Neocortex:
    net = Neocortex(seed=2, engine=engine)
    stack = [LIF(threshold=-60.0), InherentNoise(scale=7.0), Fire()]
    recorders = [Recorder(variables=("v", "I"), **given), EventRecorder(variables="spikes")]
    NeuronGroup(net, size, prioritize_behaviors([*stack, *recorders]), "exc")
    net.initialize()
    return net


@pytest.mark.parametrize(("size", "given"), [(7, {}), (300, {"max_length": 40})])
def test_rows_and_events_are_the_same(size, given):
    fused, reference = _network("fused", size, **given), _network("reference", size, **given)

    for net in (fused, reference):
        net.simulate_iterations(1500)
        net.simulate_iterations(3, disable_recording=True)
        net.simulate_iterations(20)

    for name in ("v", "I", "spikes", "spikes.t"):
        assert torch.equal(fused.exc[name, 0], reference.exc[name, 0]), name
    mine, theirs = (
        [item for item in net.exc.behavior.values() if isinstance(item, Recorder)]
        for net in (fused, reference)
    )
    for one, other in zip(mine, theirs, strict=True):
        assert torch.equal(one.iterations, other.iterations)
    assert report(fused).is_batched
