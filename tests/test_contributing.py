"""The page for contributors: each of its examples is complete and does what it says."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import test_contracts
from tiny_network import network_with

import conex_core
import conex_core.behaviors.neurons
import conex_core.structures.check
from conex_app.actions import ACTIONS, Facts
from conex_app.actions.action import Action, ready
from conex_core import LIF, Behavior, Fire, Neocortex, NeuronGroup, examples
from conex_core.catalog_reader import read_catalog
from conex_core.cli import main

DOCS = Path(__file__).resolve().parent.parent / "resources" / "docs"
PAGE = (DOCS / "contributing.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: ([\w ]+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))
CONTRACT = [
    test
    for name, test in vars(test_contracts).items()
    if name.startswith("test_") and list(inspect.signature(test).parameters) == ["cls"]
]


@pytest.fixture
def drift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Behavior]]:
    """Give the behavior of the page, from a file beside those of the neurons."""
    neurons = conex_core.behaviors.neurons
    (tmp_path / "drift.py").write_text(EXAMPLES["behavior"], encoding="utf-8")
    monkeypatch.setattr(neurons, "__path__", [*neurons.__path__, str(tmp_path)])
    yield importlib.import_module(f"{neurons.__name__}.drift").Drift
    del sys.modules[f"{neurons.__name__}.drift"], neurons.drift


def test_the_page_has_an_example_of_each_kind() -> None:
    assert list(EXAMPLES) == ["behavior", "plot", "check rule", "kernel", "action", "example"]


def test_the_behavior_is_in_the_catalog_and_importable_without_a_list(drift: Any) -> None:
    assert read_catalog().behaviors["Drift"].parameters == tuple(drift.declared.values())
    assert conex_core.Drift is drift


@pytest.mark.parametrize("test", CONTRACT, ids=lambda test: test.__name__)
def test_the_behavior_keeps_the_contract_of_all_behaviors(drift: Any, test: Any) -> None:
    assert test(drift) is None


def test_the_behavior_does_in_ten_steps_what_its_equation_says(drift: Any) -> None:
    network, group, _ = network_with(drift, changes={"rate": 0.0})
    raised, other, _ = network_with(drift, changes={"rate": 0.01})
    network.initialize()
    raised.initialize()

    network.simulate_iterations(10)
    raised.simulate_iterations(10)

    assert (other.v > group.v).all()


def test_the_check_rule_is_asked_about_networks_and_says_where(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names: dict[str, Any] = {}
    exec(EXAMPLES["check rule"], names)
    listed = conex_core.structures.check
    rules = (*listed.NETWORK_RULES, names["names_fit_into_plots"])
    monkeypatch.setattr(listed, "NETWORK_RULES", rules)
    network = Neocortex(seed=1)
    for name in ("short", "a name that goes on and on and then some more"):
        NeuronGroup(network, 3, [LIF(), Fire()], tag=name)

    (problem,) = network.check()

    assert problem.code == "long-name"
    assert "a name that goes on" in problem.message


def test_the_action_gives_one_command_by_keys_that_are_free() -> None:
    action = eval(EXAMPLES["action"], {"Action": Action, "ready": ready})
    targets = Mock()

    action.run(targets)

    targets.run.step.assert_called_once_with(1000)
    assert action.hint() == "Advance by 1000 iterations  (Ctrl+Alt+F10)"
    assert action.enabled_when(Facts(open=True))
    assert action.id not in ACTIONS
    assert action.shortcut not in {other.shortcut for other in ACTIONS.values()}


def test_the_example_is_listed_free_of_problems_and_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "examples" / "noisy.conex"
    path.parent.mkdir()
    path.write_text(EXAMPLES["example"], encoding="utf-8")
    monkeypatch.setattr(examples, "root", lambda: tmp_path)

    assert examples.names() == ["noisy"]
    assert examples.summary_of("noisy") == "Fifty neurons that only noise makes spike."
    assert main(["check", str(path)]) == 0
    capsys.readouterr()
    assert main(["run", str(path), "--steps", "10", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["steps"], result["problems"]) == (10, [])


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_links_of_a_page_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if "://" not in link and not (DOCS / link).exists()] == []
