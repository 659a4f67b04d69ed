"""Arguments that structures do not take: older ones say what to write, others name the nearest."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import conex_core
from conex_core import (
    LIF,
    ConexError,
    Fire,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    create_structure_from_dict,
    replicate,
    save_structure,
)
from conex_core.errors import ArgumentError
from conex_core.moved import ARGUMENTS

NEEDED: dict[str, dict[str, Any]] = {"NeuronGroup": {"size": 3}, "InputLayer": {}}
NETWORKS = ["Neocortex", "Network"]
KINDS = [
    name
    for name in conex_core.structures.__all__
    if name not in ("NeuronDimension", "Port", *NETWORKS)
]
TRACES = [
    ("InputLayer", "sensory_trace"),
    ("InputLayer", "location_trace"),
    ("OutputLayer", "representation_trace"),
    ("OutputLayer", "motor_trace"),
]


def made(kind: str, **arguments: Any) -> Any:
    cls = getattr(conex_core, kind)
    own = {} if kind in NETWORKS else {"net": Neocortex()}
    return cls(**own, **NEEDED.get(kind, {}), **arguments)


@pytest.mark.parametrize("kind", [*KINDS, *NETWORKS])
def test_a_misspelled_argument_names_the_nearest(kind: str) -> None:
    with pytest.raises(ArgumentError, match=f"{kind} has no argument 'behaviour'.+'behavior'"):
        made(kind, behaviour={})


@pytest.mark.parametrize("kind", [*KINDS, *NETWORKS])
def test_every_structure_still_shows_its_arguments(kind: str) -> None:
    names = list(inspect.signature(getattr(conex_core, kind)).parameters)

    assert {"behavior", "tag"} <= set(names)


@pytest.mark.parametrize(("kind", "name"), TRACES)
def test_traces_of_older_layers_say_where_traces_are_now(kind: str, name: str) -> None:
    with pytest.raises(ConexError, match=f"{name}.+PreTrace and PostTrace"):
        made(kind, **{name: 3})


@pytest.mark.parametrize("nothing", [None, False, 0, 0.0, "", {}, [], ()])
@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_an_older_argument_that_says_nothing_is_taken(name: str, nothing: object) -> None:
    made("OutputLayer", **{name: nothing})


def test_settings_belong_to_the_network_of_pymonntorch() -> None:
    with pytest.raises(ArgumentError, match="make a Network"):
        Neocortex(settings={"device": "cpu"})  # type: ignore[call-arg]  # that is the point


def test_a_subclass_that_hands_on_what_it_does_not_know_is_named() -> None:
    class Mine(conex_core.Layer):
        def __init__(self, net: Any, **others: Any) -> None:
            super().__init__(net, **others)

    with pytest.raises(ArgumentError, match="Mine has no argument 'dept'"):
        Mine(Neocortex(), dept=1)


def test_saving_and_making_take_the_empty_arguments_of_conex() -> None:
    net = Neocortex()
    cells = NeuronGroup(net, 5, [LIF(), Fire(), NeuronAxon()], tag="cells")
    nothing: dict[str, Any] = {"built_structures": {}, "all_structures_required": []}

    data = save_structure(cells, **nothing)
    twin = create_structure_from_dict(net, data, built_structures=None)  # type: ignore[call-arg]

    assert twin.size == 5


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda cells: save_structure(cells, built_structures={0: cells}), "is found"),
        (lambda cells: save_structure(cells, all_structures_required=[cells]), "by itself"),
        (
            lambda cells: create_structure_from_dict(
                cells.network, save_structure(cells), built_structures={0: cells}
            ),
            "outside=",
        ),
        (lambda cells: replicate(cells, cells.network, states=True), "'state'"),
    ],
)
def test_others_say_what_to_write(call: Any, told: str) -> None:
    cells = NeuronGroup(Neocortex(), 2, [LIF(), Fire()])

    with pytest.raises(ArgumentError, match=told):
        call(cells)
