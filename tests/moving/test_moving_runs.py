"""Scripts as pymonntorch's and CoNeX's pages and courses have them, moved and run.

They are written anew in our words; what they do is what those pages show. Each
runs with its imports changed and nothing else, and where nothing here draws
otherwise, it gives what pymonntorch gives.
"""

from __future__ import annotations

import logging
from typing import Any

import matplotlib.pyplot as plt
import pytest
import torch

import conex_core
from conex_core.moving import move_text

# What pymonntorch's README shows: own dynamics, own input over synapses, two recorders.
README = """
from pymonntorch import *

class Decay(Behavior):
    def initialize(self, neurons):
        super().initialize(neurons)
        neurons.voltage = neurons.vector(mode="zeros")
        self.threshold = 1.0

    def forward(self, neurons):
        above = neurons.voltage >= self.threshold
        neurons.spike = above.byte()
        neurons.voltage[above] = 0.0
        neurons.voltage *= 0.9
        neurons.voltage += neurons.vector(mode="uniform", density=0.1)

class Drive(Behavior):
    def initialize(self, neurons):
        super().initialize(neurons)
        for synapse in neurons.afferent_synapses["GLUTAMATE"]:
            synapse.W = synapse.matrix("uniform", density=0.1)
            synapse.enabled = synapse.W > 0

    def forward(self, neurons):
        for synapse in neurons.afferent_synapses["GLUTAMATE"]:
            neurons.voltage += synapse.W @ synapse.src.spike.float() / synapse.src.size * 10

net = Network()
cells = NeuronGroup(net=net, size=100, behavior={
    1: Decay(),
    2: Drive(),
    9: Recorder(["voltage"]),
    10: EventRecorder(["spike"]),
})
SynapseGroup(src=cells, dst=cells, net=net, tag="GLUTAMATE")
net.initialize()
net.simulate_iterations(200)

import matplotlib.pyplot as plt

plt.plot(net["voltage", 0][:, :10])
plt.show()
plt.plot(net["spike.t", 0], net["spike.i", 0], ".k")
plt.show()
"""

# What CoNeX's tutorial shows: a noisy group that is connected to itself, by ready behaviors.
TUTORIAL = """
from pymonntorch import *
from conex import *
import torch
from matplotlib import pyplot as plt

net = Network(behavior=prioritize_behaviors([TimeResolution(dt=1)]))

cells = NeuronGroup(net=net, size=10, behavior=prioritize_behaviors([
    SimpleDendriteStructure(),
    SimpleDendriteComputation(),
    LIF(init_v=-65, R=2, tau=5, v_rest=-65, v_reset=-70, threshold=-15),
    InherentNoise(scale=18),
    Fire(),
    NeuronAxon(),
]) | {
    600: Recorder(["v"]),
    601: EventRecorder(["spikes"]),
}, tag="exi")

links = prioritize_behaviors([
    SynapseInit(),
    WeightInitializer(mode="normal(3, 8)"),
    PreSpikeCatcher(),
    SimpleDendriticInput(),
])
synapses = SynapseGroup(net=net, src=cells, dst=cells, tag="Proximal", behavior=links)

net.initialize()
net.simulate_iterations(100)

plt.plot(net["v", 0])
plt.show()
plt.plot(net["spikes.t", 0], net["spikes.i", 0], "o")
plt.show()
"""

