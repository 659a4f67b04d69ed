"""Behaviors written in pymonntorch's way work here, and their slips are told."""

from __future__ import annotations

import copy
import logging
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from pymonntorch import Behavior as Foreign

from conex_core import (
    LIF,
    Behavior,
    Fire,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PreSpikeCatcher,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SimpleSTDP,
    SparseDendriticInput,
    SynapseGroup,
    SynapseInit,
    WeightClip,
    WeightInitializer,
    WeightNormalization,
)
from conex_core.errors import BehaviorError, NetworkError, ParameterError, UnknownName
from conex_core.parameters import Number
from conex_core.structures.replication import replicate

BASES = (Behavior, Foreign)


def asking(base: type, *names: str) -> type:
    """Return a behavior of a script that asks for ``names``."""

    def initialize(self: Any, group: Any) -> None:
        self.found = {name: self.parameter(name, 1.0) for name in names}

    return type("Ramp", (base,), {"initialize": initialize})


def started(behavior: Any, **more: Any) -> Neocortex:
    network = Neocortex(**more)
    NeuronGroup(network, 3, {1: behavior}, tag="cells")
    network.initialize()
    return network


def told(network: Neocortex) -> list[str]:
    return [item.message for item in network.check() if item.code == "unasked-keyword"]


# Keywords


@pytest.mark.parametrize("base", [*BASES, LIF])
def test_a_keyword_that_nobody_declares_is_kept_for_the_behavior(base: type) -> None:
    behavior = asking(base, "slope")(slope=2.5)

    network = started(behavior)

    assert behavior.found == {"slope": 2.5}
    assert told(network) == []


@pytest.mark.parametrize("base", BASES)
def test_a_keyword_that_nobody_asked_for_is_named_with_the_nearest(
    base: type, caplog: pytest.LogCaptureFixture
) -> None:
    behavior = asking(base, "slope", "rate")(slop=2.5, rate=1)

    with caplog.at_level(logging.WARNING):
        network = started(behavior)

    words = "Ramp on cells was given 'slop', but has not asked for it. Did you mean 'slope'?"
    assert told(network) == [words]
    assert caplog.messages == [words]


def test_nothing_is_said_of_keywords_before_they_could_be_asked_for() -> None:
    network = Neocortex()
    NeuronGroup(network, 3, {1: asking(Behavior, "slope")(slop=1)})

    assert told(network) == []


def test_a_behavior_that_asks_for_nothing_shows_how_to() -> None:
    network = started(asking(Behavior)(slope=1))

    assert "self.parameter('slope', default)" in told(network)[0]


def test_classes_of_conex_core_refuse_what_they_do_not_know() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'tau'"):
        LIF(tua=5)


def test_values_by_position_have_the_names_of_pymonntorch() -> None:
    behavior = asking(Behavior, "arg_0", "arg_1")(4, 5)

    started(behavior)

    assert behavior.found == {"arg_0": 4, "arg_1": 5}


@pytest.mark.parametrize(
    ("given", "default", "expected"),
    [
        ({}, 7, 7),
        ({"x": None}, 7, 7),
        ({"x": "3"}, 7, 3),
        ({"x": "50%"}, 0.1, 0.5),
        ({"x": "name"}, None, "name"),
        ({"x": "name"}, "other", "name"),
    ],
)
def test_parameter_reads_a_value_as_pymonntorch_does(
    given: Any, default: Any, expected: Any
) -> None:
    class Ours(Behavior):
        pass

    class Theirs(Foreign):
        pass

    assert Ours(**given).parameter("x", default) == expected
    assert Theirs(**given).parameter("x", default) == expected


def test_a_mode_text_gives_a_value_per_neuron_from_the_seed_of_the_network() -> None:
    class Drawn(Behavior):
        def initialize(self, group: Any) -> None:
            group.v = self.parameter("v", 0.0, group)

    first, second = (started(Drawn(v="normal(2, 0.5)"), seed=3) for _ in range(2))

    assert first.cells.v.shape == (3,)
    assert first.cells.v.tolist() == second.cells.v.tolist()


def test_a_text_is_never_evaluated() -> None:
    class Drawn(Behavior):
        def initialize(self, group: Any) -> None:
            group.v = self.parameter("v", 0.0, group)

    with pytest.raises(ParameterError, match=r"cells › Drawn › v must be one of"):
        started(Drawn(v="__import__('os').getcwd()"))


