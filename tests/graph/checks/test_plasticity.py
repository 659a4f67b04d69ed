"""Learning that may carry the weights of an excitatory group below zero is told."""

from __future__ import annotations

from typing import Any

import pytest

from conex_core.catalog import Catalog, catalog_from_text, catalog_to_text
from conex_core.graph import edits
from conex_core.graph.checks.check import check
from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.defaults import HARD_BOUNDS
from conex_core.graph.model.document import Document

RULES = [
    f"{form}{rule}"
    for rule in ("STDP", "RSTDP")
    for form in ("Simple", "One2One", "Sparse", "Conv2d", "Local2d")
]


def learning(
    doc: Document, catalog: Catalog, kind: str = "SimpleSTDP", **params: Any
) -> tuple[Document, list[Problem]]:
    doc = edits.add_behavior(
        doc, "drive", kind, catalog=catalog, params=params or {}, item_id="rule"
    )
    return doc, [problem for problem in check(doc, catalog) if problem.code == "crosses-zero"]


@pytest.mark.parametrize("kind", RULES)
def test_a_rule_without_bounds_is_told_with_a_mend(
    network: Document, catalog: Catalog, kind: str
) -> None:
    doc, [problem] = learning(network, catalog, kind)

    mended = problem.fixes[0].apply(doc)

    assert problem.severity == "warning"
    assert kind in problem.message
    assert "may fall below zero and inhibit" in problem.message
    assert mended.network.node("drive").item("rule").params == HARD_BOUNDS
    assert "crosses-zero" not in {item.code for item in check(mended, catalog)}


@pytest.mark.parametrize("kind", RULES)
def test_a_rule_that_is_added_in_the_window_has_hard_bounds(
    network: Document, catalog: Catalog, kind: str
) -> None:
    doc = edits.add_behavior(network, "drive", kind, catalog=catalog, item_id="rule")

    assert HARD_BOUNDS.items() <= doc.network.node("drive").item("rule").params.items()
    assert "crosses-zero" not in {item.code for item in check(doc, catalog)}


def test_every_rule_that_has_limits_is_meant(catalog: Catalog) -> None:
    limited = {
        spec.name
        for spec in catalog.behaviors.values()
        if {"a_minus", *HARD_BOUNDS} <= {parameter.name for parameter in spec.parameters}
    }

    assert limited == set(RULES)


@pytest.mark.parametrize(
    "params", [{"clip": True}, {"negative_bound": "soft_bound"}, {"a_minus": 0.0}]
)
def test_a_rule_that_stops_at_zero_is_fine(
    network: Document, catalog: Catalog, params: dict[str, Any]
) -> None:
    assert learning(network, catalog, **params)[1] == []


@pytest.mark.parametrize(
    "params", [{"clip": True, "w_min": -1.0}, {"positive_bound": "hard_bound"}, {"w_max": 9.0}]
)
def test_limits_that_do_not_stop_at_zero_are_told(
    network: Document, catalog: Catalog, params: dict[str, Any]
) -> None:
    doc, [problem] = learning(network, catalog, **params)

    mended = problem.fixes[0].apply(doc).network.node("drive").item("rule").params

    assert (mended["w_min"], mended["w_max"]) == (0.0, params.get("w_max", 1.0))


def test_a_clip_beside_the_rule_is_enough(network: Document, catalog: Catalog) -> None:
    doc = edits.add_behavior(network, "drive", "WeightClip", catalog=catalog)

    assert learning(doc, catalog)[1] == []


def test_an_inhibitory_group_is_not_meant(network: Document, catalog: Catalog) -> None:
    doc = edits.set_param(network, "exc", "polarity", "inhibitory")

    assert learning(doc, catalog)[1] == []


def test_limits_say_when_they_act(catalog: Catalog) -> None:
    limit = catalog.behavior("SimpleSTDP").parameter("w_min")

    assert limit.condition() == (
        "clip is on, or positive_bound or negative_bound is hard_bound or soft_bound"
    )
    assert not limit.acts({"clip": False, "positive_bound": None, "negative_bound": "no_bound"})
    assert limit.acts({"clip": True})
    assert limit.acts({"negative_bound": "soft_bound"})
    assert catalog.behavior("WeightClip").parameter("w_min").acts({})


def test_conditions_come_through_the_file_of_the_catalog(catalog: Catalog) -> None:
    assert catalog_from_text(catalog_to_text(catalog)) == catalog
