"""Every behavior keeps its word: what it declares is documented, checked and true.

A new behavior is tested here without a line being added.
"""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from tiny_network import CLASSES, example, network_with

from conex_core.behavior import Behavior
from conex_core.catalog import catalog_from_text, catalog_to_text
from conex_core.catalog_reader import read_catalog
from conex_core.errors import ParameterError, StructureError, UnknownName
from conex_core.introspect import spec_of
from conex_core.parameters import (
    Flag,
    Hook,
    Initializer,
    Integer,
    Integers,
    Names,
    Number,
    Option,
    Parameter,
    Text,
)
from conex_core.priorities import ALL_PRIORITIES

every_behavior = pytest.mark.parametrize("cls", CLASSES.values(), ids=CLASSES.keys())
PLACES = {"own", "source", "target", "network", "layer"}


@every_behavior
def test_it_is_documented(cls: type[Behavior]) -> None:
    spec = spec_of(cls)

    assert spec.summary.endswith("."), "the docstring starts with one sentence"
    assert spec.source, "it says where it comes from"
    assert all(parameter.help.endswith(".") for parameter in spec.parameters)


@every_behavior
def test_it_has_its_place_in_the_order(cls: type[Behavior]) -> None:
    assert isinstance(cls.priority, int)
    assert ALL_PRIORITIES.get(cls.__name__, cls.priority) == cls.priority


@every_behavior
def test_it_names_places_that_exist(cls: type[Behavior]) -> None:
    assert {item.partition(".")[0] for item in cls.requires} <= PLACES
    assert {item.partition(".")[0] for item in cls.provides} <= {"own"}


@every_behavior
def test_it_provides_what_it_says(cls: type[Behavior]) -> None:
    network, owner, _ = network_with(cls)

    network.initialize()

    promised = (*cls.provides, *cls.recordable)
    missing = [item for item in promised if not hasattr(owner, item.partition(".")[2])]
    assert not missing


REQUIREMENTS = [
    pytest.param(cls, item, id=f"{name}-{item}")
    for name, cls in CLASSES.items()
    for item in cls.requires
]


@pytest.mark.parametrize(("cls", "requirement"), REQUIREMENTS)
def test_it_says_what_it_misses(cls: type[Behavior], requirement: str) -> None:
    attribute = requirement.partition(".")[2]
    flat = attribute in ("depth", "height", "width")
    network, owner, _ = network_with(cls, without=requirement, flat=flat)
    if requirement.startswith("layer."):
        owner.input_layer = None

    with pytest.raises(StructureError) as caught:
        network.initialize()

    assert caught.value.node in (owner.tags[0], *(g.tags[0] for g in network.NeuronGroups))
    assert requirement.startswith("layer.") or repr(attribute) in str(caught.value)


@every_behavior
def test_it_runs_and_gives_the_same_for_the_same_seed(cls: type[Behavior]) -> None:
    first, second = (after_ten_steps(cls) for _ in range(2))

    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)


@every_behavior
def test_it_changes_tensors_in_place(cls: type[Behavior]) -> None:
    network, owner, _ = network_with(cls)
    network.initialize()
    network.simulate_iterations(3)
    before = {name: id(value) for name, value in tensors_of(owner).items()}

    network.simulate_iterations(5)

    assert {name: id(value) for name, value in tensors_of(owner).items()} == before


@every_behavior
def test_initializing_again_starts_over(cls: type[Behavior]) -> None:
    network, owner, _ = network_with(cls)
    network.initialize()
    network.simulate_iterations(7)

    network.initialize()
    network.simulate_iterations(10)

    expected = after_ten_steps(cls)
    found = tensors_of(owner)
    assert all(torch.equal(dense(found[name]), expected[name]) for name in expected)


@every_behavior
def test_it_refuses_unknown_names(cls: type[Behavior]) -> None:
    with pytest.raises(UnknownName) as caught:
        example(cls, no_such_parameter=1)

    assert cls.__name__ in str(caught.value)


def wrong_values(parameter: Parameter) -> list[Any]:
    wrong: list[Any] = [] if parameter.optional else [None]
    match parameter:
        case Integer():
            wrong += ["many", 1.5, math.nan, math.inf, [1], *beyond(parameter)]
        case Number():
            wrong += ["much", math.nan, math.inf, [1.0], True, *beyond(parameter)]
        case Flag():
            wrong += [1, "yes"]
        case Option():
            wrong += ["no such choice", 3]
        case Integers():
            wrong += ["two", [1.5, 1], [math.nan, 1], *beyond(parameter)]
        case Initializer():
            wrong += ["evil()", "__import__('os')", math.nan, math.inf, object(), [math.nan]]
            wrong += [torch.tensor([math.nan]), *beyond(parameter)]
        case Names():
            wrong += [3, "v I", "torch.mean(n.v * 2)", "__class__", [1]]
        case Text():
            wrong += [3]
        case Hook():
            wrong += ["print"]
            wrong += [3] if parameter.callable_only else []
    return wrong


def beyond(parameter: Any) -> list[float]:
    """Return values just outside the bounds."""
    values = [parameter.low - 1] if parameter.low is not None else []
    values += [parameter.high + 1] if parameter.high is not None else []
    values += [parameter.above] if parameter.above is not None else []
    return values + ([parameter.below] if parameter.below is not None else [])


@every_behavior
def test_it_refuses_wrong_values(cls: type[Behavior]) -> None:
    tried = [
        (name, value)
        for name, parameter in cls.declared.items()
        for value in wrong_values(parameter)
    ]

    told = [complaint(cls, name, value) for name, value in tried]

    assert told == [(cls.__name__, name) for name, _ in tried]


def complaint(cls: type[Behavior], name: str, value: Any) -> tuple[str, str] | None:
    """Return the behavior and the parameter that the error names; None without an error."""
    try:
        example(cls, **{name: value})
    except ParameterError as error:
        return error.behavior, error.field
    return None


def test_the_catalog_survives_its_file() -> None:
    catalog = read_catalog()

    assert catalog_from_text(catalog_to_text(catalog)) == catalog
    assert set(catalog.behaviors) == set(CLASSES)


def after_ten_steps(cls: type[Behavior]) -> dict[str, torch.Tensor]:
    network, owner, _ = network_with(cls)
    network.initialize()
    network.simulate_iterations(10)
    return {name: dense(value) for name, value in tensors_of(owner).items()}


def tensors_of(owner: Any) -> dict[str, torch.Tensor]:
    return {name: value for name, value in vars(owner).items() if isinstance(value, torch.Tensor)}


def dense(value: torch.Tensor) -> torch.Tensor:
    return value if value.layout is torch.strided else value.to_dense()
