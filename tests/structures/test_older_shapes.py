"""Structures that CoNeX saved, or that somebody wrote by hand in its shape, are read."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import conex_core
from conex_core import (
    LIF,
    FileError,
    Fire,
    Layer,
    Neocortex,
    NeuronGroup,
    Port,
    SimpleDendriticInput,
    UnknownName,
    create_structure_from_dict,
    load_structure_dict_from_json,
    save_structure,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "save_structure_open.json"
TARGETS = [
    (None, [(0, None, None)]),
    [None, [[0]]],
    (None, [(0, None, [])]),
    (None, [(0, None, {})]),
    (None, [Port(0)]),
    [(0, None, None)],  # as CoNeX's first version had them
]
WRONG: list[tuple[Any, str]] = [
    (0, "must be"),
    ("cells", "must be"),
    ((None, [(0, None, None, None, None)]), r"\[structure, label, behaviors\]"),
    ((None, [0]), "must be"),
    ((None, [(0, None, {180: SimpleDendriticInput()})]), "list of behaviors"),
]


def golden() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))["expected"]["dict"]
    return found


def in_memory(value: Any) -> Any:
    """Return what was read from a file as CoNeX had it in memory: with classes and whole keys."""
    if isinstance(value, list):
        return tuple(in_memory(item) for item in value)
    if not isinstance(value, dict):
        return value
    return {
        int(key) if key.isdigit() else key: (
            getattr(conex_core, item[-1]) if key == "class" else in_memory(item)
        )
        for key, item in value.items()
    }


def saved() -> dict[str, Any]:
    net = Neocortex()
    cells = NeuronGroup(net, 3, [LIF(), Fire()], "cells")
    return save_structure(Layer(net, [cells], input_ports={"in": (None, [Port(cells)])}, tag="L"))


@pytest.mark.parametrize("form", [copy.deepcopy, in_memory])
def test_what_conex_saved_is_made(form: Any) -> None:
    net = Neocortex()

    layer = create_structure_from_dict(net, form(golden()))

    assert [group.size for group in net.NeuronGroups] == [4, 2]
    assert layer.exc_pop.LIF.tau == 3.0
    assert layer.input_ports["in"][1][0].object is layer.exc_pop


def test_a_file_of_conex_is_read_and_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "layer.json"
    path.write_text(json.dumps(golden()), encoding="utf-8")

    layer = create_structure_from_dict(Neocortex(), load_structure_dict_from_json(path))

    assert layer.inh_pop.size == 2


def test_a_class_that_a_file_of_conex_names_is_looked_up_never_imported(tmp_path: Path) -> None:
    path = tmp_path / "layer.json"
    text = json.dumps({**golden(), "class": ["python_callable", "os", "system"]})
    path.write_text(text, encoding="utf-8")

    with pytest.raises(UnknownName, match="system"):
        load_structure_dict_from_json(path)


@pytest.mark.parametrize("ports", TARGETS)
def test_ports_written_by_hand_are_read(ports: Any) -> None:
    layer = create_structure_from_dict(Neocortex(), {**saved(), "input_ports": {"in": ports}})

    port = layer.input_ports["in"][1][0]
    assert (port.object, port.label) == (layer.neurongroups[0], None)


def test_ports_may_be_none() -> None:
    data = {**saved(), "input_ports": None, "output_ports": None}

    assert create_structure_from_dict(Neocortex(), data).input_ports == {}


@pytest.mark.parametrize(("ports", "told"), WRONG)
def test_others_say_where_and_what_is_expected(ports: Any, told: str) -> None:
    data = {**saved(), "input_ports": {"in": ports}}

    with pytest.raises(FileError, match=rf"input_ports\.in.*{told}.*Ports are"):
        create_structure_from_dict(Neocortex(), data)