def test_a_list_becomes_a_tensor_of_the_network_where_that_is_asked_for() -> None:
    class Listed(Behavior):
        def initialize(self, group: Any) -> None:
            group.w = self.parameter("w", None, group, tensor=True)

    network = started(Listed(w=[1.0, 2.0, 3.0]), dtype=torch.float64)

    assert network.cells.w.tolist() == [1, 2, 3]
    assert network.cells.w.dtype is torch.float64


def test_a_required_value_that_is_missing_is_told(caplog: pytest.LogCaptureFixture) -> None:
    class Needy(Behavior):
        def initialize(self, group: Any) -> None:
            self.parameter("w", required=True)

    with caplog.at_level(logging.WARNING):
        started(Needy())

    assert caplog.messages == ["Needy needs a value for 'w'"]


def test_a_declared_parameter_may_be_asked_for_too() -> None:
    class Both(Behavior):
        tau = Number(default=5.0)

        def initialize(self, group: Any) -> None:
            self.found = [self.parameter("tau"), self.parameter("tau", 3.0)]

    plain, given, changed = Both(), Both(tau=2), Both(tau=2)
    changed.tau = 9
    for behavior in (plain, given, changed):
        started(behavior)

    assert [plain.found, given.found, changed.found] == [[5.0, 3.0], [2, 2], [9, 9]]


def test_initializing_again_reads_what_was_given_and_not_what_became_of_it() -> None:
    class Annealed(Behavior):
        def initialize(self, group: Any) -> None:
            self.rate = self.parameter("rate", 1.0)

        def forward(self, group: Any) -> None:
            self.rate = self.rate / 2

    behavior = Annealed(rate=8.0)
    network = started(behavior)
    network.simulate_iterations(2)
    network.initialize()

    assert behavior.rate == 8.0


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda item: item.copy()])
def test_a_copy_of_a_behavior_keeps_its_keywords(copied: Any) -> None:
    behavior = copied(asking(Behavior, "slope")(slope=2.5))

    started(behavior)

    assert behavior.found == {"slope": 2.5}


def test_a_replica_keeps_the_keywords_of_its_behaviors() -> None:
    network = Neocortex()
    source = NeuronGroup(network, 3, {1: asking(Behavior, "slope")(slope=2.5)}, tag="cells")

    twin, *_ = replicate(source, network)
    network.initialize()

    assert twin.behavior[1].found == {"slope": 2.5}


@pytest.mark.parametrize(
    "name", ["x", "values_", "is_started", "is_ready", "given", "kept", "slope", "drawn"]
)
def test_attributes_of_a_behavior_of_ones_own_are_free(name: str) -> None:
    class Own(Behavior):
        def initialize(self, group: Any) -> None:
            setattr(self, name, 1)

        def forward(self, group: Any) -> None:
            setattr(self, name, getattr(self, name) + 1)

    behavior = Own()
    network = started(behavior)
    network.simulate_iterations(2)
    setattr(behavior, name, 7)

    assert getattr(behavior, name) == 7


@pytest.mark.parametrize("text", ["uniform(0, 1)", "unifrom", "3*4", "normal(0, ", "normal(a, b)"])
@pytest.mark.parametrize("made", ["vector", "matrix"])
def test_a_text_that_no_vector_is_made_of_is_told_with_those_that_are(text: str, made: str) -> None:
    net = Neocortex()
    group = NeuronGroup(net, 3, tag="cells")
    owner = group if made == "vector" else SynapseGroup(net, group, group, tag="cells to cells")

    with pytest.raises(ParameterError, match=r"^cells.* must be .*normal.*uniform") as caught:
        getattr(owner, made)(text)

    assert repr(text) in str(caught.value)


# Attributes


class Pacemaker(Behavior):
    def initialize(self, group: Any) -> None:
        group.spikes = group.vector("zeros").bool()

    def forward(self, group: Any) -> None:
        group.spikes = (group.vector("ones") * (group.network.iteration % 5 == 0)).bool()


class Ones(Behavior):
    def initialize(self, synapse: Any) -> None:
        synapse.weights = synapse.matrix("ones")


