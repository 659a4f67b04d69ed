"""A time step that forward Euler cannot take is told, with one that it can."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest
import torch

from conex_core import AELIF, LIF, Dopamine, Fire, Neocortex, NeuronGroup, Payoff
from conex_core.catalog import Catalog
from conex_core.distributions import Constant, Normal, Uniform
from conex_core.graph import edits
from conex_core.graph.checks.check import check
from conex_core.graph.checks.problems import Problem
from conex_core.graph.checks.rules.stability import fine_step
from conex_core.graph.model.document import NETWORK, Document


def with_tau(doc: Document, value: Any) -> Document:
    items = doc.network.node("exc").stack
    item_id = next(item.id for item in items if item.kind == "LIF")
    return edits.set_behavior_param(doc, "exc", item_id, "tau", value)


def long_steps(doc: Document, catalog: Catalog) -> list[Problem]:
    return [problem for problem in check(doc, catalog) if problem.code == "long-step"]


@pytest.mark.parametrize("tau", [1.0, 0.5, Uniform(0.2, 30.0), Constant(0.5), [0.5] * 100])
def test_a_step_as_long_as_a_time_constant_is_told(
    two_groups: Document, catalog: Catalog, tau: Any
) -> None:
    doc = with_tau(two_groups, tau)

    [problem] = long_steps(doc, catalog)

    assert problem.severity == "warning"
    assert problem.where(doc) == "Exc › LIF › tau"
    assert long_steps(problem.fixes[0].apply(doc), catalog) == []


@pytest.mark.parametrize("tau", [1.01, 20.0, Uniform(2.0, 30.0), Normal(20.0, 2.0)])
def test_a_shorter_step_is_fine(two_groups: Document, catalog: Catalog, tau: Any) -> None:
    assert long_steps(with_tau(two_groups, tau), catalog) == []


def test_only_the_smallest_time_constant_is_told(two_groups: Document, catalog: Catalog) -> None:
    doc = edits.set_settings(with_tau(two_groups, 4.0), dt=25.0)

    [problem] = long_steps(doc, catalog)

    assert problem.message == (
        "A step of 25 ms is too long for Exc › LIF › tau, a time constant of 4 ms. "
        "Set dt to 0.2 ms."
    )


def test_time_constants_of_the_network_count(two_groups: Document, catalog: Catalog) -> None:
    doc = two_groups
    for kind in ("Payoff", "Dopamine"):
        doc = edits.add_behavior(doc, NETWORK, kind, catalog=catalog)
    item_id = next(item.id for item in doc.settings.stack if item.kind == "Dopamine")
    doc = edits.set_behavior_param(doc, NETWORK, item_id, "tau_dopamine", 0.1)

    [problem] = long_steps(doc, catalog)

    assert (problem.node, problem.field) == (NETWORK, "tau_dopamine")


@pytest.mark.parametrize("dt", [0.0, -1.0, float("inf")])
def test_a_step_that_cannot_be_is_left_to_another_rule(
    two_groups: Document, catalog: Catalog, dt: float
) -> None:
    doc = replace(two_groups, settings=replace(two_groups.settings, dt=dt))

    assert [problem.code for problem in check(doc, catalog)] == ["settings"]


@pytest.mark.parametrize(
    ("tau", "step"), [(10.0, 1.0), (9.9, 0.5), (1.0, 0.1), (0.3, 0.02), (7e-3, 5e-4), (50.0, 5.0)]
)
def test_the_step_offered_is_round_and_at_most_a_tenth(tau: float, step: float) -> None:
    assert fine_step(tau) == step


def test_a_network_of_a_script_is_told_as_well(caplog: pytest.LogCaptureFixture) -> None:
    network = Neocortex(dt=5.0, behavior=[Payoff(), Dopamine()])
    stack = [AELIF(tau=torch.tensor([10.0, 3.0]), w_tau=100.0), Fire()]
    NeuronGroup(network, 2, stack, "exc")
    NeuronGroup(network, 2, [LIF(), Fire()], "inh")

    with caplog.at_level(logging.WARNING):
        network.initialize()

    assert "exc › AELIF › tau, a time constant of 3 ms. Set dt to 0.2 ms." in caplog.text
