"""What looks settable acts from the next iteration on, or refuses in words."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
import torch
from tiny_network import CLASSES, network_with

from conex_core import (
    LIF,
    Fire,
    InherentNoise,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PreSpikeCatcher,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SynapseGroup,
    SynapseInit,
    Synapsis,
    Uniform,
    WeightInitializer,
)
from conex_core.behavior import Behavior
from conex_core.errors import ParameterError
from conex_core.parameters import Flag, Integer, Number, Parameter

ENGINES = ["reference", "auto"]


class Drifting(Behavior):
    """Assign to its own declared parameters in its steps, as scripts do."""

    priority = 999
    rate = Number(default=1.0)
    count = Integer(default=0)

    def initialize(self, owner: Any) -> None:
        super().initialize(owner)
        self.rate = 2.0

    def forward(self, owner: Any) -> None:
        self.count = self.count + 1
        _double(self)

    def retune(self, rate: float) -> None:
        self.rate = rate


class Schedule(Behavior):
    """Set a parameter of another behavior while the network runs."""

    priority = 1
    name = Parameter(default="tau")

    def forward(self, owner: Any) -> None:
        if owner.network.iteration == 3:
            setattr(owner["LIF", 0], self.name, 40.0)


def _double(behavior: Drifting) -> None:
    behavior.rate = min(2 * behavior.rate, 1e6)


def _net(engine: str = "reference", *more: Behavior) -> tuple[Neocortex, Any, Any]:
    net = Neocortex(seed=3, engine=engine)
    stack = [
        SimpleDendriteStructure(),
        SimpleDendriteComputation(),
        LIF(init_v=Uniform(-70, -50)),
        InherentNoise(scale=5),
        Fire(),
        NeuronAxon(),
        *more,
    ]
    group = NeuronGroup(net, 20, {b.priority: b for b in stack}, "exc")
    weights = WeightInitializer(mode=Uniform(0, 1))
    behaviors = [SynapseInit(), PreSpikeCatcher(), weights, SimpleDendriticInput()]
    synapses = SynapseGroup(net, group, group, "feed,Proximal", behaviors)
    return net, group, synapses


def _started(engine: str = "reference", *more: Behavior) -> tuple[Neocortex, Any, Any]:
    net, group, synapses = _net(engine, *more)
    net.initialize()
    return net, group, synapses


PARAMETERS = [
    pytest.param(cls, parameter, id=f"{name}-{parameter.name}")
    for name, cls in CLASSES.items()
    for parameter in cls.declared.values()
]


def _other(parameter: Parameter, behavior: Any) -> Any:
    """Return a value that the parameter may have, unlike the one it has."""
    held = getattr(behavior, parameter.name)
    if isinstance(parameter, Flag):
        return not held
    return held * 1.5 + 0.25 if isinstance(held, float) else held


@pytest.mark.parametrize(("cls", "parameter"), PARAMETERS)
def test_every_declared_parameter_acts_or_refuses(cls: type, parameter: Parameter) -> None:
    network, _, behavior = network_with(cls)
    network.initialize()
    told: list[str] = []
    behavior.__dict__["parameter_changed"] = lambda owner, name: told.append(name)
    value = _other(parameter, behavior)

    if parameter.live:
        setattr(behavior, parameter.name, value)
        assert told == [parameter.name]
        assert getattr(behavior, parameter.name) == value
    else:
        with pytest.raises(ParameterError, match=r"(?s)cannot change .* initialize\(\)"):
            setattr(behavior, parameter.name, value)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_live_parameter_acts_from_the_next_iteration_on(engine: str) -> None:
    (one, group, _), (two, other, _) = _started(engine), _started(engine)
    for net in (one, two):
        net.simulate_iterations(5)

    group["LIF", 0].tau = 30
    other["LIF", 0].change_parameter(other, "tau", 30)
    for net in (one, two):
        net.simulate_iterations(5)

    assert group.tau.tolist() == [30.0] * 20
    assert torch.equal(group.v, other.v)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_behavior_that_sets_another_makes_it_act(engine: str) -> None:
    net, group, _ = _started(engine, Schedule())

    net.simulate_iterations(5)

    assert group.tau.tolist() == [40.0] * 20


def test_a_value_that_breaks_its_rule_changes_nothing() -> None:
    _, group, _ = _started()

    with pytest.raises(ParameterError, match="exc › LIF › tau must be above 0 ms"):
        group["LIF", 0].tau = -3

    assert group["LIF", 0].tau == 10.0
    assert group.tau.tolist() == [10.0] * 20


@pytest.mark.parametrize("engine", ENGINES)
def test_a_behavior_may_set_its_own_parameters(engine: str) -> None:
    net, group, _ = _started(engine, Drifting())

    net.simulate_iterations(4)
    behavior = group["Drifting", 0]
    before = behavior.count, behavior.rate
    behavior.retune(7.0)

    assert before == (4, 32.0)
    assert behavior.rate == 7.0


def test_before_initialize_everything_can_be_set() -> None:
    net, group, _ = _net()

    group["LIF", 0].init_v = -61.0
    group.polarity = "inhibitory"
    net.dt, net.seed = 0.5, 9
    net.initialize()

    assert group.v.tolist() == [-61.0] * 20
    assert (net.dt, net.seed) == (0.5, 9)
    signs = [b.sign for b in net["feed", 0].behavior.values() if hasattr(b, "sign")]
    assert signs == [-1.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_switching_a_behavior_off_acts(engine: str) -> None:
    net, group, _ = _started(engine)
    net.simulate_iterations(2)
    before = group.v.clone()

    for name in ("LIF", "InherentNoise", "Fire"):
        group[name, 0].behavior_enabled = False
    net.simulate_iterations(3)

    assert torch.equal(group.v, before)
    with pytest.raises(ParameterError, match="behavior_enabled must be true or false"):
        group["LIF", 0].behavior_enabled = "no"


@pytest.mark.parametrize(
    ("of", "name", "value"),
    [
        ("group", "size", 30),
        ("group", "polarity", "inhibitory"),
        ("group", "device", "cuda"),
        ("group", "key", "other"),
        ("synapses", "enabled", False),
        ("synapses", "group_weighting", 2),
        ("synapses", "compartment", "Distal"),
        ("synapses", "src", None),
        ("synapses", "dst", None),
        ("net", "dt", 0.5),
        ("net", "seed", 4),
        ("net", "device", "cuda"),
        ("net", "index_neurons", True),
        ("net", "engine", "fast"),
        ("net", "threads", 0),
    ],
)
def test_an_attribute_that_nothing_reads_any_more_refuses(of: str, name: str, value: Any) -> None:
    net, group, synapses = _started()
    structure = {"net": net, "group": group, "synapses": synapses}[of]
    before = getattr(structure, name)

    with pytest.raises(ParameterError, match=name):
        setattr(structure, name, value)

    assert getattr(structure, name) == before
    setattr(structure, name, before)


def test_an_engine_can_be_chosen_at_any_time() -> None:
    (net, group, _), (other, plain, _) = _started("auto"), _started("reference")
    for engine, threads in (("reference", 1), ("auto", 2), ("auto", 1)):
        net.engine, net.threads = engine, threads
        net.simulate_iterations(3)
        other.simulate_iterations(3)

    assert torch.equal(group.v, plain.v)


def test_a_synapsis_that_has_its_synapses_keeps_what_they_were_made_of() -> None:
    net = Neocortex()
    group = NeuronGroup(net, 3, tag="a")
    made = Synapsis(net, group, group, synaptic_tag="one")

    with pytest.raises(ParameterError, match="synaptic_tag cannot change"):
        made.synaptic_tag = "two"


def test_a_copy_of_a_network_is_set_by_itself() -> None:
    net, group, _ = _started()

    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        other["exc", 0]["LIF", 0].tau = 50

        assert other["exc", 0].tau.tolist() == [50.0] * 20
        assert group.tau.tolist() == [10.0] * 20


def test_a_copy_of_a_behavior_alone_is_free() -> None:
    _, group, _ = _started()

    alone = copy.deepcopy(group["LIF", 0])
    alone.init_v = -60.0

    assert alone.init_v == -60.0


def test_a_state_brings_back_live_parameters_without_drawing_anew() -> None:
    net, group, _ = _started()
    state = net.state()
    group["LIF", 0].tau = 30

    net.restore(state)

    assert group["LIF", 0].tau == 10.0
    assert group.tau.tolist() == [10.0] * 20