# What a student hands in: everything their own, parameters by keyword, torch and numpy unimported.
HOMEWORK = """
from pymonntorch import *
import matplotlib.pyplot as plt


class TimeResolution(Behavior):
    def initialize(self, network):
        network.dt = self.parameter("dt", 1)


class Noise(Behavior):
    def initialize(self, ng):
        self.mean = self.parameter("mean", 0.0)
        self.std = self.parameter("std", 1.0)
        ng.I = ng.vector(0)

    def forward(self, ng):
        ng.I = torch.normal(self.mean, self.std, (ng.size,))


class LIF(Behavior):
    def initialize(self, ng):
        self.tau = self.parameter("tau", required=True)
        self.R = self.parameter("R", 1)
        self.u_rest = self.parameter("u_rest", -65)
        self.u_reset = self.parameter("u_reset", -70)
        self.threshold = self.parameter("threshold", -50)
        ng.u = ng.vector(self.u_rest)
        ng.spike = ng.vector(0).bool()

    def forward(self, ng):
        ng.u += (-(ng.u - self.u_rest) + self.R * ng.I) * ng.network.dt / self.tau
        ng.spike = ng.u >= self.threshold
        ng.u[ng.spike] = self.u_reset


class Input(Behavior):
    def initialize(self, syn):
        syn.W = syn.matrix("uniform")

    def forward(self, syn):
        syn.dst.I += syn.src.spike.float() @ syn.W * 10


class STDP(Behavior):
    def initialize(self, syn):
        self.tau = self.parameter("tau", 10)
        self.a_plus = self.parameter("a_plus", 0.01)
        self.a_minus = self.parameter("a_minus", 0.01)
        syn.x = syn.src.vector(0)
        syn.y = syn.dst.vector(0)

    def forward(self, syn):
        dt = syn.network.dt
        syn.x += syn.src.spike.float() - syn.x * dt / self.tau
        syn.y += syn.dst.spike.float() - syn.y * dt / self.tau
        grow = torch.outer(syn.x, syn.dst.spike.float())
        shrink = torch.outer(syn.src.spike.float(), syn.y)
        syn.W += self.a_plus * grow - self.a_minus * shrink
        syn.W = torch.clip(syn.W, 0, 1)


net = Network(behavior={1: TimeResolution(dt=0.5)})
pre = NeuronGroup(net=net, size=20, tag="pre", behavior={
    2: Noise(mean=25.0, std=20.0),
    5: LIF(tau=10, threshold=-55),
    8: Recorder(["u", "I"], tag="pre_rec"),
    9: EventRecorder(["spike"], tag="pre_events"),
})
post = NeuronGroup(net=net, size=5, tag="post", behavior={
    2: Noise(mean=5.0, std=10.0),
    5: LIF(tau=10, threshold=-55),
    9: EventRecorder(["spike"], tag="post_events"),
})
syn = SynapseGroup(net=net, src=pre, dst=post, tag="GLU", behavior={
    3: Input(),
    6: STDP(tau=8, a_plus=0.02, a_minus=0.01),
    9: Recorder(["W"]),
})
net.initialize()
net.simulate_iterations(200)

fig, axes = plt.subplots(2, 1)
axes[0].plot(net["u", 0][:, :3])
events = net["pre_events", 0].variables["spike"]
axes[1].scatter(events[:, 0], events[:, 1], s=2)
plt.show()
rate = np.mean([len(net["spike.t", at]) / 200 for at in (0,)])
"""
SCRIPTS = {"readme": README, "tutorial": TUTORIAL, "homework": HOMEWORK}
RECORDED = {"readme": "voltage", "tutorial": "v", "homework": "u"}


@pytest.fixture(autouse=True)
def no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))


def run(text: str, seed: int = 3) -> dict[str, Any]:
    torch.manual_seed(seed)
    space: dict[str, Any] = {"__name__": "script"}
    exec(compile(text, "script", "exec"), space)  # scripts are what is tested
    return space


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_needs_nothing_by_hand(name: str) -> None:
    moved = move_text(SCRIPTS[name])

    assert moved.remaining == ()


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_runs_with_its_imports_changed(name: str) -> None:
    space = run(move_text(SCRIPTS[name]).text)

    history = space["net"][RECORDED[name], 0]
    assert len(history) == space["net"].iteration
    assert torch.isfinite(history).all()
    assert type(space["net"]).__module__.startswith("conex_core")


@pytest.mark.parametrize("name", ["readme", "homework"])
def test_own_behaviors_compute_what_they_computed_in_pymonntorch(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = run(SCRIPTS[name])["net"][RECORDED[name], 0]

    ours = run(move_text(SCRIPTS[name]).text)["net"][RECORDED[name], 0]

    assert torch.equal(ours, theirs)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_moved_script_is_silent(
    name: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        run(move_text(SCRIPTS[name]).text)

    assert capsys.readouterr().out == ""
    assert [record.getMessage() for record in caplog.records] == []


def test_a_misspelled_keyword_of_an_own_behavior_is_named(
    caplog: pytest.LogCaptureFixture,
) -> None:
    text = move_text(HOMEWORK).text.replace("STDP(tau=8, a_plus", "STDP(tau=8, a_pluss")

    with caplog.at_level(logging.WARNING):
        run(text)

    assert "'a_pluss'" in caplog.text
    assert "Did you mean 'a_plus'?" in caplog.text


def test_a_mask_of_synapses_may_be_called_enabled_and_a_switch_is_refused() -> None:
    network = conex_core.Neocortex()
    group = conex_core.NeuronGroup(network, 3)
    synapses = conex_core.SynapseGroup(network, group, group)
    mask = torch.ones(3, 3) > 0

    synapses.enabled = mask

    assert synapses.enabled is mask
    with pytest.raises(conex_core.ParameterError, match="set_behaviors"):
        synapses.enabled = False
