"""Names that star imports of other packages gave by the way: each says the line to write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import conex_core
from conex_core import Behavior, BehaviorError, Neocortex, NeuronGroup, ReplacedName
from conex_core.star_names import LINES, line_for

PAGE = Path(__file__).parents[1] / "resources" / "docs" / "coming-from-conex.md"
NOT_HERE = ["np", "torch", "math", "plt", "random", "os", "Dict", "Network", "Clock"]
PARTS = {"NetworkBehavior", "NetworkCore", "utils"}  # pymonntorch's own folders
NOT_INSTALLED = {"pd", "sns", "tqdm"}


class Own(Behavior):
    """Use a name of the script in ``initialize`` or in the first step."""

    def initialize(self, group: Any) -> None:
        if group.early:
            eval(group.name_used, {"__builtins__": {}})  # as if it stood here

    def forward(self, group: Any) -> None:
        eval(group.name_used, {"__builtins__": {}})


def run(network: Neocortex) -> None:
    network.initialize()
    network.simulate_iterations(1)


def failed(name: str, early: bool) -> BehaviorError:
    network = Neocortex()
    group = NeuronGroup(network, 2, {1: Own()}, "cells")
    group.early, group.name_used = early, name
    with pytest.raises(BehaviorError) as caught:
        run(network)
    return caught.value


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("name", NOT_HERE)
def test_a_behavior_without_an_import_says_the_line(name: str, early: bool) -> None:
    error = failed(name, early)

    assert f"name '{name}' is not defined. Add this line" in error.problem
    assert error.problem.endswith(f": {line_for(name)}")
    assert isinstance(error.__cause__, NameError)


def test_a_name_that_nobody_can_know_is_told_as_python_does() -> None:
    assert failed("wieghts", early=False).problem == "name 'wieghts' is not defined"


def test_every_name_of_the_star_import_of_pymonntorch_is_here_or_has_a_line() -> None:
    space: dict[str, Any] = {}

    exec("from pymonntorch import *", space)

    names = {name for name in space if not name.startswith("__")} - PARTS
    assert len(names) > 30
    assert [name for name in sorted(names) if not line_for(name)] == []


@pytest.mark.parametrize("name", sorted(LINES.keys() - NOT_INSTALLED))
def test_the_line_gives_the_name(name: str) -> None:
    space: dict[str, Any] = {}

    exec(line_for(name), space)

    assert name in space


@pytest.mark.parametrize("name", ["np", "torch", "Clock", "TaggableObject"])
def test_importing_such_a_name_from_here_says_the_line(name: str) -> None:
    with pytest.raises(ReplacedName, match=line_for(name)):
        exec(f"from conex_core import {name}")


@pytest.mark.parametrize("name", ["np", "torch", "math", "random", "F", "nn", "plt", "Clock"])
def test_the_page_lists_the_names_for_scripts_that_python_stops(name: str) -> None:
    assert f"`{name}`" in PAGE.read_text(encoding="utf-8")


def test_the_star_import_stays_clean() -> None:
    assert set(LINES).isdisjoint(conex_core.__all__)
