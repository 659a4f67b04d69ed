"""What the check says of plots: unknown kinds, wrong settings, variables that nothing makes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conex_app.shell.problems import fix_all
from conex_core.catalog import Catalog
from conex_core.graph import edits
from conex_core.graph.checks.check import check
from conex_core.graph.files.project_file import from_text, to_text
from conex_core.graph.model.document import BehaviorItem, Document, Monitor


def of_code(doc: Document, catalog: Catalog, code: str):
    return [problem for problem in check(doc, catalog) if problem.code == code]


@pytest.mark.parametrize(("kind", "targets"), [("raster", ("exc", "input")), ("rate", ())])
def test_plots_of_what_is_there_are_no_problem(network, catalog, kind, targets):
    assert check(edits.add_monitor(network, kind, targets=targets), catalog) == []


def test_a_plot_of_an_unknown_kind_is_a_warning_with_the_nearest_known(network, catalog):
    doc = edits.add_monitor(network, "rastr", monitor_id="m")

    (problem,) = of_code(doc, catalog, "unknown-plot")

    assert problem.severity == "warning"
    assert "Did you mean 'raster'" in problem.message
    assert problem.fixes[0].apply(doc).monitors == ()


def test_a_plot_of_an_unknown_kind_keeps_every_field_in_a_file(network):
    odd = Monitor("m", "wavelet", ("exc",), {"q": 3, "deep": {"a": (1,)}}, {"palette": ("x",)})
    text = to_text(replace(network, monitors=(odd,)))

    again = from_text(text)

    assert again.monitors == (odd,)
    assert to_text(again) == text


def test_a_variable_that_nothing_makes_is_a_warning_with_the_nearest_known(network, catalog):
    params = {"variable": "treshold"}
    doc = edits.add_monitor(network, "voltage", targets=("exc",), params=params)

    (problem,) = of_code(doc, catalog, "plot-variable")

    assert problem.severity == "warning"
    assert "variable of Exc 'treshold'. Did you mean 'threshold'" in problem.message
    assert of_code(problem.fixes[0].apply(doc), catalog, "plot-variable") == []


@pytest.mark.parametrize("variable", ["v", "I", "threshold"])
def test_what_behaviors_provide_or_document_can_be_watched(network, catalog, variable):
    doc = edits.add_monitor(network, "voltage", targets=("exc",), params={"variable": variable})

    assert check(doc, catalog) == []


def test_a_group_that_cannot_be_shown_is_told_unless_the_plot_shows_all(network, catalog):
    node = network.network.node("inh")
    bare = replace(node, stack=tuple(item for item in node.stack if item.kind == "NeuronAxon"))
    doc = network.with_network(
        replace(network.network, nodes={**network.network.nodes, "inh": bare})
    )

    every = edits.add_monitor(doc, "raster")
    one = edits.add_monitor(doc, "raster", targets=("inh",))

    assert of_code(every, catalog, "plot-variable") == []
    assert "Inh" in of_code(one, catalog, "plot-variable")[0].message


def test_nothing_is_said_of_groups_with_unknown_behaviors(network, catalog):
    node = network.network.node("exc")
    odd = replace(node, stack=(*node.stack, BehaviorItem("b", "Izhikevich2030")))
    doc = network.with_network(
        replace(network.network, nodes={**network.network.nodes, "exc": odd})
    )
    doc = edits.add_monitor(doc, "voltage", targets=("exc",), params={"variable": "u"})

    assert of_code(doc, catalog, "plot-variable") == []


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("raster", {"window": -5}),
        ("raster", {"window": "long"}),
        ("raster", {"window": 3e9}),
        ("raster", {"window": 1e300}),
        ("voltage", {"neurons": "all"}),
        ("voltage", {"neurons": (-1,)}),
        ("rate", {"bin": 0}),
        ("rate", {"bin": None}),
        ("rate", {"bins": 10.0}),
    ],
)
def test_a_wrong_setting_is_a_warning_that_can_be_mended(network, catalog, kind, params):
    doc = edits.add_monitor(network, kind, targets=("exc",), params=params)

    (problem,) = of_code(doc, catalog, "plot-setting")

    assert problem.severity == "warning"
    assert next(iter(params)) in problem.message
    assert check(problem.fixes[0].apply(doc), catalog) == []


def test_problems_of_plots_are_whole_sentences(network, catalog):
    doc = edits.add_monitor(network, "rastr")
    doc = edits.add_monitor(doc, "rate", params={"bin": -3, "bims": 1})
    doc = edits.add_monitor(doc, "voltage", targets=("exc",), params={"variable": "vv"})

    texts = [problem.message for problem in check(doc, catalog)]

    assert len(texts) == 4
    assert [text for text in texts if "?." in text or text[-1] not in ".?"] == []
    assert any("got -3. 10 ms is usual. The plot" in text for text in texts)


def test_a_catalog_without_plots_says_nothing_of_them(network, catalog):
    doc = edits.add_monitor(network, "raster", targets=("exc",))

    assert check(doc, Catalog(catalog.behaviors)) == []


def test_mends_of_plots_can_all_be_applied_one_after_the_other(network, catalog):
    doc = edits.add_monitor(network, "rastr")
    doc = edits.add_monitor(doc, "rasta")
    doc = edits.add_monitor(doc, "rate", params={"foo": 1, "bar": 2, "window": -5})
    doc = edits.add_monitor(doc, "rate", params={"foo": 1})

    mended = fix_all(doc, check(doc, catalog))

    assert [(one.kind, dict(one.params)) for one in mended.monitors] == [("rate", {}), ("rate", {})]
    assert check(mended, catalog) == []


def test_a_plot_of_a_note_is_told_and_the_note_taken_off(network, catalog):
    doc = edits.add_node(network, "Note", name="Read me", node_id="note")
    doc = edits.add_monitor(doc, "voltage", targets=("note", "exc"), monitor_id="m")

    (problem,) = of_code(doc, catalog, "plot-target")

    assert "cannot show Read me, which is a note" in problem.message
    assert problem.fixes[0].apply(doc).monitors[0].targets == ("exc",)


def test_neurons_that_no_shown_group_has_are_told(network, catalog):
    doc = edits.add_monitor(network, "voltage", targets=("exc",), params={"neurons": (0, 100)})

    (problem,) = of_code(doc, catalog, "plot-units")

    assert "shows neuron 100, but" in problem.message
    assert "100 neurons, 0 to 99" in problem.message
    assert of_code(problem.fixes[0].apply(doc), catalog, "plot-units") == []


def test_neurons_named_over_and_over_are_kept_once(network, catalog):
    doc = edits.add_monitor(network, "voltage", params={"neurons": (0, 1) * 5_000})
    (watch, _) = catalog.plots["voltage"].watches

    assert of_code(doc, catalog, "plot-units") == []
    assert watch.chosen(catalog.plots["voltage"].settings(doc.monitors[0].params)) == (0, 1)


def test_more_neurons_than_a_plot_keeps_are_told_and_not_read(network, catalog):
    doc = edits.set_param(network, "exc", "size", 10_000)
    doc = edits.add_monitor(doc, "voltage", params={"neurons": tuple(range(10_000))})
    (watch, _) = catalog.plots["voltage"].watches

    (problem,) = of_code(doc, catalog, "plot-units")

    assert "is given 10,000 neurons; it keeps the first 100" in problem.message
    assert len(watch.chosen(catalog.plots["voltage"].settings(doc.monitors[0].params))) == 100
