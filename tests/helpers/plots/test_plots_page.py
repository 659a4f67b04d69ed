"""The page on plots is true: its table is that of the catalog, its example is a plot."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from conex_core.catalog_reader import read_plots
from conex_core.helpers.visualization import PlotSource, plots
from conex_core.helpers.visualization.plot import load_plot
from conex_core.run.ring import EventRing

DOCS = Path(__file__).parents[3] / "resources" / "docs"
PAGE = DOCS / "plots.md"
EXAMPLE = (
    (DOCS / "contributing.md").read_text(encoding="utf-8").partition("<!-- example: plot -->")[2]
)
FILE = EXAMPLE.split("```python\n")[1].split("```")[0]


def row_of(spec) -> str:
    settings = ", ".join(f"`{parameter.name}`" for parameter in spec.parameters)
    shows = spec.summary.removeprefix("Show ").rstrip(".")
    return f"| {spec.title} | {shows} | {spec.shortcut} | {settings} |"


def test_the_table_names_every_plot():
    found, _ = read_plots()
    rows = "\n".join(row_of(spec) for spec in found.values())

    assert f"|---|---|---|---|\n{rows}\n\n" in PAGE.read_text(encoding="utf-8"), rows


@pytest.fixture
def spec(tmp_path, monkeypatch):
    """Return the plot of the page, put where plots are found."""
    (tmp_path / "zz_active.py").write_text(FILE, encoding="utf-8")
    monkeypatch.setattr(plots, "__path__", [*plots.__path__, str(tmp_path)])
    found, broken = read_plots()
    assert broken == ()
    yield found["active"]
    sys.modules.pop(f"{plots.__name__}.zz_active")
    vars(plots).pop("zz_active", None)


def test_the_example_is_as_short_as_the_page_says():
    assert len([line for line in FILE.splitlines() if line.strip()]) <= 30


def test_the_example_draws_live_and_as_a_figure(spec, qtbot, tmp_path):
    ring = EventRing(64)
    ring.push(np.array([1, 5, 5, 33]), np.array([0, 0, 3, 2], np.int32), 60)
    plot = load_plot(spec).live([PlotSource("exc", ring, 4)])
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.show()
    qtbot.waitExposed(plot)

    plot.refresh()
    plot.export(tmp_path / "active.svg")

    assert plot.drawing.known[0].values.tolist() == [50, 25, 0]
    assert "exc" not in plot.drawing.empty
    assert "time (ms)" in (tmp_path / "active.svg").read_text(encoding="utf-8")
