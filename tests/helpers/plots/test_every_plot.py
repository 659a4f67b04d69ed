"""Every plot keeps its word: what it declares is complete, and it draws.

A new plot is tested here without a line being added.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from conex_core import catalog, examples
from conex_core.catalog_reader import read_plots
from conex_core.errors import ParameterError, UnknownName
from conex_core.graph import edits
from conex_core.graph.files.project_file import from_text, to_text
from conex_core.graph.model.kinds import KINDS
from conex_core.helpers.visualization.in_session import sources_in
from conex_core.helpers.visualization.plot import load_plot
from conex_core.plot_specs import NETWORK_KIND, spec_from_data, spec_to_data
from conex_core.run.session import Session

SPECS, BROKEN = read_plots()

every_plot = pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())


@pytest.fixture(scope="module")
def session() -> Session:
    return Session.of(examples.load("digits"), catalog.load())


def widget_of(spec, session, qtbot):
    sources = sources_in(session, spec, spec.settings({}))
    plot = load_plot(spec).live(sources, dt=session.dt)
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.show()
    qtbot.waitExposed(plot)
    plot.refresh()
    return plot


def picture(plot):
    QApplication.processEvents()
    return plot.grab().toImage()


def test_no_shipped_plot_is_broken():
    assert BROKEN == ()
    assert SPECS


@every_plot
def test_it_says_what_it_is(spec):
    assert spec.kind.isidentifier()
    assert spec.title[0].isupper()
    assert spec.summary.endswith("."), "the docstring starts with one sentence"
    assert spec.empty
    assert all(parameter.help.endswith(".") for parameter in spec.parameters)


@every_plot
def test_it_watches_objects_that_exist(spec):
    assert spec.watches[0].needed
    for watch in spec.watches:
        assert set(watch.of) <= {*KINDS, NETWORK_KIND}
        assert {watch.named_by, watch.units} <= {"", *(p.name for p in spec.parameters)}


@every_plot
def test_its_icon_exists_and_its_sign_is_drawn_on_the_grid(spec, qapp):
    import qtawesome

    assert not qtawesome.icon(spec.icon).isNull()
    assert spec.sign
    assert all(0 <= x <= 13 and -1 <= y <= 12 for stroke in spec.sign for x, y in stroke)


def test_every_plot_has_keys_of_its_own():
    keys = [QKeySequence(spec.shortcut).toString() for spec in SPECS.values()]

    assert all(keys)
    assert max(Counter(keys).values()) == 1


@every_plot
def test_its_declaration_survives_the_cache(spec):
    assert spec_from_data(json.loads(json.dumps(spec_to_data(spec)))) == spec


@every_plot
def test_its_settings_survive_a_project_file(spec):
    values = {parameter.name: parameter.default for parameter in spec.parameters}
    doc = edits.add_monitor(examples.load("smallest"), spec.kind, params=values)

    again = from_text(to_text(doc))

    assert again.monitors[-1] == doc.monitors[-1]
    assert spec.settings(again.monitors[-1].params) == spec.settings(values)


@every_plot
def test_a_setting_that_it_has_not_is_refused(spec):
    with pytest.raises(UnknownName, match="setting"):
        load_plot(spec).set({"no_such_setting": 1})


@every_plot
def test_a_wrong_value_in_a_file_becomes_the_usual_one(spec):
    wrong = {parameter.name: object() for parameter in spec.parameters}

    assert spec.settings(wrong) == {p.name: p.default for p in spec.parameters}


@every_plot
def test_it_draws_a_run_live(spec, session, qtbot):
    plot = widget_of(spec, session, qtbot)
    before = picture(plot)

    session.run(120)
    plot.refresh()

    assert picture(plot) != before


@every_plot
def test_it_wears_both_themes(spec, session, qtbot):
    plot = widget_of(spec, session, qtbot)
    light = picture(plot).pixelColor(498, 2).lightness()

    plot.set_theme(True)
    plot.refresh()

    assert picture(plot).pixelColor(498, 2).lightness() < 60 < 200 < light


@every_plot
def test_it_can_be_reached_and_named_without_a_mouse_and_eyes(spec, session, qtbot):
    plot = widget_of(spec, session, qtbot)

    assert spec.title in plot.accessibleName()
    assert plot.focusPolicy().name == "StrongFocus"


@every_plot
def test_without_data_it_says_how_to_get_some(spec, qtbot):
    plot = load_plot(spec).live()
    qtbot.addWidget(plot)
    plot.show()
    plot.refresh()

    assert spec.empty in [label.text() for label in labels_of(plot) if label.isVisible()]


@every_plot
def test_what_is_visible_becomes_a_figure(spec, session, qtbot, tmp_path):
    plot = widget_of(spec, session, qtbot)
    session.run(50)
    plot.refresh()

    plot.export(tmp_path / "figure.svg")

    assert "time (ms)" in (tmp_path / "figure.svg").read_text()


@every_plot
def test_other_settings_are_taken_while_it_is_shown(spec, session, qtbot):
    plot = widget_of(spec, session, qtbot)

    plot.set_settings({"window": 250.0})
    plot.refresh()

    assert plot.window_ms == 250


def test_no_plot_loads_anything_heavy_before_it_draws():
    names = ", ".join(f"conex_core.helpers.visualization.plots.{kind}" for kind in files())
    code = (
        f"import sys, {names}\n"
        "heavy = {'torch', 'pymonntorch', 'PySide6', 'pyqtgraph', 'matplotlib'}\n"
        "sys.stdout.write(', '.join(heavy & sys.modules.keys()))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("", "")


def test_a_setting_out_of_its_bounds_is_refused():
    with pytest.raises(ParameterError, match="window"):
        load_plot(next(iter(SPECS.values()))).set({"window": -1.0})


def test_numbers_that_are_none_leave_the_axis_finite(qtbot):
    plot = load_plot(SPECS["rate"]).live()
    qtbot.addWidget(plot)
    plot.show()
    plot.refresh()

    assert np.isfinite(plot._box.viewRange()[1]).all()


def files() -> list[str]:
    return [spec.module.rpartition(".")[2] for spec in SPECS.values()]


def labels_of(plot):
    from PySide6.QtWidgets import QLabel

    return plot.findChildren(QLabel)
