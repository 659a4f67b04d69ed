"""``conex list`` tells a user what to know of a behavior before using it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conex_core import catalog
from conex_core.catalog import BehaviorSpec
from conex_core.cli import main
from conex_core.cli.pages import WIDTH, behavior_page, structure_page
from conex_core.graph.model.kinds import KINDS
from conex_core.parameters import REQUIRED, Flag, Number, Option

SPEC = BehaviorSpec(
    name="Leak",
    module="somewhere",
    host="neurons",
    priority=260,
    summary="Let the potential decay.",
    equation="dv/dt = -v",
    source="Lapicque 1907",
    parameters=(
        Number(name="tau", default=10.0, unit="ms", above=0.0, help="Time constant."),
        Number(name="start", default=REQUIRED, unit="mV"),
        Number(name="floor", default=None, optional=True, unit="mV", help="Least potential"),
        Flag(name="clip", default=True),
        Option(name="shape", default="exp", options=("exp", "alpha"), help="Of the decay."),
    ),
    requires=("own.I",),
    provides=("own.v",),
)
PAGE = """\
Leak  (of neuron groups, priority 260)
  Let the potential decay.
  equation: dv/dt = -v
    tau    10 ms          Time constant. Above 0 ms.
    start  required (mV)
    floor  none (mV)      Least potential.
    clip   true
    shape  exp            Of the decay. One of exp, alpha.
  needs: own.I
  gives: own.v
  source: Lapicque 1907"""
BEHAVIORS = catalog.load().behaviors


def test_a_page_has_parameters_defaults_units_rules_and_the_source() -> None:
    assert behavior_page(SPEC) == PAGE


@pytest.mark.parametrize("spec", BEHAVIORS.values(), ids=BEHAVIORS)
def test_every_behavior_has_a_page_that_fits_and_tells_all(spec: BehaviorSpec) -> None:
    page = behavior_page(spec)

    assert max(map(len, page.splitlines())) <= WIDTH
    assert all(f"    {parameter.name} " in page for parameter in spec.parameters)
    assert " ".join(spec.source.split()) in " ".join(page.split())


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_of_node_has_a_page_that_fits(kind: Any) -> None:
    page = structure_page(kind)

    assert page.startswith(kind.name)
    assert max(map(len, page.splitlines())) <= WIDTH


def test_named_behaviors_are_listed_alone_in_the_given_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["list", "behaviors", "KWTA", "LIF", "--json"])

    rows = json.loads(capsys.readouterr().out)["behaviors"]
    assert code == 0
    assert [row["name"] for row in rows] == ["KWTA", "LIF"]
    assert rows[1]["provides"][0] == "own.v"
    assert {"low", "above", "unit", "default", "live"} <= set(rows[1]["parameters"][0])


def test_an_unknown_name_gets_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "behaviors", "SimpelSTDP"]) == 2
    assert "Did you mean 'SimpleSTDP'?" in capsys.readouterr().err
