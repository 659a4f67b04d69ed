"""The same networks as in Brian2 give the same spikes; its own lie in ``golden/brian2``.

``tests/golden/brian2/simulate.py`` made the file, in an environment with Brian2, in
double precision. Every spike of 600 ms is the same, in double and in single precision;
the latter because none of these potentials comes too near a threshold, not by law.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from conex_core import (
    AELIF,
    LIF,
    Behavior,
    DelayInitializer,
    Fire,
    InherentNoise,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SparseDendriticInput,
    SparseSTDP,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
    prioritize_behaviors,
)
from conex_core.run.probe import SpikeRecord
from conex_core.run.session import Session

PATH = Path(__file__).parent.parent / "golden" / "brian2" / "spikes.npz"
NAMES = {
    "balanced": ["excitatory", "inhibitory"],
    "learning": ["sources", "targets"],
    "adaptive": ["neurons"],
}


@dataclass(frozen=True)
class Given:
    """Hold what one network was given, and what Brian2 says came of it."""

    name: str
    data: dict[str, Any]
    origin: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.data[f"{self.name}/given/{key}"]

    def spikes(self, key: str) -> set[tuple[int, int]]:
        """Return (iteration, neuron) of every spike of one group."""
        t, i = (self.data[f"{self.name}/{key}/{part}"].tolist() for part in "ti")
        return set(zip(t, i, strict=True))


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    with np.load(PATH, allow_pickle=False) as file:
        return dict(file)


def cells(net: Any, name: str, dynamics: Behavior, drive: Any, tau: float | None = None) -> Any:
    """Return a group that a constant current per neuron drives."""
    stack = [dynamics, InherentNoise(mode=torch.from_numpy(drive)), Fire()]
    if tau is not None:
        stack += [SimpleDendriteStructure(), SimpleDendriteComputation(I_tau=tau)]
    axon = NeuronAxon(max_delay=None)
    return NeuronGroup(net, len(drive), prioritize_behaviors([*stack, axon]), name)


def joined(net: Any, ends: tuple[Any, Any], weights: Any, delays: Any, *more: Behavior) -> Any:
    """Join two groups by what a matrix holds of weights that are not 0."""
    stack = [
        SynapseInit(),
        DelayInitializer(delays=delays.tolist()),
        WeightInitializer(weights=torch.from_numpy(weights.copy()).to_sparse()),
        PreSpikeCatcher(),
        SparseDendriticInput(),
        *more,
    ]
    tag = f"{ends[0].name} to {ends[1].name},Proximal"
    return SynapseGroup(net, *ends, tag, prioritize_behaviors(stack))


def matrix(given: Given, sources: int, targets: int) -> Any:
    dense = np.zeros((sources, targets))
    dense[given["i"], given["j"]] = np.abs(given["w"])
    return dense


def balanced(net: Any, given: Given) -> None:
    tau, drive, facts = float(given["tau_I"]), given["drive"], given.origin["lif"]
    parts = {"excitatory": slice(0, 80), "inhibitory,inh": slice(80, 100)}
    groups = [cells(net, tag, LIF(**facts), drive[part], tau) for tag, part in parts.items()]
    weights = matrix(given, 100, 100)
    for source, rows in zip(groups, parts.values(), strict=True):
        for target, columns in zip(groups, parts.values(), strict=True):
            joined(net, (source, target), weights[rows, columns], given["delays"][rows])


def learning(net: Any, given: Given) -> None:
    facts, tau = given.origin["lif"], float(given["tau_I"])
    drives = {"sources": given["source_drive"], "targets": given["target_drive"]}
    groups = [cells(net, name, LIF(**facts), drive, tau) for name, drive in drives.items()]
    traces = [
        PostSpikeCatcher(),
        PreTrace(tau_s=float(given["tau_pre"])),
        PostTrace(tau_s=float(given["tau_post"])),
    ]
    rule = SparseSTDP(a_plus=float(given["a_plus"]), a_minus=float(given["a_minus"]))
    weights = matrix(given, 40, 10)
    joined(net, (groups[0], groups[1]), weights, given["delays"], *traces, rule)


def adaptive(net: Any, given: Given) -> None:
    names = ("R", "tau", "v_rest", "v_reset", "threshold", "delta", "alpha", "beta")
    facts = {name: float(given[name]) for name in names}
    facts |= {"theta_rh": float(given["theta"]), "w_tau": float(given["tau_w"])}
    cells(net, "neurons", AELIF(**facts), given["drive"])


MODELS: dict[str, Callable[[Any, Given], None]] = {
    "balanced": balanced,
    "learning": learning,
    "adaptive": adaptive,
}


def ran(given: Given, **settings: Any) -> tuple[Any, dict[str, set[tuple[int, int]]]]:
    """Return the network after its run, and the spikes of each group."""
    net = Neocortex(dt=given.origin["dt"], seed=1, **settings)
    MODELS[given.name](net, given)
    session = Session(net)
    records = {group.name: SpikeRecord(group) for group in net.NeuronGroups}
    for record in records.values():
        session.attach(record)
    session.run(given.origin["steps"])
    return net, {name: pairs(record.t, record.i) for name, record in records.items()}


def pairs(t: Any, i: Any) -> set[tuple[int, int]]:
    return set(zip(t.tolist(), i.tolist(), strict=True))


def expected(given: Given) -> dict[str, set[tuple[int, int]]]:
    """Return the spikes of Brian2 by our groups; its balanced network is one group."""
    if given.name != "balanced":
        return {name: given.spikes(name) for name in NAMES[given.name]}
    every = given.spikes("neurons")
    inhibitory = {(t, i - 80) for t, i in every if i >= 80}
    return {"excitatory": {pair for pair in every if pair[1] < 80}, "inhibitory": inhibitory}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_spike_in_double_precision_is_that_of_brian2(name: str, data: Any) -> None:
    given = Given(name, data, json.loads(str(data["origin"])))

    net, spikes = ran(given, dtype=torch.float64)

    assert spikes == expected(given)
    assert sum(map(len, spikes.values())) > 900
    if name == "learning":
        learned = net.SynapseGroups[0].weights.to_dense().numpy()[given["i"], given["j"]]
        assert np.abs(learned - given["w"]).max() > 0.1
        np.testing.assert_allclose(learned, data["learning/learned"], rtol=0, atol=1e-11)


@pytest.mark.parametrize("engine", ["fused", "reference"])
@pytest.mark.parametrize("name", sorted(MODELS))
def test_spikes_in_single_precision_are_those_of_brian2(name: str, engine: str, data: Any) -> None:
    given = Given(name, data, json.loads(str(data["origin"])))

    _, spikes = ran(given, engine=engine)

    assert spikes == expected(given)


def test_the_file_says_where_it_comes_from(data: Any) -> None:
    origin = json.loads(str(data["origin"]))

    assert origin["by"] == "brian2 2.9.0, numpy 1.26.4"
    assert (PATH.parent / Path(origin["script"]).name).is_file()
