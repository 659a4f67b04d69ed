"""A plot in a new file is there by itself; one that is broken leaves the others alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from conex_core import catalog
from conex_core.catalog import Catalog, catalog_from_text, catalog_to_text
from conex_core.catalog_reader import read_plots
from conex_core.cli import main
from conex_core.errors import UnknownName
from conex_core.helpers.visualization import plots
from conex_core.helpers.visualization.live import LiveWindow
from conex_core.helpers.visualization.plots.rate import Rate
from conex_core.helpers.visualization.stand_in import StandIn
from conex_core.plot_specs import BrokenPlot

SHIPPED, _ = read_plots()

GOOD = '''
from conex_core.helpers.visualization.plot import PlotOverTime, Watch

class Extra(PlotOverTime):
    """Show something else."""

    kind = "{kind}"
    title = "Extra"
    icon = "ph.activity"
    shortcut = "Ctrl+Shift+X"
    sign = (((0, 0), (5, 5)),)
    empty = "Nothing yet"
    watches = (Watch("spikes"),)
'''

BROKEN = {
    "syntax": ("x = 1\ny = = 2\n", 2, "SyntaxError"),
    "missing_package": ("\n\nimport no_such_package_at_all\n", 3, "no_such_package_at_all"),
    "fails": ("def f():\n    raise ValueError('told here')\n\nf()\n", 2, "told here"),
    "leaves": ("import sys\nsys.exit(3)\n", 2, "SystemExit"),
    "no_words": (GOOD.replace('title = "Extra"', "").format(kind="a"), 1, "no title"),
    "no_watches": (GOOD.replace('(Watch("spikes"),)', "()").format(kind="a"), 1, "no watches"),
    "odd_kind": (GOOD.format(kind="no word"), 1, "must be a word"),
    "not_data": (
        GOOD.format(kind="a") + "    order = object()\n",
        1,
        "not JSON serializable",
    ),
    "taken": (GOOD.format(kind="raster"), 1, "raster"),
    "a_taken": (GOOD.format(kind="raster"), 1, "raster"),  # comes before the shipped one
    "interrupts": ("raise KeyboardInterrupt\n", 1, "KeyboardInterrupt"),
    "odd_form": (GOOD.replace('("spikes")', '("spikes", "waves")').format(kind="a"), 1, "waves"),
    "odd_object": (
        GOOD.replace('("spikes")', '("spikes", of=("Astrocyte",))').format(kind="a"),
        1,
        "Astrocyte",
    ),
    "bad_default": (
        "from conex_core.helpers.visualization.plot import PlotOverTime\n"
        "class A(PlotOverTime):\n    kind = 1 / 0\n",
        3,
        "ZeroDivisionError",
    ),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a folder whose files are found beside the shipped plots."""
    monkeypatch.setattr(plots, "__path__", [*plots.__path__, str(tmp_path)])
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith(f"{plots.__name__}."):
            del sys.modules[name]
            delattr(plots, name.rpartition(".")[2])


def test_a_plot_in_a_new_file_needs_no_list(folder):
    (folder / "zz_extra.py").write_text(GOOD.format(kind="extra"))

    found, broken = read_plots()

    assert broken == ()
    assert found["extra"].title == "Extra"
    assert {**found, "extra": None} == {**SHIPPED, "extra": None}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_with_its_line_and_leaves_the_others(folder, name):
    text, line, reason = BROKEN[name]
    file = folder / f"zz_{name}.py"
    file.write_text(text)

    found, broken = read_plots()

    assert found == SHIPPED
    (told,) = broken
    assert (told.file, told.line) == (str(file), line)
    assert reason in told.reason


def test_what_a_file_prints_does_not_spoil_the_catalog(folder, capfd, monkeypatch):
    (folder / "zz_extra.py").write_text("print('hello')\n" + GOOD.format(kind="extra"))

    found, broken = read_plots()

    read = catalog_from_text(catalog_to_text(Catalog({}, found, broken)))
    assert read.plots == found


def test_broken_plots_survive_the_cache_and_are_listed(monkeypatch, capsys):
    told = BrokenPlot("/somewhere/odd.py", 7, "ImportError: no scipy")
    held = catalog_from_text(catalog_to_text(Catalog({}, SHIPPED, (told,))))
    monkeypatch.setattr(catalog, "load", lambda: held)

    code = main(["list", "plots", "--json"])

    said = capsys.readouterr()
    assert code == 0
    assert "/somewhere/odd.py, line 7" in said.err
    assert '"raster"' in said.out


def test_a_script_shows_any_plot_by_its_kind(qtbot, smallest_session):
    window = LiveWindow(smallest_session, rate=True, voltage=False)
    qtbot.addWidget(window)

    assert [plot.drawing.kind for plot in window.plots] == ["raster", "rate"]
    window.close()


def test_a_plot_that_fails_in_a_script_rests_alone(qtbot, smallest_session, caplog):
    window = LiveWindow(smallest_session)
    qtbot.addWidget(window)
    window.show()
    window.plots[0].drawing.draw = lambda *_: 1 / 0

    window.tick()
    window.tick()

    assert isinstance(window.plots[0], StandIn)
    assert "division by zero" in caplog.text
    assert window.plots[1].now_ms > 0
    window.close()


def test_an_unknown_kind_is_refused_with_the_nearest(qapp, smallest_session):
    with pytest.raises(UnknownName, match="Did you mean 'rate'"):
        LiveWindow(smallest_session, rte=True)


def test_the_command_lists_every_plot(capsys):
    code = main(["list", "plots", "--json"])

    listed = json.loads(capsys.readouterr().out)["plots"]
    assert code == 0
    specs, _ = read_plots()
    assert [(row["name"], row["title"]) for row in listed] == [
        (spec.kind, spec.title) for spec in specs.values()
    ]
    assert [row["name"] for row in listed][:3] == ["raster", "voltage", "rate"]


def test_the_command_tells_of_one_plot_in_words(capsys):
    assert main(["list", "plots", "rate"]) == 0
    assert "Width of a bin" in capsys.readouterr().out
    assert main(["list", "plots", "rte"]) == 2
    assert "Did you mean 'rate'" in capsys.readouterr().err


@pytest.mark.parametrize("error", [ZeroDivisionError("division by zero"), SystemExit(7)])
def test_a_plot_that_cannot_be_drawn_leaves_the_other_figures(monkeypatch, tmp_path, capsys, error):
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Rate, "figure", fails)
    main(["example", "smallest", "-o", str(tmp_path / "a.conex")])

    code = main(["run", str(tmp_path / "a.conex"), "--steps", "20", "--out", str(tmp_path / "out")])

    assert code == 0
    assert f"the rate plot failed: {error}" in capsys.readouterr().err
    assert (tmp_path / "out" / "summary.json").is_file()
    made = {path.name for path in (tmp_path / "out").glob("*.svg")}
    assert {"raster.svg", "voltage.svg"} <= made
    assert "rate.svg" not in made
