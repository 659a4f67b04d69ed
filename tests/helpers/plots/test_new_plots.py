"""A plot in a new file is there by itself; one that is broken leaves the others alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from conex_core import catalog
from conex_core.catalog import Catalog, catalog_from_text, catalog_to_text
from conex_core.catalog_reader import read_plots
from conex_core.cli import main
from conex_core.helpers.visualization import plots
from conex_core.helpers.visualization.live import LiveWindow
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
    "taken": (GOOD.format(kind="raster"), 1, "raster"),
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
