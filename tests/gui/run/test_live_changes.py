from __future__ import annotations

import pytest

from conex_app.run.live_changes import LiveChange, Toggle, is_outdated, live_changes
from conex_core import catalog as catalogs
from conex_core import examples
from conex_core.graph import edits


@pytest.fixture
def catalog():
    return catalogs.load()


@pytest.fixture
def document():
    return examples.load("smallest")


@pytest.fixture
def lif(document):
    node = next(n for n in document.network.nodes.values() if n.kind == "NeuronGroup")
    return node.id, next(item.id for item in node.stack if item.kind == "LIF")


def test_a_live_parameter_is_sent(document, catalog, lif):
    new = edits.set_behavior_param(document, *lif, "tau", 4.0)

    assert live_changes(document, new, catalog) == [LiveChange(*lif, "tau", 4.0)]
    assert not is_outdated(document, new, catalog)


def test_a_reset_parameter_is_sent_as_its_default(document, catalog, lif):
    changed = edits.set_behavior_param(document, *lif, "R", 4.0)
    reset = edits.reset_behavior_param(changed, *lif, "R")

    (change,) = live_changes(changed, reset, catalog)

    assert change.value == catalog.behavior("LIF").parameter("R").default


def test_a_switch_is_sent(document, catalog, lif):
    new = edits.enable_behavior(document, *lif, False)

    assert live_changes(document, new, catalog) == [Toggle(*lif, False)]


def test_a_parameter_that_is_not_live_needs_a_new_run(document, catalog, lif):
    new = edits.set_behavior_param(document, *lif, "init_v", -60.0)

    assert live_changes(document, new, catalog) == []
    assert is_outdated(document, new, catalog)


def test_going_back_is_not_outdated(document, catalog, lif):
    new = edits.set_behavior_param(document, *lif, "init_v", -60.0)
    first = document.network.node(lif[0]).item(lif[1]).params["init_v"]
    back = edits.set_behavior_param(new, *lif, "init_v", first)

    assert is_outdated(document, new, catalog)
    assert not is_outdated(document, back, catalog)


@pytest.mark.parametrize(
    ("change", "outdated"),
    [
        (lambda doc: edits.add_node(doc, "Note"), False),
        (lambda doc: edits.add_node(doc, "NeuronGroup"), True),
        (lambda doc: edits.add_monitor(doc, "raster"), False),
        (lambda doc: edits.set_settings(doc, duration=5.0), False),
        (lambda doc: edits.set_settings(doc, seed=1234), True),
        (lambda doc: edits.set_settings(doc, dt=0.25), True),
    ],
)
def test_what_needs_a_new_run(document, catalog, change, outdated):
    assert is_outdated(document, change(document), catalog) is outdated
