"""Wrong values, generated for every parameter: refused with a name, never taken in silence.

A new behavior or parameter is tested here without a line being added.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_network import CLASSES, example, network_with

from conex_core import LIF, InputLayer, Neocortex, NeuronDimension, NeuronGroup, SynapseGroup
from conex_core.behavior import Behavior
from conex_core.distributions import Array, Constant, Distribution, LogNormal, Normal
from conex_core.errors import ConexError, ParameterError, StructureError
from conex_core.parameters import (
    Flag,
    Hook,
    Initializer,
    Integer,
    Integers,
    Number,
    Option,
    Parameter,
    Table,
    Text,
)

NOT_A_NUMBER = [object(), [], {}, "text that is no mode", int, 1 + 2j, True]
NOT_FINITE = [math.nan, math.inf, -math.inf, 10**400]
NO_ARRAYS = [
    np.array(["a", "b"]),
    np.array([1 + 2j]),
    np.array([object()]),
    torch.tensor([1 + 2j]),
    torch.tensor([math.nan]),
    torch.tensor([math.inf]),
    torch.tensor([]),
    [[1.0, 2.0], [3.0]],
    [1.0, "2"],
    [1.0, None],
]
MANY = 10**30  # whole and finite, and more than any machine can hold

EVERY_PARAMETER = [
    pytest.param(cls, parameter, id=f"{cls.__name__}-{parameter.name}")
    for cls in [*CLASSES.values(), NeuronDimension]
    for parameter in cls.declared.values()
]


def wrong_for(parameter: Parameter) -> list[Any]:
    """Return values that ``parameter`` must refuse."""
    missing = [] if parameter.optional else [None]
    match parameter:
        case Integer():
            kinds = [*NOT_A_NUMBER, *NOT_FINITE, 1.5, [1], torch.tensor([1, 2]), MANY, -MANY]
        case Number():
            kinds = [*NOT_A_NUMBER, *NOT_FINITE, [1.0], torch.tensor([1.0, 2.0])]
        case Flag():
            kinds = [object(), [], {}, "yes", int, 0, 1.0, math.nan]
        case Option():
            kinds = [object(), [], {}, "no such choice", int, 1.0, True]
        case Integers():
            kinds = [*NOT_A_NUMBER, *NOT_FINITE, [1.5, 1.5], [math.nan] * 2, [MANY] * 2]
            kinds += [["1", "1"], [True, True], torch.tensor([1.5, 1.5])]
        case Initializer():
            kinds = [*NOT_A_NUMBER, *NOT_FINITE, *NO_ARRAYS, "uniform(1)nonsense"]
        case Text():
            kinds = [object(), [], 1.0, int]
        case Hook():
            kinds = ["print", math.nan, int] if parameter.callable_only else ["rows", 1.0]
        case _:
            kinds = []
    return [*missing, *kinds, *just_beyond(parameter)]


def just_beyond(parameter: Any) -> list[float]:
    """Return the values nearest to the bounds that are outside."""
    step = 1 if isinstance(parameter, Integer | Integers) else 0
    low, high = getattr(parameter, "low", None), getattr(parameter, "high", None)
    beyond = [] if low is None else [low - step if step else math.nextafter(low, -math.inf)]
    beyond += [] if high is None else [high + step if step else math.nextafter(high, math.inf)]
    open_ends = [getattr(parameter, name, None) for name in ("above", "below")]
    return beyond + [end for end in open_ends if end is not None]


def told(cls: type[Behavior], parameter: Parameter, value: Any) -> str:
    """Return what is wrong with the refusal of ``value``; empty if nothing is."""
    try:
        made(cls, **{parameter.name: value})
    except ParameterError as error:
        complete = error.behavior == cls.__name__ and error.field == parameter.name
        named = f"{cls.__name__} › {parameter.name} " in str(error) and ", got " in str(error)
        return "" if complete and named and error.rule else f"{value!r}: told {error}"
    return f"{value!r}: taken"


def made(cls: type[Behavior], **changes: Any) -> Behavior:
    return cls(**changes) if cls is NeuronDimension else example(cls, **changes)


@pytest.mark.parametrize(("cls", "parameter"), EVERY_PARAMETER)
def test_wrong_values_are_refused_by_name(cls: type[Behavior], parameter: Parameter) -> None:
    faults = [told(cls, parameter, value) for value in wrong_for(parameter)]

    assert [fault for fault in faults if fault] == []


PER_ELEMENT = [
    pytest.param(cls, parameter.name, id=f"{cls.__name__}-{parameter.name}")
    for cls in CLASSES.values()
    for parameter in cls.declared.values()
    if isinstance(parameter, Initializer) and not isinstance(parameter, Table)
]
WRONG_SHAPES = [
    torch.ones(3),
    torch.ones(2, 3),
    np.ones(5),
    [1.0, 1.0, 1.0],
    torch.ones(2, 2, 4, 4),
]


@pytest.mark.parametrize("value", WRONG_SHAPES, ids=lambda value: str(np.shape(value)))
@pytest.mark.parametrize(("cls", "name"), PER_ELEMENT)
def test_wrong_shapes_are_refused_by_object_and_name(
    cls: type[Behavior], name: str, value: Any
) -> None:
    network, owner, _ = with_parameter(cls, name, value)

    with pytest.raises(ParameterError) as caught:
        network.initialize()

    error = caught.value
    assert (error.node, error.behavior, error.field) == (owner.tags[0], cls.__name__, name)
    assert "must fit the shape" in error.rule
    assert np.shape(error.got) == np.shape(value)


def with_parameter(cls: type[Behavior], name: str, value: Any) -> tuple[Neocortex, Any, Behavior]:
    """Return a network with a ``cls`` behavior whose parameter ``name`` is ``value``."""
    delays = {"mode": value, "delays": None}
    changes = delays if cls.__name__ == "DelayInitializer" else {name: value}
    return network_with(cls, changes=changes)


@pytest.mark.parametrize(
    ("drawn", "rule"),
    [
        (Normal(-5.0, 1.0), "must be above 0 ms"),
        (LogNormal(800.0, 1.0), "must be finite"),
        (Constant(-1.0), "must be above 0 ms"),
    ],
)
def test_what_is_drawn_obeys_the_rule_too(drawn: Distribution, rule: str) -> None:
    def start() -> None:
        network = Neocortex(seed=1)
        NeuronGroup(network, 50, [LIF(tau=drawn)], "exc")
        network.initialize()

    with pytest.raises(ParameterError, match=rule) as caught:
        start()

    assert (caught.value.behavior, caught.value.field) == ("LIF", "tau")


def test_a_time_constant_may_be_log_normal() -> None:
    network = Neocortex(seed=1)
    group = NeuronGroup(network, 50, [LIF(tau=LogNormal(2.0, 0.5))], "exc")

    network.initialize()

    assert bool((group.tau > 0).all())


def test_what_a_file_holds_obeys_the_rule_too(tmp_path: Path) -> None:
    np.save(tmp_path / "tau.npy", np.array([5.0, math.nan]))
    network = Neocortex()
    network.base = tmp_path
    NeuronGroup(network, 2, [LIF(tau=Array("tau.npy"))], "exc")

    with pytest.raises(ParameterError, match="exc › LIF › tau must be a number, not NaN"):
        network.initialize()


@pytest.mark.parametrize(
    "function",
    [lambda w: None, lambda w: w[0], lambda w: w * math.nan, lambda w: w.to(torch.complex64)],
)
def test_what_a_function_returns_is_checked(function: Any) -> None:
    network, _, behavior = network_with(CLASSES["WeightInitializer"])
    behavior.function = function

    with pytest.raises(ParameterError, match="tested › WeightInitializer › function must return"):
        network.initialize()


# Rules that join parameters


TOGETHER = [
    ("WeightClip", {"w_min": 1.0, "w_max": 0.0}, "w_max must be above w_min"),
    ("SimpleSTDP", {"w_min": 2.0, "w_max": 2.0}, "w_max must be above w_min"),
    ("SparseRSTDP", {"w_min": 2.0, "w_max": 1.0}, "w_max must be above w_min"),
    ("ActivityBaseHomeostasis", {"activity_rate": 5, "window_size": 5}, "below window_size"),
    ("VoltageBaseHomeostasis", {"target_voltage": None}, "both max_ta and min_ta must be given"),
    ("VoltageBaseHomeostasis", {"max_ta": -70.0, "min_ta": -60.0}, "max_ta must be at least"),
    ("SimpleiSTDP", {"rho": None}, "rho or alpha must be given"),
    ("WeightInitializer", {"mode": None}, "weights or mode must be given"),
    ("WeightInitializer", {"weights": 1.0}, "not both"),
    ("DelayInitializer", {"delays": None}, "delays or mode must be given"),
    ("SimpleDendriteStructure", {"Distal_max_delay": 2, "distal_min_delay": 2}, "must be below"),
]


@pytest.mark.parametrize(("name", "values", "rule"), TOGETHER)
def test_values_that_contradict_each_other_are_refused(
    name: str, values: dict[str, Any], rule: str
) -> None:
    with pytest.raises(ParameterError, match=rule) as caught:
        example(CLASSES[name], **values)

    assert caught.value.behavior == name


@pytest.mark.parametrize(("name", "value"), [("w_max", -1.0), ("w_min", 2.0), ("w_min", math.nan)])
@pytest.mark.parametrize("kind", ["WeightClip", "SimpleSTDP", "Local2dRSTDP"])
def test_a_refused_change_leaves_the_old_value(kind: str, name: str, value: float) -> None:
    behavior = example(CLASSES[kind])
    before = getattr(behavior, name)

    with pytest.raises(ParameterError) as caught:
        setattr(behavior, name, value)

    assert caught.value.behavior == kind
    assert getattr(behavior, name) == before


# Changes while the network runs


LIVE = [
    pytest.param(cls, parameter, id=f"{cls.__name__}-{parameter.name}")
    for cls in CLASSES.values()
    for parameter in cls.declared.values()
    if parameter.live
]


@pytest.mark.parametrize(("cls", "parameter"), LIVE)
def test_a_running_network_refuses_wrong_values_as_well(
    cls: type[Behavior], parameter: Parameter
) -> None:
    network, owner, behavior = network_with(cls)
    network.initialize()
    before, state = getattr(behavior, parameter.name), numbers_of(owner)
    wrong = [*wrong_for(parameter), *(WRONG_SHAPES if isinstance(parameter, Initializer) else [])]

    refused = [refusal(behavior, owner, parameter.name, value) for value in wrong]

    assert all((owner.tags[0], cls.__name__, parameter.name) == place for place in refused)
    assert getattr(behavior, parameter.name) is before
    assert numbers_of(owner) == state
    network.simulate_iteration()


def refusal(behavior: Behavior, owner: Any, name: str, value: Any) -> tuple[str, str, str] | None:
    """Return where the error says that ``value`` was refused; None without an error."""
    try:
        behavior.change_parameter(owner, name, value)
    except ParameterError as error:
        return error.node, error.behavior, error.field
    return None


def numbers_of(owner: Any) -> dict[str, list[Any]]:
    return {
        name: value.to_dense().tolist()
        for name, value in vars(owner).items()
        if isinstance(value, torch.Tensor)
    }


def test_only_live_parameters_change_while_the_network_runs() -> None:
    network, owner, behavior = network_with(CLASSES["KWTA"])
    network.initialize()

    with pytest.raises(ParameterError, match="tested › KWTA › dimension cannot change"):
        behavior.change_parameter(owner, "dimension", 1)


# Structures


@pytest.mark.parametrize(
    ("values", "field"),
    [
        *(({"dt": value}, "dt") for value in [*NOT_A_NUMBER, *NOT_FINITE, 0, -1.0]),
        *(({"seed": value}, "seed") for value in [*NOT_A_NUMBER, *NOT_FINITE, 1.5, MANY]),
        *(({"dtype": value}, "dtype") for value in [None, "float32", int, torch.int64, 3]),
        *(({"device": value}, "device") for value in [None, 3, "nowhere", object()]),
        *(({"index": value}, "index") for value in [None, 3, "yes"]),
        *(({"synapse_mode": value}, "synapse_mode") for value in [None, "SxS", 3]),
    ],
)
def test_a_network_refuses_wrong_settings(values: dict[str, Any], field: str) -> None:
    with pytest.raises(ParameterError) as caught:
        Neocortex(**values)

    assert caught.value.field == field


WRONG_SIZES = [*NOT_A_NUMBER, *NOT_FINITE, None, -1, 1.5, (1, 2), (1, 0, 2), MANY, "10"]


@pytest.mark.parametrize("size", WRONG_SIZES, ids=lambda size: str(size).partition(" at ")[0][:30])
def test_a_group_refuses_wrong_sizes(size: Any) -> None:
    with pytest.raises(ParameterError) as caught:
        NeuronGroup(Neocortex(), size, [], "exc")

    assert (caught.value.node, caught.value.field) == ("exc", "size")


@pytest.mark.parametrize("polarity", ["inhib", 1, True, object(), [], math.nan])
def test_a_group_refuses_wrong_polarities(polarity: Any) -> None:
    with pytest.raises(ParameterError) as caught:
        NeuronGroup(Neocortex(), 3, [], "exc", polarity=polarity)

    assert (caught.value.node, caught.value.field) == ("exc", "polarity")


@pytest.mark.parametrize("stack", [3, "LIF", LIF, [LIF], [3], {260: 3}, {260: LIF}, object()])
def test_a_group_refuses_what_is_no_stack(stack: Any) -> None:
    with pytest.raises(ConexError) as caught:
        NeuronGroup(Neocortex(), 3, stack, "exc")

    assert isinstance(caught.value, ValueError)
    assert "exc" in str(caught.value)


@pytest.mark.parametrize("tag", [3, object(), ["exc"], True])
def test_objects_refuse_tags_that_are_no_text(tag: Any) -> None:
    network = Neocortex()

    for make in (Neocortex, lambda tag: NeuronGroup(network, 3, [], tag)):
        with pytest.raises(ParameterError, match="tag must be text"):
            make(tag=tag)


@pytest.mark.parametrize("end", [3, object(), [], "nobody"])
def test_synapses_refuse_what_is_no_group(end: Any) -> None:
    network = Neocortex()
    group = NeuronGroup(network, 3, [], "exc")

    with pytest.raises(StructureError, match="syn: "):
        SynapseGroup(network, group, end, "syn")


@pytest.mark.parametrize("name", ["silent_interval", "instance_duration", "sensory_data_dim"])
@pytest.mark.parametrize("value", [*NOT_A_NUMBER, *NOT_FINITE, -1, 1.5, None])
def test_an_input_layer_refuses_wrong_values(name: str, value: Any) -> None:
    with pytest.raises(ParameterError, match="SpikeNdDataset"):
        InputLayer(Neocortex(), [], sensory_size=4, **{name: value})


# What is written about parameters


@pytest.mark.parametrize("cls", CLASSES.values(), ids=CLASSES.keys())
def test_every_parameter_is_described_once(cls: type[Behavior]) -> None:
    helps = [parameter.help for parameter in cls.declared.values()]

    assert all(helps)
    assert len(set(helps)) == len(helps)


@pytest.mark.parametrize("cls", CLASSES.values(), ids=CLASSES.keys())
def test_every_behavior_has_an_equation_and_a_source(cls: type[Behavior]) -> None:
    assert cls.equation
    assert cls.source


QUANTITIES = {
    "tau": ("ms",),
    "_delay": ("ms", "iterations"),
    "threshold": ("mV",),
    "voltage": ("mV",),
    "init_v": ("mV",),
    "v_rest": ("mV",),
    "v_reset": ("mV",),
    "w_min": ("nA",),
    "w_max": ("nA",),
    "norm": ("nA",),
    "window": ("ms", "iterations"),
    "interval": ("ms", "iterations"),
    "duration": ("ms", "iterations"),
    "rho": ("Hz",),
}


@pytest.mark.parametrize(("cls", "parameter"), EVERY_PARAMETER)
def test_physical_parameters_have_their_unit(cls: type[Behavior], parameter: Parameter) -> None:
    words = parameter.name.lower()
    allowed = [units for word, units in QUANTITIES.items() if word in words]

    assert all(parameter.unit in units for units in allowed)


@pytest.mark.parametrize(("cls", "parameter"), EVERY_PARAMETER)
def test_what_an_equation_divides_by_is_above_zero(
    cls: type[Behavior], parameter: Parameter
) -> None:
    divides = parameter.name.startswith("tau") or parameter.name.endswith(("_tau", "delta"))

    assert not divides or getattr(parameter, "above", None) == 0