class ForeignOnes(Foreign):
    def initialize(self, synapse: Any) -> None:
        synapse.weights = synapse.matrix("ones")


class OnesOfTheTarget(Behavior):
    def initialize(self, group: Any) -> None:
        for synapse in group.synapses("afferent", "All"):
            synapse.weights = synapse.matrix("ones")


def pair(stack: dict[float, Any], target: dict[float, Any] | None = None) -> Neocortex:
    network = Neocortex()
    src = NeuronGroup(network, 4, {260: Pacemaker(), 380: NeuronAxon()}, tag="src")
    parts = [SimpleDendriteStructure(), SimpleDendriteComputation(), LIF(), Fire(), NeuronAxon()]
    keyed = {part.priority: part for part in parts}
    dst = NeuronGroup(network, 3, {**keyed, **(target or {})}, tag="dst")
    SynapseGroup(network, src, dst, tag="syn,Proximal", behavior={1: SynapseInit(), **stack})
    return network


@pytest.mark.parametrize("key", [2, 280])
@pytest.mark.parametrize("maker", [Ones, ForeignOnes])
def test_weights_of_ones_own_are_read_from_the_first_step_on(maker: type, key: float) -> None:
    network = pair({key: maker(), 420: PreSpikeCatcher(), 180: SimpleDendriticInput()})

    network.initialize()
    network.simulate_iterations(6)

    assert network.syn.I.tolist() == [4.0, 4.0, 4.0]


def test_a_behavior_of_the_target_may_make_the_weights() -> None:
    network = pair({420: PreSpikeCatcher(), 180: SimpleDendriticInput()}, {800: OnesOfTheTarget()})

    network.initialize()
    network.simulate_iterations(6)

    assert network.syn.I.tolist() == [4.0, 4.0, 4.0]


def test_what_is_missing_after_all_is_told_with_setter_and_key() -> None:
    network = pair({2: Ones(), 180: SimpleDendriticInput()})
    network.initialize()

    with pytest.raises(BehaviorError) as caught:
        network.simulate_iterations(1)

    assert "syn has no presynaptic spikes ('pre_spike')." in str(caught.value)
    assert "Add PreSpikeCatcher (key 420) to syn" in str(caught.value)


def test_a_word_with_an_article_reads_well() -> None:
    events = {420: PreSpikeCatcher(), 500: SimpleSTDP(a_plus=0.1, a_minus=0.1, w_min=0.0)}
    network = pair({2: Ones(), 180: SimpleDendriticInput(), **events})
    network.initialize()

    with pytest.raises(BehaviorError, match=r"syn has no presynaptic trace \('pre_trace'\)"):
        network.simulate_iterations(1)


def test_weights_that_nobody_sets_are_told_at_initialize() -> None:
    class Idle(Behavior):
        pass

    network = pair({2: Idle(), 180: SimpleDendriticInput()})

    with pytest.raises(BehaviorError, match=r"Add WeightInitializer \(key 3\) to syn, or set"):
        network.initialize()


def test_a_behavior_of_ones_own_is_told_who_sets_what_it_reads() -> None:
    class Reader(Behavior):
        def forward(self, synapse: Any) -> None:
            assert synapse.pre_spike is not None

    network = pair({2: Ones(), 500: Reader()})
    network.initialize()

    with pytest.raises(BehaviorError, match=r"Add PreSpikeCatcher \(key 420\) to syn"):
        network.simulate_iterations(1)


def test_a_class_that_says_what_it_provides_is_taken_by_its_word() -> None:
    class Said(Behavior):
        provides = ("own.other",)

    network = Neocortex()
    NeuronGroup(network, 3, {1: Said(), 380: NeuronAxon()}, tag="cells")

    assert [item.severity for item in network.check() if item.code == "requires"] == ["error"]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("key", [0, 1, 2])
def test_a_behavior_of_the_network_may_set_its_time_step(base: type, key: int) -> None:
    class Clock(base):  # type: ignore[misc, valid-type]
        def initialize(self, network: Any) -> None:
            network.dt = self.parameter("dt", 1.0)

    network = Neocortex(behavior={key: Clock(dt=0.5)})
    NeuronGroup(network, 3, [LIF(), Fire()])
    network.initialize()
    network.initialize()

    assert network.dt == 0.5


