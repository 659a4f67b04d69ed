"""The picture of resources/docs/performance.md: a row per case, a mark per simulator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from conex_core.helpers.visualization.palette import EXCITATORY, EXTRA, INHIBITORY, INPUT, Paper
from tests.benchmarks.cases import BRIAN, CONEX, LIMIT, NEST, REFERENCE, STUDIO, TORCH
from tests.benchmarks.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw"]

_LOOKS = {
    STUDIO: (EXCITATORY, "o", 90),
    REFERENCE: (INPUT, "o", 50),
    CONEX: (INHIBITORY, "s", 42),
    NEST: (EXTRA[0], "^", 46),
    BRIAN: (EXTRA[1], "D", 38),
    TORCH: (EXTRA[2], "v", 46),
    LIMIT: ("#1C2430", "|", 160),
}


def draw(results: Results, path: Path) -> None:
    """Write the picture; one row per case, µs per step to the right, on a log scale."""
    cases = results.cases()
    figure = Figure(figsize=(9.0, 1.5 + 0.5 * len(cases)), dpi=130)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for name in results.simulators():
        _mark(axes, results, cases, name)
    _frame(axes, cases)
    figure.legend(loc="upper center", ncols=4, frameon=False, fontsize=9)
    figure.tight_layout(rect=(0, 0, 1, 0.89))
    figure.savefig(path, metadata={"Software": None})


def _mark(axes: Axes, results: Results, cases: list[str], name: str) -> None:
    found = [(results.best(case, name), row) for row, case in enumerate(cases)]
    times = [(best, row) for best, row in found if best is not None]
    colour, marker, size = _LOOKS[name]
    above = 4 if name in (STUDIO, LIMIT) else 3
    axes.scatter(
        [best for best, _ in times],
        [row for _, row in times],
        s=size,
        c=colour,
        marker=marker,
        label=name,
        zorder=above,
    )


def _frame(axes: Axes, cases: list[str]) -> None:
    paper = Paper.of(dark=False)
    axes.set_xscale("log")
    axes.set_yticks(range(len(cases)), cases)
    axes.set_ylim(len(cases) - 0.5, -0.5)
    axes.set_xlabel("µs per step, further left is faster")
    axes.grid(axis="x", color=paper.grid, zorder=0)
    axes.grid(axis="y", color=paper.grid, linewidth=8, zorder=0, alpha=0.5)
    axes.tick_params(length=0, labelcolor=paper.text)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