# Synapses that are read in one's own way


@pytest.mark.parametrize("place", ["source", "target", "synapses", "network"])
@pytest.mark.parametrize("base", BASES)
def test_synapses_that_a_script_may_read_are_not_called_useless(base: type, place: str) -> None:
    class Own(base):  # type: ignore[misc, valid-type]
        provides = ("own.v",)

    stacks = {
        name: {1: Own()} if name == place else {} for name in ("source", "target", "synapses")
    }
    network = Neocortex(behavior={2: Own()} if place == "network" else None)
    src = NeuronGroup(network, 4, stacks["source"])
    dst = NeuronGroup(network, 4, stacks["target"])
    SynapseGroup(network, src, dst, behavior=stacks["synapses"])

    assert not [item for item in network.check() if item.code in ("no-current", "no-dendrite")]


def test_synapses_that_nothing_reads_are_still_told() -> None:
    network = Neocortex()
    group = NeuronGroup(network, 4, [LIF(), Fire()])
    SynapseGroup(network, group, group)

    assert [item.code for item in network.check()] == ["no-current"]


# Weights as (target, source)


@pytest.mark.parametrize(("mode", "shape"), [("SxD", (3, 5)), ("DxS", (5, 3))])
def test_a_matrix_of_ones_own_has_the_orientation_of_the_network(
    mode: str, shape: tuple[int, int]
) -> None:
    network = Neocortex(synapse_mode=mode)
    src, dst = NeuronGroup(network, 3), NeuronGroup(network, 5)
    SynapseGroup(network, src, dst, tag="syn", behavior={1: Ones()})

    network.initialize()

    assert tuple(network.syn.weights.shape) == shape


class MySTDP(SimpleSTDP):
    """A rule of a script that extends one of conex_core."""


@pytest.mark.parametrize(
    "behavior",
    [
        SimpleDendriticInput(),
        SparseDendriticInput(),
        SimpleSTDP(a_plus=0.1, a_minus=0.1),
        MySTDP(a_plus=0.1, a_minus=0.1),
        WeightClip(),
        WeightNormalization(),
        WeightInitializer(mode="rand"),
    ],
    ids=lambda behavior: type(behavior).__name__,
)
def test_what_reads_weights_the_other_way_round_is_named(behavior: Any) -> None:
    network = Neocortex(synapse_mode="DxS")
    group = NeuronGroup(network, 3)
    SynapseGroup(network, group, group, tag="syn", behavior={1: Ones(), 2: behavior})

    with pytest.raises(NetworkError) as caught:
        network.initialize()

    assert f"{type(behavior).__name__} on syn takes weights as (source, target)" in str(
        caught.value
    )
    assert "synapse_mode='SxD'" in str(caught.value)


# The page


PAGE = Path(__file__).parents[2] / "resources" / "docs" / "own-behaviors.md"


def test_the_page_runs_as_it_stands(caplog: pytest.LogCaptureFixture) -> None:
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {"__name__": "page"}

    exec(code[0], names)  # our own page

    assert len(names["cells"]["spikes.t", 0]) > 0
    assert names["cells"]["mean(v)", 0].shape == (200,)
    assert caplog.messages == []


class ReadsFoo(Behavior):
    def forward(self, group: Any) -> None:
        group.seen = group.foo


class SetsFoo(Behavior):
    def forward(self, group: Any) -> None:
        group.foo = 3


class KeepsFoo(Behavior):
    def forward(self, group: Any) -> None:
        self.foo = 3


def test_an_attribute_of_a_script_that_comes_too_late_is_told_with_its_setter() -> None:
    net = Neocortex()
    NeuronGroup(net, 3, {1: ReadsFoo(), 2: SetsFoo()}, tag="cells")
    net.initialize()

    with pytest.raises(BehaviorError, match=r"'foo'\. It is set by SetsFoo \(key 2\) of cells"):
        net.simulate_iterations(1)


def test_what_a_behavior_sets_on_itself_is_not_told_as_set() -> None:
    net = Neocortex()
    NeuronGroup(net, 3, {1: ReadsFoo(), 2: KeepsFoo()}, tag="cells")
    net.initialize()

    with pytest.raises(BehaviorError, match=r"no attribute 'foo'$"):
        net.simulate_iterations(1)
